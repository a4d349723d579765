//! All sources, read and counted: each row that several of them hold counts once.

use crate::error::PipelineError;
use crate::hands::Hands;
use crate::overlap::Uniting;
use crate::progress::Progress;
use crate::reading::{Aim, Prepared, ReadSources, prepare, read_all};
use crate::request::{Request, Window};
use crate::source::Source;
use crate::source_tally::Counted;
use ringback_model::Cuts;
use ringback_tally::{Counts, SharedTally, Union};

/// What was read of all sources.
pub(crate) struct United {
    /// The sources, in their order.
    pub(crate) counted: Vec<Counted>,
    /// What they counted in common.
    pub(crate) common: Counts,
    pub(crate) union: Union,
}

/// Reads and counts sources. Rows outside the window are no duplicates.
///
/// # Errors
/// A source that could be read once and not again.
pub(crate) fn read_united(
    sources: Vec<Source>,
    request: &Request,
    cuts: &Cuts,
    window: Window,
    aim: Aim,
    progress: &dyn Progress,
) -> Result<United, PipelineError> {
    let prepared = prepare(sources, request, progress);
    read_prepared(prepared, request, cuts, window, aim, progress)
}

/// Reads and counts sources of which the plans were made.
///
/// # Errors
/// A source that could be read once and not again.
pub(crate) fn read_prepared(
    prepared: Prepared,
    request: &Request,
    cuts: &Cuts,
    window: Window,
    aim: Aim,
    progress: &dyn Progress,
) -> Result<United, PipelineError> {
    let plans = prepared.plans();
    let hands = Hands::new(SharedTally::new(cuts.segments()));
    let read = read_all(prepared, &plans, request, cuts, aim, &hands, progress);
    let ReadSources { mut counted, left } = read;
    let union = match left {
        Some(left) => {
            let read_again = request.read_again;
            let uniting = Uniting { read_again, cuts, window, plans: &plans, hands: &hands, progress };
            uniting.unite(&mut counted, &left)?
        }
        None => Union::none(counted.len()),
    };
    Ok(United { counted, common: hands.finish().into_counts(), union })
}
