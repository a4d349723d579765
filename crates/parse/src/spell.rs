//! The spelling of a row: the bytes by which rows that say the same are known again, before anything is read from them.

use crate::address;
use crate::bound::Bound;
use crate::field::Field;
use crate::records::Record;
use crate::spellings::SpellingHasher;
use ringback_model::{Service, Side};

/// Neighbouring columns of what a row says. They are taken together as they are written, quotes and delimiters included:
/// a piece of well-formed delimited text, so that its cells can be told from its bytes alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    first: usize,
    last: usize,
    /// Whether the last column holds an address, of which a port behind it is no part.
    address: bool,
}

impl Stretch {
    /// The stretches of the identity columns among all; one ends with each address.
    pub(crate) fn all(identity: &[usize], columns: &[Option<Field>]) -> Vec<Stretch> {
        let mut stretches: Vec<Stretch> = Vec::new();
        for &column in identity {
            let address = columns.get(column).copied().flatten().is_some_and(Field::is_address);
            match stretches.last_mut() {
                Some(last) if last.last + 1 == column && !last.address => {
                    (last.last, last.address) = (column, address);
                }
                _ => stretches.push(Stretch { first: column, last: column, address }),
            }
        }
        stretches
    }

    /// Its bytes in a record.
    #[inline]
    fn of<'r>(self, record: &Record<'r>) -> &'r [u8] {
        let written = record.written(self.first, self.last);
        if self.address && address::may_end_in_port(record.get(self.last)) {
            return before_port(written, record, self.last);
        }
        written
    }
}

/// What is written without the port that its last column has behind the address.
fn before_port<'r>(written: &'r [u8], record: &Record<'_>, column: usize) -> &'r [u8] {
    let cell = record.get(column);
    let (head, port) = address::cut_port(cell);
    if port.is_none() {
        return written;
    }
    let quote = (record.written(column, column).len() - cell.len()) / 2;
    let behind = cell.trim_ascii_start().len() - head.len();
    &written[..written.len() - behind - quote]
}

/// Takes in the spelling of a row: its layout, what its identity columns hold, without ports, and its service. No two rows
/// that could be read differently have one spelling; rows that say the same may have several.
#[inline]
pub(crate) fn spell(
    hasher: &mut SpellingHasher<'_>,
    number: usize,
    bound: &Bound,
    record: &Record<'_>,
    service: Option<Service>,
) {
    let bits = service.map_or(0, |Service { side, port, sole }| {
        u64::from(port) << 3 | u64::from(side == Side::Local) << 2 | u64::from(sole) << 1 | 1
    });
    hasher.kind((number as u64) << 32 | bits << 1 | u64::from(record.as_written()));
    if record.as_written() {
        for stretch in &bound.stretches {
            hasher.bytes(stretch.of(record));
        }
    } else {
        cell_by_cell(hasher, bound, record);
    }
}

fn cell_by_cell(hasher: &mut SpellingHasher<'_>, bound: &Bound, record: &Record<'_>) {
    for &column in &bound.identity {
        let cell = record.get(column);
        hasher.bytes(match bound.columns.get(column).copied().flatten() {
            Some(field) if field.is_address() => address::cut_port(cell).0,
            Some(_) => cell,
            // A column that tells the direction by being there: what it says is no part of it.
            None => cell.trim_ascii().get(..1).map_or(&[][..], |_| b"1"),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_ends_with_an_address_and_before_another_column() {
        let columns = [
            Some(Field::Endpoint),
            Some(Field::User),
            Some(Field::Local),
            Some(Field::LocalPort),
            Some(Field::Remote),
            Some(Field::Result),
            None,
            Some(Field::Rule),
        ];
        let stretch = |first, last, address| Stretch { first, last, address };
        assert_eq!(
            Stretch::all(&[0, 1, 2, 4, 5, 7], &columns),
            [stretch(0, 2, true), stretch(4, 4, true), stretch(5, 5, false), stretch(7, 7, false)]
        );
    }
}
