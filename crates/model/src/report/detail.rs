//! The views of the long lists: incidents, findings, evidence, hosts, remote addresses.

use super::background::notes_of_incident;
use super::field::{At, Field, row};
use super::rhythm_view::PeriodicityView;
use super::{LogRowsView, Report};
use crate::background::{AddressFacts, ProcessKind, ProcessNote, Technique};
use crate::case::{Advice, Finding, Host, Incident, Remote};
use crate::comparison::{Change, Changes};
use crate::detection::{DetectionRef, Direction, ListSource, Log, RequestKind, ResultKind, Risk, Threat};
use crate::fingerprint::{FindingId, IncidentId};
use crate::instant::Instant;
use crate::place::Place;
use crate::profile::{KnownExploited, RelayKind};
use crate::service::Side;
use crate::service_names::{name_of_service, service_name};
use crate::symbols::Sym;
use crate::verdict::{
    Basis, Exposure, Origin, Scenario, Scope, Severity, Stopped, Suspect, Target, Vulnerable,
};
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeSet;

row! {
    /// The findings that tell one story.
    IncidentView<'a> of Incident as it {
        /// Its id.
        id: IncidentId = it.row.id,
        /// What happened.
        scenario: Scenario = it.row.scenario,
        /// That of its worst finding.
        severity: Severity = it.row.severity,
        /// Whether the severity is an upper bound.
        at_most: bool = it.row.at_most,
        /// Whose host is under suspicion.
        suspect: Suspect = it.row.suspect,
        /// The host that it is about.
        host: &'a str = it.row.host.as_str(),
        /// The service that was attacked, where there is one.
        service: Option<&'a str> = some(&it.row.service),
        /// The registered name of that service (IANA), such as `https`.
        service_name: Option<&'static str> = name_of_service(&it.row.service),
        /// Rows.
        rows: u64 = it.row.rows,
        /// Rows of which nothing reached its target.
        blocked: u64 = it.row.blocked,
        /// Rows, where those of events that several logs hold count in the log that has the most of them.
        rows_once: u64 = it.row.rows_once,
        /// Of these, the rows of which nothing reached its target.
        blocked_once: u64 = it.row.blocked_once,
        /// Its rows by log.
        logs: Vec<LogRowsView<'a>> = it.logs(); it.row.logs.len(),
        /// Who used the address in the period, where the host is one: one is whose it is, several are candidates.
        host_names: &'a [String] = it.host_names(),
        /// The ids of the questions that settle what is undetermined.
        questions: Vec<&'static str> = it.questions(),
        /// Events that the console says the rows stand for.
        occurrences: u64 = it.row.occurrences,
        /// First time.
        first: Instant = it.row.first,
        /// Last time.
        last: Instant = it.row.last,
        /// The ids of its findings.
        findings: Vec<FindingId> = it.findings(); it.row.findings.len(),
        /// Why we say so.
        reasons: Vec<String> = it.report.texts(&it.row.reasons),
        /// The catalogue's keys of the reasons.
        reason_keys: Vec<&'static str> = it.row.reasons.iter().map(|reason| reason.key).collect::<Vec<_>>(),
        /// The techniques of MITRE ATT&CK that it is consistent with.
        techniques: &'a [Technique] = it.row.techniques.as_slice(),
        /// What is known of the processes that its findings name.
        process_notes: Vec<String> = it.process_notes(),
        /// What to do.
        advice: &'a [Advice] = it.row.advice.as_slice(),
        /// How it stands against the earlier report; left out where none was given.
        #[serde(skip_serializing_if = "Option::is_none")]
        change: Option<Change> = it.changes().map(|changes| changes.of(it.row.id)),
        /// Its rows in the earlier report.
        #[serde(skip_serializing_if = "Option::is_none")]
        rows_before: Option<u64> = it.changes().and_then(|changes| changes.rows_before(it.row.id)),
    }
}

row! {
    /// A detection with its tally and verdict.
    FindingView<'a> of Finding as it {
        /// Its id.
        id: FindingId = it.row.id,
        /// The id of its incident.
        incident: Option<IncidentId> = it.incident(),
        /// The kind of log.
        log: Log = it.row.detection.log,
        /// The name of the client's machine.
        endpoint: Option<&'a str> = it.text(it.row.detection.endpoint),
        /// Its domain.
        domain: Option<&'a str> = it.text(it.row.detection.domain),
        /// The user.
        user: Option<&'a str> = it.text(it.row.detection.user),
        /// The process.
        process: Option<&'a str> = it.text(it.row.detection.process),
        /// What kind of program that is, by its file name.
        process_kind: Option<ProcessKind> = it.process_note().and_then(|note| note.kind),
        /// What is known of it.
        process_notes: Vec<String> = it.process_notes(),
        /// The product.
        product: Option<&'a str> = it.text(it.row.detection.product),
        /// The console.
        console: Option<&'a str> = it.text(it.row.detection.console),
        /// The host as people name it: endpoint, else address.
        host: Cow<'a, str> = it.detection().host(),
        /// Who used its address in the period, where the log names no host.
        host_names: &'a [String] = it.host_names(),
        /// The local address.
        local_ip: Option<String> = it.detection().local().ip.map(|ip| ip.to_string()),
        /// The local port, where it is the service's.
        local_port: Option<u16> = it.detection().port(Side::Local),
        /// The remote address.
        remote_ip: Option<String> = it.detection().remote().ip.map(|ip| ip.to_string()),
        /// The remote port, where it is the service's.
        remote_port: Option<u16> = it.detection().port(Side::Remote),
        /// The remote address, host name or URL as logged.
        remote: Cow<'a, str> = it.detection().remote_text(),
        /// Who used the remote address in the period, where it is the client's.
        remote_names: &'a [String] = it.remote_names(),
        /// The registered name (IANA) of the service on the service's port.
        service_name: Option<&'static str> = it.service_name(),
        /// The code of the remote address's country (ISO 3166-1), where a database of addresses was given.
        remote_country: Option<&'a str> = it.place().and_then(|facts| some(&facts.country)),
        /// The name of that country.
        remote_country_name: Option<&'a str> = it.place().and_then(|facts| some(&facts.country_name)),
        /// The number of the autonomous system that announces the remote address.
        remote_asn: Option<u64> = it.place().and_then(|facts| facts.asn).map(u64::from),
        /// Who operates that network.
        remote_operator: Option<&'a str> = it.place().and_then(|facts| some(&facts.operator)),
        /// A few of the other ports.
        other_ports: &'a [u16] = it.row.tally.other_ports.as_slice(),
        /// Whether there may be more of them.
        more_ports: bool = it.row.tally.more_ports,
        /// The protocol.
        protocol: Option<&'a str> = it.text(it.row.detection.protocol),
        /// Where the packet went.
        direction: Direction = it.detection().direction(),
        /// Request or response.
        message: RequestKind = it.row.detection.message,
        /// Blocked or logged.
        result: ResultKind = it.row.detection.result,
        /// The source of the detection.
        list: ListSource = it.row.detection.list,
        /// The rule or threat name.
        rule: Option<&'a str> = it.text(it.row.detection.rule),
        /// The malware family.
        family: Option<&'a str> = it.text(it.row.detection.family),
        /// What the name stands for.
        threat: Threat = it.row.detection.threat,
        /// CVE ids and bulletins.
        cve: Vec<&'a str> = it.detection().cves().collect::<Vec<_>>(),
        /// The console's view of the risk.
        risk: Risk = it.row.detection.risk,
        /// Who asked.
        origin: Origin = it.row.verdict.origin,
        /// What that was told from.
        origin_basis: Basis = it.row.verdict.origin_basis,
        /// Whose the remote address is.
        remote_scope: Scope = it.row.verdict.remote_scope,
        /// The range's or registry's name.
        remote_scope_detail: Option<&'static str> = some(it.row.verdict.remote_scope_detail),
        /// What happened.
        scenario: Scenario = it.row.verdict.scenario,
        /// Whose host is under suspicion.
        suspect: Suspect = it.row.verdict.suspect,
        /// What was stopped.
        stopped: Stopped = it.row.verdict.stopped,
        /// Which side was attacked.
        target: Target = it.row.verdict.target,
        /// Whether the target is meant to be reached.
        exposure: Exposure = it.row.verdict.exposure,
        /// Whether outside traffic is proven to reach it.
        reached: bool = it.row.verdict.reached,
        /// Whether it is vulnerable to the exploit.
        vulnerable: Vulnerable = it.row.verdict.vulnerable,
        /// The CVE ids that it names, by themselves or by a bulletin, and that are known to be exploited in the wild; none
        /// where no catalogue was given.
        known_exploited: Vec<&'a str> = it.known_exploited().map(|entry| entry.cve.as_str()).collect::<Vec<_>>(),
        /// The first day, `YYYY-MM-DD`, by which the catalogue's publisher asks for one of them to be remedied.
        known_exploited_due: Option<&'a str> = it.known_exploited().filter_map(|entry| some(&entry.due)).min(),
        /// Whether ransomware is known to use one of them.
        known_exploited_ransomware: bool = it.known_exploited().any(|entry| entry.ransomware),
        /// How bad it is.
        severity: Severity = it.row.verdict.severity,
        /// Whether the severity is an upper bound.
        at_most: bool = it.row.verdict.at_most,
        /// The id of the question that settles it, where it is undetermined.
        question: Option<&'static str> = it.question(),
        /// Why we say so.
        reasons: &'a [String] = it.report.reasons_of(it.row),
        /// The catalogue's keys of the reasons.
        reason_keys: Vec<&'static str> = it.reason_keys(),
        /// Rows.
        rows: u64 = it.row.tally.rows,
        /// Events that the console says the rows stand for.
        occurrences: u64 = it.row.tally.occurrences,
        /// First time.
        first: Instant = it.row.tally.first,
        /// Last time.
        last: Instant = it.row.tally.last,
        /// What its times say, where it is of outbound traffic.
        rhythm: Option<crate::Rhythm> = it.row.rhythm(),
        /// Statistics of its times, where it is of outbound traffic and has rows enough.
        periodicity: Option<PeriodicityView> = it.periodicity(); 1,
        /// The first rows.
        evidence: Vec<EvidenceView<'a>> = it.evidence(); it.row.tally.evidence.len(),
        /// How it stands against the earlier report; left out where none was given.
        #[serde(skip_serializing_if = "Option::is_none")]
        change: Option<Change> = it.changes().map(|changes| changes.of(it.row.id)),
        /// Its rows in the earlier report.
        #[serde(skip_serializing_if = "Option::is_none")]
        rows_before: Option<u64> = it.changes().and_then(|changes| changes.rows_before(it.row.id)),
    }
}

impl<'a> At<'a, Incident> {
    fn changes(&self) -> Option<&'a Changes<IncidentId>> {
        self.report.case.comparison.as_ref().map(|comparison| &comparison.incidents)
    }

    fn findings(&self) -> Vec<FindingId> {
        let findings = &self.report.case.findings;
        self.row.findings.iter().map(|&number| findings[number as usize].id).collect()
    }
}

impl At<'_, Incident> {
    fn process_notes(&self) -> Vec<String> {
        let notes = notes_of_incident(&self.report.case, self.row);
        self.report.texts(&notes)
    }
}

impl<'a> At<'a, Remote> {
    /// What databases say of the address. Names and URLs are looked up for nobody.
    fn place(&self) -> Option<&'a AddressFacts> {
        let known = &self.report.case.addresses;
        if known.is_empty() {
            return None;
        }
        known.get(&self.row.remote.parse().ok()?).map(AsRef::as_ref)
    }
}

impl<'a> At<'a, Finding> {
    fn place(&self) -> Option<&'a AddressFacts> {
        let known = &self.report.case.addresses;
        if known.is_empty() {
            return None;
        }
        known.get(&self.detection().remote().ip?).map(AsRef::as_ref)
    }

    fn service_name(&self) -> Option<&'static str> {
        let service = self.row.detection.service?;
        service_name(service.port, self.report.case.symbols.text(self.row.detection.protocol))
    }

    fn periodicity(&self) -> Option<PeriodicityView> {
        let told = self.row.tally.periodicity.as_deref()?;
        Some(PeriodicityView::of(self.report, told))
    }

    fn process_note(&self) -> Option<&'a ProcessNote> {
        self.report.case.process_notes.get(&self.row.detection.process)
    }

    fn process_notes(&self) -> Vec<String> {
        let process = self.report.case.symbols.text(self.row.detection.process);
        let note = self.process_note();
        let messages = note.map(|note| note.messages(process, self.row.verdict.origin));
        self.report.texts(&messages.unwrap_or_default())
    }

    fn changes(&self) -> Option<&'a Changes<FindingId>> {
        self.report.case.comparison.as_ref().map(|comparison| &comparison.findings)
    }

    fn detection(&self) -> DetectionRef<'a> {
        self.row.detection.with(&self.report.case.symbols)
    }

    fn text(&self, sym: Sym) -> Option<&'a str> {
        some(self.report.case.symbols.text(sym))
    }

    fn incident(&self) -> Option<IncidentId> {
        self.report.case.incidents.get(self.row.incident as usize).map(|incident| incident.id)
    }

    fn reason_keys(&self) -> Vec<&'static str> {
        self.report.case.reasons[self.row.reasons as usize].iter().map(|reason| reason.key).collect()
    }

    /// What the catalogue holds of the ids that the finding names, in order and each once.
    fn known_exploited(&self) -> impl Iterator<Item = &'a KnownExploited> + use<'a> {
        let known = &self.report.case.known_exploited;
        let ids = self.detection().cves().filter(|_| !known.is_empty());
        let entries: BTreeSet<&KnownExploited> = ids.filter_map(|id| known.get(id)).flatten().collect();
        entries.into_iter()
    }

    fn evidence(&self) -> Vec<EvidenceView<'a>> {
        self.row.tally.evidence.iter().map(|place| EvidenceView::of(self.report, place)).collect()
    }
}

row! {
    /// One row that shows what is said.
    EvidenceView<'a> of Place as it {
        /// The input's name.
        source: &'a str = it.source(),
        /// The number of the data record, from 1.
        record: u64 = it.row.record,
        /// The line in the file, from 1.
        line: u64 = it.row.line,
        /// The time of the row, where it is kept.
        time: Option<Instant> = None::<Instant>,
    }
}

impl<'a> At<'a, Place> {
    fn source(&self) -> &'a str {
        self.report.case.inputs.get(self.row.source as usize).map_or("", |input| input.name.as_str())
    }
}

row! {
    /// One of the client's hosts.
    HostView<'a> of Host as it {
        /// Its name, else its address.
        host: &'a str = it.row.host.as_str(),
        /// The addresses that it was logged with.
        addresses: Vec<String> = it.row.addresses.iter().map(ToString::to_string).collect::<Vec<_>>(),
        /// Who used the address in the period, where the host is one: one is whose it is, several are candidates.
        names: &'a [String] = it.names(),
        /// Those of its addresses that lie outside of the client's networks: what is near it there is not the client's.
        outside: Vec<String> = it.outside(),
        /// What kind of relay it may be, where it behaves as one and is not declared.
        suggested_relay: Option<RelayKind> = it.suggested_relay(),
        /// Why.
        suggested_relay_reasons: Vec<String> = it.relay_reasons(),
        /// That of its worst finding.
        severity: Severity = it.row.severity,
        /// Rows.
        rows: u64 = it.row.rows,
        /// Findings.
        findings: u64 = it.row.findings,
        /// Distinct other ends.
        remotes: u64 = it.row.remotes,
        /// First time.
        first: Instant = it.row.first,
        /// Last time.
        last: Instant = it.row.last,
        /// Days with rows, in the report's time zone.
        active_days: Option<u64> = Some(it.row.activity.days).filter(|days| *days > 0),
        /// Rows by hour of the day, in the report's time zone.
        hours: &'a [u64] = it.row.activity.hours.as_slice(),
        /// How many of the rows the two figures above are made from: of findings with many instants, the first.
        timed_rows: u64 = it.row.activity.rows,
    }
}

row! {
    /// One of the other ends.
    RemoteView<'a> of Remote as it {
        /// Its address, host name or URL as logged.
        remote: &'a str = it.row.remote.as_str(),
        /// Who used it in the period, where it is the client's address: one is whose it is, several are candidates.
        names: &'a [String] = it.names(),
        /// What kind of relay it may be, where it behaves as one and is not declared.
        suggested_relay: Option<RelayKind> = it.suggested_relay(),
        /// Why.
        suggested_relay_reasons: Vec<String> = it.relay_reasons(),
        /// Whose it is.
        scope: Scope = it.row.scope,
        /// The code of its country (ISO 3166-1), where a database of addresses was given.
        country: Option<&'a str> = it.place().and_then(|facts| some(&facts.country)),
        /// The name of that country.
        country_name: Option<&'a str> = it.place().and_then(|facts| some(&facts.country_name)),
        /// The number of the autonomous system that announces it.
        asn: Option<u64> = it.place().and_then(|facts| facts.asn).map(u64::from),
        /// Who operates that network.
        operator: Option<&'a str> = it.place().and_then(|facts| some(&facts.operator)),
        /// The worst risk that the console saw in it.
        risk: Risk = it.row.risk,
        /// That of its worst finding.
        severity: Severity = it.row.severity,
        /// Rows.
        rows: u64 = it.row.rows,
        /// Findings.
        findings: u64 = it.row.findings,
        /// Distinct hosts of the client.
        hosts: u64 = it.row.hosts,
        /// First time.
        first: Instant = it.row.first,
        /// Last time.
        last: Instant = it.row.last,
    }
}

/// A text, or nothing where it is empty.
fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
