//! What must hold whatever the bytes are: of files of parts and of what they hold. For tests and for fuzzing.

use crate::Rejects;
use crate::part::{Envelope, FileKind, Import, Piece, WireReader};

/// Bytes are read as each of the things that files of parts hold, or refused.
///
/// # Panics
/// Where that does not hold.
pub fn read_part(bytes: &[u8]) {
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

/// What can be read of a section can be written, and is the same when it is read again.
fn read_section(bytes: &[u8]) {
    let import = Import::of_sources(3, 2, 2);
    let mut piece = Piece::default();
    if piece.read(bytes, &import).is_ok() {
        let written = piece.write_all(2);
        let mut again = Piece::default();
        again.read(&written, &import).expect("what was written can be read");
        assert!(again.write_all(2) == written, "what was read again is the same");
    }
    _ = Rejects::read(&mut WireReader::new(bytes));
}

#[cfg(test)]
#[path = "../../../fuzz/replay.rs"]
mod replay;

#[cfg(test)]
mod tests {
    use super::read_part;
    use super::replay::replay;

    /// Survives: the corpus of the fuzz target `parts` | each is read or refused, and what is read can be written
    #[test]
    fn the_corpus_of_parts_is_read_or_refused() {
        replay("parts", b"", read_part);
    }
}
