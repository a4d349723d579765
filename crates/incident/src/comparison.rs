//! What changed since an earlier report: which incidents and findings are new, which both hold, and which are gone.
//!
//! Ids are made from content as logged, so the same id is the same story in both reports.

use crate::subject::Subject;
use ringback_model::comparison::{Baseline, Changes, Comparison, Earlier, Gone, GoneId};
use ringback_model::{Finding, FindingId, Incident, IncidentId, Map, Message, Set, Severity, Symbols};
use std::hash::Hash;

/// The keys of what is said of a comparison, for the catalogue of words.
pub const COMPARISON_KEYS: &[&str] = &[
    "statement.compared",
    "statement.compared-urgent",
    "statement.compared-accepted",
    "statement.compared-redacted",
    "statement.compared-left-out",
];

/// Holds the findings and incidents of a case against an earlier report. `accepted` are the findings that the profile
/// accepts; what they were in the earlier report is gone from this one, but not from the exports.
pub fn compare<'f>(
    baseline: &Baseline,
    findings: &[Finding],
    incidents: &[Incident],
    accepted: impl Iterator<Item = &'f Finding>,
    symbols: &Symbols,
) -> Comparison {
    let (mut accepted_findings, mut accepted_incidents) = (Set::default(), Set::default());
    for finding in accepted {
        accepted_findings.insert(finding.id);
        accepted_incidents.insert(Subject::of(finding.detection.with(symbols), &finding.verdict).id());
    }
    let now = incidents.iter().map(|one| (one.id, one.rows));
    let (incidents, mut gone) = changes(&baseline.incidents, now, &accepted_incidents);
    let now = findings.iter().map(|one| (one.id, one.tally.rows));
    let (findings, gone_findings) = changes(&baseline.findings, now, &accepted_findings);
    gone.extend(gone_findings);
    let mut hosts = Symbols::new();
    for one in &mut gone {
        one.host = hosts.intern(baseline.hosts.text(one.host));
    }
    Comparison { about: baseline.about.clone(), incidents, findings, gone, hosts }
}

/// What becomes of an id that is gone.
trait Kept: Copy + Eq + Hash + Ord {
    fn gone(self) -> GoneId;
}

impl Kept for IncidentId {
    fn gone(self) -> GoneId {
        GoneId::Incident(self)
    }
}

impl Kept for FindingId {
    fn gone(self) -> GoneId {
        GoneId::Finding(self)
    }
}

/// How those of one kind stand, and those that are gone in the report's order, with the baseline's names of hosts.
fn changes<Id: Kept>(
    earlier: &[Earlier<Id>],
    now: impl Iterator<Item = (Id, u64)>,
    accepted: &Set<Id>,
) -> (Changes<Id>, Vec<Gone>) {
    let known: Map<Id, u64> = earlier.iter().map(|one| (one.id, one.rows)).collect();
    let mut changes = Changes::default();
    for (id, rows) in now {
        changes.rows += rows;
        match known.get(&id) {
            Some(before) => {
                changes.continuing += 1;
                changes.before.insert(id, *before);
            }
            None => changes.new += 1,
        }
    }
    let left = earlier.iter().filter(|one| !changes.before.contains_key(&one.id));
    let mut gone: Vec<&Earlier<Id>> = left.collect();
    gone.sort_by_key(|one| (one.severity, std::cmp::Reverse(one.rows), one.id));
    let gone: Vec<Gone> = gone.into_iter().map(|one| gone_one(one, accepted)).collect();
    changes.gone = gone.len() as u64;
    changes.accepted = gone.iter().filter(|one| one.accepted).count() as u64;
    changes.rows_before = earlier.iter().map(|one| one.rows).fold(0, u64::saturating_add);
    (changes, gone)
}

fn gone_one<Id: Kept>(one: &Earlier<Id>, accepted: &Set<Id>) -> Gone {
    Gone {
        id: one.id.gone(),
        scenario: one.scenario,
        severity: one.severity,
        host: one.host,
        rows: one.rows,
        last: one.last,
        accepted: accepted.contains(&one.id),
    }
}

/// What is said of a comparison.
pub fn of_comparison(comparison: &Comparison, incidents: &[Incident]) -> Vec<Message> {
    let Comparison { about, incidents: changes, findings, .. } = comparison;
    let mut said = vec![
        Message::new("statement.compared")
            .with("name", about.name.as_str())
            .with("new", changes.new)
            .with("continuing", changes.continuing)
            .with("gone", changes.gone)
            .with("before", findings.rows_before)
            .with("rows", findings.rows),
    ];
    let urgent = |one: &&Incident| {
        one.severity <= Severity::High && !one.at_most && !changes.before.contains_key(&one.id)
    };
    let counts = [
        ("statement.compared-urgent", incidents.iter().filter(urgent).count() as u64),
        ("statement.compared-accepted", findings.accepted),
        ("statement.compared-redacted", u64::from(about.redacted)),
        ("statement.compared-left-out", about.left_out),
    ];
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    said.extend(counts.map(|(key, count)| Message::new(key).with("n", count)));
    said
}
