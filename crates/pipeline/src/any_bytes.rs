//! What must hold of a whole run whatever its inputs are. For tests and for fuzzing.

use crate::{Event, Fate, Investigation, Request, Silent, Window, investigate};
use ringback_model::{Instant, Profile};
use ringback_parse::Layouts;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};

static LAYOUTS: LazyLock<Layouts> =
    LazyLock::new(|| Layouts::builtin().expect("the layouts that are built in are sound"));

/// What parts the inputs of a run.
const BETWEEN: &[u8] = b"\n--8<--\n";

/// The most inputs that are written.
const MOST: usize = 5;

/// Names of inputs: of a kind that is told by its bytes alone.
const NAMES: [&str; MOST] = ["a.csv", "b.log", "c.csv", "d.txt", "e.csv"];

/// How a run is made.
#[derive(Clone, Copy, Debug)]
struct Way {
    threads: usize,
    backwards: bool,
    keep_duplicates: bool,
}

/// Investigates inputs with one thread and with several, in their order and against it. The first byte tells whether there is
/// a window and a profile; inputs are parted by a line.
///
/// # Panics
/// Where the rows do not add up, or one way tells something else than another.
pub fn investigate_inputs(input: &[u8]) {
    let Some((first, rest)) = input.split_first() else { return };
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let paths = written(folder.path(), rest);
    let keep_duplicates = first & 1 != 0;
    let one = Way { threads: 1, backwards: false, keep_duplicates };
    let run = |way| investigate(&request(&paths, *first, way), &Silent);
    let Ok(found) = run(one) else { return };
    let told = told(&found);
    for way in [Way { threads: 3, ..one }, Way { backwards: true, ..one }] {
        let other = run(way).expect("what could be investigated once can be so again");
        assert_eq!(self::told(&other), told, "{way:?}");
    }
    // Where rows of several inputs count each time, each row counts in its input as if it were alone.
    if let Ok(all) = run(Way { keep_duplicates: true, ..one }) {
        let accounting = &all.case.accounting;
        assert_eq!(accounting.duplicate, 0);
        assert_eq!(accounting.rows, found.case.accounting.rows);
        assert_eq!(accounting.rejected, found.case.accounting.rejected);
    }
}

/// Writes the inputs; gives their paths.
fn written(folder: &Path, rest: &[u8]) -> Vec<PathBuf> {
    let mut left = rest;
    let mut paths = Vec::new();
    for (number, name) in NAMES.iter().enumerate() {
        let end = left.windows(BETWEEN.len()).position(|window| window == BETWEEN);
        let end = end.filter(|_| number + 1 < MOST);
        let path = folder.join(name);
        std::fs::write(&path, &left[..end.unwrap_or(left.len())])
            .expect("a file in a folder for temporary files");
        paths.push(path);
        match end {
            Some(end) => left = &left[end + BETWEEN.len()..],
            None => break,
        }
    }
    paths
}

fn request(paths: &[PathBuf], first: u8, way: Way) -> Request {
    let mut paths = paths.to_vec();
    if way.backwards {
        paths.reverse();
    }
    let profile = if first & 2 == 0 { Profile::default() } else { profile() };
    let noon = (first & 4 != 0).then(|| Instant::from_seconds(1_592_481_600));
    Request {
        window: Window { since: noon, until: None },
        profile,
        threads: way.threads,
        hash_inputs: true,
        read_again: true,
        advise: true,
        keep_duplicates: way.keep_duplicates,
        keep_rejected: true,
        ..Request::of(paths, LAYOUTS.clone())
    }
}

/// A profile that accepts and cuts.
fn profile() -> Profile {
    let text = "schema = 1\n[[suppress]]\nreason = \"x\"\nowner = \"x\"\nexpires = \"2031-01-31\"\nremote = \"1.2.3.4\"\n";
    ringback_context::parse_profile(text, "profile").expect("the profile is sound")
}

/// All that an investigation tells; its rows must add up, and be told again as they were counted.
fn told(found: &Investigation) -> String {
    let case = &found.case;
    let all = &case.accounting;
    let fates = [all.in_findings, all.suppressed, all.filtered, all.duplicate, all.rejected];
    assert_eq!(fates.iter().sum::<u64>(), all.rows, "every row has one fate: {all:?}");
    assert_eq!(case.findings.iter().map(|one| one.tally.rows).sum::<u64>(), all.in_findings);
    assert_eq!(case.incidents.iter().map(|one| one.rows).sum::<u64>(), all.in_findings);
    assert_eq!(found.suppressed.iter().map(|one| one.finding.tally.rows).sum::<u64>(), all.suppressed);
    assert_eq!(all.rejects.iter().map(|one| one.rows).sum::<u64>(), all.rejected);
    let faults = found.failed.iter().filter(|(_, why)| why.contains(crate::fault::FAULT)).count();
    assert_eq!(faults, 0, "the program fails on no input: {:?}", found.failed);
    let mut text = format!("{all:?}\n{:?}\n{:?}\n{:?}\n", case.inputs, case.timeline, case.statements);
    for one in &case.findings {
        let (detection, incident) =
            (one.detection.with(&case.symbols), &case.incidents[one.incident as usize]);
        let reasons = &case.reasons[one.reasons as usize];
        let says = (
            one.id,
            one.fingerprint,
            detection.fingerprint(),
            &one.tally,
            &one.verdict,
            reasons,
            incident.id,
        );
        writeln!(text, "{says:?}").expect("a string takes any text");
    }
    let mut incidents = case.incidents.clone();
    for log in incidents.iter_mut().flat_map(|one| &mut one.logs) {
        // Which number a text has depends on the threads.
        writeln!(text, "{}", case.symbols.text(std::mem::take(&mut log.product)))
            .expect("a string takes any text");
    }
    writeln!(text, "{:?} {:?} {incidents:?}", found.rejected, found.failed).expect("a string takes any text");
    text + &events(found)
}

/// The rows once more; of each finding there must be as many as it was counted.
fn events(found: &Investigation) -> String {
    let rows: Mutex<BTreeMap<_, u64>> = Mutex::default();
    let mut out = Vec::new();
    let append = |event: &Event<'_>, out: &mut Vec<u8>| {
        let (place, fate, id) = (event.place, event.fate, event.finding.id);
        out.extend(format!("{place:?} {fate:?} {id:?} {:?} {}\n", event.time, event.occurrences).bytes());
        if fate == Fate::InFindings {
            *rows.lock().expect("nobody failed with it").entry(id).or_default() += 1;
        }
    };
    found.events(&append, &mut out).expect("what was read once can be read again");
    let rows = rows.into_inner().expect("nobody failed with it");
    let counted: BTreeMap<_, u64> = found.case.findings.iter().map(|one| (one.id, one.tally.rows)).collect();
    assert_eq!(rows, counted, "rows as they are told and as they were counted");
    String::from_utf8(out).expect("what is written is text")
}

#[cfg(test)]
#[path = "../../../fuzz/replay.rs"]
mod replay;

#[cfg(test)]
mod tests {
    use super::replay::replay;
    use super::*;

    /// Survives: the corpus of the fuzz target `runs` | the rows add up, and any number of threads and any order of inputs
    /// give the same
    #[test]
    fn the_corpus_of_runs_adds_up_in_every_way() {
        replay("runs", b"", investigate_inputs);
    }
}
