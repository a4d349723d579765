//! Parts: what was counted of some inputs, in a file that merges with others, and cases made from them.
//!
//! A part holds in its first section what it is (cuts, options, inputs with their evidence and rejected rows), and in the
//! others its counts, shard by shard.

mod frame;
mod inputs;
mod joining;
mod meta;
mod notes;
mod planning;
mod scanning;
mod splits;
mod uniting;
mod writing;

pub use inputs::Naming;
pub(crate) use inputs::PartFile;
pub use planning::{ByteRange, PlannedSplit, PlannedSplits, plan_splits};
pub use scanning::scan_split;
pub use splits::tally_split;
pub(crate) use uniting::read_with_parts;
pub use writing::{Tallied, merge, tally};

#[cfg(test)]
mod tests;
