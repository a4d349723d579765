//! What the commands of parts refuse, and what they say.

use super::{How, merged, parts_of, report, succeed, with_profile};
use crate::program::{exports, failed, ok, ringback, run, stderr, text};
use std::fs;
use std::path::{Path, PathBuf};

/// A part of the examples of one client.
fn part(client: &str, out: &Path) -> PathBuf {
    let part = out.join(format!("{client}.tally"));
    let mut command = with_profile("tally");
    command.arg(exports().join(client)).arg("--relative-to").arg(exports()).arg("-o").arg(&part);
    succeed(command);
    part
}

#[test]
fn the_examples_in_parts_make_the_same_reports() {
    let folder = tempfile::tempdir().unwrap();
    let parts: Vec<PathBuf> =
        ["stadtwerke", "harbour", "miyako"].iter().map(|client| part(client, folder.path())).collect();
    let whole = [exports()];
    for format in ["json", "markdown", "html"] {
        assert!(report(format, &[], &whole) == report(format, &[], &parts), "{format}");
    }
    let all = merged(parts, &[1, 0], folder.path());
    assert_eq!(all.len(), 1);
    assert!(report("json", &[], &whole) == report("json", &[], &all));
    // By whatever name, in a folder, in an archive, and through a pipe.
    let other = tempfile::tempdir().unwrap();
    fs::copy(&all[0], other.path().join("counts.csv")).unwrap();
    assert!(report("json", &[], &whole) == report("json", &[], &[other.path().to_owned()]));
    let mut piped = with_profile("report");
    piped.args(["-f", "json", "-"]).stdin(fs::File::open(&all[0]).unwrap());
    assert!(report("json", &[], &whole) == crate::program::stdout(piped));
    let triage = |path: &Path| {
        let mut command = with_profile("triage");
        command.arg(path);
        crate::program::stdout(command)
    };
    assert_eq!(triage(&exports()), triage(&all[0]));
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let headings = "Date/Time,Endpoint,Local IP,Remote IP,Result,List Source,Traffic Direction\n";
    let row = "2026-11-03 10:00:00,DB01,10.0.0.5:50123,11.22.33.44:443,Logged,Relevance Rule,Outgoing\n";
    for name in ["a.csv", "b.csv"] {
        fs::write(at(name), format!("{headings}{row}")).unwrap();
    }
    let tally = |file: &str, part: &str, options: &[&str]| {
        let (file, part) = (at(file), at(part));
        ok(&[&["tally", "-q", text(&file), "-o", text(&part)], options].concat())
    };
    tally("a.csv", "a.tally", &[]);
    tally("b.csv", "b.tally", &[]);
    tally("b.csv", "since.tally", &["--since", "2026-11-01"]);
    tally("b.csv", "zone.tally", &["--time-zone", "Asia/Tokyo"]);
    let whole = fs::read(at("a.tally")).unwrap();
    fs::write(at("cut.tally"), &whole[..whole.len() - 9]).unwrap();
    let mut damaged = whole.clone();
    damaged[60] ^= 1;
    fs::write(at("damaged.tally"), damaged).unwrap();
    let mut newer = whole;
    newer[9] = 9;
    fs::write(at("newer.tally"), newer).unwrap();
    let path = |name: &str| text(&at(name)).to_owned();
    for (arguments, expected) in [
        (vec!["merge", "a.tally", "since.tally", "-o", "x"], "were counted for other periods"),
        (vec!["merge", "a.tally", "zone.tally", "-o", "x"], "were counted with another --time-zone"),
        (vec!["merge", "a.tally", "a.csv", "-o", "x"], "a.csv is no part\nhint: `ringback tally`"),
        (vec!["merge", "a.tally", "b.tally", "-o", "a.tally"], "hint: --force writes over it"),
        (vec!["tally", "a.tally", "-o", "x"], "a.tally is a part already\nhint: `ringback merge`"),
        (vec!["tally", "a.csv", "b.csv", "--name", "c", "-o", "x"], "--name is for one input"),
        (vec!["report", "since.tally"], "was counted for other periods than are asked for\nhint: --since"),
        (vec!["report", "zone.tally"], "was counted with another --time-zone\nhint:"),
        (
            vec!["report", "a.tally", "--rejects", "x"],
            "it has counts and not the rows\nhint: name the exports",
        ),
        (vec!["report", "a.tally", "a.csv"], "both hold a.csv\nhint:"),
        (
            vec!["events", "a.tally"],
            "a.tally is a part: it has counts and not the rows\nhint: name the exports",
        ),
        (vec!["inspect", "a.tally"], "a.tally is a part: it has counts and not the rows\nhint:"),
        (vec!["explain", "a.tally:1"], "a.tally is a part: it has counts and not the rows\nhint:"),
        (vec!["triage", "cut.tally"], "cut.tally: it is cut off\nhint: copy it again"),
        (vec!["triage", "damaged.tally"], "damaged.tally: it is damaged: the checksum of a section"),
        (
            vec!["triage", "newer.tally"],
            "newer.tally: it has schema 9, and this version reads schema 1\nhint:",
        ),
    ] {
        let named: Vec<String> = arguments
            .iter()
            .map(|argument| {
                if argument.contains('.') || *argument == "x" {
                    path(argument)
                } else {
                    (*argument).to_owned()
                }
            })
            .collect();
        let told = failed(&named.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(told.contains(expected), "{arguments:?}: {told}");
    }
}

#[test]
fn a_missing_split_and_one_that_is_there_twice_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let (exports, out) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir(&exports).unwrap();
    fs::create_dir(&out).unwrap();
    let headings = "Date/Time,Endpoint,Local IP,Remote IP,Result,List Source,Traffic Direction\n";
    let row = "2026-11-03 10:00:00,DB01,10.0.0.5:50123,11.22.33.44:443,Logged,Relevance Rule,Outgoing\n";
    fs::write(exports.join("log.csv"), [headings.to_owned(), row.repeat(40)].concat()).unwrap();
    let parts = parts_of(&exports, "log.csv", &How::Split(vec![300, 600]), &out);
    let told = |paths: &[&PathBuf]| {
        let mut command = with_profile("report");
        command.args(paths);
        let output = run(command);
        assert_eq!(output.status.code(), Some(1));
        stderr(&output)
    };
    let missing = told(&[&parts[0], &parts[2]]);
    assert!(missing.contains("of log.csv are in no part\nhint: tally them too, with --bytes "), "{missing}");
    let mut twice = ringback(["merge", "-o"]);
    twice.arg(out.join("x")).args([&parts[0], &parts[1]]).arg(out.join("again.tally"));
    fs::copy(&parts[1], out.join("again.tally")).unwrap();
    let output = run(twice);
    assert!(stderr(&output).contains("are in more than one part"), "{}", stderr(&output));
}
