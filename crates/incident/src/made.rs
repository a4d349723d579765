//! Findings made for tests, of what a test says and of nothing else.

use crate::{Both, Ends, Ground, Reasons, Stories, finding_id, place, tell};
use ringback_model::{
    Basis, Detection, Direction, Endpoints, Exposure, Finding, FindingTally, Instant, ListSource, Log,
    Origin, Peer, Profile, ResultKind, Scenario, Scope, Service, Severity, Side, Stopped, Suspect, Symbols,
    Target, Threat, Verdict, Vulnerable,
};
use std::collections::BTreeSet;
use std::net::IpAddr;

/// What a finding says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Made<'a> {
    pub(crate) log: Log,
    pub(crate) product: &'a str,
    pub(crate) host: &'a str,
    pub(crate) local: &'a str,
    pub(crate) remote: &'a str,
    pub(crate) port: Option<(Side, u16)>,
    pub(crate) process: &'a str,
    pub(crate) user: &'a str,
    pub(crate) result: ResultKind,
    pub(crate) list: ListSource,
    pub(crate) threat: Threat,
    pub(crate) cve: &'a str,
    pub(crate) origin: Origin,
    pub(crate) basis: Basis,
    pub(crate) scope: Scope,
    pub(crate) scenario: Scenario,
    pub(crate) suspect: Suspect,
    pub(crate) target: Target,
    pub(crate) reasons: u32,
    pub(crate) rows: u64,
    pub(crate) first: i64,
    pub(crate) last: i64,
}

impl Default for Made<'_> {
    fn default() -> Self {
        Made {
            log: Log::Connection,
            product: "",
            host: "PC1",
            local: "10.0.0.1",
            remote: "30.1.1.1",
            port: None,
            process: "",
            user: "",
            result: ResultKind::Logged,
            list: ListSource::Unknown,
            threat: Threat::Callback,
            cve: "",
            origin: Origin::Local,
            basis: Basis::DirectionAndMessage,
            scope: Scope::Public,
            scenario: Scenario::OutboundCallback,
            suspect: Suspect::Local,
            target: Target::None,
            reasons: 0,
            rows: 1,
            first: 0,
            last: 0,
        }
    }
}

/// The finding.
pub(crate) fn made(symbols: &mut Symbols, said: &Made<'_>) -> Finding {
    let mut peer = |text: &str| match text.parse() {
        Ok(ip) => Peer { ip: Some(ip), ..Peer::default() },
        Err(_) => Peer { ip: None, name: symbols.intern(text) },
    };
    let (local, remote) = (peer(said.local), peer(said.remote));
    let detection = Detection {
        log: said.log,
        product: symbols.intern(said.product),
        endpoint: symbols.intern(said.host),
        user: symbols.intern(said.user),
        process: symbols.intern(said.process),
        endpoints: Endpoints::Sided { local, remote, direction: Direction::Outgoing },
        service: said.port.map(|(side, port)| Service { side, port, sole: true }),
        result: said.result,
        list: said.list,
        threat: said.threat,
        cve: symbols.intern(said.cve),
        ..Detection::default()
    };
    let fingerprint = detection.fingerprint(symbols);
    Finding {
        id: finding_id(fingerprint, None),
        fingerprint,
        detection,
        tally: FindingTally {
            rows: said.rows,
            occurrences: said.rows,
            first: Instant::from_seconds(said.first),
            last: Instant::from_seconds(said.last),
            evidence: Vec::new(),
            other_ports: Vec::new(),
            more_ports: false,
            periodicity: None,
        },
        verdict: Verdict {
            origin: said.origin,
            origin_basis: said.basis,
            remote_scope: said.scope,
            remote_scope_detail: "",
            scenario: said.scenario,
            suspect: said.suspect,
            stopped: if said.result == ResultKind::Blocked { Stopped::Connection } else { Stopped::No },
            target: said.target,
            exposure: Exposure::Unknown,
            reached: false,
            vulnerable: Vulnerable::Unknown,
            severity: Severity::High,
            at_most: said.scenario == Scenario::Undetermined,
            relay: None,
        },
        reasons: said.reasons,
        incident: u32::MAX,
    }
}

/// The ground of some stories, with nothing else to ask about.
pub(crate) fn ground<'g>(
    stories: &'g Stories,
    ends: &'g Ends,
    symbols: &'g Symbols,
    profile: &'g Profile,
) -> Ground<'g> {
    static NOWHERE: BTreeSet<IpAddr> = BTreeSet::new();
    Ground { stories, ends, symbols, profile, inputs: &[], open: &[], outside: &NOWHERE, skews: &[] }
}

/// Work in turn, one piece after the other.
pub(crate) struct InTurn;

impl Both for InTurn {
    fn both<A: Send, B: Send>(
        &self,
        one: impl FnOnce() -> A + Send,
        other: impl FnOnce() -> B + Send,
    ) -> (A, B) {
        (one(), other())
    }
}

/// What findings in any order tell.
pub(crate) fn told(mut findings: Vec<Finding>, reasons: Reasons, symbols: &Symbols) -> Stories {
    findings.sort_unstable_by_key(place);
    tell(findings, reasons, symbols, &InTurn).0
}
