//! Where findings stand, and what entries take out there: a report, or the exports themselves.

use super::args::SuppressArgs;
use super::entries::{New, logged};
use crate::progress::Bar;
use crate::request::{self, Wish};
use anyhow::{anyhow, bail};
use ringback_context::{ReportFinding, is_report, read_findings};
use ringback_model::{Case, Finding, FindingId, Instant, Profile, Scenario, Severity};
use ringback_pipeline::{Investigation, Request, investigate};
use std::path::{Path, PathBuf};

/// How many of the findings that are taken out are named.
const NAMED: usize = 20;

/// Where findings stand.
pub(crate) enum Source {
    /// In a report.
    Report(PathBuf),
    /// In exports, with what is asked of them and what was found before.
    Exports { request: Box<Request>, quiet: bool, before: Option<Box<Investigation>> },
}

/// What entries take out.
pub(crate) struct Effect {
    /// Rows and findings without them.
    pub(crate) before: (u64, u64),
    /// Rows that they take out.
    pub(crate) rows: u64,
    /// Findings that they take out.
    pub(crate) findings: u64,
    /// Whether some rows of these may be outside of the entries' time, which a report does not tell.
    pub(crate) at_most: bool,
    /// The first of these findings.
    pub(crate) named: Vec<Named>,
}

/// A finding that is taken out.
pub(crate) struct Named {
    pub(crate) id: FindingId,
    pub(crate) severity: Severity,
    pub(crate) scenario: Scenario,
    pub(crate) host: String,
    pub(crate) remote: String,
    pub(crate) rows: u64,
}

impl Effect {
    /// Rows and findings with the entries.
    pub(crate) fn after(&self) -> (u64, u64) {
        (self.before.0.saturating_sub(self.rows), self.before.1.saturating_sub(self.findings))
    }
}

impl Source {
    /// What the paths are: one report, or exports.
    ///
    /// # Errors
    /// A report among exports, or options that are wrong.
    pub(crate) fn of(args: &SuppressArgs, paths: &[PathBuf]) -> anyhow::Result<Self> {
        if let [path] = paths
            && is_report(path)
        {
            return Ok(Source::Report(path.clone()));
        }
        if let Some(report) = paths.iter().find(|path| is_report(path)) {
            bail!("{} is a report\nhint: name one report alone, or exports alone", report.display());
        }
        let wish = Wish { hash_inputs: false, read_again: false, advise: false, title: None, baseline: None };
        let request = Box::new(request::request(&args.reading(paths), &wish)?);
        Ok(Source::Exports { request, quiet: args.quiet, before: None })
    }

    /// The findings of some ids, in the order of the ids.
    ///
    /// # Errors
    /// An id that is not there, or what can not be read.
    pub(crate) fn findings(
        &mut self,
        ids: &[FindingId],
        profile: &Profile,
    ) -> anyhow::Result<Vec<ReportFinding>> {
        match self {
            Source::Report(path) => in_report(path, ids),
            Source::Exports { request, quiet, before } => {
                let found = investigated(request, *quiet)?;
                let findings = ids.iter().map(|id| in_exports(&found, *id, profile)).collect();
                *before = Some(Box::new(found));
                findings
            }
        }
    }

    /// What new entries take out; `after` is the profile with them.
    ///
    /// # Errors
    /// What can not be read.
    pub(crate) fn effect(
        &mut self,
        new: &[New],
        profile: &Profile,
        after: &Profile,
    ) -> anyhow::Result<Effect> {
        match self {
            Source::Report(path) => of_report(path, new),
            Source::Exports { request, quiet, before } => {
                request.profile.suppressions.clone_from(&after.suppressions);
                let found = investigated(request, *quiet)?;
                let before = before.as_ref().map_or(&found, |before| &**before);
                Ok(of_exports(&before.case, &found.case, profile.suppressions.len()))
            }
        }
    }
}

/// Reads, counts and judges.
fn investigated(request: &Request, quiet: bool) -> anyhow::Result<Investigation> {
    let bar = Bar::new(quiet);
    let found = investigate(request, &bar);
    bar.finish();
    let found = found?;
    if let Some((name, error)) = found.failed.first() {
        bail!("{name}: {error}");
    }
    Ok(found)
}

fn unknown(id: FindingId, place: &str) -> anyhow::Error {
    anyhow!(
        "{id} is not in {place}\nhint: ids are the same in every report of the same rows; the report's list of findings has them, and its accepted findings are taken out already"
    )
}

fn in_report(path: &Path, ids: &[FindingId]) -> anyhow::Result<Vec<ReportFinding>> {
    let mut found: Vec<ReportFinding> = Vec::new();
    read_findings(path, |finding| found.extend(Some(finding).filter(|one| ids.contains(&one.id))))?;
    let of_id = |id: &FindingId| {
        let finding = found.iter().find(|finding| finding.id == *id).cloned();
        finding.ok_or_else(|| unknown(*id, &path.display().to_string()))
    };
    ids.iter().map(of_id).collect()
}

fn in_exports(found: &Investigation, id: FindingId, profile: &Profile) -> anyhow::Result<ReportFinding> {
    if let Some(accepted) = found.suppressed.iter().find(|one| one.finding.id == id) {
        let reason = profile.suppressions.get(accepted.entry).map_or("", |entry| &entry.reason);
        bail!(
            "{id} is accepted already ({reason:?})\nhint: change the expiry of that entry if it should hold for longer"
        );
    }
    let finding = found.case.findings.iter().find(|finding| finding.id == id);
    finding.map(|finding| told(finding, &found.case)).ok_or_else(|| unknown(id, "these exports"))
}

/// A finding as a report tells it.
fn told(finding: &Finding, case: &Case) -> ReportFinding {
    let row = finding.detection.with(&case.symbols);
    ReportFinding {
        id: finding.id,
        scenario: finding.verdict.scenario,
        severity: finding.verdict.severity,
        host: row.host().into_owned(),
        local_ip: row.local().ip,
        remote: row.remote_text().into_owned(),
        remote_ip: row.remote().ip,
        rule: row.text(finding.detection.rule).to_owned(),
        list: finding.detection.list,
        rows: finding.tally.rows,
        first: Some(finding.tally.first),
        last: Some(finding.tally.last),
    }
}

/// What entries take out of a report. It does not tell when each row was, so a finding that lies partly in their time is
/// counted in full.
fn of_report(path: &Path, new: &[New]) -> anyhow::Result<Effect> {
    let mut effect = Effect { before: (0, 0), rows: 0, findings: 0, at_most: false, named: Vec::new() };
    read_findings(path, |finding| {
        effect.before = (effect.before.0 + finding.rows, effect.before.1 + 1);
        let fits =
            |one: &&New| logged(&finding).fits(&one.entry) && overlaps(one, finding.first, finding.last);
        let Some(one) = new.iter().find(fits) else { return };
        let within = |at: Option<Instant>| at.is_none_or(|at| one.entry.period.contains(at));
        effect.at_most |= !(within(finding.first) && within(finding.last));
        effect.rows += finding.rows;
        effect.findings += 1;
        if effect.named.len() < NAMED {
            let ReportFinding { id, severity, scenario, host, remote, rows, .. } = finding;
            effect.named.push(Named { id, severity, scenario, host, remote, rows });
        }
    })?;
    Ok(effect)
}

/// Whether some time of a finding may be in an entry's.
fn overlaps(new: &New, first: Option<Instant>, last: Option<Instant>) -> bool {
    let period = new.entry.period;
    let before = last.zip(period.from).is_some_and(|(last, from)| last < from);
    let after = first.zip(period.until).is_some_and(|(first, until)| first >= until);
    !before && !after
}

/// What the entries from a number on took out, by what was found without and with them.
fn of_exports(before: &Case, after: &Case, known: usize) -> Effect {
    let new = after.suppressions.get(known..).unwrap_or_default();
    let named = new.iter().flat_map(|used| &used.taken).take(NAMED).map(|one| Named {
        id: one.id,
        severity: one.severity,
        scenario: one.scenario,
        host: one.host.clone(),
        remote: one.remote.clone(),
        rows: one.rows,
    });
    Effect {
        before: (before.accounting.in_findings, before.findings.len() as u64),
        rows: new.iter().map(|used| used.rows).sum(),
        findings: new.iter().map(|used| used.findings).sum(),
        at_most: false,
        named: named.collect(),
    }
}
