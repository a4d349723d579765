//! Is this host a relay, or a scanner?

use super::question;
use crate::ground::{Ground, Sum, keep_smaller};
use crate::relays::{Candidate, settled};
use ringback_model::case::Question;
use ringback_model::{DetectionRef, Finding, Map, Message, Origin, Scenario, Scope, Set, Side, Sym, Threat};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// How many hosts one attacks, or with how many rules, before it may be a scanner.
const TARGETS: usize = 20;
const RULES: usize = 5;

/// Whether each host that behaves like a relay is one.
pub(crate) fn relays(ground: &Ground<'_>, candidates: &[Candidate]) -> Vec<Question> {
    let sums = settled(ground, candidates);
    let asked = candidates.iter().zip(sums).filter(|(_, sum)| sum.findings > 0);
    asked.map(|(candidate, sum)| relay(candidate, sum)).collect()
}

fn relay(candidate: &Candidate, sum: Sum) -> Question {
    let text = Message::new("question.relay")
        .with("host", candidate.called())
        .with("relay", ringback_model::Arg::Term(candidate.relay.kind.as_str()));
    let mut toml = "[[relay]]\n".to_owned();
    if let Some(address) = candidate.address {
        toml.push_str(&format!("address = \"{address}\"\n"));
    }
    if let Some(host) = &candidate.host {
        toml.push_str(&format!("host = \"{host}\"\n"));
    }
    toml.push_str(&format!("kind = \"{}\"\n", candidate.relay.kind));
    question(format!("relay:{}", candidate.key()), text, candidate.relay.reasons.clone(), sum, toml)
}

/// What an own address does to others.
#[derive(Default)]
struct Attacks {
    name: String,
    targets: Set<u32>,
    rules: Set<Sym>,
    /// What is settled if it may.
    sum: Sum,
}

/// Whether each own host that attacks many others, or with many rules, is a scanner that may.
pub(crate) fn scanners(ground: &Ground<'_>) -> Vec<Question> {
    let mut by_address: Map<IpAddr, Attacks> = Map::default();
    for (number, (finding, row)) in ground.findings().enumerate().filter(|(_, (one, _))| may_be_a_scan(one)) {
        let Some((ip, side)) = origin(finding, row) else { continue };
        let attacks = by_address.entry(ip).or_default();
        attacks.sum.add(finding);
        if side == Side::Local {
            keep_smaller(&mut attacks.name, &row.host());
        }
        if finding.verdict.scenario == Scenario::LateralMovement {
            attacks.targets.insert(ground.ends.number(number, side.peer()));
            attacks.rules.insert(finding.detection.rule);
        }
    }
    let many = |attacks: &Attacks| attacks.targets.len() >= TARGETS || attacks.rules.len() >= RULES;
    let asked: BTreeMap<IpAddr, Attacks> =
        by_address.into_iter().filter(|(_, attacks)| many(attacks)).collect();
    asked.into_iter().map(|(ip, attacks)| scanner(ip, &attacks)).collect()
}

/// Whether a finding is of the kinds that scanners set off, and is not authorised yet.
fn may_be_a_scan(finding: &Finding) -> bool {
    let scans = matches!(
        finding.detection.threat,
        Threat::Exploit | Threat::Scan | Threat::BruteForce | Threat::LogonFailure | Threat::Policy
    );
    scans && finding.verdict.scenario != Scenario::AuthorisedActivity
}

/// The own address that started it, and its side.
fn origin(finding: &Finding, row: DetectionRef<'_>) -> Option<(IpAddr, Side)> {
    match finding.verdict.origin {
        Origin::Local => Some((row.telling_local_ip()?, Side::Local)),
        Origin::Remote if finding.verdict.remote_scope == Scope::Own => {
            Some((row.remote().ip?, Side::Remote))
        }
        Origin::Remote | Origin::Undetermined => None,
    }
}

fn scanner(ip: IpAddr, attacks: &Attacks) -> Question {
    let address = ip.to_string();
    let called = if attacks.name.is_empty() || attacks.name == address {
        address.clone()
    } else {
        format!("{} ({address})", attacks.name)
    };
    let text = Message::new("question.scanner").with("host", called);
    let detail = Message::new("question.scanner.attacks")
        .with("targets", attacks.targets.len() as u64)
        .with("rules", attacks.rules.len() as u64);
    let toml = format!("[[scanner]]\naddress = \"{address}\"\n");
    question(format!("scanner:{address}"), text, vec![detail], attacks.sum, toml)
}
