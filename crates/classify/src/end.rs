//! The two ends of a connection as the profile's entries name hosts: by address, network or name.

use crate::networks::host_of;
use ipnet::IpNet;
use ringback_model::{DetectionRef, Peer, Side};
use std::net::IpAddr;

/// One end of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct End<'a> {
    pub(crate) ip: Option<IpAddr>,
    pub(crate) name: &'a str,
}

impl<'a> End<'a> {
    pub(crate) fn of(row: DetectionRef<'a>, side: Side) -> Self {
        match side {
            Side::Local if row.detection.endpoint.is_empty() => End::of_peer(row, row.local()),
            Side::Local => End { ip: row.local().ip, name: row.text(row.detection.endpoint) },
            Side::Remote => End::of_peer(row, row.remote()),
        }
    }

    fn of_peer(row: DetectionRef<'a>, peer: Peer) -> Self {
        End { ip: peer.ip, name: host_of(row.text(peer.name)) }
    }

    /// Whether this end is in a network.
    pub(crate) fn is_in(self, network: &IpNet) -> bool {
        self.ip.is_some_and(|ip| network.contains(&ip))
    }

    /// Whether a host name of the profile means this end: without case, a short name means the full one too.
    pub(crate) fn is_named(self, name: &str) -> bool {
        if name.is_empty() || self.name.is_empty() {
            return false;
        }
        let (mine, name) = (self.name.to_lowercase(), name.to_lowercase());
        let short = |long: &str, short: &str| {
            !short.contains('.') && long.strip_prefix(short).is_some_and(|rest| rest.starts_with('.'))
        };
        mine == name || short(&mine, &name) || short(&name, &mine)
    }

    /// Whether this end is named below a name, without case; the name itself is not.
    pub(crate) fn is_below(self, name: &str) -> bool {
        let mine = self.name.to_lowercase();
        mine.strip_suffix(&name.to_lowercase()).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::End;

    #[test]
    fn a_short_name_means_the_full_one_and_nothing_else() {
        for (mine, name, meant) in [
            ("WEB01", "web01", true),
            ("web01.corp.example", "WEB01", true),
            ("WEB01", "web01.corp.example", true),
            ("web01.corp.example", "web01.other.example", false),
            ("web011", "web01", false),
            ("web01", "web011.corp.example", false),
            ("", "", false),
            ("WEB01", "", false),
            ("", "WEB01", false),
        ] {
            assert_eq!(End { ip: None, name: mine }.is_named(name), meant, "{mine:?} {name:?}");
        }
    }
}
