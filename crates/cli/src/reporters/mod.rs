//! `reporters`: list, show, eject, check, new; and the packs and engines that `report` uses.

mod checking;
mod page;
mod places;

pub(crate) use places::registry;

use crate::args::{PackPlaces, ReportersArgs, ReportersCommand};
use crate::exit::Outcome;
use crate::output;
use crate::terminal::{self, safe};
use anyhow::anyhow;
use ringback_report::{Engines, Listed, Origin, Pack, PackError, Registry, RenderError, write_file};
use std::io::{Write, stdout};
use std::path::Path;

/// The engines of the program.
pub(crate) fn engines() -> Engines {
    Engines::new().with(ringback_report_text::TextEngine).with(ringback_report_xlsx::WorkbookEngine)
}

/// Does what is asked with reporter packs.
pub(crate) fn run(args: &ReportersArgs) -> anyhow::Result<Outcome> {
    match &args.command {
        ReportersCommand::List { places, json } => list(&of(places)?, *json),
        ReportersCommand::Show { name, places } => show(&of(places)?, name),
        ReportersCommand::Eject { name, dir, places } => eject(&of(places)?, name, dir),
        ReportersCommand::Check { packs, places } => checking::check(&of(places)?, packs),
        ReportersCommand::New { name, dir } => new(name, dir.as_deref().unwrap_or(Path::new(name))),
    }
}

fn of(places: &PackPlaces) -> anyhow::Result<Registry> {
    registry(&places.reporters, places.profile.as_deref())
}

/// An error of a pack that is not there or is none, with its hint.
pub(crate) fn unknown(error: PackError) -> anyhow::Error {
    let hint = error.hint().or_else(|| match &error {
        PackError::Unknown { .. } => Some("`ringback reporters list` names them".to_owned()),
        _ => None,
    });
    match hint {
        Some(hint) => anyhow!("{error}\nhint: {hint}"),
        None => error.into(),
    }
}

/// An error of rendering, with its hint.
pub(crate) fn told(error: RenderError) -> anyhow::Error {
    match &error.hint {
        Some(hint) => anyhow!("{error}\nhint: {hint}"),
        None => error.into(),
    }
}

fn list(registry: &Registry, json: bool) -> anyhow::Result<Outcome> {
    let listed = registry.list()?;
    let mut out = stdout().lock();
    if json {
        let all: Vec<serde_json::Value> = listed.iter().map(as_json).collect();
        output::json(&mut out, &all)?;
        return Ok(Outcome::Done);
    }
    let width = listed.iter().map(|one| one.name.len()).max().unwrap_or_default();
    for one in &listed {
        let origin = one.origins.first().map_or_else(String::new, origin);
        let (engine, title) = match &one.pack {
            Ok(pack) => (pack.engine().as_str(), pack.manifest.title.clone()),
            Err(error) => ("broken", error.to_string()),
        };
        let name = &one.name;
        writeln!(out, "{name:<width$}  {engine:<8}  {}  ({})", safe(&title), safe(&origin))?;
    }
    Ok(Outcome::Done)
}

fn as_json(one: &Listed) -> serde_json::Value {
    let origins: Vec<String> = one.origins.iter().map(origin).collect();
    match &one.pack {
        Ok(pack) => serde_json::json!({
            "name": one.name,
            "title": pack.manifest.title,
            "description": pack.manifest.description,
            "engine": pack.engine().as_str(),
            "files": pack.manifest.outputs.iter().map(|output| &output.file).collect::<Vec<_>>(),
            "options": pack.manifest.options,
            "origins": origins,
        }),
        Err(error) => serde_json::json!({ "name": one.name, "error": error.to_string(), "origins": origins }),
    }
}

/// Where a file of a pack comes from, for people.
fn origin(origin: &Origin) -> String {
    match origin {
        Origin::BuiltIn => "built in".to_owned(),
        Origin::Folder(dir) => dir.display().to_string(),
    }
}

fn show(registry: &Registry, name: &str) -> anyhow::Result<Outcome> {
    let pack = registry.get(name).map_err(unknown)?;
    stdout().lock().write_all(page::page(&pack).as_bytes())?;
    Ok(Outcome::Done)
}

fn eject(registry: &Registry, name: &str, dir: &Path) -> anyhow::Result<Outcome> {
    let pack: Pack = registry.get(name).map_err(unknown)?;
    let written = pack.eject(dir).map_err(|error| {
        anyhow!("{error}\nhint: name a folder that is not there yet; nothing is written over")
    })?;
    terminal::note(&format!("wrote {} files into {}", written.len(), dir.display()));
    Ok(Outcome::Done)
}

fn new(name: &str, dir: &Path) -> anyhow::Result<Outcome> {
    let files = ringback_report::skeleton(name).map_err(|problem| anyhow!("{problem}"))?;
    if let Some((file, _)) = files.iter().find(|(file, _)| dir.join(file).exists()) {
        return Err(anyhow!("{} is there already\nhint: name another folder", dir.join(file).display()));
    }
    for (file, text) in &files {
        write_file(&dir.join(file), text.as_bytes(), false)?;
    }
    terminal::note(&format!(
        "wrote {} files into {}\nhint: `ringback reporters check {}` says whether it is right",
        files.len(),
        dir.display(),
        dir.display()
    ));
    Ok(Outcome::Done)
}
