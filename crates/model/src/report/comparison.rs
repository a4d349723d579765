//! The view of what changed since an earlier report.

use super::field::{At, Field, row};
use super::{List, Report};
use crate::case::Case;
use crate::comparison::{About, Changes, Comparison, Gone, Told};
use crate::instant::Instant;
use crate::verdict::{Scenario, Severity};
use schemars::JsonSchema;
use serde::Serialize;

/// What changed since an earlier report.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ComparisonView<'a> {
    /// The earlier report.
    pub baseline: BaselineView<'a>,
    /// How the incidents stand.
    pub incidents: ChangesView,
    /// How the findings stand.
    pub findings: ChangesView,
    /// What the earlier report alone holds: incidents, then findings, each by severity, rows and id.
    pub gone: List<'a, GoneView<'a>>,
}

/// The earlier report.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BaselineView<'a> {
    /// The name of its file.
    pub name: &'a str,
    /// SHA-256 of its file in hexadecimal.
    pub sha256: &'a str,
    /// When it was made.
    pub generated_at: Option<Instant>,
    /// The version of the program that made it.
    pub version: Option<&'a str>,
    /// The first event in it.
    pub first: Option<Instant>,
    /// The last event in it.
    pub last: Option<Instant>,
    /// Whether names in it were replaced, so that its ids may be others than those of this report.
    pub redacted: bool,
    /// Incidents and findings that its summary counts and its lists lack; they can not be compared.
    pub left_out: u64,
}

/// How the incidents or the findings stand against an earlier report.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChangesView {
    /// How many the earlier report does not hold.
    pub new: u64,
    /// How many both hold.
    pub continuing: u64,
    /// How many the earlier report alone holds.
    pub gone: u64,
    /// How many of those are there still and accepted by the profile.
    pub accepted: u64,
    /// The rows of all of them in the earlier report.
    pub rows_before: u64,
    /// The rows of all of them now.
    pub rows: u64,
}

row! {
    /// An incident or a finding that the earlier report alone holds.
    GoneView<'a> of Gone as it {
        /// Whether it is an incident or a finding.
        kind: Told = it.row.id.told(),
        /// Its id.
        id: String = it.row.id.to_string(),
        /// What happened.
        scenario: Scenario = it.row.scenario,
        /// How bad it was.
        severity: Severity = it.row.severity,
        /// The host that it was about.
        host: &'a str = it.host(),
        /// Its rows.
        rows: u64 = it.row.rows,
        /// Its last row, where the earlier report says so.
        last: Option<Instant> = it.row.last,
        /// Whether its rows are there still, and the profile accepts them now.
        accepted: bool = it.row.accepted,
    }
}

impl<'a> At<'a, Gone> {
    fn host(&self) -> &'a str {
        self.report.case.comparison.as_ref().map_or("", |comparison| comparison.hosts.text(self.row.host))
    }
}

impl<'a> ComparisonView<'a> {
    /// The view of the comparison of a report, where there is one.
    pub(super) fn of(report: &'a Report) -> Option<Self> {
        let Comparison { about, incidents, findings, .. } = report.case.comparison.as_ref()?;
        Some(ComparisonView {
            baseline: baseline(about),
            incidents: changes(incidents),
            findings: changes(findings),
            gone: List::new(report, gone(&report.case).len(), |report, number| {
                GoneView::of(report, &gone(&report.case)[number])
            }),
        })
    }
}

/// What the earlier report of a case alone holds.
fn gone(case: &Case) -> &[Gone] {
    case.comparison.as_ref().map_or(&[], |comparison| &comparison.gone)
}

fn baseline(about: &About) -> BaselineView<'_> {
    BaselineView {
        name: &about.name,
        sha256: &about.sha256,
        generated_at: about.generated_at,
        version: Some(about.version.as_str()).filter(|version| !version.is_empty()),
        first: about.first,
        last: about.last,
        redacted: about.redacted,
        left_out: about.left_out,
    }
}

fn changes<Id>(changes: &Changes<Id>) -> ChangesView {
    ChangesView {
        new: changes.new,
        continuing: changes.continuing,
        gone: changes.gone,
        accepted: changes.accepted,
        rows_before: changes.rows_before,
        rows: changes.rows,
    }
}
