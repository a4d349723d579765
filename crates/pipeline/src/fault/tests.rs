//! A program that fails in one input tells it and goes on with the others.

use crate::{Event, Investigation, Progress, Request, investigate};
use ringback_parse::Layouts;
use std::path::Path;

const HEADINGS: &str = "Date/Time,Endpoint,Local IP,Remote IP,Result,List Source,Traffic Direction\n";

/// Fails while an input of this name is read, when so many rows of all were read.
struct Failing {
    name: &'static str,
}

impl Progress for Failing {
    fn started(&self, _: usize, _: u64) {}
    fn opened(&self, name: &str) {
        assert!(name != self.name, "told to fail");
    }
    fn read(&self, _: u64, _: u64) {}
    fn closed(&self, name: &str) {
        assert!(Some(name) != self.name.strip_prefix("late "), "told to fail after the last row");
    }
    fn judging(&self) {}
}

fn rows(host: &str) -> String {
    let row = |second: u32| {
        format!("2026-11-03 10:00:{second:02},{host},10.0.0.5,11.22.33.44,Logged,Relevance Rule,Outgoing\n")
    };
    [HEADINGS.to_owned(), (0..30).map(row).collect()].concat()
}

fn read(folder: &Path, progress: &dyn Progress, threads: usize, keep_duplicates: bool) -> Investigation {
    let request = Request {
        threads,
        hash_inputs: true,
        keep_duplicates,
        ..Request::of(vec![folder.to_owned()], Layouts::builtin().unwrap())
    };
    investigate(&request, progress).unwrap()
}

/// Survives: a panic while rows are read a second time | the run ends with an error that names the input, and not in the middle
/// of a row
#[test]
fn a_fault_in_the_second_reading_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    for (name, host) in [("a.csv", "A"), ("b.csv", "B")] {
        std::fs::write(folder.path().join(name), rows(host)).unwrap();
    }
    for threads in [1, 4] {
        let request = Request {
            threads,
            read_again: true,
            ..Request::of(vec![folder.path().to_owned()], Layouts::builtin().unwrap())
        };
        let found = investigate(&request, &Failing { name: "none" }).unwrap();
        let line = |event: &Event<'_>, out: &mut Vec<u8>| {
            assert!((event.source, event.place.record) != ("b.csv", 7), "told to fail");
            out.extend(format!("{} {}\n", event.source, event.place.record).bytes());
        };
        let mut written = Vec::new();
        let error = found.events(&line, &mut written).unwrap_err().to_string();
        assert_eq!(error, "b.csv: a fault of the program stopped its second reading");
        let written = String::from_utf8(written).unwrap();
        assert!(
            written.ends_with('\n') && written.lines().all(|line| line.starts_with("a.csv ")),
            "{written}"
        );
    }
}

/// Survives: a worker that panics | the input is named as unreadable, the others are counted to the last row
#[test]
fn a_fault_in_one_input_costs_that_input_alone() {
    let folder = tempfile::tempdir().unwrap();
    for (name, host) in [("a.csv", "A"), ("b.csv", "B"), ("c.csv", "C")] {
        std::fs::write(folder.path().join(name), rows(host)).unwrap();
    }
    for name in ["a.csv", "b.csv", "late b.csv", "c.csv"] {
        for (threads, keep_duplicates) in [(1, true), (4, true), (1, false), (4, false)] {
            let found = read(folder.path(), &Failing { name }, threads, keep_duplicates);
            let failed: Vec<&str> = found.failed.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(failed, [name.trim_start_matches("late ")]);
            assert!(found.failed[0].1.contains("a fault of the program"), "{:?}", found.failed);
            assert_eq!((found.case.accounting.rows, found.case.accounting.in_findings), (60, 60), "{name}");
        }
    }
}
