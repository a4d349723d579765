//! Judgements that were made before: of most detections the same is to be said as of others.

use crate::census::Census;
use crate::end::End;
use crate::exposure::exposure;
use crate::judge::{Judgement, is_application, judge};
use crate::origin::is_server;
use crate::policy::Policy;
use crate::special::is_private;
use ringback_model::profile::{Faces, OpenService};
use ringback_model::{
    DetectionRef, Direction, Exposure, Fingerprint, Instant, ListSource, Log, Map, Message, RequestKind,
    ResultKind, Risk, Scope, Severity, Side, Threat, Verdict, Vulnerable, guarded,
};

/// The reason of a verdict on a detection in which the program fails.
const FAILED: &str = "judging.fault";

/// All that a judgement depends on: detections that are alike in this are judged alike. A test holds it to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Likeness<'p> {
    log: Log,
    direction: Direction,
    message: RequestKind,
    result: ResultKind,
    list: ListSource,
    threat: Threat,
    risk: Risk,
    /// The only side on a server port.
    serving: Option<Side>,
    scope: Scope,
    scope_detail: &'static str,
    local_private: bool,
    /// Whether the remote end has a name.
    named: bool,
    /// Whether a family is named.
    family: bool,
    /// Whether the process is a server's; asked for callback logs only.
    server: bool,
    /// Whether the protocol is an application's.
    application: bool,
    answered: bool,
    called_out: bool,
    /// The event that another log's record speaks for.
    told_elsewhere: Option<Fingerprint>,
    said: Said<'p>,
}

/// What the profile says of both ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Said<'p> {
    /// The relays at both ends, by what they face.
    relays: [[Option<u16>; 2]; 2],
    scanners: [Option<&'p str>; 2],
    exposure: [Exposure; 2],
    vulnerable: [Vulnerable; 2],
    /// The services that scans found open at both ends.
    open: [Option<&'p OpenService>; 2],
    /// The entry of what is known to be exploited.
    exploited: Option<u32>,
}

/// Judges many detections, and like ones once. One thread's.
#[derive(Debug)]
pub struct Judgements<'p> {
    policy: &'p Policy,
    census: &'p Census,
    known: Map<Likeness<'p>, usize>,
    made: Vec<Judgement>,
    /// What judges; tests put something else here.
    pub(crate) by: Judge,
    /// The judgement of detections in which the program fails.
    failed: Option<usize>,
}

/// What [`judge`] is.
pub(crate) type Judge = fn(DetectionRef<'_>, Instant, &Policy, &Census) -> Judgement;

impl<'p> Judgements<'p> {
    /// None yet.
    pub fn new(policy: &'p Policy, census: &'p Census) -> Self {
        Judgements { policy, census, known: Map::default(), made: Vec::new(), by: judge, failed: None }
    }

    /// What [`judge`] says of a detection whose sides are told apart, with the number under which that is kept: dense,
    /// counted from 0. Judgements of two numbers may be equal.
    pub fn judge(&mut self, row: DetectionRef<'_>, at: Instant) -> (usize, &Judgement) {
        let number = guarded(|| self.number(row, at)).unwrap_or_else(|_| self.number_of_failed());
        (number, &self.made[number])
    }

    /// The number of a judgement, which is made where there is none of the kind.
    fn number(&mut self, row: DetectionRef<'_>, at: Instant) -> usize {
        let likeness = Likeness::of(row, at, self.policy, self.census);
        if let Some(number) = self.known.get(&likeness) {
            return *number;
        }
        // Only what was judged is kept.
        let judgement = (self.by)(row, at, self.policy, self.census);
        self.made.push(judgement);
        self.known.insert(likeness, self.made.len() - 1);
        self.made.len() - 1
    }

    /// The number of what is said where the program fails.
    fn number_of_failed(&mut self) -> usize {
        if self.failed.is_none() {
            self.made.push(failed());
        }
        *self.failed.get_or_insert(self.made.len() - 1)
    }
}

/// What is said of a detection in which the program fails: nothing is known, so all could be, and it says why. Its rows are
/// counted like others.
fn failed() -> Judgement {
    let verdict = Verdict { severity: Severity::Critical, at_most: true, ..Verdict::default() };
    Judgement { verdict, reasons: vec![Message::new(FAILED)] }
}

impl<'p> Likeness<'p> {
    fn of(row: DetectionRef<'_>, at: Instant, policy: &'p Policy, census: &Census) -> Self {
        let (detection, remote, local) = (row.detection, row.remote(), row.local());
        let (scope, scope_detail) = policy.networks.scope(remote, local.ip, row.symbols);
        let from_outside =
            detection.threat == Threat::Exploit && (scope != Scope::Own || !policy.profile.relays.is_empty());
        Likeness {
            log: detection.log,
            direction: row.direction(),
            message: detection.message,
            result: detection.result,
            list: detection.list,
            threat: detection.threat,
            risk: detection.risk,
            serving: detection.service.filter(|service| service.sole).map(|service| service.side),
            scope,
            scope_detail,
            local_private: local.ip.is_some_and(is_private),
            named: !remote.name.is_empty(),
            family: !detection.family.is_empty(),
            server: detection.log == Log::Callback && is_server(row.text(detection.process)),
            application: is_application(row.text(detection.protocol)),
            answered: from_outside && census.answered(row),
            called_out: from_outside && census.called_out_after(row, at),
            told_elsewhere: census.other_logs().of(row).map(|(event, _)| event),
            said: Said::of(row, at, policy),
        }
    }
}

impl<'p> Said<'p> {
    fn of(row: DetectionRef<'_>, at: Instant, policy: &'p Policy) -> Self {
        let sides = [Side::Local, Side::Remote];
        let exploit = row.detection.threat == Threat::Exploit;
        Said {
            relays: if policy.profile.relays.is_empty() {
                [[None; 2]; 2]
            } else {
                sides.map(|side| {
                    [Faces::Inside, Faces::Internet].map(|faces| policy.relay_at(End::of(row, side), faces))
                })
            },
            scanners: sides.map(|side| policy.scanner_of(row, side, at)),
            exposure: sides.map(|side| exposure(&policy.profile.exposure, row, side)),
            vulnerable: if exploit {
                sides.map(|side| policy.vulnerabilities.vulnerable(row, side, at))
            } else {
                [Vulnerable::Unknown; 2]
            },
            open: sides.map(|side| policy.open_at(row, side)),
            exploited: policy.exploited.worst(row),
        }
    }
}
