//! Hosts against remote ends: who met whom, at a glance.

use crate::names::{Ends, Name, Spelled};
use ringback_model::case::{Host, Remote};
use ringback_model::overview::{Overview, Pair, PairPart};
use ringback_model::{Finding, ListSource, Scenario, Scope, Severity, Side, Symbols};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// How many hosts and how many remote ends stand against each other.
const MOST: (usize, usize) = (20, 16);

/// What a pair's rows are told apart by.
type Kind = (Severity, Scenario, ListSource);

/// The first of the hosts, which are in the report's order, against the remote ends that weigh most among theirs.
pub fn overview(
    findings: &[Finding],
    ends: &Ends,
    symbols: &Symbols,
    hosts: &[Host],
    remotes: &[Remote],
) -> Overview {
    let names: Vec<String> = hosts.iter().take(MOST.0).map(|host| host.host.clone()).collect();
    let rows = host_places(findings, ends, symbols, &names);
    let (others, columns) = remote_places(findings, ends, symbols, &rows);
    let mut pairs: BTreeMap<(Place, Place), BTreeMap<Kind, PairPart>> = BTreeMap::new();
    for (at, finding) in findings.iter().enumerate() {
        let place = |side, places: &[Place]| places[ends.number(at, side) as usize];
        let pair = pairs.entry((place(Side::Local, &rows), place(Side::Remote, &columns))).or_default();
        add(pair, finding);
    }
    Overview {
        more_hosts: (hosts.len() - names.len()) as u64,
        more_remotes: (remotes.len() - others.len()) as u64,
        hosts: names,
        remotes: others,
        pairs: pairs.into_iter().map(|((host, remote), parts)| finish(host, remote, parts)).collect(),
    }
}

/// Where a name stands in its list; those besides come last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place(u32);

impl Place {
    const BESIDES: Place = Place(u32::MAX);

    fn number(self) -> Option<u32> {
        Some(self.0).filter(|_| self != Place::BESIDES)
    }
}

/// Where hosts stand among some, by the number of the name.
fn host_places(findings: &[Finding], ends: &Ends, symbols: &Symbols, hosts: &[String]) -> Vec<Place> {
    let known: BTreeMap<String, u32> = (0..).zip(hosts).map(|(at, host)| (host.to_lowercase(), at)).collect();
    let mut places: Vec<Option<Place>> = vec![None; ends.names()];
    for (at, finding) in findings.iter().enumerate() {
        places[ends.number(at, Side::Local) as usize].get_or_insert_with(|| {
            let name = Name::of_host(finding.detection.with(symbols)).text(symbols).to_lowercase();
            known.get(&name).map_or(Place::BESIDES, |at| Place(*at))
        });
    }
    places.into_iter().map(|place| place.unwrap_or(Place::BESIDES)).collect()
}

/// What a remote end has with the hosts that are shown.
struct Weight {
    severity: Severity,
    rows: u64,
    /// Its name in lower case.
    name: String,
    number: u32,
}

/// The remote ends that weigh most among those of the hosts that are shown, and where each stands, by the number of the name.
fn remote_places(
    findings: &[Finding],
    ends: &Ends,
    symbols: &Symbols,
    hosts: &[Place],
) -> (Vec<(String, Scope)>, Vec<Place>) {
    let mut weights: BTreeMap<u32, Weight> = BTreeMap::new();
    for (at, finding) in findings.iter().enumerate() {
        if hosts[ends.number(at, Side::Local) as usize] == Place::BESIDES {
            continue;
        }
        let number = ends.number(at, Side::Remote);
        let one = weights.entry(number).or_insert_with(|| {
            let name = Name::of_remote(finding.detection.with(symbols)).text(symbols).to_lowercase();
            Weight { severity: Severity::Info, rows: 0, name, number }
        });
        one.severity = one.severity.worse(finding.verdict.severity);
        one.rows += finding.tally.rows;
    }
    let mut ranked: Vec<Weight> = weights.into_values().collect();
    ranked
        .sort_by(|a, b| (a.severity, Reverse(a.rows), &a.name).cmp(&(b.severity, Reverse(b.rows), &b.name)));
    ranked.truncate(MOST.1);
    let mut places = vec![Place::BESIDES; ends.names()];
    for (at, one) in (0..).zip(&ranked) {
        places[one.number as usize] = Place(at);
    }
    (named(findings, ends, symbols, &places, ranked.len()), places)
}

/// The remote ends that have a place, as the list of all of them names them.
fn named(
    findings: &[Finding],
    ends: &Ends,
    symbols: &Symbols,
    places: &[Place],
    count: usize,
) -> Vec<(String, Scope)> {
    let mut named = vec![(Spelled::default(), Scope::Unknown); count];
    for (at, finding) in findings.iter().enumerate() {
        let place = places[ends.number(at, Side::Remote) as usize].number();
        let Some((name, scope)) = place.and_then(|place| named.get_mut(place as usize)) else { continue };
        name.see(Name::of_remote(finding.detection.with(symbols)), symbols);
        *scope = finding.verdict.remote_scope.min(*scope);
    }
    named.into_iter().map(|(name, scope)| (name.into_text(), scope)).collect()
}

fn add(pair: &mut BTreeMap<Kind, PairPart>, finding: &Finding) {
    let (verdict, tally, list) = (&finding.verdict, &finding.tally, finding.detection.list);
    let part = pair.entry((verdict.severity, verdict.scenario, list)).or_insert(PairPart {
        severity: verdict.severity,
        scenario: verdict.scenario,
        list,
        rows: 0,
        first: tally.first,
        last: tally.last,
    });
    part.rows += tally.rows;
    part.first = part.first.min(tally.first);
    part.last = part.last.max(tally.last);
}

fn finish(host: Place, remote: Place, parts: BTreeMap<Kind, PairPart>) -> Pair {
    let parts: Vec<PairPart> = parts.into_values().collect();
    Pair {
        host: host.number(),
        remote: remote.number(),
        severity: parts.iter().fold(Severity::Info, |worst, part| worst.worse(part.severity)),
        rows: parts.iter().map(|part| part.rows).sum(),
        parts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hosts::{hosts, remotes};
    use crate::made::{Made, made};

    fn pairs(overview: &Overview) -> Vec<(Option<u32>, Option<u32>, u64)> {
        overview.pairs.iter().map(|pair| (pair.host, pair.remote, pair.rows)).collect()
    }

    fn of(findings: &[Finding], symbols: &Symbols) -> Overview {
        let ends = Ends::of(findings, symbols);
        let (hosts, remotes) = (hosts(findings, &ends, symbols), remotes(findings, &ends, symbols));
        overview(findings, &ends, symbols, &hosts, &remotes)
    }

    #[test]
    fn spellings_of_a_host_are_one_and_kinds_are_told_apart() {
        let mut symbols = Symbols::new();
        let inbound = Scenario::InboundFromInternet;
        let said = [
            Made { host: "PC1", remote: "bad.example", rows: 3, first: 10, last: 20, ..Made::default() },
            Made { host: "pc1", remote: "BAD.example", rows: 4, first: 5, last: 15, ..Made::default() },
            Made { host: "PC1", remote: "bad.example", rows: 1, scenario: inbound, ..Made::default() },
            Made { host: "PC2", remote: "30.1.1.1", rows: 2, ..Made::default() },
        ];
        let findings: Vec<Finding> = said.iter().map(|one| made(&mut symbols, one)).collect();
        let overview = of(&findings, &symbols);
        assert_eq!(overview.hosts, ["PC1", "PC2"]);
        let names: Vec<&str> = overview.remotes.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["BAD.example", "30.1.1.1"]);
        assert_eq!(pairs(&overview), [(Some(0), Some(0), 8), (Some(1), Some(1), 2)]);
        let parts: Vec<(Scenario, u64, i64, i64)> = overview.pairs[0]
            .parts
            .iter()
            .map(|part| (part.scenario, part.rows, part.first.seconds(), part.last.seconds()))
            .collect();
        assert_eq!(parts.len(), 2);
        assert!(parts.contains(&(Scenario::OutboundCallback, 7, 5, 20)), "{parts:?}");
        assert_eq!((overview.more_hosts, overview.more_remotes), (0, 0));
    }

    #[test]
    fn what_has_no_place_is_counted_together() {
        let mut symbols = Symbols::new();
        let names: Vec<(String, String)> =
            (0..30_u32).map(|n| (format!("PC{n:02}"), format!("30.1.1.{n}"))).collect();
        let findings: Vec<Finding> = (1..)
            .zip(&names)
            .map(|(rows, (host, remote))| made(&mut symbols, &Made { host, remote, rows, ..Made::default() }))
            .collect();
        let overview = of(&findings, &symbols);
        assert_eq!((overview.hosts.len(), overview.remotes.len()), MOST);
        assert_eq!((overview.more_hosts, overview.more_remotes), (10, 14));
        assert_eq!(overview.hosts[0], "PC29");
        assert_eq!(overview.remotes[0].0, "30.1.1.29");
        let rows: u64 = overview.pairs.iter().map(|pair| pair.rows).sum();
        assert_eq!(rows, (1..=30).sum::<u64>());
        let last = pairs(&overview).pop();
        assert_eq!(last, Some((None, None, (1..=10).sum::<u64>())), "the rest is one pair");
    }
}
