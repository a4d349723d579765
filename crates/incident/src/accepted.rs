//! What the profile's accepted findings took out, entry by entry.

use crate::findings::place;
use ringback_model::case::{SuppressionState, SuppressionUse, TakenOut};
use ringback_model::profile::Suppression;
use ringback_model::{Finding, Instant, Message, Symbols};

/// How many of the findings that an entry took out are named; all are counted.
const NAMED: usize = 20;

/// The keys of what is said of accepted findings, for the catalogue of words.
pub const ACCEPTED_KEYS: &[&str] = &["statement.accepted-expired"];

/// What each entry of the profile took out, in the profile's order. `taken` are the findings that it accepts, each with the
/// number of its entry; `made` is the report's clock.
pub fn accepted(
    entries: &[Suppression],
    made: Option<Instant>,
    taken: &[(usize, Finding)],
    symbols: &Symbols,
) -> Vec<SuppressionUse> {
    let mut of_entry: Vec<Vec<&Finding>> = vec![Vec::new(); entries.len()];
    for (entry, finding) in taken {
        of_entry[*entry].push(finding);
    }
    entries.iter().zip(of_entry).map(|(entry, taken)| used(entry, made, taken, symbols)).collect()
}

fn used(
    entry: &Suppression,
    made: Option<Instant>,
    mut taken: Vec<&Finding>,
    symbols: &Symbols,
) -> SuppressionUse {
    taken.sort_by_key(|one| place(one));
    SuppressionUse {
        entry: entry.clone(),
        state: match (entry.is_expired(made), taken.is_empty()) {
            (true, _) => SuppressionState::Expired,
            (false, true) => SuppressionState::Unused,
            (false, false) => SuppressionState::Used,
        },
        rows: taken.iter().map(|one| one.tally.rows).sum(),
        findings: taken.len() as u64,
        taken: taken.into_iter().take(NAMED).map(|one| named(one, symbols)).collect(),
    }
}

fn named(finding: &Finding, symbols: &Symbols) -> TakenOut {
    let row = finding.detection.with(symbols);
    TakenOut {
        id: finding.id,
        scenario: finding.verdict.scenario,
        severity: finding.verdict.severity,
        host: row.host().into_owned(),
        remote: row.remote_text().into_owned(),
        rule: row.text(finding.detection.rule).to_owned(),
        rows: finding.tally.rows,
        first: finding.tally.first,
        last: finding.tally.last,
    }
}

/// What is said of entries that had ended: what they accepted is in the report again.
pub fn of_accepted(used: &[SuppressionUse]) -> Option<Message> {
    let expired = used.iter().filter(|one| one.state == SuppressionState::Expired).count() as u64;
    (expired > 0).then(|| Message::new("statement.accepted-expired").with("entries", expired))
}
