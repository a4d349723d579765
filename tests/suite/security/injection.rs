//! Every hostile text in every text field, through every pack and every verb that prints.

use super::corpus::{exports, files, harmless, hostile};
use super::markup::{Shape, assert_inert, shape};
use crate::program::{ringback, run};
use ringback_report::Registry;
use std::path::Path;
use tempfile::TempDir;

/// The names of all packs that are built in.
pub(super) fn packs() -> Vec<String> {
    Registry::new(Vec::new()).list().unwrap().into_iter().map(|listed| listed.name).collect()
}

/// The artefacts of a pack for some exports.
pub(super) fn artefacts(pack: &str, exports: &Path) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut command = ringback(["report", "-q", "-f", pack, "-o"]);
    let output = run({
        command.arg(folder.path()).arg(exports);
        command
    });
    assert!(output.status.success(), "{pack}: {}", String::from_utf8_lossy(&output.stderr));
    folder
}

/// Survives: hostile text in every field of an export, in every pack | each artefact, parsed in its own format, has the
/// same elements, attributes, links, formulas and parts as with harmless text
#[test]
fn no_pack_takes_text_for_more_than_text() {
    let (bad, good) = (exports(&hostile()), exports(&harmless()));
    for pack in packs() {
        let [bad, good] = [&bad, &good].map(|exports| files(artefacts(&pack, exports.path()).path()));
        let names =
            |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&bad), names(&good), "{pack}: a log names no file");
        for ((name, bad), (_, good)) in bad.iter().zip(&good) {
            assert!(bad.len() > 200, "{pack}: {name} is empty");
            assert_inert(name, bad);
            let allowed: Shape = shape(name, good);
            let strange: Vec<_> = shape(name, bad).difference(&allowed).cloned().collect();
            assert!(strange.is_empty(), "{pack}: {name} has what harmless text does not make: {strange:?}");
        }
    }
}

/// The verbs that print, and the ending of the kind of text that they print.
const VERBS: &[(&[&str], &str)] = &[
    (&["triage", "--color", "never", "--top", "100000"], "txt"),
    (&["inspect"], "txt"),
    (&["inspect", "--json"], "json"),
    (&["events", "-f", "jsonl"], "jsonl"),
    (&["events", "-f", "csv"], "csv"),
];

/// Survives: hostile text on the terminal | no control, escape, hidden or turning character comes out of any verb; CSV and
/// JSON on standard output parse and hold no formula
#[test]
fn no_verb_lets_text_steer_the_terminal() {
    let exports = exports(&hostile());
    for (verb, ending) in VERBS {
        let mut command = ringback(*verb);
        command.arg(exports.path());
        let output = run(command);
        assert!(output.status.success() && output.stdout.len() > 1000, "{verb:?}");
        assert_inert(&format!("{verb:?}.{ending}"), &output.stdout);
        assert_inert(&format!("{verb:?}, standard error.txt"), &output.stderr);
    }
    for file in files(exports.path()) {
        for record in [1, 19, 60] {
            let mut command = ringback(["explain"]);
            command.arg(format!("{}:{record}", exports.path().join(&file.0).display()));
            let output = run(command);
            assert_inert("explain.txt", &[output.stdout, output.stderr].concat());
        }
    }
}

/// Survives: rejected rows of hostile text | the file of rejects parses as CSV and holds no formula
#[test]
fn rejected_rows_are_written_as_text() {
    let exports = tempfile::tempdir().unwrap();
    let path = exports.path().join("bad.csv");
    let mut writer = csv::Writer::from_path(&path).unwrap();
    writer
        .write_record([
            "Date/Time",
            "Endpoint",
            "Local IP",
            "Remote IP",
            "Result",
            "List Source",
            "Traffic Direction",
        ])
        .unwrap();
    writer.write_record(["2026-11-01 10:00:00", "A", "10.0.0.1", "11.1.1.1", "x", "x", "Outgoing"]).unwrap();
    for text in hostile() {
        writer.write_record([&text, "A", "10.0.0.1", "11.1.1.1", "x", "x", "Outgoing"]).unwrap();
    }
    writer.flush().unwrap();
    drop(writer);
    let rejects = exports.path().join("rejects.out");
    let mut command = ringback(["triage", "--rejects"]);
    command.arg(&rejects).arg(&path);
    let output = run(command);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_inert("standard error.txt", &output.stderr);
    let written = std::fs::read(&rejects).unwrap();
    assert!(written.len() > 2000);
    assert_inert("rejects.csv", &written);
}

/// Names of files that would do harm if a system or an artefact took them for more than text.
const NAMES: &[&str] = &[
    "<img src=x onerror=alert(1)>.csv",
    "=1+1.csv",
    "\u{1b}[31mred\u{202e}vsc.csv",
    "[x](javascript:alert(1)).csv",
    "two\nlines.csv",
    "{{ 7*7 }} $(id) `id`.csv",
    "-rf.csv",
];

fn named(name: &str, folder: &Path) {
    let row = "Date/Time,Endpoint,Local IP,Remote IP,Result,List Source,Traffic Direction\n\
               2026-11-03 10:00:00,A,10.0.0.5,11.22.33.44,Logged,Relevance Rule,Outgoing\n";
    std::fs::write(folder.join(name), row).unwrap();
}

/// Survives: hostile names of files | they are text in every pack, on the terminal and in errors
#[cfg(unix)]
#[test]
fn names_of_files_are_text() {
    let (bad, good) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (number, name) in NAMES.iter().enumerate() {
        named(name, bad.path());
        named(&format!("name{number}.csv"), good.path());
    }
    for pack in packs() {
        let [bad, good] = [&bad, &good].map(|exports| files(artefacts(&pack, exports.path()).path()));
        for ((name, bad), (_, good)) in bad.iter().zip(&good) {
            assert_inert(name, bad);
            let allowed = shape(name, good);
            let strange: Vec<_> = shape(name, bad).difference(&allowed).cloned().collect();
            assert!(strange.is_empty(), "{pack}: {name}: {strange:?}");
        }
    }
    for verb in ["triage", "inspect", "report", "events", "explain"] {
        let mut command = ringback([verb]);
        command.arg("\u{1b}]0;owned\u{7}\u{202e}.csv").current_dir(bad.path());
        let output = run(command);
        assert!(!output.status.success(), "{verb}");
        assert_inert("standard error.txt", &output.stderr);
    }
}

/// Survives: an archive whose entries are named to leave their folder | nothing is written anywhere, and the names are told
/// harmlessly
#[test]
fn entries_of_archives_go_nowhere() {
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let mut writer = zip::ZipWriter::new(std::fs::File::create(folder.path().join("x.zip")).unwrap());
    for name in ["../../up.csv", "/abs.csv", "C:\\x.csv", "..\\b.csv", "\u{1b}[31m.csv", "<b>.csv"] {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer
            .write_all(
                b"Date/Time,Endpoint,Local IP,Remote IP,Result,List Source,Traffic Direction\n\
                  2026-11-03 10:00:00,A,10.0.0.5,11.22.33.44,Logged,Relevance Rule,Outgoing\n",
            )
            .unwrap();
    }
    writer.finish().unwrap();
    let mut command = ringback(["report", "-f", "json"]);
    command.arg(folder.path());
    let output = run(command);
    assert!(output.status.success());
    let model: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let names: Vec<&str> =
        model["inputs"].as_array().unwrap().iter().map(|input| input["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 6);
    for name in names {
        assert!(name.starts_with("x.zip/") && !name.contains(".."), "{name}");
        assert!(!name.contains(|c: char| c.is_control()), "{name:?}");
    }
    assert_eq!(files(folder.path()).len(), 1);
}
