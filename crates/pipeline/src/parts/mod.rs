//! Parts: what was counted of some inputs, in a file that merges with others, and cases made from them.
//!
//! A part holds in its first section what it is (cuts, options, inputs with their evidence and rejected rows), and in the
//! others its counts, shard by shard.

mod inputs;
mod joining;
mod meta;
mod notes;
mod splits;
mod uniting;
mod writing;

pub use inputs::Naming;
pub(crate) use inputs::PartFile;
pub use splits::{ByteRange, PlannedSplit, PlannedSplits, plan_splits, scan_split, tally_split};
pub(crate) use uniting::read_with_parts;
pub use writing::{Tallied, merge, tally};

use crate::error::PipelineError;
use ringback_model::Cuts;

/// The cuts in time that a profile and a window make.
pub(crate) fn cuts_of(request: &crate::Request) -> Result<(ringback_classify::Policy, Cuts), PipelineError> {
    let policy = ringback_classify::Policy::compile(&request.profile).map_err(PipelineError::Policy)?;
    let cuts = policy.cuts().into_iter().chain(request.window.cuts());
    let cuts = Cuts::new(cuts).map_err(PipelineError::Cuts)?;
    Ok((policy, cuts))
}

#[cfg(test)]
mod tests;
