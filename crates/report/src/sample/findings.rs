//! The findings of the sample: one row of a table each.

use super::{HOSTILE, hostile, moment};
use ringback_model::case::Finding;
use ringback_model::case::FindingTally;
use ringback_model::{
    Basis, Detection, Digest, Direction, Endpoints, Exposure, FindingId, ListSource, Log, Origin, Peer,
    Place, RequestKind, ResultKind, Risk, Scenario, Scope, Service, Severity, Side, Stopped, Suspect,
    Symbols, Target, Threat, Verdict, Vulnerable,
};

/// What is particular to one finding.
pub(super) struct Spec {
    pub(super) scenario: Scenario,
    pub(super) severity: Severity,
    pub(super) suspect: Suspect,
    pub(super) scope: Scope,
    pub(super) risk: Risk,
    pub(super) endpoint: &'static str,
    pub(super) local: &'static str,
    pub(super) remote: &'static str,
    pub(super) rule: &'static str,
    pub(super) rows: u64,
    direction: Direction,
    threat: Threat,
    list: ListSource,
    cve: &'static str,
}

const BASE: Spec = Spec {
    scenario: Scenario::Undetermined,
    severity: Severity::Medium,
    suspect: Suspect::None,
    scope: Scope::Public,
    risk: Risk::Unknown,
    endpoint: "HOST01",
    local: "10.1.2.3",
    remote: "198.51.100.7",
    rule: "",
    rows: 1,
    direction: Direction::Outgoing,
    threat: Threat::Callback,
    list: ListSource::Global,
    cve: "",
};

/// The findings, by severity, then rows.
pub(super) const SPECS: &[Spec] = &[
    Spec {
        scenario: Scenario::OutboundCallback,
        severity: Severity::Critical,
        suspect: Suspect::Local,
        scope: Scope::Name,
        risk: Risk::High,
        endpoint: "FIN-LT-0042",
        remote: "http://update.evil.example/gate.php?id=1&x=<b>",
        rule: "SAMPLEBOT - HTTP (Request)",
        rows: 1_480,
        ..BASE
    },
    Spec {
        scenario: Scenario::LateralMovement,
        severity: Severity::Critical,
        suspect: Suspect::Remote,
        scope: Scope::Own,
        endpoint: "SRV-FILE-1",
        local: "10.1.9.20",
        remote: "10.1.2.3",
        rule: HOSTILE[0],
        rows: 61,
        direction: Direction::Incoming,
        threat: Threat::Exploit,
        list: ListSource::RelevanceRule,
        cve: "CVE-2017-0144 MS17-010",
        ..BASE
    },
    Spec {
        scenario: Scenario::OutboundAttack,
        severity: Severity::High,
        suspect: Suspect::Local,
        endpoint: HOSTILE[1],
        local: "10.1.2.9",
        rule: HOSTILE[2],
        rows: 210,
        threat: Threat::Scan,
        list: ListSource::RelevanceRule,
        ..BASE
    },
    Spec {
        scenario: Scenario::MaliciousResponse,
        severity: Severity::High,
        suspect: Suspect::Remote,
        endpoint: HOSTILE[8],
        local: "2001:db8:10::7",
        remote: HOSTILE[2],
        scope: Scope::Name,
        rule: HOSTILE[5],
        rows: 4,
        direction: Direction::Incoming,
        threat: Threat::Exploit,
        list: ListSource::IpsRule,
        ..BASE
    },
    Spec {
        scenario: Scenario::InboundFromInternet,
        endpoint: "WEB01",
        local: "192.0.2.10",
        remote: "203.0.113.99",
        rule: "Apache Log4j RCE - HTTP (Request)",
        rows: 320,
        risk: Risk::Medium,
        direction: Direction::Incoming,
        threat: Threat::Exploit,
        list: ListSource::RelevanceRule,
        cve: "CVE-2021-44228",
        ..BASE
    },
    Spec {
        scenario: Scenario::InternalCallback,
        suspect: Suspect::BehindRelay,
        scope: Scope::Own,
        endpoint: HOSTILE[6],
        local: "10.0.0.53",
        remote: "proxy.corp.example",
        rule: HOSTILE[7],
        rows: 33,
        list: ListSource::WebReputation,
        ..BASE
    },
    Spec {
        endpoint: HOSTILE[3],
        local: "",
        remote: HOSTILE[9],
        scope: Scope::Special,
        rule: HOSTILE[4],
        rows: 12,
        direction: Direction::None,
        threat: Threat::Unknown,
        list: ListSource::Unknown,
        ..BASE
    },
    Spec {
        scenario: Scenario::InternalActivity,
        severity: Severity::Low,
        scope: Scope::Own,
        endpoint: "",
        local: "10.1.4.4",
        remote: "10.1.9.20",
        rule: HOSTILE[10],
        rows: 19,
        threat: Threat::LogonFailure,
        list: ListSource::FirewallRule,
        ..BASE
    },
    Spec {
        scenario: Scenario::OutboundCallback,
        severity: Severity::Low,
        suspect: Suspect::Local,
        endpoint: "FIN-LT-0042",
        remote: "198.51.100.8",
        rule: "",
        rows: 2,
        list: ListSource::UserDefined,
        ..BASE
    },
    Spec {
        scenario: Scenario::AuthorisedActivity,
        severity: Severity::Info,
        endpoint: "WEB01",
        local: "192.0.2.10",
        remote: "10.0.9.9",
        scope: Scope::Own,
        rule: HOSTILE[9],
        rows: 5,
        direction: Direction::Incoming,
        threat: Threat::Test,
        ..BASE
    },
];

/// The finding of a row of the table.
pub(super) fn finding(symbols: &mut Symbols, spec: &Spec, n: usize) -> Finding {
    let detection = detection(symbols, spec, n);
    let number = u64::try_from(n).expect("a small number");
    let at = i64::try_from(n).expect("a small number") * 24_576;
    let place =
        |k| Place { source: u32::from(k > 1), byte: 0, record: number * 10 + k, line: number * 10 + k + 1 };
    let fingerprint = detection.fingerprint(symbols);
    Finding {
        id: FindingId::new(Digest::of("finding").part(&fingerprint.0.to_be_bytes())),
        fingerprint,
        detection,
        tally: FindingTally {
            rows: spec.rows,
            occurrences: spec.rows * 2,
            first: moment(at),
            last: moment(at + 3 * 24_576),
            evidence: (1..=spec.rows.min(3)).map(place).collect(),
            other_ports: vec![49_152, 50_001],
            more_ports: n == 0,
            periodicity: super::spread::periodicity(spec, n).map(Box::new),
        },
        verdict: verdict(spec, n),
        reasons: u32::try_from(n).expect("a small number"),
        incident: 0,
    }
}

fn detection(symbols: &mut Symbols, spec: &Spec, n: usize) -> Detection {
    let mut peer = |text: &str| match text.parse() {
        Ok(ip) => Peer { ip: Some(ip), ..Peer::default() },
        Err(_) => Peer { ip: None, name: symbols.intern(text) },
    };
    let (local, remote) = (peer(spec.local), peer(spec.remote));
    let incoming = spec.direction == Direction::Incoming;
    let side = if incoming { Side::Local } else { Side::Remote };
    Detection {
        log: if n == 6 { Log::Callback } else { Log::Connection },
        endpoint: symbols.intern(spec.endpoint),
        domain: symbols.intern(&hostile(n + 5)),
        user: symbols.intern(&hostile(n)),
        process: symbols.intern(&hostile(n + 1)),
        product: symbols.intern("Sample Product"),
        console: symbols.intern(&hostile(n + 2)),
        endpoints: Endpoints::Sided { local, remote, direction: spec.direction },
        service: Some(Service { side, port: 443, sole: true }),
        protocol: symbols.intern(&hostile(n + 3)),
        message: if n == 3 { RequestKind::Response } else { RequestKind::Request },
        result: ResultKind::ALL[n % 3],
        list: spec.list,
        rule: symbols.intern(spec.rule),
        family: symbols.intern(&hostile(n + 4)),
        threat: spec.threat,
        cve: symbols.intern(spec.cve),
        risk: spec.risk,
    }
}

fn verdict(spec: &Spec, n: usize) -> Verdict {
    let undetermined = spec.scenario == Scenario::Undetermined;
    let origin = match spec.direction {
        _ if undetermined => Origin::Undetermined,
        Direction::Incoming => Origin::Remote,
        _ => Origin::Local,
    };
    let inbound = spec.scenario == Scenario::InboundFromInternet;
    Verdict {
        origin,
        origin_basis: Basis::ALL
            [if undetermined { Basis::ALL.len() - 1 } else { n % (Basis::ALL.len() - 1) }],
        remote_scope: spec.scope,
        remote_scope_detail: if spec.scope == Scope::Own { "Private-Use" } else { "" },
        scenario: spec.scenario,
        suspect: spec.suspect,
        stopped: Stopped::ALL[n % Stopped::ALL.len()],
        target: if inbound { Target::Local } else { Target::None },
        exposure: if inbound { Exposure::Published } else { Exposure::Unknown },
        reached: inbound,
        vulnerable: if inbound { Vulnerable::Yes } else { Vulnerable::Unknown },
        severity: spec.severity,
        at_most: undetermined,
        relay: None,
    }
}
