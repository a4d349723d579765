//! `reporters check`: packs on the sample report, in every language.

use super::{engines, unknown};
use crate::exit::Outcome;
use crate::terminal::{self, safe};
use ringback_model::{LANGUAGES, Report};
use ringback_report::{EngineKind, Engines, Pack, Registry, RenderError, sample};
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

/// Checks packs, one after the other, by folder or name.
pub(super) fn check(registry: &Registry, packs: &[PathBuf]) -> anyhow::Result<Outcome> {
    let engines = engines();
    let mut outcome = Outcome::Done;
    for wanted in packs {
        let pack = match pack(registry, wanted) {
            Ok(pack) => pack,
            Err(error) => {
                terminal::error(&format!("{error:#}"));
                outcome = Outcome::Failed;
                continue;
            }
        };
        let found = faults(&engines, &pack)?;
        for fault in &found {
            let hint = fault.hint.as_ref().map_or_else(String::new, |hint| format!("\nhint: {hint}"));
            terminal::error(&format!("{fault}{hint}"));
        }
        if found.is_empty() {
            let (name, files) = (safe(pack.name()), pack.files.len());
            let languages = languages(&pack).join(", ");
            writeln!(stdout().lock(), "{name} is right: {files} files, rendered in {languages}")?;
        } else {
            outcome = Outcome::Failed;
        }
    }
    Ok(outcome)
}

/// A folder, or the name of a pack.
fn pack(registry: &Registry, wanted: &Path) -> anyhow::Result<Pack> {
    let name = wanted.to_str().filter(|name| !name.contains(['/', '\\', '.']));
    match name {
        Some(name) if !wanted.is_dir() => registry.get(name).map_err(unknown),
        _ => Registry::of_folder(wanted).and_then(|pack| registry.with_sources(pack)).map_err(unknown),
    }
}

/// The languages that a pack is checked in: all, but one for a program, which has its own.
fn languages(pack: &Pack) -> &'static [&'static str] {
    if pack.engine() == EngineKind::Command { &LANGUAGES[..1] } else { LANGUAGES }
}

/// What is wrong with a pack in any of its languages, each once.
fn faults(engines: &Engines, pack: &Pack) -> anyhow::Result<Vec<RenderError>> {
    let mut found: Vec<RenderError> = Vec::new();
    for language in languages(pack) {
        let mut case = sample::case();
        (*language).clone_into(&mut case.heading.language);
        let words = crate::words::of(&case)?;
        for fault in engines.check(&Report::new(case, words), pack) {
            if !found.contains(&fault) {
                found.push(fault);
            }
        }
    }
    Ok(found)
}
