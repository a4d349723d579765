//! One event in several logs: a callback log has neither direction nor rule, and the connection log of the same event has
//! both. So the record that says most speaks for the others on its host, remote end and result.

use crate::census::Census;
use crate::judge::{Judgement, judge};
use crate::origin::of_callback_log;
use crate::policy::Policy;
use ringback_model::{
    Basis, DetectionRef, Digest, Fingerprint, Instant, Log, Map, Message, Set, Severity, Verdict,
};

/// What records of callback logs ask for, and what connection logs say to it. Merges in any order.
#[derive(Clone, Debug, Default)]
pub struct OtherLogs {
    asked: Set<Fingerprint>,
    told: Map<Fingerprint, (Rank, Judgement)>,
}

/// How much a record says: what its origin stands on, how bad it is; then what keeps the choice from depending on any order.
type Rank = (Basis, Severity, Fingerprint, Instant);

/// Host, remote end and result of a record.
fn event(row: DetectionRef<'_>) -> Fingerprint {
    let mut digest = Digest::of("event 1");
    digest.text(&row.host().to_lowercase()).text(&row.remote_text().to_lowercase());
    digest.text(row.detection.result.as_str()).fingerprint()
}

/// Whether a basis is stronger than what a record of a callback log stands on by itself.
fn is_stronger(told: Basis, own: Basis) -> bool {
    match own {
        Basis::None => told != Basis::None,
        Basis::ListNoDirection => told < Basis::ListNoDirection,
        _ => false,
    }
}

impl OtherLogs {
    /// Notes what a record of a callback log does not say itself.
    pub fn ask(&mut self, row: DetectionRef<'_>) {
        let weak = || matches!(of_callback_log(row).1, Basis::None | Basis::ListNoDirection);
        if row.detection.log == Log::Callback && weak() {
            self.asked.insert(event(row));
        }
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.asked.is_empty()
    }

    /// What a record of a connection log says, if it is asked for by `self`.
    pub fn answer(
        &self,
        answers: &mut OtherLogs,
        (row, fingerprint, at): (DetectionRef<'_>, Fingerprint, Instant),
        policy: &Policy,
        census: &Census,
    ) {
        if row.detection.log != Log::Connection {
            return;
        }
        let event = event(row);
        if self.asked.contains(&event) {
            let judgement = judge(row, at, policy, census);
            let Verdict { origin_basis, severity, .. } = judgement.verdict;
            answers.keep(event, ((origin_basis, severity, fingerprint, at), judgement));
        }
    }

    fn keep(&mut self, event: Fingerprint, told: (Rank, Judgement)) {
        match self.told.get_mut(&event) {
            Some(known) if known.0 <= told.0 => {}
            Some(known) => *known = told,
            None => _ = self.told.insert(event, told),
        }
    }

    /// All that two know.
    #[must_use]
    pub fn joined(mut self, other: OtherLogs) -> OtherLogs {
        self.asked.extend(other.asked);
        #[expect(clippy::iter_over_hash_type, reason = "the one that says most stays in any order")]
        for (event, told) in other.told {
            self.keep(event, told);
        }
        self
    }

    /// What another log says of a record whose origin stands on `own`, and the number that stands for it.
    pub(crate) fn of(&self, row: DetectionRef<'_>) -> Option<(Fingerprint, &Judgement)> {
        if self.told.is_empty() || row.detection.log != Log::Callback {
            return None;
        }
        let event = event(row);
        let (rank, judgement) = self.told.get(&event)?;
        is_stronger(rank.0, of_callback_log(row).1).then_some((event, judgement))
    }
}

/// The judgement of a record that another log's speaks for.
pub(crate) fn adopted(told: &Judgement) -> Judgement {
    let verdict = Verdict { origin_basis: Basis::OtherLog, ..told.verdict };
    let mut reasons = vec![Message::new("origin.other-log")];
    reasons.extend(told.reasons.iter().cloned());
    Judgement { verdict, reasons }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringback_model::{
        Detection, Direction, Endpoints, ListSource, Origin, Peer, Profile, RequestKind, ResultKind,
        Scenario, Symbols, Threat,
    };

    fn detection(symbols: &mut Symbols, log: Log, remote: &str, result: ResultKind) -> Detection {
        let peer = |ip: &str| Peer { ip: ip.parse().ok(), ..Peer::default() };
        let direction = if log == Log::Callback { Direction::None } else { Direction::Incoming };
        Detection {
            log,
            endpoint: symbols.intern(if log == Log::Callback { "WEB01" } else { "web01" }),
            endpoints: Endpoints::Sided { local: peer("10.0.0.1"), remote: peer(remote), direction },
            message: if log == Log::Callback { RequestKind::Unknown } else { RequestKind::Request },
            result,
            list: ListSource::RelevanceRule,
            threat: if log == Log::Callback { Threat::Callback } else { Threat::Exploit },
            ..Detection::default()
        }
    }

    /// What is said of a callback record that has these connection records beside it.
    fn said(connections: &[(&str, ResultKind)]) -> Judgement {
        let mut symbols = Symbols::new();
        let policy = Policy::compile(&Profile::default()).unwrap();
        let (mut asked, mut answers) = (OtherLogs::default(), OtherLogs::default());
        let callback = detection(&mut symbols, Log::Callback, "30.1.1.1", ResultKind::Blocked);
        let connections: Vec<Detection> = connections
            .iter()
            .map(|(remote, result)| detection(&mut symbols, Log::Connection, remote, *result))
            .collect();
        asked.ask(callback.with(&symbols));
        assert!(!asked.is_empty());
        let (at, mut census) = (Instant::from_seconds(0), Census::default());
        for one in &connections {
            asked.ask(one.with(&symbols));
            asked.answer(&mut answers, (one.with(&symbols), one.fingerprint(&symbols), at), &policy, &census);
        }
        census.hear(asked.joined(answers));
        judge(callback.with(&symbols), at, &policy, &census)
    }

    #[test]
    fn a_record_with_direction_and_rule_speaks_for_one_without() {
        let told = said(&[("30.1.1.1", ResultKind::Blocked), ("30.1.1.2", ResultKind::Blocked)]);
        assert_eq!(
            (told.verdict.scenario, told.verdict.origin),
            (Scenario::InboundFromInternet, Origin::Remote)
        );
        assert_eq!(told.verdict.origin_basis, Basis::OtherLog);
        let keys: Vec<&str> = told.reasons.iter().map(|reason| reason.key).collect();
        assert_eq!(keys[..3], ["origin.other-log", "origin.incoming-request", "scope.public"]);
        for others in [&[][..], &[("30.1.1.1", ResultKind::Logged)], &[("30.1.1.2", ResultKind::Blocked)]] {
            assert_eq!(said(others).verdict.scenario, Scenario::Undetermined, "{others:?}");
        }
    }

    #[test]
    fn only_a_stronger_basis_speaks() {
        for (told, own, expected) in [
            (Basis::DirectionAndMessage, Basis::None, true),
            (Basis::Weak, Basis::None, true),
            (Basis::None, Basis::None, false),
            (Basis::Ports, Basis::ListNoDirection, true),
            (Basis::DirectionOnly, Basis::ListNoDirection, false),
            (Basis::DirectionAndMessage, Basis::CallbackName, false),
        ] {
            assert_eq!(is_stronger(told, own), expected, "{told} {own}");
        }
    }
}
