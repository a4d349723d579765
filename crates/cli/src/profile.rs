//! `profile init` and `profile check`.

use crate::args::{ProfileArgs, ProfileCommand};
use crate::exit::Outcome;
use crate::layouts::Chosen;
use crate::terminal;
use anyhow::Context;
use ringback_classify::Policy;
use std::io::{Write, stdout};
use std::path::Path;

/// Makes or checks a profile.
pub(crate) fn run(args: &ProfileArgs) -> anyhow::Result<Outcome> {
    match &args.command {
        ProfileCommand::Init { file, force } => init(file, *force),
        ProfileCommand::Check { file } => check(file),
    }
}

fn init(file: &Path, force: bool) -> anyhow::Result<Outcome> {
    if file.as_os_str() == "-" {
        stdout().lock().write_all(ringback_context::TEMPLATE.as_bytes())?;
        return Ok(Outcome::Done);
    }
    ringback_report::write_file(file, ringback_context::TEMPLATE.as_bytes(), force)
        .with_context(|| format!("writing {}", file.display()))?;
    terminal::note(&format!("wrote {}", file.display()));
    Ok(Outcome::Done)
}

fn check(file: &Path) -> anyhow::Result<Outcome> {
    let loaded = ringback_context::read_profile(file)?;
    Chosen::of(&[], &loaded.layouts).with_context(|| file.display().to_string())?;
    let profile = loaded.profile;
    Policy::compile(&profile).with_context(|| file.display().to_string())?;
    let counts = [
        (profile.layouts.len(), "layouts of its own"),
        (profile.networks.own.len(), "own networks"),
        (profile.networks.names.len(), "own names"),
        (profile.exposure.published.len(), "published services"),
        (profile.scanners.len(), "scanners"),
        (profile.relays.len(), "relays"),
        (profile.exposure.open.len(), "services found open from outside"),
        (profile.vulnerabilities.len(), "vulnerability entries"),
        (profile.known_exploited.len(), "vulnerabilities known to be exploited"),
        (profile.address_databases.len(), "databases of addresses"),
        (profile.suppressions.len(), "accepted findings"),
        (profile.severity.len(), "severity overrides"),
        (usize::from(loaded.brand.logo.is_some()), "logo"),
        (loaded.brand.texts.len(), "texts of the author's own"),
    ];
    let mut out = stdout().lock();
    writeln!(out, "{} is right:", terminal::safe(&file.display().to_string()))?;
    for (count, what) in counts {
        writeln!(out, "  {count:>5} {what}")?;
    }
    for file in &loaded.data_files {
        let said = match file.records {
            Some(records) => format!("{} of {} records used", records.used, records.all),
            None => terminal::safe(&file.detail),
        };
        writeln!(out, "{}: {}, {said}", terminal::safe(&file.name), file.kind)?;
    }
    Ok(Outcome::Done)
}
