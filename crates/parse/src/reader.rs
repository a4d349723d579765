//! Reading one split: from records to rows, each with the detection that its spelling stands for.

mod stages;

pub use stages::Stage;

use crate::bound::{Bound, says_nothing};
use crate::cells::Cells;
use crate::dates::DateEvidence;
use crate::field::Field;
use crate::format::Format;
use crate::interpreter::{Interpreter, Subject};
use crate::layout::fold;
use crate::plan::Plan;
use crate::ports::Ports;
use crate::records::Record;
use crate::row::{RejectedRecord, Row, RowEvent};
use crate::spell::spell;
use crate::spellings::{Known, SpellingHash, Spellings};
use crate::split::Split;
use crate::stream::Stream;
use crate::survey::{Survey, Watch};
use crate::times::TimeReader;
use crate::usual::{PortPair, Usual};
use jiff::tz::Offset;
use ringback_model::{Direction, Fingerprint, Message, Place, RejectReason, Symbols, service};
use std::io::{self, Read};

/// How many records are read ahead of the one at hand.
const AHEAD: usize = 64;

/// How many spellings of directions are remembered.
const DIRECTIONS: usize = 16;

/// How many spellings of rejected rows are remembered: they are no detections, so what they take must not grow with rows.
const REMEMBERED_REJECTS: usize = 16_384;

/// What one split holds.
#[derive(Clone, Debug)]
pub struct SplitSummary {
    /// Records, rejected ones included.
    pub records: u64,
    /// Line ends.
    pub lines: u64,
    /// Bytes, in the decoded text where the source is not UTF-8.
    pub bytes: u64,
    /// Whether its last record ended with a line end: if not, and if it is not the source's last split, it was cut where no
    /// record ends.
    pub whole: bool,
    /// What the dates tell.
    pub dates: DateEvidence,
    /// Cells that hold no number where one belongs.
    pub unread: Unread,
}

/// Cells that hold something else than a number where one belongs, such as `1.2E+05`; their rows are used without them.
/// Merges in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    /// Rows with such a port.
    pub ports: u64,
    /// Rows with such a number of events.
    pub counts: u64,
}

impl Unread {
    /// Adds what another split counted.
    pub fn merge(&mut self, other: Unread) {
        self.ports += other.ports;
        self.counts += other.counts;
    }

    /// What the reader of a report should know of them.
    pub fn notes(self) -> impl Iterator<Item = Message> {
        let notes = [("input.ports-unread", self.ports), ("input.counts-unread", self.counts)];
        notes
            .into_iter()
            .filter(|(_, rows)| *rows > 0)
            .map(|(key, rows)| Message::new(key).with("rows", rows))
    }
}

/// Reading a split ended before the split did. What was read before stands: a record that was cut is not in it.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct Stopped {
    /// What was read.
    pub summary: Box<SplitSummary>,
    /// What the input said.
    pub error: io::Error,
}

impl From<Stopped> for io::Error {
    fn from(stopped: Stopped) -> Self {
        stopped.error
    }
}

/// Reads the splits of one source. It owns the table of symbols and the memory of spellings: each distinct spelling is
/// interpreted once.
#[derive(Debug)]
pub struct SplitReader<'p> {
    plan: &'p Plan,
    usual: Option<Usual>,
    source: u32,
    interpreter: Interpreter,
    known: Spellings,
    /// How many of the remembered spellings are rejected.
    rejected: usize,
    /// The identity of what each spelling says.
    fingerprints: Vec<Fingerprint>,
    /// The column by which a repeated heading is told.
    telling: usize,
    directions: Vec<(usize, Box<[u8]>, Direction)>,
    unread: Unread,
}

/// A pass over the records of a split.
struct Pass<'w, W> {
    from: u64,
    times: Vec<TimeReader>,
    count: u64,
    whole: bool,
    watch: &'w mut W,
}

/// What is known of a row before its spelling is looked up.
struct Prepared {
    /// The number of its layout.
    bound: usize,
    ports: Ports,
    hash: SpellingHash,
    /// What is known of its spelling, if it was looked up.
    known: Option<Known>,
}

impl<'p> SplitReader<'p> {
    /// A reader of the source of that number.
    pub fn new(plan: &'p Plan, source: u32) -> Self {
        let main = &plan.bounds[0];
        SplitReader {
            plan,
            usual: Usual::of(plan),
            source,
            interpreter: Interpreter::default(),
            known: Spellings::default(),
            rejected: 0,
            fingerprints: Vec::new(),
            telling: main.column(Field::Remote).or(main.column(Field::Source)).unwrap_or_default(),
            directions: Vec::new(),
            unread: Unread::default(),
        }
    }

    /// Turns to another source, of which the plan [reads like](Plan::reads_like) the one before: spellings keep their numbers.
    pub fn turn_to(&mut self, plan: &'p Plan, source: u32) {
        (self.plan, self.source) = (plan, source);
    }

    /// The plan of the source that it reads.
    pub fn plan(&self) -> &'p Plan {
        self.plan
    }

    /// The same reader, which looks at every row step by step.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn step_by_step(self) -> Self {
        SplitReader { usual: None, ..self }
    }

    /// Whether some rows are taken in few steps.
    #[cfg(test)]
    pub(crate) fn knows_usual_rows(&self) -> bool {
        self.usual.is_some()
    }

    /// The table of the detections' symbols.
    pub fn symbols(&self) -> &Symbols {
        &self.interpreter.tables.symbols
    }

    /// Reads the records of a split. `input` stands at [`Plan::opening`] of it.
    ///
    /// # Errors
    /// What the input says, with what was read before it.
    pub fn read<R: Read>(
        &mut self,
        input: R,
        split: Split,
        on: &mut (impl FnMut(RowEvent<'_>) + ?Sized),
    ) -> Result<SplitSummary, Stopped> {
        self.watched(input, split, &mut (), on)
    }

    /// The same with a survey of what stands in the split, which costs time.
    ///
    /// # Errors
    /// What the input says, with what was read before it.
    pub fn survey<R: Read>(
        &mut self,
        input: R,
        split: Split,
        survey: &mut Survey,
        on: &mut (impl FnMut(RowEvent<'_>) + ?Sized),
    ) -> Result<SplitSummary, Stopped> {
        self.watched(input, split, survey, on)
    }

    fn watched<R: Read>(
        &mut self,
        input: R,
        split: Split,
        watch: &mut impl Watch,
        on: &mut (impl FnMut(RowEvent<'_>) + ?Sized),
    ) -> Result<SplitSummary, Stopped> {
        let plan = self.plan;
        self.unread = Unread::default();
        let mut input = plan.encoding.reader(input);
        let skipped = io::copy(&mut input.by_ref().take(plan.skipped(split)), &mut io::sink());
        let length = split.to.map_or(u64::MAX, |to| to.saturating_sub(split.from));
        let mut records = Stream::new(plan, input.take(length));
        let times = |bound| TimeReader::of(bound, plan.readings, split.from);
        let times: Vec<TimeReader> = plan.bounds.iter().map(times).collect();
        let mut pass = Pass { from: split.from, times, count: 0, whole: true, watch };
        let outcome = skipped.and_then(|_| self.read_records(&mut records, &mut pass, on));
        let Pass { times, count, whole, .. } = pass;
        let mut dates = times.into_iter().map(TimeReader::into_evidence);
        let first = dates.next().unwrap_or_default();
        let summary = SplitSummary {
            records: count,
            lines: records.lines(),
            bytes: records.position(),
            whole,
            dates: dates.fold(first, |mut all, other| {
                all.merge(&other);
                all
            }),
            unread: self.unread,
        };
        match outcome {
            Ok(()) => Ok(summary),
            Err(error) => Err(Stopped { summary: Box::new(summary), error }),
        }
    }

    /// Reads records: many at once for as long as their structure is certain, one by one where it is not.
    fn read_records<R: Read>(
        &mut self,
        records: &mut Stream<'_, R>,
        pass: &mut Pass<'_, impl Watch>,
        on: &mut (impl FnMut(RowEvent<'_>) + ?Sized),
    ) -> io::Result<()> {
        let mut prepared: Vec<Result<Prepared, RejectReason>> = Vec::with_capacity(2 * AHEAD);
        loop {
            let ahead = records.fill(AHEAD)?;
            if ahead.is_empty() {
                break;
            }
            prepared.clear();
            prepared.extend(ahead.iter().map(|record| self.prepare(&record)));
            // One look-up waits for memory; many at once wait together.
            for one in prepared.iter_mut().flatten() {
                one.known = self.known.find(one.hash);
            }
            for (record, prepared) in ahead.iter().zip(&prepared) {
                self.take(&record, prepared, pass, on);
            }
        }
        while let Some(record) = records.next()? {
            let prepared = self.prepare(&record);
            self.take(&record, &prepared, pass, on);
        }
        Ok(())
    }

    /// Finds out all that can be known of a row without what is known of its spelling.
    #[inline]
    fn prepare(&mut self, record: &Record<'_>) -> Result<Prepared, RejectReason> {
        if let Some(PortPair { local, remote }) = self.usual.and_then(|usual| usual.ports(record)) {
            let cells = Cells { plan: self.plan, bound: &self.plan.bounds[0], record };
            let (local, remote) = (Some(local), Some(remote));
            let service = service(local, remote, || self.direction(cells, 0));
            return Ok(self.hashed(cells, 0, Ports { local, remote, service, unread: false }));
        }
        self.prepare_any(record)
    }

    /// The same of a row that may be anything.
    fn prepare_any(&mut self, record: &Record<'_>) -> Result<Prepared, RejectReason> {
        if record.is_blank() {
            return Err(RejectReason::BadRecord);
        }
        self.check_shape(record)?;
        let at = self.plan.bound_of(record).ok_or(RejectReason::OtherEvent)?;
        let cells = Cells { plan: self.plan, bound: &self.plan.bounds[at], record };
        let ports = self.ports(cells, at);
        Ok(self.hashed(cells, at, ports))
    }

    #[inline]
    fn hashed(&self, cells: Cells<'_>, bound: usize, ports: Ports) -> Prepared {
        let hash = spell(self.known.hasher(), bound, cells.bound, cells.record, ports.service);
        Prepared { bound, ports, hash, known: None }
    }

    /// Tells of one record; blank ones are none.
    fn take(
        &mut self,
        record: &Record<'_>,
        prepared: &Result<Prepared, RejectReason>,
        pass: &mut Pass<'_, impl Watch>,
        on: &mut (impl FnMut(RowEvent<'_>) + ?Sized),
    ) {
        pass.whole = !(record.unterminated || record.unclosed || record.too_long);
        // Only a record of which nothing else is known may be blank.
        if matches!(prepared, Err(RejectReason::BadRecord)) && record.is_blank() {
            return;
        }
        pass.count += 1;
        let byte = pass.from + record.byte;
        let place = Place { source: self.source, byte, record: pass.count, line: record.line };
        let shaped = matches!(prepared, Ok(_) | Err(RejectReason::OtherEvent));
        pass.watch.record(self.plan, record, place, shaped);
        let row = prepared.as_ref().map_err(|reason| *reason);
        match row.and_then(|prepared| self.row(record, prepared, place, &mut pass.times)) {
            Ok(row) => on(RowEvent::Row(row)),
            Err(reason) => on(RowEvent::Reject(RejectedRecord {
                reason,
                place,
                raw: record.raw,
                plan: self.plan,
                record,
            })),
        }
    }

    #[inline]
    fn row<'r>(
        &'r mut self,
        record: &'r Record<'r>,
        prepared: &Prepared,
        place: Place,
        times: &mut [TimeReader],
    ) -> Result<Row<'r>, RejectReason> {
        let at = prepared.bound;
        let cells = Cells { plan: self.plan, bound: &self.plan.bounds[at], record };
        let number = self.number(cells, prepared)?;
        let (occurrences, counted) = match cells.bound.column(Field::Occurrences) {
            Some(_) => occurrences(cells.bytes(Field::Occurrences)),
            None => (1, true),
        };
        self.unread.merge(Unread { ports: u64::from(prepared.ports.unread), counts: u64::from(!counted) });
        let (time, offset) = time(cells);
        Ok(Row {
            place,
            spelling: number,
            fingerprint: &self.fingerprints[number as usize],
            times: times[at].read_at(time, offset),
            local_port: prepared.ports.local,
            remote_port: prepared.ports.remote,
            occurrences,
            service: prepared.ports.service,
            bound: at,
            cells,
            interpreter: &mut self.interpreter,
        })
    }

    /// Whether the record has the shape of a row.
    fn check_shape(&self, record: &Record<'_>) -> Result<(), RejectReason> {
        let columns = self.plan.headings.len();
        if record.too_long {
            return Err(RejectReason::TooLong);
        }
        if record.broken && !record.unclosed {
            return Err(RejectReason::BadRecord);
        }
        if record.unclosed || (record.unterminated && record.len() < columns) {
            return Err(RejectReason::TruncatedRow);
        }
        if is_footer(record, columns, &self.plan.bounds[0]) {
            return Err(RejectReason::Footer);
        }
        if record.len() < columns
            || (columns..record.len()).any(|extra| !record.get(extra).trim_ascii().is_empty())
        {
            return Err(RejectReason::RaggedRow);
        }
        if self.plan.format == Format::Delimited
            && record.get(self.telling).trim_ascii() == self.plan.headings[self.telling].as_bytes()
            && self.is_heading(record)
        {
            return Err(RejectReason::RepeatedHeading);
        }
        Ok(())
    }

    /// Whether every cell is the heading of its column, as where exports were joined.
    fn is_heading(&self, record: &Record<'_>) -> bool {
        let same = |(cell, heading): (&[u8], &String)| fold(&String::from_utf8_lossy(cell)) == fold(heading);
        record.iter().zip(&self.plan.headings).all(same)
    }

    fn ports(&mut self, cells: Cells<'_>, bound: usize) -> Ports {
        let sides = cells.sides(self.direction(cells, bound));
        Ports::read(cells, sides, &mut ())
    }

    /// Where the packet went. The spellings of a column are remembered; what other cells tell is read anew.
    fn direction(&mut self, cells: Cells<'_>, bound: usize) -> Direction {
        if !cells.bound.layout.present.is_empty() {
            return cells.direction();
        }
        let spelled = cells.bytes(Field::Direction);
        let is = |(at, known, _): &&(usize, Box<[u8]>, Direction)| *at == bound && **known == *spelled;
        if let Some((_, _, known)) = self.directions.iter().find(is) {
            return *known;
        }
        let direction = cells.direction();
        if self.directions.len() < DIRECTIONS {
            self.directions.push((bound, spelled.into(), direction));
        }
        direction
    }

    /// The number of the row's spelling.
    #[inline]
    fn number(&mut self, cells: Cells<'_>, prepared: &Prepared) -> Result<u32, RejectReason> {
        if let Some(known) = prepared.known {
            return known;
        }
        self.new_number(cells, prepared)
    }

    /// The number of a spelling that was not known when it was looked up.
    fn new_number(&mut self, cells: Cells<'_>, prepared: &Prepared) -> Result<u32, RejectReason> {
        let Prepared { ports, hash, bound, .. } = prepared;
        if let Some(known) = self.known.find(*hash) {
            return known;
        }
        let next = u32::try_from(self.fingerprints.len()).expect("fewer than 2^32 spellings fit memory");
        let subject = Subject { cells, bound: *bound, service: ports.service };
        let sides = cells.sides(self.direction(cells, *bound));
        let number = self.interpreter.read(subject, sides, next).map(|said| {
            self.fingerprints.push(said.fingerprint());
            next
        });
        if number.is_ok() || self.rejected < REMEMBERED_REJECTS {
            self.rejected += usize::from(number.is_err());
            self.known.keep(*hash, number);
        }
        number
    }
}

/// The time of a row as logged, and the offset that other cells give it: that of UTC, or one in minutes.
#[inline]
pub(crate) fn time(cells: Cells<'_>) -> (&[u8], Option<Offset>) {
    if !cells.bound.zoned {
        return (cells.bytes(Field::Time), None);
    }
    if is_in_utc(cells) {
        return (cells.bytes(Field::TimeUtc).trim_ascii(), Some(Offset::UTC));
    }
    let text = |field| std::str::from_utf8(cells.bytes(field)).unwrap_or_default().trim();
    let minutes = |field| text(field).parse::<i32>().ok();
    let behind = minutes(Field::ZoneMinutes).map(|zone| zone + minutes(Field::DaylightMinutes).unwrap_or(0));
    let offset = behind.and_then(|minutes| Offset::from_seconds(minutes.checked_mul(-60)?).ok());
    (cells.bytes(Field::Time), offset)
}

/// Whether the time of a row is read from the column that has it in UTC.
pub(crate) fn is_in_utc(cells: Cells<'_>) -> bool {
    let utc = cells.bytes(Field::TimeUtc).trim_ascii();
    cells.bound.zoned && !utc.is_empty() && utc != b"NULL"
}

/// Whether a record is a line below the rows, such as a total: of many columns at most two say something, and the first
/// cell is not what its column holds.
fn is_footer(record: &Record<'_>, columns: usize, bound: &Bound) -> bool {
    let says = |cell: &&[u8]| !cell.trim_ascii().is_empty();
    let said = record.iter().filter(says).take(3).count();
    let remark = || {
        let first = std::str::from_utf8(record.get(0)).unwrap_or_default().trim();
        !first.is_empty() && !bound.may_hold(0, first)
    };
    columns >= 5 && said <= 2 && (record.len() <= 2 || record.len() == columns) && remark()
}

/// How many events a row stands for: one where the cell says no number, and whether it says one or nothing. A number over
/// 32 bits is none: sums of such numbers must fit.
fn occurrences(cell: &[u8]) -> (u64, bool) {
    let cell = cell.trim_ascii();
    let count = std::str::from_utf8(cell).ok().and_then(|text| text.parse::<u32>().ok());
    let events = count.filter(|count| *count > 0).unwrap_or(1).into();
    (events, count.is_some() || says_nothing(cell))
}
