//! The report: the versioned, borrowed view of a case that every reporter gets.
//!
//! The types of this module are the wire format, version [`SCHEMA_VERSION`]. Within a version fields are added, never
//! renamed. Long lists are [`List`]s, which make one element at a time, so that a case with hundreds of thousands of
//! findings is never held twice.

mod background;
mod brand;
mod comparison;
mod detail;
mod field;
mod list;
mod open_points;
mod overview_view;
mod rhythm_view;
mod spread_view;
mod timeline_view;
mod view;
mod word_counts;

pub use brand::{LogoView, OwnTextView};
pub use comparison::{BaselineView, ChangesView, ComparisonView, GoneView};
pub use detail::{EvidenceView, FindingView, HostView, IncidentView, RemoteView};
pub use field::{Field, Texts};
pub use list::List;
pub use open_points::{LogRowsView, SETTLING, UnknownView};
pub use overview_view::{HostPairsView, OverviewView, PairView};
pub use rhythm_view::PeriodicityView;
pub use spread_view::{CampaignView, ContactView, SequenceView, StepView};
pub use timeline_view::{BucketView, HostTimelineView, SeriesView, TimelineView};
pub use view::{
    AccountingView, ClientView, Counts, DataFileView, DuplicateView, InputView, LayoutView, MarkingView,
    MethodView, NetworksView, PeriodView, QuestionView, RejectView, ReportView, SettlesView, SharedRowsView,
    SilenceView, SummaryView, SuppressionView, TakenView, ToolView,
};

use crate::case::{Case, Finding};
use crate::message::{Message, Words};
use std::sync::{Arc, OnceLock};

/// The version of the report's wire format, apart from the program's version.
pub const SCHEMA_VERSION: u32 = 1;

/// A case with the words to tell it in. Cheap to clone and to share between reporters.
#[derive(Clone)]
pub struct Report {
    /// What was found.
    pub case: Arc<Case>,
    /// The words of the report's language.
    pub words: Arc<dyn Words>,
    /// The texts of the distinct lists of reasons, each made when it is first asked for.
    told: Arc<OnceLock<Vec<OnceLock<Vec<String>>>>>,
}

impl Report {
    /// A report of a case in the given words.
    pub fn new(case: Case, words: Arc<dyn Words>) -> Self {
        Report { case: Arc::new(case), words, told: Arc::default() }
    }

    /// The view of version [`SCHEMA_VERSION`].
    pub fn view(&self) -> ReportView<'_> {
        ReportView::of(self)
    }

    /// The incidents, without the rest of the view.
    pub fn incidents(&self) -> List<'_, IncidentView<'_>> {
        List::new(self, self.case.incidents.len(), |report, n| {
            IncidentView::of(report, &report.case.incidents[n])
        })
    }

    /// The findings, without the rest of the view.
    pub fn findings(&self) -> List<'_, FindingView<'_>> {
        List::new(self, self.case.findings.len(), |report, n| {
            FindingView::of(report, &report.case.findings[n])
        })
    }

    /// The client's hosts, without the rest of the view.
    pub fn hosts(&self) -> List<'_, HostView<'_>> {
        List::new(self, self.case.hosts.len(), |report, n| HostView::of(report, &report.case.hosts[n]))
    }

    /// The other ends, without the rest of the view.
    pub fn remotes(&self) -> List<'_, RemoteView<'_>> {
        List::new(self, self.case.remotes.len(), |report, n| RemoteView::of(report, &report.case.remotes[n]))
    }

    /// The texts of messages.
    pub fn texts(&self, messages: &[Message]) -> Vec<String> {
        messages.iter().map(|message| self.words.text(message)).collect()
    }

    /// The texts of a finding's reasons.
    pub(crate) fn reasons_of(&self, finding: &Finding) -> &[String] {
        let lists = &self.case.reasons;
        let told = self.told.get_or_init(|| lists.iter().map(|_| OnceLock::new()).collect());
        let number = finding.reasons as usize;
        told[number].get_or_init(|| self.texts(&lists[number]))
    }

    /// The JSON Schema of the wire format.
    pub fn schema() -> serde_json::Value {
        let generator = schemars::generate::SchemaSettings::draft2020_12().for_serialize().into_generator();
        generator.into_root_schema_for::<ReportView<'static>>().to_value()
    }
}

impl std::fmt::Debug for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Report").field("findings", &self.case.findings.len()).finish_non_exhaustive()
    }
}
