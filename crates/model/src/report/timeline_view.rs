//! The view of rows over time.

use super::Counts;
use crate::case::{BucketPart, Case};
use crate::instant::Instant;
use schemars::JsonSchema;
use serde::Serialize;

/// Rows over time.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TimelineView<'a> {
    /// The width of a bucket.
    pub bucket_seconds: u64,
    /// The occupied buckets.
    pub buckets: Vec<BucketView<'a>>,
}

/// One bucket of the timeline.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BucketView<'a> {
    /// Its first instant.
    pub start: Instant,
    /// Rows by scenario; scenarios without rows are left out.
    pub rows: Counts,
    /// Rows by scenario, severity and list.
    pub parts: &'a [BucketPart],
}

pub(super) fn timeline(case: &Case) -> TimelineView<'_> {
    let buckets = case.timeline.buckets.iter().map(|bucket| {
        let mut rows = Counts::new();
        for one in &bucket.parts {
            *rows.entry(one.scenario.as_str()).or_default() += one.rows;
        }
        BucketView { start: bucket.start, rows, parts: &bucket.parts }
    });
    TimelineView { bucket_seconds: case.timeline.bucket_seconds, buckets: buckets.collect() }
}
