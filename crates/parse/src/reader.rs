//! Reading one split: from records to rows, each with the detection that its spelling stands for.

use crate::address;
use crate::dates::DateEvidence;
use crate::field::Field;
use crate::interpret::{Cells, interpret};
use crate::layout::fold;
use crate::plan::Plan;
use crate::records::{Record, Records};
use crate::row::{RejectedRecord, Row, RowEvent};
use crate::split::Split;
use crate::times::TimeReader;
use ringback_model::{
    Detection, Direction, Fingerprint, Map, Place, RejectReason, Service, Side, Symbols, service,
};
use std::io::{self, Read};

/// How many spellings of directions are remembered.
const DIRECTIONS: usize = 16;

/// How many spellings of rejected rows are remembered, and up to which length: they are no detections, so what they take
/// must not grow with rows.
const REMEMBERED_REJECTS: (usize, usize) = (16_384, 1024);

/// What one split holds.
#[derive(Clone, Debug)]
pub struct SplitSummary {
    /// Records, rejected ones included.
    pub records: u64,
    /// Line ends.
    pub lines: u64,
    /// Bytes, in the decoded text where the source is not UTF-8.
    pub bytes: u64,
    /// What the dates tell.
    pub dates: DateEvidence,
}

/// Reads the splits of one source. It owns the table of symbols and the memory of spellings: each distinct spelling is
/// interpreted once.
#[derive(Debug)]
pub struct SplitReader<'p> {
    plan: &'p Plan,
    source: u32,
    symbols: Symbols,
    numbers: Map<Box<[u8]>, Result<u32, RejectReason>>,
    /// How many of the remembered spellings are rejected.
    rejected: usize,
    spellings: Vec<(Detection, Fingerprint)>,
    /// The columns of the spelling.
    identity: Vec<usize>,
    /// The column by which a repeated heading is told.
    telling: usize,
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
            rejected: 0,
            spellings: Vec::new(),
            telling: plan.column(Field::Remote).or(plan.column(Field::Source)).unwrap_or_default(),
            identity: plan.columns.iter().enumerate().filter_map(identity).collect(),
            directions: Vec::new(),
            key: Vec::new(),
        }
    }

    /// The table of the detections' symbols.
    pub fn symbols(&self) -> &Symbols {
        &self.symbols
    }

    /// What a spelling says; `None` for a number that no row had.
    pub fn spelling(&self, number: u32) -> Option<(&Detection, Fingerprint)> {
        let (detection, fingerprint) = self.spellings.get(number as usize)?;
        Some((detection, *fingerprint))
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
            if record.is_blank() {
                continue;
            }
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
        Ok(SplitSummary {
            records: count,
            lines: records.lines(),
            bytes: records.position(),
            dates: times.into_evidence(),
        })
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
        let number = self.number(cells, &ports)?;
        let (detection, fingerprint) = &self.spellings[number as usize];
        Ok(Row {
            place,
            spelling: number,
            detection,
            fingerprint: *fingerprint,
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
        if record.unclosed || (record.unterminated && record.len() < columns) {
            return Err(RejectReason::TruncatedRow);
        }
        if record.len() < columns
            || (columns..record.len()).any(|extra| !record.get(extra).trim_ascii().is_empty())
        {
            return Err(RejectReason::RaggedRow);
        }
        if record.get(self.telling).trim_ascii() == self.plan.headings[self.telling].as_bytes()
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

    fn ports(&mut self, cells: Cells<'_>) -> Ports {
        let direction = self.direction(cells);
        let port = |own: Field, beside: Field| {
            let own =
                std::str::from_utf8(cells.bytes(own).trim_ascii()).ok().and_then(|text| text.parse().ok());
            own.or_else(|| address::port(cells.bytes(beside)))
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

    /// The number of the row's spelling.
    fn number(&mut self, cells: Cells<'_>, ports: &Ports) -> Result<u32, RejectReason> {
        self.spell(cells, ports.service);
        if let Some(known) = self.numbers.get(self.key.as_slice()) {
            return *known;
        }
        let read = interpret(cells, ports.service, ports.direction, &mut self.symbols, &mut ());
        let number = read.map(|detection| {
            let number = u32::try_from(self.spellings.len()).expect("fewer than 2^32 spellings fit memory");
            self.spellings.push((detection, detection.fingerprint(&self.symbols)));
            number
        });
        let (most, longest) = REMEMBERED_REJECTS;
        if number.is_ok() || (self.rejected < most && self.key.len() <= longest) {
            self.rejected += usize::from(number.is_err());
            self.numbers.insert(self.key.as_slice().into(), number);
        }
        number
    }

    /// Makes the row's spelling: the bytes of its identity columns, without ports, and its service.
    fn spell(&mut self, cells: Cells<'_>, service: Option<Service>) {
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
        if let Some(Service { side, port, sole }) = service {
            self.key.extend_from_slice(&port.to_le_bytes());
            self.key.extend([u8::from(side == Side::Local), u8::from(sole)]);
        }
    }
}

/// How many events a row stands for: one where the cell says no number. One over 32 bits is none: sums of such numbers
/// must fit.
fn occurrences(cell: &[u8]) -> u64 {
    let count = std::str::from_utf8(cell.trim_ascii()).ok().and_then(|text| text.parse::<u32>().ok());
    count.filter(|count| *count > 0).unwrap_or(1).into()
}
