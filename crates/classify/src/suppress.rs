//! Which findings the client accepts.

use crate::end::End;
use crate::networks::host_of;
use crate::policy::Policy;
use ringback_model::profile::{EndMatch, Suppression};
use ringback_model::{DetectionRef, Instant, ListSource, Scenario, Side, Verdict};
use std::net::IpAddr;

impl Policy {
    /// The number of the profile's entry that accepts a finding at that time: a number into `Profile::suppressions`. All
    /// that an entry gives must match; the first in the profile's order that does is taken. Those that had ended when the
    /// report is made accept nothing.
    pub fn suppression(&self, row: DetectionRef<'_>, verdict: &Verdict, at: Instant) -> Option<usize> {
        let logged = || Logged::of(row, verdict.scenario);
        let holds = |entry: &Suppression| {
            !entry.is_expired(self.made) && entry.period.contains(at) && logged().fits(entry)
        };
        self.profile.suppressions.iter().position(holds)
    }
}

/// What an entry of accepted findings is held against, without its time.
#[derive(Clone, Copy, Debug)]
pub struct Logged<'a> {
    host: End<'a>,
    remote: End<'a>,
    /// The remote side as logged; empty where that is its address.
    remote_text: &'a str,
    rule: &'a str,
    list: ListSource,
    scenario: Scenario,
}

impl<'a> Logged<'a> {
    /// What a row says, as it was judged.
    fn of(row: DetectionRef<'a>, scenario: Scenario) -> Self {
        Logged {
            host: End::of(row, Side::Local),
            remote: End::of(row, Side::Remote),
            remote_text: row.text(row.remote().name),
            rule: row.text(row.detection.rule),
            list: row.detection.list,
            scenario,
        }
    }

    /// What a report tells of a finding: the addresses and names of the client's host and of the remote side, the latter as
    /// logged.
    pub fn told(
        (host_ip, host): (Option<IpAddr>, &'a str),
        (remote_ip, remote): (Option<IpAddr>, &'a str),
        rule: &'a str,
        list: ListSource,
        scenario: Scenario,
    ) -> Self {
        // Where a report has no name, it has the address in its place.
        let name = |text: &'a str| if text.parse::<IpAddr>().is_ok() { "" } else { text };
        Logged {
            host: End { ip: host_ip, name: name(host) },
            remote: End { ip: remote_ip, name: host_of(name(remote)) },
            remote_text: name(remote),
            rule,
            list,
            scenario,
        }
    }

    /// Whether all that an entry gives matches; its period and its end are not looked at.
    pub fn fits(&self, entry: &Suppression) -> bool {
        entry.list.is_none_or(|list| self.list == list)
            && entry.scenario.is_none_or(|scenario| self.scenario == scenario)
            && entry.rule.as_ref().is_none_or(|rule| self.rule == rule)
            && entry.host.as_ref().is_none_or(|host| is_meant(host, self.host, ""))
            && entry.remote.as_ref().is_none_or(|remote| is_meant(remote, self.remote, self.remote_text))
    }
}

/// Whether an end is one of those that are meant; `text` is what was logged of it.
fn is_meant(wanted: &EndMatch, end: End<'_>, text: &str) -> bool {
    match wanted {
        EndMatch::Network(network) => end.is_in(network),
        EndMatch::Name(name) => text.to_lowercase() == *name || end.is_named(name),
        EndMatch::Below(name) => end.is_below(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Census, judge};
    use ringback_model::profile::Period;
    use ringback_model::{
        Detection, Direction, Endpoints, ListSource, Peer, Profile, RequestKind, Scenario, Symbols, Threat,
    };

    fn entry(change: impl FnOnce(&mut Suppression)) -> Suppression {
        let mut entry = Suppression { reason: "lab".to_owned(), ..Suppression::default() };
        change(&mut entry);
        entry
    }

    fn network(text: &str) -> EndMatch {
        EndMatch::Network(text.parse().unwrap())
    }

    fn name(text: &str) -> EndMatch {
        EndMatch::Name(text.to_lowercase())
    }

    fn below(text: &str) -> EndMatch {
        EndMatch::Below(text.to_owned())
    }

    /// A call from `PC7.corp.example` (10.0.0.5) to `http://11.1.1.1/Gate` at second 500, told at second 1000.
    fn accepted(entry: Suppression) -> bool {
        let mut symbols = Symbols::new();
        let detection = Detection {
            endpoint: symbols.intern("PC7.corp.example"),
            endpoints: Endpoints::Sided {
                local: Peer { ip: "10.0.0.5".parse().ok(), ..Peer::default() },
                remote: Peer { ip: "11.1.1.1".parse().ok(), name: symbols.intern("http://11.1.1.1/Gate") },
                direction: Direction::Outgoing,
            },
            message: RequestKind::Request,
            rule: symbols.intern("DYREZA - HTTP (Request)"),
            threat: Threat::Callback,
            list: ListSource::RelevanceRule,
            ..Detection::default()
        };
        let other = Suppression { host: Some(name("OTHER")), ..Suppression::default() };
        let profile = Profile { suppressions: vec![other, entry], ..Profile::default() };
        let policy = Policy::compile(&profile).unwrap().made_at(Some(Instant::from_seconds(1000)));
        let (row, at) = (detection.with(&symbols), Instant::from_seconds(500));
        let verdict = judge(row, at, &policy, &Census::default()).verdict;
        let found = policy.suppression(row, &verdict, at);
        assert_ne!(found, Some(0), "the entry of another host");
        found == Some(1)
    }

    #[test]
    fn every_condition_alone() {
        let at = |seconds| Some(Instant::from_seconds(seconds));
        for (entry, expected) in [
            (entry(|e| e.remote = Some(network("11.1.0.0/16"))), true),
            (entry(|e| e.remote = Some(network("11.2.0.0/16"))), false),
            (entry(|e| e.remote = Some(name("HTTP://11.1.1.1/gate"))), true),
            (entry(|e| e.remote = Some(name("11.1.1.1"))), true),
            (entry(|e| e.remote = Some(name("http://11.1.1.1/"))), false),
            (entry(|e| e.host = Some(name("pc7"))), true),
            (entry(|e| e.host = Some(network("10.0.0.5/32"))), true),
            (entry(|e| e.host = Some(network("10.0.0.6/32"))), false),
            (entry(|e| e.host = Some(name("PC71"))), false),
            (entry(|e| e.host = Some(network("10.0.0.0/29"))), true),
            (entry(|e| e.host = Some(below("example"))), true),
            (entry(|e| e.host = Some(below("corp.example"))), true),
            (entry(|e| e.host = Some(below("pc7.corp.example"))), false),
            (entry(|e| e.host = Some(below("orp.example"))), false),
            (entry(|e| e.remote = Some(below("1.1.1"))), true),
            (entry(|e| e.remote = Some(below("1/gate"))), false),
            (entry(|e| e.expires = at(1001)), true),
            (entry(|e| e.expires = at(1000)), false),
            (entry(|e| e.rule = Some("DYREZA - HTTP (Request)".to_owned())), true),
            (entry(|e| e.rule = Some("DYREZA".to_owned())), false),
            (entry(|e| e.list = Some(ListSource::RelevanceRule)), true),
            (entry(|e| e.list = Some(ListSource::Global)), false),
            (entry(|e| e.scenario = Some(Scenario::OutboundCallback)), true),
            (entry(|e| e.scenario = Some(Scenario::Undetermined)), false),
            (entry(|e| e.period = Period { from: at(500), until: at(501) }), true),
            (entry(|e| e.period = Period { from: at(501), until: None }), false),
            (entry(|e| e.period = Period { from: None, until: at(500) }), false),
        ] {
            assert_eq!(accepted(entry.clone()), expected, "{entry:?}");
        }
    }

    #[test]
    fn all_that_is_given_must_match() {
        let both = |host: &str, list| {
            entry(|e| {
                e.host = Some(name(host));
                e.list = Some(list);
            })
        };
        assert!(accepted(both("PC7", ListSource::RelevanceRule)));
        assert!(!accepted(both("PC7", ListSource::Global)));
        assert!(!accepted(both("PC8", ListSource::RelevanceRule)));
    }
}
