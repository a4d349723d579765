//! From findings to the entries that accept them.

use super::args::Key;
use anyhow::{anyhow, bail};
use ringback_classify::Logged;
use ringback_context::{Accepting, ProfileError, ReportFinding, parse_profile};
use ringback_model::Profile;
use ringback_model::profile::{EndMatch, Suppression};

/// What an entry goes by where nobody says.
const NARROW: [Key; 3] = [Key::Remote, Key::Host, Key::Rule];

/// An entry that is to come.
pub(crate) struct New {
    /// As it is written.
    pub(crate) written: Accepting,
    /// As it is read.
    pub(crate) entry: Suppression,
}

/// The entries that accept some findings, one for each that differs in what it goes by.
///
/// # Errors
/// A finding that lacks what it should go by, or that the entry would not be read to mean.
pub(crate) fn of(
    findings: &[ReportFinding],
    by: &[Key],
    form: &Accepting,
    profile: &Profile,
) -> anyhow::Result<Vec<New>> {
    let mut written: Vec<(Accepting, Vec<&ReportFinding>)> = Vec::new();
    for finding in findings {
        let entry = entry(finding, by, form)?;
        match written.iter_mut().find(|(known, _)| *known == entry) {
            Some((_, members)) => members.push(finding),
            None => written.push((entry, vec![finding])),
        }
    }
    let read = |(mut written, members): (Accepting, Vec<&ReportFinding>)| {
        let entry = read(&written, profile)?;
        check(&entry, &members)?;
        written.findings = members.iter().map(|finding| finding.id).collect();
        Ok(New { written, entry })
    };
    written.into_iter().map(read).collect()
}

fn entry(finding: &ReportFinding, by: &[Key], form: &Accepting) -> anyhow::Result<Accepting> {
    let mut entry = form.clone();
    for key in if by.is_empty() { &NARROW } else { by } {
        let (name, value, place) = match key {
            Key::List => {
                entry.list = Some(finding.list);
                continue;
            }
            Key::Scenario => {
                entry.scenario = Some(finding.scenario);
                continue;
            }
            Key::Remote => ("remote", &finding.remote, &mut entry.remote),
            Key::Host => ("host", &finding.host, &mut entry.host),
            Key::Rule => ("rule", &finding.rule, &mut entry.rule),
        };
        if value.is_empty() && !by.is_empty() {
            bail!("{} has no {name}\nhint: choose other keys with --by", finding.id);
        }
        place.clone_from(value);
    }
    if entry == *form {
        bail!("{} has neither remote, host nor rule\nhint: choose other keys with --by", finding.id);
    }
    Ok(entry)
}

/// The entry as a profile with the same zone is read.
fn read(written: &Accepting, profile: &Profile) -> anyhow::Result<Suppression> {
    let zone = if profile.time_zone.is_empty() { "UTC" } else { &profile.time_zone };
    let text = format!("schema = 1\ntime_zone = \"{zone}\"\n{}", written.to_toml());
    let read = parse_profile(&text, "the entry").map_err(|error| match error {
        ProfileError::Content { problems, .. } => {
            let said: Vec<String> = problems.into_iter().map(|problem| problem.what).collect();
            anyhow!("{}\nhint: choose other keys with --by", said.join("; "))
        }
        other @ (ProfileError::Read { .. } | ProfileError::Files { .. }) => other.into(),
    })?;
    read.suppressions.into_iter().next().ok_or_else(|| anyhow!("the entry says nothing"))
}

/// Holds an entry to its findings: texts that a log's author chose may be read as something else.
fn check(entry: &Suppression, members: &[&ReportFinding]) -> anyhow::Result<()> {
    let is_pattern = |end: &Option<EndMatch>| matches!(end, Some(EndMatch::Below(_)));
    for finding in members {
        if is_pattern(&entry.remote) || is_pattern(&entry.host) || !logged(finding).fits(entry) {
            bail!(
                "what {} logs would be read as a pattern, or as something else\nhint: choose other keys with --by",
                finding.id
            );
        }
    }
    Ok(())
}

/// What entries are held against.
pub(crate) fn logged(finding: &ReportFinding) -> Logged<'_> {
    let host = (finding.local_ip, finding.host.as_str());
    let remote = (finding.remote_ip, finding.remote.as_str());
    Logged::told(host, remote, &finding.rule, finding.list, finding.scenario)
}
