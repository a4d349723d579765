//! From a detection to its verdict.

mod reasons;

pub use reasons::reason_keys;

use crate::census::Census;
use crate::origin::origin;
use crate::policy::{End, Policy};
use crate::scenario::{Story, authorised, side_of, story};
use crate::severity::Facts;
use crate::special::is_private;
use ringback_model::{
    Basis, Detection, DetectionRef, Direction, Endpoints, Exposure, Instant, Message, Origin, Peer,
    RequestKind, ResultKind, Scenario, Scope, Service, Severity, Side, Stopped, Suspect, Target, Threat,
    Verdict, Vulnerable,
};

/// A verdict with its reasons, in the order in which they were reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What the detection means.
    pub verdict: Verdict,
    /// Why.
    pub reasons: Vec<Message>,
}

/// One step of a judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What was settled: `origin`, `scope`, `scenario`, `stopped`, `target`, `exposure`, `vulnerable`, `severity`.
    pub what: &'static str,
    /// The value.
    pub value: &'static str,
    /// The rule or basis that settled it.
    pub by: String,
}

/// Hears each step of a judgement. The hot path passes `()`, which hears nothing; there is one code path.
pub trait Trace {
    /// A value was settled.
    fn step(&mut self, step: impl FnOnce() -> Step) {
        _ = step;
    }
}

impl Trace for () {}

/// Judges a detection whose sides are told apart. `at` is the first instant of its rows.
pub fn judge(row: DetectionRef<'_>, at: Instant, policy: &Policy, census: &Census) -> Judgement {
    judge_traced(row, at, policy, census, &mut ())
}

/// Judges a detection, telling each step.
pub fn judge_traced(
    row: DetectionRef<'_>,
    at: Instant,
    policy: &Policy,
    census: &Census,
    trace: &mut impl Trace,
) -> Judgement {
    let (scope, detail) = policy.networks.scope(row.remote(), row.local().ip, row.symbols);
    let local_private = row.local().ip.is_some_and(is_private);
    let (origin, basis) = origin(row, scope, local_private);
    trace.step(|| Step { what: "scope", value: scope.as_str(), by: detail.to_owned() });
    trace.step(|| Step { what: "origin", value: origin.as_str(), by: basis.as_str().to_owned() });
    let judging = Judging { row, at, policy, census };
    let allowed = authorised(row, origin, at, policy);
    let told = match allowed {
        Some(_) => Story { scenario: Scenario::AuthorisedActivity, suspect: Suspect::None, relay: None },
        None => story(row, origin, scope, policy),
    };
    trace.step(|| Step { what: "scenario", value: told.scenario.as_str(), by: basis.as_str().to_owned() });
    let facing = judging.facing(told, origin, scope);
    let severity = judging.severity(told, facing, origin, scope);
    trace.step(|| Step { what: "severity", value: severity.severity.as_str(), by: severity.rule.clone() });
    let verdict = Verdict {
        origin,
        origin_basis: basis,
        remote_scope: scope,
        remote_scope_detail: detail,
        scenario: told.scenario,
        suspect: told.suspect,
        stopped: stopped(row),
        target: facing.target,
        exposure: facing.exposure,
        reached: facing.reached,
        vulnerable: facing.vulnerable,
        severity: severity.severity,
        at_most: severity.at_most.is_some(),
        relay: told.relay,
    };
    let reasons = reasons::reasons(&judging, &verdict, allowed, &severity);
    Judgement { verdict, reasons }
}

/// What was stopped.
fn stopped(row: DetectionRef<'_>) -> Stopped {
    match (row.detection.result, row.detection.message) {
        (ResultKind::Blocked, RequestKind::Request) => Stopped::Request,
        (ResultKind::Blocked, RequestKind::Response) => Stopped::Response,
        (ResultKind::Blocked, RequestKind::Unknown) => Stopped::Connection,
        (ResultKind::Logged, _) => Stopped::No,
        (ResultKind::Unknown, _) => Stopped::Unknown,
    }
}

/// Whether the attack or call was kept from its target, as severity sees it. A blocked response proves that its request
/// arrived; where the response is the attack, blocking it stopped the attack.
fn is_stopped(row: DetectionRef<'_>, scenario: Scenario) -> bool {
    match stopped(row) {
        Stopped::Request | Stopped::Connection => true,
        Stopped::Response => scenario == Scenario::MaliciousResponse,
        Stopped::No | Stopped::Unknown => false,
    }
}

/// What is known of the attacked side.
#[derive(Clone, Copy, Debug)]
struct Facing {
    target: Target,
    exposure: Exposure,
    reached: bool,
    vulnerable: Vulnerable,
    answered: bool,
    called_out: bool,
}

impl Facing {
    fn raised(self) -> bool {
        self.answered || self.called_out
    }
}

/// A severity with what it comes from.
struct Weighed {
    severity: Severity,
    rule: String,
    /// The worst scenario that is still possible, where none is determined.
    at_most: Option<Scenario>,
}

/// A detection with all that it is judged by.
struct Judging<'j> {
    row: DetectionRef<'j>,
    at: Instant,
    policy: &'j Policy,
    census: &'j Census,
}

impl Judging<'_> {
    /// The attacked side, and what the client's word says of it.
    fn facing(&self, told: Story, origin: Origin, scope: Scope) -> Facing {
        let side = match told.scenario {
            Scenario::Undetermined => None,
            Scenario::MaliciousResponse => Some(Side::Local),
            _ => side_of(origin).map(Side::peer),
        };
        let own = side.filter(|side| *side == Side::Local || scope == Scope::Own);
        let exploit = self.row.detection.threat == Threat::Exploit;
        let inbound = told.scenario == Scenario::InboundFromInternet;
        Facing {
            target: side.map_or(Target::None, |side| match side {
                Side::Local => Target::Local,
                Side::Remote => Target::Remote,
            }),
            exposure: own.map_or(Exposure::Unknown, |side| self.policy.exposure(self.row, side)),
            reached: inbound && is_application(self.row.text(self.row.detection.protocol)),
            vulnerable: own
                .filter(|_| exploit)
                .map_or(Vulnerable::Unknown, |side| self.policy.vulnerable(self.row, side, self.at)),
            answered: inbound && exploit && self.census.answered(self.row),
            called_out: inbound && exploit && self.census.called_out_after(self.row, self.at),
        }
    }

    fn severity(&self, told: Story, facing: Facing, origin: Origin, scope: Scope) -> Weighed {
        if told.scenario == Scenario::Undetermined {
            return self.worst_possible(origin, scope);
        }
        let facts = self.facts(told.scenario, facing, is_stopped(self.row, told.scenario));
        let (severity, rule) = self.policy.playbook.severity(&facts, &self.policy.overrides);
        Weighed { severity, rule: rule.to_owned(), at_most: None }
    }

    fn facts(&self, scenario: Scenario, facing: Facing, stopped: bool) -> Facts {
        let detection = self.row.detection;
        Facts {
            scenario,
            threat: detection.threat,
            list: detection.list,
            risk: detection.risk,
            direction: self.row.direction(),
            message: detection.message,
            exposure: facing.exposure,
            vulnerable: facing.vulnerable,
            raised: facing.raised(),
            stopped,
        }
    }

    /// The severity of the worst scenario that is still possible, at most high; one lower where it was stopped.
    fn worst_possible(&self, origin: Origin, scope: Scope) -> Weighed {
        let origins: &[Origin] = match origin {
            Origin::Undetermined => &[Origin::Local, Origin::Remote],
            Origin::Local => &[Origin::Local],
            Origin::Remote => &[Origin::Remote],
        };
        let scopes: &[Scope] = match scope {
            Scope::Special | Scope::PrivateUnlisted | Scope::Unknown => &[Scope::Own, Scope::Public],
            Scope::Own => &[Scope::Own],
            Scope::Public => &[Scope::Public],
            Scope::Name => &[Scope::Name],
        };
        let mut worst = (Severity::Info, Scenario::Undetermined);
        for (origin, scope) in origins.iter().flat_map(|origin| scopes.iter().map(|scope| (*origin, *scope)))
        {
            let told = story(self.row, origin, scope, self.policy);
            let facing = self.facing(told, origin, scope);
            let facts = self.facts(told.scenario, facing, false);
            let severity = self.policy.playbook.severity(&facts, &self.policy.overrides).0;
            if severity < worst.0 {
                worst = (severity, told.scenario);
            }
        }
        let capped = worst.0.max(Severity::High);
        let severity = if is_stopped(self.row, Scenario::Undetermined) { capped.lowered() } else { capped };
        Weighed { severity, rule: "worst scenario still possible".to_owned(), at_most: Some(worst.1) }
    }

    fn end(&self, side: Side) -> End<'_> {
        End::of(self.row, side)
    }
}

/// Whether a protocol is an application's, so that a hit in it proves that traffic got as far as the application.
fn is_application(protocol: &str) -> bool {
    let lower = protocol.to_ascii_lowercase();
    !lower.is_empty() && !matches!(lower.as_str(), "tcp" | "udp" | "icmp" | "icmpv6" | "ip" | "any")
}

/// A detection with its sides told apart: in a log with a true source and destination, the own end is local. Where both
/// or neither is own, the source is.
pub fn orient(row: DetectionRef<'_>, policy: &Policy) -> Detection {
    let detection = *row.detection;
    let Endpoints::Directed { source, destination } = detection.endpoints else { return detection };
    let own = |peer: Peer| policy.networks.scope(peer, None, row.symbols).0 == Scope::Own;
    if own(destination) && !own(source) {
        let turn = |service: Service| Service { side: service.side.peer(), ..service };
        let endpoints =
            Endpoints::Sided { local: destination, remote: source, direction: Direction::Incoming };
        return Detection { endpoints, service: detection.service.map(turn), ..detection };
    }
    let endpoints = Endpoints::Sided { local: source, remote: destination, direction: Direction::Outgoing };
    Detection { endpoints, ..detection }
}

impl Census {
    /// Takes in a detection whose sides are told apart, with the last instant of its rows.
    pub fn see(&mut self, row: DetectionRef<'_>, last: Instant, policy: &Policy) {
        let scope = policy.networks.scope(row.remote(), row.local().ip, row.symbols).0;
        self.take(row, last, scope != Scope::Own);
    }
}

/// Whether the ports say another origin than direction and message do.
fn ports_contradict(row: DetectionRef<'_>, origin: Origin, basis: Basis) -> bool {
    basis == Basis::DirectionAndMessage
        && crate::origin::by_ports(row).is_some_and(|by_ports| by_ports != origin)
}

#[cfg(test)]
mod tests;
