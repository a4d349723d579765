//! From findings to all that is told of them.

use crate::Both;
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

/// Groups findings, which are in the report's order, into the stories of a case. The names of their ends serve all else that is
/// told of them.
pub fn tell(
    mut findings: Vec<Finding>,
    reasons: Reasons,
    symbols: &Symbols,
    work: &impl Both,
) -> (Stories, Ends) {
    let ends = Ends::of(&findings, symbols);
    let ((incidents, hosts), (campaigns, (sequences, remotes))) = work.both(
        || {
            work.both(
                || incidents(&findings, &ends, reasons.lists(), symbols),
                || hosts(&findings, &ends, symbols),
            )
        },
        || {
            work.both(
                || campaigns(&findings, &ends, symbols),
                || (sequences(&findings, &ends, symbols), remotes(&findings, &ends, symbols)),
            )
        },
    );
    number(&mut findings, &incidents);
    let reasons = reasons.into_lists();
    (Stories { findings, reasons, incidents, hosts, remotes, campaigns, sequences }, ends)
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

/// What the report's order of findings goes by: severity, rows, id.
pub type Rank = (Severity, Reverse<u64>, FindingId);

/// The rank of a finding. Where two ids are equal, [`place`] has the last word.
pub fn rank(finding: &Finding) -> Rank {
    (finding.verdict.severity, Reverse(finding.tally.rows), finding.id)
}

/// A finding's place in the report's order: by rank, then by fingerprint.
pub fn place(finding: &Finding) -> (Rank, Fingerprint) {
    (rank(finding), finding.fingerprint)
}
