//! `explain`: what it tells of rows of every fate and of findings of reports, and how it ends.
//!
//! In `tests/explanations` stands what is told of some rows, for people and for programs. `UPDATE_EXPLANATIONS=1` writes
//! that anew: it is then to be read by somebody before it is kept.

use crate::program::{exports, profile, ringback, root, run, stdout};
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const HEADINGS: &str = "Date/Time,Endpoint,Local IP,Remote IP,Result,List Source,Traffic Direction\n";

const ROW: &str =
    "2026-11-01 10:00,DB01,10.0.0.5:50123,11.22.33.44:443,Logged,ZBOT - HTTP (Request),Outgoing\n";

fn folder() -> PathBuf {
    root().join("tests/explanations")
}

fn explain<A: AsRef<std::ffi::OsStr>>(target: &str, options: impl IntoIterator<Item = A>) -> Command {
    let mut command = ringback(["explain", "-q", target]);
    command.args(options).current_dir(folder());
    command
}

fn json<A: AsRef<std::ffi::OsStr>>(target: &str, options: impl IntoIterator<Item = A>) -> Value {
    let mut command = explain(target, options);
    command.arg("--json");
    valid(&stdout(command))
}

/// A document that fits the schema.
fn valid(text: &str) -> Value {
    let schema = fs::read_to_string(root().join("docs/explanation.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let told: Value = serde_json::from_str(text).unwrap();
    assert!(schema.is_valid(&told), "{text}");
    told
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn step<'v>(told: &'v Value, what: &str) -> &'v Value {
    list(&told["steps"]).iter().find(|step| step["step"] == what).unwrap()
}

fn field<'v>(told: &'v Value, name: &str) -> &'v Value {
    list(&told["fields"]).iter().find(|field| field["name"] == name).unwrap()
}

#[test]
fn rows_are_told_as_expected() {
    let mut wrong = Vec::new();
    for (name, target, options) in [
        ("published-and-vulnerable", "june.csv:1", &["-p", "profile.toml"][..]),
        ("callback", "june.csv:2", &["-p", "profile.toml", "later.csv", "callbacks.csv"]),
        ("suppressed", "june.csv:3", &["-p", "profile.toml"]),
        ("filtered", "june.csv:4", &["--until", "2026-06-01"]),
        ("rejected", "june.csv:5", &[]),
        ("undetermined", "june.csv:6", &["--language", "de"]),
        ("duplicate", "later.csv:1", &["june.csv", "--language", "ja"]),
        ("callback-log", "callbacks.csv:1", &[]),
    ] {
        for (ending, option) in [("text", "--color=never"), ("json", "--json")] {
            let mut command = explain(target, options);
            command.arg(option);
            let told = stdout(command);
            if ending == "json" {
                valid(&told);
            } else {
                let wide = told.lines().filter(|line| line.chars().count() > 80).collect::<Vec<_>>();
                assert!(wide.is_empty(), "{name}: {wide:?}");
            }
            let expected = folder().join(format!("{name}.{ending}"));
            if std::env::var_os("UPDATE_EXPLANATIONS").is_some() {
                fs::write(&expected, &told).unwrap();
            }
            if fs::read_to_string(&expected).unwrap_or_default() != told {
                wrong.push(format!("{}:\n{told}", expected.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn explanations_say_what_events_say() {
    let mut command = ringback(["events", "-q", "-p"]);
    command.arg(profile()).arg(exports());
    let events: Vec<Value> =
        stdout(command).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(events.len() > 10_000, "{}", events.len());
    let fates = ["in-findings", "duplicate", "suppressed"];
    let each = fates.iter().filter_map(|fate| events.iter().position(|event| event["fate"] == *fate));
    let numbers: Vec<usize> = each.chain((0..events.len()).step_by(events.len() / 5)).collect();
    assert!(numbers.len() >= 7, "{numbers:?}");
    for event in numbers.into_iter().map(|number| &events[number]) {
        let target = format!("{}:{}", event["source"].as_str().unwrap(), event["record"]);
        let told = json(&target, [PathBuf::from("-p"), profile(), exports()]);
        assert_eq!(told["row"]["line"], event["line"], "{target}");
        assert_eq!(told["fate"], event["fate"], "{target}");
        for name in ["finding", "incident"] {
            assert_eq!(told[name], event[name], "{name} of {target}");
        }
        for (what, name) in [
            ("scope", "remote_scope"),
            ("origin", "origin"),
            ("scenario", "scenario"),
            ("suspect", "suspect"),
            ("stopped", "stopped"),
            ("target", "target"),
            ("exposure", "exposure"),
            ("vulnerable", "vulnerable"),
            ("severity", "severity"),
        ] {
            assert_eq!(step(&told, what)["value"], event[name], "{name} of {target}");
        }
        for name in [
            "endpoint",
            "local_ip",
            "remote_ip",
            "remote",
            "direction",
            "message",
            "result",
            "list",
            "rule",
            "threat",
        ] {
            assert_eq!(field(&told, name)["value"], event[name], "{name} of {target}");
        }
        let said = list(&told["steps"]).iter().map(|step| list(&step["reasons"]).len()).sum::<usize>();
        assert_eq!(said + list(&told["settles"]).len(), list(&event["reasons"]).len(), "{target}");
    }
}

#[test]
fn what_does_not_exist_or_is_spelled_wrong() {
    let other = tempfile::tempdir().unwrap();
    fs::write(other.path().join("none.csv"), "a,b\n1,2\n").unwrap();
    let none = other.path().join("none.csv:1").display().to_string();
    let huge = "june.csv:99999999999999999999999999";
    for (target, options, code, says) in [
        ("june.csv:0", &[][..], 1, "hint: it has 6 records, counted from 1"),
        ("june.csv:7", &[], 1, "june.csv has no record 7"),
        (huge, &[], 1, "june.csv has no record"),
        ("absent.csv:1", &[], 1, "absent.csv is not there"),
        ("absent.csv:1", &["june.csv"], 1, "there is no input absent.csv\nhint: the inputs are june.csv"),
        (&none, &[], 1, "ringback inspect"),
        ("june.csv", &[], 2, "is not FILE:RECORD"),
        ("june.csv:", &[], 2, "is not FILE:RECORD"),
        ("june.csv:-1", &[], 2, "is not FILE:RECORD"),
        (":1", &[], 2, "is not FILE:RECORD"),
        ("june.csv:1", &["--fail-on", "low"], 2, "can not be used with explain"),
        ("june.csv:1", &["--strict"], 2, "can not be used with explain"),
        ("june.csv:1", &["--time-zone", "Mars/Base"], 1, "not a known time zone"),
        ("june.csv", &["--finding", "F-1"], 1, "written with -f json"),
        ("absent.json", &["--finding", "F-1"], 1, "absent.json"),
    ] {
        let output = run(explain(target, options));
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{target} {options:?}: {error}");
        assert!(error.contains(says), "{target} {options:?}: {error}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn hostile_cells_do_not_steer_the_terminal() {
    let other = tempfile::tempdir().unwrap();
    let hostile = "\u{1b}[2J\u{1b}]0;x\u{7}a\u{202e}b\u{200b}\u{9b}31m".repeat(60);
    let row = ROW.replace("DB01", &format!("\"{hostile}\r\nnext\""));
    let file = other.path().join("a\u{202e}b.csv");
    let headings = HEADINGS.replace('\n', ",\u{1b}[31mCol\u{2066}our\n");
    fs::write(&file, format!("{headings}{},{hostile}\n", row.trim_end())).unwrap();
    let target = format!("{}:1", file.display());
    let told = stdout(explain(&target, ["--color=always"]));
    let unpainted = ["", "1", "2", "31", "33", "0"]
        .iter()
        .fold(told, |text, code| text.replace(&format!("\u{1b}[{code}m"), ""));
    let steers = |char: char| {
        char.is_control() && char != '\n'
            || matches!(char, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
    };
    assert!(!unpainted.contains(steers), "{unpainted:?}");
    assert!(unpainted.contains("\\u{1b}[2J"), "{unpainted}");
}

#[test]
fn records_of_archives_and_other_encodings_and_after_quoted_line_breaks() {
    let other = tempfile::tempdir().unwrap();
    let quoted = ROW.replace("DB01", "\"DB01\n,2\"");
    let text = format!("{HEADINGS}{quoted}{}", ROW.replace("DB01", "DB02"));
    let wide: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(other.path().join("wide.csv"), wide).unwrap();
    let mut archive = zip::ZipWriter::new(fs::File::create(other.path().join("week.zip")).unwrap());
    for name in ["days/monday.csv", "tuesday.csv"] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap();
    let at = |name: &str| other.path().join(name).display().to_string();
    for name in ["wide.csv:2", "week.zip/days/monday.csv:2", "week.zip/tuesday.csv:2"] {
        let told = json(&at(name), [] as [&str; 0]);
        assert_eq!((&told["row"]["record"], &told["row"]["line"]), (&2.into(), &4.into()), "{name}");
        assert_eq!(field(&told, "endpoint")["value"], "DB02", "{name}");
        assert_eq!(field(&told, "endpoint")["heading"], "Endpoint");
        assert_eq!(field(&told, "message")["from"], "rule-name");
    }
    let output = run(explain(&at("week.zip:1"), [] as [&str; 0]));
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(error.contains("holds several inputs") && error.contains("week.zip/tuesday.csv"), "{error}");
}

#[test]
fn the_context_is_that_of_what_is_read_with_it() {
    let other = tempfile::tempdir().unwrap();
    let exploit = "2026-11-01 10:00,WEB9,10.0.0.5:443,11.22.33.44:50123,Blocked,CVE-2017-5638 - APACHE STRUTS EXPLOIT - HTTP (Request),Incoming\n";
    let call = "2026-11-02 10:00,WEB9,10.0.0.5:50123,11.22.33.99:443,Logged,ZBOT - HTTP (Request),Outgoing\n";
    fs::write(other.path().join("a.csv"), format!("{HEADINGS}{exploit}")).unwrap();
    fs::write(other.path().join("b.csv"), format!("{HEADINGS}{call}")).unwrap();
    let target = format!("{}:1", other.path().join("a.csv").display());
    let severity = |told: &Value| step(told, "severity")["value"].as_str().unwrap().to_owned();
    let alone = json(&target, [] as [&str; 0]);
    let together = json(&target, [other.path()]);
    assert_eq!((severity(&alone), severity(&together)), ("low".to_owned(), "high".to_owned()));
    assert_eq!((list(&alone["notes"]).len(), list(&together["notes"]).len()), (1, 0));
    assert_eq!(json("a.csv:1", [other.path()]), together, "by the name that the report has");
    for (told, key) in [(&alone, "if.called-out"), (&together, "if.nothing-seen")] {
        let changes = list(&step(told, "severity")["changes"]);
        let keys: Vec<&Value> =
            changes.iter().flat_map(|change| list(&change["premises"])).map(|one| &one["key"]).collect();
        assert!(keys.iter().any(|one| **one == *key), "{key}: {keys:?}");
    }
}

/// A report of a copy of the example rows, and the path of that copy.
fn report(other: &Path) -> Value {
    for name in ["june.csv", "later.csv"] {
        fs::copy(folder().join(name), other.join(name)).unwrap();
    }
    let mut command = ringback(["report", "-q", "-f", "json", "june.csv", "later.csv"]);
    command.current_dir(other);
    let text = stdout(command);
    fs::write(other.join("report.json"), &text).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn findings_of_reports() {
    let other = tempfile::tempdir().unwrap();
    let report = report(other.path());
    let file = other.path().join("report.json").display().to_string();
    let findings = list(&report["findings"]);
    assert!(findings.len() >= 4);
    for finding in findings {
        let id = finding["id"].as_str().unwrap();
        let told = json(&file, ["--finding", id]);
        assert_eq!(told["finding"], finding["id"]);
        assert_eq!(told["incident"], finding["incident"]);
        assert_eq!(told["row"]["record"], finding["evidence"][0]["record"]);
        assert_eq!(step(&told, "severity")["value"], finding["severity"]);
    }
    let id = findings[0]["id"].as_str().unwrap();
    assert_eq!(json(&file, ["--finding", &id[..id.len() - 2]]), json(&file, ["--finding", id]));
    // The inputs are elsewhere.
    let away = tempfile::tempdir().unwrap();
    for name in ["june.csv", "later.csv"] {
        fs::rename(other.path().join(name), away.path().join(name)).unwrap();
    }
    let mut command = explain(&file, ["--finding", id, "--json"]);
    command.current_dir(other.path());
    let stored = valid(&stdout(command));
    assert_eq!((&stored["fate"], &stored["row"]), (&"stored".into(), &Value::Null));
    assert!(stored["notes"][0].as_str().unwrap().contains("can not be reached"), "{stored}");
    for (what, name) in [("origin", "origin"), ("scenario", "scenario"), ("severity", "severity")] {
        assert_eq!(step(&stored, what)["value"], findings[0][name]);
    }
    assert!(!list(&stored["advice"]).is_empty());
    let mut command = explain(&file, ["--finding", id]);
    command.current_dir(other.path());
    let page = stdout(command);
    assert!(page.contains(id) && page.lines().all(|line| line.chars().count() <= 80), "{page}");
    let found = json(&file, ["--finding".as_ref(), id.as_ref(), away.path().as_os_str()]);
    assert_eq!(found["finding"], id);
    // An input that is another by now is named.
    let changed = away.path().join("later.csv");
    fs::write(&changed, fs::read_to_string(&changed).unwrap() + "\n").unwrap();
    let found = json(&file, ["--finding".as_ref(), id.as_ref(), away.path().as_os_str()]);
    assert!(list(&found["notes"]).iter().any(|note| note.as_str().unwrap().contains("later.csv")), "{found}");
}
