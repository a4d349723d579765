//! Counting as an algebra: everything here merges in any order and any grouping to the same result.
//!
//! One thread, many threads and many machines count with the same types. Nothing here knows of files, layouts, verdicts
//! or threads.

#[cfg(any(test, fuzzing))]
pub mod any_bytes;
mod cell;
mod counts;
mod early;
mod grid;
mod hot;
mod kept_rows;
mod pages;
pub mod part;
mod presence;
mod rejects;
mod samples;
mod shard;
mod shared_tally;
mod timeline;
mod union;
mod unite_left;

pub use cell::{Cell, Seen};
pub use counts::{Counts, Key};
pub use early::{INSTANTS, Series};
pub use grid::{Grid, MAX_BUCKETS};
pub use kept_rows::KeptRows;
pub use presence::{Hour, Presence, endpoint_number, hour, shared_hours};
pub use rejects::Rejects;
pub use shard::{Counted, SettledShard, Shard};
pub use shared_tally::{CellNumber, SharedTally, TallyWriter};
pub use timeline::TimelineTally;
pub use union::{DuplicateFilter, Repetitions, RowHash, Union, row_hash};
pub use unite_left::{Duplicates, Uniting};

/// How many evidence rows a finding keeps: those that come first in the inputs.
pub const EVIDENCE: usize = 5;

/// How many of the ports that are not the service's a finding keeps: the smallest.
pub const OTHER_PORTS: usize = 8;
