//! Verbs, options and exit codes.

use crate::program::{exports, profile, ringback, run, stdout};
use calamine::{Data, Reader, Xlsx};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const HEADINGS: &str = "Date/Time,Endpoint,Local IP,Remote IP,Result,List Source,Traffic Direction\n";

const ROW: &str = "2026-10-01 09:15:02,DB01,10.0.0.5:50123,11.22.33.44:443,Logged,ZBOT - HTTP (Request) - Variant 4,Outgoing\n";

fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    path
}

fn code(command: Command) -> i32 {
    run(command).status.code().unwrap()
}

fn on(args: &[&str], paths: &[PathBuf]) -> Command {
    let mut command = ringback(args);
    command.args(paths);
    command
}

#[test]
fn exit_codes_are_a_contract() {
    let folder = tempfile::tempdir().unwrap();
    let good = file(&folder, "good.csv", &format!("{HEADINGS}{ROW}"));
    let broken = file(&folder, "broken.csv", &format!("{HEADINGS}{ROW}2026-10-01,cut\n"));
    let none = file(&folder, "none.csv", "a,b\n1,2\n");
    for (args, paths, expected) in [
        (&["triage"][..], vec![good.clone()], 0),
        (&["triage", "--strict"], vec![good.clone()], 0),
        (&["triage"], vec![broken.clone()], 0),
        (&["triage", "--strict"], vec![broken.clone()], 3),
        (&["triage", "--fail-on", "critical"], vec![good.clone()], 4),
        (&["events", "-f", "xlsx"], vec![good.clone()], 2),
        (&["triage", "--fail-on", "critical", "--until", "2026-09-30"], vec![good.clone()], 0),
        (&["triage"], vec![none.clone()], 1),
        (&["triage"], vec![none.clone(), good.clone()], 0),
        (&["triage", "--strict"], vec![none, good.clone()], 3),
        (&["triage"], vec![folder.path().join("absent.csv")], 1),
        (&["triage", "--time-zone", "Mars/Olympus"], vec![good.clone()], 1),
        (&["triage", "--no-such-option"], vec![good.clone()], 2),
        (&["triage"], vec![], 2),
        (&["report", "-f", "no-such-format"], vec![good], 1),
    ] {
        assert_eq!(code(on(args, &paths)), expected, "{args:?} {paths:?}");
    }
}

#[test]
fn a_file_that_can_not_be_read_is_told_and_the_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    file(&folder, "a.csv", "Remote IP,Colour\n1.2.3.4,red\n");
    file(&folder, "b.csv", &format!("{HEADINGS}{ROW}"));
    let output = run(on(&["report", "-f", "json"], &[folder.path().to_owned()]));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("a.csv") && said.contains("fits no layout"), "{said}");
    let model: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(model["accounting"]["rows"], 1);
    assert_eq!(model["inputs"][0]["layout"], serde_json::Value::Null);
    assert!(!model["inputs"][0]["notes"].as_array().unwrap().is_empty());
    assert_eq!(model["accounting"]["rejects"][0]["reason"], "no-layout");
}

#[test]
fn reports_are_not_written_over_without_force() {
    let folder = tempfile::tempdir().unwrap();
    let good = file(&folder, "good.csv", &format!("{HEADINGS}{ROW}"));
    let out = folder.path().join("report.md");
    let command = |force: bool| {
        let mut command = on(&["report", "-q", "-f", "markdown", "-o"], &[out.clone(), good.clone()]);
        command.args(force.then_some("--force"));
        command
    };
    assert_eq!(code(command(false)), 0);
    fs::write(&out, "mine").unwrap();
    let refused = run(command(false));
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--force"));
    assert_eq!(fs::read_to_string(&out).unwrap(), "mine");
    assert_eq!(code(command(true)), 0);
    assert_ne!(fs::read_to_string(&out).unwrap(), "mine");
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn standard_input_is_an_export_too() {
    let folder = tempfile::tempdir().unwrap();
    let good = file(&folder, "good.csv", &format!("{HEADINGS}{ROW}{ROW}"));
    let mut command = ringback(["events", "-"]);
    command.stdin(Stdio::from(fs::File::open(good).unwrap()));
    let events = stdout(command);
    assert_eq!(events.lines().count(), 2);
    assert!(events.contains("\"source\":\"-\""));
}

#[test]
fn time_is_cut_by_since_and_until() {
    let mut all = 0;
    for (since, until) in [("2026-10-01", "2026-10-10"), ("2026-10-11", "2026-12-31")] {
        let mut command = ringback(["report", "-q", "-f", "json", "--since", since, "--until", until, "-p"]);
        command.arg(profile()).arg(exports());
        let model: serde_json::Value = serde_json::from_str(&stdout(command)).unwrap();
        let accounting = &model["accounting"];
        let kept = |name: &str| accounting[name].as_u64().unwrap();
        assert!(kept("filtered") > 0);
        all += kept("in_findings") + kept("suppressed") + kept("duplicate");
    }
    let mut command = ringback(["report", "-q", "-f", "json", "-p"]);
    command.arg(profile()).arg(exports());
    let model: serde_json::Value = serde_json::from_str(&stdout(command)).unwrap();
    let whole = |name: &str| model["accounting"][name].as_u64().unwrap();
    assert_eq!(all, whole("rows") - whole("rejected"));
}

#[test]
fn profiles_are_made_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("client.toml");
    let init = || on(&["profile", "init"], std::slice::from_ref(&path));
    assert_eq!(code(init()), 0);
    assert_eq!(code(init()), 1, "an existing profile stays");
    assert_eq!(code(on(&["profile", "check"], std::slice::from_ref(&path))), 0);
    fs::write(&path, "schema = 1\n[networks]\nowm = []\n").unwrap();
    let output = run(on(&["profile", "check"], &[path]));
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("line 3") && said.contains("did you mean"), "{said}");
}

#[test]
fn help_completions_and_manual_come_from_one_tree() {
    for (args, part) in [
        (&["--help"][..], "Exit codes"),
        (&["report", "--help"], "--force"),
        (&["completions", "bash"], "ringback"),
        (&["completions", "fish"], "triage"),
        (&["man"], ".TH"),
        (&["--version"], "ringback"),
    ] {
        assert!(stdout(ringback(args)).contains(part), "{args:?}");
    }
}

#[test]
fn a_workbook_of_events_says_what_their_csv_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made").join("events.xlsx");
    let paths = [exports()];
    let mut command = on(&["events", "-q", "-f", "xlsx", "-o"], std::slice::from_ref(&path));
    command.args(&paths).arg("-p").arg(profile());
    stdout(command);
    let mut command = on(&["events", "-q", "-f", "csv"], &paths);
    command.arg("-p").arg(profile());
    let csv = stdout(command);
    let mut book: Xlsx<_> = calamine::open_workbook(&path).unwrap();
    assert_eq!(book.sheet_names(), ["events"]);
    let sheet = book.worksheet_range("events").unwrap();
    let mut lines = csv::Reader::from_reader(csv.as_bytes());
    let columns: Vec<String> = lines.headers().unwrap().iter().map(str::to_owned).collect();
    assert!(sheet.rows().next().unwrap().iter().map(ToString::to_string).eq(columns.iter().cloned()));
    assert_eq!(sheet.rows().count() - 1, csv::Reader::from_reader(csv.as_bytes()).records().count());
    for (row, line) in sheet.rows().skip(1).zip(lines.records()) {
        for ((column, cell), told) in columns.iter().zip(row).zip(&line.unwrap()) {
            match cell {
                Data::DateTime(_) => assert!(told.ends_with('Z'), "{column}: {told}"),
                // The CSV guards what a spreadsheet would take for a formula.
                Data::String(text) => assert_eq!(text, told.strip_prefix('\'').unwrap_or(told), "{column}"),
                Data::Bool(value) => assert_eq!(value.to_string(), told, "{column}"),
                other => assert_eq!(other.to_string(), told, "{column}"),
            }
        }
    }
    let left: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing else is left: {left:?}");
}
