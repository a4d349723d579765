//! What was counted of a detection, as bytes.

use super::grids;
use super::import::{BOUNDS, Import};
use super::wire::{PartError, WireReader, WireWriter};
use crate::hot::{Cold, Rare, Several};
use crate::{EVIDENCE, OTHER_PORTS, Rejects};
use ringback_model::{Instant, Place, RejectReason};

/// The most rows of a cell, and the most events. Sums of very many of them fit 64 bits.
const ROWS: u64 = 1 << 48;

/// Writes what was counted, of cells in which no row waits. A cell without rows takes one byte.
pub(crate) fn write(out: &mut WireWriter, cold: &Cold) {
    let Some((first, last)) = cold.stretch else { return out.number(0) };
    let several = cold.rare.as_ref().map(|rare| rare.several).filter(|several| several.rows > 0);
    out.number(cold.rows.min(ROWS - 1) << 1 | u64::from(several.is_some()));
    if let Some(several) = several {
        out.number(several.rows);
        out.number(several.occurrences.min(ROWS - 1));
    }
    out.instant(first);
    out.instant(Instant::from_micros(last.micros().saturating_sub(first.micros())));
    if cold.rows > 1 {
        grids::write(out, &cold.grid, cold.rare.as_ref().and_then(|rare| rare.early.as_ref()));
    }
    let places = cold.evidence.iter();
    out.count(places.count());
    for place in cold.evidence.iter() {
        write_place(out, place);
    }
    out.count(cold.other_ports.iter().count());
    for port in cold.other_ports.iter() {
        out.number(port.into());
    }
}

/// Reads it; `None` where there are no rows.
pub(crate) fn read(input: &mut WireReader<'_>, import: &Import) -> Result<Option<Cold>, PartError> {
    let counted = input.below(ROWS << 1)?;
    let rows = counted >> 1;
    if rows == 0 {
        return if counted == 0 { Ok(None) } else { Err(PartError::Damaged("rows are missing")) };
    }
    let mut cold = Cold { rows, ..Cold::default() };
    let mut rare = Rare::default();
    if counted & 1 == 1 {
        rare.several = Several { rows: input.below(rows + 1)?, occurrences: input.below(ROWS)? };
    }
    let first = input.instant()?;
    let last = Instant::from_micros(first.micros().saturating_add(input.instant()?.micros()));
    if last < first {
        return Err(PartError::Damaged("a stretch of time ends before it begins"));
    }
    cold.stretch = Some((first, last));
    if rows > 1 {
        (cold.grid, rare.early) = grids::read(input)?;
    } else {
        cold.grid.add(first, 1);
    }
    if rare.several.rows > 0 || rare.early.is_some() {
        cold.rare = Some(Box::new(rare));
    }
    for _ in 0..input.below(EVIDENCE as u64 + 1)? {
        let place = import.place(read_place(input)?)?;
        cold.evidence.keep(place);
    }
    for _ in 0..input.below(OTHER_PORTS as u64 + 1)? {
        let port = u16::try_from(input.below(1 << 16)?).unwrap_or_default();
        cold.other_ports.keep(port);
    }
    Ok(Some(cold))
}

fn write_place(out: &mut WireWriter, place: Place) {
    out.number(place.source.into());
    out.number(place.byte);
    out.number(place.record);
    out.number(place.line);
}

fn read_place(input: &mut WireReader<'_>) -> Result<Place, PartError> {
    let source = u32::try_from(input.below(1 << 32)?).unwrap_or_default();
    let [byte, record, line] = BOUNDS;
    Ok(Place { source, byte: input.below(byte)?, record: input.below(record)?, line: input.below(line)? })
}

impl Rejects {
    /// Writes them.
    pub fn write(&self, out: &mut WireWriter) {
        out.count(self.by_reason.len());
        for (reason, (rows, places)) in &self.by_reason {
            out.byte(*reason as u8);
            out.number((*rows).min(ROWS - 1));
            out.count(places.as_slice().len());
            for place in places.as_slice() {
                write_place(out, *place);
            }
        }
    }

    /// Reads what was written, of one source. Places are taken as they are.
    ///
    /// # Errors
    /// The bytes are something else.
    pub fn read(input: &mut WireReader<'_>) -> Result<Self, PartError> {
        let mut rejects = Rejects::default();
        for _ in 0..input.below(RejectReason::ALL.len() as u64 + 1)? {
            let reason = input.word(RejectReason::ALL)?;
            let (rows, places) = rejects.by_reason.entry(reason).or_default();
            *rows = input.below(ROWS)?;
            for _ in 0..input.below(crate::rejects::PLACES as u64 + 1)? {
                places.insert(read_place(input)?);
            }
        }
        Ok(rejects)
    }
}
