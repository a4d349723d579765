//! Which rows each file of a data set has, and the writing of them.

use super::Shape;
use super::lines::{Form, Lines};
use super::stream::{JITTER, Row, Stream};
use anyhow::Context;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::Write;
use std::ops::Range;
use std::path::Path;

/// When the logs begin: 2026-10-01 00:00:00 UTC, in seconds since 1970.
const START: i64 = 1_790_812_800;
const HOUR: i64 = 3_600;
/// How long a log goes on.
const PERIOD: i64 = 30 * 24 * HOUR;
/// How much is written at once.
const BLOCK: usize = 1 << 20;

/// The files of one data set.
pub(super) struct Plan {
    stream: Stream,
    distinct: u64,
    form: Form,
    packed: bool,
    files: Vec<Planned>,
}

/// One file: its own rows, and those of the file before that it has too.
struct Planned {
    name: String,
    own: Stretch,
    again: Option<Again>,
}

/// Rows by number, spread evenly over a stretch of time.
#[derive(Clone)]
struct Stretch {
    rows: Range<u64>,
    start: i64,
    seconds: i64,
}

/// The rows of another stretch that come no sooner than a time: every other of them, so many.
struct Again {
    of: Stretch,
    from: i64,
    rows: u64,
}

/// What the files of a data set of so many rows hold, with so many distinct detections in 10,000 rows.
pub(super) fn plan(shape: Shape, rows: u64, per_10_000: u64, seed: u64) -> Plan {
    let (form, packed) = match shape {
        Shape::One(form) => (form, false),
        Shape::Gzip => (Form::Plain, true),
        _ => (Form::Plain, false),
    };
    let files = match shape {
        Shape::One(_) | Shape::Gzip | Shape::Fixed => {
            let ending = if form == Form::Cef { "log" } else { "csv" };
            let name = format!("export.{ending}{}", if packed { ".gz" } else { "" });
            vec![Planned { name, own: Stretch { rows: 0..rows, start: START, seconds: PERIOD }, again: None }]
        }
        Shape::Skewed { small } => skewed(rows, small),
        Shape::Apart { files } => apart(rows, files),
        Shape::Overlap { files } => overlapping(rows, files),
    };
    let total = files.last().map_or(0, |file| file.own.rows.end);
    let distinct = (total * per_10_000 / 10_000).max(1);
    Plan { stream: Stream::new(seed, total, distinct), distinct, form, packed, files }
}

/// The large file is in the middle by name; the small ones are about an hour each, after its period.
fn skewed(rows: u64, small: u64) -> Vec<Planned> {
    let few = rows / (500 + small);
    let mut files = Vec::new();
    let mut start = START + PERIOD;
    let mut at = 0;
    for number in 0..=small {
        let large = number == small / 2;
        let count = if large { rows - few * small } else { few };
        let (from, seconds) = if large { (START, PERIOD) } else { (start, HOUR) };
        let own = Stretch { rows: at..at + count, start: from, seconds };
        files.push(Planned { name: numbered(number), own, again: None });
        at += count;
        start += if large { 0 } else { HOUR };
    }
    files
}

/// Each file is about its own 11 hours, from full hour to full hour.
fn apart(rows: u64, files: u64) -> Vec<Planned> {
    let each = rows / files;
    let mut start = START;
    let stretches = (0..files).map(|number| {
        let own = Stretch { rows: number * each..(number + 1) * each, start, seconds: 11 * HOUR };
        start += 11 * HOUR;
        Planned { name: numbered(number), own, again: None }
    });
    stretches.collect()
}

/// Each file is about 15 hours and begins 10 hours after the one before. A tenth of its rows is from there.
fn overlapping(rows: u64, files: u64) -> Vec<Planned> {
    let each = rows / files;
    let mut planned: Vec<Planned> = Vec::new();
    let mut start = START;
    for number in 0..files {
        let before = planned.last().map(|file| file.own.clone());
        let again = before.map(|of| Again { of, from: start, rows: each / 10 });
        let at = again.as_ref().map_or(0, |again| again.of.rows.end);
        let count = each - again.as_ref().map_or(0, |again| again.rows);
        let own = Stretch { rows: at..at + count, start, seconds: 15 * HOUR };
        planned.push(Planned { name: numbered(number), own, again });
        start += 10 * HOUR;
    }
    planned
}

fn numbered(number: u64) -> String {
    format!("export-{number:02}.csv")
}

impl Stretch {
    /// Its rows with their times; all times lie within the stretch.
    fn timed(&self, stream: Stream) -> impl Iterator<Item = (i64, Row)> {
        let (first, start) = (self.rows.start, self.start);
        let count = self.rows.end - first;
        let room = (self.seconds - JITTER).unsigned_abs();
        self.rows.clone().map(move |number| {
            let row = stream.row(number);
            let place = i64::try_from((number - first) * room / count).expect("it is within the period");
            (start + place + row.late, row)
        })
    }
}

impl Plan {
    /// The names of the files, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.name.as_str())
    }

    /// How many distinct detections there are in all files.
    pub(super) fn distinct(&self) -> u64 {
        self.distinct
    }

    /// Writes every file into a folder.
    ///
    /// # Errors
    /// A file that can not be written.
    pub(super) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let mut lines = Lines::new(self.form);
        for file in &self.files {
            let path = folder.join(&file.name);
            self.write_file(file, &path, &mut lines).with_context(|| path.display().to_string())?;
        }
        Ok(())
    }

    fn write_file(&self, file: &Planned, path: &Path, lines: &mut Lines) -> std::io::Result<()> {
        let out = File::create(path)?;
        if self.packed {
            let mut out = GzEncoder::new(out, Compression::default());
            self.write_rows(file, lines, &mut out)?;
            out.finish()?;
            return Ok(());
        }
        let mut out = out;
        self.write_rows(file, lines, &mut out)
    }

    fn write_rows(&self, file: &Planned, lines: &mut Lines, out: &mut impl Write) -> std::io::Result<()> {
        let own = file.own.timed(self.stream);
        match &file.again {
            None => write_lines(own, lines, out),
            Some(again) => {
                let rows = usize::try_from(again.rows).expect("a file's rows fit");
                let earlier = again.of.timed(self.stream).filter(|(at, _)| *at >= again.from);
                let mut both: Vec<(i64, Row)> = earlier.step_by(2).take(rows).chain(own).collect();
                both.sort_by_key(|(at, row)| (*at, row.number));
                write_lines(both.into_iter(), lines, out)
            }
        }
    }
}

fn write_lines(
    rows: impl Iterator<Item = (i64, Row)>,
    lines: &mut Lines,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let mut block = Vec::with_capacity(BLOCK + 4096);
    lines.heading(&mut block);
    for (at, row) in rows {
        lines.write(&row, at, &mut block);
        if block.len() >= BLOCK {
            out.write_all(&block)?;
            block.clear();
        }
    }
    out.write_all(&block)
}
