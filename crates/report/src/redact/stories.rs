//! What a case tells beyond its findings, redacted. Every field is named, so that a field that is added has to be thought of.

use super::case::{Redacted, Role, Table};
use super::known::is_own;
use ringback_model::case::{
    Host, Incident, LogRows, Question, Remote, SuggestedRelay, SuppressionUse, TakenOut, Unknown,
};
use ringback_model::overview::Overview;
use ringback_model::profile::{EndMatch, Suppression};
use ringback_model::spread::{Campaign, Contact, Sequence};
use ringback_model::{FindingId, IncidentId};
use std::net::IpAddr;

impl Redacted {
    pub(super) fn incident(&self, incident: &Incident, table: &mut Table<'_>) -> Incident {
        let Incident {
            id,
            scenario,
            severity,
            at_most,
            suspect,
            host,
            service,
            rows,
            blocked,
            occurrences,
            first,
            last,
            findings,
            reasons,
            techniques,
            advice: _,
            rows_once,
            blocked_once,
            logs,
        } = incident;
        let log = |LogRows { log, product, rows, blocked }: &LogRows| LogRows {
            log: *log,
            product: table.apply(*product, Role::Any, self),
            rows: *rows,
            blocked: *blocked,
        };
        Incident {
            id: IncidentId::new(&self.id("incident", &id.to_string())),
            scenario: *scenario,
            severity: *severity,
            at_most: *at_most,
            suspect: *suspect,
            host: self.host_name(host),
            service: self.text(service),
            rows: *rows,
            blocked: *blocked,
            occurrences: *occurrences,
            first: *first,
            last: *last,
            findings: findings.clone(),
            reasons: self.messages(reasons),
            techniques: techniques.clone(),
            advice: Vec::new(),
            rows_once: *rows_once,
            blocked_once: *blocked_once,
            logs: logs.iter().map(log).collect(),
        }
    }

    pub(super) fn host(&self, one: &Host) -> Host {
        let Host { host, addresses, severity, rows, findings, remotes, first, last, activity } = one;
        let mut addresses: Vec<IpAddr> = addresses.iter().map(|ip| self.scanner.address(*ip)).collect();
        addresses.sort_unstable();
        Host {
            host: self.host_name(host),
            addresses,
            severity: *severity,
            rows: *rows,
            findings: *findings,
            remotes: *remotes,
            first: *first,
            last: *last,
            activity: activity.clone(),
        }
    }

    pub(super) fn remote(&self, one: &Remote) -> Remote {
        let Remote { remote, scope, risk, severity, rows, findings, hosts, first, last } = one;
        Remote {
            remote: self.far_end(remote, is_own(*scope)),
            scope: *scope,
            risk: *risk,
            severity: *severity,
            rows: *rows,
            findings: *findings,
            hosts: *hosts,
            first: *first,
            last: *last,
        }
    }

    pub(super) fn overview(&self, overview: &Overview) -> Overview {
        let Overview { hosts, remotes, more_hosts, more_remotes, pairs } = overview;
        let remote = |(remote, scope): &(String, _)| (self.far_end(remote, is_own(*scope)), *scope);
        Overview {
            hosts: hosts.iter().map(|host| self.host_name(host)).collect(),
            remotes: remotes.iter().map(remote).collect(),
            more_hosts: *more_hosts,
            more_remotes: *more_remotes,
            pairs: pairs.clone(),
        }
    }

    /// The other end, which may be the client's too.
    fn far_end(&self, text: &str, own: bool) -> String {
        self.in_role(text, if own { Role::Own } else { Role::Any })
    }

    pub(super) fn campaign(&self, campaign: &Campaign) -> Campaign {
        let Campaign {
            remote,
            scope,
            risk,
            severity,
            hosts,
            contacts,
            rows,
            blocked,
            first,
            last,
            finding_count,
            findings,
        } = campaign;
        let contact = |Contact { host, first, rows }: &Contact| Contact {
            host: self.host_name(host),
            first: *first,
            rows: *rows,
        };
        Campaign {
            remote: self.far_end(remote, is_own(*scope)),
            scope: *scope,
            risk: *risk,
            severity: *severity,
            hosts: *hosts,
            contacts: contacts.iter().map(contact).collect(),
            rows: *rows,
            blocked: *blocked,
            first: *first,
            last: *last,
            finding_count: *finding_count,
            findings: findings.clone(),
        }
    }

    pub(super) fn sequence(&self, sequence: &Sequence) -> Sequence {
        let Sequence { host, severity, attack, attacks, followed, next, gap_seconds, called_before, rows } =
            sequence;
        Sequence {
            host: self.host_name(host),
            severity: *severity,
            attack: *attack,
            attacks: *attacks,
            followed: *followed,
            next: next.clone(),
            gap_seconds: *gap_seconds,
            called_before: *called_before,
            rows: *rows,
        }
    }

    pub(super) fn question(&self, question: &Question) -> Question {
        let Question { id, text, details, rows, undetermined, findings, toml } = question;
        Question {
            id: self.text(id),
            text: self.message(text),
            details: self.messages(details),
            rows: *rows,
            undetermined: *undetermined,
            findings: *findings,
            toml: self.text(toml),
        }
    }

    pub(super) fn unknown(&self, unknown: &Unknown) -> Unknown {
        let Unknown { id, kind, text, why, settle, details, rows, findings, question } = unknown;
        Unknown {
            id,
            kind: *kind,
            text: self.message(text),
            why: self.message(why),
            settle: self.message(settle),
            details: self.messages(details),
            rows: *rows,
            findings: *findings,
            question: self.text(question),
        }
    }

    /// Who used an address.
    pub(super) fn names_of(&self, (address, names): (&IpAddr, &Vec<String>)) -> (IpAddr, Vec<String>) {
        (self.scanner.address(*address), names.iter().map(|name| self.host_name(name)).collect())
    }

    /// A host that may be a relay, under the name that it has among the hosts or the remotes.
    pub(super) fn suggested(
        &self,
        (name, relay): (&String, &SuggestedRelay),
        remotes: &[Remote],
    ) -> (String, SuggestedRelay) {
        let SuggestedRelay { kind, reasons } = relay;
        let remote = remotes.iter().find(|remote| remote.remote == *name);
        let own = remote.is_none_or(|remote| is_own(remote.scope));
        (self.far_end(name, own), SuggestedRelay { kind: *kind, reasons: self.messages(reasons) })
    }

    pub(super) fn suppression(&self, used: &SuppressionUse) -> SuppressionUse {
        let SuppressionUse { entry, state, rows, findings, taken } = used;
        SuppressionUse {
            entry: self.accepting(entry),
            state: *state,
            rows: *rows,
            findings: *findings,
            taken: taken.iter().map(|one| self.taken_out(one)).collect(),
        }
    }

    /// An entry of the profile that accepts findings.
    fn accepting(&self, entry: &Suppression) -> Suppression {
        let Suppression { reason, owner, expires, period, remote, host, rule, list, scenario } = entry;
        let end = |end: &EndMatch, host: bool| match end {
            EndMatch::Network(network) => {
                let text = self.text(&network.to_string());
                text.parse().map_or(EndMatch::Name(text), EndMatch::Network)
            }
            EndMatch::Name(name) if host => EndMatch::Name(self.host_name(name)),
            EndMatch::Name(name) => EndMatch::Name(self.text(name)),
            EndMatch::Below(name) if host => EndMatch::Below(self.scanner.names.domain(name)),
            EndMatch::Below(name) => EndMatch::Below(self.text(name)),
        };
        Suppression {
            reason: self.whole("reason", reason),
            owner: self.whole("user", owner),
            expires: *expires,
            period: *period,
            remote: remote.as_ref().map(|remote| end(remote, false)),
            host: host.as_ref().map(|host| end(host, true)),
            rule: rule.as_ref().map(|rule| self.text(rule)),
            list: *list,
            scenario: *scenario,
        }
    }

    /// A finding that an entry took out.
    fn taken_out(&self, taken: &TakenOut) -> TakenOut {
        let TakenOut { id, scenario, severity, host, remote, rule, rows, first, last } = taken;
        TakenOut {
            id: FindingId::new(&self.id("finding", &id.to_string())),
            scenario: *scenario,
            severity: *severity,
            host: self.host_name(host),
            remote: self.text(remote),
            rule: self.text(rule),
            rows: *rows,
            first: *first,
            last: *last,
        }
    }
}
