//! How hosts behave: what they send with, what they set off, who asks them.

use crate::ground::{Ground, Where, keep_smaller, peer_name};
use ringback_model::profile::RelayKind;
use ringback_model::{DetectionRef, Finding, Map, Origin, Scenario, Scope, Set, Side, Threat};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Programs that ask for others. Base names in lower case, without `.exe`.
const RELAYING: &[(&str, RelayKind)] = &[
    ("3proxy", RelayKind::Proxy),
    ("bluecoat", RelayKind::Proxy),
    ("ccproxy", RelayKind::Proxy),
    ("coredns", RelayKind::Dns),
    ("dns", RelayKind::Dns),
    ("dnsmasq", RelayKind::Dns),
    ("kresd", RelayKind::Dns),
    ("named", RelayKind::Dns),
    ("pdns_recursor", RelayKind::Dns),
    ("polipo", RelayKind::Proxy),
    ("privoxy", RelayKind::Proxy),
    ("squid", RelayKind::Proxy),
    ("tinyproxy", RelayKind::Proxy),
    ("unbound", RelayKind::Dns),
    ("wingate", RelayKind::Proxy),
    ("wspsrv", RelayKind::Proxy),
];

/// How a host with an agent behaves.
#[derive(Debug, Default)]
pub(super) struct Conduct {
    /// The smallest spelling of its name.
    pub(super) spelled: String,
    /// In order, each once.
    pub(super) addresses: Vec<IpAddr>,
    /// The program that asks for others, and what it makes of the host; the smallest of them.
    pub(super) relaying: Option<(RelayKind, String)>,
    /// Findings with outside ends that the host asked.
    pub(super) outside: u64,
    /// Those of them that name a DNS rule.
    pub(super) dns: u64,
    pub(super) dns_remotes: Set<u32>,
    /// The names that it called, without what stands before and after them.
    pub(super) callback_names: Set<String>,
}

/// Who asks an own address, by port.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// What the list of remote ends calls it.
    pub(super) spelled: String,
    pub(super) by_port: BTreeMap<u16, Set<u32>>,
}

/// How the hosts with an agent behave, by name in lower case, and who asks own ends for what relays stand for.
pub(super) fn conducts(ground: &Ground<'_>) -> (BTreeMap<String, Conduct>, BTreeMap<Where, Asked>) {
    let ends = ground.ends;
    let mut hosts: Map<u32, Conduct> = Map::default();
    let mut asked: BTreeMap<Where, Asked> = BTreeMap::new();
    for (number, (finding, row)) in ground.findings().enumerate() {
        let (host, remote) = (ends.number(number, Side::Local), ends.number(number, Side::Remote));
        hosts.entry(host).or_default().see(finding, row, remote);
        if let Some((at, port)) = asked_end(finding, row) {
            let asked = asked.entry(at).or_default();
            keep_smaller(&mut asked.spelled, &row.remote_text());
            asked.by_port.entry(port).or_default().insert(host);
        }
    }
    let hosts = hosts.into_values().map(|conduct| (conduct.spelled.to_lowercase(), conduct)).collect();
    (hosts, asked)
}

/// The own end that a host asks for what relays stand for, and the port.
fn asked_end(finding: &Finding, row: DetectionRef<'_>) -> Option<(Where, u16)> {
    let verdict = &finding.verdict;
    let through = verdict.origin == Origin::Local
        && verdict.remote_scope == Scope::Own
        && verdict.relay.is_none()
        && verdict.scenario != Scenario::AuthorisedActivity
        && super::settled::is_hit(row);
    Some((Where::of(row, Side::Remote).filter(|_| through)?, row.port(Side::Remote)?))
}

impl Conduct {
    fn see(&mut self, finding: &Finding, row: DetectionRef<'_>, remote: u32) {
        keep_smaller(&mut self.spelled, &row.host());
        if let Some(ip) = row.telling_local_ip()
            && let Err(at) = self.addresses.binary_search(&ip)
        {
            self.addresses.insert(at, ip);
        }
        let outside = matches!(finding.verdict.remote_scope, Scope::Public | Scope::Name);
        if finding.verdict.origin != Origin::Local || !outside {
            return;
        }
        self.outside += 1;
        if finding.detection.threat == Threat::Dns {
            self.dns += 1;
            self.dns_remotes.insert(remote);
        }
        let name = peer_name(row, row.remote());
        if !name.is_empty() && name.parse::<IpAddr>().is_err() {
            self.callback_names.insert(name.to_lowercase());
        }
        if let Some(told) = relaying(row.text(row.detection.process))
            && self.relaying.as_ref().is_none_or(|known| told < *known)
        {
            self.relaying = Some(told);
        }
    }
}

/// What a program makes of the host that it runs on, with its name.
fn relaying(process: &str) -> Option<(RelayKind, String)> {
    let lower = process.to_lowercase();
    let ends = |after: &str| after.chars().next().is_none_or(|c| c.is_whitespace() || c == '"');
    let mut executables = lower.match_indices(".exe").filter(|(at, exe)| ends(&lower[at + exe.len()..]));
    let program = executables.next().map_or(lower.as_str(), |(at, _)| &lower[..at]);
    let base = program.rsplit(['\\', '/']).next().unwrap_or_default();
    let base = base.trim_start_matches(['"', '\'']).split([' ', ':', '"']).next().unwrap_or_default();
    let at = RELAYING.binary_search_by_key(&base, |(name, _)| name).ok()?;
    Some((RELAYING[at].1, RELAYING[at].0.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_that_ask_for_others() {
        assert!(RELAYING.is_sorted_by_key(|(name, _)| *name));
        for (process, expected) in [
            ("C:\\Windows\\System32\\dns.exe", Some("dns")),
            ("\"C:\\Program Files\\Squid\\squid.exe\" -k run", Some("squid")),
            ("/usr/sbin/named", Some("named")),
            ("/usr/sbin/squid -N", Some("squid")),
            ("C:\\tools\\squidward.exe", None),
            ("svchost.exe -k dns", None),
            ("", None),
            ("\\", None),
        ] {
            assert_eq!(relaying(process).map(|(_, name)| name).as_deref(), expected, "{process}");
        }
    }
}
