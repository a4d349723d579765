//! Hosts that behave like relays and are not declared: they are suggested, never assumed.
//!
//! A host is suggested for the process that it sends with, for setting off DNS rules only, or for calling far more names
//! than others do; an own address for being asked by several hosts on a resolver's or a proxy's port.

mod conduct;
mod settled;

pub(crate) use settled::settled;

use crate::ground::{Ground, Where, profile_name};
use conduct::{Asked, Conduct, conducts};
use ringback_model::case::SuggestedRelay;
use ringback_model::profile::RelayKind;
use ringback_model::{Message, Set};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The keys of all reasons of a suggestion, for the catalogue of words.
pub const SUGGEST_KEYS: &[&str] = &["suggest.process", "suggest.dns-only", "suggest.names", "suggest.asked"];

/// How many findings that name nothing but DNS rules, and to how many remote ends, make a host one that asks for others.
const DNS_ONLY: (u64, usize) = (5, 3);

/// How many distinct callback names are many: in any case, and as a multiple of what is usual among the hosts with any.
const NAMES: (usize, usize) = (30, 4);

/// From how many hosts on an own address is one that several ask.
const ASKING: usize = 3;

/// The ports of resolvers, and those of proxies.
const DNS_PORTS: &[u16] = &[53, 853];
const PROXY_PORTS: &[u16] = &[1080, 3128, 8000, 8080, 8118, 8888];

/// A host that is suggested as a relay.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// What the lists of hosts and remote ends call it.
    pub(crate) names: Vec<String>,
    pub(crate) address: Option<IpAddr>,
    /// Its name, where a profile can hold it.
    pub(crate) host: Option<String>,
    pub(crate) relay: SuggestedRelay,
}

impl Candidate {
    /// What people call it.
    pub(crate) fn called(&self) -> String {
        let address = self.address.map(|ip| ip.to_string());
        match (&self.host, address) {
            (Some(host), Some(address)) => format!("{host} ({address})"),
            (Some(host), None) => host.clone(),
            (None, address) => address.unwrap_or_default(),
        }
    }

    /// What keeps its question's id the same between reports.
    pub(crate) fn key(&self) -> String {
        self.address.map_or_else(|| self.host.clone().unwrap_or_default().to_lowercase(), |ip| ip.to_string())
    }
}

/// The hosts that are suggested as relays, in order of their addresses and names.
pub(crate) fn candidates(ground: &Ground<'_>) -> Vec<Candidate> {
    let (hosts, asked) = conducts(ground);
    let usual = usual_names(&hosts);
    let mut found: BTreeMap<Where, Candidate> = BTreeMap::new();
    for (name, conduct) in &hosts {
        let relay = as_host(conduct, usual).filter(|_| !is_declared(ground, name, &conduct.addresses));
        let address = conduct.addresses.first().copied().filter(|_| conduct.addresses.len() == 1);
        let is_name = |name: &&str| name.parse::<IpAddr>().is_err();
        let host = profile_name(&conduct.spelled).filter(is_name).map(str::to_owned);
        let at = address
            .map(Where::Address)
            .or_else(|| host.as_ref().map(|host| Where::Name(host.to_lowercase())));
        if let Some((relay, at)) = relay.zip(at) {
            found.insert(at, Candidate { names: vec![conduct.spelled.clone()], address, host, relay });
        }
    }
    for (at, asked) in &asked {
        let Some(relay) = as_asked(asked) else { continue };
        let (address, host) = match at {
            Where::Address(ip) => (Some(*ip), None),
            Where::Name(name) => (None, Some(name.clone())),
        };
        let addresses: Vec<IpAddr> = address.into_iter().collect();
        if is_declared(ground, host.as_deref().unwrap_or_default(), &addresses) {
            continue;
        }
        if let Some(known) = found.get_mut(at) {
            known.names.push(asked.spelled.clone());
            known.relay.reasons.extend(relay.reasons);
        } else {
            let names = vec![asked.spelled.clone()];
            found.insert(at.clone(), Candidate { names, address, host, relay });
        }
    }
    found.into_values().collect()
}

/// The suggestions by what the lists of hosts and remote ends call them.
pub(crate) fn suggestions(candidates: &[Candidate]) -> BTreeMap<String, SuggestedRelay> {
    let named =
        candidates.iter().flat_map(|one| one.names.iter().map(|name| (name.clone(), one.relay.clone())));
    named.collect()
}

/// The median of the numbers of callback names that hosts with any of them call.
fn usual_names(hosts: &BTreeMap<String, Conduct>) -> usize {
    let mut counts: Vec<usize> =
        hosts.values().map(|conduct| conduct.callback_names.len()).filter(|count| *count > 0).collect();
    counts.sort_unstable();
    counts.get(counts.len() / 2).copied().filter(|_| counts.len() > 2).unwrap_or_default()
}

/// Why a host with an agent looks like a relay.
fn as_host(conduct: &Conduct, usual: usize) -> Option<SuggestedRelay> {
    let mut reasons = Vec::new();
    let mut kind = None;
    if let Some((told, program)) = &conduct.relaying {
        kind = Some(*told);
        reasons.push(Message::new("suggest.process").with("process", program.as_str()));
    }
    if conduct.outside > 0
        && conduct.dns == conduct.outside
        && conduct.dns >= DNS_ONLY.0
        && conduct.dns_remotes.len() >= DNS_ONLY.1
    {
        kind = kind.or(Some(RelayKind::Dns));
        let remotes = conduct.dns_remotes.len() as u64;
        reasons.push(Message::new("suggest.dns-only").with("findings", conduct.dns).with("remotes", remotes));
    }
    let names = conduct.callback_names.len();
    if names >= NAMES.0 && names >= NAMES.1 * usual {
        kind = kind.or(Some(RelayKind::Proxy));
        let told = Message::new("suggest.names").with("names", names as u64);
        reasons.push(told.with("usual", usual as u64));
    }
    kind.map(|kind| SuggestedRelay { kind, reasons })
}

/// Why an own address that others ask looks like a relay.
fn as_asked(asked: &Asked) -> Option<SuggestedRelay> {
    let told = |kind, hosts: &Set<u32>, port: u16| {
        let count = hosts.len() as u64;
        let reason = Message::new("suggest.asked").with("hosts", count).with("port", port.to_string());
        (hosts.len() >= ASKING).then(|| SuggestedRelay { kind, reasons: vec![reason] })
    };
    let of = |kind, ports: &[u16]| {
        let asked = asked.by_port.iter().filter(|(port, _)| ports.contains(port));
        let (port, hosts) = asked.max_by_key(|(port, hosts)| (hosts.len(), std::cmp::Reverse(**port)))?;
        told(kind, hosts, *port)
    };
    of(RelayKind::Dns, DNS_PORTS).or_else(|| of(RelayKind::Proxy, PROXY_PORTS))
}

/// Whether the profile declares a relay by this name or one of these addresses.
fn is_declared(ground: &Ground<'_>, name: &str, addresses: &[IpAddr]) -> bool {
    let label = |name: &str| name.split('.').next().unwrap_or_default().to_lowercase();
    ground.profile.relays.iter().any(|relay| {
        let named = !relay.host.is_empty() && !name.is_empty() && label(&relay.host) == label(name);
        named || relay.address.is_some_and(|ip| addresses.contains(&ip))
    })
}

#[cfg(test)]
mod tests;
