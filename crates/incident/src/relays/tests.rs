//! Hosts that look like relays, and hosts that do not.

use super::*;
use crate::ground::Sum;
use crate::made::{self, Made, ground, made};
use crate::{Ends, Reasons};
use ringback_model::profile::{Faces, Relay};
use ringback_model::{Origin, Profile, Scope, Side, Suspect, Symbols, Threat};

/// The candidates of some findings with what declaring each would settle, in words.
fn told(said: &[Made<'_>], profile: &Profile) -> Vec<String> {
    let mut symbols = Symbols::new();
    let findings = said.iter().map(|said| made(&mut symbols, said)).collect();
    let mut reasons = Reasons::default();
    reasons.number(Vec::new());
    let stories = made::told(findings, reasons, &symbols);
    let ends = Ends::of(&stories.findings, &symbols);
    let ground = ground(&stories, &ends, &symbols, profile);
    let found = candidates(&ground);
    let sums = settled(&ground, &found);
    let line = |(one, sum): (&Candidate, Sum)| {
        let reasons: Vec<&str> = one.relay.reasons.iter().map(|reason| reason.key).collect();
        format!("{} {} {} {}", one.called(), one.relay.kind, reasons.join(" "), sum.rows)
    };
    found.iter().zip(sums).map(line).collect()
}

#[test]
fn the_process_tells_and_a_declared_relay_is_not_suggested() {
    let said = [
        Made {
            host: "DNS01",
            local: "10.0.0.53",
            process: "C:\\Windows\\System32\\dns.exe",
            rows: 3,
            ..Made::default()
        },
        Made { host: "PC2", process: "upd.exe", rows: 5, ..Made::default() },
    ];
    assert_eq!(told(&said, &Profile::default()), ["DNS01 (10.0.0.53) dns suggest.process 3"]);
    let relay = |address: &str, host: &str| Relay {
        address: address.parse().ok(),
        host: host.to_owned(),
        kind: RelayKind::Dns,
        faces: Faces::Inside,
        name: String::new(),
    };
    for relay in [relay("10.0.0.53", ""), relay("", "DNS01.corp.example")] {
        assert_eq!(told(&said, &Profile { relays: vec![relay], ..Profile::default() }), [""; 0]);
    }
}

#[test]
fn dns_rules_alone_to_several_ends_tell_and_one_other_rule_does_not() {
    let remotes: Vec<String> = (0..5).map(|n| format!("30.1.1.{n}")).collect();
    let mut said: Vec<Made<'_>> =
        remotes.iter().map(|remote| Made { threat: Threat::Dns, remote, ..Made::default() }).collect();
    assert_eq!(told(&said, &Profile::default()), ["PC1 (10.0.0.1) dns suggest.dns-only 5"]);
    said.push(Made { remote: "30.9.9.9", ..Made::default() });
    assert_eq!(told(&said, &Profile::default()), [""; 0]);
    assert_eq!(told(&said[..4], &Profile::default()), [""; 0]);
}

#[test]
fn many_names_tell_only_where_others_call_few() {
    let names: Vec<String> = (0..40).map(|n| format!("http://h{n}.example/x")).collect();
    let calls = |host, count: usize| {
        names[..count].iter().map(move |remote| Made {
            host,
            remote,
            scope: Scope::Name,
            local: "",
            ..Made::default()
        })
    };
    let few: Vec<Made<'_>> = calls("GW1", 40).chain(calls("PC2", 3)).chain(calls("PC3", 2)).collect();
    assert_eq!(told(&few, &Profile::default()), ["GW1 proxy suggest.names 40"]);
    let many: Vec<Made<'_>> = calls("GW1", 40).chain(calls("PC2", 20)).chain(calls("PC3", 20)).collect();
    assert_eq!(told(&many, &Profile::default()), [""; 0], "an infection that all of them share");
}

#[test]
fn an_own_address_that_several_ask_is_suggested_with_its_host() {
    let asks = |host| Made {
        host,
        remote: "10.0.0.8",
        port: Some((Side::Remote, 8080)),
        scope: Scope::Own,
        ..Made::default()
    };
    let mut said: Vec<Made<'_>> = ["PC1", "PC2", "PC3"].map(asks).to_vec();
    assert_eq!(told(&said, &Profile::default()), ["10.0.0.8 proxy suggest.asked 3"]);
    assert_eq!(told(&said[..2], &Profile::default()), [""; 0]);
    said.push(Made {
        host: "PROXY",
        local: "10.0.0.8",
        process: "/usr/sbin/squid",
        rows: 7,
        ..Made::default()
    });
    assert_eq!(told(&said, &Profile::default()), ["PROXY (10.0.0.8) proxy suggest.process suggest.asked 10"]);
    let attacked: Vec<Made<'_>> = said.iter().map(|said| Made { threat: Threat::Exploit, ..*said }).collect();
    assert_eq!(told(&attacked[..3], &Profile::default()), [""; 0], "what attacks it is no relayed traffic");
}

#[test]
fn a_suspect_at_the_remote_side_counts_too() {
    let said = [
        Made { host: "GW", local: "10.0.0.2", process: "squid", rows: 2, ..Made::default() },
        Made {
            host: "PC9",
            local: "10.0.0.9",
            remote: "10.0.0.2",
            threat: Threat::Exploit,
            origin: Origin::Remote,
            scope: Scope::Own,
            scenario: ringback_model::Scenario::LateralMovement,
            suspect: Suspect::Remote,
            rows: 4,
            ..Made::default()
        },
    ];
    assert_eq!(told(&said, &Profile::default()), ["GW (10.0.0.2) proxy suggest.process 6"]);
}
