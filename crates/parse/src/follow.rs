//! The bytes of records that are read ahead, and the cells and records that their marks tell.

use crate::certify::{Before, Structure};
use crate::marks::{Follow, Marks, WIDTH};
use crate::records::{LONGEST_RECORD, LineEnd, MARK, Places, Record, Span};

/// How many ends of cells are put down at once: most blocks have no more.
const TOGETHER: usize = 8;

/// What was read of an input and not yet taken, and the records in it that were read ahead.
pub(crate) struct Buffer {
    pub(crate) delimiter: u8,
    /// What was read, and behind it room for one more block of marks.
    bytes: Vec<u8>,
    pub(crate) filled: usize,
    /// Where the record at hand starts. All before it is taken.
    at: usize,
    /// The byte of the input that stands first.
    from: u64,
    /// The line of the record at hand, from 1.
    pub(crate) line: u64,
    /// Lines within its quotes, and whether it has escaped ones.
    folded: u64,
    escaped: bool,
    /// Where the next block starts, and what is known of the bytes before it.
    block: usize,
    before: Before,
    /// Whether the record at hand is one that the reference must look at.
    unusual: bool,
    /// Where cells end. One more place stands before those of each record: the byte before its first.
    places: Vec<u32>,
    /// How many of them there are; behind them is room.
    count: usize,
    /// The number of the place before the record at hand.
    first: usize,
    /// The records that were read ahead, and about how many there should be.
    found: Vec<Found>,
    about: usize,
    /// The cells of records with escaped quotes, and where they stand among `plain`: without their quotes.
    spans: Vec<Span>,
    plain: Vec<u8>,
    core: csv_core::Reader,
    ends: Vec<usize>,
}

/// A record that was read ahead.
#[derive(Clone, Copy)]
struct Found {
    /// Where its content starts and ends, without its line end.
    from: u32,
    to: u32,
    /// Which of the places are those of its cells, or which of the spans if it has escaped quotes.
    first: u32,
    last: u32,
    escaped: bool,
    line: u64,
}

/// Records that were read ahead.
#[derive(Clone, Copy, Default)]
pub(crate) struct Ahead<'b> {
    found: &'b [Found],
    bytes: &'b [u8],
    from: u64,
    places: &'b [u32],
    spans: &'b [Span],
    plain: &'b [u8],
}

impl<'b> Ahead<'b> {
    /// Whether there are none.
    pub(crate) fn is_empty(self) -> bool {
        self.found.is_empty()
    }

    /// The records in their order.
    #[inline]
    pub(crate) fn iter(self) -> impl Iterator<Item = Record<'b>> {
        self.found.iter().map(move |found| self.record(*found))
    }

    #[inline]
    fn record(self, found: Found) -> Record<'b> {
        let (from, to) = (found.from as usize, found.to as usize);
        let (first, last) = (found.first as usize, found.last as usize);
        let bytes = &self.bytes[..to];
        let places = if found.escaped {
            Places::Apart { bytes: self.plain, cells: &self.spans[first..last] }
        } else {
            Places::Written { bytes, ends: &self.places[first..last] }
        };
        Record {
            raw: &bytes[from..],
            places,
            byte: self.from + from as u64,
            line: found.line,
            end: if self.bytes[to] == b'\r' { LineEnd::CrLf } else { LineEnd::Lf },
            ..Record::default()
        }
    }
}

impl Buffer {
    /// Nothing but room.
    pub(crate) fn new(delimiter: u8, bytes: Vec<u8>) -> Self {
        let mut buffer = Buffer {
            delimiter,
            bytes,
            filled: 0,
            at: 0,
            from: 0,
            line: 1,
            folded: 0,
            escaped: false,
            block: 0,
            before: Before::default(),
            unusual: false,
            places: vec![0; 2 * WIDTH],
            count: 0,
            first: 0,
            found: Vec::new(),
            about: 0,
            spans: Vec::new(),
            plain: Vec::new(),
            core: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            ends: vec![0; 64],
        };
        buffer.start_anew(0);
        buffer
    }

    /// Bytes of the input before the record at hand.
    pub(crate) fn position(&self) -> u64 {
        self.from + self.at as u64
    }

    /// Whether the record at hand is one that the reference must look at.
    pub(crate) fn is_unusual(&self) -> bool {
        self.unusual
    }

    /// What was read from the record at hand on.
    pub(crate) fn rest(&self) -> &[u8] {
        &self.bytes[self.at..self.filled]
    }

    /// The records that were read ahead.
    pub(crate) fn ahead(&self) -> Ahead<'_> {
        let Buffer { found, bytes, from, places, spans, plain, .. } = self;
        Ahead { found, bytes, from: *from, places, spans, plain }
    }

    /// Whether there are any.
    pub(crate) fn has_ahead(&self) -> bool {
        !self.found.is_empty()
    }

    /// Gives up the records that were read ahead; about so many more are to be.
    pub(crate) fn begin(&mut self, about: usize) {
        self.about = about;
        self.found.clear();
        self.spans.clear();
        self.plain.clear();
        self.places.copy_within(self.first..self.count, 0);
        (self.first, self.count) = (0, self.count - self.first);
    }

    /// Room for more to read, behind the record at hand, which is moved to the front.
    pub(crate) fn room(&mut self, least: usize) -> &mut [u8] {
        self.bytes.copy_within(self.at..self.filled, 0);
        self.filled -= self.at;
        self.from += self.at as u64;
        self.start_anew(0);
        if self.bytes.len() - self.filled < least / 2 + WIDTH {
            self.bytes.resize(self.filled + least + WIDTH, 0);
        }
        let end = self.bytes.len() - WIDTH;
        &mut self.bytes[self.filled..end]
    }

    /// Puts the record at hand at a place, from which marks are followed.
    fn start_anew(&mut self, at: usize) {
        (self.at, self.block, self.before) = (at, at, Before::default());
        (self.folded, self.escaped) = (0, false);
        self.places[self.first] = place(at).wrapping_sub(1);
        self.count = self.first + 1;
    }

    /// Takes in the structure of a block.
    #[expect(clippy::inline_always, reason = "it is part of what is compiled for each set of instructions")]
    #[inline(always)]
    fn take(&mut self, structure: Structure, block: usize) {
        let Structure { mut ends, mut feeds, .. } = structure;
        if structure.doubts != 0 {
            let certain = (structure.doubts & structure.doubts.wrapping_neg()) - 1;
            (ends, feeds) = (ends & certain, feeds & certain);
        }
        let before = self.count;
        self.put_down(ends, block);
        let mut taken = 0;
        while feeds != 0 {
            let feed = feeds & feeds.wrapping_neg();
            feeds ^= feed;
            let lines = structure.folded & (feed - 1) & !taken;
            let escapes = structure.escapes & (feed - 1) & !taken;
            taken = feed | (feed - 1);
            if lines | escapes != 0 {
                self.folded += u64::from(lines.count_ones());
                self.escaped |= escapes != 0;
            }
            let number = before + (ends & (feed - 1)).count_ones() as usize;
            if !self.end_record(block + feed.trailing_zeros() as usize, number) {
                return;
            }
        }
        if (structure.folded | structure.escapes) & !taken != 0 {
            self.folded += u64::from((structure.folded & !taken).count_ones());
            self.escaped |= structure.escapes & !taken != 0;
        }
        if structure.doubts != 0 {
            self.unusual = !self.pass_mark();
        }
    }

    /// Puts down the places of a block's ends.
    #[expect(clippy::inline_always, reason = "it is part of what is compiled for each set of instructions")]
    #[inline(always)]
    fn put_down(&mut self, mut ends: u64, block: usize) {
        let count = ends.count_ones() as usize;
        if self.places.len() < self.count + WIDTH {
            self.places.resize(2 * (self.count + WIDTH), 0);
        }
        let block = place(block);
        let mut room = &mut self.places[self.count..];
        self.count += count;
        // What is put down behind the last is room still.
        while let Some((some, more)) = room.split_first_chunk_mut::<TOGETHER>() {
            for place in some {
                *place = block + ends.trailing_zeros();
                ends &= ends.wrapping_sub(1);
            }
            if ends == 0 {
                break;
            }
            room = more;
        }
    }

    /// Takes the record that ends with the line feed at a place, whose number among all is given. False where following
    /// has to stop or to start anew.
    #[inline]
    fn end_record(&mut self, feed: usize, number: usize) -> bool {
        let from = self.at;
        if self.bytes[from] == MARK[0] && self.pass_mark() {
            return false;
        }
        let to = feed - usize::from(feed > from && self.bytes[feed - 1] == b'\r');
        if to > from {
            if feed + 1 - from > LONGEST_RECORD {
                self.unusual = true;
                return false;
            }
            let (first, last) = (place(self.first), place(number + 1));
            let mut found =
                Found { from: place(from), to: place(to), first, last, escaped: false, line: self.line };
            if self.escaped {
                found = self.unescaped(found, feed + 1);
            }
            self.found.push(found);
        }
        self.line += 1 + self.folded;
        (self.folded, self.escaped) = (0, false);
        (self.at, self.first) = (feed + 1, number);
        true
    }

    /// Passes over a byte order mark, which is nothing at the start of a record; false where there is none.
    #[cold]
    fn pass_mark(&mut self) -> bool {
        let marked = self.rest().starts_with(MARK);
        if marked {
            self.start_anew(self.at + MARK.len());
        }
        marked
    }

    /// Has the reference's engine read the cells of one whole record.
    #[cold]
    fn unescaped(&mut self, found: Found, next: usize) -> Found {
        let input = &self.bytes[found.from as usize..next];
        let (before, first) = (self.plain.len(), self.spans.len());
        self.core.reset();
        self.plain.resize(before + input.len(), 0);
        self.ends.resize(self.ends.len().max((found.last - found.first) as usize), 0);
        let (_, _, written, ends) = self.core.read_record(input, &mut self.plain[before..], &mut self.ends);
        self.plain.truncate(before + written);
        Span::of_ends(before, &self.ends[..ends], &mut self.spans);
        Found { first: place(first), last: place(self.spans.len()), escaped: true, ..found }
    }
}

impl Follow for Buffer {
    #[expect(clippy::inline_always, reason = "so it is compiled for each set of instructions")]
    #[inline(always)]
    fn follow(&mut self, find: impl Fn(&[u8; WIDTH]) -> Marks) {
        while self.found.len() < self.about && !self.unusual && self.block < self.filled {
            let block = self.block;
            let Some(bytes) = self.bytes[block..].first_chunk() else { return };
            let mut structure = self.before.take(find(bytes));
            let read = self.filled - block;
            if read < WIDTH {
                structure = structure.up_to(read);
            }
            self.block += WIDTH;
            // Behind a byte order mark, or at one that misled, blocks start anew.
            self.take(structure, block);
        }
    }
}

/// A place in a buffer, which is a few megabytes long at most.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "a buffer is shorter than two records and a block")]
fn place(place: usize) -> u32 {
    place as u32
}
