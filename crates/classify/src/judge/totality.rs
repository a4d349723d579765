//! What must hold for everything that a log can say.

use super::tests::{Case, any_of, detection, profile};
use super::*;
use crate::Judgements;
use proptest::prelude::*;
use ringback_model::profile::{
    HostMatch, KnownExploited, OpenService, Period, Scanner, Transport, Vulnerability,
};
use ringback_model::{ListSource, Log, Profile, Risk, Suspect, Sym, Symbols, service};
use std::collections::BTreeSet;

/// The reasons in the reader's language.
const CATALOGUE: &str = include_str!("../../../template/words/en/reasons.toml");

const LOCALS: &[(&str, u16)] =
    &[("10.0.0.5", 50123), ("10.0.1.10", 443), ("10.0.0.53", 53), ("198.51.100.7", 21)];

const REMOTES: &[(&str, u16)] = &[
    ("11.1.1.1", 443),
    ("11.1.1.1", 50001),
    ("10.0.0.6", 50001),
    ("10.0.0.53", 53),
    ("10.0.2.2", 50001),
    ("10.0.9.9", 50001),
    ("100.64.0.1", 80),
    ("127.0.0.1", 50001),
    ("192.168.9.9", 50001),
    ("198.51.100.8", 50001),
    ("evil.example", 80),
    ("corp.example", 80),
    ("", 0),
];

/// The profile that says much, one that says nothing, and one that lists a private range.
fn policies() -> Vec<Policy> {
    let mut much = profile();
    much.vulnerabilities = [("CVE-2020-1", true), ("CVE-2020-2", false)]
        .map(|(id, vulnerable)| Vulnerability {
            hosts: HostMatch::Any,
            cves: vec![id.to_owned()],
            vulnerable,
            since: None,
        })
        .into();
    much.exposure.open = vec![open("198.51.100.7", 21, Some(Instant::from_seconds(7)))];
    much.known_exploited = [("CVE-2020-1", "2022-05-03"), ("CVE-2020-2", "")]
        .map(|(cve, due)| KnownExploited {
            cve: cve.to_owned(),
            added: String::new(),
            due: due.to_owned(),
            ransomware: due.is_empty(),
        })
        .into();
    let mut strict = Profile::default();
    strict.exposure.open = vec![open("10.0.1.10", 443, None)];
    strict.networks.own = vec!["10.0.0.0/8".parse().unwrap()];
    strict.severity = vec![("inbound-from-internet.scan.logged".to_owned(), Severity::Critical)];
    [much, Profile::default(), strict].iter().map(|profile| Policy::compile(profile).unwrap()).collect()
}

fn open(address: &str, port: u16, seen: Option<Instant>) -> OpenService {
    let address = address.parse().unwrap();
    OpenService { address, transport: Transport::Tcp, port, names: Vec::new(), seen }
}

fn peer(host: &str, symbols: &mut Symbols) -> Peer {
    match host.parse() {
        Ok(ip) => Peer { ip: Some(ip), name: Sym::EMPTY },
        Err(_) => Peer { ip: None, name: symbols.intern(host) },
    }
}

/// Every detection that the vocabularies allow, over a choice of addresses, processes, protocols and ids.
fn every_detection(mut see: impl FnMut(&Detection, &Symbols)) {
    let mut symbols = Symbols::new();
    let ids = ["", "CVE-2020-1", "CVE-2020-2"].map(|id| symbols.intern(id));
    let protocols = ["", "TCP", "HTTP"].map(|name| symbols.intern(name));
    let processes = ["a.exe", "System"].map(|name| symbols.intern(name));
    let endpoint = symbols.intern("HOST1");
    let mut number = 0;
    for (local, remote) in LOCALS.iter().flat_map(|local| REMOTES.iter().map(move |remote| (*local, *remote)))
    {
        let (ours, theirs) = (peer(local.0, &mut symbols), peer(remote.0, &mut symbols));
        for said in every_word() {
            number += 1;
            let (log, direction, message, threat, list, result) = said;
            let detection = Detection {
                log,
                endpoint,
                endpoints: Endpoints::Sided { local: ours, remote: theirs, direction },
                service: service(Some(local.1), Some(remote.1), || direction),
                message,
                threat,
                list,
                result,
                cve: ids[number % ids.len()],
                protocol: protocols[number / 3 % protocols.len()],
                process: processes[number / 9 % processes.len()],
                ..Detection::default()
            };
            see(&detection, &symbols);
        }
    }
}

type Said = (Log, Direction, RequestKind, Threat, ListSource, ResultKind);

fn every_word() -> Vec<Said> {
    let mut all = Vec::new();
    for log in [Log::Connection, Log::Callback] {
        for (direction, message) in
            Direction::ALL.iter().flat_map(|d| RequestKind::ALL.iter().map(move |m| (*d, *m)))
        {
            for (threat, list) in
                Threat::ALL.iter().flat_map(|t| ListSource::ALL.iter().map(move |l| (*t, *l)))
            {
                all.extend(
                    ResultKind::ALL.iter().map(|result| (log, direction, message, threat, list, *result)),
                );
            }
        }
    }
    all
}

/// What holds for every verdict and its reasons.
fn check(row: DetectionRef<'_>, Judgement { verdict, reasons }: &Judgement) {
    let determined = verdict.scenario != Scenario::Undetermined;
    assert_eq!(verdict.at_most, !determined);
    assert_eq!(verdict.origin == Origin::Undetermined, verdict.origin_basis == Basis::None);
    assert!(determined || verdict.severity >= Severity::High);
    assert!(determined || verdict.suspect == Suspect::None);
    assert_eq!(verdict.target == Target::None, !determined || verdict.origin == Origin::Undetermined);
    let outside = verdict.target == Target::Remote && verdict.remote_scope != Scope::Own;
    if verdict.target == Target::None || outside {
        assert_eq!((verdict.exposure, verdict.vulnerable), (Exposure::Unknown, Vulnerable::Unknown));
    }
    assert!(verdict.vulnerable == Vulnerable::Unknown || row.detection.threat == Threat::Exploit);
    assert!(verdict.suspect != Suspect::BehindRelay || verdict.relay.is_some());
    let nameless = matches!(verdict.remote_scope, Scope::Public | Scope::Name | Scope::Unknown);
    assert_eq!(verdict.remote_scope_detail.is_empty(), nameless);
    for (part, least, most) in [("origin.", 1, 2), ("scope.", 1, 1), ("stopped.", 1, 1), ("settle.", 0, 1)] {
        let said = reasons.iter().filter(|reason| reason.key.starts_with(part)).count();
        assert!((least..=most).contains(&said), "{part} {reasons:?}");
    }
    let keys: BTreeSet<&str> = reasons.iter().map(|reason| reason.key).collect();
    assert_eq!(keys.len(), reasons.len(), "{reasons:?}");
    assert_eq!(keys.iter().any(|key| key.starts_with("settle.")), !determined);
}

#[test]
fn every_detection_is_judged_and_every_reason_is_in_the_catalogue() {
    let catalogue: std::collections::BTreeMap<String, String> = toml::from_str(CATALOGUE).unwrap();
    let known: BTreeSet<&str> = catalogue.keys().map(String::as_str).collect();
    assert_eq!(
        known,
        reason_keys().iter().copied().collect(),
        "the catalogue holds the reasons and no others"
    );
    let policies = policies();
    let census = raising_census(&policies[0]);
    let mut emitted = BTreeSet::new();
    let mut number = 0;
    every_detection(|detection, symbols| {
        number += 1;
        let (row, policy) = (detection.with(symbols), &policies[number / 31 % policies.len()]);
        let judgement = judge(row, Instant::from_seconds(500), policy, &census);
        check(row, &judgement);
        for reason in &judgement.reasons {
            if emitted.insert(reason.key) {
                let given: Vec<&str> = reason.args.iter().map(|(name, _)| *name).collect();
                assert_eq!(placeholders(&catalogue[reason.key]), given, "{}", reason.key);
            }
        }
    });
    // What another log says of a record is tested beside it.
    emitted.insert("origin.other-log");
    assert_eq!(emitted, known, "every reason is given somewhere");
}

#[test]
fn detections_that_are_alike_are_judged_alike() {
    let policies = policies();
    let census = raising_census(&policies[0]);
    let mut judgements: Vec<Judgements<'_>> =
        policies.iter().map(|policy| Judgements::new(policy, &census)).collect();
    let mut number = 0;
    every_detection(|detection, symbols| {
        number += 1;
        let detection = Detection {
            risk: Risk::ALL[number / 7 % Risk::ALL.len()],
            family: if number / 11 % 2 == 0 { detection.family } else { detection.endpoint },
            ..*detection
        };
        let at = Instant::from_seconds([500, 950, 2000][number / 13 % 3]);
        let (row, policy) = (detection.with(symbols), number / 31 % policies.len());
        let judged = judge(row, at, &policies[policy], &census);
        assert_eq!(*judgements[policy].judge(row, at).1, judged, "{detection:?} {at:?}");
    });
}

fn placeholders(text: &str) -> Vec<&str> {
    text.split('{').skip(1).map(|part| part.split('}').next().unwrap()).collect()
}

/// A census in which `HOST1` answered 11.1.1.1 with an exploit's response and called out late.
fn raising_census(policy: &Policy) -> Census {
    let mut census = Census::default();
    let mut symbols = Symbols::new();
    for text in [
        "connection outgoing 10.0.1.10/80 11.1.1.1/50123 exploit response relevance-rule logged a",
        "connection outgoing 10.0.1.10/50001 22.1.1.1/443 callback request global blocked a",
    ] {
        let detection = detection(&Case(text), &mut symbols);
        census.see(detection.with(&symbols), Instant::from_seconds(900), policy);
    }
    census
}

#[derive(Default)]
struct Steps(Vec<Step>);

impl Trace for Steps {
    fn step(&mut self, step: impl FnOnce() -> Step) {
        self.0.push(step());
    }
}

#[test]
fn a_trace_hears_each_step_and_changes_nothing() {
    let policy = &policies()[0];
    let mut symbols = Symbols::new();
    let text = "connection outgoing 10.0.0.5/50123 10.0.0.53/53 dns request relevance-rule logged a.exe";
    let detection = detection(&Case(text), &mut symbols);
    let (row, at, census) = (detection.with(&symbols), Instant::from_seconds(500), Census::default());
    let mut steps = Steps::default();
    assert_eq!(judge_traced(row, at, policy, &census, &mut steps), judge(row, at, policy, &census));
    let told: Vec<String> =
        steps.0.iter().map(|step| format!("{}={} ({})", step.what, step.value, step.by)).collect();
    assert_eq!(
        told,
        [
            "scope=own (Private-Use)",
            "origin=local (direction-and-message)",
            "authorised=no ()",
            "relay=dns (dns)",
            "scenario=outbound-callback (through a relay for inside hosts)",
            "suspect=local (through a relay for inside hosts)",
            "stopped=no (result and message)",
            "target=remote (the peer of the origin)",
            "exposure=closed (complete list of published services)",
            "vulnerable=unknown (no exploit)",
            "severity=medium (any other suspicious call)",
        ]
    );
}

/// Detections at random, as cases in words.
fn any_case() -> impl Strategy<Value = String> {
    (
        prop::sample::select(vec!["connection", "callback"]),
        any_of(Direction::ALL),
        prop::sample::select(LOCALS),
        prop::sample::select(&REMOTES[..REMOTES.len() - 1]),
        any_of(Threat::ALL),
        any_of(RequestKind::ALL),
        any_of(ListSource::ALL),
        any_of(ResultKind::ALL),
    )
        .prop_map(|(log, direction, local, remote, threat, message, list, result)| {
            let ends = format!("{}/{} {}/{}", local.0, local.1, remote.0, remote.1);
            format!("{log} {direction} {ends} {threat} {message} {list} {result} x.exe")
        })
}

fn judged(text: &str, policy: &Policy, census: &Census) -> Verdict {
    let mut symbols = Symbols::new();
    let detection = detection(&Case(text), &mut symbols);
    judge(detection.with(&symbols), Instant::from_seconds(500), policy, census).verdict
}

fn census_of(cases: &[(String, i64)], policy: &Policy) -> Census {
    let mut census = Census::default();
    for (text, last) in cases {
        let mut symbols = Symbols::new();
        let detection = detection(&Case(text), &mut symbols);
        census.see(detection.with(&symbols), Instant::from_seconds(*last), policy);
    }
    census
}

proptest! {
    #[test]
    fn declaring_a_scanner_never_makes_anything_worse(text in any_case(), who in prop::sample::select(REMOTES)) {
        let plain = profile();
        let mut with = plain.clone();
        let network = who.0.parse::<std::net::IpAddr>().map_or("10.0.0.0/8".parse().unwrap(), ipnet::IpNet::from);
        with.scanners.push(Scanner { network, name: String::new(), period: Period::default() });
        let judge = |profile: &Profile| judged(&text, &Policy::compile(profile).unwrap(), &Census::default());
        let (before, after) = (judge(&plain), judge(&with));
        prop_assert!(after.severity >= before.severity, "{text}: {before:?} {after:?}");
        prop_assert_eq!(before.origin, after.origin);
    }

    #[test]
    fn knowing_more_of_other_detections_never_makes_anything_milder(
        text in any_case(), others in prop::collection::vec((any_case(), 0_i64..1000), 0..8),
    ) {
        let policy = &policies()[1];
        let before = judged(&text, policy, &Census::default());
        let after = judged(&text, policy, &census_of(&others, policy));
        prop_assert!(after.severity <= before.severity, "{text}: {before:?} {after:?}");
        prop_assert_eq!(Verdict { severity: before.severity, ..after }, before);
    }

    #[test]
    fn a_census_merges_in_any_order(
        text in any_case(), cases in prop::collection::vec((any_case(), 0_i64..1000), 0..12), cut in 0_usize..12,
    ) {
        let policy = &policies()[1];
        let (first, second) = cases.split_at(cut.min(cases.len()));
        let mut forwards = census_of(first, policy);
        forwards.merge(census_of(second, policy));
        let mut backwards = census_of(second, policy);
        backwards.merge(census_of(first, policy));
        let whole = judged(&text, policy, &census_of(&cases, policy));
        prop_assert_eq!(judged(&text, policy, &forwards), whole);
        prop_assert_eq!(judged(&text, policy, &backwards), whole);
    }

    #[test]
    fn turning_a_detection_twice_is_turning_it_once(text in any_case(), directed in any::<bool>()) {
        let policy = &policies()[0];
        let mut symbols = Symbols::new();
        let mut detection = detection(&Case(&text), &mut symbols);
        if let (true, Endpoints::Sided { local, remote, .. }) = (directed, detection.endpoints) {
            detection.endpoints = Endpoints::Directed { source: remote, destination: local };
        }
        let once = orient(detection.with(&symbols), policy);
        prop_assert!(matches!(once.endpoints, Endpoints::Sided { .. }), "{:?}", once);
        prop_assert_eq!(orient(once.with(&symbols), policy), once);
        prop_assert!(directed || once == detection);
    }
}
