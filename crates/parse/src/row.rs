//! One record of a split, as those who count it get it.

use crate::cells::Cells;
use crate::field::Field;
use crate::interpreter::{Interpreter, Subject};
use crate::layout::Layout;
use crate::plan::Plan;
use crate::records::Record;
use crate::times::{TimeReader, Times};
use ringback_model::{DetectionRef, Fingerprint, Instant, Place, RejectReason, Service, Side};
use std::borrow::Cow;

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
    pub(crate) plan: &'r Plan,
    pub(crate) record: &'r Record<'r>,
}

/// A row that can be used.
#[derive(Debug)]
pub struct Row<'r> {
    /// Where; record and line count from the start of the split.
    pub place: Place,
    /// The number of its spelling: dense, counted by the reader.
    pub spelling: u32,
    /// The identity of what it says. It is looked at only where it is wanted: where there are many, each look waits for
    /// memory.
    pub fingerprint: &'r Fingerprint,
    /// When it was.
    pub times: Times,
    /// The local port as logged.
    pub local_port: Option<u16>,
    /// The remote port as logged.
    pub remote_port: Option<u16>,
    /// How many events the console says it stands for.
    pub occurrences: u64,
    /// The port of its detection.
    pub(crate) service: Option<Service>,
    /// The number of its layout among those that the source mixes.
    pub(crate) bound: usize,
    pub(crate) cells: Cells<'r>,
    pub(crate) interpreter: &'r mut Interpreter,
}

impl<'r> Row<'r> {
    /// What it says. That costs little where the spelling is new, and more where it is asked for again.
    pub fn said(&mut self) -> DetectionRef<'_> {
        let subject = Subject { cells: self.cells, bound: self.bound, service: self.service };
        self.interpreter.said(subject, self.spelling)
    }

    /// The time as logged.
    pub fn time_text(&self) -> &'r str {
        let own = self.cells.text(Field::Time).unwrap_or_default();
        if own.is_empty() { self.cells.text(Field::TimeUtc).unwrap_or_default() } else { own }
    }

    /// When the console received it, where the log says that too and the date can be read in one way.
    pub fn received(&self) -> Option<Instant> {
        let text = self.cells.text(Field::Received).ok().filter(|text| !text.is_empty())?;
        let mut reader = TimeReader::of(self.cells.bound, self.cells.plan.readings, 0);
        let mut readings = reader.read_at(text.as_bytes(), None).readings();
        let first = readings.next()?;
        readings.all(|other| other == first).then_some(first)?.ok()
    }

    /// The console's own word for what it did.
    pub fn action(&self) -> &'r str {
        self.cells.text(Field::Result).unwrap_or_default()
    }

    /// Where the zone of the time comes from: `logged`, `layout`, `option` or `assumed`.
    pub fn zone_basis(&self) -> &'static str {
        if self.times.offset_logged { "logged" } else { self.cells.bound.zone_basis }
    }

    /// The cell of a field as it stands in the row; `None` where no column holds the field.
    pub fn cell(&self, field: Field) -> Option<Cow<'r, str>> {
        self.cells.bound.column(field).map(|_| String::from_utf8_lossy(self.cells.bytes(field)))
    }

    /// The columns that no field is read from, by their headings.
    pub fn extras(&self) -> impl Iterator<Item = (&'r str, Cow<'r, str>)> {
        let (plan, record) = (self.cells.plan, self.cells.record);
        let unknown = plan.headings().enumerate().filter(|(_, (_, field))| field.is_none());
        unknown.map(move |(column, (heading, _))| (heading, String::from_utf8_lossy(record.get(column))))
    }

    /// The port that is not the service's.
    pub fn other_port(&self) -> Option<u16> {
        match self.service {
            Some(Service { side: Side::Remote, .. }) => self.local_port,
            Some(Service { side: Side::Local, .. }) => self.remote_port,
            None => self.remote_port.or(self.local_port),
        }
    }

    /// The layout that it was read by.
    pub fn layout(&self) -> &'r Layout {
        &self.cells.bound.layout
    }

    /// The record as it stands in the input.
    pub fn raw(&self) -> &'r [u8] {
        self.cells.record.raw
    }
}
