//! The view of how evenly the rows of a finding follow each other.

use super::Report;
use crate::case::Finding;
use crate::fingerprint::FindingId;
use crate::instant::Instant;
use crate::rhythm::{Gaps, Periodicity, Rhythm, is_outbound};
use schemars::JsonSchema;
use serde::Serialize;

/// Statistics of when the rows of a finding were logged, with the score that is made from them.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PeriodicityView {
    /// What they say.
    pub rhythm: Rhythm,
    /// How even the gaps are, from 0 to 100; none where the times can not tell.
    pub score: Option<u8>,
    /// Rows that were looked at.
    pub events: u64,
    /// Distinct seconds that were looked at.
    pub instants: u32,
    /// Whether these are all; else they are the first ones.
    pub complete: bool,
    /// How many of the rows share their second with another, in per cent.
    pub equal_percent: u64,
    /// The first second that was looked at.
    pub first: Instant,
    /// The last second that was looked at.
    pub last: Instant,
    /// Gaps between them.
    pub gaps: u32,
    /// Whether the gaps are those between the starts of bursts.
    pub of_bursts: bool,
    /// The median gap.
    pub median_seconds: Option<u64>,
    /// The median absolute deviation of the gaps.
    pub deviation_seconds: Option<u64>,
    /// The gap that most others are near to.
    pub mode_seconds: Option<u64>,
    /// How many of the gaps are near to it, in per cent.
    pub mode_percent: Option<u64>,
    /// The period that fits best.
    pub period_seconds: Option<u64>,
    /// How far gaps are from multiples of the period, in per cent of it.
    pub jitter_percent: Option<u8>,
    /// How many of the beats that the period asks for were seen, in per cent.
    pub seen_percent: Option<u8>,
}

impl PeriodicityView {
    /// The view of a finding's statistics.
    pub fn of(told: &Periodicity) -> Self {
        let gaps = told.gaps.as_ref();
        let seconds = |of: fn(&Gaps) -> u64| gaps.map(of);
        PeriodicityView {
            rhythm: told.rhythm,
            score: told.score,
            events: told.events,
            instants: told.instants,
            complete: told.complete,
            equal_percent: percent(told.equal, told.events),
            first: told.first,
            last: told.last,
            gaps: gaps.map_or(0, |gaps| gaps.count),
            of_bursts: gaps.is_some_and(|gaps| gaps.of_bursts),
            median_seconds: seconds(|gaps| gaps.median),
            deviation_seconds: seconds(|gaps| gaps.deviation),
            mode_seconds: seconds(|gaps| gaps.mode),
            mode_percent: seconds(|gaps| percent(gaps.near_mode.into(), gaps.count.into())),
            period_seconds: seconds(|gaps| gaps.period),
            jitter_percent: gaps.map(|gaps| gaps.jitter),
            seen_percent: gaps.map(|gaps| gaps.seen),
        }
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
