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
