//! Which techniques are told when.

use super::*;
use crate::processes;
use ringback_model::{Basis, Detection, Scope, Service, Severity, Side, Stopped, Symbols, Verdict};

fn verdict(scenario: Scenario, suspect: Suspect, origin: Origin) -> Verdict {
    Verdict {
        origin,
        origin_basis: Basis::DirectionAndMessage,
        remote_scope: Scope::Public,
        scenario,
        suspect,
        stopped: Stopped::No,
        severity: Severity::High,
        ..Verdict::default()
    }
}

/// The ids for an incident of findings, each in `name=value` words.
fn ids(scenario: Scenario, suspect: Suspect, origin: Origin, findings: &[&str]) -> Vec<&'static str> {
    let mut symbols = Symbols::new();
    let mut detections = Vec::new();
    for words in findings {
        let mut detection = Detection::default();
        for (name, value) in words.split_whitespace().map(|word| word.split_once('=').unwrap()) {
            match name {
                "threat" => detection.threat = value.parse().unwrap(),
                "list" => detection.list = value.parse().unwrap(),
                "message" => detection.message = value.parse().unwrap(),
                "protocol" => detection.protocol = symbols.intern(value),
                "process" => detection.process = symbols.intern(value),
                "port" => {
                    let port = value.parse().unwrap();
                    detection.service = Some(Service { side: Side::Remote, port, sole: true });
                }
                other => panic!("{other}"),
            }
        }
        detections.push(detection);
    }
    let verdict = verdict(scenario, suspect, origin);
    let facts = IncidentFacts {
        scenario,
        suspect,
        severity: Severity::High,
        host: "",
        service: "",
        findings: detections
            .iter()
            .map(|detection| FindingFacts { row: detection.with(&symbols), verdict: &verdict })
            .collect(),
    };
    techniques(&facts).into_iter().map(|technique| technique.id).collect()
}

#[test]
fn the_table_is_whole_and_in_order() {
    assert!(TABLE.technique.windows(2).all(|pair| pair[0].id < pair[1].id));
    assert!(attack_matrix().contains("ATT&CK"));
    let rows = TABLE.row.iter().flat_map(|row| &row.techniques);
    let used: BTreeSet<&str> = rows.map(String::as_str).chain(processes::all_techniques()).collect();
    let known: BTreeSet<&str> = TABLE.technique.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(used, known, "each technique that is named is used, and none else");
    for Named { id, name } in &TABLE.technique {
        let digits =
            |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
        let (main, sub) = id[1..].split_once('.').unwrap_or((&id[1..], "000"));
        assert!(id.starts_with('T') && digits(main, 4) && digits(sub, 3), "{id}");
        assert!(!name.is_empty() && name.contains(": ") == id.contains('.'), "{id} {name}");
    }
}

#[test]
fn every_story_has_its_techniques() {
    use Origin::{Local, Remote};
    for (scenario, suspect, origin, findings, expected) in [
        (
            Scenario::OutboundCallback,
            Suspect::Local,
            Local,
            &["threat=callback port=443"][..],
            &["T1071.001"][..],
        ),
        (Scenario::OutboundCallback, Suspect::Local, Local, &["threat=callback port=4444"], &["T1071"]),
        (Scenario::OutboundCallback, Suspect::Local, Local, &["threat=callback"], &["T1071"]),
        (Scenario::OutboundCallback, Suspect::Local, Local, &["threat=unknown"], &[]),
        (
            Scenario::OutboundCallback,
            Suspect::Local,
            Local,
            &["threat=callback protocol=HTTP port=4444"],
            &["T1071.001", "T1571"],
        ),
        (Scenario::OutboundCallback, Suspect::Local, Local, &["threat=dns port=53"], &["T1071.004"]),
        (
            Scenario::OutboundCallback,
            Suspect::Local,
            Local,
            &["threat=ransomware port=25", "list=web-reputation threat=unknown"],
            &["T1071.001", "T1071.003", "T1486"],
        ),
        (
            Scenario::OutboundCallback,
            Suspect::Local,
            Local,
            &[
                r"threat=callback port=443 process=C:\x\PowerShell.exe",
                "threat=callback port=443 process=mshta.exe",
            ],
            &["T1059.001", "T1071.001", "T1218.005"],
        ),
        (
            Scenario::InternalCallback,
            Suspect::Local,
            Local,
            &["threat=callback port=8080"],
            &["T1071.001", "T1090.001"],
        ),
        (
            Scenario::InboundFromInternet,
            Suspect::None,
            Remote,
            &["threat=exploit port=443 process=cmd.exe"],
            &["T1190"],
        ),
        (
            Scenario::InboundFromInternet,
            Suspect::None,
            Remote,
            &["threat=scan", "threat=brute-force"],
            &["T1110", "T1595"],
        ),
        (
            Scenario::InboundFromInternet,
            Suspect::Local,
            Remote,
            &["threat=callback message=response"],
            &["T1584.004"],
        ),
        (Scenario::InboundFromInternet, Suspect::None, Remote, &["threat=callback message=request"], &[]),
        (Scenario::MaliciousResponse, Suspect::Remote, Local, &["threat=exploit"], &["T1189", "T1203"]),
        (Scenario::LateralMovement, Suspect::Remote, Remote, &["threat=exploit port=445"], &["T1210"]),
        (
            Scenario::LateralMovement,
            Suspect::Local,
            Local,
            &["threat=brute-force port=3389", "threat=scan port=445"],
            &["T1021.001", "T1046", "T1110"],
        ),
        (Scenario::OutboundAttack, Suspect::Local, Local, &["threat=exploit port=80"], &["T1190"]),
        (Scenario::AuthorisedActivity, Suspect::None, Local, &["threat=scan process=cmd.exe"], &[]),
        (Scenario::Undetermined, Suspect::None, Origin::Undetermined, &["threat=callback port=443"], &[]),
    ] {
        assert_eq!(ids(scenario, suspect, origin, findings), expected, "{scenario} {suspect} {findings:?}");
    }
}
