//! From judged detections to findings in the report's order.

use crate::hosts::{hosts, remotes};
use crate::incidents::incidents;
use ringback_model::case::{Host, Remote};
use ringback_model::{
    Detection, Digest, Finding, FindingId, FindingTally, Fingerprint, Incident, Instant, Map, Message,
    Symbols, Verdict,
};
use std::cmp::Reverse;

/// A detection with its tally and what was judged of it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The identity of the detection.
    pub fingerprint: Fingerprint,
    /// The cut with which the judged stretch of time begins, where the same detection was judged otherwise before it.
    pub since: Option<Instant>,
    /// What the rows say; the sides are told apart.
    pub detection: Detection,
    /// How often and when.
    pub tally: FindingTally,
    /// What it means.
    pub verdict: Verdict,
    /// Why.
    pub reasons: Vec<Message>,
}

impl Judged {
    /// The id of the finding, from the detection as logged.
    pub fn id(&self) -> FindingId {
        let mut digest = Digest::of("finding 1");
        digest.part(&self.fingerprint.0.to_be_bytes());
        if let Some(since) = self.since {
            digest.part(&since.micros().to_be_bytes());
        }
        FindingId::new(&digest)
    }
}

/// What the findings of a case tell, each list in the report's order.
#[derive(Clone, Debug, Default)]
pub struct Stories {
    /// Findings by severity, rows and id.
    pub findings: Vec<Finding>,
    /// The distinct lists of reasons.
    pub reasons: Vec<Vec<Message>>,
    /// Incidents by severity, rows and id; without advice.
    pub incidents: Vec<Incident>,
    /// Hosts by severity, rows and name.
    pub hosts: Vec<Host>,
    /// Remote addresses by severity, rows and name.
    pub remotes: Vec<Remote>,
}

/// Groups judged detections into the stories of a case. The order of `judged` does not matter.
pub fn tell(judged: Vec<Judged>, symbols: &Symbols) -> Stories {
    let (mut findings, reasons) = findings(judged);
    let incidents = incidents(&mut findings, &reasons, symbols);
    let (hosts, remotes) = (hosts(&findings, symbols), remotes(&findings, symbols));
    Stories { findings, reasons, incidents, hosts, remotes }
}

fn findings(mut judged: Vec<Judged>) -> (Vec<Finding>, Vec<Vec<Message>>) {
    judged
        .sort_by_cached_key(|one| (one.verdict.severity, Reverse(one.tally.rows), one.id(), one.fingerprint));
    let mut numbers: Map<Vec<Message>, u32> = Map::default();
    let mut lists: Vec<Vec<Message>> = Vec::new();
    let findings = judged
        .into_iter()
        .map(|one| Finding {
            id: one.id(),
            fingerprint: one.fingerprint,
            detection: one.detection,
            tally: one.tally,
            verdict: one.verdict,
            reasons: *numbers.entry(one.reasons).or_insert_with_key(|reasons| {
                lists.push(reasons.clone());
                u32::try_from(lists.len() - 1).expect("there are fewer lists of reasons than findings")
            }),
            incident: 0,
        })
        .collect();
    (findings, lists)
}
