//! Verdicts, cell by cell, and what must hold for all of them.

use super::*;
use proptest::prelude::*;
use ringback_model::profile::{Faces, Period, PortSpec, Published, Relay, RelayKind, Scanner};
use ringback_model::{Log, Profile, Suspect, Symbols, service};

/// Log, direction, local address and port, remote and port, rule class (threat/message), list, result.
pub(crate) struct Case<'c>(pub(crate) &'c str);

pub(crate) fn profile() -> Profile {
    let mut profile = Profile::default();
    let net = |text: &str| text.parse().unwrap();
    profile.networks.own = vec![net("198.51.100.0/24")];
    profile.networks.names = vec!["corp.example".to_owned()];
    profile.exposure.complete = true;
    profile.exposure.published = vec![Published {
        network: Some(net("10.0.1.10/32")),
        ports: vec![PortSpec { transport: None, port: 443 }],
        ..Published::default()
    }];
    let relay = |address: &str, kind: RelayKind| Relay {
        address: address.parse().ok(),
        host: String::new(),
        kind,
        faces: kind.faces(),
        name: format!("{kind}"),
    };
    profile.relays = vec![
        relay("10.0.0.53", RelayKind::Dns),
        relay("10.0.0.8", RelayKind::Proxy),
        relay("10.0.2.2", RelayKind::ReverseProxy),
    ];
    assert_eq!(profile.relays[2].faces, Faces::Internet);
    profile.scanners = vec![Scanner {
        network: net("10.0.9.9/32"),
        name: "Nessus".to_owned(),
        period: Period { from: None, until: Some(Instant::from_seconds(1000)) },
    }];
    profile
}

pub(crate) fn detection(case: &Case<'_>, symbols: &mut Symbols) -> Detection {
    let mut words = case.0.split_whitespace();
    let mut next = || words.next().unwrap();
    let log = if next() == "callback" { Log::Callback } else { Log::Connection };
    let direction: Direction = next().parse().unwrap();
    let mut ends = [(Peer::default(), None), (Peer::default(), None)];
    for end in &mut ends {
        let (host, port) = next().rsplit_once('/').unwrap();
        let peer = match host.parse() {
            Ok(ip) => Peer { ip: Some(ip), ..Peer::default() },
            Err(_) => Peer { ip: None, name: symbols.intern(host) },
        };
        *end = (peer, port.parse().ok());
    }
    let [(local, local_port), (remote, remote_port)] = ends;
    Detection {
        log,
        endpoint: symbols.intern("HOST1"),
        endpoints: Endpoints::Sided { local, remote, direction },
        service: service(local_port, remote_port, || direction),
        threat: next().parse().unwrap(),
        message: next().parse().unwrap(),
        list: next().parse().unwrap(),
        result: next().parse().unwrap(),
        process: symbols.intern(next()),
        ..Detection::default()
    }
}

fn verdict_of(case: &Case<'_>, at: i64) -> (Verdict, Vec<Message>) {
    let policy = Policy::compile(&profile()).unwrap();
    let mut symbols = Symbols::new();
    let detection = detection(case, &mut symbols);
    let judged = judge(detection.with(&symbols), Instant::from_seconds(at), &policy, &Census::default());
    (judged.verdict, judged.reasons)
}

/// Detection => origin basis scope scenario suspect stopped severity.
const CELLS: &str = "\
connection outgoing 10.0.0.5/50123 11.1.1.1/443 callback request relevance-rule logged a.exe => local direction-and-message public outbound-callback local no critical
connection outgoing 10.0.0.5/50123 11.1.1.1/443 callback request relevance-rule blocked a.exe => local direction-and-message public outbound-callback local request high
connection outgoing 10.0.1.10/443 11.1.1.1/50123 callback response relevance-rule blocked a.exe => remote direction-and-message public inbound-from-internet local response high
connection outgoing 10.0.1.10/443 11.1.1.1/50123 exploit response relevance-rule blocked a.exe => remote direction-and-message public inbound-from-internet none response medium
connection incoming 10.0.1.10/443 11.1.1.1/50123 exploit request relevance-rule blocked a.exe => remote direction-and-message public inbound-from-internet none request low
connection incoming 10.0.1.11/443 11.1.1.1/50123 exploit request relevance-rule blocked a.exe => remote direction-and-message public inbound-from-internet none request medium
connection incoming 10.0.1.10/443 11.1.1.1/50123 scan request relevance-rule logged a.exe => remote direction-and-message public inbound-from-internet none no low
connection incoming 10.0.0.5/50123 11.1.1.1/80 exploit response relevance-rule blocked a.exe => local direction-and-message public malicious-response remote response medium
connection incoming 10.0.0.5/50123 11.1.1.1/80 exploit response relevance-rule logged a.exe => local direction-and-message public malicious-response remote no high
connection incoming 10.0.0.5/50123 11.1.1.1/80 callback response relevance-rule blocked a.exe => local direction-and-message public outbound-callback local response critical
connection outgoing 10.0.0.5/21 11.1.1.1/40000 callback unknown global logged a.exe => remote ports public inbound-from-internet none no high
connection outgoing 10.0.0.5/50123 11.1.1.1/443 callback unknown global blocked a.exe => local ports public outbound-callback local connection high
connection outgoing 10.0.0.5/49999 11.1.1.1/40000 callback unknown global blocked a.exe => local direction-only public outbound-callback local connection high
connection incoming 10.0.0.5/49999 11.1.1.1/40000 callback unknown global logged a.exe => remote direction-only public inbound-from-internet none no high
connection none 10.0.0.5/- 11.1.1.1/- callback request global logged a.exe => local list public outbound-callback local no critical
connection none 10.0.0.5/- 11.1.1.1/- callback unknown global logged a.exe => local weak public outbound-callback local no critical
connection none 10.0.0.5/- 11.1.1.1/- exploit unknown relevance-rule logged a.exe => undetermined none public undetermined none no high
connection none 10.0.0.5/- 10.0.0.6/- dns unknown relevance-rule blocked a.exe => undetermined none own undetermined none connection info
connection outgoing 10.0.0.5/50123 10.0.0.6/445 exploit request relevance-rule blocked a.exe => local direction-and-message own lateral-movement local request high
connection incoming 10.0.0.5/445 10.0.0.6/50123 exploit request relevance-rule logged a.exe => remote direction-and-message own lateral-movement remote no critical
connection incoming 10.0.0.5/445 10.0.9.9/50123 exploit request relevance-rule logged a.exe => remote direction-and-message own authorised-activity none no info
connection incoming 10.0.0.5/445 10.0.9.9/50123 callback request relevance-rule logged a.exe => remote direction-and-message own internal-callback remote no critical
connection outgoing 10.0.0.5/50123 10.0.0.6/80 callback request relevance-rule logged a.exe => local direction-and-message own internal-callback local no critical
connection outgoing 10.0.0.5/50123 10.0.0.6/53 dns request relevance-rule logged a.exe => local direction-and-message own internal-activity none no low
connection outgoing 10.0.0.5/50123 10.0.0.53/53 dns request relevance-rule logged a.exe => local direction-and-message own outbound-callback local no medium
connection incoming 10.0.0.53/53 10.0.0.5/50123 dns request relevance-rule logged a.exe => remote direction-and-message own outbound-callback remote no medium
connection outgoing 10.0.0.53/50123 11.1.1.1/53 dns request relevance-rule logged a.exe => local direction-and-message public outbound-callback behind-relay no medium
connection incoming 10.0.0.5/445 10.0.0.8/50123 exploit request relevance-rule logged a.exe => remote direction-and-message own lateral-movement behind-relay no critical
connection incoming 10.0.1.10/443 10.0.2.2/50123 exploit request relevance-rule logged a.exe => remote direction-and-message own inbound-from-internet none no medium
connection outgoing 10.0.0.5/50123 11.1.1.1/445 exploit request relevance-rule logged a.exe => local direction-and-message public outbound-attack local no critical
connection outgoing 10.0.0.5/50123 11.1.1.1/445 scan request relevance-rule blocked a.exe => local direction-and-message public outbound-attack local request medium
connection incoming 10.0.0.5/50123 11.1.1.1/21 brute-force response relevance-rule logged a.exe => local direction-and-message public outbound-attack local no critical
connection outgoing 10.0.0.5/50123 100.64.1.1/443 callback request relevance-rule logged a.exe => local direction-and-message special undetermined none no high
connection outgoing 10.0.0.5/50123 127.0.0.1/443 callback request relevance-rule blocked a.exe => local direction-and-message special undetermined none request medium
connection outgoing 10.0.0.5/50123 evil.example/443 callback request relevance-rule logged a.exe => local direction-and-message name outbound-callback local no critical
connection outgoing 10.0.0.5/50123 11.1.1.1/443 test request relevance-rule logged a.exe => local direction-and-message public authorised-activity none no info
connection incoming 10.0.1.11/443 11.1.1.1/50123 callback request relevance-rule logged a.exe => remote direction-and-message public inbound-from-internet none no high
callback none 10.0.0.5/- http://evil.example/x/- callback unknown relevance-rule blocked w3wp.exe => local callback-name name outbound-callback local connection high
callback none 10.0.0.5/- 11.1.1.1/- callback unknown global logged a.exe => local list-no-direction public outbound-callback local no critical
callback none 10.0.0.5/- 11.1.1.1/- callback unknown web-reputation logged a.exe => local list-no-direction public outbound-callback local no medium
callback none 10.0.0.5/- 11.1.1.1/- callback unknown global logged System => undetermined none public undetermined none no high
callback none 10.0.0.5/- 11.1.1.1/- callback unknown relevance-rule blocked a.exe => undetermined none public undetermined none connection medium
callback none 10.0.0.5/- 11.1.1.1/- callback unknown unknown logged a.exe => undetermined none public undetermined none no high";

#[test]
fn every_cell() {
    for line in CELLS.lines() {
        let (case, expected) = line.split_once(" => ").unwrap();
        let (verdict, reasons) = verdict_of(&Case(case), 500);
        let said = [
            verdict.origin.as_str(),
            verdict.origin_basis.as_str(),
            verdict.remote_scope.as_str(),
            verdict.scenario.as_str(),
            verdict.suspect.as_str(),
            verdict.stopped.as_str(),
            verdict.severity.as_str(),
        ];
        assert_eq!(said.join(" "), expected, "{case}");
        assert!(reasons.iter().all(|reason| reason_keys().contains(&reason.key)), "{reasons:?}");
    }
}

#[test]
fn a_scanner_is_one_in_its_period_only() {
    let case =
        Case("connection incoming 10.0.0.5/445 10.0.9.9/50123 exploit request relevance-rule logged a.exe");
    assert_eq!(verdict_of(&case, 999).0.scenario, Scenario::AuthorisedActivity);
    assert_eq!(verdict_of(&case, 1000).0.scenario, Scenario::LateralMovement);
}

#[test]
fn a_target_that_answered_or_called_out_raises_an_exploit() {
    let mut plain = profile();
    plain.exposure.complete = false;
    let policy = Policy::compile(&plain).unwrap();
    let mut symbols = Symbols::new();
    let mut make = |text: &str| detection(&Case(text), &mut symbols);
    let exploit =
        make("connection incoming 10.0.1.10/80 11.1.1.1/50123 exploit request relevance-rule blocked a");
    let answer =
        make("connection outgoing 10.0.1.10/80 11.1.1.1/50123 exploit response relevance-rule logged a");
    let call = make("connection outgoing 10.0.1.10/50001 22.1.1.1/443 callback request global blocked a");
    let inside = make("connection outgoing 10.0.1.10/50001 10.0.0.6/443 callback request global blocked a");
    let at = Instant::from_seconds;
    for (other, last, severity) in [
        (answer, 1, Severity::High),
        (call, 600, Severity::High),
        (call, 500, Severity::Low),
        (inside, 600, Severity::Low),
    ] {
        let mut census = Census::default();
        census.see(other.with(&symbols), at(last), &policy);
        let judged = judge(exploit.with(&symbols), at(500), &policy, &census);
        assert_eq!(judged.verdict.severity, severity, "{other:?} last seen at {last}");
    }
}

#[test]
fn directed_detections_get_their_sides_by_the_networks() {
    let policy = Policy::compile(&profile()).unwrap();
    let symbols = Symbols::new();
    let peer = |ip: &str| Peer { ip: ip.parse().ok(), ..Peer::default() };
    for (source, destination, local, direction, side) in [
        ("10.0.0.5", "11.1.1.1", "10.0.0.5", Direction::Outgoing, Side::Remote),
        ("11.1.1.1", "10.0.0.5", "10.0.0.5", Direction::Incoming, Side::Local),
        ("10.0.0.5", "10.0.0.6", "10.0.0.5", Direction::Outgoing, Side::Remote),
        ("11.1.1.1", "22.1.1.1", "11.1.1.1", Direction::Outgoing, Side::Remote),
    ] {
        let detection = Detection {
            endpoints: Endpoints::Directed { source: peer(source), destination: peer(destination) },
            service: service(Some(50123), Some(443), || Direction::Outgoing),
            ..Detection::default()
        };
        let told = orient(detection.with(&symbols), &policy);
        let row = told.with(&symbols);
        assert_eq!((row.local().ip, row.direction()), (local.parse().ok(), direction));
        assert_eq!(row.port(side), Some(443), "{source} {destination}");
    }
}

pub(crate) fn any_of<T: Copy + std::fmt::Debug + 'static>(values: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(values)
}

proptest! {
    #[test]
    fn what_must_hold_for_all(
        direction in any_of(Direction::ALL), message in any_of(RequestKind::ALL), threat in any_of(Threat::ALL),
        list in any_of(ringback_model::ListSource::ALL),
        local in prop::sample::select(vec!["10.0.0.5/50123", "10.0.0.53/53", "198.51.100.7/443", "10.0.1.10/443"]),
        remote in prop::sample::select(vec![
            "11.1.1.1/443", "10.0.0.8/8080", "10.0.9.9/50001", "100.64.0.1/80", "evil.example/80", "corp.example/1", "10.0.0.53/53",
        ]),
        log in prop::sample::select(vec!["connection", "callback"]),
    ) {
        let case = |result: &str| {
            let text = format!("{log} {direction} {local} {remote} {threat} {message} {list} {result} x.exe");
            verdict_of(&Case(&text), 1).0
        };
        let (open, blocked) = (case("logged"), case("blocked"));
        prop_assert!(blocked.severity >= open.severity, "blocked is never worse: {open:?} {blocked:?}");
        prop_assert_eq!(open.scenario, blocked.scenario);
        prop_assert_eq!(open.origin == Origin::Undetermined, open.origin_basis == Basis::None);
        prop_assert_eq!(open.at_most, open.scenario == Scenario::Undetermined);
        if open.at_most {
            prop_assert!(open.severity >= Severity::High);
            prop_assert_eq!(open.suspect, Suspect::None);
        }
        if open.scenario == Scenario::AuthorisedActivity {
            prop_assert_eq!(open.severity, Severity::Info);
        }
        if open.suspect == Suspect::BehindRelay {
            prop_assert!(open.relay.is_some());
        }
    }
}
