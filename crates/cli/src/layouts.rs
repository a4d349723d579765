//! `layouts`: list, show, eject, check, new; and the layouts that a command reads with.

mod chosen;
mod drafting;
mod page;

pub(crate) use chosen::Chosen;
pub(crate) use drafting::draft_hint;

use crate::args::{LayoutsArgs, LayoutsCommand};
use crate::exit::Outcome;
use crate::output;
use crate::terminal::{self, safe};
use anyhow::Context;
use chosen::{is_file, own, unknown};
use ringback_parse::{Layout, Layouts, doubts};
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

/// Does what is asked with layouts.
pub(crate) fn run(args: &LayoutsArgs) -> anyhow::Result<Outcome> {
    match &args.command {
        LayoutsCommand::List { json } => list(*json),
        LayoutsCommand::Show { layout } => show(layout),
        LayoutsCommand::Eject { name, file, force } => eject(name, file.as_deref(), *force),
        LayoutsCommand::Check { files } => check(files),
        LayoutsCommand::New { sample, output, encoding, force } => {
            drafting::new(sample, output.as_deref(), *encoding, *force)
        }
    }
}

fn list(json: bool) -> anyhow::Result<Outcome> {
    let layouts = Layouts::builtin()?;
    let mut out = stdout().lock();
    if json {
        let all: Vec<serde_json::Value> = layouts.iter().map(|layout| listed(layout)).collect();
        output::json(&mut out, &all)?;
        return Ok(Outcome::Done);
    }
    let width = layouts.iter().map(|layout| layout.name.len()).max().unwrap_or_default();
    for layout in layouts.iter() {
        let (name, format, log) = (&layout.name, layout.format.as_str(), layout.log.as_str());
        let confirmed = confirmed(layout);
        writeln!(out, "{name:<width$}  {format:<9}  {log:<10}  {confirmed:<11}  {}", layout.title)?;
    }
    Ok(Outcome::Done)
}

fn listed(layout: &Layout) -> serde_json::Value {
    serde_json::json!({
        "name": layout.name,
        "title": layout.title,
        "format": layout.format.as_str(),
        "log": layout.log.as_str(),
        "confirmed": layout.confirmed,
        "languages": layout.languages,
    })
}

/// Whether a vendor's document confirms a layout, in a word.
fn confirmed(layout: &Layout) -> &'static str {
    if layout.confirmed { "confirmed" } else { "unconfirmed" }
}

fn show(wanted: &str) -> anyhow::Result<Outcome> {
    let (layout, text) = if is_file(wanted) {
        let own = own(Path::new(wanted))?;
        (own.layout, own.text)
    } else {
        let text = builtin_text(wanted)?;
        (Layout::parse(text, wanted)?, text.to_owned())
    };
    stdout().lock().write_all(page::page(&layout, &text).as_bytes())?;
    Ok(Outcome::Done)
}

fn builtin_text(name: &str) -> anyhow::Result<&'static str> {
    match Layouts::builtin_text(name) {
        Some(text) => Ok(text),
        None => Err(unknown(name, &Layouts::builtin()?)),
    }
}

fn eject(name: &str, file: Option<&Path>, force: bool) -> anyhow::Result<Outcome> {
    write_text(builtin_text(name)?, file, force)
}

/// Writes a layout's text to a file, or to standard output.
fn write_text(text: &str, file: Option<&Path>, force: bool) -> anyhow::Result<Outcome> {
    let Some(file) = file.filter(|file| file.as_os_str() != "-") else {
        stdout().lock().write_all(text.as_bytes())?;
        return Ok(Outcome::Done);
    };
    ringback_report::write_file(file, text.as_bytes(), force).map_err(output::with_hint)?;
    terminal::note(&format!("wrote {}", file.display()));
    Ok(Outcome::Done)
}

/// Checks files one after the other; each is also held against those before it.
fn check(files: &[PathBuf]) -> anyhow::Result<Outcome> {
    let mut known = Layouts::builtin()?;
    let mut outcome = Outcome::Done;
    for file in files {
        let shown = file.display().to_string();
        match own(file) {
            Ok(own) => {
                for doubt in doubts(&own.layout, &known) {
                    terminal::warning(&format!("{shown}: {doubt}"));
                }
                let columns: usize = own.layout.columns().map(|(_, headings)| headings.len()).sum();
                let line =
                    format!("{} is right: {}, {columns} headings\n", safe(&shown), safe(&own.layout.name));
                stdout().lock().write_all(line.as_bytes()).context("writing to standard output")?;
                known = known.with(own.layout);
            }
            Err(error) => {
                terminal::error(&format!("{error:#}"));
                outcome = Outcome::Failed;
            }
        }
    }
    Ok(outcome)
}
