//! Stories from made-up findings.

use super::*;
use crate::hosts::hosts;
use crate::made::{ground, told};
use proptest::prelude::*;
use ringback_model::{
    Accounting, Basis, Calendar, Detection, Endpoints, Finding, FindingTally, Instant, Message, Origin, Peer,
    Profile, Scenario, Scope, Service, Severity, Side, Stopped, Suspect, Symbols, Target, Threat, Verdict,
};

fn verdict(scenario: Scenario, suspect: Suspect, severity: Severity) -> Verdict {
    Verdict {
        origin: if suspect == Suspect::Remote { Origin::Remote } else { Origin::Local },
        origin_basis: Basis::DirectionAndMessage,
        remote_scope: Scope::Public,
        scenario,
        suspect,
        stopped: Stopped::No,
        severity,
        ..Verdict::default()
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
    let stories = told(
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
    let stories = told(vec![judged(symbols, "DB01", "a.example", 3, callback)], reasons(), symbols);
    let accounting = Accounting { rows: 4, in_findings: 3, rejected: 1, ..Accounting::default() };
    let (profile, ends) = (Profile::default(), Ends::of(&stories.findings, symbols));
    let said = statements(&ground(&stories, &ends, symbols, &profile), &Open::default(), &accounting);
    let keys: Vec<&str> = said.iter().map(|said| said.key).collect();
    assert_eq!(
        keys,
        ["statement.overview", "statement.outbound-callback", "statement.not-stopped", "statement.rejected"]
    );
    assert!(keys.iter().all(|key| STATEMENT_KEYS.contains(key)));
    let stories = Stories::default();
    let ends = Ends::of(&stories.findings, symbols);
    let ground = ground(&stories, &ends, symbols, &profile);
    let nothing = statements(&ground, &Open::default(), &Accounting::default());
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
        let (one, two) = (told(all, reasons(), symbols), told(turned, reasons(), symbols));
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

/// A finding at a time, with a threat and the side that was attacked.
fn seen(symbols: &mut Symbols, ends: (&str, &str), at: i64, threat: Threat, verdict: Verdict) -> Finding {
    let mut finding = judged(symbols, ends.0, ends.1, 1, verdict);
    finding.detection.threat = threat;
    finding.fingerprint = finding.detection.fingerprint(symbols);
    finding.id = finding_id(finding.fingerprint, None);
    (finding.tally.first, finding.tally.last) = (Instant::from_seconds(at), Instant::from_seconds(at + 9));
    finding
}

#[test]
fn many_hosts_with_one_remote_are_a_campaign() {
    let symbols = &mut Symbols::new();
    let callback = verdict(Scenario::OutboundCallback, Suspect::Local, Severity::High);
    let inbound = verdict(Scenario::InboundFromInternet, Suspect::None, Severity::Medium);
    let relayed = Verdict { relay: Some(0), ..callback };
    let mut all = Vec::new();
    for (n, host) in (0..).zip(["PC3", "PC1", "PC2"]) {
        all.push(seen(symbols, (host, "bad.example"), 500 - n, Threat::Callback, callback));
        all.push(seen(symbols, (host, "bad.example"), 900, Threat::Dns, callback));
        all.push(seen(symbols, (host, "scanner.example"), n, Threat::Scan, inbound));
        all.push(seen(symbols, (host, "resolver"), n, Threat::Callback, relayed));
    }
    all.push(seen(symbols, ("PC1", "two.example"), 5, Threat::Callback, callback));
    all.push(seen(symbols, ("PC2", "two.example"), 5, Threat::Callback, callback));
    let stories = told(all, reasons(), symbols);
    assert_eq!(stories.campaigns.all, 1);
    let campaign = &stories.campaigns.list[0];
    assert_eq!((campaign.remote.as_str(), campaign.hosts, campaign.rows), ("bad.example", 3, 6));
    assert_eq!((campaign.finding_count, campaign.findings.len(), campaign.blocked), (6, 6, 0));
    let contacts: Vec<_> =
        campaign.contacts.iter().map(|one| (one.host.as_str(), one.first.seconds(), one.rows)).collect();
    assert_eq!(contacts, [("PC2", 498, 2), ("PC1", 499, 2), ("PC3", 500, 2)]);
}

#[test]
fn what_follows_an_attack_is_told_with_its_times() {
    let symbols = &mut Symbols::new();
    let callback = verdict(Scenario::OutboundCallback, Suspect::Local, Severity::Critical);
    let attacked =
        |scenario, target| Verdict { target, ..verdict(scenario, Suspect::Remote, Severity::High) };
    let inbound = attacked(Scenario::InboundFromInternet, Target::Local);
    let attacking = Verdict {
        target: Target::Remote,
        ..verdict(Scenario::LateralMovement, Suspect::Local, Severity::High)
    };
    let stories = told(
        vec![
            // Attacked three times; what follows does so between the second and the third.
            seen(symbols, ("WEB01", "a.example"), 100, Threat::Exploit, inbound),
            seen(symbols, ("WEB01", "b.example"), 200, Threat::BruteForce, inbound),
            seen(symbols, ("WEB01", "c.example"), 900, Threat::Exploit, inbound),
            seen(symbols, ("web01", "x.example"), 260, Threat::Callback, callback),
            seen(symbols, ("WEB01", "y.example"), 950, Threat::Callback, callback),
            // Called before, and again after the attack that PC1's agent saw.
            seen(symbols, ("PC1", "DB07"), 300, Threat::Exploit, attacking),
            seen(symbols, ("DB07", "x.example"), 50, Threat::Callback, callback),
            seen(symbols, ("DB07", "z.example"), 301, Threat::Callback, callback),
            // Scanned alone, attacked afterwards, and attacked in the same second: no sequences.
            seen(symbols, ("PC5", "a.example"), 10, Threat::Scan, inbound),
            seen(symbols, ("PC5", "x.example"), 20, Threat::Callback, callback),
            seen(symbols, ("PC6", "x.example"), 10, Threat::Callback, callback),
            seen(symbols, ("PC6", "a.example"), 20, Threat::Exploit, inbound),
            seen(symbols, ("PC7", "x.example"), 20, Threat::Callback, callback),
            seen(symbols, ("PC7", "a.example"), 20, Threat::Exploit, inbound),
        ],
        reasons(),
        symbols,
    );
    let at = |number: &u32| stories.findings[*number as usize].tally.first.seconds();
    let told: Vec<_> = stories
        .sequences
        .list
        .iter()
        .map(|it| {
            let next: Vec<i64> = it.next.iter().map(at).collect();
            (it.host.as_str(), at(&it.attack), it.attacks, it.gap_seconds, next, it.called_before)
        })
        .collect();
    let expected = [("WEB01", 200, 2, 60, vec![260, 950], false), ("DB07", 300, 1, 1, vec![301], true)];
    assert_eq!(told, expected);
    assert_eq!((stories.sequences.all, stories.sequences.list[0].rows), (2, 4));
}

#[test]
fn hosts_are_active_on_days_and_in_hours_of_their_zone() {
    let symbols = &mut Symbols::new();
    let callback = verdict(Scenario::OutboundCallback, Suspect::Local, Severity::Critical);
    let findings = [judged(symbols, "PC1", "a", 1, callback), judged(symbols, "pc1", "b", 1, callback)];
    let calendar = Calendar::of("Asia/Kolkata");
    // 23:30, 00:30 twice and 01:30 by the clocks there.
    let instants =
        [(64_800, 1), (68_400, 2), (72_000, 1)].map(|(at, rows)| (Instant::from_seconds(at), rows));
    let (mut one, mut two) = (HostTimes::new(&calendar, symbols), HostTimes::new(&calendar, symbols));
    let weight = (Severity::Critical, 1);
    one.add(findings[0].detection.with(symbols), weight, instants[..2].iter().copied());
    two.add(findings[1].detection.with(symbols), weight, instants[2..].iter().copied());
    two.add(findings[1].detection.with(symbols), weight, [(Instant::from_seconds(64_800), 1)]);
    let mut all = one.finish();
    all.merge(two.finish());
    let ends = Ends::of(&findings, symbols);
    let mut hosts = hosts(&findings, &ends, symbols);
    all.tell(&mut hosts);
    let activity = &hosts[0].activity;
    assert_eq!((hosts.len(), activity.days, activity.rows), (1, 2, 5));
    assert_eq!((activity.hours[23], activity.hours[0], activity.hours[1]), (2, 2, 1));
}

#[test]
fn the_first_hosts_are_those_of_the_report_and_have_numbers() {
    let symbols = &mut Symbols::new();
    let callback = |severity| verdict(Scenario::OutboundCallback, Suspect::Local, severity);
    let rows = [
        ("b", Severity::Low, 9),
        ("pc2", Severity::Low, 2),
        ("PC2", Severity::High, 1),
        ("A", Severity::Low, 9),
    ];
    let findings = rows.map(|(host, severity, rows)| judged(symbols, host, "x", rows, callback(severity)));
    let calendar = Calendar::of("UTC");
    let mut times = HostTimes::new(&calendar, symbols);
    for finding in &findings {
        let weight = (finding.verdict.severity, finding.tally.rows);
        times.add(finding.detection.with(symbols), weight, []);
    }
    let all = times.finish();
    assert_eq!(all.first_hosts(9), ["pc2", "a", "b"]);
    let listed = hosts(&findings, &Ends::of(&findings, symbols), symbols);
    let listed: Vec<String> = listed.iter().map(|host| host.host.to_lowercase()).collect();
    assert_eq!(all.first_hosts(9), listed);
    let first = all.first_hosts(2);
    let mut numbered = NumberedHosts::new(&first, symbols);
    let numbers = findings.each_ref().map(|finding| numbered.number(finding.detection.with(symbols)));
    assert_eq!(numbers, [None, Some(0), Some(0), Some(1)]);
}
