//! From findings to all that is told of them.

use crate::campaigns::campaigns;
use crate::hosts::{hosts, remotes};
use crate::incidents::{incidents, number};
use crate::names::Ends;
use crate::reasons::Reasons;
use crate::sequences::sequences;
use ringback_model::case::{Host, Listed, Remote};
use ringback_model::{
    Campaign, Digest, Finding, FindingId, Fingerprint, Incident, Instant, Message, Sequence, Severity,
    Symbols,
};
use std::cmp::Reverse;

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
    /// Remote ends that many hosts contacted.
    pub campaigns: Listed<Campaign>,
    /// Hosts that were attacked and made new contacts after that.
    pub sequences: Listed<Sequence>,
}

/// Groups findings into the stories of a case. Their order does not matter. Those who have threads may do the steps
/// themselves: what is told of incidents, of hosts and of remote addresses does not depend on each other.
pub fn tell(mut findings: Vec<Finding>, reasons: Reasons, symbols: &Symbols) -> Stories {
    findings
        .sort_unstable_by_key(|one| (rank(one.verdict.severity, one.tally.rows, one.id), one.fingerprint));
    let ends = Ends::of(&findings, symbols);
    let incidents = incidents(&findings, &ends, reasons.lists(), symbols);
    let (hosts, remotes) = (hosts(&findings, &ends, symbols), remotes(&findings, &ends, symbols));
    let (campaigns, sequences) = (campaigns(&findings, &ends, symbols), sequences(&findings, &ends, symbols));
    number(&mut findings, &incidents);
    Stories { findings, reasons: reasons.into_lists(), incidents, hosts, remotes, campaigns, sequences }
}

/// The numbers of the findings with statistics of their times, the highest score first.
pub fn rhythms(findings: &[Finding]) -> Vec<u32> {
    let with = |(number, finding): (u32, &Finding)| {
        finding.tally.periodicity.as_ref().map(|told| (Reverse(told.score), number))
    };
    let mut numbers: Vec<(Reverse<Option<u8>>, u32)> = (0..).zip(findings).filter_map(with).collect();
    numbers.sort_unstable();
    numbers.into_iter().map(|(_, number)| number).collect()
}

/// What the report's order of findings goes by: severity, rows, id; then the fingerprint, where two ids are equal.
pub fn rank(severity: Severity, rows: u64, id: FindingId) -> (Severity, Reverse<u64>, FindingId) {
    (severity, Reverse(rows), id)
}
