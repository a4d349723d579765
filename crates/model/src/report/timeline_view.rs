//! The view of rows over time.

use super::Counts;
use crate::case::Case;
use crate::detection::{ListSource, ResultKind};
use crate::instant::Instant;
use crate::timeline::{Kind, Series, Timeline};
use crate::verdict::{Scenario, Severity};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Rows over time.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TimelineView<'a> {
    /// The width of a bucket.
    pub bucket_seconds: u64,
    /// The occupied buckets.
    pub buckets: Vec<BucketView>,
    /// The same rows by host: the first hosts in the report's order, then those besides. Where hosts are not asked for,
    /// they are all among those besides.
    pub hosts: Vec<HostTimelineView<'a>>,
}

/// One bucket of the timeline.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BucketView {
    /// Its first instant.
    pub start: Instant,
    /// Rows by scenario; scenarios without rows are left out.
    pub rows: Counts,
}

/// The rows of a host over time.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HostTimelineView<'a> {
    /// The host; none for those besides.
    pub host: Option<&'a str>,
    /// Its rows by kind.
    pub series: Vec<SeriesView<'a>>,
}

/// Rows over time that are judged alike.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SeriesView<'a> {
    /// How bad they are.
    pub severity: Severity,
    /// What happened.
    pub scenario: Scenario,
    /// The list that they matched.
    pub list: ListSource,
    /// What the product did.
    pub result: ResultKind,
    /// The buckets with rows of it, in order: which of the occupied buckets, from 0, and how many rows.
    pub rows: &'a [(u32, u64)],
}

pub(super) fn timeline(case: &Case) -> TimelineView<'_> {
    let Timeline { bucket_seconds, buckets, series } = &case.timeline;
    let mut counts = vec![Counts::new(); buckets.len()];
    // Those besides come last.
    let mut by_host: BTreeMap<u32, Vec<SeriesView<'_>>> = BTreeMap::new();
    for one in series {
        for (bucket, rows) in &one.rows {
            *counts[*bucket as usize].entry(one.kind.scenario.as_str()).or_default() += rows;
        }
        by_host.entry(one.host.unwrap_or(u32::MAX)).or_default().push(SeriesView::of(one));
    }
    let buckets = buckets.iter().zip(counts).map(|(start, rows)| BucketView { start: *start, rows });
    let host = |number: u32| case.hosts.get(number as usize).map(|host| host.host.as_str());
    let hosts = by_host.into_iter().map(|(number, series)| HostTimelineView { host: host(number), series });
    TimelineView { bucket_seconds: *bucket_seconds, buckets: buckets.collect(), hosts: hosts.collect() }
}

impl<'a> SeriesView<'a> {
    fn of(series: &'a Series) -> Self {
        let Kind { severity, scenario, list, result } = series.kind;
        SeriesView { severity, scenario, list, result, rows: &series.rows }
    }
}
