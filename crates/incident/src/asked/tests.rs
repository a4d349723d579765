//! What is asked about which findings.

use super::*;
use crate::made::{self, InTurn, Made, ground, made};
use crate::{Ends, Reasons, open};
use ringback_model::profile::{Networks, PublishedServices};
use ringback_model::{Message, Origin, Profile, Scenario, Scope, Side, Suspect, Symbols, Target, Threat};

/// The questions about some findings: id, rows, findings; and the answers.
fn told(said: &[Made<'_>], reason: &'static str, profile: &Profile) -> (Vec<String>, String) {
    let mut symbols = Symbols::new();
    let findings = said.iter().map(|said| made(&mut symbols, said)).collect();
    let mut reasons = Reasons::default();
    reasons.number(vec![Message::new(reason)]);
    let stories = made::told(findings, reasons, &symbols);
    let open = open(&ground(&stories, &Ends::of(&stories.findings, &symbols), &symbols, profile), &InTurn);
    for question in &open.questions {
        let texts = std::iter::once(&question.text).chain(&question.details);
        let keys = [crate::QUESTION_KEYS, crate::SUGGEST_KEYS].concat();
        assert!(texts.clone().all(|text| keys.contains(&text.key)), "{question:?}");
    }
    let line = |one: &Question| format!("{} {} {}", one.id, one.rows, one.findings);
    let answers: Vec<&str> = open.questions.iter().map(|one| one.toml.as_str()).collect();
    (open.questions.iter().map(line).collect(), answers.join("\n"))
}

#[test]
fn the_networks_of_undetermined_addresses_are_asked_for_together() {
    let open = Made {
        scenario: Scenario::Undetermined,
        suspect: Suspect::None,
        scope: Scope::Special,
        ..Made::default()
    };
    let said = [
        Made { remote: "100.64.7.1", rows: 3, ..open },
        Made { remote: "100.64.7.2", rows: 4, ..open },
        Made { remote: "198.18.0.9", rows: 9, ..open },
        Made { remote: "2001:db8::1", rows: 1, ..open },
        Made { remote: "2001:db8::2", rows: 1, ..open },
    ];
    let (asked, toml) = told(&said, "settle.networks", &Profile::default());
    assert_eq!(asked, ["networks 18 5"]);
    assert_eq!(toml, "[networks]\nown = [\"198.18.0.9\", \"100.64.7.0/24\", \"2001:db8::/64\"]\n");
    let networks = Networks {
        own: vec!["10.0.0.0/8".parse().unwrap()],
        names: vec!["a.example".to_owned()],
        only: true,
    };
    let (_, toml) = told(&said[2..3], "settle.networks", &Profile { networks, ..Profile::default() });
    assert_eq!(
        toml,
        "[networks]\nown = [\"10.0.0.0/8\", \"198.18.0.9\"]\nnames = [\"a.example\"]\nonly = true\n"
    );
}

#[test]
fn services_are_asked_for_by_address_and_port_and_their_list_as_a_whole() {
    let inbound = Made {
        host: "WEB01",
        local: "10.0.1.10",
        port: Some((Side::Local, 443)),
        origin: Origin::Remote,
        scenario: Scenario::InboundFromInternet,
        suspect: Suspect::None,
        target: Target::Local,
        threat: Threat::Exploit,
        cve: "CVE-2021-44228",
        ..Made::default()
    };
    let said = [
        Made { rows: 5, ..inbound },
        Made { rows: 2, local: "", ..inbound },
        Made { rows: 1, local: "", host: "bad host\"", ..inbound },
        Made { rows: 4, port: None, cve: "NOT-AN-ID", ..inbound },
    ];
    let (asked, toml) = told(&said, "exposure.unknown", &Profile::default());
    assert_eq!(
        asked,
        [
            "exposure-complete 12 4",
            "vulnerable:CVE-2021-44228 7 2",
            "published:10.0.1.10:443 5 1",
            "published:web01:443 2 1",
        ]
    );
    assert!(toml.contains("[[exposure.published]]\naddress = \"10.0.1.10\"\nports = [\"443\"]\n"), "{toml}");
    assert!(toml.contains("[[vulnerability]]\nhost = \"web01\"\ncve = [\"CVE-2021-44228\"]\n"), "{toml}");
    assert!(!toml.contains("bad"), "{toml}");
    let exposure = PublishedServices { complete: true, ..PublishedServices::default() };
    let (asked, _) = told(&said, "exposure.unknown", &Profile { exposure, ..Profile::default() });
    assert!(!asked.iter().any(|id| id.starts_with("exposure-complete")), "{asked:?}");
}

#[test]
fn who_attacks_many_may_be_a_scanner() {
    let attack = Made {
        host: "SCAN",
        local: "10.0.9.9",
        scope: Scope::Own,
        scenario: Scenario::LateralMovement,
        target: Target::Remote,
        threat: Threat::Scan,
        ..Made::default()
    };
    let remotes: Vec<String> = (1..=20).map(|n| format!("10.0.1.{n}")).collect();
    let mut said: Vec<Made<'_>> = remotes.iter().map(|remote| Made { remote, ..attack }).collect();
    // The same host, as one that it attacked logged it.
    said.push(Made {
        host: "PC7",
        local: "10.0.1.7",
        remote: "10.0.9.9",
        origin: Origin::Remote,
        suspect: Suspect::Remote,
        ..attack
    });
    let (asked, toml) = told(&said, "", &Profile::default());
    assert_eq!(
        (asked, toml.as_str()),
        (vec!["scanner:10.0.9.9 21 21".to_owned()], "[[scanner]]\naddress = \"10.0.9.9\"\n")
    );
    assert_eq!(told(&said[..19], "", &Profile::default()).0, [""; 0]);
}

#[test]
fn what_no_profile_answers_is_asked_for_without_an_entry() {
    let open = Made { scenario: Scenario::Undetermined, suspect: Suspect::None, rows: 7, ..Made::default() };
    for (settle, id) in ringback_model::report::SETTLING.iter().filter(|(_, id)| *id != "networks") {
        let (asked, toml) = told(&[open], settle, &Profile::default());
        assert_eq!((asked, toml.as_str()), (vec![format!("{id} 7 1")], ""), "{settle}");
    }
}

#[test]
fn long_details_are_cut_and_counted() {
    let details = vec![Message::new("question.target"); 60];
    let asked =
        question(String::new(), Message::new("question.relay"), details, Sum::default(), String::new());
    assert_eq!(asked.details.len(), 51);
    assert_eq!(asked.details[50], Message::new("question.more").with("n", 10u64));
}
