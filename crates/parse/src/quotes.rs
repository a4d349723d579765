//! Quotes: whether a place in a source lies inside a quoted cell, and how far that is beyond doubt.
//!
//! A quote is *certified* where every reader of delimited text agrees on it: an opening one follows a delimiter or a
//! record's end, a closing one precedes one, and two in a row inside a quoted cell are an escaped one. A quote anywhere
//! else is a *stray*: from there on, only reading record by record tells inside from outside.

use crate::plan::Plan;

/// Where a reader of delimited text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// At the start of a record or cell.
    CellStart,
    /// Within a cell, outside of quotes.
    Plain,
    /// Within quotes.
    Quoted,
    /// After a quote within quotes: their end, or half of an escaped quote.
    QuoteInQuoted,
}

impl State {
    /// Every state, in the order of its number.
    pub(crate) const ALL: [State; 4] = [State::CellStart, State::Plain, State::Quoted, State::QuoteInQuoted];

    /// The state after a byte, as the reference reader has it, and whether the byte is certified.
    fn step(self, byte: u8, delimiter: u8) -> (State, bool) {
        let ends_cell = byte == delimiter || byte == b'\n' || byte == b'\r';
        match (self, byte) {
            (State::Quoted, b'"') => (State::QuoteInQuoted, true),
            (State::Quoted, _) | (State::CellStart | State::QuoteInQuoted, b'"') => (State::Quoted, true),
            _ if ends_cell => (State::CellStart, true),
            (State::CellStart, _) => (State::Plain, true),
            (State::Plain, byte) => (State::Plain, byte != b'"'),
            (State::QuoteInQuoted, _) => (State::Plain, false),
        }
    }
}

/// Whether a record ends within quotes.
pub(crate) fn ends_within_quotes(record: &[u8], delimiter: u8) -> bool {
    let end = record.iter().fold(State::CellStart, |state, byte| state.step(*byte, delimiter).0);
    end == State::Quoted
}

/// How many cells of a record stand in quotes, how many that hold something do not, and how many hold nothing.
pub(crate) fn cells_by_quotes(record: &[u8], delimiter: u8) -> [u64; 3] {
    let (mut state, mut counts) = (State::CellStart, [0; 3]);
    for byte in record {
        if state == State::CellStart {
            let kind = if *byte == b'"' { 0 } else { 1 + usize::from(*byte == delimiter) };
            counts[kind] += 1;
        }
        state = state.step(*byte, delimiter).0;
    }
    counts[2] += u64::from(state == State::CellStart);
    counts
}

/// What a stretch of certified bytes does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Walk {
    /// The state after it; `None` where a quote in it is a stray.
    end: Option<State>,
    /// The start of the first record in it that follows a line feed, before any stray. The bytes within quotes are
    /// passed over, so that every line feed that is looked at ends a record.
    first: Option<usize>,
}

/// Follows a block from a state. Where the first record's start is not wanted, blocks without quotes cost little.
fn walk(start: State, block: &[u8], delimiter: u8, want_first: bool) -> Walk {
    let outside = matches!(start, State::CellStart | State::Plain);
    if outside && !want_first && memchr::memchr(b'"', block).is_none() {
        let end = block.last().map_or(start, |last| start.step(*last, delimiter).0);
        return Walk { end: Some(end), first: None };
    }
    let (mut state, mut at, mut first) = (start, 0, None);
    while at < block.len() {
        at += match state {
            State::Quoted => memchr::memchr(b'"', &block[at..]).unwrap_or(block.len() - at),
            State::Plain => plain_bytes(&block[at..], delimiter),
            State::CellStart | State::QuoteInQuoted => 0,
        };
        let Some(byte) = block.get(at) else { break };
        let (next, certified) = state.step(*byte, delimiter);
        at += 1;
        if !certified {
            return Walk { end: None, first };
        }
        if *byte == b'\n' && first.is_none() {
            first = Some(at);
        }
        state = next;
    }
    Walk { end: Some(state), first }
}

/// How many bytes can be passed over within a cell outside of quotes.
fn plain_bytes(rest: &[u8], delimiter: u8) -> usize {
    let end = memchr::memchr3(b'"', delimiter, b'\n', rest).unwrap_or(rest.len());
    memchr::memchr(b'\r', &rest[..end]).unwrap_or(end)
}

/// What the quotes in a part of a source do, for each state in which the part may begin. So the parts of a source can be
/// scanned in any order, by threads or machines that know nothing of each other, and be put together afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuoteScan {
    pub(crate) delimiter: u8,
    pub(crate) from: u64,
    pub(crate) at: u64,
    pub(crate) tracks: [Track; 4],
}

/// What one beginning leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Track {
    /// The state reached; `None` after a stray.
    pub(crate) state: Option<State>,
    /// The first record's start after the part's first byte.
    pub(crate) first: Option<u64>,
}

impl QuoteScan {
    /// A scan of the part of a source that begins at a byte.
    pub fn new(plan: &Plan, from: u64) -> Self {
        Self::with_delimiter(plan.dialect.delimiter, from)
    }

    pub(crate) fn with_delimiter(delimiter: u8, from: u64) -> Self {
        let tracks = State::ALL.map(|state| Track { state: Some(state), first: None });
        QuoteScan { delimiter, from, at: from, tracks }
    }

    /// The same scan for a part of which the state at its first byte is known, which costs half as much.
    #[must_use]
    pub(crate) fn known(mut self, start: State) -> Self {
        for (state, track) in State::ALL.iter().zip(&mut self.tracks) {
            track.state = track.state.filter(|_| *state == start);
        }
        self
    }

    /// The part's first byte.
    pub fn from(&self) -> u64 {
        self.from
    }

    /// What stands between cells.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The first byte after what was followed.
    pub fn to(&self) -> u64 {
        self.at
    }

    /// Follows the next bytes of the part.
    pub fn follow(&mut self, block: &[u8]) {
        let before = self.tracks;
        for number in 0..before.len() {
            let Track { state: Some(state), first } = before[number] else { continue };
            let met = before[..number].iter().position(|other| *other == before[number]);
            self.tracks[number] = if let Some(other) = met {
                self.tracks[other]
            } else {
                let walk = walk(state, block, self.delimiter, first.is_none());
                let found = walk.first.map(|place| self.at + place as u64);
                Track { state: walk.end, first: first.or(found) }
            };
        }
        self.at += block.len() as u64;
    }

    /// The scan of this part and the one after it as one part.
    #[must_use]
    pub fn then(mut self, next: &QuoteScan) -> Self {
        debug_assert_eq!(self.at, next.from, "parts are joined in the order of the source");
        for track in &mut self.tracks {
            if let Some(state) = track.state {
                let next = next.tracks[state as usize];
                *track = Track { state: next.state, first: track.first.or(next.first) };
            }
        }
        self.at = next.at;
        self
    }

    /// Whether following more bytes would find no other first record's start.
    pub(crate) fn is_settled(&self) -> bool {
        self.tracks.iter().all(|track| track.state.is_none() || track.first.is_some())
    }

    /// The state at the end and the first record's start for a part that begins in a state.
    pub(crate) fn outcome(&self, start: State) -> (Option<State>, Option<u64>) {
        let track = self.tracks[start as usize];
        (track.state, track.first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scan(bytes: &[u8], from: u64) -> QuoteScan {
        let mut scan = QuoteScan::with_delimiter(b',', from);
        scan.follow(bytes);
        scan
    }

    #[test]
    fn what_ends_within_quotes() {
        for (record, within) in [
            ("", false),
            ("a,b", false),
            ("a,\"b", true),
            ("a,\"b\"", false),
            ("a,\"b\"\"", true),
            ("a\" b,c", false),
            ("\"a\"x\",b", false),
            ("\"a\nb", true),
        ] {
            assert_eq!(ends_within_quotes(record.as_bytes(), b','), within, "{record}");
        }
    }

    #[test]
    fn cells_in_quotes() {
        for (record, counts) in [
            ("", [0, 0, 1]),
            ("a,b", [0, 2, 0]),
            ("\"a\",\"b,c\"\"\",", [2, 0, 1]),
            (",\"\",a\"b\"", [1, 1, 1]),
        ] {
            assert_eq!(cells_by_quotes(record.as_bytes(), b','), counts, "{record}");
        }
    }

    #[test]
    fn strays_end_certainty_and_what_stood_before_them_stays() {
        for (text, end, first) in [
            ("a,b\nc,d\n", Some(State::CellStart), Some(4)),
            ("\"a\nb\"\nc", Some(State::Plain), Some(6)),
            ("\"a\n\"\"b\"", Some(State::QuoteInQuoted), None),
            ("a\nb\"c\n", None, Some(2)),
            ("a\"\nb\n", None, None),
            ("\"a\" \nb\n", None, None),
        ] {
            assert_eq!(scan(text.as_bytes(), 0).outcome(State::CellStart), (end, first), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn parts_and_blocks_tell_what_the_whole_tells(
            text in "[ab,\"\r\n]{0,60}",
            cuts in prop::collection::vec(0usize..60, 0..4),
        ) {
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            cuts.push(text.len());
            cuts.sort_unstable();
            let (bytes, whole) = (text.as_bytes(), scan(text.as_bytes(), 0));
            let (mut blocks, mut parts, mut at) = (scan(b"", 0), scan(b"", 0), 0);
            for cut in cuts {
                blocks.follow(&bytes[at..cut]);
                parts = parts.then(&scan(&bytes[at..cut], at as u64));
                at = cut;
            }
            prop_assert_eq!(blocks, whole);
            prop_assert_eq!(parts, whole);
        }
    }
}
