//! Rows as nearly all are: what has to be known of them before their spelling is looked up, found out in few steps.
//!
//! A row is taken here only where no look at it can say anything else than the reader's own, slower one: it is as long as
//! the heading, its time says something and both of its ports are numbers, so that it is neither blank nor a footer nor a
//! heading again. The reader finds out about all others; a test holds both together.

use crate::address;
use crate::bound::Bound;
use crate::field::Field;
use crate::format::Format;
use crate::plan::Plan;
use crate::records::Record;

/// Where the rows of a plan have what is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usual {
    columns: usize,
    time: usize,
    local: PortCell,
    remote: PortCell,
}

/// The ports of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PortPair {
    pub(crate) local: u16,
    pub(crate) remote: u16,
}

/// Where a port stands.
#[derive(Clone, Copy, Debug)]
enum PortCell {
    /// In a column of its own.
    Alone(usize),
    /// Behind the address.
    Behind(usize),
}

impl Usual {
    /// What rows of a plan look like; `None` where there is more to look at than this.
    pub(crate) fn of(plan: &Plan) -> Option<Self> {
        let [bound] = plan.bounds.as_slice() else { return None };
        let simple = plan.format == Format::Delimited
            && !bound.directed
            && bound.conditions().next().is_none()
            && bound.column(Field::Port).is_none()
            && bound.is_single([
                Field::Time,
                Field::Local,
                Field::LocalPort,
                Field::Remote,
                Field::RemotePort,
            ]);
        let usual = Usual {
            columns: plan.headings.len(),
            time: bound.column(Field::Time)?,
            local: PortCell::of(bound, Field::LocalPort, Field::Local)?,
            remote: PortCell::of(bound, Field::RemotePort, Field::Remote)?,
        };
        let headings = [usual.local, usual.remote].map(|cell| &plan.headings[cell.column()]);
        let telling = usual.local.read(headings[0].as_bytes()).is_none();
        (simple && telling).then_some(usual)
    }

    /// The ports of a row, if it is as usual.
    #[inline]
    pub(crate) fn ports(&self, record: &Record<'_>) -> Option<PortPair> {
        if !record.as_written || record.len() != self.columns {
            return None;
        }
        record.get(self.time).first().filter(|byte| byte.is_ascii_graphic())?;
        let local = self.local.read(record.get(self.local.column()))?;
        let remote = self.remote.read(record.get(self.remote.column()))?;
        Some(PortPair { local, remote })
    }
}

impl PortCell {
    fn of(bound: &Bound, own: Field, address: Field) -> Option<Self> {
        let alone = bound.column(own).map(PortCell::Alone);
        alone.or_else(|| bound.column(address).map(PortCell::Behind))
    }

    fn column(self) -> usize {
        match self {
            PortCell::Alone(column) | PortCell::Behind(column) => column,
        }
    }

    #[inline]
    fn read(self, cell: &[u8]) -> Option<u16> {
        match self {
            PortCell::Alone(_) => address::number(cell),
            PortCell::Behind(_) => address::cut_port(cell).1,
        }
    }
}
