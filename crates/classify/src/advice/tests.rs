//! Which steps are given when, and how they read.

use super::*;
use ringback_model::profile::{Faces, KnownExploited, Relay};
use ringback_model::{
    Basis, Detection, Endpoints, LANGUAGES, Origin, Peer, Profile, Service, Side, Symbols, Target,
};
use std::collections::BTreeSet;

/// The words of a case: `host`-level first, then findings.
#[derive(Clone)]
struct Incident {
    scenario: Scenario,
    suspect: Suspect,
    severity: Severity,
    findings: Vec<String>,
}

fn incident(scenario: Scenario, suspect: Suspect, findings: &[&str]) -> Incident {
    let findings = findings.iter().map(|finding| (*finding).to_owned()).collect();
    Incident { scenario, suspect, severity: Severity::High, findings }
}

fn verdict(scenario: Scenario) -> Verdict {
    Verdict {
        origin: Origin::Remote,
        origin_basis: Basis::DirectionAndMessage,
        remote_scope: Scope::Public,
        scenario,
        target: Target::Local,
        severity: Severity::High,
        ..Verdict::default()
    }
}

/// A finding from `name=value` words.
fn finding(words: &str, scenario: Scenario, symbols: &mut Symbols) -> (Detection, Verdict) {
    let (mut detection, mut verdict) = (Detection::default(), verdict(scenario));
    let mut direction = Direction::Incoming;
    let mut remote = Peer { ip: "11.1.1.1".parse().ok(), ..Peer::default() };
    for (name, value) in words.split_whitespace().map(|word| word.split_once('=').unwrap()) {
        match name {
            "log" => detection.log = value.parse().unwrap(),
            "threat" => detection.threat = value.parse().unwrap(),
            "list" => detection.list = value.parse().unwrap(),
            "message" => detection.message = value.parse().unwrap(),
            "direction" => direction = value.parse().unwrap(),
            "cve" => detection.cve = symbols.intern(&value.replace('+', " ")),
            "rule" => detection.rule = symbols.intern(value),
            "process" => detection.process = symbols.intern(value),
            "remote" => remote = Peer { ip: None, name: symbols.intern(value) },
            "port" => {
                detection.service =
                    Some(Service { side: Side::Local, port: value.parse().unwrap(), sole: true });
            }
            "stopped" => verdict.stopped = value.parse().unwrap(),
            "exposure" => verdict.exposure = value.parse().unwrap(),
            "vulnerable" => verdict.vulnerable = value.parse().unwrap(),
            "scope" => verdict.remote_scope = value.parse().unwrap(),
            "reached" => verdict.reached = value == "yes",
            "relay" => {
                let kind: RelayKind = value.parse().unwrap();
                verdict.relay =
                    RelayKind::ALL.iter().position(|known| *known == kind).map(|n| n.try_into().unwrap());
            }
            other => panic!("{other}"),
        }
    }
    detection.endpoints = Endpoints::Sided { local: Peer::default(), remote, direction };
    (detection, verdict)
}

fn advice(incident: &Incident) -> Vec<Advice> {
    advice_in("en", incident)
}

fn advice_in(language: &str, incident: &Incident) -> Vec<Advice> {
    let relay = |kind: &RelayKind| Relay {
        address: None,
        host: String::new(),
        kind: *kind,
        faces: Faces::Inside,
        name: format!("RELAY-{kind}"),
    };
    let exploited = KnownExploited {
        cve: "CVE-2020-9".to_owned(),
        added: String::new(),
        due: String::new(),
        ransomware: false,
    };
    let profile = Profile {
        relays: RelayKind::ALL.iter().map(relay).collect(),
        known_exploited: vec![exploited],
        ..Profile::default()
    };
    let mut symbols = Symbols::new();
    let findings: Vec<(Detection, Verdict)> =
        incident.findings.iter().map(|words| finding(words, incident.scenario, &mut symbols)).collect();
    let facts = IncidentFacts {
        scenario: incident.scenario,
        suspect: incident.suspect,
        severity: incident.severity,
        host: "WEB01",
        service: "tcp/443",
        findings: findings
            .iter()
            .map(|(detection, verdict)| FindingFacts { row: detection.with(&symbols), verdict })
            .collect(),
    };
    advise(&facts, &Policy::compile(&profile).unwrap(), language)
}

fn ids(incident: &Incident) -> Vec<String> {
    advice(incident).into_iter().map(|step| step.id).collect()
}

fn advice_text(incident: &Incident, id: &str) -> String {
    advice(incident).into_iter().find(|step| step.id == id).unwrap().text
}

#[test]
fn every_scenario_has_advice_and_ends_with_what_to_attach() {
    for scenario in Scenario::ALL {
        for suspect in Suspect::ALL {
            let advice = advice(&incident(*scenario, *suspect, &["threat=exploit log=callback"]));
            assert!(advice.len() >= 2, "{scenario} {suspect}");
            assert!(advice.iter().any(|step| step.phase != Phase::Attach), "{scenario} {suspect}");
            assert_eq!(advice.last().unwrap().id, "attach-case", "{scenario} {suspect}");
            assert!(advice.is_sorted_by_key(|step| step.phase), "{scenario} {suspect}");
            for step in advice {
                let whole = step.text.ends_with(['.', '?']) && step.why.starts_with("because ");
                assert!(whole && !step.text.contains(['{', '}']), "{}: {}", step.id, step.text);
            }
        }
    }
}

#[test]
fn every_step_is_given_somewhere() {
    let mut given = BTreeSet::new();
    let relays = RelayKind::ALL.iter().map(|kind| format!("relay={kind}"));
    let threats = Threat::ALL.iter().map(|threat| format!("threat={threat} cve=CVE-2020-1"));
    let more = [
        "log=callback stopped=no list=web-reputation",
        "stopped=request process=a.exe list=relevance-rule",
        "threat=exploit vulnerable=yes exposure=closed reached=yes stopped=no",
        "threat=exploit vulnerable=no exposure=published port=53",
        "threat=exploit vulnerable=unknown cve=CVE-2020-9",
        "threat=exploit direction=outgoing message=response port=443",
        "threat=callback direction=incoming message=request port=3389",
        "list=user-defined stopped=no direction=none",
        "scope=private-unlisted",
    ];
    let all: Vec<String> = relays.chain(threats).chain(more.map(str::to_owned)).collect();
    for (scenario, suspect) in
        Scenario::ALL.iter().flat_map(|s| Suspect::ALL.iter().map(move |suspect| (s, suspect)))
    {
        for finding in &all {
            given.extend(ids(&incident(*scenario, *suspect, &[finding])));
        }
    }
    let steps: BTreeSet<String> = STEPS.step.iter().map(|step| step.id.clone()).collect();
    assert_eq!(steps.len(), STEPS.step.len(), "ids are distinct");
    assert_eq!(given, steps);
}

#[test]
fn the_inbound_guide_is_answered_where_the_profile_answers() {
    for (finding, wanted, unwanted) in [
        (
            "threat=exploit exposure=unknown vulnerable=unknown",
            &["inbound-should-be-public", "inbound-if-open", "inbound-is-it-vulnerable"][..],
            &["inbound-patch", "inbound-exploit-fails", "inbound-why-reached", "inbound-public-explains"][..],
        ),
        (
            "threat=exploit exposure=closed vulnerable=yes reached=yes stopped=no",
            &["inbound-why-reached", "inbound-did-reach", "inbound-patch", "inbound-examine"],
            &["inbound-public-explains", "inbound-should-be-public", "inbound-is-it-vulnerable"],
        ),
        (
            "threat=exploit exposure=closed vulnerable=yes stopped=request",
            &["inbound-why-reached", "inbound-patch"],
            &["inbound-did-reach", "inbound-examine"],
        ),
        (
            "threat=exploit exposure=published vulnerable=no",
            &["inbound-public-explains", "inbound-exploit-fails"],
            &["inbound-why-reached", "inbound-patch", "inbound-if-open"],
        ),
        (
            "threat=scan exposure=published",
            &["inbound-public-explains"],
            &["inbound-is-it-vulnerable", "inbound-patch", "inbound-exploit-fails"],
        ),
    ] {
        let ids = ids(&incident(Scenario::InboundFromInternet, Suspect::None, &[finding]));
        for id in wanted.iter().chain(&["inbound-list-source", "inbound-filter", "inbound-read-right"]) {
            assert!(ids.iter().any(|known| known == id), "{finding}: {id} not in {ids:?}");
        }
        for id in unwanted.iter().chain(&["isolate", "find-process", "collect-samples"]) {
            assert!(ids.iter().all(|known| known != id), "{finding}: {id} in {ids:?}");
        }
    }
}

#[test]
fn conditions_hold_for_one_finding_and_its_values_alone_are_named() {
    let findings = [
        "threat=exploit vulnerable=yes cve=CVE-2020-1",
        "threat=exploit vulnerable=no cve=CVE-2020-2+CVE-2020-3",
        "threat=scan vulnerable=unknown",
    ];
    let advice = advice(&incident(Scenario::InboundFromInternet, Suspect::None, &findings));
    let text = |id: &str| advice.iter().find(|step| step.id == id).map(|step| step.text.as_str());
    let patch = text("inbound-patch").unwrap();
    assert!(patch.contains("CVE-2020-1") && !patch.contains("CVE-2020-2"), "{patch}");
    let fails = text("inbound-exploit-fails").unwrap();
    assert!(fails.contains("CVE-2020-2, CVE-2020-3") && !fails.contains("CVE-2020-1"), "{fails}");
    assert_eq!(
        text("inbound-is-it-vulnerable"),
        None,
        "unknown is the scan, which has nothing to be vulnerable to"
    );
}

#[test]
fn a_call_that_was_always_blocked_is_told_apart() {
    let of = |findings: &[&str]| ids(&incident(Scenario::OutboundCallback, Suspect::Local, findings));
    let has = |ids: &[String], id: &str| ids.iter().any(|known| known == id);
    let blocked = of(&["stopped=request process=a.exe", "stopped=connection process=a.exe"]);
    assert!(
        has(&blocked, "blocking-held")
            && !has(&blocked, "confirm-blocking")
            && !has(&blocked, "attach-policy")
    );
    let mixed = of(&["stopped=request", "stopped=no"]);
    assert!(!has(&mixed, "blocking-held") && has(&mixed, "confirm-blocking") && has(&mixed, "attach-policy"));
    assert!(has(&blocked, "find-process") && !has(&blocked, "find-process-unlogged"));
    assert!(!has(&mixed, "find-process") && has(&mixed, "find-process-unlogged"));
    let all = ["find-persistence", "isolate", "collect-samples", "attach-samples", "search-others"];
    assert!(all.iter().all(|id| has(&blocked, id) && has(&mixed, id)), "{blocked:?} {mixed:?}");
}

#[test]
fn each_kind_of_relay_names_its_own_log() {
    for kind in RelayKind::ALL {
        let finding = format!("relay={kind}");
        for (scenario, suspect) in [
            (Scenario::OutboundCallback, Suspect::BehindRelay),
            (Scenario::LateralMovement, Suspect::BehindRelay),
            (Scenario::InboundFromInternet, Suspect::None),
        ] {
            let advice = advice(&incident(scenario, suspect, &[&finding]));
            let naming: Vec<&str> = advice
                .iter()
                .filter(|step| step.text.contains(&format!("RELAY-{kind}")))
                .map(|step| step.id.as_str())
                .collect();
            assert_eq!(naming.len(), 1, "{kind} {scenario} {naming:?}");
        }
    }
}

/// The placeholders of a text, sorted, each once.
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).map(|part| part.split('}').next().unwrap()).collect()
}

#[test]
fn every_step_is_told_in_every_language_with_the_same_placeholders() {
    for language in LANGUAGES.iter().filter(|language| **language != "en") {
        let wording = Wording::of(language).unwrap_or_else(|| panic!("{language} has no wording"));
        let known: BTreeSet<&String> = wording.step.keys().collect();
        assert_eq!(known, STEPS.step.iter().map(|step| &step.id).collect(), "{language}");
        for step in &STEPS.step {
            let told = &wording.step[&step.id];
            for (text, english) in [(&told.text, &step.text), (&told.why, &step.why)] {
                assert_eq!(places(text), places(english), "{language} {}", step.id);
                assert_ne!(text, english, "{language} {} is not translated", step.id);
            }
        }
        assert_eq!(wording.otherwise.more("{n} A, B", 4).matches("{n} A, B").count(), 1, "{language}");
        assert!(wording.otherwise.more("A", 4).contains('4'), "{language}");
    }
}

#[test]
fn what_applies_is_the_same_in_every_language() {
    let findings = ["threat=exploit vulnerable=yes cve=CVE-2020-1 stopped=no", "rule={host} process=<b>"];
    for scenario in Scenario::ALL {
        let incident = incident(*scenario, Suspect::Local, &findings);
        let english = advice(&incident);
        for language in ["de", "ja", "de-AT", "JA"] {
            let told = advice_in(language, &incident);
            let same = |one: &Advice| (one.id.clone(), one.phase, one.reference.clone());
            assert_eq!(
                told.iter().map(same).collect::<Vec<_>>(),
                english.iter().map(same).collect::<Vec<_>>()
            );
            for (told, english) in told.iter().zip(&english) {
                assert!(told.text != english.text && told.why != english.why, "{language} {}", told.id);
                assert!(told.text.ends_with(['.', '。']), "{language} {}: {}", told.id, told.text);
            }
        }
        let french = advice_in("fr", &incident);
        assert!(french.iter().zip(&english).all(|(one, other)| one.text == other.text));
    }
}

#[test]
fn a_log_that_says_nothing_leaves_no_gap_in_any_language() {
    let silent = incident(Scenario::InboundFromInternet, Suspect::None, &["threat=exploit vulnerable=yes"]);
    for (language, expected) in [
        ("en", "Patch WEB01 against what the rule names now."),
        ("de", "Patchen Sie WEB01 jetzt gegen die in der Regel genannte Schwachstelle."),
        ("ja", "WEB01にルールが示す項目のパッチを直ちに適用してください。"),
    ] {
        let advice = advice_in(language, &silent);
        let patch = &advice.iter().find(|step| step.id == "inbound-patch").unwrap().text;
        assert!(patch.starts_with(expected), "{patch}");
    }
}

#[test]
fn placeholders_are_filled_once_and_lists_are_short() {
    let names = ["host", "service", "victim", "remote", "process", "rule", "cve", "relay"];
    for step in &STEPS.step {
        for part in [&step.text, &step.why].iter().flat_map(|text| text.split('{').skip(1)) {
            let place = part.split('}').next().unwrap();
            assert!(names.contains(&place) || facts::family(place).is_some(), "{} {place}", step.id);
        }
    }
    let findings = ["rule={host}", "rule={{7*7}}", "rule=<b>", "rule=x", "rule=y", "rule=y"];
    let many = incident(Scenario::InboundFromInternet, Suspect::None, &findings);
    assert!(advice_text(&many, "inbound-list-source").contains("detected: <b>, x, y and 2 more."));
    let few = [findings[0], findings[1]];
    let twice = incident(Scenario::InboundFromInternet, Suspect::None, &few);
    assert!(advice_text(&twice, "inbound-list-source").contains("detected: {host}, {{7*7}}."));
}

#[test]
fn reasons_tell_the_facts_of_the_findings_that_they_are_for() {
    let findings = [
        "threat=exploit exposure=closed vulnerable=yes stopped=no cve=CVE-2020-9 rule=A",
        "threat=exploit exposure=closed vulnerable=yes stopped=no cve=CVE-2020-9 rule=B",
        "threat=exploit exposure=closed vulnerable=yes stopped=unknown cve=CVE-2020-9 rule=A",
        "threat=scan exposure=closed rule=C",
    ];
    let attacked = incident(Scenario::InboundFromInternet, Suspect::None, &findings);
    let closed = "because the profile's list of public services is complete and does not hold tcp/443 (https) on WEB01";
    for (language, id, expected) in [
        ("en", "inbound-why-reached", closed),
        (
            "en",
            "inbound-examine",
            "because an exploit's rule hit (A and 1 more), the profile, or a report that it names, says that the target is vulnerable \
             to CVE-2020-9, and 2 findings were logged and let through, and the log does not say of 1 finding whether it was \
             blocked",
        ),
        (
            "de",
            "inbound-why-reached",
            "weil die Liste der öffentlichen Dienste im Profil vollständig ist und den Dienst tcp/443 (https) auf WEB01 nicht \
             enthält",
        ),
        (
            "de",
            "attach-policy",
            "weil 2 Befunde protokolliert und durchgelassen wurden und das Protokoll bei 2 Befunden nicht sagt, ob blockiert wurde",
        ),
        (
            "ja",
            "attach-policy",
            "検出結果2件が記録されただけで許可されたうえ、検出結果2件について、ブロックされたかどうかがログに記載されていないため",
        ),
    ] {
        let advice = advice_in(language, &attacked);
        let step = advice.iter().find(|step| step.id == id).unwrap_or_else(|| panic!("{id}"));
        assert_eq!(step.why, expected, "{language} {id}");
    }
    assert!(ids(&attacked).iter().any(|id| id == "exploited-first"));
    let other = incident(Scenario::InboundFromInternet, Suspect::None, &["threat=exploit cve=CVE-2020-1"]);
    assert!(ids(&other).iter().all(|id| id != "exploited-first"));
}

#[test]
fn what_was_fetched_is_told_of_the_host_that_fetched_it() {
    let fetched = incident(Scenario::MaliciousResponse, Suspect::Remote, &["threat=exploit stopped=no"]);
    for id in ["victim-signs", "victim-patch"] {
        let text = advice_text(&fetched, id);
        assert!(!text.contains("WEB01"), "the incident is about the other side: {text}");
    }
}
