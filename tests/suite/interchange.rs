//! The packs for other programs and other people: what they hold is what the model says, and the validators of each field
//! take it.

use crate::browser::print;
use crate::hostile::hostile_export;
use crate::program::{exports, profile, ringback, root, run, stdout};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The files of some packs for an export, with their names.
fn made(export: &Path, formats: &str, more: &[&str]) -> BTreeMap<String, String> {
    let folder = written(export, formats, more);
    std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

fn written(export: &Path, formats: &str, more: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut command = ringback(["report", "-q", "-f", formats, "-p"]);
    command.arg(profile()).args(more).arg("-o").arg(folder.path()).arg(export);
    let output = run(command);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

fn small() -> PathBuf {
    exports().join("miyako/ncie-b.csv")
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text:.200}"))
}

/// The interpreter that has the validators, where `cargo xtask validators` put them.
fn validators() -> Option<PathBuf> {
    let python = root().join("target/validators/bin/python");
    if python.is_file() {
        return Some(python);
    }
    _ = writeln!(std::io::stderr(), "SKIPPED: no validators; `cargo xtask validators` installs them");
    None
}

#[test]
fn the_validators_of_each_field_take_what_is_exchanged() {
    let Some(python) = validators() else { return };
    let (_folder, hostile) = hostile_export();
    for export in [hostile, small()] {
        let folder = written(&export, "stix,misp,ocsf", &["--set", "stix.observed=150"]);
        let mut command = Command::new(&python);
        command.arg(root().join("tests/interchange/validate.py")).arg(folder.path());
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let failed = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.is_empty(), "{said:.2000}{failed:.2000}");
    }
}

#[test]
fn a_validator_that_is_given_nonsense_says_so() {
    let Some(python) = validators() else { return };
    let folder = written(&small(), "stix,misp,ocsf", &["--set", "stix.observed=1"]);
    for (file, from, to) in [
        ("bundle.stix.json", "\"identity_class\"", "\"identity-class\""),
        ("event.misp.json", "\"type\":\"ip-", "\"type\":\"no-"),
        ("findings.ocsf.jsonl", "\"type_uid\":200401", "\"type_uid\":1"),
    ] {
        let path = folder.path().join(file);
        let good = std::fs::read_to_string(&path).unwrap();
        assert!(good.contains(from), "{file}: {good:.500}");
        std::fs::write(&path, good.replacen(from, to, 1)).unwrap();
        let mut command = Command::new(&python);
        command.arg(root().join("tests/interchange/validate.py")).arg(folder.path());
        assert!(!command.output().unwrap().status.success(), "{file}");
        std::fs::write(&path, good).unwrap();
    }
}

#[test]
fn identifiers_stay_the_same_and_every_finding_has_one() {
    let formats = "stix,misp,ocsf,csv,json";
    let (first, again) = (made(&small(), formats, &[]), made(&small(), formats, &["--threads", "1"]));
    assert_eq!(first, again);
    let model = json(&first["report.json"]);
    let ids = |list: &str| -> BTreeSet<String> {
        model[list].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    for file in ["bundle.stix.json", "event.misp.json", "findings.ocsf.jsonl", "findings.csv"] {
        for id in ids("findings").iter().chain(&ids("incidents")) {
            assert!(first[file].contains(id.as_str()), "{file}: {id}");
        }
    }
    assert_eq!(first["findings.ocsf.jsonl"].lines().count(), ids("findings").len());
    let bundle = json(&first["bundle.stix.json"]);
    let objects: Vec<&str> =
        bundle["objects"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(objects.iter().collect::<BTreeSet<_>>().len(), objects.len(), "no object is there twice");
}

#[test]
fn a_block_list_holds_what_is_blamed_and_never_the_clients_own() {
    let made = made(&exports(), "ioc,json", &["--set", "ioc.remarks=false"]);
    let listed: BTreeSet<&str> = made["indicators.txt"].lines().collect();
    let model = json(&made["report.json"]);
    let attacks = ["exploit", "ransomware", "scan", "brute-force"];
    let mut blamed = BTreeSet::new();
    for finding in model["findings"].as_array().unwrap() {
        let word = |name: &str| finding[name].as_str().unwrap_or_default();
        let called = ["outbound-callback", "malicious-response"].contains(&word("scenario"));
        let attacked = word("scenario") == "inbound-from-internet" && attacks.contains(&word("threat"));
        let outside = ["public", "name"].contains(&word("remote_scope"));
        if outside && (called || attacked && word("origin") == "remote") {
            blamed.insert(word("remote"));
        }
    }
    assert!(blamed.len() > 100);
    let missing: Vec<&&str> = blamed.iter().filter(|remote| !listed.contains(**remote)).collect();
    assert!(
        missing.iter().all(|remote| remote.contains("://") || remote.contains(char::is_uppercase)),
        "{missing:?}"
    );
    assert_eq!(listed.len(), blamed.len());
    for remote in model["remotes"].as_array().unwrap() {
        let scope = remote["scope"].as_str().unwrap();
        let own = !["public", "name"].contains(&scope);
        assert!(!(own && listed.contains(remote["remote"].as_str().unwrap())), "{remote}");
    }
    let more = ["--set", "defanged=true", "--set", "inbound=false"];
    let fewer = stdout({
        let mut command = ringback(["report", "-q", "-f", "ioc", "-p"]);
        command.arg(profile()).args(more).arg(exports());
        command
    });
    let lines: Vec<&str> = fewer.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(
        lines.len() < listed.len() && lines.iter().all(|line| line.contains("[.]") || line.contains("[:]"))
    );
}

#[test]
fn a_hostile_log_puts_nothing_else_on_a_block_list() {
    let (_folder, hostile) = hostile_export();
    let made = made(&hostile, "ioc,csv", &[]);
    let listed: Vec<&str> = made["indicators.txt"].lines().filter(|line| !line.starts_with('#')).collect();
    assert!(listed.iter().all(|line| line.parse::<std::net::IpAddr>().is_ok()), "{listed:?}");
    let mut reader = csv::Reader::from_reader(made["findings.csv"].as_bytes());
    let width = reader.headers().unwrap().len();
    for row in reader.records() {
        let row = row.unwrap();
        assert_eq!(row.len(), width);
        for cell in row.iter().map(str::trim) {
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
        }
    }
}

#[test]
fn what_is_for_a_ticket_fits_into_one() {
    let (_folder, hostile) = hostile_export();
    for export in [exports(), hostile] {
        let made = made(&export, "markdown,jira,json", &["--brief"]);
        let incidents = json(&made["report.json"])["summary"]["incidents"].as_u64().unwrap();
        for file in ["report.md", "report.jira.txt"] {
            let text = &made[file];
            assert!(text.encode_utf16().count() <= 32_000, "{file}");
            let told =
                text.lines().filter(|line| line.starts_with("### I-") || line.starts_with("h3. I-")).count();
            let rest = incidents - told as u64;
            let says = if rest == 0 { String::new() } else { format!("… and {rest} more incident") };
            assert!(told > 3 && text.contains(&says), "{file}: {told} of {incidents}");
        }
    }
    let output = run({
        let mut command = ringback(["report", "-q", "-f", "html", "--brief"]);
        command.arg(small());
        command
    });
    assert!(String::from_utf8_lossy(&output.stderr).contains("unknown option \"brief\""));
}

#[test]
fn the_page_for_managers_prints_on_one_sheet() {
    let (_folder, hostile) = hostile_export();
    for (export, language) in [(exports(), "en"), (exports(), "de"), (small(), "ja"), (hostile, "en")] {
        let folder = written(&export, "brief", &["--language", language]);
        let Some(pdf) = print(&folder.path().join("brief.html")) else { return };
        let text = String::from_utf8_lossy(&pdf);
        let pages = text.matches("/Type /Page").count() - text.matches("/Type /Pages").count();
        assert_eq!(pages, 1, "{language}: {}", export.display());
    }
}

#[test]
fn a_support_case_names_files_rows_and_what_to_attach() {
    let made = made(&small(), "case,json", &["--set", "case.incident_findings=5000"]);
    let (case, model) = (&made["case.txt"], json(&made["report.json"]));
    for input in model["inputs"].as_array().unwrap() {
        assert!(
            case.contains(input["name"].as_str().unwrap())
                && case.contains(input["sha256"].as_str().unwrap())
        );
    }
    for finding in model["findings"].as_array().unwrap() {
        let place = &finding["evidence"][0];
        let told = format!("{}, record {}", place["source"].as_str().unwrap(), place["record"]);
        assert!(case.replace(',', "").contains(&told.replace(',', "")), "{told}");
    }
    assert!(case.contains("Attach to a vendor case"));
}
