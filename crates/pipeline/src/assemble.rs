//! Putting the case together: inputs, findings, accounting and method.

use crate::advice::Advised;
use crate::described::DescribedLayout;
use crate::judging::AllJudged;
use crate::reading::source_number;
use crate::request::{Request, Window};
use crate::source_tally::{Counted, Failure};
use crate::{Investigation, RejectedRow, SuppressedFinding, advice, background};
use ringback_classify::{Policy, REGISTRIES_DATE, attack_matrix};
use ringback_incident::{
    Both, Ground, Stories, accepted as accepted_entries, compare, of_accepted, of_comparison, open, overview,
    rhythms, silences, skews, statements, tell,
};
use ringback_model::background::ProcessNote;
use ringback_model::case::{DuplicateTally, Host, Input, Method, SharedRows};
use ringback_model::overview::Overview;
use ringback_model::profile::KnownExploited;
use ringback_model::{
    Accounting, Case, Cuts, Finding, Message, Place, Reject, RejectReason, Sym, Symbols, Timeline,
};
use ringback_tally::{Rejects, Union};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::PathBuf;

/// What an investigation is put together from.
pub(crate) struct Parts<'r> {
    pub(crate) request: &'r Request,
    pub(crate) policy: &'r Policy,
    pub(crate) counted: Vec<Counted>,
    pub(crate) union: Union,
    pub(crate) cuts: Cuts,
    pub(crate) judged: AllJudged,
    pub(crate) ignored: Vec<PathBuf>,
}

/// Puts an investigation together.
pub(crate) fn assemble(parts: Parts<'_>) -> Investigation {
    let Parts { request, policy, counted, union, cuts, judged, ignored } = parts;
    let AllJudged {
        symbols,
        findings,
        suppressed,
        reasons,
        lookup,
        mut timeline,
        first_hosts,
        times,
        filtered,
        census: _,
    } = judged;
    let (mut stories, ends) = tell(findings, reasons, &symbols, &ByThreads);
    times.tell(&mut stories.hosts);
    name_hosts(&mut timeline, &first_hosts, &stories.hosts);
    let skews = skews(&stories.findings, &ends, &symbols);
    let mut accounting = accounting(&counted, filtered);
    accounting.in_findings = stories.findings.iter().map(|finding| finding.tally.rows).sum();
    accounting.suppressed = suppressed.iter().map(|(_, one)| one.tally.rows).sum();
    let inputs: Vec<Input> = counted.iter().map(|one| input(one, request.window)).collect();
    let outside = outside(policy, &stories);
    let ground = Ground {
        stories: &stories,
        ends: &ends,
        symbols: &symbols,
        profile: &request.profile,
        inputs: &inputs,
        open: &policy.open_though_closed(),
        outside: &outside,
        skews: &skews,
    };
    let told = || {
        let left = open(&ground, &ByThreads);
        let statements = statements(&ground, &left, &accounting);
        (left, statements)
    };
    let report_only =
        || if request.advise { ReportOnly::of(&ground, request, policy) } else { ReportOnly::default() };
    let ((left, mut statements), report_only) = rayon::join(told, report_only);
    advice::give(&mut stories.incidents, report_only.advised);
    let accepted = suppressed.iter().map(|(_, finding)| finding);
    let compared = |earlier| compare(earlier, &stories.findings, &stories.incidents, accepted, &symbols);
    let comparison = request.baseline.as_ref().map(compared);
    let made = request.heading.generated_at;
    let suppressions = accepted_entries(&request.profile.suppressions, made, &suppressed, &symbols);
    statements.extend(of_accepted(&suppressions));
    let changes = comparison.iter().flat_map(|changes| of_comparison(changes, &stories.incidents));
    // What changed is read after what is there.
    statements.splice(1..1, changes);
    let known_exploited = known_exploited(policy, &stories.findings, &symbols);
    let case = Case {
        heading: request.heading.clone(),
        inputs,
        rhythms: rhythms(&stories.findings),
        findings: stories.findings,
        reasons: stories.reasons,
        incidents: stories.incidents,
        hosts: stories.hosts,
        remotes: stories.remotes,
        overview: report_only.overview,
        campaigns: stories.campaigns,
        sequences: stories.sequences,
        timeline,
        questions: left.questions,
        unasked: left.unasked,
        unknowns: left.unknowns,
        address_book: left.address_book,
        outside,
        suggested_relays: left.suggested_relays,
        known_exploited,
        process_notes: report_only.process_notes,
        addresses: BTreeMap::new(),
        accounting,
        suppressions,
        comparison,
        method: method(request, policy, &counted),
        statements,
        symbols,
    };
    let suppressed =
        suppressed.into_iter().map(|(entry, finding)| SuppressedFinding { entry, finding }).collect();
    Investigation {
        rejected: rejected_rows(&counted),
        failed: failed(&counted),
        case,
        suppressed,
        ignored,
        sources: counted,
        union,
        cuts,
        threads: request.threads,
        lookup,
        judged_by: None,
    }
}

/// What reports show and summaries do not.
#[derive(Default)]
struct ReportOnly {
    advised: Vec<Advised>,
    overview: Overview,
    process_notes: BTreeMap<Sym, ProcessNote>,
}

impl ReportOnly {
    fn of(ground: &Ground<'_>, request: &Request, policy: &Policy) -> Self {
        let Ground { ends, symbols, .. } = *ground;
        let Stories { findings, incidents, hosts, remotes, .. } = ground.stories;
        ReportOnly {
            advised: advice::advised(incidents, findings, policy, symbols, &request.heading.language),
            overview: overview(findings, ends, symbols, hosts, remotes),
            process_notes: background::process_notes(findings, symbols),
        }
    }
}

/// Lets a timeline name hosts as the report lists them, and not as the first of them.
fn name_hosts(timeline: &mut Timeline, first_hosts: &[String], hosts: &[Host]) {
    // They stand at the beginning of the list.
    let place = |first: &String| (0..).zip(hosts).find(|(_, host)| host.host.to_lowercase() == *first);
    let places: Vec<Option<u32>> = first_hosts.iter().map(|first| Some(place(first)?.0)).collect();
    for series in &mut timeline.series {
        series.host = series.host.and_then(|first| places[first as usize]);
    }
}

/// Work by all threads that there are.
struct ByThreads;

impl Both for ByThreads {
    fn both<A: Send, B: Send>(
        &self,
        one: impl FnOnce() -> A + Send,
        other: impl FnOnce() -> B + Send,
    ) -> (A, B) {
        rayon::join(one, other)
    }
}

/// The addresses of hosts that lie outside of the client's networks.
fn outside(policy: &Policy, stories: &Stories) -> BTreeSet<IpAddr> {
    let addresses = stories.hosts.iter().flat_map(|host| &host.addresses).copied();
    addresses.filter(|ip| policy.is_outside(*ip)).collect()
}

/// What the catalogue says of the ids that findings name.
fn known_exploited(
    policy: &Policy,
    findings: &[Finding],
    symbols: &Symbols,
) -> BTreeMap<String, Vec<KnownExploited>> {
    let mut known = BTreeMap::new();
    if !policy.has_catalogue() {
        return known;
    }
    // Few distinct texts name ids, in very many findings.
    let texts: BTreeSet<Sym> = findings.iter().map(|finding| finding.detection.cve).collect();
    for id in texts.into_iter().flat_map(|text| symbols.text(text).split_whitespace()) {
        let entries = policy.known_exploited(id);
        if !entries.is_empty() {
            known.insert(id.to_owned(), entries);
        }
    }
    known
}

fn accounting(counted: &[Counted], filtered: u64) -> Accounting {
    let mut rejects = Rejects::default();
    for (number, one) in counted.iter().enumerate() {
        rejects.merge(&one.rejects());
        if let Some(failure) = &one.failure {
            let place = Place { source: source_number(number), byte: 0, record: 0, line: 0 };
            rejects.add_file(Reject { reason: failure.reason, place });
        }
    }
    let duplicate = |(number, one): (usize, &Counted)| {
        let rows = one.duplicate_rows();
        (rows > 0).then(|| DuplicateTally { source: source_number(number), rows })
    };
    Accounting {
        rows: counted.iter().map(|one| one.tally.records).sum(),
        in_findings: 0,
        suppressed: 0,
        filtered,
        duplicate: counted.iter().map(Counted::duplicate_rows).sum(),
        rejected: rejects.rows(),
        rejects: rejects.finish(),
        duplicates: counted.iter().enumerate().filter_map(duplicate).collect(),
    }
}

/// What was noticed of an input.
pub(crate) fn notes(one: &Counted) -> Vec<Message> {
    let mut notes: Vec<Message> = one.described.iter().flat_map(|said| said.notes.iter().cloned()).collect();
    notes.extend(one.notes.iter().cloned());
    notes.extend(one.failure.as_ref().map(failure_note));
    if !one.duplicates.is_empty() {
        notes.push(Message::new("input.duplicates").with("rows", one.duplicate_rows()));
    }
    notes
}

fn input(one: &Counted, window: Window) -> Input {
    let reading = one.reading();
    let hours = reading.map(|reading| reading.active.hours(window)).unwrap_or_default();
    Input {
        name: one.source.name.clone(),
        size: one.source.size,
        sha256: one.sha256.clone(),
        container: one.source.container.clone(),
        encoding: one.described.as_ref().map_or_else(String::new, |said| said.encoding.clone()),
        layout: one.described.as_ref().map_or_else(String::new, |said| said.layout.name.clone()),
        rows: one.tally.records,
        rejected: one.rejects().rows(),
        first: reading.and_then(|reading| reading.first),
        last: reading.and_then(|reading| reading.last),
        silences: silences(&hours),
        notes: notes(one),
        duplicates: one
            .duplicates
            .iter()
            .map(|(source, rows)| SharedRows { source: *source, rows: *rows })
            .collect(),
    }
}

/// What is said of an input that could not be read, or not to its end; hints are for those who run the program.
fn failure_note(failure: &Failure) -> Message {
    let text = failure.text.lines().next().unwrap_or_default();
    match (failure.reason, failure.stopped) {
        (RejectReason::NoLayout, _) => Message::new("input.no-layout").with("error", text),
        (_, Some((_, records))) if records > 0 => {
            Message::new("input.cut-short").with("record", records).with("error", text)
        }
        _ => Message::new("input.unreadable").with("error", text),
    }
}

fn method(request: &Request, policy: &Policy, counted: &[Counted]) -> Method {
    let layouts: BTreeMap<&str, (String, String, bool)> = counted
        .iter()
        .filter_map(|one| one.described.as_ref())
        .map(|said| {
            let DescribedLayout { name, title, confirmed } = &said.layout;
            (name.as_str(), (name.clone(), title.clone(), *confirmed))
        })
        .collect();
    Method {
        options: request.shown_options.clone(),
        own_networks: policy.own_networks(),
        own_names: request.profile.networks.names.clone(),
        private_assumed: policy.private_assumed(),
        registries: REGISTRIES_DATE.to_owned(),
        layouts: layouts.into_values().collect(),
        playbook: policy.playbook_version().to_owned(),
        attack: if request.advise { attack_matrix().to_owned() } else { String::new() },
        data_files: request.data_files.clone(),
    }
}

pub(crate) fn rejected_rows(counted: &[Counted]) -> Vec<RejectedRow> {
    let mut rows: Vec<RejectedRow> = counted
        .iter()
        .flat_map(|one| one.tally.rejected.iter().chain(one.reading().into_iter().flat_map(|r| &r.rejected)))
        .cloned()
        .collect();
    rows.sort();
    rows
}

fn failed(counted: &[Counted]) -> Vec<(String, String)> {
    let failure =
        |one: &Counted| one.failure.as_ref().map(|failure| (one.source.name.clone(), failure.told()));
    counted.iter().filter_map(failure).collect()
}
