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
        if !record.as_written() || record.len() != self.columns {
            return None;
        }
        record.get(self.time).first().filter(|byte| byte.is_ascii_graphic())?;
        Some(PortPair { local: self.local.read_in(record)?, remote: self.remote.read_in(record)? })
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

    /// The port that a record of cells as they are written has there.
    #[inline]
    fn read_in(self, record: &Record<'_>) -> Option<u16> {
        let (cell, up_to) = record.up_to(self.column())?;
        match (self, up_to.last_chunk()) {
            (PortCell::Alone(_), Some(last)) => number_at_end(*last, cell.len()),
            _ => self.read(cell),
        }
    }

    fn read(self, cell: &[u8]) -> Option<u16> {
        match self {
            PortCell::Alone(_) => address::number(cell),
            PortCell::Behind(_) => address::cut_port(cell).1,
        }
    }
}

/// What [`address::number`] makes of the last so many of eight bytes, found out from all of them at once.
#[inline]
fn number_at_end(last: [u8; 8], digits: usize) -> Option<u16> {
    const ZEROS: u64 = u64::from_le_bytes([b'0'; 8]);
    if !(1..=5).contains(&digits) {
        return None;
    }
    // The bytes before the cell are taken out, so that they are leading zeros.
    let values = (u64::from_le_bytes(last) ^ ZEROS) & (u64::MAX << (64 - 8 * digits));
    // What is over nine has the highest bit, or has it when what ten lacks to it is added.
    let over = values.wrapping_add(u64::from_le_bytes([0x80 - 10; 8])) | values;
    if over & u64::from_le_bytes([0x80; 8]) != 0 {
        return None;
    }
    // Neighbours are put together: digits to numbers of two, these to numbers of four, and these to one.
    let twos = values.wrapping_mul(10).wrapping_add(values >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = twos.wrapping_mul(100).wrapping_add(twos >> 16) & 0x0000_ffff_0000_ffff;
    u16::try_from((fours & 0xffff) * 10_000 + (fours >> 32)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_are_those_of_their_digits(
            before in "[0-9,\"\u{80}-\u{ff}]{8}",
            cell in "[0-9]{0,7}|[0-7][0-9]{4}|[ -~\u{80}-\u{ff}]{0,3}[0-9]{0,3}",
        ) {
            let (all, cell) = (format!("{before}{cell}"), cell.as_bytes());
            let last = all.as_bytes().last_chunk().unwrap();
            prop_assert_eq!(number_at_end(*last, cell.len()), address::number(cell));
        }
    }
}
