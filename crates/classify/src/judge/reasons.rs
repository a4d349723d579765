//! Why a verdict is what it is, in messages.

use super::{Judging, PROFILE, Weighed, ports_contradict};
use crate::origin::is_server;
use crate::scenario::Authorised;
use ringback_model::profile::{Faces, OpenService};
use ringback_model::{
    Arg, Basis, Direction, Exposure, ListSource, Log, Message, Origin, RequestKind, Scenario, Scope, Side,
    Stopped, Suspect, Target, Threat, Verdict, Vulnerable,
};

/// The keys of all reasons, for the catalogue of words.
const REASON_KEYS: &[&str] = &[
    "origin.outgoing-request",
    "origin.outgoing-response",
    "origin.incoming-request",
    "origin.incoming-response",
    "origin.ports-local",
    "origin.ports-remote",
    "origin.direction-only-outgoing",
    "origin.direction-only-incoming",
    "origin.list",
    "origin.weak",
    "origin.callback-name",
    "origin.list-no-direction",
    "origin.other-log",
    "origin.server-process",
    "origin.callback-unlisted",
    "origin.undetermined",
    "origin.ports-contradict",
    "scope.own",
    "scope.own-assumed",
    "scope.hairpin",
    "scope.public",
    "scope.name",
    "scope.special",
    "scope.loopback",
    "scope.private-unlisted",
    "scope.unknown",
    "authorised.test",
    "authorised.scanner",
    "relay.through",
    "relay.behind",
    "relay.internet",
    "relay.not-excluded",
    "scenario.likely-infected",
    "scenario.contacted",
    "scenario.outbound-attack",
    "scenario.malicious-response",
    "scenario.inbound",
    "scenario.answers-as-server",
    "scenario.bot-calls-in",
    "scenario.lateral-movement",
    "scenario.internal-callback",
    "scenario.internal-activity",
    "stopped.request",
    "stopped.response",
    "stopped.connection",
    "stopped.no",
    "stopped.unknown",
    "exposure.published",
    "exposure.closed",
    "exposure.closed-but-reached",
    "exposure.closed-but-open",
    "exposure.unknown",
    "exposure.open",
    "vulnerable.yes",
    "vulnerable.no",
    "vulnerable.unknown",
    "raised.answered",
    "raised.called-out",
    "known-exploited",
    "known-exploited.due",
    "known-exploited.ransomware",
    "severity.profile",
    "severity.at-most",
    "settle.connection-log",
    "settle.networks",
    "settle.proxy",
    "settle.direction",
    "settle.remote",
];

/// The keys of all reasons.
pub fn reason_keys() -> &'static [&'static str] {
    REASON_KEYS
}

/// The reasons of a verdict, in the order in which it was reached.
pub(super) fn reasons(
    judging: &Judging<'_>,
    verdict: &Verdict,
    allowed: Option<Authorised<'_>>,
    severity: &Weighed<'_>,
) -> Vec<Message> {
    let mut reasons = vec![Message::new(origin(judging, verdict))];
    if ports_contradict(judging.row, verdict.origin, verdict.origin_basis) {
        reasons.push(Message::new("origin.ports-contradict"));
    }
    reasons.push(scope(judging, verdict));
    reasons.extend(scenario(judging, verdict, allowed));
    reasons.extend(relay(judging, verdict));
    reasons.push(Message::new(stopped(verdict.stopped)));
    reasons.extend(target(judging, verdict));
    if severity.rule == PROFILE {
        reasons.push(Message::new("severity.profile"));
    }
    if let Some(worst) = severity.at_most {
        reasons.push(Message::new("severity.at-most").with("scenario", Arg::Term(worst.as_str())));
        reasons.push(Message::new(settles(judging, verdict)));
    }
    reasons
}

fn origin(judging: &Judging<'_>, verdict: &Verdict) -> &'static str {
    let row = judging.row;
    match (verdict.origin_basis, verdict.origin) {
        (Basis::DirectionAndMessage, _) => match (row.direction(), row.detection.message) {
            (Direction::Outgoing, RequestKind::Request) => "origin.outgoing-request",
            (Direction::Outgoing, _) => "origin.outgoing-response",
            (_, RequestKind::Request) => "origin.incoming-request",
            (..) => "origin.incoming-response",
        },
        (Basis::Ports, Origin::Local) => "origin.ports-local",
        (Basis::Ports, _) => "origin.ports-remote",
        (Basis::DirectionOnly, Origin::Local) => "origin.direction-only-outgoing",
        (Basis::DirectionOnly, _) => "origin.direction-only-incoming",
        (Basis::List, _) => "origin.list",
        (Basis::Weak, _) => "origin.weak",
        (Basis::CallbackName, _) => "origin.callback-name",
        (Basis::ListNoDirection, _) => "origin.list-no-direction",
        (Basis::OtherLog, _) => "origin.other-log",
        (Basis::None, _) if row.detection.log == Log::Callback => {
            let listed = !matches!(row.detection.list, ListSource::RelevanceRule | ListSource::Unknown);
            if listed && is_server(row.text(row.detection.process)) {
                "origin.server-process"
            } else {
                "origin.callback-unlisted"
            }
        }
        (Basis::None, _) => "origin.undetermined",
    }
}

fn scope(judging: &Judging<'_>, verdict: &Verdict) -> Message {
    let detail = verdict.remote_scope_detail;
    let key = match (verdict.remote_scope, detail) {
        (Scope::Own, "hairpin") => "scope.hairpin",
        (Scope::Own, "profile" | "single label") => "scope.own",
        (Scope::Own, _) if judging.policy.private_assumed() => "scope.own-assumed",
        (Scope::Own, _) => "scope.own",
        (Scope::Public, _) => "scope.public",
        (Scope::Name, _) => "scope.name",
        (Scope::Special, detail) if is_loopback(detail) => "scope.loopback",
        (Scope::Special, _) => return Message::new("scope.special").with("range", detail),
        (Scope::PrivateUnlisted, _) => "scope.private-unlisted",
        (Scope::Unknown, _) => "scope.unknown",
    };
    Message::new(key)
}

fn scenario(judging: &Judging<'_>, verdict: &Verdict, allowed: Option<Authorised<'_>>) -> Option<Message> {
    let detection = judging.row.detection;
    let key = match verdict.scenario {
        Scenario::AuthorisedActivity => {
            return allowed.map(|allowed| match allowed {
                Authorised::Test => Message::new("authorised.test"),
                Authorised::Scanner(name) => Message::new("authorised.scanner").with("name", name),
            });
        }
        Scenario::OutboundCallback => {
            let known = matches!(detection.list, ListSource::Global | ListSource::VirtualAnalyzer);
            let malware = matches!(detection.threat, Threat::Callback | Threat::Ransomware);
            if known || (malware && !detection.family.is_empty()) {
                "scenario.likely-infected"
            } else {
                "scenario.contacted"
            }
        }
        Scenario::OutboundAttack => "scenario.outbound-attack",
        Scenario::MaliciousResponse => "scenario.malicious-response",
        Scenario::InboundFromInternet if verdict.suspect != Suspect::None => "scenario.answers-as-server",
        Scenario::InboundFromInternet
            if detection.threat == Threat::Callback && detection.message == RequestKind::Request =>
        {
            "scenario.bot-calls-in"
        }
        Scenario::InboundFromInternet => "scenario.inbound",
        Scenario::LateralMovement => "scenario.lateral-movement",
        Scenario::InternalCallback => "scenario.internal-callback",
        Scenario::InternalActivity => "scenario.internal-activity",
        Scenario::Undetermined => return None,
    };
    Some(Message::new(key))
}

/// What declared relays mean for the verdict, and where an undeclared one would overturn it.
fn relay(judging: &Judging<'_>, verdict: &Verdict) -> Option<Message> {
    if let Some(number) = verdict.relay {
        let key = match (verdict.suspect, judging.policy.relay(number).map(|relay| relay.faces)) {
            (_, Some(Faces::Internet)) => "relay.internet",
            (Suspect::BehindRelay, _) => "relay.behind",
            _ => "relay.through",
        };
        return Some(Message::new(key).with("relay", judging.policy.relay_name(number)));
    }
    let accused = matches!(verdict.suspect, Suspect::Local | Suspect::Remote)
        && matches!(
            verdict.scenario,
            Scenario::OutboundCallback
                | Scenario::OutboundAttack
                | Scenario::LateralMovement
                | Scenario::InternalCallback
        );
    let declared = !judging.policy.profile.relays.is_empty();
    (accused && !declared).then(|| Message::new("relay.not-excluded"))
}

fn stopped(stopped: Stopped) -> &'static str {
    match stopped {
        Stopped::Request => "stopped.request",
        Stopped::Response => "stopped.response",
        Stopped::Connection => "stopped.connection",
        Stopped::No => "stopped.no",
        Stopped::Unknown => "stopped.unknown",
    }
}

/// What is known of the target: only for traffic from outside and for exploits does it bear on the verdict.
fn target(judging: &Judging<'_>, verdict: &Verdict) -> Vec<Message> {
    let inbound = verdict.scenario == Scenario::InboundFromInternet;
    let exploit = judging.row.detection.threat == Threat::Exploit;
    let mut said = if inbound { exposure(judging, verdict) } else { Vec::new() };
    let mut keys = Vec::new();
    if exploit
        && matches!(
            verdict.scenario,
            Scenario::InboundFromInternet | Scenario::LateralMovement | Scenario::MaliciousResponse
        )
    {
        keys.push(match verdict.vulnerable {
            Vulnerable::Yes => "vulnerable.yes",
            Vulnerable::No => "vulnerable.no",
            Vulnerable::Unknown => "vulnerable.unknown",
        });
    }
    if inbound && exploit && verdict.vulnerable == Vulnerable::Unknown {
        if judging.census.answered(judging.row) {
            keys.push("raised.answered");
        }
        if judging.census.called_out_after(judging.row, judging.at) {
            keys.push("raised.called-out");
        }
    }
    said.extend(keys.into_iter().map(Message::new));
    said.extend(exploited(judging));
    said
}

/// Whether the target is meant to be reached from outside, and whether it is.
fn exposure(judging: &Judging<'_>, verdict: &Verdict) -> Vec<Message> {
    let open = target_side(verdict).and_then(|side| judging.policy.open_at(judging.row, side));
    match (verdict.exposure, open) {
        (Exposure::Published, _) => vec![Message::new("exposure.published")],
        (Exposure::Closed, Some(open)) => vec![scanned("exposure.closed-but-open", open)],
        (Exposure::Closed, None) if verdict.reached => vec![Message::new("exposure.closed-but-reached")],
        (Exposure::Closed, None) => vec![Message::new("exposure.closed")],
        (Exposure::Unknown, Some(open)) => {
            vec![Message::new("exposure.unknown"), scanned("exposure.open", open)]
        }
        (Exposure::Unknown, None) => vec![Message::new("exposure.unknown")],
    }
}

/// The side that was attacked.
fn target_side(verdict: &Verdict) -> Option<Side> {
    match verdict.target {
        Target::Local => Some(Side::Local),
        Target::Remote => Some(Side::Remote),
        Target::None => None,
    }
}

/// What a scan found.
fn scanned(key: &'static str, open: &OpenService) -> Message {
    let service = format!("{} {}/{}", open.address, open.transport.name(), open.port);
    let message = Message::new(key).with("service", service);
    match open.seen {
        Some(seen) => message.with("seen", seen),
        None => message.with("seen", "–"),
    }
}

/// What the catalogue of known exploited vulnerabilities says of what the rule names.
fn exploited(judging: &Judging<'_>) -> Vec<Message> {
    let exploited = &judging.policy.exploited;
    let Some(entry) = exploited.worst(judging.row).map(|number| exploited.entry(number)) else {
        return Vec::new();
    };
    let known = match entry.due.as_str() {
        "" => Message::new("known-exploited").with("cve", entry.cve.as_str()),
        due => Message::new("known-exploited.due").with("cve", entry.cve.as_str()).with("due", due),
    };
    let ransomware = entry.ransomware.then(|| Message::new("known-exploited.ransomware"));
    std::iter::once(known).chain(ransomware).collect()
}

/// What would settle an undetermined verdict.
fn settles(judging: &Judging<'_>, verdict: &Verdict) -> &'static str {
    match (verdict.origin, verdict.remote_scope) {
        (Origin::Undetermined, _) if judging.row.detection.log == Log::Callback => "settle.connection-log",
        (Origin::Undetermined, _) => "settle.direction",
        (_, Scope::Unknown) => "settle.remote",
        (_, Scope::Special) if is_loopback(verdict.remote_scope_detail) => "settle.proxy",
        _ => "settle.networks",
    }
}

/// Whether a scope's detail says that the remote end is the host itself.
fn is_loopback(detail: &str) -> bool {
    matches!(detail, "Loopback" | "Loopback Address")
}
