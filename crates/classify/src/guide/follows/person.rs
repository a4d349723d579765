//! Somebody who follows the guide: what is read off a row and its profile, and what the tables make of it.

use super::document::Guide;
use super::rows::Row;
use ringback_model::{Scope, Severity, Side, Verdict};

/// What a person reads off a row, the profile and the other rows.
#[derive(Clone, Copy)]
pub(super) struct Facts {
    pub(super) row: Row,
    pub(super) scope: Scope,
    pub(super) local_private: bool,
    pub(super) remote_named: bool,
    pub(super) around: Around,
}

/// What a person reads off the profile and the other rows.
#[derive(Clone, Copy)]
pub(super) struct Around {
    pub(super) published: &'static str,
    pub(super) complete: bool,
    pub(super) said: &'static str,
    pub(super) worked: bool,
    pub(super) exploited: bool,
    /// The sides that scan, relay for inside hosts, and face the internet.
    pub(super) scans: [bool; 2],
    pub(super) inside: [bool; 2],
    pub(super) internet: bool,
}

/// What the guide comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) origin: String,
    pub(super) basis: String,
    pub(super) scenario: String,
    pub(super) suspect: String,
    pub(super) stopped: String,
    pub(super) target: String,
    pub(super) exposure: String,
    pub(super) vulnerable: String,
    pub(super) severity: Severity,
    pub(super) at_most: bool,
}

impl Told {
    pub(super) fn of(verdict: &Verdict) -> Self {
        Told {
            origin: verdict.origin.to_string(),
            basis: verdict.origin_basis.to_string(),
            scenario: verdict.scenario.to_string(),
            suspect: verdict.suspect.to_string(),
            stopped: verdict.stopped.to_string(),
            target: verdict.target.to_string(),
            exposure: verdict.exposure.to_string(),
            vulnerable: verdict.vulnerable.to_string(),
            severity: verdict.severity,
            at_most: verdict.at_most,
        }
    }
}

/// Follows the guide.
pub(super) struct Following<'g> {
    pub(super) guide: &'g Guide,
    pub(super) facts: Facts,
}

impl Following<'_> {
    pub(super) fn verdict(&self) -> Told {
        let (guide, facts) = (self.guide, self.facts);
        let number = |word: &str| guide.number(word);
        let word = |number: u8| guide.lexicon.word(number);
        let told = self.origin();
        let (origin, basis) = (told[0], told[1]);
        let scope = number(facts.scope.as_str());
        let origin_scans = match word(origin).as_str() {
            "local" => facts.around.scans[0],
            "remote" => facts.around.scans[1],
            _ => false,
        };
        let authorised = [number(facts.row.threat.as_str()), origin, guide.yes(origin_scans)];
        let authorised = guide.look("authorised", &authorised)[0] == number("yes");
        let (scenario, suspect) = if authorised {
            (number("authorised-activity"), number("none"))
        } else {
            self.scenario(origin, scope)
        };
        let stopped = guide
            .look("stopped", &[number(facts.row.result.as_str()), number(facts.row.message.as_str())])[0];
        let counts = guide.look("counts-as-stopped", &[stopped, scenario])[0] == number("yes");
        let (target, exposure, vulnerable) = self.target(scenario, origin, scope);
        let at_most = word(scenario) == "undetermined";
        let severity = if at_most {
            self.worst(origin, scope, counts)
        } else {
            self.severity(scenario, exposure, vulnerable, counts)
        };
        Told {
            origin: word(origin),
            basis: word(basis),
            scenario: word(scenario),
            suspect: word(suspect),
            stopped: word(stopped),
            target: word(target),
            exposure: word(exposure),
            vulnerable: word(vulnerable),
            severity,
            at_most,
        }
    }

    pub(super) fn origin(&self) -> Vec<u8> {
        let (guide, facts) = (self.guide, self.facts);
        let number = |word: &str| guide.number(word);
        if facts.row.callback {
            let named = guide.yes(facts.remote_named);
            let told = [named, number(facts.row.list.as_str()), guide.yes(facts.row.server_process)];
            return guide.look("callback-origin", &told);
        }
        let port = match facts.row.port {
            Some(Side::Local) => "local",
            Some(Side::Remote) => "remote",
            None => "both or neither",
        };
        let told = [
            number(facts.row.direction.as_str()),
            number(facts.row.message.as_str()),
            number(port),
            number(facts.row.list.as_str()),
            number(facts.row.threat.as_str()),
            number(facts.scope.as_str()),
            guide.yes(facts.local_private),
        ];
        guide.look("origin", &told)
    }

    pub(super) fn scenario(&self, origin: u8, scope: u8) -> (u8, u8) {
        let (guide, facts) = (self.guide, self.facts);
        let number = |word: &str| guide.number(word);
        let (list, threat) = (number(facts.row.list.as_str()), number(facts.row.threat.as_str()));
        let (direction, message) = (number(facts.row.direction.as_str()), number(facts.row.message.as_str()));
        let asked = match guide.lexicon.word(origin).as_str() {
            "local" => Some(1),
            "remote" => Some(0),
            _ => None,
        };
        let through = asked.map(|asked| {
            let inside = guide.yes(facts.around.inside[asked]);
            let internet = guide.yes(facts.around.internet);
            guide.look("relay", &[inside, internet, origin, scope, list, threat, direction, message])
        });
        let through = through.filter(|told| told[2] != number("none: go on"));
        let told = through
            .unwrap_or_else(|| guide.look("scenario", &[origin, scope, threat, list, message, direction]));
        let relays = match guide.lexicon.word(told[1]).as_str() {
            "local" => facts.around.inside[0],
            "remote" => facts.around.inside[1],
            _ => false,
        };
        (told[0], guide.look("behind-relay", &[told[1], guide.yes(relays)])[0])
    }

    pub(super) fn target(&self, scenario: u8, origin: u8, scope: u8) -> (u8, u8, u8) {
        let (guide, facts) = (self.guide, self.facts);
        let target = guide.look("target", &[scenario, origin])[0];
        let (own, side) = match guide.lexicon.word(target).as_str() {
            "local" => (true, Some(Side::Local)),
            "remote" => (scope == guide.number("own"), Some(Side::Remote)),
            _ => (false, None),
        };
        let port_known = facts.row.port.is_some() && facts.row.port == side;
        let asked = [
            guide.yes(own),
            guide.number(facts.around.published),
            guide.yes(facts.around.complete),
            guide.yes(port_known),
        ];
        let exposure = guide.look("exposure", &asked)[0];
        let asked =
            [guide.yes(own), guide.number(facts.row.threat.as_str()), guide.number(facts.around.said)];
        (target, exposure, guide.look("vulnerable", &asked)[0])
    }

    pub(super) fn severity(&self, scenario: u8, exposure: u8, vulnerable: u8, stopped: bool) -> Severity {
        let (guide, facts) = (self.guide, self.facts);
        let number = |word: &str| guide.number(word);
        let asked = [
            scenario,
            number(facts.row.threat.as_str()),
            number(facts.row.list.as_str()),
            number(facts.row.risk.as_str()),
            number(facts.row.direction.as_str()),
            number(facts.row.message.as_str()),
            exposure,
            vulnerable,
            guide.yes(facts.around.worked),
            guide.yes(facts.around.exploited),
        ];
        let pick =
            |told: &[u8]| -> Severity { guide.lexicon.word(told[usize::from(stopped)]).parse().unwrap() };
        let severity = pick(&guide.look("severity", &asked));
        let closed = &guide.tables["closed"].rows[0];
        let is = |at: usize, word: u8| closed[at].as_ref().unwrap().contains(&word);
        if is(0, scenario) && is(1, exposure) && !is(2, number(facts.row.threat.as_str())) {
            let told: Vec<u8> = closed[3..].iter().flatten().flatten().copied().collect();
            return severity.min(pick(&told));
        }
        severity
    }

    /// The worst of what is still possible.
    pub(super) fn worst(&self, origin: u8, scope: u8, stopped: bool) -> Severity {
        let guide = self.guide;
        let scopes = guide.look("possible-scopes", &[scope]);
        let origins = guide.look("possible-origins", &[origin]);
        let pairs = origins.iter().flat_map(|origin| scopes.iter().map(move |scope| (*origin, *scope)));
        let each = pairs.map(|(origin, scope)| {
            let (scenario, _) = self.scenario(origin, scope);
            let (_, exposure, vulnerable) = self.target(scenario, origin, scope);
            self.severity(scenario, exposure, vulnerable, false)
        });
        let worst = each.min().unwrap().max(Severity::High);
        if stopped { worst.lowered() } else { worst }
    }
}
