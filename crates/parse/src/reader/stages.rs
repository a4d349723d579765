//! The stages of reading, each with all before it, so that what each of them takes can be measured.

use super::{AHEAD, SplitReader};
use crate::split::Split;
use crate::stream::Stream;
use std::hint::black_box;
use std::io::{self, Read};

/// How far rows are taken. What comes after these stages, [`SplitReader::read`] does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Records and their cells are found.
    Cells,
    /// Ports, service and the hash of what identifies the row are worked out.
    Hashed,
    /// The hash is looked up among those that were met.
    LookedUp,
}

impl SplitReader<'_> {
    /// Takes the records of a split as far as a stage, and gives their number: those that are read ahead, which are all
    /// where every record is as usual. The reader must not read rows afterwards, since nothing is known of the spellings that
    /// it met. `input` stands at the split's first byte, and is UTF-8.
    ///
    /// # Errors
    /// What the input says.
    pub fn take_to(&mut self, stage: Stage, input: impl Read, split: Split) -> io::Result<u64> {
        let length = split.to.map_or(u64::MAX, |to| to.saturating_sub(split.from));
        let mut records = Stream::new(self.plan, input.take(length));
        let mut hashes = Vec::with_capacity(2 * AHEAD);
        let mut count = 0;
        loop {
            let ahead = records.fill(AHEAD)?;
            if ahead.is_empty() {
                return Ok(count);
            }
            hashes.clear();
            for record in ahead.iter() {
                count += 1;
                if stage == Stage::Cells {
                    black_box(record.len());
                } else if let Ok(prepared) = self.prepare(&record) {
                    hashes.push(prepared.hash);
                }
            }
            black_box(&hashes);
            if stage == Stage::LookedUp {
                for hash in &hashes {
                    if self.known.find(*hash).is_none() {
                        self.known.keep(*hash, Ok(0));
                    }
                }
            }
        }
    }
}
