//! From a detection to its verdict.

mod reasons;

pub use reasons::reason_keys;

use crate::census::Census;
use crate::exposure::{exposure, publishing};
use crate::origin::origin;
use crate::other_logs::adopted;
use crate::overrides::Override;
use crate::policy::Policy;
use crate::scenario::{Authorised, Story, authorised, side_of, story};
use crate::severity::Facts;
use crate::special::is_private;
use crate::what_if::values;
use ringback_model::{
    Basis, Detection, DetectionRef, Direction, Endpoints, Exposure, Instant, Message, Origin, Peer,
    RequestKind, ResultKind, Scenario, Scope, Service, Severity, Side, Stopped, Target, Threat, Verdict,
    Vulnerable,
};

/// A verdict with its reasons, in the order in which they were reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What the detection means.
    pub verdict: Verdict,
    /// Why.
    pub reasons: Vec<Message>,
}

/// One step of a judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What was settled: `scope`, `origin`, `authorised`, `relay`, `scenario`, `suspect`, `stopped`, `target`, `exposure`,
    /// `vulnerable`, `severity`, in this order.
    pub what: &'static str,
    /// The value.
    pub value: &'static str,
    /// The rule, basis or entry that settled it; may be empty.
    pub by: String,
}

/// Hears each step of a judgement. The hot path passes `()`, which hears nothing; there is one code path.
pub trait Trace {
    /// A value was settled.
    fn step(&mut self, step: impl FnOnce() -> Step) {
        _ = step;
    }
}

impl Trace for () {}

/// Judges a detection whose sides are told apart. `at` is the first instant of its rows.
pub fn judge(row: DetectionRef<'_>, at: Instant, policy: &Policy, census: &Census) -> Judgement {
    judge_traced(row, at, policy, census, &mut ())
}

/// Judges a detection, telling each step.
pub fn judge_traced(
    row: DetectionRef<'_>,
    at: Instant,
    policy: &Policy,
    census: &Census,
    trace: &mut impl Trace,
) -> Judgement {
    if let Some((_, told)) = census.other_logs().of(row) {
        return by_other_log(told, policy, trace);
    }
    let judging = Judging { row, at, policy, census };
    let (scope, detail) = policy.networks.scope(row.remote(), row.local().ip, row.symbols);
    let local_private = row.local().ip.is_some_and(is_private);
    let (origin, basis) = origin(row, scope, local_private);
    let allowed = authorised(row, origin, at, policy);
    let told = allowed.map_or_else(|| story(row, origin, scope, policy), Story::authorised);
    let facing = judging.facing(told, origin, scope);
    let weighed = judging.severity(told, facing, origin, scope);
    let verdict = Verdict {
        origin,
        origin_basis: basis,
        remote_scope: scope,
        remote_scope_detail: detail,
        scenario: told.scenario,
        suspect: told.suspect,
        stopped: stopped(row),
        target: facing.target,
        exposure: facing.exposure,
        reached: facing.reached,
        vulnerable: facing.vulnerable,
        severity: weighed.severity,
        at_most: weighed.at_most.is_some(),
        relay: told.relay,
    };
    judging.steps(&verdict, (told, allowed), &weighed, trace);
    let reasons = reasons::reasons(&judging, &verdict, allowed, &weighed);
    Judgement { verdict, reasons }
}

/// The judgement of a record that another log's speaks for.
fn by_other_log(told: &Judgement, policy: &Policy, trace: &mut impl Trace) -> Judgement {
    let judgement = adopted(told);
    for (what, value) in values(&judgement.verdict, policy) {
        trace.step(|| Step { what, value, by: "another log of the same event".to_owned() });
    }
    judgement
}

/// Whether what a verdict is about is authorised, in a word.
pub(crate) fn authorised_word(verdict: &Verdict) -> &'static str {
    if verdict.scenario == Scenario::AuthorisedActivity { "yes" } else { "no" }
}

/// What was stopped.
pub(crate) fn stopped(row: DetectionRef<'_>) -> Stopped {
    match (row.detection.result, row.detection.message) {
        (ResultKind::Blocked, RequestKind::Request) => Stopped::Request,
        (ResultKind::Blocked, RequestKind::Response) => Stopped::Response,
        (ResultKind::Blocked, RequestKind::Unknown) => Stopped::Connection,
        (ResultKind::Logged, _) => Stopped::No,
        (ResultKind::Unknown, _) => Stopped::Unknown,
    }
}

/// Whether the attack or call was kept from its target, as severity sees it. A blocked response proves that its request
/// arrived; where the response is the attack, blocking it stopped the attack.
pub(crate) fn is_stopped(row: DetectionRef<'_>, scenario: Scenario) -> bool {
    match stopped(row) {
        Stopped::Request | Stopped::Connection => true,
        Stopped::Response => scenario == Scenario::MaliciousResponse,
        Stopped::No | Stopped::Unknown => false,
    }
}

/// The side that was attacked, where it can be told.
pub(crate) fn attacked(scenario: Scenario, origin: Origin) -> Option<Side> {
    match scenario {
        Scenario::Undetermined => None,
        Scenario::MaliciousResponse => Some(Side::Local),
        _ => side_of(origin).map(Side::peer),
    }
}

/// The origins that are still possible where this one was told.
pub(crate) fn possible_origins(origin: Origin) -> &'static [Origin] {
    match origin {
        Origin::Undetermined => &[Origin::Local, Origin::Remote],
        Origin::Local => &[Origin::Local],
        Origin::Remote => &[Origin::Remote],
    }
}

/// The scopes that are still possible where this one was told.
pub(crate) fn possible_scopes(scope: Scope) -> &'static [Scope] {
    match scope {
        Scope::Special | Scope::PrivateUnlisted | Scope::Unknown => &[Scope::Own, Scope::Public],
        Scope::Own => &[Scope::Own],
        Scope::Public => &[Scope::Public],
        Scope::Name => &[Scope::Name],
    }
}

/// What is known of the attacked side.
#[derive(Clone, Copy, Debug)]
struct Facing {
    target: Target,
    exposure: Exposure,
    reached: bool,
    vulnerable: Vulnerable,
    answered: bool,
    called_out: bool,
    /// Whether a catalogue says that what the rule names is exploited in the wild.
    exploited: bool,
}

impl Facing {
    fn raised(self) -> bool {
        self.answered || self.called_out
    }
}

/// The rule's name where the profile sets the severity.
const PROFILE: &str = "profile";

/// A severity with what it comes from.
struct Weighed<'j> {
    severity: Severity,
    rule: &'j str,
    /// Whether it is higher than the rule's, since the service is said to be closed.
    closed: bool,
    /// The worst scenario that is still possible, where none is determined.
    at_most: Option<Scenario>,
}

impl Weighed<'_> {
    /// The rule in words.
    fn told(&self) -> String {
        if self.closed {
            format!("{}; raised, for the service is closed", self.rule)
        } else {
            self.rule.to_owned()
        }
    }
}

/// A detection with all that it is judged by.
struct Judging<'j> {
    row: DetectionRef<'j>,
    at: Instant,
    policy: &'j Policy,
    census: &'j Census,
}

impl<'j> Judging<'j> {
    /// Tells the steps of a judgement, in the order in which they depend on each other.
    fn steps(
        &self,
        verdict: &Verdict,
        (told, allowed): (Story, Option<Authorised<'_>>),
        weighed: &Weighed<'_>,
        trace: &mut impl Trace,
    ) {
        let mut step = |what, value, by: &dyn Fn() -> String| trace.step(|| Step { what, value, by: by() });
        step("scope", verdict.remote_scope.as_str(), &|| verdict.remote_scope_detail.to_owned());
        step("origin", verdict.origin.as_str(), &|| verdict.origin_basis.as_str().to_owned());
        step("authorised", authorised_word(verdict), &|| match allowed {
            Some(Authorised::Test) => "self-test".to_owned(),
            Some(Authorised::Scanner(name)) => format!("declared scanner {name}"),
            None => String::new(),
        });
        let relay = verdict.relay.and_then(|number| self.policy.relay(number));
        step("relay", relay.map_or("none", |relay| relay.kind.as_str()), &|| {
            verdict.relay.map(|number| self.policy.relay_name(number)).unwrap_or_default()
        });
        step("scenario", verdict.scenario.as_str(), &|| told.by.to_owned());
        step("suspect", verdict.suspect.as_str(), &|| told.by.to_owned());
        step("stopped", verdict.stopped.as_str(), &|| "result and message".to_owned());
        step("target", verdict.target.as_str(), &|| match verdict.scenario {
            Scenario::Undetermined => "nobody's before the scenario is determined".to_owned(),
            Scenario::MaliciousResponse => "who fetched it".to_owned(),
            _ => "the peer of the origin".to_owned(),
        });
        step("exposure", verdict.exposure.as_str(), &|| self.exposed_by(verdict));
        step("vulnerable", verdict.vulnerable.as_str(), &|| match verdict.vulnerable {
            Vulnerable::Unknown if self.row.detection.threat != Threat::Exploit => "no exploit".to_owned(),
            Vulnerable::Unknown => "nobody said".to_owned(),
            Vulnerable::Yes | Vulnerable::No => "profile".to_owned(),
        });
        step("severity", verdict.severity.as_str(), &|| weighed.told());
    }

    /// What says whether the target is exposed.
    fn exposed_by(&self, verdict: &Verdict) -> String {
        let services = &self.policy.profile.exposure;
        match verdict.exposure {
            Exposure::Published => {
                let side = if verdict.target == Target::Local { Side::Local } else { Side::Remote };
                let entry = publishing(services, self.row, side).map(|at| (at, &services.published[at].name));
                entry.map_or_else(String::new, |(at, name)| match name.as_str() {
                    "" => format!("published service {}", at + 1),
                    name => format!("published service {}, {name}", at + 1),
                })
            }
            Exposure::Closed => "complete list of published services".to_owned(),
            Exposure::Unknown => "nobody said".to_owned(),
        }
    }

    /// The attacked side, and what the client's word says of it.
    fn facing(&self, told: Story, origin: Origin, scope: Scope) -> Facing {
        let side = attacked(told.scenario, origin);
        let own = side.filter(|side| *side == Side::Local || scope == Scope::Own);
        let exploit = self.row.detection.threat == Threat::Exploit;
        let inbound = told.scenario == Scenario::InboundFromInternet;
        Facing {
            target: side.map_or(Target::None, |side| match side {
                Side::Local => Target::Local,
                Side::Remote => Target::Remote,
            }),
            exposure: own
                .map_or(Exposure::Unknown, |side| exposure(&self.policy.profile.exposure, self.row, side)),
            reached: inbound
                && (is_application(self.row.text(self.row.detection.protocol))
                    || side.is_some_and(|side| self.policy.open_at(self.row, side).is_some())),
            vulnerable: own.filter(|_| exploit).map_or(Vulnerable::Unknown, |side| {
                self.policy.vulnerabilities.vulnerable(self.row, side, self.at)
            }),
            answered: inbound && exploit && self.census.answered(self.row),
            called_out: inbound && exploit && self.census.called_out_after(self.row, self.at),
            exploited: inbound && exploit && self.policy.exploited.worst(self.row).is_some(),
        }
    }

    fn severity(&self, told: Story, facing: Facing, origin: Origin, scope: Scope) -> Weighed<'j> {
        let facts = self.facts(told.scenario, facing, is_stopped(self.row, told.scenario));
        let weighed = match told.scenario {
            Scenario::Undetermined => self.worst_possible(origin, scope),
            _ => self.weigh(&facts),
        };
        match Override::of(&self.policy.overrides, &facts) {
            Some(severity) => Weighed { severity, rule: PROFILE, closed: false, ..weighed },
            None => weighed,
        }
    }

    fn weigh(&self, facts: &Facts) -> Weighed<'j> {
        let (severity, rule) = self.policy.playbook.severity(facts);
        let closed = severity != self.policy.playbook.by_rule(facts);
        Weighed { severity, rule, closed, at_most: None }
    }

    fn facts(&self, scenario: Scenario, facing: Facing, stopped: bool) -> Facts {
        let detection = self.row.detection;
        Facts {
            scenario,
            threat: detection.threat,
            list: detection.list,
            risk: detection.risk,
            direction: self.row.direction(),
            message: detection.message,
            exposure: facing.exposure,
            vulnerable: facing.vulnerable,
            raised: facing.raised(),
            exploited: facing.exploited,
            stopped,
        }
    }

    /// The severity of the worst scenario that is still possible, at most high; one lower where it was stopped.
    fn worst_possible(&self, origin: Origin, scope: Scope) -> Weighed<'j> {
        let (origins, scopes) = (possible_origins(origin), possible_scopes(scope));
        let pairs = origins.iter().flat_map(|origin| scopes.iter().map(|scope| (*origin, *scope)));
        let weighed = pairs.map(|(origin, scope)| {
            let told = story(self.row, origin, scope, self.policy);
            let facts = self.facts(told.scenario, self.facing(told, origin, scope), false);
            let own = Override::of(&self.policy.overrides, &facts);
            (own.unwrap_or_else(|| self.weigh(&facts).severity), told.scenario)
        });
        let worst = weighed.min_by_key(|(severity, _)| *severity).expect("an origin and a scope remain");
        let capped = worst.0.max(Severity::High);
        let severity = if is_stopped(self.row, Scenario::Undetermined) { capped.lowered() } else { capped };
        Weighed { severity, rule: "worst scenario still possible", closed: false, at_most: Some(worst.1) }
    }
}

/// Whether a protocol is an application's, so that a hit in it proves that traffic got as far as the application.
pub(crate) fn is_application(protocol: &str) -> bool {
    let below = ["tcp", "udp", "icmp", "icmpv6", "ip", "any"];
    !protocol.is_empty() && !below.iter().any(|name| protocol.eq_ignore_ascii_case(name))
}

/// A detection with its sides told apart: in a log with a true source and destination, the own end is local. Where both
/// or neither is own, the source is.
pub fn orient(row: DetectionRef<'_>, policy: &Policy) -> Detection {
    let detection = *row.detection;
    let Endpoints::Directed { source, destination } = detection.endpoints else { return detection };
    let own = |peer: Peer| policy.networks.scope(peer, None, row.symbols).0 == Scope::Own;
    if own(destination) && !own(source) {
        let turn = |service: Service| Service { side: service.side.peer(), ..service };
        let endpoints =
            Endpoints::Sided { local: destination, remote: source, direction: Direction::Incoming };
        return Detection { endpoints, service: detection.service.map(turn), ..detection };
    }
    let endpoints = Endpoints::Sided { local: source, remote: destination, direction: Direction::Outgoing };
    Detection { endpoints, ..detection }
}

impl Census {
    /// Takes in a detection whose sides are told apart, with the last instant of its rows.
    pub fn see(&mut self, row: DetectionRef<'_>, last: Instant, policy: &Policy) {
        let outside = || policy.networks.scope(row.remote(), row.local().ip, row.symbols).0 != Scope::Own;
        self.take(row, last, outside);
    }
}

/// Whether the ports say another origin than direction and message do.
fn ports_contradict(row: DetectionRef<'_>, origin: Origin, basis: Basis) -> bool {
    basis == Basis::DirectionAndMessage
        && crate::origin::by_ports(row).is_some_and(|by_ports| by_ports != origin)
}

#[cfg(test)]
mod failing;
#[cfg(test)]
pub(crate) mod tests;
#[cfg(test)]
mod totality;
