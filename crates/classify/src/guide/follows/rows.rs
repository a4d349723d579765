//! Every row, and the settings that rows are judged in.

use super::document::Guide;
use super::person::{Around, Facts, Following, Told};
use crate::{Census, Policy, judge};
use ringback_model::profile::{
    Faces, HostMatch, KnownExploited, Period, PortSpec, Published, Relay, RelayKind, Scanner, Vulnerability,
};
use ringback_model::{
    Detection, Direction, Endpoints, Instant, ListSource, Log, Peer, Profile, RequestKind, ResultKind, Risk,
    Scope, Service, Side, Sym, Symbols, Threat,
};

/// The policies that cases are judged by, with what a person reads off each.
pub(super) struct Setting {
    pub(super) policy: Policy,
    pub(super) census: Census,
    pub(super) around: Around,
}

pub(super) const LOCALS: [(&str, bool); 2] = [("10.0.0.5", true), ("198.51.100.7", false)];

/// A remote side of each scope.
pub(super) const REMOTES: [(&str, Scope); 6] = [
    ("10.0.0.6", Scope::Own),
    ("11.1.1.1", Scope::Public),
    ("100.64.0.1", Scope::Special),
    ("192.168.9.9", Scope::PrivateUnlisted),
    ("evil.example", Scope::Name),
    ("", Scope::Unknown),
];

/// What a setting has besides the client's networks.
#[derive(Clone, Copy, Default)]
pub(super) struct Wish {
    pub(super) published: usize,
    pub(super) said: usize,
    pub(super) worked: bool,
    pub(super) exploited: bool,
    pub(super) scans: [bool; 2],
    pub(super) inside: [bool; 2],
    pub(super) internet: bool,
}

impl Setting {
    pub(super) fn new(wish: Wish, remote: &str) -> Self {
        let mut profile = Profile::default();
        profile.networks.own = vec!["10.0.0.0/8".parse().unwrap()];
        let entry = |ports: &[u16]| -> Vec<Published> {
            let ports: Vec<PortSpec> =
                ports.iter().map(|port| PortSpec { transport: None, port: *port }).collect();
            vec![Published { network: "0.0.0.0/0".parse().ok(), ports, ..Published::default() }]
        };
        let (published, complete) = match wish.published {
            0 => ("nothing", false),
            1 => ("the service", true),
            2 => ("nothing", true),
            3 => ("other ports of the host", true),
            _ => ("other ports of the host", false),
        };
        profile.exposure.published = match published {
            "the service" => entry(&[]),
            "other ports of the host" => entry(&[9]),
            _ => Vec::new(),
        };
        profile.exposure.complete = complete;
        let said = |vulnerable| {
            vec![Vulnerability {
                hosts: HostMatch::Any,
                cves: vec!["CVE-2020-1".to_owned()],
                vulnerable,
                since: None,
            }]
        };
        let (said_word, entries) = match wish.said {
            0 => ("neither", Vec::new()),
            1 => ("vulnerable to one", said(true)),
            _ => ("not vulnerable to all", said(false)),
        };
        profile.vulnerabilities = entries;
        if wish.exploited {
            let known = KnownExploited {
                cve: "CVE-2020-1".to_owned(),
                added: String::new(),
                due: String::new(),
                ransomware: false,
            };
            profile.known_exploited = vec![known];
        }
        let addresses = [LOCALS[0].0, remote];
        for (side, address) in addresses.iter().enumerate() {
            let (address, host) = (address.parse().ok(), (*address).to_owned());
            if let (true, Some(address)) = (wish.scans[side], address) {
                let network = ipnet::IpNet::from(address);
                profile.scanners.push(Scanner { network, name: String::new(), period: Period::default() });
            }
            let relay = |kind: RelayKind, faces| Relay {
                address,
                host: host.clone(),
                kind,
                faces,
                name: String::new(),
            };
            if wish.inside[side] {
                profile.relays.push(relay(RelayKind::Proxy, Faces::Inside));
            }
            if wish.internet && side == 1 {
                profile.relays.push(relay(RelayKind::ReverseProxy, Faces::Internet));
            }
        }
        let policy = Policy::compile(&profile).unwrap();
        let mut census = Census::default();
        if wish.worked {
            let mut symbols = Symbols::new();
            let call = Detection {
                endpoint: symbols.intern("HOST1"),
                threat: Threat::Callback,
                message: RequestKind::Request,
                endpoints: Endpoints::Sided {
                    local: Peer::default(),
                    remote: Peer::default(),
                    direction: Direction::Outgoing,
                },
                ..Detection::default()
            };
            census.take(call.with(&symbols), Instant::from_seconds(900), || true);
        }
        let has_address = remote.parse::<std::net::IpAddr>().is_ok();
        let around = Around {
            published,
            complete,
            said: said_word,
            worked: wish.worked,
            exploited: wish.exploited,
            scans: [wish.scans[0], wish.scans[1] && has_address],
            inside: [wish.inside[0], wish.inside[1] && !remote.is_empty()],
            internet: wish.internet && !remote.is_empty(),
        };
        Setting { policy, census, around }
    }

    /// Judges one row both ways.
    pub(super) fn compare(&self, guide: &Guide, row: Row) {
        let mut symbols = Symbols::new();
        let detection = row.detection(&mut symbols);
        let (scope, local_private) = (REMOTES[row.remote].1, LOCALS[row.local].1);
        let remote_named = !detection.with(&symbols).remote().name.is_empty();
        let judged = judge(detection.with(&symbols), Instant::from_seconds(500), &self.policy, &self.census);
        let facts = Facts { row, scope, local_private, remote_named, around: self.around };
        assert_eq!(judged.verdict.remote_scope, scope, "{detection:?}");
        let told = Following { guide, facts }.verdict();
        assert_eq!(told, Told::of(&judged.verdict), "{row:?} {}", self.around.said);
    }
}

/// A row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) callback: bool,
    pub(super) direction: Direction,
    pub(super) message: RequestKind,
    /// The side that alone is on a server port.
    pub(super) port: Option<Side>,
    pub(super) list: ListSource,
    pub(super) threat: Threat,
    pub(super) risk: Risk,
    pub(super) result: ResultKind,
    pub(super) local: usize,
    pub(super) remote: usize,
    pub(super) server_process: bool,
}

impl Row {
    pub(super) fn detection(&self, symbols: &mut Symbols) -> Detection {
        let remote = REMOTES[self.remote].0;
        let remote = match remote.parse() {
            Ok(ip) => Peer { ip: Some(ip), name: Sym::EMPTY },
            Err(_) => Peer { ip: None, name: symbols.intern(remote) },
        };
        let local = Peer { ip: LOCALS[self.local].0.parse().ok(), name: Sym::EMPTY };
        Detection {
            log: if self.callback { Log::Callback } else { Log::Connection },
            endpoint: symbols.intern("HOST1"),
            process: symbols.intern(if self.server_process { "System" } else { "a.exe" }),
            endpoints: Endpoints::Sided { local, remote, direction: self.direction },
            service: self.port.map(|side| Service { side, port: 443, sole: true }),
            message: self.message,
            result: self.result,
            list: self.list,
            threat: self.threat,
            risk: self.risk,
            cve: symbols.intern("CVE-2020-1"),
            ..Detection::default()
        }
    }
}

/// Every row of a log of connections with one remote side.
pub(super) fn every_row(remote: usize, mut see: impl FnMut(Row)) {
    for direction in Direction::ALL {
        for message in RequestKind::ALL {
            for port in [Some(Side::Local), Some(Side::Remote), None] {
                for (list, threat) in
                    ListSource::ALL.iter().flat_map(|list| Threat::ALL.iter().map(move |one| (*list, *one)))
                {
                    for result in ResultKind::ALL {
                        see(Row {
                            callback: false,
                            direction: *direction,
                            message: *message,
                            port,
                            list,
                            threat,
                            risk: Risk::Unknown,
                            result: *result,
                            local: 0,
                            remote,
                            server_process: false,
                        });
                    }
                }
            }
        }
    }
}

/// Does the same for every remote side, each in a thread of its own.
pub(super) fn each_remote(compare: impl Fn(usize, &str, &Guide) + Sync) {
    std::thread::scope(|scope| {
        for (number, (remote, _)) in REMOTES.iter().enumerate() {
            let compare = &compare;
            scope.spawn(move || compare(number, remote, &Guide::read()));
        }
    });
}
