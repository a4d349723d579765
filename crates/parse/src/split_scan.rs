//! Planning the splits of a source whose parts are looked at by processes that know nothing of each other.
//!
//! A process that looks at a part knows neither the delimiter nor whether the part starts within quotes; so it follows the
//! quotes for every delimiter and from every state, and keeps what it has of the source's first bytes, in which the heading
//! stands. Folding the scans tells where records start: at the first of each part up to which every quote is certified.

use crate::heading::DELIMITERS;
use crate::plan::Plan;
use crate::quotes::{QuoteScan, State};

/// What a part of a source says to whoever plans its splits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitScan {
    from: u64,
    to: u64,
    /// How much at the start of a source is kept.
    head_to: u64,
    /// What it has of the source's first bytes.
    head: Vec<u8>,
    /// The quotes behind them, by delimiter.
    quotes: Vec<QuoteScan>,
    last: Option<u8>,
}

/// Where records start in the parts of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SplitStarts {
    /// The first record that starts in each part; `None` where none does, or where that is not certain.
    pub starts: Vec<Option<u64>>,
    /// From where the rest is one piece, because a quote in it is not certified or its format can not be split; it is the
    /// start of the part that has it.
    pub one_piece: Option<u64>,
}

impl SplitScan {
    /// A scan of the part that begins at a byte. Of the source's bytes, the first `head_to` are kept.
    pub fn new(from: u64, head_to: u64) -> Self {
        let behind = from.max(head_to);
        let quotes =
            DELIMITERS.iter().map(|delimiter| QuoteScan::with_delimiter(*delimiter, behind)).collect();
        SplitScan { from, to: from, head_to, head: Vec::new(), quotes, last: None }
    }

    /// A scan of what was carried here; `None` where it does not fit together.
    pub fn of(
        from: u64,
        head_to: u64,
        head: Vec<u8>,
        quotes: Vec<QuoteScan>,
        last: Option<u8>,
    ) -> Option<Self> {
        let (length, room) = (head.len() as u64, head_to.saturating_sub(from));
        let behind = from.max(head_to);
        let to = if length < room { from.checked_add(length)? } else { quotes.first()?.to() };
        let delimiters = quotes.iter().map(QuoteScan::delimiter).eq(DELIMITERS.iter().copied());
        let same = |scan: &QuoteScan| scan.from() == behind && scan.to() == to.max(behind);
        let empty = (to == from) == last.is_none();
        (delimiters && length <= room && quotes.iter().all(same) && empty).then_some(SplitScan {
            from,
            to,
            head_to,
            head,
            quotes,
            last,
        })
    }

    /// Follows the next bytes of the part.
    pub fn follow(&mut self, block: &[u8]) {
        let room = usize::try_from(self.head_to.saturating_sub(self.to)).unwrap_or(usize::MAX);
        let (head, behind) = block.split_at(room.min(block.len()));
        self.head.extend_from_slice(head);
        if !behind.is_empty() {
            self.quotes.iter_mut().for_each(|quotes| quotes.follow(behind));
        }
        self.to += block.len() as u64;
        self.last = block.last().copied().or(self.last);
    }

    /// The part's first byte.
    pub fn from(&self) -> u64 {
        self.from
    }

    /// The first byte behind it.
    pub fn to(&self) -> u64 {
        self.to
    }

    /// What it has of the source's first bytes.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// The quotes behind them, by delimiter.
    pub fn quotes(&self) -> &[QuoteScan] {
        &self.quotes
    }

    /// Its last byte.
    pub fn last(&self) -> Option<u8> {
        self.last
    }

    /// The quotes from a byte of the part on.
    fn quotes_from(&self, byte: u64, delimiter: u8) -> QuoteScan {
        let mut scan = QuoteScan::with_delimiter(delimiter, byte);
        let head =
            usize::try_from(byte - self.from).ok().and_then(|at| self.head.get(at..)).unwrap_or_default();
        scan.follow(head);
        let behind = self.quotes.iter().find(|quotes| quotes.delimiter() == delimiter);
        match behind.filter(|quotes| quotes.from() == scan.to()) {
            Some(behind) => scan.then(behind),
            None => scan,
        }
    }
}

/// Where records start in the parts of a source, which follow each other from its first byte to its last. The plan was made
/// from the first bytes that the scans keep.
pub fn split_starts(plan: &Plan, scans: &[SplitScan]) -> SplitStarts {
    let data = plan.data_start().byte;
    let mut found = SplitStarts { starts: vec![None; scans.len()], one_piece: None };
    if !plan.is_taken_as_written() {
        // Its bytes are not those of its text, so that reading begins at its first.
        if let Some(first) = found.starts.first_mut() {
            (*first, found.one_piece) = (Some(data), Some(data));
        }
        return found;
    }
    // What is known of the part before: its state at the end, and its last byte.
    let mut before: Option<(State, Option<u8>)> = None;
    for (number, scan) in scans.iter().enumerate() {
        let start = &mut found.starts[number];
        if scan.to <= data {
            continue;
        }
        let (from, state) = if let Some((state, last)) = before {
            let begins = state == State::CellStart && last == Some(b'\n');
            *start = Some(scan.from).filter(|_| begins);
            (scan.from, state)
        } else {
            *start = Some(data);
            (data, State::CellStart)
        };
        let (end, first) = scan.quotes_from(from, plan.dialect.delimiter).outcome(state);
        *start = start.or(first.filter(|first| *first < scan.to));
        let Some(end) = end else {
            found.one_piece = found.starts.iter().copied().flatten().last();
            break;
        };
        before = Some((end, scan.last));
    }
    found
}
