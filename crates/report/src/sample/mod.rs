//! A report of made-up findings, for checking packs: every scenario, and hostile text wherever a log's author or anybody
//! else has a say.

mod brand;
mod findings;
mod open_points;
mod spread;

use findings::{SPECS, Spec};
use ringback_model::background::{AddressFacts, ProcessKind, ProcessNote, Technique};
use ringback_model::case::{
    Advice, DataFile, DataRecords, DuplicateTally, Finding, Heading, Host, Input, Method, Phase, RejectTally,
    Remote, SharedRows, SuppressionState, SuppressionUse, TakenOut,
};
use ringback_model::comparison::{About, Changes, Comparison, Gone, GoneId};
use ringback_model::profile::{EndMatch, Period, Suppression};
use ringback_model::timeline::{Kind, Series};
use ringback_model::{
    Accounting, Activity, Case, Detection, Digest, FindingId, Incident, IncidentId, Instant, Message, Place,
    RejectReason, Report, Scenario, Severity, Symbols, Timeline, Verdict, Words,
};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

/// Texts that must come out of every artefact as mere text.
pub const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "<img src=x onerror=\"alert('2')\">",
    "[x](javascript:alert(3)) ![y](https://tracker.example/p.png)",
    "=cmd|' /C calc'!A0",
    "{{ 7*7 }}{% raw %}",
    "cell | cell\r\n# heading\n- item",
    "invoice\u{202e}fdp.exe\u{200b}",
    "\u{1b}[31mred\u{1b}[0m\u{7}",
    "`code` *bold* _it_ ~~no~~ &lt;b&gt; \\",
    "@everyone #1 www.evil.example http://evil.example/?a=1&b=2",
    "--><!-- ]]> </textarea></style></title>",
];

/// The first moment of the sample: 2026-06-15T06:00:00Z.
const START: i64 = 1_781_503_200;

/// The sample report in some words.
pub fn report(words: Arc<dyn Words>) -> Report {
    Report::new(case(), words)
}

/// The case of the sample report. Its figures add up as those of a real one do.
pub fn case() -> Case {
    let mut case = Case { heading: heading(), inputs: inputs(), method: method(), ..Case::default() };
    case.reasons = SPECS.iter().map(reasons).collect();
    for (n, spec) in SPECS.iter().enumerate() {
        let finding = findings::finding(&mut case.symbols, spec, n);
        case.findings.push(finding);
    }
    for scenario in Scenario::ALL {
        let members = (0..).zip(SPECS).filter(|(_, spec)| spec.scenario == *scenario).map(|(n, _)| n);
        case.incidents.push(incident(&case, members.collect()));
    }
    case.incidents.sort_by_key(|one| (one.severity, std::cmp::Reverse(one.rows)));
    for (number, incident) in (0..).zip(&case.incidents) {
        incident.findings.iter().for_each(|n| case.findings[*n as usize].incident = number);
    }
    case.process_notes = case.findings.iter().map(|finding| (finding.detection.process, process())).collect();
    case.addresses = addresses(&case);
    case.hosts = hosts(&case);
    case.remotes = SPECS.iter().zip(&case.findings).map(remote).collect();
    case.timeline = timeline(&case);
    case.accounting = accounting(case.findings.iter().map(|finding| finding.tally.rows).sum());
    open_points::add(&mut case);
    case.suppressions = SuppressionState::ALL.iter().map(|state| suppression(&case, *state)).collect();
    case.comparison = Some(comparison(&case));
    case.statements = statements(&case);
    spread::add(&mut case);
    case
}

/// The moment so many seconds into the sample.
fn moment(seconds: i64) -> Instant {
    Instant::from_seconds(START + seconds)
}

/// One of the hostile texts.
fn hostile(n: usize) -> String {
    HOSTILE[n % HOSTILE.len()].to_owned()
}

fn heading() -> Heading {
    Heading {
        tool: ("ringback".to_owned(), "0.0.0-sample".to_owned()),
        generated_at: Some(moment(5 * 86_400)),
        language: "en".to_owned(),
        title: format!("Sample report {}", HOSTILE[0]),
        author: format!("Sample Author {}", HOSTILE[4]),
        tlp: "amber".to_owned(),
        accent: "#0b6e4f".to_owned(),
        client: format!("Sample & Sons {}", HOSTILE[1]),
        brand: brand::brand(),
        time_zone: "Europe/Berlin".to_owned(),
    }
}

fn inputs() -> Vec<Input> {
    let input = |name: String, rows, rejected, notes| Input {
        name,
        size: Some(1_234_567),
        sha256: Some("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned()),
        container: "plain".to_owned(),
        encoding: "UTF-8".to_owned(),
        layout: "sample-layout".to_owned(),
        rows,
        rejected,
        first: Some(moment(0)),
        last: Some(moment(4 * 86_400)),
        silences: vec![(moment(3_600), moment(2 * 86_400))],
        notes,
        duplicates: Vec::new(),
    };
    let note = Message::new("sample.note").with("text", hostile(5));
    let unread = Input {
        name: hostile(6),
        size: None,
        sha256: None,
        layout: String::new(),
        first: None,
        last: None,
        ..input(String::new(), 1, 1, Vec::new())
    };
    vec![
        input("exports/suspicious-connections.csv".to_owned(), 2_000, 6, vec![note]),
        Input {
            duplicates: vec![SharedRows { source: 0, rows: 30 }],
            ..input(format!("exports/{}.csv", HOSTILE[2]), 199, 0, Vec::new())
        },
        unread,
    ]
}

fn method() -> Method {
    Method {
        options: vec![("since".to_owned(), "2026-06-15".to_owned()), ("layout".to_owned(), hostile(3))],
        own_networks: vec!["10.0.0.0/8".to_owned(), "192.0.2.0/24".to_owned()],
        own_names: vec!["corp.example".to_owned(), hostile(8)],
        private_assumed: true,
        registries: "2026-01-01".to_owned(),
        layouts: vec![
            ("sample-layout".to_owned(), "Sample layout".to_owned(), true),
            ("other".to_owned(), hostile(9), false),
        ],
        playbook: "sample 1".to_owned(),
        attack: "Sample matrix 1".to_owned(),
        data_files: vec![
            DataFile {
                name: "profile.toml".to_owned(),
                date: Some(moment(0)),
                sha256: "00ff".repeat(16),
                kind: "nessus-csv",
                records: Some(DataRecords { all: 70, used: 12 }),
                ..DataFile::default()
            },
            DataFile {
                name: "country.mmdb".to_owned(),
                kind: "address-database",
                detail: hostile(5),
                ..DataFile::default()
            },
            DataFile { name: hostile(0), ..DataFile::default() },
        ],
    }
}

fn reasons(spec: &Spec) -> Vec<Message> {
    vec![
        Message::new("sample.reason").with("text", spec.rule),
        Message::new("sample.plain").with("rows", spec.rows),
    ]
}

fn incident(case: &Case, findings: Vec<u32>) -> Incident {
    let members: Vec<&Finding> = findings.iter().map(|n| &case.findings[*n as usize]).collect();
    let first = members.first().expect("every scenario has a finding in the sample");
    let spec = &SPECS[findings[0] as usize];
    let rows = members.iter().map(|finding| finding.tally.rows).sum();
    Incident {
        id: IncidentId::new(Digest::of("sample incident").text(spec.scenario.as_str())),
        scenario: spec.scenario,
        severity: members.iter().map(|finding| finding.verdict.severity).min().unwrap_or(Severity::Info),
        at_most: first.verdict.at_most,
        suspect: spec.suspect,
        host: first.detection.with(&case.symbols).host().into_owned(),
        service: if spec.scenario == Scenario::InboundFromInternet {
            "tcp/443".to_owned()
        } else {
            String::new()
        },
        rows,
        blocked: rows / 3,
        rows_once: rows - rows / 4,
        blocked_once: rows / 4,
        logs: open_points::logs(rows, first.detection.product),
        occurrences: rows * 2,
        first: members.iter().map(|finding| finding.tally.first).min().expect("not empty"),
        last: members.iter().map(|finding| finding.tally.last).max().expect("not empty"),
        findings,
        reasons: reasons(spec),
        techniques: vec![Technique { id: "T1071.001", name: "Sample Technique: <b>" }],
        advice: Phase::ALL.iter().map(|phase| advice(*phase)).collect(),
    }
}

fn advice(phase: Phase) -> Advice {
    Advice {
        id: format!("sample-{phase}"),
        phase,
        text: format!("Do what the sample says about {}.", HOSTILE[0]),
        why: format!("Because the log says {}.", HOSTILE[5]),
        reference: "Sample Solution 000000001".to_owned(),
    }
}

fn process() -> ProcessNote {
    ProcessNote { kind: Some(ProcessKind::Shell), look_alike: None }
}

/// Something is known of every remote address, and it is hostile.
fn addresses(case: &Case) -> BTreeMap<IpAddr, Arc<AddressFacts>> {
    let facts = |n| AddressFacts {
        country: "ZZ".to_owned(),
        country_name: hostile(n),
        asn: Some(64_500),
        operator: hostile(n + 2),
    };
    let remotes = case.findings.iter().enumerate();
    let ip = |(n, finding): (usize, &Finding)| {
        finding.detection.with(&case.symbols).remote().ip.map(|ip| (ip, Arc::new(facts(n))))
    };
    remotes.filter_map(ip).collect()
}

/// The hosts, by their worst finding, which comes first.
fn hosts(case: &Case) -> Vec<Host> {
    let mut hosts: Vec<Host> = Vec::new();
    for (spec, finding) in SPECS.iter().zip(&case.findings) {
        let name = finding.detection.with(&case.symbols).host().into_owned();
        match hosts.iter_mut().find(|host| host.host == name) {
            Some(host) => {
                host.rows += spec.rows;
                host.findings += 1;
                host.remotes += 1;
                host.first = host.first.min(finding.tally.first);
                host.last = host.last.max(finding.tally.last);
            }
            None => hosts.push(Host {
                host: name,
                addresses: spec.local.parse().into_iter().collect(),
                severity: spec.severity,
                rows: spec.rows,
                findings: 1,
                remotes: 1,
                first: finding.tally.first,
                last: finding.tally.last,
                activity: Activity::default(),
            }),
        }
    }
    hosts
}

fn remote((spec, finding): (&Spec, &Finding)) -> Remote {
    Remote {
        remote: spec.remote.to_owned(),
        scope: spec.scope,
        risk: spec.risk,
        severity: spec.severity,
        rows: finding.tally.rows,
        findings: 1,
        hosts: 1,
        first: finding.tally.first,
        last: finding.tally.last,
    }
}

/// Each finding's rows spread over four of the buckets.
fn timeline(case: &Case) -> Timeline {
    let width = 8_192;
    let number = |at: usize| u32::try_from(at).expect("a small number");
    let of_finding = |(at, finding): (usize, &Finding)| {
        let share = |n: usize| finding.tally.rows / 4 + if n == 0 { finding.tally.rows % 4 } else { 0 };
        let name = finding.detection.with(&case.symbols).host();
        let Verdict { severity, scenario, .. } = finding.verdict;
        let Detection { list, result, .. } = finding.detection;
        Series {
            host: case.hosts.iter().position(|host| host.host == name).map(number),
            kind: Kind { severity, scenario, list, result },
            rows: (0..4).map(|n| (number(at + n), share(n))).filter(|(_, rows)| *rows > 0).collect(),
        }
    };
    let series: Vec<Series> = case.findings.iter().enumerate().map(of_finding).collect();
    let buckets = (0..SPECS.len() + 3).map(|n| moment(i64::from(number(n)) * width * 3)).collect();
    Timeline { bucket_seconds: width.unsigned_abs(), buckets, series }
}

fn accounting(in_findings: u64) -> Accounting {
    let place = |record| Place { source: 0, byte: record * 100, record, line: record + 1 };
    let reject = |reason, rows| RejectTally { reason, rows, places: (1..=rows.min(3)).map(place).collect() };
    let rejects = vec![
        reject(RejectReason::BadTime, 4),
        reject(RejectReason::RaggedRow, 2),
        RejectTally {
            reason: RejectReason::NoLayout,
            rows: 1,
            places: vec![Place { source: 2, byte: 0, record: 1, line: 1 }],
        },
    ];
    Accounting {
        rows: in_findings + 12 + 5 + 30 + 7,
        in_findings,
        suppressed: 12,
        filtered: 5,
        duplicate: 30,
        rejected: 7,
        rejects,
        duplicates: vec![DuplicateTally { source: 1, rows: 30 }],
    }
}

/// An accepted finding of each state, in turn; the first took one finding out.
fn suppression(case: &Case, state: SuppressionState) -> SuppressionUse {
    let finding = &case.findings[0];
    let row = finding.detection.with(&case.symbols);
    let taken = TakenOut {
        id: finding.id,
        scenario: finding.verdict.scenario,
        severity: finding.verdict.severity,
        host: row.host().into_owned(),
        remote: row.remote_text().into_owned(),
        rule: hostile(5),
        rows: 12,
        first: finding.tally.first,
        last: finding.tally.last,
    };
    let used = state == SuppressionState::Used;
    SuppressionUse {
        entry: Suppression {
            reason: hostile(2),
            owner: hostile(8),
            expires: (state == SuppressionState::Expired).then(|| moment(0)),
            period: Period { from: Some(moment(0)), until: used.then(|| moment(9 * 86_400)) },
            remote: Some(EndMatch::Name(hostile(9))),
            host: used.then(|| EndMatch::Below(hostile(1))),
            rule: used.then(|| hostile(5)),
            list: used.then_some(finding.detection.list),
            scenario: Some(finding.verdict.scenario),
        },
        state,
        rows: if used { 12 } else { 0 },
        findings: u64::from(used),
        taken: Some(taken).filter(|_| used).into_iter().collect(),
    }
}

/// What changed since a report that held the first incident and finding, and others with hostile names.
fn comparison(case: &Case) -> Comparison {
    let mut hosts = Symbols::new();
    let gone = |(n, id): (usize, GoneId), hosts: &mut Symbols| Gone {
        id,
        scenario: Scenario::ALL[n],
        severity: Severity::High,
        host: hosts.intern(&hostile(n)),
        rows: 40,
        last: Some(moment(0)).filter(|_| n % 2 == 0),
        accepted: n == 1,
    };
    let ids = (0..HOSTILE.len()).map(|n| {
        let id = format!("sample gone {n}");
        let digest = Digest::of(&id);
        (
            n,
            if n == 0 {
                GoneId::Incident(IncidentId::new(&digest))
            } else {
                GoneId::Finding(FindingId::new(&digest))
            },
        )
    });
    let gone: Vec<Gone> = ids.map(|one| gone(one, &mut hosts)).take(Scenario::ALL.len()).collect();
    let rows = case.findings.iter().map(|finding| finding.tally.rows).sum();
    let counts = |all: usize, gone: u64, accepted| (all as u64 - 1, 1, gone, accepted, 7 + 40 * gone, rows);
    let (incident, finding) = (case.incidents[0].id, case.findings[0].id);
    Comparison {
        about: About {
            name: format!("{}.json", HOSTILE[0]),
            sha256: "00ff".repeat(16),
            generated_at: Some(moment(0)),
            version: hostile(4),
            first: Some(moment(0)),
            last: Some(moment(86_400)),
            redacted: true,
            left_out: 2,
        },
        incidents: changes(incident, counts(case.incidents.len(), 1, 0)),
        findings: changes(finding, counts(case.findings.len(), gone.len() as u64 - 1, 1)),
        gone,
        hosts,
    }
}

/// Changes of which one thing had seven rows before.
fn changes<Id: Eq + std::hash::Hash>(
    id: Id,
    (new, continuing, gone, accepted, rows_before, rows): (u64, u64, u64, u64, u64, u64),
) -> Changes<Id> {
    let mut before = ringback_model::Map::default();
    before.insert(id, 7);
    Changes { before, new, continuing, gone, accepted, rows_before, rows }
}

fn statements(case: &Case) -> Vec<Message> {
    let rows: u64 = case.findings.iter().map(|finding| finding.tally.rows).sum();
    vec![
        Message::new("sample.statement").with("rows", rows).with("host", hostile(1)),
        Message::new("sample.plain").with("rows", 1_u64),
    ]
}

#[cfg(test)]
mod tests;
