//! Other vendors by data alone: a layout file and nothing else makes their logs readable, and the verdicts are those that
//! the traffic means. Source and destination of these logs are no sides; the client's networks tell which is which.

use crate::program::{ringback, root, run, stdout};
use std::path::PathBuf;

/// The client of the samples: what is own besides the private ranges, and a resolver.
const PROFILE: &str = "schema = 1\n[networks]\nown = [\"22.99.0.0/24\", \"2001:db8:20::/48\"]\n\
    [[relay]]\naddress = \"10.20.0.53\"\nkind = \"dns\"\n";

/// What each record means: number, local address, origin, its basis, scenario, suspect.
type Meaning = (u64, &'static str, &'static str, &'static str, &'static str, &'static str);

const SURICATA: &[Meaning] = &[
    // A host of the client calls out, and the answer comes back: the host asked both times.
    (1, "10.20.0.15", "local", "direction-and-message", "outbound-callback", "local"),
    (2, "10.20.0.15", "local", "direction-and-message", "outbound-callback", "local"),
    // The outside asks the web server, and the web server answers: the outside asked both times.
    (3, "22.99.0.10", "remote", "direction-and-message", "inbound-from-internet", "none"),
    (4, "22.99.0.10", "remote", "direction-and-message", "inbound-from-internet", "none"),
    // Between own hosts, the one that attacks is the suspect.
    (5, "10.20.0.31", "local", "direction-and-message", "lateral-movement", "local"),
    // What a host fetched attacked it.
    (6, "10.20.0.40", "local", "direction-and-message", "malicious-response", "remote"),
    // No word on request or response: the side on a server's port was asked.
    (7, "22.99.0.10", "remote", "ports", "inbound-from-internet", "none"),
    // IPv6, own by the profile.
    (9, "2001:db8:20::15", "local", "direction-and-message", "outbound-callback", "local"),
    // The resolver stands for the host that asked it.
    (10, "10.20.0.53", "local", "direction-and-message", "outbound-callback", "behind-relay"),
];

const PALOALTO: &[Meaning] = &[
    (1, "10.20.0.15", "local", "direction-and-message", "outbound-callback", "local"),
    // From the server to the client of a session that the own host opened.
    (2, "10.20.0.40", "local", "direction-and-message", "malicious-response", "remote"),
    (3, "22.99.0.10", "remote", "direction-and-message", "inbound-from-internet", "none"),
    (4, "10.20.0.31", "local", "direction-and-message", "lateral-movement", "local"),
    (5, "22.99.0.10", "remote", "direction-and-message", "inbound-from-internet", "none"),
    // From the own server to the client of a session that the outside opened.
    (6, "22.99.0.10", "remote", "direction-and-message", "inbound-from-internet", "none"),
    (7, "10.20.0.53", "local", "direction-and-message", "outbound-callback", "behind-relay"),
];

const ZEEK: &[Meaning] = &[
    (1, "10.20.0.15", "local", "direction-and-message", "outbound-callback", "local"),
    // A scan is about no connection: the notice names both sides itself.
    (2, "10.20.0.31", "local", "direction-and-message", "lateral-movement", "local"),
    // The signature matched the server's answer; the outside opened the connection.
    (4, "22.99.0.10", "remote", "direction-and-message", "inbound-from-internet", "none"),
    (5, "22.99.0.10", "remote", "direction-and-message", "inbound-from-internet", "none"),
    (6, "10.20.0.31", "local", "direction-and-message", "lateral-movement", "local"),
];

fn folder() -> PathBuf {
    root().join("tests/layouts")
}

/// Holds what `events` says of a sample against what it means; `rejected` records are told on standard error.
fn check(layout: &str, sample: &str, meanings: &[Meaning], rejected: &[&str]) {
    let profile = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
    std::fs::write(profile.path(), PROFILE).unwrap();
    let mut command = ringback(["events", "-p"]);
    command.arg(profile.path()).arg("--layout").arg(folder().join(format!("{layout}.toml")));
    command.arg(folder().join(layout).join(sample));
    let output = run(command);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (events, said) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    let told: Vec<serde_json::Value> =
        events.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (event, meaning) in told.iter().zip(meanings) {
        let word = |name: &str| event[name].as_str().unwrap_or_default();
        let told = (
            event["record"].as_u64().unwrap(),
            word("local_ip"),
            word("origin"),
            word("origin_basis"),
            word("scenario"),
            word("suspect"),
        );
        assert_eq!(told, *meaning, "{event:#}");
    }
    assert_eq!(told.len(), meanings.len(), "{events}");
    for reason in rejected {
        assert!(said.contains(reason), "{reason}: {said}");
    }
}

#[test]
fn suricata_eve_alerts() {
    check("suricata-eve", "eve.json", SURICATA, &["other-event", "truncated-row"]);
}

#[test]
fn palo_alto_threat_log() {
    check("paloalto-threat", "threat.csv", PALOALTO, &[]);
}

#[test]
fn zeek_notices() {
    check("zeek-notice", "notice.log", ZEEK, &["no-address"]);
}

#[test]
fn without_their_layouts_these_logs_fit_none() {
    for (layout, sample) in
        [("suricata-eve", "eve.json"), ("paloalto-threat", "threat.csv"), ("zeek-notice", "notice.log")]
    {
        let mut command = ringback(["triage", "-q"]);
        command.arg(folder().join(layout).join(sample));
        let output = run(command);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("fits no layout") && said.contains("ringback layouts new "), "{said}");
    }
}

#[test]
fn all_of_them_together_are_one_report() {
    let mut command = ringback(["report", "-q", "-f", "json"]);
    for layout in ["suricata-eve", "paloalto-threat", "zeek-notice"] {
        command.arg("--layout").arg(folder().join(format!("{layout}.toml")));
    }
    for sample in ["suricata-eve/eve.json", "paloalto-threat/threat.csv", "zeek-notice/notice.log"] {
        command.arg(folder().join(sample));
    }
    let model: serde_json::Value = serde_json::from_str(&stdout(command)).unwrap();
    let names = |list: &serde_json::Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|entry| entry["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&model["method"]["layouts"]), ["paloalto-threat", "suricata-eve", "zeek-notice"]);
    let files = &model["method"]["data_files"];
    assert_eq!(names(files), ["paloalto-threat.toml", "suricata-eve.toml", "zeek-notice.toml"]);
    assert!(files.as_array().unwrap().iter().all(|file| file["sha256"].as_str().unwrap().len() == 64));
    assert_eq!(model["accounting"]["in_findings"], 21);
}
