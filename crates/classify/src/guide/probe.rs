//! Asking the code that judges about cases that are made up for it.

use crate::Census;
use crate::exposure::exposure as exposed;
use crate::judge::{attacked, is_stopped, judge, stopped as what_stopped};
use crate::origin::origin as who_asked;
use crate::policy::{Policy, PolicyError};
use crate::scenario::{Authorised, Story, authorised, behind_relay, side_of, story, through_relay};
use ringback_model::profile::{
    Faces, HostMatch, Period, PortSpec, Published, PublishedServices, Relay, RelayKind, Scanner,
    Vulnerability,
};
use ringback_model::{
    Basis, Detection, Direction, Endpoints, Instant, ListSource, Log, Origin, Peer, Profile, RequestKind,
    ResultKind, Scenario, Scope, Service, Side, Stopped, Suspect, Symbols, Threat,
};
use std::net::{IpAddr, Ipv4Addr};

/// The two ends of made-up cases.
const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 5));
const REMOTE: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 6));

/// What a profile may say of published services, from nothing to the service itself.
pub(super) const PUBLISHED: [&str; 4] = ["nothing", "other hosts", "other ports of the host", "the service"];

/// What may be said of the ids that a rule names.
pub(super) const SAID: [&str; 3] = ["vulnerable to one", "not vulnerable to all", "neither"];

/// Yes comes first.
fn is_yes(word: usize) -> bool {
    word == 0
}

fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

fn at() -> Instant {
    Instant::from_seconds(0)
}

fn peer(ip: IpAddr) -> Peer {
    Peer { ip: Some(ip), ..Peer::default() }
}

fn detection(direction: Direction, change: impl FnOnce(Detection) -> Detection) -> Detection {
    let endpoints = Endpoints::Sided { local: peer(LOCAL), remote: peer(REMOTE), direction };
    change(Detection { endpoints, ..Detection::default() })
}

fn relay_at(address: IpAddr, faces: Faces) -> Relay {
    let kind = if faces == Faces::Inside { RelayKind::Proxy } else { RelayKind::ReverseProxy };
    Relay { address: Some(address), host: String::new(), kind, faces, name: String::new() }
}

fn with_relays(relays: Vec<Relay>) -> Result<Policy, PolicyError> {
    Policy::compile(&Profile { relays, ..Profile::default() })
}

/// Policies to ask by.
pub(super) struct Probe {
    plain: Policy,
    scanners: Policy,
    /// By whether the side that was asked relays for inside hosts and whether the remote side faces the internet, for a
    /// local and for a remote origin.
    relays: Vec<Policy>,
    behind: Policy,
}

impl Probe {
    pub(super) fn new() -> Result<Self, PolicyError> {
        let scanner =
            |ip: IpAddr| Scanner { network: ip.into(), name: String::new(), period: Period::default() };
        let mut relays = Vec::new();
        for inside in [true, false] {
            for internet in [true, false] {
                for asked in [REMOTE, LOCAL] {
                    let inside = inside.then(|| relay_at(asked, Faces::Inside));
                    let internet = internet.then(|| relay_at(REMOTE, Faces::Internet));
                    relays.push(with_relays(inside.into_iter().chain(internet).collect())?);
                }
            }
        }
        Ok(Probe {
            plain: Policy::compile(&Profile::default())?,
            scanners: Policy::compile(&Profile {
                scanners: vec![scanner(LOCAL), scanner(REMOTE)],
                ..Profile::default()
            })?,
            relays,
            behind: with_relays(vec![relay_at(LOCAL, Faces::Inside), relay_at(REMOTE, Faces::Inside)])?,
        })
    }

    /// Threat, origin, whether the origin is a scanner.
    pub(super) fn authorised(&self, case: &[usize]) -> &'static str {
        let detection =
            detection(Direction::Outgoing, |one| Detection { threat: Threat::ALL[case[0]], ..one });
        let policy = if is_yes(case[2]) { &self.scanners } else { &self.plain };
        match authorised(detection.with(&Symbols::new()), Origin::ALL[case[1]], at(), policy) {
            Some(Authorised::Test | Authorised::Scanner(_)) => "yes",
            None => "no",
        }
    }

    /// Whether the side that was asked relays for inside hosts, whether the remote side faces the internet, origin, scope,
    /// list, threat, direction, message.
    pub(super) fn relay(&self, case: &[usize]) -> Vec<String> {
        let origin = [Origin::Local, Origin::Remote][case[2]];
        let detection = detection(Direction::ALL[case[6]], |one| Detection {
            list: ListSource::ALL[case[4]],
            threat: Threat::ALL[case[5]],
            message: RequestKind::ALL[case[7]],
            ..one
        });
        let policy = &self.relays[4 * case[0] + 2 * case[1] + case[2]];
        let side = side_of(origin).unwrap_or(Side::Local);
        match through_relay(detection.with(&Symbols::new()), side, Scope::ALL[case[3]], policy) {
            None => vec!["–".to_owned(), "–".to_owned(), "none: go on".to_owned()],
            Some(told) => {
                let relay = told.relay.and_then(|number| policy.relay(number));
                let faces = relay.map_or("", |relay| match relay.faces {
                    Faces::Inside => "that which was asked",
                    Faces::Internet => "the remote side",
                });
                vec![told.scenario.to_string(), told.suspect.to_string(), faces.to_owned()]
            }
        }
    }

    /// Origin, scope, threat, list, message, direction.
    pub(super) fn scenario(&self, case: &[usize]) -> Vec<String> {
        let detection = detection(Direction::ALL[case[5]], |one| Detection {
            threat: Threat::ALL[case[2]],
            list: ListSource::ALL[case[3]],
            message: RequestKind::ALL[case[4]],
            ..one
        });
        let told =
            story(detection.with(&Symbols::new()), Origin::ALL[case[0]], Scope::ALL[case[1]], &self.plain);
        vec![told.scenario.to_string(), told.suspect.to_string()]
    }

    /// The suspect, and whether that is a relay for inside hosts.
    pub(super) fn behind(&self, case: &[usize]) -> String {
        let suspect = [Suspect::Local, Suspect::Remote, Suspect::None][case[0]];
        let policy = if is_yes(case[1]) { &self.behind } else { &self.plain };
        let told = Story::of(Scenario::OutboundCallback, suspect, "");
        let detection = detection(Direction::Outgoing, |one| one);
        behind_relay(detection.with(&Symbols::new()), told, policy).suspect.to_string()
    }
}

/// Direction, message, server port, list, threat, scope, whether the local address is private.
pub(super) fn origin(case: &[usize]) -> (Origin, Basis) {
    let side = [Some(Side::Local), Some(Side::Remote), None][case[2]];
    let detection = detection(Direction::ALL[case[0]], |one| Detection {
        message: RequestKind::ALL[case[1]],
        service: side.map(|side| Service { side, port: 443, sole: true }),
        list: ListSource::ALL[case[3]],
        threat: Threat::ALL[case[4]],
        ..one
    });
    who_asked(detection.with(&Symbols::new()), Scope::ALL[case[5]], is_yes(case[6]))
}

/// Whether the remote side is named, list, whether the process is a server's.
pub(super) fn callback_origin(case: &[usize]) -> (Origin, Basis) {
    let mut symbols = Symbols::new();
    let process = symbols.intern(if is_yes(case[2]) { "System" } else { "program.exe" });
    let name = if is_yes(case[0]) { symbols.intern("name.invalid") } else { Peer::default().name };
    let remote = Peer { name, ..peer(REMOTE) };
    let detection = Detection {
        log: Log::Callback,
        endpoints: Endpoints::Sided { local: peer(LOCAL), remote, direction: Direction::None },
        list: ListSource::ALL[case[1]],
        process,
        ..Detection::default()
    };
    who_asked(detection.with(&symbols), Scope::Public, true)
}

/// Result and message.
pub(super) fn stopped(case: &[usize]) -> String {
    let detection = detection(Direction::Outgoing, |one| Detection {
        result: ResultKind::ALL[case[0]],
        message: RequestKind::ALL[case[1]],
        ..one
    });
    what_stopped(detection.with(&Symbols::new())).to_string()
}

/// What was stopped, and the scenario.
pub(super) fn counts(case: &[usize]) -> &'static str {
    let (result, message) = match Stopped::ALL[case[0]] {
        Stopped::Request => (ResultKind::Blocked, RequestKind::Request),
        Stopped::Response => (ResultKind::Blocked, RequestKind::Response),
        Stopped::Connection => (ResultKind::Blocked, RequestKind::Unknown),
        Stopped::No => (ResultKind::Logged, RequestKind::Unknown),
        Stopped::Unknown => (ResultKind::Unknown, RequestKind::Unknown),
    };
    let detection = detection(Direction::Outgoing, |one| Detection { result, message, ..one });
    yes_or_no(is_stopped(detection.with(&Symbols::new()), Scenario::ALL[case[1]]))
}

/// Scenario and origin.
pub(super) fn target(case: &[usize]) -> &'static str {
    match attacked(Scenario::ALL[case[0]], Origin::ALL[case[1]]) {
        Some(Side::Local) => "local",
        Some(Side::Remote) => "remote",
        None => "none",
    }
}

/// Whether the target is the client's, what is published, whether that list is complete, whether the port is known.
pub(super) fn exposure(case: &[usize]) -> String {
    let entry = |ip: IpAddr, ports: &[u16]| Published {
        network: Some(ip.into()),
        ports: ports.iter().map(|port| PortSpec { transport: None, port: *port }).collect(),
        ..Published::default()
    };
    let published = match case[1] {
        0 => Vec::new(),
        1 => vec![entry(REMOTE, &[])],
        2 => vec![entry(LOCAL, &[9])],
        _ => vec![entry(LOCAL, &[])],
    };
    let services = PublishedServices { complete: is_yes(case[2]), published, ..PublishedServices::default() };
    let side = if is_yes(case[3]) { Side::Local } else { Side::Remote };
    let detection = detection(Direction::Incoming, |one| Detection {
        service: Some(Service { side, port: 443, sole: true }),
        ..one
    });
    if !is_yes(case[0]) {
        return "unknown".to_owned();
    }
    exposed(&services, detection.with(&Symbols::new()), Side::Local).to_string()
}

/// A policy for each thing that may be said of ids.
pub(super) fn vulnerability_policies() -> Result<Vec<Policy>, PolicyError> {
    let said = |id: &str, vulnerable| Vulnerability {
        hosts: HostMatch::Any,
        cves: vec![id.to_owned()],
        vulnerable,
        since: None,
    };
    let all = [
        vec![said("CVE-2020-1", true)],
        vec![said("CVE-2020-1", false), said("CVE-2020-2", false)],
        vec![said("CVE-2020-1", false)],
    ];
    all.into_iter()
        .map(|vulnerabilities| Policy::compile(&Profile { vulnerabilities, ..Profile::default() }))
        .collect()
}

/// Whether the target is the client's, threat, what is said of the ids.
pub(super) fn vulnerable(case: &[usize], policies: &[Policy]) -> String {
    let mut symbols = Symbols::new();
    let cve = symbols.intern("CVE-2020-1 CVE-2020-2");
    let outside = peer(IpAddr::V4(Ipv4Addr::new(11, 1, 1, 1)));
    let (direction, remote) = if is_yes(case[0]) {
        (Direction::Incoming, outside)
    } else {
        // Who is asked outside is the target, and not the client's.
        (Direction::Outgoing, outside)
    };
    let detection = Detection {
        endpoints: Endpoints::Sided { local: peer(LOCAL), remote, direction },
        message: RequestKind::Request,
        threat: Threat::ALL[case[1]],
        cve,
        ..Detection::default()
    };
    let judged = judge(detection.with(&symbols), at(), &policies[case[2]], &Census::default());
    judged.verdict.vulnerable.to_string()
}
