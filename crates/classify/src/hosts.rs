//! Things that are said of hosts, found by host, so that long lists cost a look-up.

use crate::end::End;
use ipnet::IpNet;
use ringback_model::Map;
use ringback_model::profile::HostMatch;
use std::net::IpAddr;

/// Things that are said of hosts, by address and by name.
#[derive(Clone, Debug)]
pub(crate) struct ByHost<T> {
    by_address: Map<IpAddr, Vec<T>>,
    /// By the first label of the name in lower case, with the name: a short name means the full one too.
    by_label: Map<String, Vec<(String, T)>>,
    by_network: Vec<(IpNet, T)>,
    of_all: Vec<T>,
}

impl<T> Default for ByHost<T> {
    fn default() -> Self {
        ByHost {
            by_address: Map::default(),
            by_label: Map::default(),
            by_network: Vec::new(),
            of_all: Vec::new(),
        }
    }
}

impl<T> ByHost<T> {
    /// Takes in something that is said of some hosts.
    pub(crate) fn add(&mut self, hosts: &HostMatch, said: T) {
        match hosts {
            HostMatch::Any => self.of_all.push(said),
            HostMatch::Network(network) if network.prefix_len() == network.max_prefix_len() => {
                self.by_address.entry(network.addr()).or_default().push(said);
            }
            HostMatch::Network(network) => self.by_network.push((*network, said)),
            HostMatch::Name(name) => {
                self.by_label.entry(label(name)).or_default().push((name.clone(), said));
            }
        }
    }

    /// What is said of the host at an end: by its address, its networks, its name, and of all hosts.
    pub(crate) fn of<'s>(&'s self, end: End<'s>) -> impl Iterator<Item = &'s T> {
        let address = end.ip.and_then(|ip| self.by_address.get(&ip)).into_iter().flatten();
        let networks = self.by_network.iter().filter(move |(network, _)| end.is_in(network));
        let named = if end.name.is_empty() || self.by_label.is_empty() {
            None
        } else {
            self.by_label.get(&label(end.name))
        };
        let named = named.into_iter().flatten().filter(move |(name, _)| end.is_named(name));
        let pairs = networks.map(|(_, said)| said).chain(named.map(|(_, said)| said));
        address.chain(pairs).chain(&self.of_all)
    }
}

/// The first label of a name, in lower case.
fn label(name: &str) -> String {
    name.split('.').next().unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_says_what_a_walk_over_the_list_would() {
        let hosts = ["WEB01", "web01.corp.example", "10.0.0.1/32", "10.0.0.0/24", "::/0", "*", "web"];
        let hosts = hosts.map(|text| match text.parse() {
            Ok(network) => HostMatch::Network(network),
            Err(_) if text == "*" => HostMatch::Any,
            Err(_) => HostMatch::Name(text.to_owned()),
        });
        let mut index = ByHost::default();
        for (number, hosts) in hosts.iter().enumerate() {
            index.add(hosts, number);
        }
        let names = ["", "web01", "WEB01.corp.example", "web01.other.example", "web", "web.", "."];
        for ip in [None, Some("10.0.0.1"), Some("10.0.0.2"), Some("2001:db8::1"), Some("192.0.2.1")] {
            for name in names {
                let end = End { ip: ip.map(|ip| ip.parse().unwrap()), name };
                let meant = |hosts: &HostMatch| match hosts {
                    HostMatch::Any => true,
                    HostMatch::Name(name) => end.is_named(name),
                    HostMatch::Network(network) => end.is_in(network),
                };
                let walked: Vec<usize> = (0..hosts.len()).filter(|at| meant(&hosts[*at])).collect();
                let mut found: Vec<usize> = index.of(end).copied().collect();
                found.sort_unstable();
                assert_eq!(found, walked, "{ip:?} {name:?}");
            }
        }
    }
}
