//! What is said to change a verdict does, and what does is said.

use super::*;
use crate::judge::tests::{Case as Words, detection, profile};
use std::collections::BTreeSet;

/// What would change one step of a case.
fn changes(text: &str, what: &str) -> Vec<String> {
    let policy = Policy::compile(&profile()).unwrap();
    let mut symbols = Symbols::new();
    let mut detection = detection(&Words(text), &mut symbols);
    detection.cve = symbols.intern("CVE-2020-1");
    let explained =
        explain(detection.with(&symbols), Instant::from_seconds(500), &policy, &Census::default());
    let steps: Vec<&str> = explained.steps.iter().map(|step| step.step.what).collect();
    assert_eq!(steps, values(&explained.verdict, &policy).map(|(what, _)| what));
    let step = explained.steps.iter().find(|step| step.step.what == what).unwrap();
    let told = step.changes.iter().flat_map(|change| {
        change.premises.iter().map(move |premise| match premise.words.as_slice() {
            [] => format!("{} {}", change.value, premise.key),
            words => format!("{} {} {}", change.value, premise.key, words.join("+")),
        })
    });
    told.collect()
}

#[test]
fn each_step_tells_what_would_have_changed_it() {
    let outgoing =
        "connection outgoing 10.0.1.10/443 11.1.1.1/50123 exploit response relevance-rule blocked a";
    let listed = "callback none 10.0.0.5/- 11.1.1.1/- callback unknown global logged a.exe";
    for (case, what, expected) in [
        (outgoing, "scope", &["own if.own-remote"][..]),
        (outgoing, "origin", &["local if.direction incoming", "local if.message request"]),
        (
            outgoing,
            "exposure",
            &[
                "unknown if.message request",
                "unknown if.ports-remote",
                "unknown if.ports-neither",
                "closed if.closed",
                "unknown if.exposure-unsaid",
            ],
        ),
        (
            listed,
            "origin",
            &[
                "undetermined if.list relevance-rule+ips-rule+firewall-rule+unknown",
                "undetermined if.server-process",
            ],
        ),
    ] {
        let told = changes(case, what);
        for one in expected {
            assert!(told.iter().any(|told| told == one), "{what} of {case}: {one} is not in {told:#?}");
        }
    }
}

#[test]
fn every_premise_changes_something_and_has_words() {
    let text = include_str!("../../../template/words/en/explain.toml");
    let words: std::collections::BTreeMap<String, String> = toml::from_str(text).unwrap();
    let mut rich = profile();
    rich.severity =
        vec![("inbound-from-internet.scan.logged".to_owned(), ringback_model::Severity::Critical)];
    rich.known_exploited = vec![KnownExploited {
        cve: "CVE-2020-1".to_owned(),
        added: String::new(),
        due: String::new(),
        ransomware: false,
    }];
    let vulnerabilities = vec![Vulnerability {
        hosts: HostMatch::Any,
        cves: vec!["CVE-2020-1".to_owned()],
        vulnerable: true,
        since: None,
    }];
    let open = Profile { vulnerabilities, ..Profile::default() };
    let mut heard = BTreeSet::new();
    for profile in [rich, open, Profile::default()] {
        let policy = Policy::compile(&profile).unwrap();
        for text in [
            "connection incoming 10.0.1.11/443 11.1.1.1/50123 exploit request relevance-rule logged a",
            "connection incoming 10.0.1.10/443 11.1.1.1/50123 exploit request relevance-rule logged a",
            "connection incoming 10.0.1.10/443 11.1.1.1/50123 scan request relevance-rule logged a",
            "connection incoming 10.0.0.5/445 10.0.9.9/50123 exploit request relevance-rule logged a",
            "connection outgoing 10.0.0.53/50123 11.1.1.1/53 dns request relevance-rule logged a",
            "connection outgoing 10.0.0.5/50123 10.0.0.6/80 callback unknown web-reputation blocked a",
            "connection outgoing 10.0.0.5/40000 11.1.1.1/50001 callback unknown web-reputation blocked a",
            "callback none 10.0.0.5/- 11.1.1.1/- callback unknown global logged System",
            "callback none 10.0.0.5/- 11.1.1.1/- callback unknown global logged a.exe",
            "callback none 10.0.0.5/- 11.1.1.1/- callback unknown relevance-rule logged a.exe",
        ] {
            let mut symbols = Symbols::new();
            let mut detection = detection(&Words(text), &mut symbols);
            detection.cve = symbols.intern("CVE-2020-1");
            let mut census = Census::default();
            let call = Detection { threat: Threat::Callback, message: RequestKind::Request, ..detection };
            if let Endpoints::Sided { local, remote, .. } = detection.endpoints {
                let endpoints = Endpoints::Sided { local, remote, direction: Direction::Outgoing };
                census.see(
                    Detection { endpoints, ..call }.with(&symbols),
                    Instant::from_seconds(900),
                    &policy,
                );
            }
            for census in [census, Census::default()] {
                let told = explain(detection.with(&symbols), Instant::from_seconds(500), &policy, &census);
                let premises = told.steps.iter().flat_map(|step| &step.changes);
                for premise in premises.flat_map(|change| &change.premises) {
                    let (_, kind) = PREMISES.iter().find(|(key, _)| *key == premise.key).unwrap();
                    assert_eq!(kind.is_empty(), premise.words.is_empty(), "{premise:?}");
                    assert_eq!(words[premise.key].contains("{value}"), !kind.is_empty(), "{premise:?}");
                    heard.insert(premise.key);
                }
            }
        }
    }
    let known: BTreeSet<&str> = PREMISES.iter().map(|(key, _)| *key).collect();
    assert_eq!(heard, known);
    let in_words: BTreeSet<&str> =
        words.keys().map(String::as_str).filter(|key| key.starts_with("if.")).collect();
    assert_eq!(in_words, known, "the catalogue holds the premises and no others");
}
