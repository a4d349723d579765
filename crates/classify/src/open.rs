//! What scans from outside found open, and where that contradicts the profile's own list.

use crate::end::End;
use crate::exposure::{covers, transport};
use crate::hosts::ByHost;
use ringback_model::profile::{HostMatch, OpenService, PublishedServices};
use ringback_model::{DetectionRef, Profile, Side};

/// What scans found open, by host.
#[derive(Clone, Debug, Default)]
pub(crate) struct Open {
    by_host: ByHost<usize>,
    any: bool,
}

/// A service that the profile's list closes and that a scan found open.
pub type OpenThoughClosed = OpenService;

impl Open {
    pub(crate) fn compile(profile: &Profile) -> Self {
        let mut by_host = ByHost::default();
        for (number, service) in profile.exposure.open.iter().enumerate() {
            by_host.add(&HostMatch::Network(service.address.into()), number);
            for name in &service.names {
                by_host.add(&HostMatch::Name(name.clone()), number);
            }
        }
        Open { by_host, any: !profile.exposure.open.is_empty() }
    }

    /// The number of the open service at an end of a detection: the one at its address, else one of its name.
    pub(crate) fn at(
        &self,
        services: &PublishedServices,
        row: DetectionRef<'_>,
        side: Side,
    ) -> Option<usize> {
        if !self.any {
            return None;
        }
        let port = row.port(side)?;
        let end = End::of(row, side);
        let transport = transport(row.text(row.detection.protocol));
        let meant = |number: &&usize| {
            let service = &services.open[**number];
            service.port == port && transport.is_none_or(|transport| transport == service.transport)
        };
        // What is said of the address comes first.
        self.by_host.of(end).find(meant).copied()
    }
}

/// The services that the profile's list, which says that it is complete, does not hold, and that scans found open.
pub(crate) fn open_though_closed(services: &PublishedServices) -> Vec<&OpenThoughClosed> {
    if !services.complete {
        return Vec::new();
    }
    let published = |open: &OpenService| {
        let names = open.names.iter().map(String::as_str).chain(std::iter::once(""));
        let mut ends = names.map(|name| End { ip: Some(open.address), name });
        ends.any(|end| {
            services.published.iter().any(|entry| covers(entry, end, Some(open.port), Some(open.transport)))
        })
    };
    services.open.iter().filter(|open| !published(open)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringback_model::profile::{PortSpec, Published, Transport};
    use ringback_model::{Detection, Direction, Endpoints, Peer, Symbols, service};

    fn profile() -> Profile {
        let open = |address: &str, transport, port, names: &[&str]| OpenService {
            address: address.parse().unwrap(),
            transport,
            port,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            seen: None,
        };
        let mut profile = Profile::default();
        profile.exposure.complete = true;
        profile.exposure.open = vec![
            open("198.51.100.10", Transport::Tcp, 22, &[]),
            open("198.51.100.10", Transport::Tcp, 443, &["web01.corp.example"]),
            open("198.51.100.10", Transport::Udp, 53, &[]),
            open("198.51.100.11", Transport::Tcp, 25, &["mx1.corp.example"]),
        ];
        let port = |transport, port| PortSpec { transport, port };
        profile.exposure.published = vec![
            Published {
                network: "198.51.100.10/32".parse().ok(),
                ports: vec![port(Some(Transport::Tcp), 443), port(Some(Transport::Tcp), 53)],
                ..Published::default()
            },
            Published { host: "MX1".to_owned(), ports: vec![port(None, 25)], ..Published::default() },
        ];
        profile
    }

    #[test]
    fn what_is_open_and_not_on_a_complete_list_contradicts_it() {
        let mut profile = profile();
        let told = |profile: &Profile| -> Vec<String> {
            let open = open_though_closed(&profile.exposure).into_iter();
            open.map(|one| format!("{} {}/{}", one.address, one.transport.name(), one.port)).collect()
        };
        assert_eq!(told(&profile), ["198.51.100.10 tcp/22", "198.51.100.10 udp/53"]);
        profile.exposure.complete = false;
        assert!(told(&profile).is_empty(), "a list that is not complete closes nothing");
    }

    #[test]
    fn a_detection_finds_the_open_service_of_its_address_or_name() {
        let profile = profile();
        let open = Open::compile(&profile);
        for (endpoint, ip, port, protocol, expected) in [
            ("", "198.51.100.10", 22, "TCP", Some(0)),
            ("", "198.51.100.10", 22, "UDP", None),
            ("", "198.51.100.10", 53, "DNS", Some(2)),
            ("", "198.51.100.10", 80, "TCP", None),
            ("", "198.51.100.12", 22, "TCP", None),
            ("WEB01", "10.0.0.1", 443, "HTTPS", Some(1)),
            ("WEB01", "10.0.0.1", 22, "SSH", None),
        ] {
            let mut symbols = Symbols::new();
            let detection = Detection {
                endpoint: symbols.intern(endpoint),
                endpoints: Endpoints::Sided {
                    local: Peer { ip: ip.parse().ok(), ..Peer::default() },
                    remote: Peer::default(),
                    direction: Direction::Incoming,
                },
                service: service(Some(port), Some(50123), || Direction::Incoming),
                protocol: symbols.intern(protocol),
                ..Detection::default()
            };
            let found = open.at(&profile.exposure, detection.with(&symbols), Side::Local);
            assert_eq!(found, expected, "{endpoint} {ip} {port} {protocol}");
        }
    }
}
