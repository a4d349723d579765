//! What a report says first: sentences that are derived from the findings.

use crate::ground::{Ground, few};
use crate::questions::shown;
use crate::subject::{is_stopped, is_weak};
use crate::unknowns::skewed;
use crate::{Open, Stories};
use ringback_model::profile::OpenService;
use ringback_model::{Accounting, Finding, Message, Rhythm, Scenario, Set, Severity, Suspect};

/// The keys of all statements, for the catalogue of words.
pub const STATEMENT_KEYS: &[&str] = &[
    "statement.nothing",
    "statement.overview",
    "statement.outbound-callback",
    "statement.outbound-attack",
    "statement.malicious-response",
    "statement.lateral-movement",
    "statement.internal-callback",
    "statement.inbound-from-internet",
    "statement.undetermined",
    "statement.not-stopped",
    "statement.known-exploited",
    "statement.open-though-closed",
    "statement.regular",
    "statement.campaigns",
    "statement.sequences",
    "statement.behind-relay",
    "statement.several-logs",
    "statement.skew",
    "statement.suggested-relays",
    "statement.outside",
    "statement.weak",
    "statement.duplicate",
    "statement.rejected",
    "statement.suppressed",
];

/// The statements of a case, in the order in which they are read.
pub fn statements(ground: &Ground<'_>, left: &Open, accounting: &Accounting) -> Vec<Message> {
    let (stories, open) = (ground.stories, ground.open);
    if stories.findings.is_empty() {
        let mut said = vec![Message::new("statement.nothing").with("rows", accounting.rows)];
        said.extend(open_though_closed(open));
        said.extend(of_accounting(accounting));
        return said;
    }
    let mut said = vec![overview(stories)];
    said.extend(SCENARIOS.iter().filter_map(|(scenario, key)| of_scenario(stories, *scenario, key)));
    said.extend(not_stopped(stories));
    said.extend(known_exploited(ground));
    said.extend(open_though_closed(open));
    said.extend(regular(stories));
    said.extend(numbered("statement.campaigns", "campaigns", stories.campaigns.all));
    said.extend(numbered("statement.sequences", "hosts", stories.sequences.all));
    said.extend(behind_relay(stories));
    said.extend(suggested_relays(left));
    said.extend(several_logs(stories));
    said.extend(skewed_logs(ground));
    said.extend(outside(ground));
    said.extend(weak(stories));
    said.extend(of_accounting(accounting));
    said
}

/// The scenarios that are worth a sentence, worst first.
const SCENARIOS: &[(Scenario, &str)] = &[
    (Scenario::OutboundCallback, "statement.outbound-callback"),
    (Scenario::OutboundAttack, "statement.outbound-attack"),
    (Scenario::LateralMovement, "statement.lateral-movement"),
    (Scenario::InternalCallback, "statement.internal-callback"),
    (Scenario::MaliciousResponse, "statement.malicious-response"),
    (Scenario::InboundFromInternet, "statement.inbound-from-internet"),
    (Scenario::Undetermined, "statement.undetermined"),
];

fn overview(stories: &Stories) -> Message {
    let urgent = |severity| stories.incidents.iter().filter(|one| one.severity == severity).count() as u64;
    Message::new("statement.overview")
        .with("incidents", stories.incidents.len() as u64)
        .with("hosts", stories.hosts.len() as u64)
        .with("remotes", stories.remotes.len() as u64)
        .with("rows", rows(stories.findings.iter()))
        .with("critical", urgent(Severity::Critical))
        .with("high", urgent(Severity::High))
}

fn of_scenario(stories: &Stories, scenario: Scenario, key: &'static str) -> Option<Message> {
    let incidents: Vec<_> = stories.incidents.iter().filter(|one| one.scenario == scenario).collect();
    if incidents.is_empty() {
        return None;
    }
    let hosts: Set<&str> = incidents.iter().map(|one| one.host.as_str()).collect();
    let (rows, blocked) = incidents
        .iter()
        .fold((0, 0), |(rows, blocked), one| (rows + one.rows_once, blocked + one.blocked_once));
    Some(
        Message::new(key)
            .with("hosts", hosts.len() as u64)
            .with("incidents", incidents.len() as u64)
            .with("rows", rows)
            .with("blocked", blocked)
            .with("open", rows - blocked),
    )
}

fn not_stopped(stories: &Stories) -> Option<Message> {
    let urgent = |finding: &&Finding| {
        finding.verdict.severity <= Severity::High
            && !finding.verdict.at_most
            && !is_stopped(&finding.verdict)
    };
    counted("statement.not-stopped", rows(stories.findings.iter().filter(urgent)))
}

/// What aims at something that is known to be exploited.
fn known_exploited(ground: &Ground<'_>) -> Option<Message> {
    let rows = ground.count_reasons(&["known-exploited", "known-exploited.due"]).rows;
    counted("statement.known-exploited", rows)
}

/// Where a scan from outside contradicts the profile's list.
fn open_though_closed(open: &[&OpenService]) -> Option<Message> {
    let message = || Message::new("statement.open-though-closed").with("services", open.len() as u64);
    (!open.is_empty()).then(|| message().with("which", shown(open)))
}

/// What follows each other at even gaps.
fn regular(stories: &Stories) -> Option<Message> {
    let regular = |finding: &&Finding| {
        let periodicity = finding.tally.periodicity.as_ref();
        periodicity.is_some_and(|told| told.rhythm == Rhythm::Regular)
    };
    let findings = stories.findings.iter().filter(regular).count() as u64;
    numbered("statement.regular", "findings", findings)
}

fn numbered(key: &'static str, name: &'static str, count: u64) -> Option<Message> {
    (count > 0).then(|| Message::new(key).with(name, count))
}

fn behind_relay(stories: &Stories) -> Option<Message> {
    let behind = |finding: &&Finding| finding.verdict.suspect == Suspect::BehindRelay;
    counted("statement.behind-relay", rows(stories.findings.iter().filter(behind)))
}

/// Hosts that may be relays.
fn suggested_relays(left: &Open) -> Option<Message> {
    let asked: Vec<&str> =
        left.questions.iter().filter_map(|question| question.id.strip_prefix("relay:")).collect();
    let told = || Message::new("statement.suggested-relays").with("hosts", asked.len() as u64);
    (!asked.is_empty()).then(|| told().with("which", few(asked.iter().copied())))
}

/// What several logs tell of the same events.
fn several_logs(stories: &Stories) -> Option<Message> {
    counted("statement.several-logs", stories.incidents.iter().map(|one| one.rows - one.rows_once).sum())
}

/// Logs whose clocks differ.
fn skewed_logs(ground: &Ground<'_>) -> impl Iterator<Item = Message> {
    let told = ground.skews.iter().map(|skew| skewed(skew, ground.symbols));
    told.map(|skew| Message { key: "statement.skew", ..skew })
}

/// Hosts that were outside of the client's networks.
fn outside(ground: &Ground<'_>) -> Option<Message> {
    let roams =
        |host: &&ringback_model::case::Host| host.addresses.iter().any(|ip| ground.outside.contains(ip));
    let hosts: Vec<&str> = ground.stories.hosts.iter().filter(roams).map(|host| host.host.as_str()).collect();
    let told = || Message::new("statement.outside").with("hosts", hosts.len() as u64);
    (!hosts.is_empty()).then(|| told().with("which", few(hosts.iter().copied())))
}

fn weak(stories: &Stories) -> Option<Message> {
    let weak = |finding: &&Finding| is_weak(finding.verdict.origin_basis);
    counted("statement.weak", rows(stories.findings.iter().filter(weak)))
}

fn of_accounting(accounting: &Accounting) -> impl Iterator<Item = Message> + use<> {
    [
        ("statement.duplicate", accounting.duplicate),
        ("statement.rejected", accounting.rejected),
        ("statement.suppressed", accounting.suppressed),
    ]
    .into_iter()
    .filter_map(|(key, rows)| counted(key, rows))
}

fn counted(key: &'static str, rows: u64) -> Option<Message> {
    (rows > 0).then(|| Message::new(key).with("rows", rows))
}

fn rows<'f>(findings: impl Iterator<Item = &'f Finding>) -> u64 {
    findings.map(|finding| finding.tally.rows).sum()
}
