//! What happened, and whose host is under suspicion, from origin and scope.

use crate::end::End;
use crate::policy::Policy;
use ringback_model::profile::Faces;
use ringback_model::{
    DetectionRef, Direction, Instant, ListSource, Origin, RequestKind, Scenario, Scope, Side, Suspect, Threat,
};

/// A scenario with its suspect and the relay that the traffic goes through or that hides the suspect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Story {
    pub(crate) scenario: Scenario,
    pub(crate) suspect: Suspect,
    pub(crate) relay: Option<u16>,
    /// The rule that told it, for explanations.
    pub(crate) by: &'static str,
}

impl Story {
    pub(crate) const fn of(scenario: Scenario, suspect: Suspect, by: &'static str) -> Self {
        Story { scenario, suspect, relay: None, by }
    }

    /// The story of what is authorised.
    pub(crate) const fn authorised(by: Authorised<'_>) -> Self {
        let by = match by {
            Authorised::Test => "self-test",
            Authorised::Scanner(_) => "declared scanner",
        };
        Story::of(Scenario::AuthorisedActivity, Suspect::None, by)
    }
}

/// Why activity is authorised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Authorised<'p> {
    /// It is the vendor's self-test.
    Test,
    /// It is a declared scanner at its work.
    Scanner(&'p str),
}

/// Whether the activity is authorised: by the vendor's self-test, or by a declared scanner that scans.
pub(crate) fn authorised<'p>(
    row: DetectionRef<'_>,
    origin: Origin,
    at: Instant,
    policy: &'p Policy,
) -> Option<Authorised<'p>> {
    if row.detection.threat == Threat::Test {
        return Some(Authorised::Test);
    }
    let side = side_of(origin)?;
    let scans = matches!(
        row.detection.threat,
        Threat::Exploit | Threat::Scan | Threat::BruteForce | Threat::LogonFailure | Threat::Policy
    );
    let scanner = scans.then(|| policy.scanner_of(row, side, at))?;
    scanner.map(Authorised::Scanner)
}

/// The side of an origin that is told.
pub(crate) fn side_of(origin: Origin) -> Option<Side> {
    match origin {
        Origin::Local => Some(Side::Local),
        Origin::Remote => Some(Side::Remote),
        Origin::Undetermined => None,
    }
}

/// The story of a detection with this origin and scope. What is authorised has been told before.
pub(crate) fn story(row: DetectionRef<'_>, origin: Origin, scope: Scope, policy: &Policy) -> Story {
    let Some(side) = side_of(origin) else {
        return Story::of(Scenario::Undetermined, Suspect::None, "origin undetermined");
    };
    let told = through_relay(row, side, scope, policy).unwrap_or_else(|| match scope {
        Scope::Special | Scope::PrivateUnlisted | Scope::Unknown => {
            Story::of(Scenario::Undetermined, Suspect::None, "owner of the remote address undetermined")
        }
        _ if is_malicious_response(row, side) => {
            Story::of(Scenario::MaliciousResponse, Suspect::Remote, "exploit in a response to the local side")
        }
        Scope::Own => between_own(row, side),
        Scope::Public | Scope::Name => with_outside(row, side),
    });
    behind_relay(row, told, policy)
}

/// Traffic that a declared relay stands in: to an own relay it is traffic through it, from one that faces the internet
/// it comes from there.
pub(crate) fn through_relay(
    row: DetectionRef<'_>,
    side: Side,
    scope: Scope,
    policy: &Policy,
) -> Option<Story> {
    let peer = End::of(row, side.peer());
    let asks_inside = side == Side::Local || scope == Scope::Own;
    let hit = matches!(row.detection.threat, Threat::Dns | Threat::Callback) || is_list_hit(row);
    let inside = if asks_inside && hit { policy.relay_at(peer, Faces::Inside) } else { None };
    if inside.is_some() {
        let told = Story::of(Scenario::OutboundCallback, suspect(side), "through a relay for inside hosts");
        return Some(Story { relay: inside, ..told });
    }
    if side == Side::Remote {
        let relay = policy.relay_at(End::of(row, Side::Remote), Faces::Internet)?;
        return Some(Story {
            relay: Some(relay),
            by: "from a relay that faces the internet",
            ..inbound(row)
        });
    }
    None
}

/// What the local side fetched attacked it.
fn is_malicious_response(row: DetectionRef<'_>, side: Side) -> bool {
    side == Side::Local
        && row.detection.message == RequestKind::Response
        && row.detection.threat == Threat::Exploit
}

fn between_own(row: DetectionRef<'_>, side: Side) -> Story {
    match row.detection.threat {
        Threat::Exploit | Threat::Ransomware | Threat::Scan | Threat::BruteForce => {
            Story::of(Scenario::LateralMovement, suspect(side), "attack between own hosts")
        }
        Threat::Callback => {
            Story::of(Scenario::InternalCallback, suspect(side), "callback between own hosts")
        }
        _ if is_list_hit(row) => {
            Story::of(Scenario::InternalCallback, suspect(side), "list hit between own hosts")
        }
        _ => Story::of(Scenario::InternalActivity, Suspect::None, "anything else between own hosts"),
    }
}

fn with_outside(row: DetectionRef<'_>, side: Side) -> Story {
    match (side, row.detection.threat) {
        (Side::Local, Threat::Exploit | Threat::Scan | Threat::BruteForce) => {
            Story::of(Scenario::OutboundAttack, Suspect::Local, "attack on the outside")
        }
        (Side::Local, _) => Story::of(Scenario::OutboundCallback, Suspect::Local, "call to the outside"),
        (Side::Remote, _) => inbound(row),
    }
}

/// Somebody outside asked. A callback rule's response that goes out means that this host answered as a command server
/// would.
fn inbound(row: DetectionRef<'_>) -> Story {
    let answers = row.detection.threat == Threat::Callback
        && row.direction() == Direction::Outgoing
        && row.detection.message == RequestKind::Response;
    let (suspect, by) = if answers {
        (Suspect::Local, "answer to a callback from outside")
    } else {
        (Suspect::None, "asked from outside")
    };
    Story::of(Scenario::InboundFromInternet, suspect, by)
}

/// A suspect that is itself a relay for inside hosts stands for somebody else.
pub(crate) fn behind_relay(row: DetectionRef<'_>, story: Story, policy: &Policy) -> Story {
    let side = match story.suspect {
        Suspect::Local => Side::Local,
        Suspect::Remote => Side::Remote,
        Suspect::BehindRelay | Suspect::None => return story,
    };
    match policy.relay_at(End::of(row, side), Faces::Inside) {
        Some(relay) => Story { suspect: Suspect::BehindRelay, relay: Some(relay), ..story },
        None => story,
    }
}

fn suspect(side: Side) -> Suspect {
    match side {
        Side::Local => Suspect::Local,
        Side::Remote => Suspect::Remote,
    }
}

/// Whether the detection comes from a list of addresses.
pub(crate) fn is_list_hit(row: DetectionRef<'_>) -> bool {
    matches!(
        row.detection.list,
        ListSource::Global
            | ListSource::VirtualAnalyzer
            | ListSource::UserDefined
            | ListSource::WebReputation
    )
}
