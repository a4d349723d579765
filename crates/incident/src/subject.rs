//! Whom an incident is about.

use crate::names::Name;
use ringback_model::{
    Basis, DetectionRef, Digest, IncidentId, Origin, Scenario, Side, Stopped, Suspect, Verdict,
};

/// What findings of one incident have in common: the scenario, whose host is under suspicion, the host that it is about
/// and, for inbound traffic, the service. The names are those logged.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject {
    /// What happened.
    pub scenario: Scenario,
    /// Whose host is under suspicion.
    pub suspect: Suspect,
    /// The host, in lower case so that spellings of one name meet.
    pub host: String,
    /// The attacked port, for inbound traffic.
    pub port: Option<u16>,
}

impl Subject {
    /// The subject of a finding.
    pub fn of(row: DetectionRef<'_>, verdict: &Verdict) -> Self {
        let side = subject_side(verdict);
        Subject {
            scenario: verdict.scenario,
            suspect: verdict.suspect,
            host: Name::of_side(row, side).text(row.symbols).to_lowercase(),
            port: subject_port(row, verdict, side),
        }
    }

    /// The incident's id: the same for the same subject in every report.
    pub fn id(&self) -> IncidentId {
        let mut digest = Digest::of("incident 1");
        digest.text(self.scenario.as_str()).text(self.suspect.as_str()).text(&self.host);
        if let Some(port) = self.port {
            digest.part(&port.to_be_bytes());
        }
        IncidentId::new(&digest)
    }
}

/// The port that belongs to a subject: the attacked one, for inbound traffic.
pub(crate) fn subject_port(row: DetectionRef<'_>, verdict: &Verdict, side: Side) -> Option<u16> {
    (verdict.scenario == Scenario::InboundFromInternet).then(|| row.port(side)).flatten()
}

/// The side that an incident is about: the suspect's; for a self-test or a scanner the origin's; else the local one.
pub(crate) fn subject_side(verdict: &Verdict) -> Side {
    let origin = match verdict.origin {
        Origin::Remote => Side::Remote,
        Origin::Local | Origin::Undetermined => Side::Local,
    };
    match (verdict.suspect, verdict.scenario) {
        (Suspect::Remote, _) => Side::Remote,
        (Suspect::BehindRelay, _) | (Suspect::None, Scenario::AuthorisedActivity) => origin,
        (Suspect::Local | Suspect::None, _) => Side::Local,
    }
}

/// Whether what was attacked or called was not reached: the request or connection was stopped, or the response where the
/// response is the attack.
pub fn is_stopped(verdict: &Verdict) -> bool {
    match verdict.stopped {
        Stopped::Request | Stopped::Connection => true,
        Stopped::Response => verdict.scenario == Scenario::MaliciousResponse,
        Stopped::No | Stopped::Unknown => false,
    }
}

/// Whether the origin stands on the weaker bases: direction only, or behind NAT.
pub(crate) fn is_weak(basis: Basis) -> bool {
    matches!(basis, Basis::DirectionOnly | Basis::Weak | Basis::ListNoDirection)
}
