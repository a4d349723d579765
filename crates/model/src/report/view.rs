//! The view of a whole report.

use super::open_points::{UnknownView, unknowns};
use super::overview_view::{OverviewView, overview};
use super::rhythm_view::rhythms;
use super::spread_view::{CampaignView, SequenceView, campaigns, sequences};
use super::timeline_view::{TimelineView, timeline};
use super::word_counts::WordCounts;
use super::{
    ComparisonView, EvidenceView, FindingView, HostView, IncidentView, List, LogoView, OwnTextView,
    RemoteView, Report, SCHEMA_VERSION, brand,
};
use crate::case::{Case, SuppressionState, TakenOut};
use crate::detection::{ListSource, ResultKind};
use crate::fingerprint::FindingId;
use crate::instant::Instant;
use crate::place::RejectReason;
use crate::profile::EndMatch;
use crate::rhythm::Rhythm;
use crate::verdict::{Scenario, Severity};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Counts by a word of a vocabulary; every word is there, zero or not.
pub type Counts = BTreeMap<&'static str, u64>;

/// The whole report.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Ringback report", rename = "Report")]
pub struct ReportView<'a> {
    /// The version of this format.
    pub schema: u32,
    /// The program.
    pub tool: ToolView<'a>,
    /// When the report was made.
    pub generated_at: Option<Instant>,
    /// The language of the texts.
    pub language: &'a str,
    /// The title.
    pub title: &'a str,
    /// The author.
    pub author: Option<&'a str>,
    /// How it may be shared.
    pub marking: MarkingView<'a>,
    /// Whom it is about.
    pub client: ClientView<'a>,
    /// The time that it covers.
    pub period: PeriodView<'a>,
    /// What was read.
    pub inputs: Vec<InputView<'a>>,
    /// The figures.
    pub summary: SummaryView,
    /// What happened.
    pub incidents: List<'a, IncidentView<'a>>,
    /// What it is told from.
    pub findings: List<'a, FindingView<'a>>,
    /// The client's hosts.
    pub hosts: List<'a, HostView<'a>>,
    /// The other ends.
    pub remotes: List<'a, RemoteView<'a>>,
    /// Which of the hosts met which remote end.
    pub overview: OverviewView<'a>,
    /// Remote ends that many hosts contacted, the first thousand.
    pub campaigns: Vec<CampaignView<'a>>,
    /// Hosts that were attacked and made new contacts after that, the first thousand.
    pub sequences: Vec<SequenceView<'a>>,
    /// The ids of the findings with statistics of their times, the highest score first.
    pub rhythms: Vec<FindingId>,
    /// Rows over time.
    pub timeline: TimelineView<'a>,
    /// What only the client can answer, that which settles most rows first, where rows without a verdict count ten times.
    pub questions: Vec<QuestionView<'a>>,
    /// How many questions are left out because there are too many of their kind.
    pub unasked: u64,
    /// What could not be told, why, and what would settle it.
    pub unknowns: Vec<UnknownView<'a>>,
    /// Where every row went.
    pub accounting: AccountingView<'a>,
    /// The accepted findings of the profile.
    pub suppressions: Vec<SuppressionView<'a>>,
    /// What changed since an earlier report; left out where none was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<ComparisonView<'a>>,
    /// How it was made.
    pub method: MethodView<'a>,
    /// Texts of the author's own.
    #[schemars(skip_serializing_if = "Vec::is_empty")]
    pub own_texts: Vec<OwnTextView<'a>>,
}

/// The program that made the report.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ToolView<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
}

/// How the report may be shared and what it looks like.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MarkingView<'a> {
    /// The Traffic Light Protocol marking.
    pub tlp: Option<&'a str>,
    /// The accent colour, `#rrggbb`.
    pub accent: Option<&'a str>,
    /// The families of type, the first that there is being taken.
    pub font: Option<&'a str>,
}

/// Whom the report is about.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ClientView<'a> {
    /// The client's name.
    pub name: Option<&'a str>,
    /// The logo on the cover.
    pub logo: Option<LogoView<'a>>,
}

/// The time that the report covers.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PeriodView<'a> {
    /// The first event in it.
    pub first: Option<Instant>,
    /// The last event in it.
    pub last: Option<Instant>,
    /// The zone in which times are shown.
    pub time_zone: &'a str,
}

/// One input.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InputView<'a> {
    /// Its normalised name.
    pub name: &'a str,
    /// Size in bytes.
    pub size: Option<u64>,
    /// SHA-256 in hexadecimal.
    pub sha256: Option<&'a str>,
    /// The container.
    pub container: &'a str,
    /// The encoding.
    pub encoding: &'a str,
    /// The layout.
    pub layout: Option<&'a str>,
    /// Records read.
    pub rows: u64,
    /// Records rejected.
    pub rejected: u64,
    /// First time in it.
    pub first: Option<Instant>,
    /// Last time in it.
    pub last: Option<Instant>,
    /// Stretches of time without a row, although it has rows before and after and is not usually silent for so long.
    pub silences: Vec<SilenceView>,
    /// What was noticed while reading.
    pub notes: Vec<String>,
    /// The earlier inputs that hold rows of it too. Each duplicate row is told of the earliest of them.
    #[schemars(skip_serializing_if = "Vec::is_empty")]
    pub duplicates: Vec<SharedRowsView<'a>>,
}

/// A stretch of time without a row.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SilenceView {
    /// The first hour without one.
    pub from: Instant,
    /// The first hour with one again.
    pub to: Instant,
}

/// Rows that an earlier input holds too.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SharedRowsView<'a> {
    /// The earlier input.
    pub input: &'a str,
    /// How many rows.
    pub rows: u64,
}

/// The figures. Those of `severity`, `scenario` and `result` are rows in findings.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SummaryView {
    /// Rows in findings.
    pub rows: u64,
    /// Events that the console says these rows stand for.
    pub occurrences: u64,
    /// Findings.
    pub findings: u64,
    /// Incidents.
    pub incidents: u64,
    /// The client's hosts.
    pub hosts: u64,
    /// The other ends.
    pub remotes: u64,
    /// Rows by severity.
    pub severity: Counts,
    /// Findings by severity.
    pub severity_findings: Counts,
    /// Incidents by severity.
    pub severity_incidents: Counts,
    /// Rows by scenario.
    pub scenario: Counts,
    /// Incidents by scenario.
    pub scenario_incidents: Counts,
    /// Rows by result.
    pub result: Counts,
    /// Findings of outbound traffic by what their times say.
    pub rhythm: Counts,
    /// Remote ends that many hosts contacted.
    pub campaigns: u64,
    /// Hosts that were attacked and made new contacts after that.
    pub sequences: u64,
    /// What is said first.
    pub statements: Vec<String>,
}

/// What only the client can answer.
#[derive(Debug, Serialize, JsonSchema)]
pub struct QuestionView<'a> {
    /// Its name.
    pub id: &'a str,
    /// The question.
    pub text: String,
    /// What it is about, one by one.
    pub details: Vec<String>,
    /// What the answer would settle.
    pub settles: SettlesView,
    /// What to paste into the profile; empty where another export would answer, and no profile.
    pub toml: &'a str,
}

/// What an answer would settle.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SettlesView {
    /// Rows.
    pub rows: u64,
    /// Those of them that have no verdict without the answer.
    pub undetermined: u64,
    /// Findings.
    pub findings: u64,
}

/// Where every row went.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AccountingView<'a> {
    /// Rows read: the sum of the other five.
    pub rows: u64,
    /// Rows in findings.
    pub in_findings: u64,
    /// Rows that the profile accepts.
    pub suppressed: u64,
    /// Rows outside of the period asked for.
    pub filtered: u64,
    /// Rows that an earlier export holds too.
    pub duplicate: u64,
    /// Rows that could not be read.
    pub rejected: u64,
    /// Rejected rows by reason.
    pub rejects: Vec<RejectView<'a>>,
    /// Duplicate rows by input.
    pub duplicates: Vec<DuplicateView<'a>>,
}

/// Rejected rows of one reason.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RejectView<'a> {
    /// Why.
    pub reason: RejectReason,
    /// How many.
    pub rows: u64,
    /// The first of them.
    pub places: Vec<EvidenceView<'a>>,
}

/// Duplicate rows of one input.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DuplicateView<'a> {
    /// The input.
    pub source: &'a str,
    /// How many.
    pub rows: u64,
}

/// An accepted finding and what it took out.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SuppressionView<'a> {
    /// Why it is accepted.
    pub reason: &'a str,
    /// Who accepted it.
    pub owner: &'a str,
    /// When it ends.
    pub expires: Option<Instant>,
    /// Whether it had ended.
    pub expired: bool,
    /// Rows that it took out.
    pub rows: u64,
    /// Findings that it took out.
    pub findings: u64,
    /// The last second before it ends; its day is the last on which it is accepted.
    pub last: Option<Instant>,
    /// What became of it.
    pub state: SuppressionState,
    /// The first time of the rows that it holds for.
    pub from: Option<Instant>,
    /// The first time after those.
    pub until: Option<Instant>,
    /// The remote address, network, host name or URL that it holds for; `*.` stands for all names below one.
    pub remote: Option<String>,
    /// The client's host that it holds for, by name, address or network.
    pub host: Option<String>,
    /// The rule that it holds for.
    pub rule: Option<&'a str>,
    /// The list that it holds for.
    pub list: Option<ListSource>,
    /// The scenario that it holds for.
    pub scenario: Option<Scenario>,
    /// The first of the findings that it took out, in the report's order.
    pub taken: Vec<TakenView<'a>>,
}

/// A finding that the profile accepts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TakenView<'a> {
    /// Its id.
    pub id: FindingId,
    /// What happened.
    pub scenario: Scenario,
    /// How bad it would be.
    pub severity: Severity,
    /// The client's host as people name it.
    pub host: &'a str,
    /// The other end as logged.
    pub remote: &'a str,
    /// The rule.
    pub rule: Option<&'a str>,
    /// Rows.
    pub rows: u64,
    /// First time.
    pub first: Instant,
    /// Last time.
    pub last: Instant,
}

/// How the report was made.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MethodView<'a> {
    /// Options that bear on the content.
    pub options: BTreeMap<&'a str, &'a str>,
    /// What counts as the client's.
    pub networks: NetworksView<'a>,
    /// The layouts used.
    pub layouts: Vec<LayoutView<'a>>,
    /// The playbook.
    pub playbook: &'a str,
    /// The matrix of MITRE's that techniques are of.
    pub attack: Option<&'a str>,
    /// Files read for context.
    pub data_files: Vec<DataFileView<'a>>,
}

/// What counts as the client's.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NetworksView<'a> {
    /// Networks.
    pub own: &'a [String],
    /// Names.
    pub names: &'a [String],
    /// Whether private ranges were taken as own without the profile saying so.
    pub private_assumed: bool,
    /// The date of the special-purpose registries.
    pub registries: &'a str,
}

/// A layout that was used.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LayoutView<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Whether a vendor's document confirms it.
    pub confirmed: bool,
}

/// A file that was read for context.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DataFileView<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its date, where it says one.
    pub date: Option<Instant>,
    /// SHA-256 in hexadecimal.
    pub sha256: &'a str,
    /// What it was recognised as, where it could have been of several kinds.
    pub kind: Option<&'a str>,
    /// What it says of itself, such as the type of a database.
    pub detail: Option<&'a str>,
    /// How many records it has, where it is made of records.
    pub records: Option<u64>,
    /// How many of them say something that is used.
    pub used: Option<u64>,
}

impl<'a> ReportView<'a> {
    pub(super) fn of(report: &'a Report) -> Self {
        let case = &*report.case;
        let heading = &case.heading;
        ReportView {
            schema: SCHEMA_VERSION,
            tool: ToolView { name: &heading.tool.0, version: &heading.tool.1 },
            generated_at: heading.generated_at,
            language: &heading.language,
            title: &heading.title,
            author: some(&heading.author),
            marking: MarkingView {
                tlp: some(&heading.tlp),
                accent: some(&heading.accent),
                font: some(&heading.brand.font),
            },
            client: ClientView { name: some(&heading.client), logo: brand::logo(&heading.brand) },
            period: period(case),
            inputs: inputs(report),
            summary: summary(report),
            incidents: report.incidents(),
            findings: report.findings(),
            hosts: report.hosts(),
            remotes: report.remotes(),
            overview: overview(report),
            campaigns: campaigns(report),
            sequences: sequences(report),
            rhythms: rhythms(report),
            timeline: timeline(case),
            questions: questions(report),
            unasked: case.unasked,
            unknowns: unknowns(report),
            accounting: accounting(report),
            suppressions: suppressions(case),
            comparison: ComparisonView::of(report),
            method: method(case),
            own_texts: brand::texts(&heading.brand),
        }
    }
}

fn period(case: &Case) -> PeriodView<'_> {
    PeriodView {
        first: case.findings.iter().map(|finding| finding.tally.first).min(),
        last: case.findings.iter().map(|finding| finding.tally.last).max(),
        time_zone: &case.heading.time_zone,
    }
}

fn inputs(report: &Report) -> Vec<InputView<'_>> {
    let view = |input: &'_ crate::case::Input| report.texts(&input.notes);
    let inputs = &report.case.inputs;
    let name = |n: u32| inputs.get(n as usize).map_or("", |input| input.name.as_str());
    inputs
        .iter()
        .map(|input| InputView {
            name: &input.name,
            size: input.size,
            sha256: input.sha256.as_deref(),
            container: &input.container,
            encoding: &input.encoding,
            layout: some(&input.layout),
            rows: input.rows,
            rejected: input.rejected,
            first: input.first,
            last: input.last,
            silences: input.silences.iter().map(|(from, to)| SilenceView { from: *from, to: *to }).collect(),
            notes: view(input),
            duplicates: input
                .duplicates
                .iter()
                .map(|shared| SharedRowsView { input: name(shared.source), rows: shared.rows })
                .collect(),
        })
        .collect()
}

fn summary(report: &Report) -> SummaryView {
    let case = &*report.case;
    let (mut severity, mut severity_findings) =
        (WordCounts::of(Severity::ALL), WordCounts::of(Severity::ALL));
    let (mut scenario, mut result) = (WordCounts::of(Scenario::ALL), WordCounts::of(ResultKind::ALL));
    let mut rhythm = WordCounts::of(Rhythm::ALL);
    let (mut rows, mut occurrences) = (0, 0);
    for finding in &case.findings {
        let (tally, verdict) = (&finding.tally, &finding.verdict);
        rows += tally.rows;
        occurrences += tally.occurrences;
        severity.add(verdict.severity, tally.rows);
        severity_findings.add(verdict.severity, 1);
        scenario.add(verdict.scenario, tally.rows);
        result.add(finding.detection.result, tally.rows);
        if let Some(word) = finding.rhythm() {
            rhythm.add(word, 1);
        }
    }
    let (mut severity_incidents, mut scenario_incidents) =
        (WordCounts::of(Severity::ALL), WordCounts::of(Scenario::ALL));
    for incident in &case.incidents {
        severity_incidents.add(incident.severity, 1);
        scenario_incidents.add(incident.scenario, 1);
    }
    SummaryView {
        rows,
        occurrences,
        findings: case.findings.len() as u64,
        incidents: case.incidents.len() as u64,
        hosts: case.hosts.len() as u64,
        remotes: case.remotes.len() as u64,
        severity: severity.finish(),
        severity_findings: severity_findings.finish(),
        severity_incidents: severity_incidents.finish(),
        scenario: scenario.finish(),
        scenario_incidents: scenario_incidents.finish(),
        result: result.finish(),
        rhythm: rhythm.finish(),
        campaigns: case.campaigns.all,
        sequences: case.sequences.all,
        statements: report.texts(&case.statements),
    }
}

fn questions(report: &Report) -> Vec<QuestionView<'_>> {
    let view = |question: &'_ crate::case::Question| report.words.text(&question.text);
    report
        .case
        .questions
        .iter()
        .map(|question| QuestionView {
            id: &question.id,
            text: view(question),
            details: report.texts(&question.details),
            settles: SettlesView {
                rows: question.rows,
                undetermined: question.undetermined,
                findings: question.findings,
            },
            toml: &question.toml,
        })
        .collect()
}

fn accounting(report: &Report) -> AccountingView<'_> {
    let case = &*report.case;
    let accounting = &case.accounting;
    let source = |n: u32| case.inputs.get(n as usize).map_or("", |input| input.name.as_str());
    AccountingView {
        rows: accounting.rows,
        in_findings: accounting.in_findings,
        suppressed: accounting.suppressed,
        filtered: accounting.filtered,
        duplicate: accounting.duplicate,
        rejected: accounting.rejected,
        rejects: accounting
            .rejects
            .iter()
            .map(|tally| RejectView {
                reason: tally.reason,
                rows: tally.rows,
                places: tally.places.iter().map(|place| EvidenceView::of(report, place)).collect(),
            })
            .collect(),
        duplicates: accounting
            .duplicates
            .iter()
            .map(|tally| DuplicateView { source: source(tally.source), rows: tally.rows })
            .collect(),
    }
}

fn suppressions(case: &Case) -> Vec<SuppressionView<'_>> {
    let text = |end: &EndMatch| end.to_string();
    case.suppressions
        .iter()
        .map(|used| SuppressionView {
            reason: &used.entry.reason,
            owner: &used.entry.owner,
            expires: used.entry.expires,
            expired: used.state == SuppressionState::Expired,
            rows: used.rows,
            findings: used.findings,
            last: used
                .entry
                .expires
                .map(|end| Instant::from_seconds((end.micros() - 1).div_euclid(1_000_000))),
            state: used.state,
            from: used.entry.period.from,
            until: used.entry.period.until,
            remote: used.entry.remote.as_ref().map(text),
            host: used.entry.host.as_ref().map(text),
            rule: used.entry.rule.as_deref(),
            list: used.entry.list,
            scenario: used.entry.scenario,
            taken: used.taken.iter().map(taken).collect(),
        })
        .collect()
}

fn taken(one: &TakenOut) -> TakenView<'_> {
    TakenView {
        id: one.id,
        scenario: one.scenario,
        severity: one.severity,
        host: &one.host,
        remote: &one.remote,
        rule: some(&one.rule),
        rows: one.rows,
        first: one.first,
        last: one.last,
    }
}

fn method(case: &Case) -> MethodView<'_> {
    let method = &case.method;
    MethodView {
        options: method.options.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
        networks: NetworksView {
            own: &method.own_networks,
            names: &method.own_names,
            private_assumed: method.private_assumed,
            registries: &method.registries,
        },
        layouts: method
            .layouts
            .iter()
            .map(|(name, title, confirmed)| LayoutView { name, title, confirmed: *confirmed })
            .collect(),
        playbook: &method.playbook,
        attack: some(&method.attack),
        data_files: method
            .data_files
            .iter()
            .map(|file| DataFileView {
                name: &file.name,
                date: file.date,
                sha256: &file.sha256,
                kind: some(file.kind),
                detail: some(&file.detail),
                records: file.records.map(|records| records.all),
                used: file.records.map(|records| records.used),
            })
            .collect(),
    }
}

/// A text, or nothing where it is empty.
fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
