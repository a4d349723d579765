//! The floors: what each stage of reading takes, measured one on top of the other on the file of the benchmark.
//!
//! Each rung does all that the one before does and one thing more, in one thread; the last ones are the product's own
//! readers and tallies. Beside them stand whole processes on the same file.

use super::commands::{self, Measurable, Places};
use super::data::Made;
use super::{BenchArgs, build, chosen, make, target_folder, warm};
use anyhow::{Context, bail};
use ringback_model::Segment;
use ringback_parse::{Layouts, Plan, ReadOptions, RowEvent, Split, SplitReader, Stage, plan};
use ringback_tally::{Key, Seen, SharedTally, TallyWriter};
use std::fs::{self, File};
use std::hint::black_box;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

/// How much is read at a time, as the product does.
const BLOCK: usize = 256 * 1024;

/// Commands that run beside the ladder.
const BESIDE: [&str; 3] = ["cat", "triage", "polars"];

/// What the product does in one thread, by its arguments: each does what the one before does and one thing more.
const OF_ONE_THREAD: [(&str, &[&str]); 4] = [
    ("triage: counted, judged, told in short", &["triage"]),
    ("with input hashes, advice, Markdown", &["report", "-f", "markdown"]),
    ("with HTML", &["report", "-f", "markdown,html"]),
    ("with a workbook", &["report", "-f", "markdown,html,xlsx"]),
];

/// What is measured on.
struct Bench<'b> {
    made: &'b Made,
    path: &'b Path,
    plan: &'b Plan,
    runs: usize,
}

/// Measures the ladder and prints it. What is measured is built in release, so that a build of another kind starts one.
///
/// # Errors
/// The file can not be made or read, or the program can not be built.
pub(crate) fn run(root: &Path, arguments: &BenchArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    if cfg!(debug_assertions) {
        return in_release(root);
    }
    let target = target_folder(root)?;
    let work = target.join("bench-work");
    let usual = ["plain".to_owned()];
    let named = arguments.only.as_slice();
    let datasets = chosen(if named.is_empty() { usual.as_slice() } else { named })?;
    let data = make(&datasets, arguments, &target.join("bench-data"), out)?;
    fs::create_dir_all(&work).with_context(|| work.display().to_string())?;
    let places =
        Places { root: root.to_owned(), program: build(root)?, python: arguments.peers.clone(), work };
    for dataset in datasets {
        let made = &data[dataset.name];
        let path = made.files.first().context("a data set of no file")?;
        let mut head = Vec::new();
        File::open(path)?.take(BLOCK as u64).read_to_end(&mut head)?;
        let plan = plan(&head, false, &Layouts::builtin()?, &ReadOptions::default())?;
        warm(made)?;
        let bench = Bench { made, path, plan: &plan, runs: arguments.runs.max(1) };
        writeln!(out, "\n{:<52} {:>8} {:>8} {:>8} {:>8}", "one thread", "s", "GB/s", "ns/row", "more")?;
        bench.ladder(out)?;
        writeln!(
            out,
            "\n{:<52} {:>8} {:>8} {:>8} {:>8}",
            "whole processes of one thread", "s", "GB/s", "ns/row", "more"
        )?;
        bench.of_one_thread(&places, out)?;
        writeln!(out, "\nwhole processes")?;
        for command in commands::in_turn(dataset.name).filter(|command| BESIDE.contains(&command.name)) {
            bench.beside(command, &places, out)?;
        }
    }
    Ok(())
}

/// The same command, of a build in release.
fn in_release(root: &Path) -> anyhow::Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut again = Command::new(cargo);
    again.current_dir(root).args(["run", "--release", "--locked", "--quiet", "--package", "xtask", "--"]);
    if !again.args(std::env::args_os().skip(1)).status().context("cargo run")?.success() {
        bail!("the build in release failed")
    }
    Ok(())
}

impl Bench<'_> {
    fn ladder(&self, out: &mut dyn Write) -> anyhow::Result<()> {
        self.lines(self.rungs()?, out)
    }

    /// Times of which each is of all that the one before does and of one thing more.
    fn lines(&self, rungs: Vec<(&'static str, f64)>, out: &mut dyn Write) -> anyhow::Result<()> {
        let mut before = 0.0;
        for (name, seconds) in rungs {
            self.line(name, seconds, Some(seconds - before), out)?;
            before = seconds;
        }
        Ok(())
    }

    /// The product in one thread, as whole processes.
    fn of_one_thread(&self, places: &Places, out: &mut dyn Write) -> anyhow::Result<()> {
        let mut rungs = Vec::new();
        for (name, arguments) in OF_ONE_THREAD {
            let run = || {
                let process = &mut places.product(arguments);
                if arguments[0] == "report" {
                    process.arg("--force").arg("-o").arg(places.work.join("floors"));
                }
                process.args(["--threads", "1"]).args(&self.made.files).stdout(Stdio::null());
                if !process.status().context("the program")?.success() {
                    bail!("{name}: the program failed")
                }
                Ok(())
            };
            rungs.push((name, self.timed(run)?));
        }
        self.lines(rungs, out)
    }

    /// A whole process on the same file.
    fn beside(&self, command: &Measurable, places: &Places, out: &mut dyn Write) -> anyhow::Result<()> {
        if command.python && places.python.is_none() {
            return Ok(());
        }
        let once = || super::once(command, self.made, places).map(|run| run.wall);
        let runs: Vec<f64> = (0..self.runs).map(|_| once()).collect::<Result<_, _>>()?;
        self.line(command.shown, median(runs), None, out)
    }

    /// What each stage takes with all before it, in seconds.
    fn rungs(&self) -> anyhow::Result<Vec<(&'static str, f64)>> {
        let mut rungs = vec![
            ("bytes are copied from the page cache", self.timed(|| self.blocks(|_| 0))?),
            ("line feeds are found", self.timed(|| self.blocks(lines))?),
        ];
        for (name, stage) in [
            ("cells and records are found by their marks", Stage::Cells),
            ("ports, service, hash of the identity", Stage::Hashed),
            ("the hash is looked up", Stage::LookedUp),
        ] {
            let take = || {
                let input = self.open()?;
                let count = SplitReader::new(self.plan, 0).take_to(stage, input, self.split())?;
                self.check(count)
            };
            rungs.push((name, self.timed(take)?));
        }
        // Of each reader, the second pass: it knows all spellings, so that none is interpreted.
        let mut reader = SplitReader::new(self.plan, 0);
        let mut read =
            || self.check(reader.read(self.open()?, self.split(), &mut |_: RowEvent<'_>| {})?.records);
        let first = timed_once(&mut read)?;
        rungs.push(("times are read: rows", self.timed(&mut read)?));
        let mut reader = SplitReader::new(self.plan, 0);
        let mut told = Vec::new();
        let mut tell = || self.tell_shortly(&mut reader, &mut told);
        timed_once(&mut tell)?;
        rungs.push(("or: number, first and last, as the peers count", self.timed(&mut tell)?));
        let mut reader = SplitReader::new(self.plan, 0);
        let mut writer = TallyWriter::new(Arc::new(SharedTally::new(1)));
        let mut count = || self.count(&mut reader, &mut writer);
        let first_counted = timed_once(&mut count)?;
        rungs.push(("rows are counted", self.timed(&mut count)?));
        rungs.push(("or: and new spellings are interpreted, uncounted", first));
        rungs.push(("new ones are interpreted and counted", first_counted));
        Ok(rungs)
    }

    /// Tells of each spelling how many rows it has, and which are the first and the last: the least that counting is.
    fn tell_shortly(
        &self,
        reader: &mut SplitReader<'_>,
        told: &mut Vec<(u64, i64, i64)>,
    ) -> anyhow::Result<()> {
        told.fill((0, i64::MAX, i64::MIN));
        let on = &mut |event: RowEvent<'_>| {
            let RowEvent::Row(row) = event else { return };
            let Some(Ok(at)) = row.times.readings().next() else { return };
            let number = row.spelling as usize;
            if number >= told.len() {
                told.resize(number + 1, (0, i64::MAX, i64::MIN));
            }
            let (rows, first, last) = &mut told[number];
            *rows += 1;
            *first = at.micros().min(*first);
            *last = at.micros().max(*last);
        };
        let read = reader.read(self.open()?, self.split(), on)?.records;
        self.check(told.iter().map(|(rows, ..)| rows).sum())?;
        self.check(read)
    }

    fn count(&self, reader: &mut SplitReader<'_>, writer: &mut TallyWriter) -> anyhow::Result<()> {
        const WHOLE: Segment = 0;
        let on = &mut |event: RowEvent<'_>| {
            let RowEvent::Row(mut row) = event else { return };
            let Some(Ok(at)) = row.times.readings().next() else { return };
            if !writer.has(row.spelling, WHOLE) {
                writer.enter(row.spelling, Key { fingerprint: *row.fingerprint, segment: WHOLE }, row.said());
            }
            let (place, occurrences) = (row.place, row.occurrences);
            writer.count(row.spelling, WHOLE, Seen { at, place, other_port: row.other_port(), occurrences });
        };
        self.check(reader.read(self.open()?, self.split(), on)?.records)
    }

    /// Reads the file in blocks.
    fn blocks(&self, look: impl Fn(&[u8]) -> u64) -> anyhow::Result<()> {
        let (mut file, mut block, mut found) = (File::open(self.path)?, vec![0; BLOCK], 0_u64);
        loop {
            let read = file.read(&mut block)?;
            if read == 0 {
                black_box(found);
                return Ok(());
            }
            found = found.wrapping_add(look(&block[..read]));
        }
    }

    fn split(&self) -> Split {
        Split { from: self.plan.data_start().byte, to: None }
    }

    fn open(&self) -> anyhow::Result<File> {
        use std::io::{Seek, SeekFrom};
        let mut file = File::open(self.path)?;
        file.seek(SeekFrom::Start(self.split().from))?;
        Ok(file)
    }

    /// That every row was seen, since else the time means nothing.
    fn check(&self, rows: u64) -> anyhow::Result<()> {
        if rows != self.made.rows {
            bail!("{rows} of {} rows were read", self.made.rows)
        }
        Ok(())
    }

    fn timed(&self, mut step: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<f64> {
        let times: Vec<f64> = (0..self.runs).map(|_| timed_once(&mut step)).collect::<Result<_, _>>()?;
        Ok(median(times))
    }

    #[expect(clippy::cast_precision_loss, reason = "they are shown with a few digits")]
    fn line(&self, name: &str, seconds: f64, more: Option<f64>, out: &mut dyn Write) -> anyhow::Result<()> {
        let (bytes, rows) = (self.made.bytes as f64, self.made.rows as f64);
        let more = more.map_or_else(String::new, |more| format!("{:8.1}", more * 1e9 / rows));
        let (pace, each) = (bytes / 1e9 / seconds, seconds * 1e9 / rows);
        writeln!(out, "{name:<52} {seconds:8.3} {pace:8.2} {each:8.1} {more}")?;
        Ok(())
    }
}

fn timed_once(step: &mut impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let begun = Instant::now();
    step()?;
    Ok(begun.elapsed().as_secs_f64())
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// How many lines end in a block.
fn lines(block: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', block).count() as u64
}
