//! What the marks of a block mean, as far as every reader agrees on it: all of a block's bytes are judged at once.

use crate::marks::{Marks, WIDTH};

/// What is known of the bytes before a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Before {
    /// All bits where the block begins within quotes, else none.
    within: u64,
    /// One where the last byte ends a cell or where there is none, else nothing. The next ones likewise.
    ended: u64,
    /// Where the last byte is a quote that closes.
    closed: u64,
    /// Where the last byte is a carriage return outside quotes.
    returned: u64,
}

/// The structure of a block: the lowest bit of each mask stands for the first byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Structure {
    /// The bytes that end cells: delimiters and line feeds outside quotes.
    pub(crate) ends: u64,
    /// Those of them that end records.
    pub(crate) feeds: u64,
    /// Line feeds within quotes.
    pub(crate) folded: u64,
    /// Second halves of escaped quotes.
    pub(crate) escapes: u64,
    /// Bytes on which readers differ, or which they would have to look at alone. What follows the first means nothing.
    pub(crate) doubts: u64,
}

impl Default for Before {
    /// The start of a record.
    fn default() -> Self {
        Before { within: 0, ended: 1, closed: 0, returned: 0 }
    }
}

impl Structure {
    /// The structure of a block of which only so many bytes were read.
    pub(crate) fn up_to(self, read: usize) -> Self {
        let known = !(u64::MAX << read);
        let Structure { ends, feeds, folded, escapes, doubts } = self;
        Structure {
            ends: ends & known,
            feeds: feeds & known,
            folded: folded & known,
            escapes: escapes & known,
            doubts: doubts & known,
        }
    }
}

impl Before {
    /// The structure of the block that follows.
    #[expect(clippy::inline_always, reason = "it is part of what is compiled for each set of instructions")]
    #[inline(always)]
    pub(crate) fn take(&mut self, marks: Marks) -> Structure {
        if marks.quotes | self.within | self.closed != 0 {
            return self.take_quoted(marks);
        }
        let ends = marks.delimiters | marks.feeds;
        let doubts = (marks.returns << 1 | self.returned) & !marks.feeds;
        (self.ended, self.returned) = (last(ends), last(marks.returns));
        Structure { ends, feeds: marks.feeds, doubts, ..Structure::default() }
    }

    /// The same where quotes are about. Each quote opens or closes: one that opens follows the end of a cell, one that
    /// closes stands before one, and one that opens right behind one that closes is the second half of an escaped quote. A
    /// carriage return outside quotes stands before a line feed. All else is in doubt.
    #[expect(clippy::inline_always, reason = "it is part of what is compiled for each set of instructions")]
    #[inline(always)]
    fn take_quoted(&mut self, marks: Marks) -> Structure {
        let within = up_to(marks.quotes) ^ self.within;
        let (opening, closing) = (marks.quotes & within, marks.quotes & !within);
        let feeds = marks.feeds & !within;
        let ends = marks.delimiters & !within | feeds;
        let returns = marks.returns & !within;
        let after_end = ends << 1 | self.ended;
        let after_closing = closing << 1 | self.closed;
        let after_return = returns << 1 | self.returned;
        let doubts = opening & !(after_end | after_closing)
            | after_closing & !(opening | ends | returns)
            | after_return & !feeds;
        *self = Before {
            within: last(within).wrapping_neg(),
            ended: last(ends),
            closed: last(closing),
            returned: last(returns),
        };
        Structure { ends, feeds, folded: marks.feeds & within, escapes: opening & after_closing, doubts }
    }
}

/// The bit of a block's last byte.
#[inline]
fn last(mask: u64) -> u64 {
    mask >> (WIDTH - 1)
}

/// For each bit, whether the number of bits up to it is odd, it included.
#[inline]
fn up_to(mask: u64) -> u64 {
    [1, 2, 4, 8, 16, 32].into_iter().fold(mask, |odd, by| odd ^ odd << by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The structure of a text that is certain from its start on, byte by byte, up to the first doubt.
    fn byte_by_byte(text: &[u8]) -> Vec<Structure> {
        let mut all = vec![Structure::default(); text.len().div_ceil(WIDTH)];
        let (mut within, mut before) = (false, b'\n');
        for (place, byte) in text.iter().copied().enumerate() {
            let (block, bit) = (&mut all[place / WIDTH], 1 << (place % WIDTH));
            let closed = before == b'"' && !within;
            let doubtful = match byte {
                _ if within => false,
                b'"' => !matches!(before, b',' | b'\n' | b'"'),
                b'\n' => false,
                b',' | b'\r' => before == b'\r',
                _ => closed || before == b'\r',
            };
            if doubtful {
                block.doubts |= bit;
                break;
            }
            match byte {
                b'"' if closed => (within, block.escapes) = (true, block.escapes | bit),
                b'"' => within = !within,
                b'\n' if within => block.folded |= bit,
                b',' if !within => block.ends |= bit,
                b'\n' => (block.ends, block.feeds) = (block.ends | bit, block.feeds | bit),
                _ => {}
            }
            // A return within quotes, or a quote within, means nothing to what follows it.
            before = if within { b'x' } else { byte };
        }
        all
    }

    fn marks(block: &[u8]) -> Marks {
        let places = |wanted: u8| {
            let bits = block.iter().enumerate().map(|(place, byte)| u64::from(*byte == wanted) << place);
            bits.sum()
        };
        Marks { delimiters: places(b','), quotes: places(b'"'), feeds: places(b'\n'), returns: places(b'\r') }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn blocks_mean_what_their_bytes_mean(
            cells in prop::collection::vec("(\"([a,\r\n]|\"\"){0,30}\"|[ab]{0,30})(,|,|\n|\r\n)", 1..20),
            put_in in prop::option::of((any::<prop::sample::Index>(), "[\"\ra,\n]")),
        ) {
            let mut text = cells.concat();
            if let Some((at, byte)) = put_in {
                text.insert_str(at.index(text.len()), &byte);
            }
            let mut before = Before::default();
            for (block, wanted) in text.as_bytes().chunks(WIDTH).zip(byte_by_byte(text.as_bytes())) {
                let mut found = before.take(marks(block));
                if block.len() < WIDTH {
                    found = found.up_to(block.len());
                }
                let first = found.doubts & found.doubts.wrapping_neg();
                prop_assert_eq!(first, wanted.doubts, "{:?}", text);
                let certain = if first == 0 { u64::MAX } else { first - 1 };
                for (found, wanted) in [
                    (found.ends, wanted.ends),
                    (found.feeds, wanted.feeds),
                    (found.folded, wanted.folded),
                    (found.escapes, wanted.escapes),
                ] {
                    prop_assert_eq!(found & certain, wanted, "{:?}", text);
                }
                if first != 0 {
                    break;
                }
            }
        }
    }
}
