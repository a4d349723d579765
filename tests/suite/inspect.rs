//! `inspect`: what it tells of made-up files, of every fixture, and how it ends.
//!
//! Beside each file in `tests/inspections` stands what is told of it, for people and for programs.
//! `UPDATE_INSPECTIONS=1` writes that anew: it is then to be read by somebody before it is kept.

use crate::program::{exports, ringback, root, run, stdout};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const HEADINGS: &str = "Date/Time,Endpoint,Local IP,Remote IP,Result,List Source,Traffic Direction,Colour\n";

fn row(time: &str, endpoint: &str, colour: &str) -> String {
    format!(
        "{time},{endpoint},10.0.0.5:50123,11.22.33.44:443,Logged,ZBOT - HTTP (Request),Outgoing,{colour}\n"
    )
}

/// A file of rows at some times.
fn log(folder: &Path, name: &str, times: &[&str]) -> PathBuf {
    let rows: String = times.iter().map(|time| row(time, "DB01", "red")).collect();
    let path = folder.join(name);
    fs::write(&path, format!("{HEADINGS}{rows}")).unwrap();
    path
}

fn inspect(options: &[&str], paths: &[PathBuf]) -> Command {
    let mut command = ringback(["inspect", "-q"]);
    command.args(options).args(paths);
    command
}

fn json(options: &[&str], paths: &[PathBuf]) -> Value {
    let mut command = inspect(&["--json"], paths);
    command.args(options);
    serde_json::from_str(&stdout(command)).unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// The files of a folder that are no expectations.
fn inputs(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_input = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        path.is_file() && !["expected", "text", "json"].contains(&ending)
    };
    let mut files: Vec<PathBuf> = entries.filter(is_input).collect();
    files.sort();
    files
}

#[test]
fn files_are_told_as_expected() {
    let mut wrong = Vec::new();
    let files = inputs(&root().join("tests/inspections"));
    assert!(files.len() >= 4, "{files:?}");
    for file in &files {
        for (ending, option) in [("text", "--color=never"), ("json", "--json")] {
            let output = run(inspect(&[option], std::slice::from_ref(file)));
            let told = String::from_utf8(output.stdout).unwrap();
            let expected = PathBuf::from(format!("{}.{ending}", file.display()));
            if std::env::var_os("UPDATE_INSPECTIONS").is_some() {
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
fn every_reject_of_every_fixture_is_explained() {
    let schema: Value =
        serde_json::from_str(&fs::read_to_string(root().join("docs/inspection.schema.json")).unwrap())
            .unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let mut folders: Vec<PathBuf> = fs::read_dir(root().join("crates/parse/fixtures"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    let (mut files, mut rejects) = (0, 0);
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        for file in entries.filter(|path| path.extension().is_none_or(|ending| ending != "expected")) {
            let told = json(&[], std::slice::from_ref(&file));
            assert!(schema.is_valid(&told), "{}", file.display());
            let input = &told["inputs"][0];
            let layout = folder.file_name().unwrap().to_str().unwrap();
            let layouts = list(&input["recognised"]["layouts"]);
            assert!(layouts.iter().any(|one| one["name"] == layout), "{}: {layouts:?}", file.display());
            explained(input);
            files += 1;
            rejects += list(&input["rejects"]).len();
        }
    }
    assert!(files >= 24 && rejects >= 10, "{files} files, {rejects} rejects");
}

/// Every rejected record has a reason with a sentence and a place, and every record is accounted for.
fn explained(input: &Value) {
    let count = |value: &Value| value.as_u64().unwrap();
    let mut rejected = 0;
    for reject in list(&input["rejects"]) {
        let meaning = reject["meaning"].as_str().unwrap();
        assert!(meaning.len() > 40 && meaning.ends_with('.') && !meaning.starts_with("about."), "{reject}");
        let places = list(&reject["places"]);
        assert!(!places.is_empty() && places.iter().all(|place| count(&place["line"]) > 0), "{reject}");
        rejected += count(&reject["records"]);
    }
    assert_eq!(rejected, count(&input["rejected"]), "{}", input["name"]);
    assert_eq!(count(&input["records"]), count(&input["rows"]) + rejected, "{}", input["name"]);
}

#[test]
fn exit_codes_and_refused_options() {
    let folder = tempfile::tempdir().unwrap();
    let good = log(folder.path(), "good.csv", &["2026-11-01 10:00"]);
    let bad = log(folder.path(), "bad.csv", &["2026-11-01 10:00", "soon"]);
    let none = folder.path().join("none.csv");
    fs::write(&none, "a,b\n1,2\n").unwrap();
    for (options, paths, expected) in [
        (&[][..], vec![good.clone()], 0),
        (&["--strict"], vec![good.clone()], 0),
        (&[], vec![bad.clone()], 0),
        (&["--strict"], vec![bad], 3),
        (&[], vec![none.clone()], 1),
        (&["--json"], vec![none.clone()], 1),
        (&[], vec![none.clone(), good.clone()], 0),
        (&["--strict"], vec![none, good.clone()], 3),
        (&["--since", "2026-11-01"], vec![good.clone()], 2),
        (&["--fail-on", "low"], vec![good.clone()], 2),
        (&["--time-zone", "Mars/Base"], vec![good], 1),
        (&[], vec![folder.path().join("absent.csv")], 1),
    ] {
        assert_eq!(run(inspect(options, &paths)).status.code(), Some(expected), "{options:?} {paths:?}");
    }
}

#[test]
fn threads_and_the_order_of_inputs_change_nothing() {
    let mut files: Vec<PathBuf> = ["harbour", "stadtwerke", "miyako"]
        .iter()
        .flat_map(|client| inputs(&exports().join(client)))
        .collect();
    for option in ["--json", "--color=always"] {
        let one = stdout(inspect(&[option, "--threads", "1"], &files));
        files.reverse();
        files.push(files[3].clone());
        assert!(one == stdout(inspect(&[option, "--threads", "8"], &files)), "{option}");
        files.pop();
    }
    let told = json(&[], &files);
    list(&told["inputs"]).iter().for_each(explained);
}

#[test]
fn hostile_cells_headings_and_names_do_not_steer_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let hostile = ["\u{1b}[2J\u{1b}]0;x\u{7}", "a\u{202e}b\u{200b}", "\u{9b}31m", &"日本語".repeat(4000)];
    let rows: String = hostile.iter().map(|cell| row("2026-11-01 10:00", "DB01", cell)).collect();
    let headings = HEADINGS.replace("Colour", "\u{1b}[31mCol\u{2066}our");
    let file = folder.path().join("a\u{202e}b.csv");
    fs::write(&file, format!("{headings}{rows}\u{1b}[5m,\u{7},x,y,z,\u{202e},w,v\n")).unwrap();
    let told = stdout(inspect(&["--color=always"], std::slice::from_ref(&file)));
    let unpainted = ["", "1", "2", "31", "33", "0"]
        .iter()
        .fold(told, |text, code| text.replace(&format!("\u{1b}[{code}m"), ""));
    let steers = |char: char| char.is_control() && char != '\n' || matches!(char, '\u{200b}'..='\u{206f}');
    assert!(!unpainted.contains(steers), "{unpainted:?}");
    assert!(unpainted.contains("\\u{1b}[2J") && unpainted.contains("a\\u{202e}b"), "{unpainted}");
    assert!(unpainted.lines().all(|line| line.chars().count() <= 80), "{unpainted}");
}

/// The notes of the one input in a report.
fn notes(mut command: Command) -> Vec<String> {
    command.env("TZ", "UTC");
    let report: Value = serde_json::from_str(&stdout(command)).unwrap();
    list(&report["inputs"][0]["notes"]).iter().map(|note| note.as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_dates_leave_open_is_said_in_the_report_too() {
    let folder = tempfile::tempdir().unwrap();
    for (times, order, says, rejected) in [
        (
            &["02/03/2026 10:00", "04/05/2026 10:00", "03/04/2026 10:00"][..],
            ("mdy", "ambiguous"),
            "The order of day and month is ambiguous. With month first the times run from 2026-02-03 10:00:00 UTC to \
                2026-04-05 10:00:00 UTC, and this was taken. With day first they would run from 2026-03-02 10:00:00 UTC \
                to 2026-05-04 10:00:00 UTC; give --date-order dmy if that is right.",
            0,
        ),
        (
            &["09/01/2026 10:00", "10/01/2026 10:00", "01/02/2026 10:00"],
            ("dmy", "log-order"),
            "The log runs in the order of time with day first, from 2026-01-09 10:00:00 UTC to 2026-02-01 10:00:00 UTC",
            0,
        ),
        (
            &["13/06/2026 10:00", "14/06/2026 10:00", "06/15/2026 10:00"],
            ("dmy", "proven"),
            "The dates prove their order, day first; 1 date contradicts it and was rejected.",
            1,
        ),
        (
            &["13/06/2026 10:00", "14/06/2026 10:00", "2026-07-06 10:00"],
            ("dmy", "proven"),
            "1 date is written otherwise than the rest.",
            0,
        ),
    ] {
        let file = log(folder.path(), "log.csv", times);
        let mut piped = ringback(["report", "-q", "-f", "json", "-"]);
        piped.stdin(Stdio::from(fs::File::open(&file).unwrap()));
        let of = |threads: &str| {
            let mut command = ringback(["report", "-q", "-f", "json", "--threads", threads]);
            command.arg(&file);
            notes(command)
        };
        let told = of("1");
        assert!(told.iter().any(|note| note.contains(says)), "{told:?}");
        assert_eq!(told, of("4"));
        assert_eq!(told, notes(piped));
        let inspected = json(&[], std::slice::from_ref(&file));
        let input = &inspected["inputs"][0];
        let times = &input["recognised"]["times"];
        assert_eq!((&times["order"]["order"], &times["order"]["basis"]), (&order.0.into(), &order.1.into()));
        assert_eq!(times["order"]["contradicted"], rejected);
        assert_eq!(input["rejected"], rejected);
    }
}

#[test]
fn duplicates_are_told_by_the_earlier_inputs_that_hold_them() {
    let folder = tempfile::tempdir().unwrap();
    let at = |times: &[u32]| times.iter().map(|hour| format!("2026-11-01 {hour:02}:00")).collect::<Vec<_>>();
    let mut files = Vec::new();
    for (name, hours) in [("a.csv", &[1, 2, 2][..]), ("b.csv", &[2, 2, 2, 3]), ("c.csv", &[2, 2, 2, 3, 1, 4])]
    {
        let times = at(hours);
        files.push(log(folder.path(), name, &times.iter().map(String::as_str).collect::<Vec<_>>()));
    }
    let expected = serde_json::json!([
        [],
        [{ "input": "a.csv", "rows": 2 }],
        [{ "input": "a.csv", "rows": 3 }, { "input": "b.csv", "rows": 2 }],
    ]);
    let duplicates = |told: &Value| -> Value {
        list(&told["inputs"]).iter().map(|input| input["duplicates"].clone()).collect()
    };
    assert_eq!(duplicates(&json(&[], &files)), expected);
    let mut command = ringback(["report", "-q", "-f", "json"]);
    command.args(&files);
    let report: Value = serde_json::from_str(&stdout(command)).unwrap();
    assert_eq!(duplicates(&report), expected);
    assert_eq!(report["accounting"]["duplicate"], 7);
    let mut command = ringback(["report", "-q", "-f", "markdown"]);
    command.args(&files);
    let markdown = stdout(command);
    for line in ["| b.csv | a.csv | 2 |", "| c.csv | a.csv | 3 |", "| c.csv | b.csv | 2 |"] {
        assert!(markdown.replace('\\', "").contains(line), "{markdown}");
    }
    assert_eq!(duplicates(&json(&["--keep-duplicates"], &files)), serde_json::json!([[], [], []]));
}

#[test]
fn rejected_rows_go_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = log(folder.path(), "log.csv", &["2026-11-01 10:00", "soon"]);
    let rejects = folder.path().join("rejects.out");
    let mut command = inspect(&["--rejects"], std::slice::from_ref(&rejects));
    command.arg(&file);
    stdout(command);
    let text = fs::read_to_string(rejects).unwrap();
    assert!(text.lines().count() == 2 && text.contains("\"log.csv\",2,3,bad-time,"), "{text}");
}
