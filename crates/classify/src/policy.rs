//! The client's word and the playbook, compiled once for a run.

use crate::end::End;
use crate::exploited::Exploited;
use crate::networks::Networks;
use crate::open::{Open, OpenThoughClosed, open_though_closed};
use crate::overrides::{Override, OverrideError};
use crate::severity::{Playbook, PlaybookError};
use crate::vulnerability::Vulnerabilities;
use ringback_model::profile::{Faces, KnownExploited, OpenService, Relay};
use ringback_model::{DetectionRef, Instant, Profile, Side};
use std::net::IpAddr;

/// What verdicts depend on besides the detection and the census.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) profile: Profile,
    pub(crate) networks: Networks,
    pub(crate) playbook: Playbook,
    pub(crate) overrides: Vec<Override>,
    pub(crate) vulnerabilities: Vulnerabilities,
    pub(crate) exploited: Exploited,
    pub(crate) open: Open,
    /// The report's clock.
    pub(crate) made: Option<Instant>,
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
            vulnerabilities: Vulnerabilities::compile(profile),
            exploited: Exploited::compile(profile),
            open: Open::compile(profile),
            profile: profile.clone(),
            made: None,
        })
    }

    /// The same for a report that is made at that time: accepted findings that have ended by then are accepted no more.
    #[must_use]
    pub fn made_at(mut self, made: Option<Instant>) -> Self {
        self.made = made;
        self
    }

    /// All instants at which an entry of the profile starts or ends to hold.
    pub fn cuts(&self) -> Vec<Instant> {
        let scanners = self.profile.scanners.iter().map(|scanner| scanner.period);
        let accepted = self.profile.suppressions.iter().filter(|entry| !entry.is_expired(self.made));
        let suppressions = accepted.map(|entry| entry.period);
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

    /// Whether an address lies outside of the client's networks: on the internet, or private and not in the private ranges
    /// that the profile lists. What is near a host with such an address is not the client's.
    pub fn is_outside(&self, ip: IpAddr) -> bool {
        self.networks.is_outside(ip)
    }

    /// Whether a catalogue of known exploited vulnerabilities was given.
    pub fn has_catalogue(&self) -> bool {
        !self.profile.known_exploited.is_empty()
    }

    /// What the catalogue of known exploited vulnerabilities says of a CVE id, or of those of a bulletin.
    pub fn known_exploited(&self, id: &str) -> Vec<KnownExploited> {
        self.exploited.entries_of(id)
    }

    /// The services that are closed by the profile's list and that scans from outside found open, in the order of addresses.
    pub fn open_though_closed(&self) -> Vec<&OpenThoughClosed> {
        open_though_closed(&self.profile.exposure)
    }

    /// The service that scans from outside found open at an end of a detection.
    pub(crate) fn open_at(&self, row: DetectionRef<'_>, side: Side) -> Option<&OpenService> {
        let services = &self.profile.exposure;
        self.open.at(services, row, side).map(|number| &services.open[number])
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

    /// The name of the declared scanner on a side of a detection, if it may scan at that time.
    pub(crate) fn scanner_of(&self, row: DetectionRef<'_>, side: Side, at: Instant) -> Option<&str> {
        if self.profile.scanners.is_empty() { None } else { self.scanner_at(End::of(row, side).ip, at) }
    }

    /// The name of the declared scanner at an address, if it may scan at that time.
    fn scanner_at(&self, ip: Option<IpAddr>, at: Instant) -> Option<&str> {
        let ip = ip?;
        let meant =
            self.profile.scanners.iter().find(|one| one.network.contains(&ip) && one.period.contains(at));
        meant.map(|scanner| scanner.name.as_str())
    }
}
