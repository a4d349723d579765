//! Hosts that were attacked and made new contacts of their own after that. One follows the other; nothing is said of causes.

use crate::names::{Ends, Name, Spelled};
use ringback_model::case::Listed;
use ringback_model::{Finding, Instant, Map, Scenario, Sequence, Severity, Side, Symbols, Target, Threat};
use std::cmp::Reverse;
use std::net::IpAddr;

/// How many sequences are listed, and how many of the findings that followed.
const MOST: (usize, usize) = (1_000, 5);

/// The sequences in findings, which are in the report's order. Hosts that had made no such contacts before they were attacked
/// come first, then it goes by severity, rows and name.
pub(crate) fn sequences(findings: &[Finding], ends: &Ends, symbols: &Symbols) -> Listed<Sequence> {
    let mut attacked: Map<u32, Told> = Map::default();
    let addresses = Addresses::of(findings, ends, symbols);
    for (at, finding) in numbered(findings).filter(|(_, finding)| is_attack(finding)) {
        if let Some(host) = target(at, finding, ends, (&addresses, symbols)) {
            attacked.entry(host).or_default().attacks.push((finding.tally.first, at));
        }
    }
    if attacked.is_empty() {
        return Listed::default();
    }
    for (at, finding) in numbered(findings).filter(|(_, finding)| is_contact(finding)) {
        if let Some(told) = attacked.get_mut(&ends.number(at as usize, Side::Local)) {
            told.contacts.push((finding.tally.first, at));
            told.name.see(Name::of_side(finding.detection.with(symbols), Side::Local), symbols);
        }
    }
    let mut list: Vec<Sequence> = attacked.into_values().filter_map(|told| told.finish(findings)).collect();
    list.sort_by(|one, other| {
        let order = |it: &Sequence| (it.called_before, it.severity, Reverse(it.rows));
        order(one).cmp(&order(other)).then_with(|| one.host.cmp(&other.host))
    });
    let all = list.len() as u64;
    list.truncate(MOST.0);
    Listed { list, all }
}

fn numbered(findings: &[Finding]) -> impl Iterator<Item = (u32, &Finding)> {
    (0..).zip(findings)
}

/// Whether a finding is an attack on one of the client's hosts.
fn is_attack(finding: &Finding) -> bool {
    let harmful =
        matches!(finding.detection.threat, Threat::Exploit | Threat::Ransomware | Threat::BruteForce);
    let scenario = finding.verdict.scenario;
    harmful
        && matches!(
            scenario,
            Scenario::InboundFromInternet | Scenario::LateralMovement | Scenario::MaliciousResponse
        )
}

/// Whether a finding is traffic that the host with the agent started, as one that was taken over would.
fn is_contact(finding: &Finding) -> bool {
    let verdict = &finding.verdict;
    let local = verdict.suspect == ringback_model::Suspect::Local;
    match verdict.scenario {
        Scenario::OutboundCallback | Scenario::OutboundAttack | Scenario::InternalCallback => local,
        Scenario::LateralMovement => local && is_attack(finding),
        _ => false,
    }
}

/// The number of the name of the host that was attacked.
fn target(at: u32, finding: &Finding, ends: &Ends, by: (&Addresses, &Symbols)) -> Option<u32> {
    match finding.verdict.target {
        Target::Local => Some(ends.number(at as usize, Side::Local)),
        Target::Remote => {
            let (addresses, symbols) = by;
            let known = finding.detection.with(symbols).remote().ip.and_then(|ip| addresses.owner(ip));
            known.or_else(|| Some(ends.number(at as usize, Side::Remote)))
        }
        Target::None => None,
    }
}

/// Whose an address is, by the log.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Nobody,
    /// The number of the host's name.
    One(u32),
    Several,
}

/// The hosts that were logged with the addresses of attacked other ends.
struct Addresses(Map<IpAddr, Owner>);

impl Addresses {
    fn of(findings: &[Finding], ends: &Ends, symbols: &Symbols) -> Self {
        let mut owners: Map<IpAddr, Owner> = Map::default();
        for finding in findings.iter().filter(|one| one.verdict.target == Target::Remote && is_attack(one)) {
            if let Some(address) = finding.detection.with(symbols).remote().ip {
                owners.insert(address, Owner::Nobody);
            }
        }
        if owners.is_empty() {
            return Addresses(owners);
        }
        for (at, finding) in findings.iter().enumerate() {
            let address = finding.detection.with(symbols).telling_local_ip();
            if let Some(owner) = address.and_then(|address| owners.get_mut(&address)) {
                let host = Owner::One(ends.number(at, Side::Local));
                *owner = if *owner == Owner::Nobody || *owner == host { host } else { Owner::Several };
            }
        }
        Addresses(owners)
    }

    /// The number of the name of the one host that was logged with an address.
    fn owner(&self, address: IpAddr) -> Option<u32> {
        match self.0.get(&address) {
            Some(Owner::One(host)) => Some(*host),
            _ => None,
        }
    }
}

/// What is known of an attacked host.
#[derive(Default)]
struct Told {
    name: Spelled,
    /// The first times of the attacks on it, and their numbers.
    attacks: Vec<(Instant, u32)>,
    /// The same of its contacts.
    contacts: Vec<(Instant, u32)>,
}

impl Told {
    fn finish(mut self, findings: &[Finding]) -> Option<Sequence> {
        self.attacks.sort_unstable();
        self.contacts.sort_unstable();
        let attacked = self.attacks.first()?.0;
        let after = self.contacts.partition_point(|(first, _)| *first <= attacked);
        let (before, next) = self.contacts.split_at(after);
        let (began, _) = *next.first()?;
        let attacks = &self.attacks[..self.attacks.partition_point(|(first, _)| *first < began)];
        let (at, attack) = *attacks.last()?;
        let finding = |(_, number): &(Instant, u32)| &findings[*number as usize];
        let rows = |list: &[(Instant, u32)]| list.iter().map(|one| finding(one).tally.rows).sum::<u64>();
        Some(Sequence {
            host: self.name.into_text(),
            severity: next.iter().map(|one| finding(one).verdict.severity).min().unwrap_or(Severity::Info),
            attack,
            attacks: attacks.len() as u64,
            followed: next.len() as u64,
            next: next.iter().take(MOST.1).map(|(_, number)| *number).collect(),
            gap_seconds: began.seconds().abs_diff(at.seconds()),
            called_before: !before.is_empty(),
            rows: rows(attacks) + rows(next),
        })
    }
}
