//! Whose network is this?

use super::{of_verdicts, strings};
use crate::ground::{Ground, Sum};
use ringback_model::case::Question;
use ringback_model::profile::Networks;
use ringback_model::{Message, Severity};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What is open in one network.
struct Open {
    addresses: BTreeSet<IpAddr>,
    /// The range's or registry's name.
    range: &'static str,
    worst: Severity,
    sum: Sum,
}

/// Whose the networks are that the remote addresses of undetermined findings lie in.
pub(crate) fn networks(ground: &Ground<'_>) -> Option<Question> {
    let lists = ground.lists_with(&["settle.networks"]);
    let mut open: BTreeMap<(IpAddr, u8), Open> = BTreeMap::new();
    let mut all = Sum::default();
    for (finding, row) in ground.findings() {
        let asked = lists.get(finding.reasons as usize).copied().unwrap_or_default();
        let Some(ip) = row.remote().ip.filter(|_| asked) else { continue };
        let range = finding.verdict.remote_scope_detail;
        let new = || Open { addresses: BTreeSet::new(), range, worst: Severity::Info, sum: Sum::default() };
        let one = open.entry(around(ip)).or_insert_with(new);
        one.addresses.insert(ip);
        one.worst = one.worst.worse(finding.verdict.severity);
        one.sum.add(finding);
        all.add(finding);
    }
    if open.is_empty() {
        return None;
    }
    let mut ranked: Vec<(String, &Open)> =
        open.iter().map(|(network, one)| (written(*network, one), one)).collect();
    ranked.sort_by(|a, b| (b.1.sum, &a.0).cmp(&(a.1.sum, &b.0)));
    let mut details: Vec<Message> = ranked.iter().map(|(network, one)| detail(network, one)).collect();
    if ground.profile.networks != Networks::default() {
        details.insert(0, Message::new("question.replace").with("section", "[networks]"));
    }
    let text = Message::new("question.networks").with("networks", ranked.len() as u64);
    let names: Vec<&str> = ranked.iter().map(|(network, _)| network.as_str()).collect();
    Some(of_verdicts("networks".to_owned(), text, details, all, toml(&ground.profile.networks, &names)))
}

fn detail(network: &str, open: &Open) -> Message {
    Message::new("question.network")
        .with("network", network)
        .with("range", open.range)
        .with("rows", open.sum.rows)
        .with("severity", ringback_model::Arg::Term(open.worst.as_str()))
}

/// The network around an address: 256 addresses, or the 64 bits of a link.
fn around(ip: IpAddr) -> (IpAddr, u8) {
    match ip {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            (Ipv4Addr::new(a, b, c, 0).into(), 24)
        }
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            (Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into(), 64)
        }
    }
}

/// A network as profiles write it; a single address stands for itself.
fn written((start, bits): (IpAddr, u8), open: &Open) -> String {
    match open.addresses.first() {
        Some(ip) if open.addresses.len() == 1 => ip.to_string(),
        _ => format!("{start}/{bits}"),
    }
}

/// The whole section, with what the profile says already.
fn toml(known: &Networks, networks: &[&str]) -> String {
    let listed: Vec<String> = known.own.iter().map(ToString::to_string).collect();
    let own = strings(listed.iter().map(String::as_str).chain(networks.iter().copied()));
    let mut toml = format!("[networks]\nown = {own}\n");
    if !known.names.is_empty() {
        toml.push_str(&format!("names = {}\n", strings(known.names.iter().map(String::as_str))));
    }
    if known.only {
        toml.push_str("only = true\n");
    }
    toml
}
