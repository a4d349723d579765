//! The spelling of a row: the bytes by which rows that say the same are known again, before anything is read from them.

use crate::address;
use crate::bound::Bound;
use crate::records::Record;
use ringback_model::{Service, Side};

/// Adds the spelling of a row to `key`: its layout, what its identity columns hold, without ports, and its service. No two rows
/// that could be read differently have one spelling; rows that say the same may have several.
pub(crate) fn spell(
    key: &mut Vec<u8>,
    number: usize,
    bound: &Bound,
    record: &Record<'_>,
    service: Option<Service>,
) {
    key.push(u8::from(record.as_written));
    key.extend_from_slice(&u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
    if record.as_written {
        as_written(key, bound, record);
    } else {
        cell_by_cell(key, bound, record);
    }
    if let Some(Service { side, port, sole }) = service {
        key.extend_from_slice(&port.to_le_bytes());
        key.extend([u8::from(side == Side::Local), u8::from(sole)]);
    }
}

/// Neighbouring cells are taken together as they are written, quotes and delimiters included. Each stretch is a piece of
/// well-formed delimited text, so that its cells can be told from its bytes alone; its length stands before it.
fn as_written(key: &mut Vec<u8>, bound: &Bound, record: &Record<'_>) {
    let mut stretch: Option<(usize, usize)> = None;
    let mut next_column = usize::MAX;
    for &column in &bound.identity {
        let Some((from, to)) = record.written(column) else { continue };
        let start = match stretch {
            Some((start, _)) if column == next_column => start,
            _ => {
                flush(key, record, stretch);
                from
            }
        };
        let field = bound.columns.get(column).copied().flatten();
        let cut = field.filter(|field| field.is_address()).and_then(|_| before_port(record, column));
        match cut {
            Some(end) => {
                flush(key, record, Some((start, end)));
                (stretch, next_column) = (None, usize::MAX);
            }
            None => (stretch, next_column) = (Some((start, to)), column + 1),
        }
    }
    flush(key, record, stretch);
}

/// Where a cell's address ends, if a port follows it.
fn before_port(record: &Record<'_>, column: usize) -> Option<usize> {
    let cell = record.get(column);
    let (head, port) = address::cut_port(cell);
    let blanks = cell.len() - cell.trim_ascii_start().len();
    port.map(|_| record.cells[column].range().start + blanks + head.len())
}

fn flush(key: &mut Vec<u8>, record: &Record<'_>, stretch: Option<(usize, usize)>) {
    let Some(bytes) = stretch.and_then(|(from, to)| record.bytes.get(from..to)) else { return };
    key.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
    key.extend_from_slice(bytes);
}

fn cell_by_cell(key: &mut Vec<u8>, bound: &Bound, record: &Record<'_>) {
    for &column in &bound.identity {
        let cell = record.get(column);
        let cell = match bound.columns.get(column).copied().flatten() {
            Some(field) if field.is_address() => address::cut_port(cell).0,
            Some(_) => cell,
            // A column that tells the direction by being there: what it says is no part of it.
            None => cell.trim_ascii().get(..1).map_or(&[][..], |_| b"1"),
        };
        key.extend_from_slice(&u32::try_from(cell.len()).unwrap_or(u32::MAX).to_le_bytes());
        key.extend_from_slice(cell);
    }
}
