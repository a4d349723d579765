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

#[cfg(test)]
mod tests;
