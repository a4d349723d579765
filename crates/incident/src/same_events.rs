//! One event in several logs: to which incident a record belongs that another log settles, and how often it counts.

use crate::names::Ends;
use crate::subject::{is_stopped, subject_port, subject_side};
use ringback_model::case::LogRows;
use ringback_model::{
    Basis, DetectionRef, Finding, Incident, Log, Map, ResultKind, Scenario, Set, Side, Suspect, Sym, Symbols,
};
use std::collections::BTreeMap;

/// What findings of one story in several logs have in common: both ends, result, scenario and suspect.
type Shared = (u32, u32, ResultKind, Scenario, Suspect);

/// A log: its kind and the product that it names. Consoles that collect from others name it, the others do not.
type LogName = (Log, Sym);

/// The attacked ports of what another log settles: a callback log has none.
#[derive(Debug, Default)]
pub(crate) struct Ports {
    known: Map<Shared, Option<u16>>,
}

impl Ports {
    /// Looks the ports up in the log that settles: of several, that of the first finding counts.
    pub(crate) fn of(findings: &[Finding], ends: &Ends, symbols: &Symbols) -> Self {
        let numbered = || findings.iter().enumerate();
        let settled = numbered().filter(|(_, finding)| is_settled(finding));
        let wanted: Set<Shared> = settled.map(|(number, finding)| shared(number, finding, ends)).collect();
        let mut known = Map::default();
        for (number, finding) in numbered().filter(|(_, one)| !wanted.is_empty() && !is_settled(one)) {
            let shared = shared(number, finding, ends);
            if wanted.contains(&shared) {
                let row = finding.detection.with(symbols);
                let port = || subject_port(row, &finding.verdict, subject_side(&finding.verdict));
                known.entry(shared).or_insert_with(port);
            }
        }
        Ports { known }
    }

    /// The port of a finding's subject.
    #[inline]
    pub(crate) fn port(
        &self,
        number: usize,
        finding: &Finding,
        row: DetectionRef<'_>,
        ends: &Ends,
    ) -> Option<u16> {
        if is_settled(finding)
            && let Some(port) = self.known.get(&shared(number, finding, ends))
        {
            return *port;
        }
        subject_port(row, &finding.verdict, subject_side(&finding.verdict))
    }
}

/// Whether a finding is settled by what another log says.
#[inline]
fn is_settled(finding: &Finding) -> bool {
    finding.verdict.origin_basis == Basis::OtherLog
}

fn shared(number: usize, finding: &Finding, ends: &Ends) -> Shared {
    let (host, remote) = (ends.number(number, Side::Local), ends.number(number, Side::Remote));
    (host, remote, finding.detection.result, finding.verdict.scenario, finding.verdict.suspect)
}

/// Adds a finding to the rows by log.
pub(crate) fn add(logs: &mut Vec<LogRows>, finding: &Finding) {
    let (log, product) = log_name(finding);
    let known = logs.iter().position(|one| (one.log, one.product) == (log, product));
    let at = known.unwrap_or_else(|| {
        logs.push(LogRows { log, product, rows: 0, blocked: 0 });
        logs.len() - 1
    });
    logs[at].rows += finding.tally.rows;
    logs[at].blocked += if is_stopped(&finding.verdict) { finding.tally.rows } else { 0 };
}

/// The log that a finding stands in.
pub(crate) fn log_name(finding: &Finding) -> LogName {
    (finding.detection.log, finding.detection.product)
}

/// Puts the logs of an incident in order, and counts its events once: those on one host, remote end and result in the log
/// that has the most of them.
pub(crate) fn count_once(incident: &mut Incident, findings: &[Finding], ends: &Ends, symbols: &Symbols) {
    (incident.rows_once, incident.blocked_once) = (incident.rows, incident.blocked);
    if incident.logs.len() < 2 {
        return;
    }
    let order = |log: &LogRows| (std::cmp::Reverse(log.rows), log.log, symbols.text(log.product));
    incident.logs.sort_by(|one, other| order(one).cmp(&order(other)));
    let rank = |finding: &Finding| {
        let name = log_name(finding);
        incident.logs.iter().position(|log| (log.log, log.product) == name)
    };
    let mut events: BTreeMap<_, BTreeMap<_, (u64, u64)>> = BTreeMap::new();
    for number in incident.findings.iter().map(|number| *number as usize) {
        let finding = &findings[number];
        let (host, remote, result, ..) = shared(number, finding, ends);
        let by_log = events.entry((host, remote, result)).or_default();
        let counted = by_log.entry(rank(finding)).or_default();
        counted.0 += finding.tally.rows;
        counted.1 += if is_stopped(&finding.verdict) { finding.tally.rows } else { 0 };
    }
    let largest = events.values().filter_map(|by_log| by_log.values().max());
    let (rows, blocked) = largest.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    (incident.rows_once, incident.blocked_once) = (rows, blocked);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reasons;
    use crate::made::{self, Made, made};
    use ringback_model::{Message, Origin, Target};

    #[test]
    fn one_event_in_two_logs_is_one_incident_and_counts_once() {
        let mut symbols = Symbols::new();
        let inbound = Made {
            host: "WEB01",
            origin: Origin::Remote,
            scenario: Scenario::InboundFromInternet,
            suspect: Suspect::None,
            target: Target::Local,
            ..Made::default()
        };
        let connection = |rows, remote| Made { port: Some((Side::Local, 443)), rows, remote, ..inbound };
        let callback =
            |rows, remote| Made { log: Log::Callback, basis: Basis::OtherLog, rows, remote, ..inbound };
        let made = [
            connection(5, "30.1.1.1"),
            callback(4, "30.1.1.1"),
            callback(2, "30.1.1.2"),
            connection(1, "30.1.1.2"),
            Made { result: ResultKind::Blocked, ..connection(7, "30.1.1.3") },
            // Nothing on this remote end says which port it was.
            callback(3, "30.1.1.9"),
        ]
        .map(|said| made(&mut symbols, &said));
        let mut reasons = Reasons::default();
        reasons.number(vec![Message::new("scope.public")]);
        let stories = made::told(made.to_vec(), reasons, &symbols);
        let told: Vec<_> = stories
            .incidents
            .iter()
            .map(|one| {
                (
                    one.rows,
                    one.rows_once,
                    one.blocked_once,
                    one.logs.iter().map(|log| log.rows).collect::<Vec<_>>(),
                )
            })
            .collect();
        assert_eq!(told, [(19, 14, 7, vec![13, 6]), (3, 3, 0, vec![3])]);
        assert_eq!(stories.incidents[0].logs[0].log, Log::Connection);
    }
}
