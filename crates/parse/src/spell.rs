//! The spelling of a row: the bytes by which rows that say the same are known again, before anything is read from them.

use crate::address;
use crate::bound::Bound;
use crate::field::Field;
use crate::records::Record;
use crate::spellings::{SpellingHash, SpellingHasher};
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
        if self.address && may_end_in_port(written) {
            return before_port(written, record, self.last);
        }
        written
    }
}

/// Whether a port may be behind the address at the end of what is written: most addresses show at once that there is none,
/// since neither a colon nor a blank is among the last bytes.
#[inline]
fn may_end_in_port(written: &[u8]) -> bool {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHEST: u64 = ONES << 7;
    let Some(last) = written.last_chunk() else { return true };
    let last = u64::from_le_bytes(*last);
    let not_colon = last ^ (ONES * u64::from(b':'));
    let colon = not_colon.wrapping_sub(ONES) & !not_colon;
    let blank = last.wrapping_sub(ONES * u64::from(b' ' + 1)) & !last;
    (colon | blank) & HIGHEST != 0
}

/// What is written without the port that its last column has behind the address.
fn before_port<'r>(written: &'r [u8], record: &Record<'_>, column: usize) -> &'r [u8] {
    let cell = record.get(column);
    let (head, Some(_)) = address::cut_port(cell) else { return written };
    let quote = (record.written(column, column).len() - cell.len()) / 2;
    let behind = cell.trim_ascii_start().len() - head.len();
    &written[..written.len() - behind - quote]
}

/// The hash of a row's spelling: of its layout, what its identity columns hold, without ports, and its service. No two
/// rows that could be read differently have one spelling; rows that say the same may have several.
#[inline]
pub(crate) fn spell(
    mut hasher: SpellingHasher<'_>,
    number: usize,
    bound: &Bound,
    record: &Record<'_>,
    service: Option<Service>,
) -> SpellingHash {
    let bits = service.map_or(0, |Service { side, port, sole }| {
        u64::from(port) << 3 | u64::from(side == Side::Local) << 2 | u64::from(sole) << 1 | 1
    });
    if record.as_written() {
        for stretch in &bound.stretches {
            hasher.piece(stretch.of(record));
        }
    } else {
        cell_by_cell(&mut hasher, bound, record);
    }
    hasher.finish((number as u64) << 32 | bits << 1 | u64::from(record.as_written()))
}

fn cell_by_cell(hasher: &mut SpellingHasher<'_>, bound: &Bound, record: &Record<'_>) {
    for &column in &bound.identity {
        let cell = record.get(column);
        hasher.piece(match bound.columns.get(column).copied().flatten() {
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
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_does_not_look_like_a_port_is_none(
            before in "([a-z]{0,3},){0,3}",
            cell in "[0-9a-f.:\\]/% ]{0,12}[:. ]?[0-9]{0,7}[ \t]?",
            quoted in any::<bool>(),
        ) {
            let quote = if quoted { "\"" } else { "" };
            let written = format!("{before}{quote}{cell}{quote}");
            let port = address::cut_port(cell.as_bytes()).1;
            prop_assert!(may_end_in_port(written.as_bytes()) || port.is_none(), "{written:?}");
        }
    }

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
