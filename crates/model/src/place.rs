//! Where a row stands, and why a row could not be read.

use crate::vocabulary::vocabulary;

/// The place of a record in the inputs.
///
/// While a large source is read in splits, `record` and `line` count from the start of the split; they are made absolute
/// when the splits are joined. The order is that of reading: source by source, then by byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The number of the source in the order of the inputs (by normalised name, never by argument).
    pub source: u32,
    /// The byte at which the record starts, in the source's decoded form where it is compressed.
    pub byte: u64,
    /// The number of the data record, from 1; headings, preambles and blank lines are not counted.
    pub record: u64,
    /// The number of the record's first line in the file, from 1.
    pub line: u64,
}

vocabulary! {
    /// Why a row, or a whole file, is not among the detections. Each is counted and has its places in the report.
    RejectReason {
        /// The row has fewer cells than the heading, or more with something in them.
        RaggedRow = "ragged-row",
        /// The time cell is empty or in no known format.
        BadTime = "bad-time",
        /// The time contradicts the order of day and month that the rest of the column proves.
        DateOrder = "date-order",
        /// An address cell holds neither an address nor a host name nor a URL.
        BadAddress = "bad-address",
        /// There is no remote address, or neither a local address nor an endpoint name.
        NoAddress = "no-address",
        /// The last row is cut off: inside a quoted cell, or before its last cell.
        TruncatedRow = "truncated-row",
        /// The heading again, as in exports that were joined.
        RepeatedHeading = "repeated-heading",
        /// A line after the last row that is no record, such as a total.
        Footer = "footer",
        /// The bytes are not text in the source's encoding.
        Undecodable = "undecodable",
        /// The record is longer than the limit for a record.
        TooLong = "too-long",
        /// The line is no record of its format at all.
        BadRecord = "bad-record",
        /// The record is of another kind than suspicious connections, in a file that mixes them.
        OtherEvent = "other-event",
        /// A spreadsheet put a number or a sign in the place of a date or an address; what stood there is lost.
        SpreadsheetNumber = "spreadsheet-number",
        /// The whole file fits no layout.
        NoLayout = "no-layout",
        /// The file could not be read, or not to its end.
        Unreadable = "unreadable",
    }
}

/// A row that was read and could not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reject {
    /// Why.
    pub reason: RejectReason,
    /// Where.
    pub place: Place,
}
