//! The view of rows over time.

use super::Counts;
use crate::case::{BucketPart, Case};
use crate::detection::ListSource;
use crate::instant::Instant;
use crate::verdict::{Scenario, Severity};
use schemars::JsonSchema;
use serde::Serialize;

/// Rows over time.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TimelineView {
    /// The width of a bucket.
    pub bucket_seconds: u64,
    /// The occupied buckets.
    pub buckets: Vec<BucketView>,
}

/// One bucket of the timeline.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BucketView {
    /// Its first instant.
    pub start: Instant,
    /// Rows by scenario; scenarios without rows are left out.
    pub rows: Counts,
    /// Rows by scenario, severity and list.
    pub parts: Vec<BucketPartView>,
}

/// Rows of a bucket that are judged alike.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BucketPartView {
    /// What happened.
    pub scenario: Scenario,
    /// How bad they are.
    pub severity: Severity,
    /// The list that they matched.
    pub list: ListSource,
    /// Rows.
    pub rows: u64,
}

pub(super) fn timeline(case: &Case) -> TimelineView {
    let part = |part: &BucketPart| {
        let BucketPart { scenario, severity, list, rows } = *part;
        BucketPartView { scenario, severity, list, rows }
    };
    let buckets = case.timeline.buckets.iter().map(|bucket| {
        let mut rows = Counts::new();
        for one in &bucket.parts {
            *rows.entry(one.scenario.as_str()).or_default() += one.rows;
        }
        BucketView { start: bucket.start, rows, parts: bucket.parts.iter().map(part).collect() }
    });
    TimelineView { bucket_seconds: case.timeline.bucket_seconds, buckets: buckets.collect() }
}
