//! The view of how evenly the rows of a finding follow each other.

use super::Report;
use super::field::{At, Field, row};
use crate::case::Finding;
use crate::fingerprint::FindingId;
use crate::instant::Instant;
use crate::rhythm::{Gaps, Periodicity, Rhythm, is_outbound};
use schemars::JsonSchema;
use serde::Serialize;

row! {
    /// Statistics of when the rows of a finding were logged, with the score that is made from them.
    PeriodicityView of Periodicity as it {
        /// What they say.
        rhythm: Rhythm = it.row.rhythm,
        /// How even the gaps are, from 0 to 100; none where the times can not tell.
        score: Option<u8> = it.row.score,
        /// Rows that were looked at.
        events: u64 = it.row.events,
        /// Distinct seconds that were looked at.
        instants: u32 = it.row.instants,
        /// Whether these are all; else they are the first ones.
        complete: bool = it.row.complete,
        /// How many of the rows share their second with another, in per cent.
        equal_percent: u64 = percent(it.row.equal, it.row.events),
        /// The first second that was looked at.
        first: Instant = it.row.first,
        /// The last second that was looked at.
        last: Instant = it.row.last,
        /// Gaps between them.
        gaps: u32 = it.gaps().map_or(0, |gaps| gaps.count),
        /// Whether the gaps are those between the starts of bursts.
        of_bursts: bool = it.gaps().is_some_and(|gaps| gaps.of_bursts),
        /// The median gap.
        median_seconds: Option<u64> = it.gaps().map(|gaps| gaps.median),
        /// The median absolute deviation of the gaps.
        deviation_seconds: Option<u64> = it.gaps().map(|gaps| gaps.deviation),
        /// The gap that most others are near to.
        mode_seconds: Option<u64> = it.gaps().map(|gaps| gaps.mode),
        /// How many of the gaps are near to it, in per cent.
        mode_percent: Option<u64> = it.gaps().map(|gaps| percent(gaps.near_mode.into(), gaps.count.into())),
        /// The period that fits best.
        period_seconds: Option<u64> = it.gaps().map(|gaps| gaps.period),
        /// How far gaps are from multiples of the period, in per cent of it.
        jitter_percent: Option<u8> = it.gaps().map(|gaps| gaps.jitter),
        /// How many of the beats that the period asks for were seen, in per cent.
        seen_percent: Option<u8> = it.gaps().map(|gaps| gaps.seen),
    }
}

impl<'a> At<'a, Periodicity> {
    fn gaps(&self) -> Option<&'a Gaps> {
        self.row.gaps.as_ref()
    }
}

impl Finding {
    /// What the times of the finding say; none where it is not of traffic that could keep to a clock.
    pub fn rhythm(&self) -> Option<Rhythm> {
        match &self.tally.periodicity {
            Some(told) => Some(told.rhythm),
            None => is_outbound(&self.verdict).then_some(Rhythm::TooFew),
        }
    }
}

/// The findings with statistics of their times, the highest score first.
pub(super) fn rhythms(report: &Report) -> Vec<FindingId> {
    let case = &*report.case;
    case.rhythms.iter().filter_map(|number| case.findings.get(*number as usize)).map(|one| one.id).collect()
}

/// A share in whole per cent, rounded.
fn percent(part: u64, whole: u64) -> u64 {
    (200 * part + whole).checked_div(2 * whole).unwrap_or_default()
}
