//! From the bytes of an export to detections: encodings, dialects, layouts, rule names, times.
//!
//! All untrusted bytes of logs stop here. A [`Plan`] is made from a source's first bytes; [`split_points`] says where
//! the source may be split ([`ranges`], [`scan`] and [`join`] are its steps, for those who take them in many threads); a
//! [`SplitReader`] turns a split into rows, each with the detection that it stands for.
//! Nothing here knows of profiles, verdicts or threads.

mod address;
#[cfg(any(test, fuzzing))]
pub mod any_bytes;
mod bound;
mod carried;
mod cells;
mod certain;
mod certify;
mod chunks;
pub mod container;
mod date_notes;
mod dates;
#[cfg(any(test, fuzzing))]
pub mod differential;
mod draft;
mod encoding;
mod events;
mod explained;
mod field;
mod follow;
mod format;
mod forms;
mod heading;
mod interpret;
mod interpreter;
mod keyed;
mod layout;
mod layout_file;
mod layout_view;
mod layouts;
mod marks;
mod memo;
mod plan;
mod ports;
mod quotes;
mod raw;
mod reader;
mod recognition;
mod records;
mod row;
mod rule_memory;
mod rule_name;
mod shadowing;
mod shape;
mod spell;
mod spellings;
mod split;
mod split_scan;
mod spoiled;
mod stream;
mod survey;
mod tables;
mod times;
mod trace;
mod usual;
mod values;
mod written;

pub use date_notes::date_notes;
pub use dates::{DateDecision, DateEvidence, DateOrder};
pub use draft::{Draft, DraftError, draft};
pub use explained::{ShownCell, Told};
pub use field::Field;
pub use format::Format;
pub use forms::Form;
pub use layout::{Layout, LayoutError, When};
pub use layout_file::{KEYS as LAYOUT_KEYS, Mistake};
pub use layout_view::Spelled;
pub use layouts::Layouts;
pub use plan::{Plan, PlanError, ReadOptions, Start, TextEncodingName, plan};
pub use quotes::QuoteScan;
pub use raw::{RawRecord, decoded, raw_records};
pub use reader::{SplitReader, SplitSummary, Stage, Stopped, Unread};
pub use recognition::{ConditionMatch, LayoutMatch, RequiredMatch};
pub use row::{RejectedRecord, Row, RowEvent};
pub use rule_name::compile_rule_names;
pub use shadowing::doubts;
pub use split::{Split, guess_splits, join, line_end, ranges, scan, split_points};
pub use split_scan::{SplitScan, SplitStarts, split_starts};
pub use survey::{ColumnSurvey, FormSurvey, LineEnds, Quoting, SAMPLES, Survey};
pub use times::Times;
pub use trace::Ground;

#[cfg(test)]
mod tests;
