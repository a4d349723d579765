//! Whose an address is.

use crate::special::{block_of, is_private, is_private_network};
use ipnet::IpNet;
use ringback_model::{Peer, Profile, Scope, Symbols};
use std::net::IpAddr;

/// The client's networks and names, compiled.
#[derive(Clone, Debug)]
pub(crate) struct Networks {
    own: Vec<IpNet>,
    names: Vec<String>,
    private_is_own: bool,
}

impl Networks {
    /// The networks and names of a profile. Private ranges are own, unless the profile lists any itself or says that
    /// nothing but its list is.
    pub(crate) fn compile(profile: &Profile) -> Self {
        let networks = &profile.networks;
        Networks {
            own: networks.own.clone(),
            names: networks.names.iter().map(|name| name.trim_matches('.').to_lowercase()).collect(),
            private_is_own: !networks.only && !networks.own.iter().any(is_private_network),
        }
    }

    /// Whether private ranges count as own without the profile saying so.
    pub(crate) fn private_assumed(&self) -> bool {
        self.private_is_own
    }

    fn listed(&self, ip: IpAddr) -> bool {
        self.own.iter().any(|network| network.contains(&ip))
    }

    /// Whether an address is that of no network of the client's: special ranges do not tell.
    pub(crate) fn is_outside(&self, ip: IpAddr) -> bool {
        matches!(self.address_scope(ip, None).0, Scope::Public | Scope::PrivateUnlisted)
    }

    /// Whose the remote end of a connection is, and the name of the range or registry behind that.
    pub(crate) fn scope(
        &self,
        remote: Peer,
        local: Option<IpAddr>,
        symbols: &Symbols,
    ) -> (Scope, &'static str) {
        match remote.ip {
            Some(ip) => self.address_scope(ip, local),
            None if remote.is_empty() => (Scope::Unknown, ""),
            None => self.name_scope(symbols.text(remote.name)),
        }
    }

    fn address_scope(&self, ip: IpAddr, local: Option<IpAddr>) -> (Scope, &'static str) {
        if local == Some(ip) {
            return (Scope::Special, "Loopback");
        }
        let block = block_of(ip);
        let private = block.is_some_and(|block| block.private);
        if self.listed(ip) {
            let hairpin = !private && local.is_some_and(is_private);
            return (Scope::Own, if hairpin { "hairpin" } else { "profile" });
        }
        match block {
            Some(block) if block.private && self.private_is_own => (Scope::Own, block.name),
            Some(block) if block.private => (Scope::PrivateUnlisted, block.name),
            Some(block) => (Scope::Special, block.name),
            None => (Scope::Public, ""),
        }
    }

    fn name_scope(&self, name: &str) -> (Scope, &'static str) {
        let host = host_of(name).to_lowercase();
        let host = host.trim_end_matches('.');
        let below = |own: &String| {
            host.strip_suffix(own.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        if host.is_empty() {
            (Scope::Unknown, "")
        } else if host == "localhost" || host.ends_with(".localhost") {
            (Scope::Special, "Loopback")
        } else if is_single_label(host) {
            (Scope::Own, "single label")
        } else if self.names.iter().any(below) {
            (Scope::Own, "profile")
        } else {
            (Scope::Name, "")
        }
    }
}

/// Whether a host is one label, as names inside a network are. A number is none: `http://3232235777/` is an address in
/// disguise, and says nothing of whose it is.
fn is_single_label(host: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '$');
    let hexadecimal = host.strip_prefix("0x").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_hexdigit()));
    host.chars().all(fits) && !host.bytes().all(|byte| byte.is_ascii_digit()) && !hexadecimal
}

/// The host of a host name or URL. A backslash ends it as a slash does, as in browsers, so that what stands behind one can
/// not pass for the host.
pub(crate) fn host_of(text: &str) -> &str {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default().trim();
    host.rsplit_once(':').filter(|(head, _)| !head.contains(':')).map_or(host, |(head, _)| head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(own: &[&str], only: bool, remote: &str, local: &str) -> (Scope, &'static str) {
        let mut profile = Profile::default();
        profile.networks.own = own.iter().map(|network| network.parse().unwrap()).collect();
        profile.networks.names = vec!["corp.example".to_owned()];
        profile.networks.only = only;
        let mut symbols = Symbols::new();
        let peer = match remote.parse() {
            Ok(ip) => Peer { ip: Some(ip), ..Peer::default() },
            Err(_) => Peer { ip: None, name: symbols.intern(remote) },
        };
        Networks::compile(&profile).scope(peer, local.parse().ok(), &symbols)
    }

    #[test]
    fn every_scope() {
        let public = "198.51.100.0/24";
        for (own, only, remote, expected) in [
            (&[][..], false, "10.9.9.9", (Scope::Own, "Private-Use")),
            (&[public], false, "10.9.9.9", (Scope::Own, "Private-Use")),
            (&["10.0.0.0/16"], false, "10.0.9.9", (Scope::Own, "profile")),
            (&["10.0.0.0/16"], false, "10.1.9.9", (Scope::PrivateUnlisted, "Private-Use")),
            (&["10.0.0.0/16"], false, "192.168.1.1", (Scope::PrivateUnlisted, "Private-Use")),
            (&[public], true, "192.168.1.1", (Scope::PrivateUnlisted, "Private-Use")),
            (&[public], false, "198.51.100.7", (Scope::Own, "hairpin")),
            (&["100.64.0.0/10"], false, "100.64.1.1", (Scope::Own, "hairpin")),
            (&[], false, "100.64.1.1", (Scope::Special, "Shared Address Space")),
            (&[], false, "198.51.100.7", (Scope::Special, "Documentation (TEST-NET-2)")),
            (&[], false, "10.0.0.1", (Scope::Special, "Loopback")),
            (&[], false, "127.0.0.1", (Scope::Special, "Loopback")),
            (&[], false, "11.22.33.44", (Scope::Public, "")),
            (&[], false, "fd00::1", (Scope::Own, "Unique-Local")),
            (&[], false, "", (Scope::Unknown, "")),
            (&[], false, "PC7", (Scope::Own, "single label")),
            (&[], false, "web.CORP.example", (Scope::Own, "profile")),
            (&[], false, "https://u@corp.example:8443/x", (Scope::Own, "profile")),
            (&[], false, "notcorp.example", (Scope::Name, "")),
            (&[], false, "http://evil.example/gate", (Scope::Name, "")),
            (&[], false, "localhost", (Scope::Special, "Loopback")),
            (&[], false, "http://x.LOCALHOST:8080/", (Scope::Special, "Loopback")),
            (&[], false, "PC7.", (Scope::Own, "single label")),
            (&[], false, "http://pc-7_a:8080/x?y#z", (Scope::Own, "single label")),
            (&[], false, "http://3232235777/", (Scope::Name, "")),
            (&[], false, "http://0xC0A80101/", (Scope::Name, "")),
            (&[], false, "http://[fe80::1]:80/", (Scope::Name, "")),
            (&[], false, "http:///x", (Scope::Unknown, "")),
            (&[], false, "http://evil.example\\@corp.example/", (Scope::Name, "")),
            (&[], false, "http://corp.example@evil.example/", (Scope::Name, "")),
            (&[], false, "http://evil.example/corp.example", (Scope::Name, "")),
            (&[], false, "http://evil.example?.corp.example", (Scope::Name, "")),
            (&[], false, "corp.example.evil.example", (Scope::Name, "")),
            (&[], false, "0.0.0.0", (Scope::Special, "This network")),
            (&[], false, "255.255.255.255", (Scope::Special, "Limited Broadcast")),
            (&[], false, "169.254.7.7", (Scope::Special, "Link Local")),
            (&[], false, "fe80::7", (Scope::Special, "Link-Local Unicast")),
            (&[], false, "3fff::1", (Scope::Special, "Documentation")),
            (&["fd00::/8"], false, "fc00::1", (Scope::PrivateUnlisted, "Unique-Local")),
            (&["fd00::/8"], false, "10.1.1.1", (Scope::PrivateUnlisted, "Private-Use")),
            (&["203.0.113.0/24"], true, "203.0.113.9", (Scope::Own, "hairpin")),
            (&[], false, "2600:1f18::1", (Scope::Public, "")),
        ] {
            assert_eq!(scope(own, only, remote, "10.0.0.1"), expected, "{own:?} {only} {remote}");
        }
    }
}
