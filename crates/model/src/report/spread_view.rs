//! The views of campaigns and sequences.

use super::Report;
use crate::detection::{ResultKind, Risk, Threat};
use crate::fingerprint::{FindingId, IncidentId};
use crate::instant::Instant;
use crate::spread::{Campaign, Sequence};
use crate::verdict::{Scenario, Scope, Severity, Stopped};
use schemars::JsonSchema;
use serde::Serialize;

/// One remote end that many of the client's hosts contacted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CampaignView<'a> {
    /// Its address, host name or URL as logged.
    pub remote: &'a str,
    /// Whose it is.
    pub scope: Scope,
    /// The worst risk that the console saw in it.
    pub risk: Risk,
    /// That of the worst of its findings.
    pub severity: Severity,
    /// Distinct hosts that contacted it.
    pub hosts: u64,
    /// The first of them, by the time of their first row.
    pub contacts: Vec<ContactView<'a>>,
    /// Rows.
    pub rows: u64,
    /// Rows of which nothing reached its target.
    pub blocked: u64,
    /// First time.
    pub first: Instant,
    /// Last time.
    pub last: Instant,
    /// The ids of its first findings.
    pub findings: Vec<FindingId>,
    /// How many findings it has besides.
    pub more_findings: u64,
}

/// One host of a campaign.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ContactView<'a> {
    /// Its name.
    pub host: &'a str,
    /// When it contacted the remote end first.
    pub first: Instant,
    /// Rows.
    pub rows: u64,
}

/// A host that was attacked, and contacts of its own that are new after that. One followed the other; that is no cause.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SequenceView<'a> {
    /// The host.
    pub host: &'a str,
    /// That of the worst finding among what followed.
    pub severity: Severity,
    /// Whether the host had made other such contacts before it was attacked.
    pub called_before: bool,
    /// The last attack that began before anything followed.
    pub attack: StepView<'a>,
    /// How many findings attack the host and began before anything followed.
    pub attacks: u64,
    /// Seconds from the first row of the attack to the first of what followed.
    pub gap_seconds: u64,
    /// The first findings that followed, in order of time.
    pub next: Vec<StepView<'a>>,
    /// How many findings followed besides.
    pub more: u64,
    /// Rows of the attacks and of what followed.
    pub rows: u64,
}

/// One finding of a sequence.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StepView<'a> {
    /// Its first row's time.
    pub at: Instant,
    /// Its id.
    pub finding: FindingId,
    /// The id of its incident.
    pub incident: Option<IncidentId>,
    /// What happened.
    pub scenario: Scenario,
    /// How bad it is.
    pub severity: Severity,
    /// The other end.
    pub peer: String,
    /// The rule or threat name.
    pub rule: Option<&'a str>,
    /// What the name stands for.
    pub threat: Threat,
    /// Blocked or logged.
    pub result: ResultKind,
    /// What was stopped.
    pub stopped: Stopped,
}

pub(super) fn campaigns(report: &Report) -> Vec<CampaignView<'_>> {
    report.case.campaigns.list.iter().map(|campaign| CampaignView::of(report, campaign)).collect()
}

pub(super) fn sequences(report: &Report) -> Vec<SequenceView<'_>> {
    report.case.sequences.list.iter().map(|sequence| SequenceView::of(report, sequence)).collect()
}

impl<'a> CampaignView<'a> {
    fn of(report: &'a Report, campaign: &'a Campaign) -> Self {
        let contacts = campaign.contacts.iter();
        CampaignView {
            remote: &campaign.remote,
            scope: campaign.scope,
            risk: campaign.risk,
            severity: campaign.severity,
            hosts: campaign.hosts,
            contacts: contacts
                .map(|one| ContactView { host: &one.host, first: one.first, rows: one.rows })
                .collect(),
            rows: campaign.rows,
            blocked: campaign.blocked,
            first: campaign.first,
            last: campaign.last,
            findings: campaign.findings.iter().map(|one| report.case.findings[*one as usize].id).collect(),
            more_findings: campaign.finding_count - campaign.findings.len() as u64,
        }
    }
}

impl<'a> SequenceView<'a> {
    fn of(report: &'a Report, sequence: &'a Sequence) -> Self {
        let step = |number: &u32| StepView::of(report, *number, &sequence.host);
        SequenceView {
            host: &sequence.host,
            severity: sequence.severity,
            called_before: sequence.called_before,
            attack: step(&sequence.attack),
            attacks: sequence.attacks,
            gap_seconds: sequence.gap_seconds,
            next: sequence.next.iter().map(step).collect(),
            more: sequence.followed - sequence.next.len() as u64,
            rows: sequence.rows,
        }
    }
}

impl<'a> StepView<'a> {
    fn of(report: &'a Report, number: u32, host: &str) -> Self {
        let finding = &report.case.findings[number as usize];
        let (row, verdict) = (finding.detection.with(&report.case.symbols), &finding.verdict);
        let (local, remote) = (row.host(), row.remote_text());
        let rule = report.case.symbols.text(finding.detection.rule);
        StepView {
            at: finding.tally.first,
            finding: finding.id,
            incident: report.case.incidents.get(finding.incident as usize).map(|incident| incident.id),
            scenario: verdict.scenario,
            severity: verdict.severity,
            // An attack that the attacker's own agent saw is told of the host at its other end.
            peer: if local.to_lowercase() == host.to_lowercase() { remote } else { local }.into_owned(),
            rule: Some(rule).filter(|rule| !rule.is_empty()),
            threat: finding.detection.threat,
            result: finding.detection.result,
            stopped: verdict.stopped,
        }
    }
}
