//! Which findings would be judged otherwise, were a host declared as a relay for inside hosts.

use super::Candidate;
use crate::ground::{Ground, Sum, local_name, peer_name};
use ringback_model::{
    DetectionRef, Finding, ListSource, Map, Origin, Scenario, Scope, Side, Suspect, Threat,
};
use std::net::IpAddr;

/// What declaring each candidate would settle.
pub(crate) fn settled(ground: &Ground<'_>, candidates: &[Candidate]) -> Vec<Sum> {
    let mut sums = vec![Sum::default(); candidates.len()];
    if candidates.is_empty() {
        return sums;
    }
    let numbered = || candidates.iter().enumerate();
    let by_address: Map<IpAddr, usize> = numbered().filter_map(|(n, one)| Some((one.address?, n))).collect();
    let by_name: Map<String, usize> =
        numbered().filter_map(|(n, one)| Some((one.host.as_ref()?.to_lowercase(), n))).collect();
    // Few names stand at very many ends.
    let mut named: Map<u32, Option<usize>> = Map::default();
    let mut find = |ip: Option<IpAddr>, end: u32, name: &str| {
        let look_up = || by_name.get(&name.to_lowercase()).copied().filter(|_| !name.is_empty());
        ip.and_then(|ip| by_address.get(&ip).copied()).or_else(|| *named.entry(end).or_insert_with(look_up))
    };
    for (number, (finding, row)) in ground.findings().enumerate() {
        let end = |side| ground.ends.number(number, side);
        let local = find(row.local().ip, end(Side::Local), local_name(row));
        let remote = find(row.remote().ip, end(Side::Remote), peer_name(row, row.remote()));
        for (number, is_local) in [(local, true), (remote, false)] {
            if let Some(number) = number
                && is_settled(finding, row, is_local)
            {
                sums[number].add(finding);
                break;
            }
        }
    }
    sums
}

/// Whether a finding is settled by declaring the host at one of its sides.
fn is_settled(finding: &Finding, row: DetectionRef<'_>, is_local: bool) -> bool {
    let verdict = &finding.verdict;
    if verdict.scenario == Scenario::AuthorisedActivity || verdict.relay.is_some() {
        return false;
    }
    let stands_for = if is_local { Suspect::Local } else { Suspect::Remote };
    let through = match verdict.origin {
        Origin::Local => !is_local,
        Origin::Remote => is_local && verdict.remote_scope == Scope::Own,
        Origin::Undetermined => false,
    };
    verdict.suspect == stands_for || (through && is_hit(row))
}

/// Whether a detection is of a kind that goes through relays.
pub(super) fn is_hit(row: DetectionRef<'_>) -> bool {
    let listed = matches!(
        row.detection.list,
        ListSource::Global
            | ListSource::VirtualAnalyzer
            | ListSource::UserDefined
            | ListSource::WebReputation
    );
    listed || matches!(row.detection.threat, Threat::Dns | Threat::Callback)
}
