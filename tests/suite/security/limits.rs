//! Inputs that are made to cost more than they are worth, under a cap on memory that is set from outside.
#![cfg(target_os = "linux")]

use crate::program::{ringback, run};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const HEADINGS: &str = "Date/Time,Endpoint,Local IP,Remote IP,Result,List Source,Traffic Direction\n";

const ROW: &str = "2026-11-03 10:00:00,A,10.0.0.5,11.22.33.44,Logged,Relevance Rule,Outgoing\n";

/// The memory that a run may take, address space of its threads and its program included.
const CAP_KIB: u64 = 1536 * 1024;

/// The report of some path as JSON, under the cap.
fn capped(path: &Path) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("ulimit -v {CAP_KIB} && exec \"$@\"")).arg("sh");
    let report = ringback(["report", "-f", "json", "--threads", "2"]);
    command.arg(report.get_program()).args(report.get_args()).arg(path);
    command.env("SOURCE_DATE_EPOCH", "1795500000").stdin(Stdio::null());
    command
}

fn told(output: &Output) -> (serde_json::Value, String) {
    let errors = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(output.status.success(), "{:?}: {errors}", output.status);
    (serde_json::from_slice(&output.stdout).unwrap(), errors)
}

fn gzip(parts: &[&[u8]], zeros: usize) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for part in parts {
        encoder.write_all(part).unwrap();
    }
    let block = vec![b'0'; 1 << 20];
    (0..zeros).for_each(|_| encoder.write_all(&block).unwrap());
    encoder.finish().unwrap()
}

/// Survives: a gzip and a zip bomb (1 GiB each) behind honest rows | the honest rows are counted, the limit is named with
/// its number
#[test]
fn bombs_end_at_their_limit() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.csv.gz"), gzip(&[HEADINGS.as_bytes(), ROW.as_bytes()], 1024)).unwrap();
    let mut archive = zip::ZipWriter::new(fs::File::create(folder.path().join("b.zip")).unwrap());
    archive.start_file("b.csv", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all([HEADINGS, ROW].concat().as_bytes()).unwrap();
    let block = vec![b'0'; 1 << 20];
    (0..1024).for_each(|_| archive.write_all(&block).unwrap());
    archive.finish().unwrap();
    let (model, errors) = told(&run({
        let mut command = capped(folder.path());
        command.arg("--keep-duplicates");
        command
    }));
    assert_eq!(errors.matches("the limit (expansion ratio").count(), 2, "{errors}");
    assert!(model["accounting"]["in_findings"].as_u64().unwrap() >= 1, "{}", model["accounting"]);
}

/// Survives: a line of 1 GiB | it is rejected as too long, the rows around it are counted
#[test]
fn an_endless_line_is_rejected() {
    let mut child = capped(Path::new("-"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || {
        let block = vec![b'x'; 1 << 20];
        pipe.write_all([HEADINGS, ROW].concat().as_bytes()).unwrap();
        (0..1024).for_each(|_| pipe.write_all(&block).unwrap());
        pipe.write_all(["\n", ROW, ROW].concat().as_bytes()).unwrap();
    });
    let (model, errors) = told(&child.wait_with_output().unwrap());
    feeder.join().unwrap();
    assert_eq!(model["accounting"]["in_findings"], 3, "{errors}");
    assert!(errors.contains("1 row rejected (too-long), first in -, record 2, line 3"), "{errors}");
}

/// Survives: a heading and rows of a million columns | the input is refused or its rows rejected, and named; in 1.5 GiB at most
#[test]
fn a_million_columns_are_too_many() {
    let folder = tempfile::tempdir().unwrap();
    let wide = ",x".repeat(1_000_000);
    fs::write(folder.path().join("heading.csv"), format!("{}{wide}\n{ROW}", HEADINGS.trim())).unwrap();
    fs::write(folder.path().join("row.csv"), format!("{HEADINGS}{ROW}{}{wide}\n{ROW}", ROW.trim())).unwrap();
    let (model, errors) = told(&run(capped(folder.path())));
    assert!(errors.contains("heading.csv: ") && errors.contains("1 row rejected (too-long)"), "{errors}");
    assert_eq!(model["accounting"]["in_findings"], 2, "{errors}");
}

/// Survives: ten thousand files, a folder 300 deep, links in a loop | every file is counted once
#[test]
fn many_files_deep_folders_and_loops_are_read_once() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..10_000 {
        fs::write(folder.path().join(format!("{number}.csv")), [HEADINGS, ROW].concat()).unwrap();
    }
    let mut deep = folder.path().to_owned();
    (0..300).for_each(|_| deep.push("d"));
    fs::create_dir_all(&deep).unwrap();
    fs::write(deep.join("deep.csv"), [HEADINGS, ROW].concat()).unwrap();
    std::os::unix::fs::symlink(folder.path(), deep.join("loop")).unwrap();
    std::os::unix::fs::symlink("self.csv", folder.path().join("self.csv")).unwrap();
    let mut command = capped(folder.path());
    command.arg("--keep-duplicates");
    let (model, errors) = told(&run(command));
    assert_eq!(model["accounting"]["in_findings"], 10_001, "{errors}");
    assert!(errors.contains("left aside 2 files"), "{errors}");
}

/// Survives: clocks before 1970, after 9999 and in no calendar | every row is counted or rejected with its reason, in every
/// pack
#[test]
fn clocks_may_be_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let times = [
        "1601-01-01 00:00:00",
        "1900-01-01 00:00:00",
        "1969-12-31 23:59:59",
        "1970-01-01 00:00:00",
        "9999-12-31 23:59:59",
        "10000-01-01 00:00:00",
        "0000-00-00 00:00:00",
        "0001-01-01 00:00:00",
        "-0001-01-01 00:00:00",
        "99999999999999999999-01-01 00:00:00",
        "2026-02-30 00:00:00",
        "2026-11-03 24:00:00",
        "2026-12-31 23:59:60",
        "",
    ];
    let rows: String = times.iter().map(|time| ROW.replacen("2026-11-03 10:00:00", time, 1)).collect();
    fs::write(folder.path().join("x.csv"), [HEADINGS, ROW, &rows].concat()).unwrap();
    let (model, errors) = told(&run(capped(folder.path())));
    let count = |fate: &str| model["accounting"][fate].as_u64().unwrap();
    assert_eq!(count("rows"), 1 + times.len() as u64, "{errors}");
    assert_eq!(count("in_findings") + count("rejected"), count("rows"), "{errors}");
    assert!(count("in_findings") >= 3 && count("rejected") >= 5, "{}", model["accounting"]);
    for pack in super::injection::packs() {
        super::injection::artefacts(&pack, folder.path());
    }
}
