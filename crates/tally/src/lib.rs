//! Counting as an algebra: everything here merges in any order and any grouping to the same result.
//!
//! One thread, many threads and many machines count with the same types. Nothing here knows of files, layouts, verdicts
//! or threads.

mod cell;
mod counts;
mod grid;
mod hot;
mod kept_rows;
mod pages;
mod rejects;
mod samples;
mod shared_tally;
mod slabs;
mod timeline;

pub use cell::{Cell, Seen};
pub use counts::{Counted, Counts, Key, Shard};
pub use grid::{Grid, MAX_BUCKETS};
pub use kept_rows::KeptRows;
pub use rejects::Rejects;
pub use shared_tally::{Said, SharedTally, TallyShard, TallyWriter};
pub use slabs::{DuplicateFilter, RowHash, SlabKey, SlabSet, Slabs, Union, row_hash, slab_key};
pub use timeline::TimelineTally;

/// How many evidence rows a finding keeps: those that come first in the inputs.
pub const EVIDENCE: usize = 5;

/// How many of the ports that are not the service's a finding keeps: the smallest.
pub const OTHER_PORTS: usize = 8;
