//! From the bytes of an export to detections: encodings, dialects, layouts, rule names, times.
//!
//! All untrusted bytes of logs stop here. A [`Plan`] is made from a source's first bytes; [`split_points`] says where
//! the source may be split ([`ranges`], [`scan`] and [`join`] are its steps, for those who take them in many threads); a
//! [`SplitReader`] turns a split into rows, each with the detection that it stands for.
//! Nothing here knows of profiles, verdicts or threads.

mod address;
mod dates;
mod encoding;
mod field;
mod heading;
mod interpret;
mod layout;
mod plan;
mod quotes;
mod raw;
mod reader;
mod records;
mod row;
mod rule_name;
mod split;
mod times;
mod written;

pub use dates::{DateDecision, DateEvidence, DateOrder};
pub use field::Field;
pub use interpret::Trace;
pub use layout::{Layout, LayoutError, Layouts};
pub use plan::{Plan, PlanError, ReadOptions, Start, plan};
pub use quotes::QuoteScan;
pub use raw::{RawRecord, decoded, raw_records};
pub use reader::{SplitReader, SplitSummary};
pub use row::{RejectedRecord, Row, RowEvent};
pub use split::{Split, join, ranges, scan, split_points};
pub use times::Times;

#[cfg(test)]
mod tests;
