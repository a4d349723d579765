//! Which findings the client accepts.

use crate::end::End;
use crate::policy::Policy;
use ringback_model::profile::{RemoteMatch, Suppression};
use ringback_model::{DetectionRef, Instant, Side, Verdict};
use std::net::IpAddr;

impl Policy {
    /// The number of the profile's entry that accepts a finding at that time: a number into `Profile::suppressions`. All
    /// that an entry gives must match; the first one that does is taken.
    pub fn suppression(&self, row: DetectionRef<'_>, verdict: &Verdict, at: Instant) -> Option<usize> {
        self.profile.suppressions.iter().position(|entry| accepts(entry, row, verdict, at))
    }
}

fn accepts(entry: &Suppression, row: DetectionRef<'_>, verdict: &Verdict, at: Instant) -> bool {
    entry.period.contains(at)
        && entry.list.is_none_or(|list| row.detection.list == list)
        && entry.scenario.is_none_or(|scenario| verdict.scenario == scenario)
        && entry.rule.as_ref().is_none_or(|rule| row.text(row.detection.rule) == rule)
        && entry.remote.as_ref().is_none_or(|remote| is_remote(remote, row))
        && entry.host.as_ref().is_none_or(|host| is_host(host, row))
}

fn is_remote(wanted: &RemoteMatch, row: DetectionRef<'_>) -> bool {
    let end = End::of(row, Side::Remote);
    match wanted {
        RemoteMatch::Network(network) => end.is_in(network),
        RemoteMatch::Name(name) => {
            row.remote_text().to_lowercase() == name.to_lowercase() || end.is_named(name)
        }
    }
}

fn is_host(wanted: &str, row: DetectionRef<'_>) -> bool {
    let end = End::of(row, Side::Local);
    wanted.parse::<IpAddr>().map_or_else(|_| end.is_named(wanted), |ip| end.ip == Some(ip))
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

    fn network(text: &str) -> RemoteMatch {
        RemoteMatch::Network(text.parse().unwrap())
    }

    fn name(text: &str) -> RemoteMatch {
        RemoteMatch::Name(text.to_owned())
    }

    /// A call from `PC7.corp.example` (10.0.0.5) to `http://11.1.1.1/Gate` at second 500.
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
        let other = Suppression { host: Some("OTHER".to_owned()), ..Suppression::default() };
        let profile = Profile { suppressions: vec![other, entry], ..Profile::default() };
        let policy = Policy::compile(&profile).unwrap();
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
            (entry(|e| e.host = Some("pc7".to_owned())), true),
            (entry(|e| e.host = Some("10.0.0.5".to_owned())), true),
            (entry(|e| e.host = Some("10.0.0.6".to_owned())), false),
            (entry(|e| e.host = Some("PC71".to_owned())), false),
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
                e.host = Some(host.to_owned());
                e.list = Some(list);
            })
        };
        assert!(accepted(both("PC7", ListSource::RelevanceRule)));
        assert!(!accepted(both("PC7", ListSource::Global)));
        assert!(!accepted(both("PC8", ListSource::RelevanceRule)));
    }
}
