//! How evenly the rows of a finding follow each other.

use crate::instant::Instant;
use crate::verdict::{Origin, Scenario, Verdict};
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What the times of a finding say, as far as they say anything.
    Rhythm {
        /// They follow each other at even gaps, as those of a program that calls home do.
        Regular = "regular",
        /// They do not.
        Irregular = "irregular",
        /// Most rows share their second with several others: the times may be those of uploads.
        BatchUpload = "batch-upload",
        /// There are too few of them to tell.
        TooFew = "too-few",
    }
}

/// Whether a finding is of traffic that a program of the client's may have sent by the clock.
pub fn is_outbound(verdict: &Verdict) -> bool {
    match verdict.scenario {
        Scenario::OutboundCallback | Scenario::OutboundAttack | Scenario::InternalCallback => true,
        Scenario::Undetermined => verdict.origin != Origin::Remote,
        _ => false,
    }
}

/// Statistics of the gaps between the rows of a finding, in whole seconds. `docs/PERIODICITY.md` says how each is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Periodicity {
    /// What they say.
    pub rhythm: Rhythm,
    /// From 0 to 100; none where the times can not tell.
    pub score: Option<u8>,
    /// Rows that were looked at.
    pub events: u64,
    /// Distinct seconds that were looked at.
    pub instants: u32,
    /// Whether these are all; else they are the first ones.
    pub complete: bool,
    /// Rows that share their second with another.
    pub equal: u64,
    /// The first second that was looked at.
    pub first: Instant,
    /// The last second that was looked at.
    pub last: Instant,
    /// The gaps.
    pub gaps: Option<Gaps>,
}

/// The gaps between instants, or between the starts of bursts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gaps {
    /// How many.
    pub count: u32,
    /// Whether they are those between the starts of bursts.
    pub of_bursts: bool,
    /// The median; of an even number the lower of the two in the middle.
    pub median: u64,
    /// The median absolute deviation from the median.
    pub deviation: u64,
    /// The gap that most others are near to.
    pub mode: u64,
    /// How many are near to it.
    pub near_mode: u32,
    /// The period that fits best.
    pub period: u64,
    /// How far gaps are from multiples of the period, in per cent of it: 20 where each is drawn evenly within 20 % of it.
    pub jitter: u8,
    /// How many of the beats that the period asks for were seen, in per cent.
    pub seen: u8,
}
