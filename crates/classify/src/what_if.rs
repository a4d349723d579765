//! What would have changed a verdict: each thing that it depends on is changed by itself, and the same code judges again.

use crate::census::Census;
use crate::end::End;
use crate::judge::{Step, Trace, judge, judge_traced};
use crate::policy::Policy;
use ipnet::IpNet;
use ringback_model::profile::{
    Faces, HostMatch, KnownExploited, Period, Published, Relay, RelayKind, Scanner, Vulnerability,
};
use ringback_model::{
    Detection, DetectionRef, Direction, Endpoints, Instant, ListSource, Log, Message, Peer, Profile,
    RequestKind, ResultKind, Risk, Scope, Service, Side, Symbols, Threat, Verdict, Vulnerable,
};

/// A verdict with each step to it and what would have changed that.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, as reports say it.
    pub reasons: Vec<Message>,
    /// The steps, in the order in which they depend on each other.
    pub steps: Vec<ExplainedStep>,
}

/// One step to a verdict.
#[derive(Clone, Debug)]
pub struct ExplainedStep {
    /// What was settled, as what, and by which rule.
    pub step: Step,
    /// What would have settled it otherwise, by the value that it would have; in the order of the premises.
    pub changes: Vec<Change>,
}

/// A value that a step would have under other premises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The value.
    pub value: &'static str,
    /// The premises, each of which alone is enough.
    pub premises: Vec<Premise>,
}

/// Something that is otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Premise {
    /// Its key in the catalogue of words.
    pub key: &'static str,
    /// The words of a vocabulary, any of which it would be; none where the key says it all.
    pub words: Vec<&'static str>,
}

/// The keys of all premises, for the catalogue of words, each with the kind of the words that it takes.
pub const PREMISES: &[(&str, &str)] = &[
    ("if.direction", "direction"),
    ("if.message", "message"),
    ("if.ports-local", ""),
    ("if.ports-remote", ""),
    ("if.ports-neither", ""),
    ("if.list", "list"),
    ("if.threat", "threat"),
    ("if.result", "result"),
    ("if.risk", "risk"),
    ("if.server-process", ""),
    ("if.other-process", ""),
    ("if.named-remote", ""),
    ("if.own-remote", ""),
    ("if.private-unlisted", ""),
    ("if.scanner", ""),
    ("if.no-scanner", ""),
    ("if.relay-inside", ""),
    ("if.relay-asked", ""),
    ("if.relay-internet", ""),
    ("if.no-relay", ""),
    ("if.published", ""),
    ("if.closed", ""),
    ("if.exposure-unsaid", ""),
    ("if.vulnerable", ""),
    ("if.not-vulnerable", ""),
    ("if.vulnerability-unsaid", ""),
    ("if.exploited", ""),
    ("if.not-exploited", ""),
    ("if.answered", ""),
    ("if.called-out", ""),
    ("if.nothing-seen", ""),
    ("if.no-override", ""),
];

/// Hears all steps.
#[derive(Default)]
struct Steps(Vec<Step>);

impl Trace for Steps {
    fn step(&mut self, step: impl FnOnce() -> Step) {
        self.0.push(step());
    }
}

/// Explains the verdict of a detection whose sides are told apart. `at` is the first instant of its rows.
pub fn explain(row: DetectionRef<'_>, at: Instant, policy: &Policy, census: &Census) -> Explained {
    let mut steps = Steps::default();
    let judged = judge_traced(row, at, policy, census, &mut steps);
    let base = values(&judged.verdict, policy);
    let steps = steps.0.into_iter().map(|step| ExplainedStep { step, changes: Vec::new() });
    let mut explained =
        Explained { verdict: judged.verdict, reasons: judged.reasons, steps: steps.collect() };
    let case = Case { row, at, policy, census, verdict: judged.verdict };
    case.each(&mut |key, word, other, policy| {
        for ((what, before), (_, after)) in base.iter().zip(values(other, policy)) {
            let step = explained.steps.iter_mut().find(|step| step.step.what == *what && *before != after);
            if let Some(step) = step {
                step.add(after, key, word);
            }
        }
    });
    explained
}

impl ExplainedStep {
    fn add(&mut self, value: &'static str, key: &'static str, word: Option<&'static str>) {
        let at = self.changes.iter().position(|change| change.value == value).unwrap_or_else(|| {
            self.changes.push(Change { value, premises: Vec::new() });
            self.changes.len() - 1
        });
        let premises = &mut self.changes[at].premises;
        match premises.iter_mut().find(|premise| premise.key == key) {
            Some(premise) => premise.words.extend(word),
            None => premises.push(Premise { key, words: word.into_iter().collect() }),
        }
    }
}

/// The value of each step, in the order in which they depend on each other.
pub(crate) fn values(verdict: &Verdict, policy: &Policy) -> [(&'static str, &'static str); 11] {
    let relay = verdict.relay.and_then(|number| policy.relay(number));
    [
        ("scope", verdict.remote_scope.as_str()),
        ("origin", verdict.origin.as_str()),
        ("authorised", crate::judge::authorised_word(verdict)),
        ("relay", relay.map_or("none", |relay| relay.kind.as_str())),
        ("scenario", verdict.scenario.as_str()),
        ("suspect", verdict.suspect.as_str()),
        ("stopped", verdict.stopped.as_str()),
        ("target", verdict.target.as_str()),
        ("exposure", verdict.exposure.as_str()),
        ("vulnerable", verdict.vulnerable.as_str()),
        ("severity", verdict.severity.as_str()),
    ]
}

/// Hears a premise, its word, the verdict under it and the policy that this was reached by.
type Hear<'h> = dyn FnMut(&'static str, Option<&'static str>, &Verdict, &Policy) + 'h;

/// Takes a premise and what it changes in the profile.
type Add<'a> = dyn FnMut(&'static str, &dyn Fn(&mut Profile)) + 'a;

/// A detection with all that it is judged by.
struct Case<'c> {
    row: DetectionRef<'c>,
    at: Instant,
    policy: &'c Policy,
    census: &'c Census,
    verdict: Verdict,
}

impl Case<'_> {
    fn each(&self, hear: &mut Hear<'_>) {
        self.log_says(hear);
        self.process_and_name(hear);
        self.profile_says(hear);
        self.others_say(hear);
    }

    /// What the log says of this row.
    fn log_says(&self, hear: &mut Hear<'_>) {
        let same = *self.row.detection;
        for direction in Direction::ALL {
            let Endpoints::Sided { local, remote, .. } = same.endpoints else { continue };
            let endpoints = Endpoints::Sided { local, remote, direction: *direction };
            let callback = same.log == Log::Callback;
            self.judge_as(
                !callback,
                Detection { endpoints, ..same },
                "if.direction",
                direction.as_str(),
                hear,
            );
        }
        for message in RequestKind::ALL {
            self.judge_as(
                true,
                Detection { message: *message, ..same },
                "if.message",
                message.as_str(),
                hear,
            );
        }
        let port = same.service.map_or(443, |service| service.port);
        let sole = |side| Some(Service { side, port, sole: true });
        for (key, service) in [
            ("if.ports-local", sole(Side::Local)),
            ("if.ports-remote", sole(Side::Remote)),
            ("if.ports-neither", None),
        ] {
            let fits = same.service.filter(|service| service.sole).map(|service| service.side)
                != service.map(|service| service.side);
            self.judge_as(fits, Detection { service, ..same }, key, "", hear);
        }
        for list in ListSource::ALL {
            self.judge_as(true, Detection { list: *list, ..same }, "if.list", list.as_str(), hear);
        }
        for threat in Threat::ALL {
            self.judge_as(true, Detection { threat: *threat, ..same }, "if.threat", threat.as_str(), hear);
        }
        for result in ResultKind::ALL {
            self.judge_as(true, Detection { result: *result, ..same }, "if.result", result.as_str(), hear);
        }
        for risk in Risk::ALL {
            self.judge_as(true, Detection { risk: *risk, ..same }, "if.risk", risk.as_str(), hear);
        }
    }

    fn judge_as(
        &self,
        fits: bool,
        detection: Detection,
        key: &'static str,
        word: &'static str,
        hear: &mut Hear<'_>,
    ) {
        if fits && detection != *self.row.detection {
            let judged = judge(detection.with(self.row.symbols), self.at, self.policy, self.census);
            hear(key, Some(word).filter(|word| !word.is_empty()), &judged.verdict, self.policy);
        }
    }

    /// What a callback log is judged by besides: the process, and whether the callback address is a name.
    fn process_and_name(&self, hear: &mut Hear<'_>) {
        if self.row.detection.log != Log::Callback {
            return;
        }
        let mut symbols = Symbols::new();
        let remap = symbols.absorb(self.row.symbols);
        let same = self.row.detection.remap(&remap);
        let server = crate::origin::is_server(self.row.text(self.row.detection.process));
        let (key, process) =
            if server { ("if.other-process", "program.exe") } else { ("if.server-process", "System") };
        let mut all = vec![(key, Detection { process: symbols.intern(process), ..same })];
        if let Endpoints::Sided { local, remote, direction } = same.endpoints
            && remote.name.is_empty()
        {
            let remote = Peer { ip: remote.ip, name: symbols.intern("http://name.invalid/") };
            let endpoints = Endpoints::Sided { local, remote, direction };
            all.push(("if.named-remote", Detection { endpoints, ..same }));
        }
        for (key, detection) in all {
            let judged = judge(detection.with(&symbols), self.at, self.policy, self.census);
            hear(key, None, &judged.verdict, self.policy);
        }
    }

    /// What the client says.
    fn profile_says(&self, hear: &mut Hear<'_>) {
        let mut all: Vec<(&'static str, Profile)> = Vec::new();
        let mut add = |key, change: &dyn Fn(&mut Profile)| {
            let mut profile = self.policy.profile.clone();
            change(&mut profile);
            all.push((key, profile));
        };
        self.networks(&mut add);
        self.roles(&mut add);
        self.target(&mut add);
        if !self.policy.profile.severity.is_empty() {
            add("if.no-override", &|profile| profile.severity.clear());
        }
        for (key, profile) in all {
            // A profile that is the client's but for entries that are right can be compiled, as the client's was.
            let Ok(policy) = Policy::compile(&profile) else { continue };
            let judged = judge(self.row, self.at, &policy, self.census);
            hear(key, None, &judged.verdict, &policy);
        }
    }

    fn networks(&self, add: &mut Add<'_>) {
        let remote = End::of(self.row, Side::Remote);
        if self.verdict.remote_scope != Scope::Own {
            add("if.own-remote", &|profile| {
                profile.networks.own.extend(remote.ip.map(IpNet::from));
                if remote.ip.is_none() && !remote.name.is_empty() {
                    profile.networks.names.push(remote.name.to_owned());
                }
            });
        } else if self.policy.private_assumed() && remote.ip.is_some_and(crate::special::is_private) {
            add("if.private-unlisted", &|profile| profile.networks.only = true);
        }
    }

    fn roles(&self, add: &mut Add<'_>) {
        let origin = crate::scenario::side_of(self.verdict.origin);
        let end = |side| End::of(self.row, side);
        if let Some(ip) = origin.and_then(|side| end(side).ip) {
            add("if.scanner", &|profile| {
                let scanner = Scanner { network: ip.into(), name: String::new(), period: Period::default() };
                profile.scanners.push(scanner);
            });
        }
        if !self.policy.profile.scanners.is_empty() {
            add("if.no-scanner", &|profile| profile.scanners.clear());
        }
        let relay = |side, kind: RelayKind, faces| {
            let End { ip, name } = end(side);
            Relay { address: ip, host: name.to_owned(), kind, faces, name: String::new() }
        };
        if let Some(side) = origin {
            add("if.relay-inside", &|profile| {
                profile.relays.insert(0, relay(side, RelayKind::Proxy, Faces::Inside));
            });
            add("if.relay-asked", &|profile| {
                profile.relays.insert(0, relay(side.peer(), RelayKind::Proxy, Faces::Inside));
            });
        }
        add("if.relay-internet", &|profile| {
            profile.relays.insert(0, relay(Side::Remote, RelayKind::ReverseProxy, Faces::Internet));
        });
        if !self.policy.profile.relays.is_empty() {
            add("if.no-relay", &|profile| profile.relays.clear());
        }
    }

    fn target(&self, add: &mut Add<'_>) {
        let side = match self.verdict.target {
            ringback_model::Target::Local => Side::Local,
            ringback_model::Target::Remote => Side::Remote,
            ringback_model::Target::None => return,
        };
        let End { ip, name } = End::of(self.row, side);
        let entry =
            || Published { network: ip.map(IpNet::from), host: name.to_owned(), ..Published::default() };
        add("if.published", &|profile| profile.exposure.published.push(entry()));
        add("if.closed", &|profile| {
            profile.exposure.published.clear();
            profile.exposure.complete = true;
        });
        add("if.exposure-unsaid", &|profile| {
            profile.exposure.published.clear();
            profile.exposure.complete = false;
        });
        let cves: Vec<String> = self.row.cves().map(str::to_owned).collect();
        if cves.is_empty() {
            return;
        }
        let said =
            |vulnerable| Vulnerability { hosts: HostMatch::Any, cves: cves.clone(), vulnerable, since: None };
        add("if.vulnerable", &|profile| profile.vulnerabilities = vec![said(true)]);
        add("if.not-vulnerable", &|profile| profile.vulnerabilities = vec![said(false)]);
        if self.verdict.vulnerable != Vulnerable::Unknown {
            add("if.vulnerability-unsaid", &|profile| profile.vulnerabilities.clear());
        }
        let known = self.policy.exploited.worst(self.row).is_some();
        if known {
            add("if.not-exploited", &|profile| profile.known_exploited.clear());
        } else {
            let entry = |cve: &String| KnownExploited {
                cve: cve.clone(),
                added: String::new(),
                due: String::new(),
                ransomware: false,
            };
            add("if.exploited", &|profile| profile.known_exploited = cves.iter().map(entry).collect());
        }
    }

    /// What other rows say.
    fn others_say(&self, hear: &mut Hear<'_>) {
        let with = |direction, message, threat| {
            let endpoints = match self.row.detection.endpoints {
                Endpoints::Sided { local, remote, .. } => Endpoints::Sided { local, remote, direction },
                directed @ Endpoints::Directed { .. } => directed,
            };
            Detection { endpoints, message, threat, ..*self.row.detection }
        };
        let answer = with(Direction::Outgoing, RequestKind::Response, Threat::Exploit);
        let call = with(Direction::Outgoing, RequestKind::Request, Threat::Callback);
        let mut seen = |key, mut census: Census, other: Option<(Detection, Instant)>| {
            if let Some((detection, last)) = other {
                census.take(detection.with(self.row.symbols), last, || true);
            }
            hear(key, None, &judge(self.row, self.at, self.policy, &census).verdict, self.policy);
        };
        seen("if.answered", self.census.clone(), Some((answer, self.at)));
        seen("if.called-out", self.census.clone(), Some((call, Instant::from_micros(i64::MAX))));
        seen("if.nothing-seen", self.census.of_other_logs(), None);
    }
}

#[cfg(test)]
mod tests;
