//! Stories from made-up findings.

use super::*;
use proptest::prelude::*;
use ringback_model::{
    Accounting, Basis, Detection, Endpoints, Exposure, Finding, FindingTally, Instant, Message, Origin, Peer,
    Scenario, Scope, Service, Severity, Side, Stopped, Suspect, Symbols, Target, Verdict, Vulnerable,
};

fn verdict(scenario: Scenario, suspect: Suspect, severity: Severity) -> Verdict {
    Verdict {
        origin: if suspect == Suspect::Remote { Origin::Remote } else { Origin::Local },
        origin_basis: Basis::DirectionAndMessage,
        remote_scope: Scope::Public,
        remote_scope_detail: "",
        scenario,
        suspect,
        stopped: Stopped::No,
        target: Target::None,
        exposure: Exposure::Unknown,
        reached: false,
        vulnerable: Vulnerable::Unknown,
        severity,
        at_most: false,
        relay: None,
    }
}

fn judged(symbols: &mut Symbols, host: &str, remote: &str, rows: u64, verdict: Verdict) -> Finding {
    let detection = Detection {
        endpoint: symbols.intern(host),
        endpoints: Endpoints::Sided {
            local: Peer::default(),
            remote: Peer { ip: None, name: symbols.intern(remote) },
            direction: ringback_model::Direction::Outgoing,
        },
        service: Some(Service { side: Side::Local, port: 443, sole: true }),
        protocol: symbols.intern("TCP"),
        ..Detection::default()
    };
    let at = Instant::from_seconds(i64::try_from(rows).unwrap());
    let fingerprint = detection.fingerprint(symbols);
    Finding {
        id: finding_id(fingerprint, None),
        fingerprint,
        detection,
        tally: FindingTally {
            rows,
            occurrences: rows,
            first: at,
            last: at,
            evidence: Vec::new(),
            other_ports: Vec::new(),
            more_ports: false,
            periodicity: None,
        },
        verdict,
        reasons: u32::try_from(rows % 2).unwrap(),
        incident: u32::MAX,
    }
}

/// Two lists of reasons.
fn reasons() -> Reasons {
    let mut reasons = Reasons::default();
    for odd in 0..2 {
        assert_eq!(u64::from(reasons.number(vec![Message::new("origin.test").with("rows", odd)])), odd);
    }
    reasons
}

#[test]
fn incidents_gather_by_scenario_and_suspect() {
    let symbols = &mut Symbols::new();
    let callback = verdict(Scenario::OutboundCallback, Suspect::Local, Severity::Critical);
    let lateral = verdict(Scenario::LateralMovement, Suspect::Remote, Severity::High);
    let inbound = verdict(Scenario::InboundFromInternet, Suspect::None, Severity::Medium);
    let stories = tell(
        vec![
            judged(symbols, "DB01", "a.example", 3, callback),
            judged(symbols, "db01", "b.example", 5, callback),
            judged(symbols, "DB01", "pc7", 7, lateral),
            judged(symbols, "PC9", "pc7", 1, lateral),
            judged(symbols, "WEB01", "c.example", 2, inbound),
        ],
        reasons(),
        symbols,
    );
    let told: Vec<(&str, &str, u64, usize)> = stories
        .incidents
        .iter()
        .map(|one| (one.host.as_str(), one.service.as_str(), one.rows, one.findings.len()))
        .collect();
    assert_eq!(told, [("DB01", "", 8, 2), ("pc7", "", 8, 2), ("WEB01", "tcp/443", 2, 1)]);
    for (number, incident) in stories.incidents.iter().enumerate() {
        for finding in &incident.findings {
            assert_eq!(stories.findings[*finding as usize].incident as usize, number);
        }
    }
    assert_eq!(stories.hosts.len(), 3);
    assert_eq!(stories.hosts[0].host, "DB01");
    assert_eq!(stories.hosts[0].remotes, 3);
    assert_eq!(stories.remotes.iter().map(|r| r.rows).sum::<u64>(), 18);
}

#[test]
fn statements_count_what_is_there() {
    let symbols = &mut Symbols::new();
    let callback = verdict(Scenario::OutboundCallback, Suspect::Local, Severity::Critical);
    let stories = tell(vec![judged(symbols, "DB01", "a.example", 3, callback)], reasons(), symbols);
    let accounting = Accounting { rows: 4, in_findings: 3, rejected: 1, ..Accounting::default() };
    let keys: Vec<&str> = statements(&stories, &accounting, &[]).iter().map(|said| said.key).collect();
    assert_eq!(
        keys,
        ["statement.overview", "statement.outbound-callback", "statement.not-stopped", "statement.rejected"]
    );
    assert!(keys.iter().all(|key| STATEMENT_KEYS.contains(key)));
    let nothing = statements(&Stories::default(), &Accounting::default(), &[]);
    assert_eq!(nothing[0].key, "statement.nothing");
}

proptest! {
    #[test]
    fn every_row_is_told_once_in_any_order(
        specs in prop::collection::vec((0usize..4, 0usize..5, 0usize..9, 0usize..4, 0usize..5, 1u64..50), 0..40),
    ) {
        let symbols = &mut Symbols::new();
        let mut all: Vec<Finding> = Vec::new();
        for (host, remote, scenario, suspect, severity, rows) in specs {
            let verdict =
                verdict(Scenario::ALL[scenario], Suspect::ALL[suspect], Severity::ALL[severity]);
            let one = judged(symbols, &format!("H{host}"), &format!("r{remote}"), rows, verdict);
            if all.iter().all(|known| known.fingerprint != one.fingerprint) {
                all.push(one);
            }
        }
        let rows: u64 = all.iter().map(|one| one.tally.rows).sum();
        let mut turned = all.clone();
        turned.reverse();
        let (one, two) = (tell(all, reasons(), symbols), tell(turned, reasons(), symbols));
        for stories in [&one, &two] {
            prop_assert_eq!(stories.findings.iter().map(|f| f.tally.rows).sum::<u64>(), rows);
            prop_assert_eq!(stories.incidents.iter().map(|i| i.rows).sum::<u64>(), rows);
            prop_assert_eq!(stories.hosts.iter().map(|h| h.rows).sum::<u64>(), rows);
            prop_assert_eq!(stories.remotes.iter().map(|r| r.rows).sum::<u64>(), rows);
        }
        prop_assert_eq!(format!("{:?}", one.incidents), format!("{:?}", two.incidents));
        prop_assert_eq!(format!("{:?}", one.hosts), format!("{:?}", two.hosts));
    }
}
