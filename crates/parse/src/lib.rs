//! From the bytes of an export to detections: encodings, dialects, layouts, rule names, times.
//!
//! All untrusted bytes of logs stop here. A [`Plan`] is made from a source's first bytes; [`split_points`] says where
//! the source may be split; a [`SplitReader`] turns a split into rows, each with the detection that it stands for.
//! Nothing here knows of profiles, verdicts or threads.

mod address;
mod dates;
mod encoding;
mod field;
mod interpret;
mod layout;
mod plan;
mod reader;
mod records;
mod rule_name;
mod split;
mod times;

pub use dates::{DateDecision, DateEvidence, DateOrder};
pub use field::Field;
pub use interpret::Trace;
pub use layout::{Layout, LayoutError, Layouts};
pub use plan::{Plan, PlanError, ReadOptions, Start, plan};
pub use reader::{RejectedRecord, Row, RowEvent, SplitReader, SplitSummary};
pub use split::{Split, split_points};
pub use times::Times;

#[cfg(test)]
mod tests;
#[cfg(test)] mod probe;
