//! What goes beyond one finding of the sample: rhythms, campaigns, sequences, activity.

use super::findings::Spec;
use super::{HOSTILE, moment};
use ringback_model::case::{Host, Listed};
use ringback_model::overview::{Overview, Pair, PairPart};
use ringback_model::{
    Activity, Campaign, Case, Contact, Finding, Gaps, Periodicity, Rhythm, Risk, Scenario, Scope, Sequence,
};

/// Adds it to the case of the sample.
pub(super) fn add(case: &mut Case) {
    let with = |number: &u32| case.findings[*number as usize].tally.periodicity.is_some();
    case.rhythms = (0..).take(case.findings.len()).filter(with).collect();
    case.overview = overview(case);
    case.campaigns = Listed { list: vec![campaign(case)], all: 2 };
    case.sequences = Listed { list: vec![sequence(case, false), sequence(case, true)], all: 3 };
    case.hosts.iter_mut().for_each(activity);
}

/// The statistics of a finding: one of each rhythm.
pub(super) fn periodicity(spec: &Spec, n: usize) -> Option<Periodicity> {
    let outbound = matches!(
        spec.scenario,
        Scenario::OutboundCallback | Scenario::OutboundAttack | Scenario::InternalCallback
    );
    if !outbound || spec.rows < 20 {
        return None;
    }
    let rhythm = Rhythm::ALL[n % Rhythm::ALL.len()];
    let gaps = Gaps {
        count: 255,
        of_bursts: n.is_multiple_of(2),
        median: 300,
        deviation: 12,
        mode: 298,
        near_mode: 201,
        period: 300,
        jitter: 8,
        seen: 97,
    };
    Some(Periodicity {
        rhythm,
        score: match rhythm {
            Rhythm::Regular => Some(92),
            Rhythm::Irregular => Some(17),
            Rhythm::BatchUpload | Rhythm::TooFew => None,
        },
        events: spec.rows.min(300),
        instants: 256,
        complete: false,
        equal: spec.rows / 4,
        first: moment(0),
        last: moment(86_400),
        gaps: Some(gaps).filter(|_| rhythm != Rhythm::TooFew),
    })
}

/// Each finding between its host and its remote end; the last one's is among those besides.
fn overview(case: &Case) -> Overview {
    let host = |finding: &Finding| finding.detection.with(&case.symbols).host().into_owned();
    let mut remotes: Vec<_> = case.remotes.iter().map(|one| (one.remote.clone(), one.scope)).collect();
    remotes.pop();
    let places = u32::try_from(remotes.len()).expect("the sample is small");
    let mut pairs: Vec<Pair> = (0..)
        .zip(&case.findings)
        .map(|(remote, finding)| Pair {
            host: (0..).zip(&case.hosts).find(|(_, one)| one.host == host(finding)).map(|(at, _)| at),
            remote: Some(remote).filter(|at| *at < places),
            severity: finding.verdict.severity,
            rows: finding.tally.rows,
            parts: vec![PairPart {
                severity: finding.verdict.severity,
                scenario: finding.verdict.scenario,
                list: finding.detection.list,
                rows: finding.tally.rows,
                first: finding.tally.first,
                last: finding.tally.last,
            }],
        })
        .collect();
    pairs.sort_by_key(|pair| (pair.host, pair.remote.is_none(), pair.remote));
    let hosts = case.hosts.iter().map(|host| host.host.clone()).collect();
    Overview { hosts, remotes, more_hosts: 0, more_remotes: 1, pairs }
}

fn campaign(case: &Case) -> Campaign {
    let finding = &case.findings[0];
    let contact =
        |(n, host): (i64, &&str)| Contact { host: (*host).to_owned(), first: moment(n * 3_600), rows: 20 };
    Campaign {
        remote: format!("http://{}", HOSTILE[0]),
        scope: Scope::Name,
        risk: Risk::High,
        severity: finding.verdict.severity,
        hosts: 27,
        contacts: (0..).zip(HOSTILE).map(contact).collect(),
        rows: finding.tally.rows,
        blocked: 3,
        first: finding.tally.first,
        last: finding.tally.last,
        finding_count: 30,
        findings: vec![0, 1],
    }
}

fn sequence(case: &Case, called_before: bool) -> Sequence {
    let (attack, next) = (1, vec![2, 0]);
    Sequence {
        host: HOSTILE[usize::from(called_before)].to_owned(),
        severity: case.findings[0].verdict.severity,
        attack,
        attacks: 2,
        followed: 4,
        next,
        gap_seconds: 5_400,
        called_before,
        rows: 90,
    }
}

fn activity(host: &mut Host) {
    let mut hours = [0; 24];
    hours[8] = host.rows / 3;
    hours[17] = host.rows - hours[8] - 1;
    host.activity = Activity { days: 4, hours, rows: host.rows - 1 };
}
