//! Reading one split: from records to rows, each with the detection that its spelling stands for.

use crate::address;
use crate::dates::DateEvidence;
use crate::field::Field;
use crate::interpret::{Cells, interpret};
use crate::layout::fold;
use crate::plan::Plan;
use crate::records::{Record, Records};
use crate::split::Split;
use crate::times::{Readings, TimeReader, Times};
use ringback_model::{
    Detection, Direction, Fingerprint, Instant, Map, Place, RejectReason, Service, Side, Symbols, service,
};
use std::io::{self, Read};

/// How many spellings of directions are remembered.
const DIRECTIONS: usize = 16;

/// What one split holds.
#[derive(Clone, Debug)]
pub struct SplitSummary {
    /// Records, rejected ones included.
    pub records: u64,
    /// Line ends.
    pub lines: u64,
    /// What the dates tell.
    pub dates: DateEvidence,
}

/// One record of a split.
#[derive(Debug)]
pub enum RowEvent<'r> {
    /// A row that can be used.
    Row(Row<'r>),
    /// A record that can not.
    Reject(RejectedRecord<'r>),
}

/// A record that can not be used.
#[derive(Clone, Copy, Debug)]
pub struct RejectedRecord<'r> {
    /// Why.
    pub reason: RejectReason,
    /// Where; record and line count from the start of the split.
    pub place: Place,
    /// The record as it stands in the input.
    pub raw: &'r [u8],
}

/// A row that can be used.
#[derive(Debug)]
pub struct Row<'r> {
    /// Where; record and line count from the start of the split.
    pub place: Place,
    /// The number of its spelling: dense, counted by the reader.
    pub spelling: u32,
    /// What it says.
    pub detection: &'r Detection,
    /// The identity of what it says.
    pub fingerprint: Fingerprint,
    /// The table of the detection's symbols.
    pub symbols: &'r Symbols,
    /// When it was.
    pub times: Times,
    /// The local port as logged.
    pub local_port: Option<u16>,
    /// The remote port as logged.
    pub remote_port: Option<u16>,
    /// How many events the console says it stands for.
    pub occurrences: u64,
    cells: Cells<'r>,
}

impl<'r> Row<'r> {
    /// The time as logged.
    pub fn time_text(&self) -> &'r str {
        self.cells.text(Field::Time).unwrap_or_default()
    }

    /// When the console received it, where the log says that too and the date can be read in one way.
    pub fn received(&self) -> Option<Instant> {
        let text = self.cells.text(Field::Received).ok().filter(|text| !text.is_empty())?;
        let plan = self.cells.plan;
        let readings = if plan.readings == Readings::Two { Readings::One(None) } else { plan.readings };
        TimeReader::new(plan.zone.clone(), readings, 0).read(text).readings().next()?.ok()
    }

    /// The console's own word for what it did.
    pub fn action(&self) -> &'r str {
        self.cells.text(Field::Result).unwrap_or_default()
    }

    /// Where the zone of the time comes from: `logged`, `layout`, `option` or `assumed`.
    pub fn zone_basis(&self) -> &'static str {
        if self.times.offset_logged { "logged" } else { self.cells.plan.zone_basis() }
    }

    /// The port that is not the service's.
    pub fn other_port(&self) -> Option<u16> {
        match self.detection.service {
            Some(Service { side: Side::Remote, .. }) => self.local_port,
            Some(Service { side: Side::Local, .. }) => self.remote_port,
            None => self.remote_port.or(self.local_port),
        }
    }

    /// The record as it stands in the input.
    pub fn raw(&self) -> &'r [u8] {
        self.cells.record.raw
    }
}

/// Reads the splits of one source. It owns the table of symbols and the memory of spellings: each distinct spelling is
/// interpreted once.
#[derive(Debug)]
pub struct SplitReader<'p> {
    plan: &'p Plan,
    source: u32,
    symbols: Symbols,
    numbers: Map<Box<[u8]>, u32>,
    spellings: Vec<Result<(Detection, Fingerprint), RejectReason>>,
    identity: Vec<usize>,
    directions: Vec<(Box<[u8]>, Direction)>,
    key: Vec<u8>,
}

/// What of a row has to be known before its spelling.
struct Ports {
    local: Option<u16>,
    remote: Option<u16>,
    service: Option<Service>,
    direction: Direction,
}

impl<'p> SplitReader<'p> {
    /// A reader of the source of that number.
    pub fn new(plan: &'p Plan, source: u32) -> Self {
        let identity =
            |(column, field): (usize, &Option<Field>)| field.filter(|f| f.is_identity()).map(|_| column);
        SplitReader {
            plan,
            source,
            symbols: Symbols::new(),
            numbers: Map::default(),
            spellings: Vec::new(),
            identity: plan.columns.iter().enumerate().filter_map(identity).collect(),
            directions: Vec::new(),
            key: Vec::new(),
        }
    }

    /// The table of the detections' symbols.
    pub fn symbols(&self) -> &Symbols {
        &self.symbols
    }

    /// What a spelling says; `None` where rows of it are rejected.
    pub fn spelling(&self, number: u32) -> Option<(&Detection, Fingerprint)> {
        let spelling = self.spellings.get(number as usize)?.as_ref().ok()?;
        Some((&spelling.0, spelling.1))
    }

    /// Reads the records of a split. `input` stands at [`Plan::opening`] of it.
    ///
    /// # Errors
    /// What the input says.
    pub fn read<R: Read>(
        &mut self,
        input: R,
        split: Split,
        on: &mut dyn FnMut(RowEvent<'_>),
    ) -> io::Result<SplitSummary> {
        let plan = self.plan;
        let mut input = plan.encoding.reader(input);
        if !plan.splittable() {
            io::copy(&mut input.by_ref().take(split.from), &mut io::sink())?;
        }
        let length = split.to.map_or(u64::MAX, |to| to.saturating_sub(split.from));
        let mut records = Records::new(input.take(length), plan.delimiter);
        let mut times = TimeReader::new(plan.zone.clone(), plan.readings, split.from);
        let mut count = 0;
        while let Some(record) = records.next()? {
            count += 1;
            let place = Place {
                source: self.source,
                byte: split.from + record.byte,
                record: count,
                line: record.line,
            };
            match self.row(record, place, &mut times) {
                Ok(row) => on(RowEvent::Row(row)),
                Err(reason) => on(RowEvent::Reject(RejectedRecord { reason, place, raw: record.raw })),
            }
        }
        Ok(SplitSummary { records: count, lines: records.lines(), dates: times.into_evidence() })
    }

    fn row<'r>(
        &'r mut self,
        record: Record<'r>,
        place: Place,
        times: &mut TimeReader,
    ) -> Result<Row<'r>, RejectReason> {
        self.check_shape(&record)?;
        let cells = Cells { plan: self.plan, record };
        let ports = self.ports(cells);
        let number = self.number(cells, &ports);
        let (detection, fingerprint) = match &self.spellings[number as usize] {
            Ok((detection, fingerprint)) => (detection, *fingerprint),
            Err(reason) => return Err(*reason),
        };
        Ok(Row {
            place,
            spelling: number,
            detection,
            fingerprint,
            symbols: &self.symbols,
            times: times.read(std::str::from_utf8(cells.bytes(Field::Time)).unwrap_or_default()),
            local_port: ports.local,
            remote_port: ports.remote,
            occurrences: occurrences(cells.bytes(Field::Occurrences)),
            cells,
        })
    }

    /// Whether the record has the shape of a row.
    fn check_shape(&self, record: &Record<'_>) -> Result<(), RejectReason> {
        let columns = self.plan.columns.len();
        if record.too_long {
            return Err(RejectReason::TooLong);
        }
        let unclosed = || memchr::memchr_iter(b'"', record.raw).count() % 2 == 1;
        if record.unterminated && (record.len() < columns || unclosed()) {
            return Err(RejectReason::TruncatedRow);
        }
        if record.len() < columns
            || (columns..record.len()).any(|extra| !record.get(extra).trim_ascii().is_empty())
        {
            return Err(RejectReason::RaggedRow);
        }
        if record.get(0) == self.plan.headings[0].as_bytes() && self.is_heading(record) {
            return Err(RejectReason::RepeatedHeading);
        }
        Ok(())
    }

    fn is_heading(&self, record: &Record<'_>) -> bool {
        let same = |(cell, heading): (&[u8], &String)| fold(&String::from_utf8_lossy(cell)) == fold(heading);
        record.iter().zip(&self.plan.headings).all(same)
    }

    fn ports(&mut self, cells: Cells<'_>) -> Ports {
        let direction = self.direction(cells);
        let port = |own: Field, beside: Field| {
            let own =
                std::str::from_utf8(cells.bytes(own).trim_ascii()).ok().and_then(|text| text.parse().ok());
            own.or_else(|| address::cut_port(cells.bytes(beside)).1)
        };
        let directed = self.plan.column(Field::Source).is_some();
        let (first, second) =
            if directed { (Field::Source, Field::Destination) } else { (Field::Local, Field::Remote) };
        let (local, remote) = (port(Field::LocalPort, first), port(Field::RemotePort, second));
        let asked = if directed { Direction::Outgoing } else { direction };
        Ports { local, remote, service: service(local, remote, asked), direction }
    }

    fn direction(&mut self, cells: Cells<'_>) -> Direction {
        let spelled = cells.bytes(Field::Direction);
        if let Some((_, known)) = self.directions.iter().find(|(known, _)| &**known == spelled) {
            return *known;
        }
        let direction = cells.direction();
        if self.directions.len() < DIRECTIONS {
            self.directions.push((spelled.into(), direction));
        }
        direction
    }

    /// The number of the row's spelling: the bytes of its identity columns, without ports, and its service.
    fn number(&mut self, cells: Cells<'_>, ports: &Ports) -> u32 {
        self.key.clear();
        for column in &self.identity {
            let cell = cells.record.get(*column);
            let cell = match self.plan.columns[*column] {
                Some(Field::Local | Field::Remote | Field::Source | Field::Destination) => {
                    address::cut_port(cell).0
                }
                _ => cell,
            };
            self.key.extend_from_slice(&u32::try_from(cell.len()).unwrap_or(u32::MAX).to_le_bytes());
            self.key.extend_from_slice(cell);
        }
        if let Some(Service { side, port, sole }) = ports.service {
            self.key.extend_from_slice(&port.to_le_bytes());
            self.key.extend([u8::from(side == Side::Local), u8::from(sole)]);
        }
        if let Some(number) = self.numbers.get(self.key.as_slice()) {
            return *number;
        }
        let read = interpret(cells, ports.service, ports.direction, &mut self.symbols, &mut ());
        let number = u32::try_from(self.spellings.len()).expect("fewer than 2^32 spellings fit memory");
        self.spellings.push(read.map(|detection| (detection, detection.fingerprint(&self.symbols))));
        self.numbers.insert(self.key.as_slice().into(), number);
        number
    }
}

/// How many events a row stands for: one where the cell says no number.
fn occurrences(cell: &[u8]) -> u64 {
    let digits = cell.trim_ascii();
    std::str::from_utf8(digits)
        .ok()
        .and_then(|text| text.parse().ok())
        .filter(|count| *count > 0)
        .unwrap_or(1)
}
