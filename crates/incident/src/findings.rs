//! From judged detections to findings in the report's order.

use crate::hosts::{hosts, remotes};
use crate::incidents::{incidents, number};
use crate::names::Names;
use crate::reasons::Reasons;
use ringback_model::case::{Host, Remote};
use ringback_model::{
    Detection, Digest, Finding, FindingId, FindingTally, Fingerprint, Incident, Instant, Message, Symbols,
    Verdict,
};
use std::cmp::Reverse;

/// A detection with its tally and what was judged of it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The id of the finding.
    pub id: FindingId,
    /// The identity of the detection.
    pub fingerprint: Fingerprint,
    /// What the rows say; the sides are told apart.
    pub detection: Detection,
    /// How often and when.
    pub tally: FindingTally,
    /// What it means.
    pub verdict: Verdict,
    /// Why: the number of a list of reasons.
    pub reasons: u32,
}

/// The id of a finding, from the detection as logged. `since` is the cut with which the judged stretch of time begins,
/// where the same detection was judged otherwise before it.
pub fn finding_id(fingerprint: Fingerprint, since: Option<Instant>) -> FindingId {
    let mut digest = Digest::of("finding 1");
    digest.part(&fingerprint.0.to_be_bytes());
    if let Some(since) = since {
        digest.part(&since.micros().to_be_bytes());
    }
    FindingId::new(&digest)
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

/// Groups judged detections into the stories of a case. The order of `judged` does not matter. Those who have threads
/// may do the steps themselves: what is told of hosts and remote addresses does not depend on the incidents.
pub fn tell(judged: Vec<Judged>, reasons: Reasons, symbols: &Symbols) -> Stories {
    let mut findings = findings(judged);
    findings.sort_unstable_by_key(rank);
    let incidents = incidents(&findings, reasons.lists(), symbols);
    let (hosts, remotes) = hosts_and_remotes(&findings, symbols);
    number(&mut findings, &incidents);
    Stories { findings, reasons: reasons.into_lists(), incidents, hosts, remotes }
}

/// Findings from judged detections, not yet in the report's order, which is that of [`rank`].
pub fn findings(judged: Vec<Judged>) -> Vec<Finding> {
    let finding = |one: Judged| Finding {
        id: one.id,
        fingerprint: one.fingerprint,
        detection: one.detection,
        tally: one.tally,
        verdict: one.verdict,
        reasons: one.reasons,
        incident: 0,
    };
    judged.into_iter().map(finding).collect()
}

/// What the report's order of findings goes by: severity, rows, id.
pub fn rank(one: &Finding) -> impl Ord + use<> {
    (one.verdict.severity, Reverse(one.tally.rows), one.id, one.fingerprint)
}

/// The hosts and the remote addresses of findings, each list in the report's order.
pub fn hosts_and_remotes(findings: &[Finding], symbols: &Symbols) -> (Vec<Host>, Vec<Remote>) {
    let mut names = Names::new(symbols);
    let hosts = hosts(findings, symbols, &mut names);
    (hosts, remotes(findings, symbols, &mut names))
}
