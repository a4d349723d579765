//! What all detections say together, gathered before any is judged: who answered whom, who called out and when.

use crate::other_logs::OtherLogs;
use ringback_model::{DetectionRef, Direction, Instant, Log, Map, RequestKind, Set, Threat};

/// A gathering over detections. Merges in any order.
#[derive(Clone, Debug, Default)]
pub struct Census {
    /// The last call of each host to a command server that is not the client's.
    called_out: Map<String, Instant>,
    /// Hosts and the remote ends that they answered with an exploit's response.
    answered: Map<String, Set<String>>,
    /// Whether there are records of callback logs, and of connection logs.
    logs: [bool; 2],
    /// What connection logs say of records of callback logs.
    other_logs: OtherLogs,
}

impl Census {
    /// Takes in a detection. `outside` says whether its remote end is not the client's.
    pub(crate) fn take(&mut self, row: DetectionRef<'_>, last: Instant, outside: impl FnOnce() -> bool) {
        let detection = row.detection;
        self.logs[0] |= detection.log == Log::Callback;
        self.logs[1] |= detection.log == Log::Connection;
        let host = || row.host().to_lowercase();
        let outgoing = row.direction() == Direction::Outgoing;
        let asks = detection.log == Log::Callback || (outgoing && detection.message != RequestKind::Response);
        if asks && matches!(detection.threat, Threat::Callback | Threat::Ransomware) && outside() {
            let known = self.called_out.entry(host()).or_insert(last);
            *known = (*known).max(last);
        }
        if outgoing && detection.message == RequestKind::Response && detection.threat == Threat::Exploit {
            self.answered.entry(host()).or_default().insert(row.remote_text().to_lowercase());
        }
    }

    /// All that two gathered.
    #[must_use]
    pub fn joined(mut self, other: Census) -> Census {
        self.merge(other);
        self
    }

    /// Adds all that another gathered.
    pub fn merge(&mut self, other: Census) {
        #[expect(clippy::iter_over_hash_type, reason = "the later instant stays in any order")]
        for (host, last) in other.called_out {
            let known = self.called_out.entry(host).or_insert(last);
            *known = (*known).max(last);
        }
        #[expect(clippy::iter_over_hash_type, reason = "sets are the same in any order")]
        for (host, ends) in other.answered {
            self.answered.entry(host).or_default().extend(ends);
        }
        self.logs = [self.logs[0] | other.logs[0], self.logs[1] | other.logs[1]];
        self.other_logs = std::mem::take(&mut self.other_logs).joined(other.other_logs);
    }

    /// Whether connection logs may say more of what callback logs hold.
    pub fn has_both_logs(&self) -> bool {
        self.logs == [true; 2]
    }

    /// Takes in what connection logs say of records of callback logs.
    pub fn hear(&mut self, told: OtherLogs) {
        self.other_logs = told;
    }

    /// What connection logs say of records of callback logs.
    pub(crate) fn other_logs(&self) -> &OtherLogs {
        &self.other_logs
    }

    /// Only what other logs say, without what hosts were seen to do.
    pub(crate) fn of_other_logs(&self) -> Census {
        Census { logs: self.logs, other_logs: self.other_logs.clone(), ..Census::default() }
    }

    /// Whether the host of a detection called a command server after an instant.
    pub(crate) fn called_out_after(&self, row: DetectionRef<'_>, at: Instant) -> bool {
        self.called_out.get(&row.host().to_lowercase()).is_some_and(|last| *last > at)
    }

    /// Whether the host of a detection answered its remote end with an exploit's response.
    pub(crate) fn answered(&self, row: DetectionRef<'_>) -> bool {
        !self.answered.is_empty()
            && self
                .answered
                .get(&row.host().to_lowercase())
                .is_some_and(|ends| ends.contains(&row.remote_text().to_lowercase()))
    }
}
