//! Counts on disk: what merges in memory can be written, read again and merged by another process.
//!
//! Everything here takes bytes that anybody may have made: they are checked against their checksums, read within their
//! bounds, and never make room for more than they hold.

mod detections;
mod envelope;
mod figures;
mod grids;
mod import;
mod left;
mod piece;
mod wire;

pub use envelope::{Envelope, EnvelopeWriter, FileKind, MAGIC, SCHEMA};
pub use import::{Import, Shift};
pub use left::{LeftRow, Run};
pub use piece::Piece;
pub use wire::{PartError, WireReader, WireWriter};

/// Reads bytes as each of the things that files of parts hold; for a fuzzer.
pub fn read_any_bytes(bytes: &[u8]) {
    let mut input = std::io::Cursor::new(bytes);
    for kind in FileKind::ALL {
        let Ok(envelope) = Envelope::open(&mut input, kind) else { continue };
        for number in 0..envelope.sections() {
            if let Ok(section) = envelope.section(&mut input, number) {
                read_section(&section);
            }
        }
    }
    read_section(bytes);
}

fn read_section(bytes: &[u8]) {
    _ = Piece::default().read(bytes, &Import::of_sources(3, 2, 2));
    _ = crate::Rejects::read(&mut WireReader::new(bytes));
}

#[cfg(test)]
mod tests;
