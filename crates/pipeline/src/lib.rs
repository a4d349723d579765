//! From paths to a case: discovery, threads and the order of the steps. Nothing else happens here: reading, counting,
//! judging and telling are other crates' business.
//!
//! [`investigate`] is what a program calls that wants a case from exports without the command line, [`inspect()`] what one
//! calls that wants to know what the exports are.

mod active;
mod advice;
mod ahead;
#[cfg(any(test, fuzzing))]
pub mod any_bytes;
mod assemble;
mod background;
mod bytes;
mod counter;
mod described;
mod discover;
mod error;
mod events;
mod explain;
mod exports;
mod fault;
mod guess;
mod hands;
mod hashes;
mod hours;
mod inspect;
mod judging;
mod opening;
mod overlap;
mod parts;
mod pipe;
mod progress;
mod reading;
mod request;
mod source;
mod source_tally;
mod stretches;
mod threads;
mod united;
mod workers;

pub use advice::advise_again;
pub use discover::{Discovery, discover};
pub use error::PipelineError;
pub use events::{Event, Fate};
pub use explain::{ExplainError, RowExplained, RowFate};
pub use exports::Export;
pub use inspect::{Inspected, inspect};
pub use opening::Opening;
pub use parts::{
    ByteRange, Naming, PlannedSplit, PlannedSplits, Tallied, merge, plan_splits, scan_split, tally,
    tally_split,
};
pub use progress::{Progress, Silent};
pub use request::{Request, Window};
pub use source::{Source, SourceError};

use reading::Aim;
use ringback_classify::read_playbook;
use ringback_model::{Calendar, Case, Cuts, Finding, Map, Segment};
use ringback_tally::{Key, Union};
use std::path::PathBuf;
use threads::by_threads;
use united::{United, read_united};

/// What an investigation found, with what is needed to read the rows again.
#[derive(Debug)]
pub struct Investigation {
    /// Everything that was found.
    pub case: Case,
    /// The findings that the profile accepts; they are not in the case's findings.
    pub suppressed: Vec<SuppressedFinding>,
    /// Every rejected row with its text, where the request asked for them.
    pub rejected: Vec<RejectedRow>,
    /// Inputs that could not be read, or not to their end, with the reason.
    pub failed: Vec<(String, String)>,
    /// Files in folders and archives that were left aside because they do not look like exports.
    pub ignored: Vec<PathBuf>,
    sources: Vec<source_tally::Counted>,
    union: Union,
    cuts: Cuts,
    threads: usize,
    lookup: Map<Key, judging::Found>,
    /// What rows were judged by, where they are asked for again.
    judged_by: Option<explain::JudgedBy>,
}

/// A finding that the profile accepts.
#[derive(Clone, Debug)]
pub struct SuppressedFinding {
    /// The number of the accepting entry in the profile.
    pub entry: usize,
    /// The finding; its incident number has no meaning.
    pub finding: Finding,
}

/// A rejected row as it stands in the input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RejectedRow {
    /// Where it stands.
    pub place: ringback_model::Place,
    /// Why it was rejected.
    pub reason: ringback_model::RejectReason,
    /// Its text, cut at a length that is enough to find it again.
    pub text: String,
}

/// Reads, counts, judges and tells.
///
/// # Errors
/// What the request itself gets wrong: a path that is not there, no input at all, or a profile that can not be compiled.
/// An input that can not be read is part of the result, and the others go on.
pub fn investigate(request: &Request, progress: &dyn Progress) -> Result<Investigation, PipelineError> {
    let (policy, cuts) = request.policy_and_cuts()?;
    let opening = Opening { hash: request.hash_inputs, again: request.read_again, ..Opening::default() };
    by_threads(request.threads, || {
        if request.advise && rayon::current_num_threads() > 1 {
            let language = request.heading.language.clone();
            rayon::spawn(move || read_playbook(&language));
        }
        let found = discover(&request.paths, opening)?;
        let window = request.window;
        let United { mut counted, common, union } = match found.parts.first() {
            None => read_united(found.sources, request, &cuts, window, Aim::Report, progress)?,
            Some(part) if request.read_again || request.keep_rejected => {
                return Err(PipelineError::NoRows(part.name.clone()));
            }
            Some(_) => parts::read_with_parts(found.sources, found.parts, request, &cuts, progress)?,
        };
        progress.judging();
        // Hosts are listed in reports alone.
        let calendar = request.advise.then(|| Calendar::of(&request.heading.time_zone));
        let judging = judging::Judging {
            policy: &policy,
            cuts: &cuts,
            window,
            read_again: request.read_again,
            calendar,
        };
        let mut judged = judging.judge_all(common, &mut counted);
        let (ignored, shared) = (found.ignored, found.shared);
        let census = std::mem::take(&mut judged.census);
        let parts =
            assemble::Parts { request, policy: &policy, counted, union, cuts: cuts.clone(), judged, ignored };
        let mut found = assemble::assemble(parts);
        found.case.addresses = background::addresses(&request.addresses, &found.case)?;
        if request.read_again {
            found.judged_by = Some(explain::JudgedBy { policy, census, window, shared });
        }
        Ok(found)
    })?
}

/// Whether a segment lies within the window that was asked for.
fn in_window(cuts: &Cuts, window: Window, segment: Segment) -> bool {
    let start = cuts.start(segment);
    let after_since = window.since.is_none_or(|since| start.is_some_and(|start| start >= since));
    let before_until = window.until.is_none_or(|until| start.is_none_or(|start| start < until));
    after_since && before_until
}
