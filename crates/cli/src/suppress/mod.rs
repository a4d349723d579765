//! `suppress`: accepts findings of a report in the client's profile.

pub(crate) mod args;
mod entries;
mod source;

use crate::exit::Outcome;
use crate::periods::{End, instant};
use crate::{clock, terminal};
use anyhow::{Context, anyhow, bail};
use args::SuppressArgs;
use entries::New;
use jiff::tz::TimeZone;
use ringback_context::{Accepting, accepting, parse_profile, read_profile};
use ringback_model::{FindingId, Instant, Profile};
use ringback_report::Writing;
use source::{Effect, Source};
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

/// Adds the entries to the profile, after saying what they take out.
pub(crate) fn run(args: &SuppressArgs) -> anyhow::Result<Outcome> {
    let (ids, paths) = told_apart(&args.given)?;
    let profile = read_profile(&args.profile)?.profile;
    let text = std::fs::read_to_string(&args.profile).with_context(|| args.profile.display().to_string())?;
    let form = form(args, &profile)?;
    let mut source = Source::of(args, &paths)?;
    let findings = source.findings(&ids, &profile)?;
    let new = entries::of(&findings, &args.by, &form, &profile)?;
    refuse_known(&new, &profile)?;
    let written: Vec<Accepting> = new.iter().map(|one| one.written.clone()).collect();
    let all = accepting(&text, &written).with_context(|| args.profile.display().to_string())?;
    let bare = all.strip_prefix('\u{feff}').unwrap_or(&all);
    let after = parse_profile(bare, &args.profile.display().to_string())?;
    let effect = source.effect(&new, &profile, &after)?;
    let mut out = stdout().lock();
    for one in &new {
        out.write_all(one.written.to_toml().as_bytes())?;
    }
    out.flush()?;
    if !args.quiet {
        tell(&effect);
    }
    if !args.dry_run {
        write(&args.profile, &text, &all)?;
        if !args.quiet {
            terminal::note(&format!("wrote {}", args.profile.display()));
        }
    }
    Ok(Outcome::Done)
}

/// The ids and the paths among the arguments.
fn told_apart(given: &[PathBuf]) -> anyhow::Result<(Vec<FindingId>, Vec<PathBuf>)> {
    let (mut ids, mut paths) = (Vec::new(), Vec::new());
    for one in given {
        let text = one.to_string_lossy();
        match text.parse::<FindingId>() {
            Ok(id) if ids.contains(&id) => {}
            Ok(id) => ids.push(id),
            Err(_) if text == "-" => bail!(
                "exports are read twice here, so they can not come through a pipe\nhint: name files, or a report as JSON"
            ),
            Err(_) if (text.starts_with("F-") || text.starts_with("I-")) && !one.exists() => bail!(
                "{text:?} is no finding's id\nhint: ids of findings are F- and ten characters, as in the report's list of findings; an incident is accepted by its findings"
            ),
            Err(_) => paths.push(one.clone()),
        }
    }
    if ids.is_empty() {
        bail!("no finding is named\nhint: give its id, F- and ten characters, as the report has it");
    }
    if paths.is_empty() {
        bail!(
            "it is not said where the findings stand\nhint: name a report that was written with -f json, or the exports"
        );
    }
    Ok((ids, paths))
}

/// What all entries have in common: reason, owner and times.
fn form(args: &SuppressArgs, profile: &Profile) -> anyhow::Result<Accepting> {
    let given = |text: &str, what: &str| {
        let text = text.trim();
        if text.is_empty() { Err(anyhow!("{what} says nothing")) } else { Ok(text.to_owned()) }
    };
    // Dates in the profile are days in its zone; the profile was read, so the zone is known.
    let zone = if profile.time_zone.is_empty() { TimeZone::UTC } else { TimeZone::get(&profile.time_zone)? };
    let time =
        |text: Option<&String>, end, what: &'static str| -> anyhow::Result<(String, Option<Instant>)> {
            let Some(text) = text else { return Ok((String::new(), None)) };
            let at = instant(text.trim(), end, &zone).context(what)?;
            let is_day = text.trim().parse::<jiff::civil::Date>().is_ok() && text.trim().len() == 10;
            Ok((if is_day { text.trim().to_owned() } else { at.to_string() }, Some(at)))
        };
    let (expires, end) = time(Some(&args.expires), End::Until, "--expires")?;
    if end.is_some_and(|end| clock::now().is_ok_and(|now| end <= now)) {
        bail!("--expires {}: that is over already\nhint: a date is its whole day", args.expires);
    }
    let (from, since) = time(args.from.as_ref(), End::Since, "--from")?;
    let (until, end) = time(args.until.as_ref(), End::Until, "--until")?;
    if since.zip(end).is_some_and(|(since, end)| end <= since) {
        bail!("--until is before --from\nhint: a date at the end is still in the period");
    }
    Ok(Accepting {
        reason: given(&args.reason, "--reason")?,
        owner: given(&args.owner, "--owner")?,
        expires,
        from,
        until,
        ..Accepting::default()
    })
}

/// Refuses what the profile accepts already.
fn refuse_known(new: &[New], profile: &Profile) -> anyhow::Result<()> {
    let now = Some(clock::now()?);
    for one in new {
        let same = |entry: &&ringback_model::profile::Suppression| {
            entry.accepts_the_same_as(&one.entry) && !entry.is_expired(now)
        };
        if let Some(known) = profile.suppressions.iter().find(same) {
            bail!(
                "the profile accepts the same already ({:?})\nhint: change the expiry of that entry if it should hold for longer",
                known.reason
            );
        }
    }
    Ok(())
}

/// Says what the entries take out.
fn tell(effect: &Effect) {
    let count = |n: u64, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let both = |rows, findings| format!("{} in {}", count(rows, "row"), count(findings, "finding"));
    let most = if effect.at_most { "at most " } else { "" };
    terminal::note(&format!("takes out {most}{}:", both(effect.rows, effect.findings)));
    for one in &effect.named {
        let subject = format!("{} {} {} -> {}", one.severity, one.scenario, one.host, one.remote);
        terminal::note(&format!("  {}  {}  {}", one.id, terminal::safe(&subject), count(one.rows, "row")));
    }
    let unnamed = effect.findings.saturating_sub(effect.named.len() as u64);
    if unnamed > 0 {
        terminal::note(&format!("  and {unnamed} more"));
    }
    let (before, after) = (effect.before, effect.after());
    terminal::note(&format!("before: {}; after: {}", both(before.0, before.1), both(after.0, after.1)));
}

/// Writes the profile anew, unless it has changed since it was read. A link stays one, and permissions stay as they were.
fn write(path: &Path, before: &str, after: &str) -> anyhow::Result<()> {
    let place = std::fs::canonicalize(path).with_context(|| path.display().to_string())?;
    let mut writing = Writing::begin(&place, true)?;
    writing.write_all(after.as_bytes()).with_context(|| path.display().to_string())?;
    writing.keep_permissions()?;
    if std::fs::read(&place).ok().as_deref() != Some(before.as_bytes()) {
        bail!("{} was changed in the meantime\nhint: run the command again", path.display());
    }
    writing.finish().with_context(|| path.display().to_string())
}
