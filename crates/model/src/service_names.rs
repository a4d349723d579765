//! What the services on ports are called. Source: IANA, Service Name and Transport Protocol Port Number Registry.

use std::sync::OnceLock;

/// The shipped part of the registry.
const TEXT: &str = include_str!("../registries/services.tsv");

/// A port with the names of its services over TCP and over UDP; empty where there is none.
type Row = (u16, &'static str, &'static str);

/// The registered name of the service on a port, such as `https`; `None` where there is none in the shipped list. The
/// transport is told by a protocol as logged; where that is neither TCP nor UDP, the name over TCP goes first.
pub fn service_name(port: u16, protocol: &str) -> Option<&'static str> {
    let rows = rows();
    let (_, tcp, udp) = rows[rows.binary_search_by_key(&port, |row| row.0).ok()?];
    let some = |name: &'static str| (!name.is_empty()).then_some(name);
    if protocol.eq_ignore_ascii_case("udp") {
        some(udp)
    } else if protocol.eq_ignore_ascii_case("tcp") {
        some(tcp)
    } else {
        some(tcp).or(some(udp))
    }
}

/// The name of a service that is written as in reports: `tcp/443`, or `443`.
pub fn name_of_service(service: &str) -> Option<&'static str> {
    let (protocol, port) = service.split_once('/').unwrap_or(("", service));
    service_name(port.parse().ok()?, protocol)
}

fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| TEXT.lines().filter(|line| !line.starts_with('#')).filter_map(row).collect())
}

fn row(line: &'static str) -> Option<Row> {
    let mut cells = line.split('\t');
    let port = cells.next()?.parse().ok()?;
    let mut name = || cells.next().map(|name| if name == "-" { "" } else { name });
    Some((port, name()?, name()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::{LISTED, is_server_port};

    #[test]
    fn the_list_is_in_order_and_each_row_is_whole() {
        let lines = TEXT.lines().filter(|line| !line.starts_with('#'));
        assert_eq!(lines.count(), rows().len());
        assert!(rows().windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (port, tcp, udp) in rows() {
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(
                tcp.chars().chain(udp.chars()).all(fits) && !(tcp.is_empty() && udp.is_empty()),
                "{port}"
            );
        }
    }

    /// Ports that decide on the identity of detections, and are left without a name for a reason.
    const NAMELESS: &[u16] = &[
        1521, 2082, 2483, 2484, 3128, 4848, 5000, 5555, 5601, 5800, 6443, 7001, 7002, 8000, 8009, 8081, 8088,
        8443, 8530, 8531, 8888, 9000, 9090, 9200, 9300, 9443, 27017, 50000,
    ];

    #[test]
    fn every_port_that_servers_are_known_by_has_a_name_or_none_on_purpose() {
        for port in LISTED {
            assert!(is_server_port(*port));
            assert_eq!(service_name(*port, "").is_none(), NAMELESS.contains(port), "{port}");
        }
    }

    #[test]
    fn names_follow_the_transport() {
        for (port, protocol, expected) in [
            (443, "TCP", Some("https")),
            (443, "", Some("https")),
            (53, "udp", Some("domain")),
            (514, "tcp", Some("shell")),
            (514, "UDP", Some("syslog")),
            (514, "HTTP", Some("shell")),
            (123, "NTP", Some("ntp")),
            (123, "tcp", None),
            (445, "SMB", Some("microsoft-ds")),
            (0, "tcp", None),
            (65_535, "", None),
        ] {
            assert_eq!(service_name(port, protocol), expected, "{port} {protocol}");
        }
        for (service, expected) in [
            ("tcp/443", Some("https")),
            ("53", Some("domain")),
            ("", None),
            ("tcp/", None),
            ("x/y/443", None),
        ] {
            assert_eq!(name_of_service(service), expected, "{service}");
        }
    }
}
