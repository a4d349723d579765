//! Whether a service is meant to be reached from outside. Only the profile tells.

use crate::end::End;
use ringback_model::profile::{PortSpec, Published, PublishedServices, Transport};
use ringback_model::{DetectionRef, Exposure, Side};

/// Whether the profile publishes the service at an end of a detection. The port is the detection's service port if that is
/// on this side; otherwise it is not known.
pub(crate) fn exposure(services: &PublishedServices, row: DetectionRef<'_>, side: Side) -> Exposure {
    if services.published.is_empty() {
        return if services.complete { Exposure::Closed } else { Exposure::Unknown };
    }
    let (end, port) = (End::of(row, side), row.port(side));
    let transport = transport(row.text(row.detection.protocol));
    let mut host_listed = false;
    for entry in &services.published {
        if covers(entry, end, port, transport) {
            return Exposure::Published;
        }
        host_listed |= is_of(entry, end);
    }
    let off_the_list = !host_listed || port.is_some();
    if services.complete && off_the_list { Exposure::Closed } else { Exposure::Unknown }
}

/// The number of the entry that publishes the service at an end.
pub(crate) fn publishing(services: &PublishedServices, row: DetectionRef<'_>, side: Side) -> Option<usize> {
    let (end, port) = (End::of(row, side), row.port(side));
    let transport = transport(row.text(row.detection.protocol));
    services.published.iter().position(|entry| covers(entry, end, port, transport))
}

/// Whether an entry is about the host at an end.
fn is_of(entry: &Published, end: End<'_>) -> bool {
    entry.network.as_ref().is_some_and(|network| end.is_in(network)) || end.is_named(&entry.host)
}

/// Whether an entry publishes a port of the host at an end.
pub(crate) fn covers(
    entry: &Published,
    end: End<'_>,
    port: Option<u16>,
    transport: Option<Transport>,
) -> bool {
    is_of(entry, end)
        && (entry.ports.is_empty() || entry.ports.iter().any(|spec| is_meant(*spec, port, transport)))
}

fn is_meant(spec: PortSpec, port: Option<u16>, transport: Option<Transport>) -> bool {
    port == Some(spec.port)
        && (spec.transport.is_none() || transport.is_none() || spec.transport == transport)
}

/// The transport that a protocol's name tells.
pub(crate) fn transport(protocol: &str) -> Option<Transport> {
    match protocol.to_ascii_lowercase().as_str() {
        "tcp" | "http" | "https" | "smb" | "smb2" | "ftp" | "smtp" | "dcerpc" | "rdp" | "ssh" => {
            Some(Transport::Tcp)
        }
        "udp" => Some(Transport::Udp),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringback_model::profile::Published;
    use ringback_model::{Detection, Direction, Endpoints, Peer, Symbols, service};

    fn services(complete: bool) -> PublishedServices {
        let on = |ports: &[(Option<Transport>, u16)]| {
            ports.iter().map(|(transport, port)| PortSpec { transport: *transport, port: *port }).collect()
        };
        let address = |text: &str| Some(text.parse().unwrap());
        let tcp = Some(Transport::Tcp);
        PublishedServices {
            complete,
            scans: Vec::new(),
            open: Vec::new(),
            published: vec![
                Published {
                    network: address("10.0.1.10/32"),
                    ports: on(&[(tcp, 443), (None, 80)]),
                    ..Published::default()
                },
                Published {
                    network: address("10.0.1.10/32"),
                    ports: on(&[(tcp, 25)]),
                    ..Published::default()
                },
                Published { network: address("10.0.2.0/24"), ..Published::default() },
                Published {
                    host: "DNS01".to_owned(),
                    ports: on(&[(Some(Transport::Udp), 53)]),
                    ..Published::default()
                },
            ],
        }
    }

    /// Endpoint, local address and port, protocol => exposure under a complete list, under one that is not.
    const CELLS: &str = "\
x 10.0.1.10 443 - => published published
x 10.0.1.10 443 tcp => published published
x 10.0.1.10 443 HTTP => published published
x 10.0.1.10 443 udp => closed unknown
x 10.0.1.10 80 udp => published published
x 10.0.1.10 25 SMTP => published published
x 10.0.1.10 22 tcp => closed unknown
x 10.0.1.10 - tcp => unknown unknown
x 10.0.2.7 22 udp => published published
x 10.0.2.7 - - => published published
x 10.0.3.3 443 tcp => closed unknown
x 10.0.3.3 - tcp => closed unknown
dns01 10.0.3.3 53 DNS => published published
DNS01.corp.example - 53 udp => published published
DNS01 - 53 tcp => closed unknown
DNS01 - - udp => unknown unknown
- - 443 tcp => closed unknown";

    #[test]
    fn every_cell() {
        for line in CELLS.lines() {
            let (case, expected) = line.split_once(" => ").unwrap();
            let words: Vec<&str> = case.split(' ').map(|word| if word == "-" { "" } else { word }).collect();
            let mut symbols = Symbols::new();
            let detection = Detection {
                endpoint: symbols.intern(words[0]),
                endpoints: Endpoints::Sided {
                    local: Peer { ip: words[1].parse().ok(), ..Peer::default() },
                    remote: Peer::default(),
                    direction: Direction::Incoming,
                },
                service: service(words[2].parse().ok(), Some(50123), || Direction::Incoming),
                protocol: symbols.intern(words[3]),
                ..Detection::default()
            };
            let told = |complete| exposure(&services(complete), detection.with(&symbols), Side::Local);
            assert_eq!(format!("{} {}", told(true), told(false)), expected, "{case}");
        }
        let nothing = Detection::default();
        let told = exposure(&PublishedServices::default(), nothing.with(&Symbols::new()), Side::Local);
        assert_eq!(told, Exposure::Unknown, "a profile that says nothing");
    }

    #[test]
    fn a_service_on_the_other_side_is_not_the_targets_port() {
        let symbols = Symbols::new();
        let detection = Detection {
            endpoints: Endpoints::Sided {
                local: Peer { ip: "10.0.1.10".parse().ok(), ..Peer::default() },
                remote: Peer::default(),
                direction: Direction::Incoming,
            },
            service: service(Some(50123), Some(443), || Direction::Incoming),
            ..Detection::default()
        };
        assert_eq!(exposure(&services(true), detection.with(&symbols), Side::Local), Exposure::Unknown);
    }
}
