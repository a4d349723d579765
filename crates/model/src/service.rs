//! The port that belongs to a detection's identity.

use crate::detection::Direction;

/// One of the two sides of a detection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The side with the agent.
    Local,
    /// The other side.
    Remote,
}

impl Side {
    /// The other side.
    #[must_use]
    pub const fn peer(self) -> Side {
        match self {
            Side::Local => Side::Remote,
            Side::Remote => Side::Local,
        }
    }
}

/// The port that says which service was spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Service {
    /// The side that the port is on.
    pub side: Side,
    /// The port.
    pub port: u16,
    /// Whether this side alone is on a server port. Only then do the ports tell the origin.
    pub sole: bool,
}

/// Ports above 1023 on which servers listen, sorted. Registered service names (IANA, Service Name and Transport Protocol
/// Port Number Registry) and the defaults of common products; 1024 to 5000 were ephemeral on old Windows, so nothing in
/// that range counts unless it is listed here.
pub const LISTED: &[u16] = &[
    1080, 1099, 1433, 1434, 1521, 1723, 1883, 2049, 2082, 2083, 2375, 2376, 2483, 2484, 3128, 3260, 3268,
    3269, 3306, 3389, 4786, 4848, 5000, 5060, 5061, 5432, 5555, 5601, 5672, 5800, 5900, 5985, 5986, 6379,
    6443, 6667, 7001, 7002, 8000, 8008, 8009, 8080, 8081, 8088, 8443, 8530, 8531, 8888, 9000, 9090, 9200,
    9300, 9389, 9443, 10000, 11211, 27017, 47001, 50000,
];

/// The last of [`LISTED`]: most other ports are above it.
const HIGHEST: u16 = LISTED[LISTED.len() - 1];

/// Whether a port is one that servers listen on: below 1024, or in [`LISTED`]. Port 0 is none.
#[inline]
pub fn is_server_port(port: u16) -> bool {
    match port {
        0 => false,
        1..1024 => true,
        1024..=HIGHEST => LISTED.binary_search(&port).is_ok(),
        _ => false,
    }
}

/// The port of a detection's identity: that of the only side on a server port; where both or neither side is on one, the
/// asked side's by direction (outgoing: remote, incoming: local); without a direction, none. The direction is asked for only
/// where it matters.
///
/// It is not the origin: where ports contradict direction and message, the verdict's basis says so.
#[inline]
pub fn service(
    local: Option<u16>,
    remote: Option<u16>,
    direction: impl FnOnce() -> Direction,
) -> Option<Service> {
    let (local, remote) = (local.filter(|p| *p != 0), remote.filter(|p| *p != 0));
    let serves = |port: Option<u16>| port.is_some_and(is_server_port);
    match (serves(local), serves(remote)) {
        (true, false) => local.map(|port| Service { side: Side::Local, port, sole: true }),
        (false, true) => remote.map(|port| Service { side: Side::Remote, port, sole: true }),
        _ => match direction() {
            Direction::Outgoing => remote.map(|port| Service { side: Side::Remote, port, sole: false }),
            Direction::Incoming => local.map(|port| Service { side: Side::Local, port, sole: false }),
            Direction::None | Direction::Unknown => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Direction::{Incoming, None as NoDirection, Outgoing, Unknown};

    #[test]
    fn listed_ports_are_sorted_and_high() {
        assert!(LISTED.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(LISTED.iter().all(|port| *port > 1023));
    }

    #[test]
    fn every_cell() {
        let on = |side, port, sole| Some(Service { side, port, sole });
        for (local, remote, direction, expected) in [
            (Some(50123), Some(443), Outgoing, on(Side::Remote, 443, true)),
            (Some(50123), Some(443), Incoming, on(Side::Remote, 443, true)),
            (Some(21), Some(40000), Outgoing, on(Side::Local, 21, true)),
            (Some(445), Some(50001), NoDirection, on(Side::Local, 445, true)),
            (Some(53), Some(53), Outgoing, on(Side::Remote, 53, false)),
            (Some(53), Some(53), Incoming, on(Side::Local, 53, false)),
            (Some(53), Some(53), Unknown, None),
            (Some(50000), Some(60001), Outgoing, on(Side::Local, 50000, true)),
            (Some(49999), Some(60001), Outgoing, on(Side::Remote, 60001, false)),
            (Some(49999), Some(60001), Incoming, on(Side::Local, 49999, false)),
            (Some(49999), Some(60001), NoDirection, None),
            (None, Some(80), Incoming, on(Side::Remote, 80, true)),
            (None, Some(50001), Outgoing, on(Side::Remote, 50001, false)),
            (None, Some(50001), Incoming, None),
            (Some(0), Some(0), Outgoing, None),
            (None, None, Outgoing, None),
        ] {
            assert_eq!(service(local, remote, || direction), expected, "{local:?} {remote:?} {direction}");
        }
    }
}
