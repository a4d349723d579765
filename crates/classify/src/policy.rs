//! The client's word and the playbook, compiled once for a run.

use crate::networks::{Networks, host_of};
use crate::severity::{Override, OverrideError, Playbook, PlaybookError};
use ringback_model::profile::{Faces, HostMatch, Relay, RemoteMatch, Suppression};
use ringback_model::{DetectionRef, Exposure, Instant, Profile, Side, Verdict, Vulnerable};
use std::net::IpAddr;

/// What verdicts depend on besides the detection and the census.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) profile: Profile,
    pub(crate) networks: Networks,
    pub(crate) playbook: Playbook,
    pub(crate) overrides: Vec<Override>,
}

/// What can not be compiled.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// A severity override.
    #[error(transparent)]
    Override(#[from] OverrideError),
    /// The playbook.
    #[error(transparent)]
    Playbook(#[from] PlaybookError),
}

/// One end of a connection, as profile entries name hosts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct End<'a> {
    pub(crate) ip: Option<IpAddr>,
    pub(crate) name: &'a str,
}

impl<'a> End<'a> {
    pub(crate) fn of(row: DetectionRef<'a>, side: Side) -> Self {
        match side {
            Side::Local => End { ip: row.local().ip, name: row.text(row.detection.endpoint) },
            Side::Remote => End { ip: row.remote().ip, name: host_of(row.text(row.remote().name)) },
        }
    }

    /// Whether a host name of the profile means this end: without case, a short name means the full one too.
    fn is_named(self, name: &str) -> bool {
        if name.is_empty() || self.name.is_empty() {
            return false;
        }
        let (mine, name) = (self.name.to_lowercase(), name.to_lowercase());
        let short = |long: &str, short: &str| {
            !short.contains('.') && long.strip_prefix(short).is_some_and(|rest| rest.starts_with('.'))
        };
        mine == name || short(&mine, &name) || short(&name, &mine)
    }
}

impl Policy {
    /// Compiles a profile with the playbook that the program carries.
    ///
    /// # Errors
    /// A severity override that no vocabulary knows.
    pub fn compile(profile: &Profile) -> Result<Self, PolicyError> {
        let overrides = profile.severity.iter().map(|(key, severity)| Override::parse(key, *severity));
        Ok(Policy {
            networks: Networks::compile(profile),
            playbook: Playbook::builtin()?,
            overrides: overrides.collect::<Result<_, _>>()?,
            profile: profile.clone(),
        })
    }

    /// All instants at which an entry of the profile starts or ends to hold.
    pub fn cuts(&self) -> Vec<Instant> {
        let scanners = self.profile.scanners.iter().map(|scanner| scanner.period);
        let suppressions = self.profile.suppressions.iter().map(|entry| entry.period);
        let periods = scanners.chain(suppressions).flat_map(|period| [period.from, period.until]);
        let since = self.profile.vulnerabilities.iter().map(|entry| entry.since);
        periods.chain(since).flatten().collect()
    }

    /// The version of the playbook.
    pub fn playbook_version(&self) -> &str {
        self.playbook.version()
    }

    /// The networks that count as the client's, in words.
    pub fn own_networks(&self) -> Vec<String> {
        self.profile.networks.own.iter().map(ToString::to_string).collect()
    }

    /// Whether private ranges count as the client's without the profile saying so.
    pub fn private_assumed(&self) -> bool {
        self.networks.private_assumed()
    }

    /// The name of a relay, for people.
    pub fn relay_name(&self, number: u16) -> String {
        let Some(relay) = self.profile.relays.get(usize::from(number)) else { return String::new() };
        if relay.name.is_empty() {
            relay.address.map_or_else(|| relay.host.clone(), |address| address.to_string())
        } else {
            relay.name.clone()
        }
    }

    /// A relay of the profile.
    pub fn relay(&self, number: u16) -> Option<&Relay> {
        self.profile.relays.get(usize::from(number))
    }

    /// The number of the declared relay at an end.
    pub(crate) fn relay_at(&self, end: End<'_>, faces: Faces) -> Option<u16> {
        let meant = |relay: &Relay| {
            relay.faces == faces
                && (relay.address.is_some_and(|address| end.ip == Some(address)) || end.is_named(&relay.host))
        };
        self.profile.relays.iter().position(meant).and_then(|number| u16::try_from(number).ok())
    }

    /// The name of the declared scanner at an address, if it may scan at that time.
    pub(crate) fn scanner_at(&self, ip: Option<IpAddr>, at: Instant) -> Option<&str> {
        let ip = ip?;
        let meant =
            self.profile.scanners.iter().find(|one| one.network.contains(&ip) && one.period.contains(at));
        meant.map(|scanner| scanner.name.as_str())
    }

    /// Whether the service at an end is meant to be reached from outside.
    pub(crate) fn exposure(&self, row: DetectionRef<'_>, side: Side) -> Exposure {
        let (end, port) = (End::of(row, side), row.port(side));
        let transport = transport(row.text(row.detection.protocol));
        let mut host_listed = false;
        for entry in &self.profile.exposure.published {
            let here = entry.network.is_some_and(|network| end.ip.is_some_and(|ip| network.contains(&ip)));
            if !here && !end.is_named(&entry.host) {
                continue;
            }
            host_listed = true;
            let matches = |spec: &ringback_model::profile::PortSpec| {
                port == Some(spec.port)
                    && (spec.transport.is_none() || transport.is_none() || spec.transport == transport)
            };
            if entry.ports.is_empty() || entry.ports.iter().any(matches) {
                return Exposure::Published;
            }
        }
        let off_the_list = !host_listed || port.is_some();
        if self.profile.exposure.complete && off_the_list { Exposure::Closed } else { Exposure::Unknown }
    }

    /// Whether the host at an end is vulnerable to what the detection's rule names.
    pub(crate) fn vulnerable(&self, row: DetectionRef<'_>, side: Side, at: Instant) -> Vulnerable {
        let end = End::of(row, side);
        let states = |cve: &str| {
            let known = |vulnerable: bool| {
                self.profile.vulnerabilities.iter().any(|entry| {
                    entry.vulnerable == vulnerable
                        && entry.since.is_none_or(|since| since <= at)
                        && entry.cves.iter().any(|known| known.eq_ignore_ascii_case(cve))
                        && is_meant(&entry.hosts, end)
                })
            };
            (known(true), known(false))
        };
        let states: Vec<(bool, bool)> = row.cves().map(states).collect();
        if states.iter().any(|(yes, _)| *yes) {
            Vulnerable::Yes
        } else if !states.is_empty() && states.iter().all(|(_, no)| *no) {
            Vulnerable::No
        } else {
            Vulnerable::Unknown
        }
    }

    /// The number of the profile's entry that accepts a finding. All that an entry gives must match.
    pub fn suppression(&self, row: DetectionRef<'_>, verdict: &Verdict, at: Instant) -> Option<usize> {
        self.profile.suppressions.iter().position(|entry| accepts(entry, row, verdict, at))
    }
}

fn is_meant(hosts: &HostMatch, end: End<'_>) -> bool {
    match hosts {
        HostMatch::Any => true,
        HostMatch::Name(name) => end.is_named(name),
        HostMatch::Network(network) => end.ip.is_some_and(|ip| network.contains(&ip)),
    }
}

fn accepts(entry: &Suppression, row: DetectionRef<'_>, verdict: &Verdict, at: Instant) -> bool {
    let remote = |wanted: &RemoteMatch| match wanted {
        RemoteMatch::Network(network) => row.remote().ip.is_some_and(|ip| network.contains(&ip)),
        RemoteMatch::Name(name) => {
            let end = End::of(row, Side::Remote);
            row.remote_text().to_lowercase() == name.to_lowercase() || end.is_named(name)
        }
    };
    let host = |wanted: &String| match wanted.parse::<IpAddr>() {
        Ok(ip) => row.local().ip == Some(ip),
        Err(_) => End::of(row, Side::Local).is_named(wanted),
    };
    entry.period.contains(at)
        && entry.remote.as_ref().is_none_or(remote)
        && entry.host.as_ref().is_none_or(host)
        && entry.rule.as_ref().is_none_or(|rule| row.text(row.detection.rule) == rule)
        && entry.list.is_none_or(|list| row.detection.list == list)
        && entry.scenario.is_none_or(|scenario| verdict.scenario == scenario)
}

/// The transport that a protocol's name tells.
fn transport(protocol: &str) -> Option<ringback_model::profile::Transport> {
    use ringback_model::profile::Transport;
    match protocol.to_ascii_lowercase().as_str() {
        "tcp" | "http" | "https" | "smb" | "smb2" | "ftp" | "smtp" | "dcerpc" | "rdp" | "ssh" => {
            Some(Transport::Tcp)
        }
        "udp" => Some(Transport::Udp),
        _ => None,
    }
}
