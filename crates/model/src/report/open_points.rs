//! What the rows of the long lists leave open: names behind addresses, rows by log, questions, suggestions.

use super::Report;
use super::field::{At, Field, row};
use crate::case::{Finding, Host, Incident, LogRows, Remote, SuggestedRelay, Unknown, UnknownKind};
use crate::detection::Log;
use crate::message::Message;
use crate::profile::RelayKind;
use crate::verdict::{Scenario, Scope};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// The reasons of an undetermined verdict that tell what would settle it, and the questions that ask for it.
pub const SETTLING: &[(&str, &str)] = &[
    ("settle.connection-log", "connection-export"),
    ("settle.direction", "direction-export"),
    ("settle.networks", "networks"),
    ("settle.proxy", "local-proxy"),
    ("settle.remote", "remote-export"),
];

/// Something that could not be told.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnknownView<'a> {
    /// Its name.
    pub id: &'a str,
    /// Why it is not told.
    pub kind: UnknownKind,
    /// What is not told.
    pub text: String,
    /// Why.
    pub why: String,
    /// The column, setting, profile entry or other log that would settle it.
    pub settle: String,
    /// What it is about, one by one.
    pub details: Vec<String>,
    /// Rows in findings that it bears on; zero where no row can tell.
    pub rows: u64,
    /// Findings that it bears on.
    pub findings: u64,
    /// The id of the question that asks for it.
    pub question: Option<&'a str>,
}

pub(super) fn unknowns(report: &Report) -> Vec<UnknownView<'_>> {
    let text = |message: &Message| report.words.text(message);
    let view = |unknown: &'_ Unknown| UnknownView {
        id: unknown.id,
        kind: unknown.kind,
        text: text(&unknown.text),
        why: text(&unknown.why),
        settle: text(&unknown.settle),
        details: report.texts(&unknown.details),
        rows: unknown.rows,
        findings: unknown.findings,
        question: None,
    };
    let unknowns = report.case.unknowns.iter();
    unknowns.map(|unknown| UnknownView { question: asked_by(unknown), ..view(unknown) }).collect()
}

/// The id of the question that asks for it.
fn asked_by(unknown: &Unknown) -> Option<&str> {
    Some(unknown.question.as_str()).filter(|id| !id.is_empty())
}

row! {
    /// Rows of an incident that stand in one log.
    LogRowsView<'a> of LogRows as it {
        /// The kind of log.
        log: Log = it.row.log,
        /// The product that the log names.
        product: Option<&'a str> = Some(it.report.case.symbols.text(it.row.product)).filter(|text| !text.is_empty()),
        /// Rows.
        rows: u64 = it.row.rows,
        /// Rows of which nothing reached its target.
        blocked: u64 = it.row.blocked,
    }
}

/// Who used an address in the period, by the log as an address book: one is whose it is, several are candidates.
fn names(report: &Report, address: Option<IpAddr>) -> &[String] {
    address.and_then(|address| report.case.address_book.get(&address)).map_or(&[], Vec::as_slice)
}

/// The question that settles a finding whose verdict is undetermined.
fn question(report: &Report, finding: &Finding) -> Option<&'static str> {
    if finding.verdict.scenario != Scenario::Undetermined {
        return None;
    }
    let reasons = report.case.reasons.get(finding.reasons as usize)?;
    let asks = |key: &str| SETTLING.iter().find(|(settle, _)| *settle == key).map(|(_, question)| *question);
    reasons.iter().find_map(|reason| asks(reason.key))
}

impl<'a> At<'a, Finding> {
    /// Who used the host's address, where the log names no host.
    pub(super) fn host_names(&self) -> &'a [String] {
        let row = self.row.detection.with(&self.report.case.symbols);
        if row.detection.endpoint.is_empty() { names(self.report, row.telling_local_ip()) } else { &[] }
    }

    /// Who used the remote address, where it is the client's and stands without a name.
    pub(super) fn remote_names(&self) -> &'a [String] {
        let remote = self.row.detection.with(&self.report.case.symbols).remote();
        let own = self.row.verdict.remote_scope == Scope::Own && remote.name.is_empty();
        names(self.report, remote.ip.filter(|_| own))
    }

    /// The question that settles its verdict.
    pub(super) fn question(&self) -> Option<&'static str> {
        question(self.report, self.row)
    }
}

impl<'a> At<'a, Incident> {
    /// Who used the address, where the host has no other name.
    pub(super) fn host_names(&self) -> &'a [String] {
        names(self.report, self.row.host.parse().ok())
    }

    /// The questions that settle its verdicts, in order.
    pub(super) fn questions(&self) -> Vec<&'static str> {
        if self.row.scenario != Scenario::Undetermined {
            return Vec::new();
        }
        let findings = &self.report.case.findings;
        let asked =
            self.row.findings.iter().filter_map(|number| question(self.report, &findings[*number as usize]));
        asked.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Its rows by log.
    pub(super) fn logs(&self) -> Vec<LogRowsView<'a>> {
        self.row.logs.iter().map(|log| LogRowsView::of(self.report, log)).collect()
    }
}

/// What a host or a remote end may be.
fn suggested<'a>(report: &'a Report, name: &str) -> Option<&'a SuggestedRelay> {
    report.case.suggested_relays.get(name)
}

impl<'a> At<'a, Host> {
    /// Who used the address, where the host has no other name.
    pub(super) fn names(&self) -> &'a [String] {
        names(self.report, self.row.host.parse().ok())
    }

    /// Its addresses that lie outside of the client's networks.
    pub(super) fn outside(&self) -> Vec<String> {
        let outside = &self.report.case.outside;
        self.row.addresses.iter().filter(|ip| outside.contains(ip)).map(ToString::to_string).collect()
    }

    /// What kind of relay it may be.
    pub(super) fn suggested_relay(&self) -> Option<RelayKind> {
        suggested(self.report, &self.row.host).map(|relay| relay.kind)
    }

    /// Why it may be one.
    pub(super) fn relay_reasons(&self) -> Vec<String> {
        suggested(self.report, &self.row.host)
            .map_or_else(Vec::new, |relay| self.report.texts(&relay.reasons))
    }
}

impl<'a> At<'a, Remote> {
    /// Who used the address, where it is the client's.
    pub(super) fn names(&self) -> &'a [String] {
        let own = self.row.scope == Scope::Own;
        names(self.report, self.row.remote.parse().ok().filter(|_| own))
    }

    /// What kind of relay it may be.
    pub(super) fn suggested_relay(&self) -> Option<RelayKind> {
        suggested(self.report, &self.row.remote).map(|relay| relay.kind)
    }

    /// Why it may be one.
    pub(super) fn relay_reasons(&self) -> Vec<String> {
        suggested(self.report, &self.row.remote)
            .map_or_else(Vec::new, |relay| self.report.texts(&relay.reasons))
    }
}
