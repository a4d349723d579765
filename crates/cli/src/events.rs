//! `events`: every row, normalised, with its verdict.

mod book;
mod view;

use crate::args::{EventFormat, EventsArgs};
use crate::exit::{self, Outcome};
use crate::request::{self, Wish};
use crate::words;
use anyhow::Context;
use clap::error::ErrorKind;
use ringback_model::{Case, Words};
use ringback_pipeline::{Event, Investigation};
use ringback_template::Catalogue;
use std::io::{self, BufWriter, Write, stdout};
use std::path::Path;
use std::sync::Arc;
use view::EventView;
pub(crate) use view::SAID;

/// Writes the events.
pub(crate) fn run(args: &EventsArgs) -> anyhow::Result<Outcome> {
    if args.format == EventFormat::Xlsx && args.output.is_none() {
        let says = "a workbook is no text for standard output: give it a file with -o";
        exit::wrong_usage(ErrorKind::MissingRequiredArgument, says);
    }
    let found = request::run(
        &args.input,
        &Wish { title: None, hash_inputs: false, read_again: true, advise: false, baseline: None },
    )?;
    let words = words::of(&found.case)?;
    match &args.output {
        Some(path) => {
            to_file(args, path, &found, &words).with_context(|| format!("writing {}", path.display()))?;
        }
        None => write(args.format, &found, words.as_ref(), &mut BufWriter::new(stdout().lock()))?,
    }
    Ok(request::end(&args.input, found))
}

fn to_file(
    args: &EventsArgs,
    path: &Path,
    found: &Investigation,
    words: &Arc<Catalogue>,
) -> anyhow::Result<()> {
    let mut writing = ringback_report::Writing::begin(path, args.force)?;
    if args.format == EventFormat::Xlsx {
        book::write(found, words, &mut writing)?;
    } else {
        write(args.format, found, words.as_ref(), &mut writing)?;
    }
    Ok(writing.finish()?)
}

fn write(
    format: EventFormat,
    found: &Investigation,
    words: &dyn Words,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let texts = texts(&found.case, words);
    if format == EventFormat::Csv {
        writeln!(out, "{}", view::columns().collect::<Vec<_>>().join(","))?;
    }
    found.events(
        &|event: &Event<'_>, block: &mut Vec<u8>| {
            let view = EventView::of(&found.case, event, &texts);
            match format {
                EventFormat::Csv => view.write_csv(block),
                EventFormat::Jsonl | EventFormat::Xlsx => view.write_json(block),
            }
        },
        out,
    )?;
    out.flush()?;
    Ok(())
}

/// The texts of the lists of reasons of a case.
fn texts(case: &Case, words: &dyn Words) -> Vec<Vec<String>> {
    case.reasons.iter().map(|list| list.iter().map(|reason| words.text(reason)).collect()).collect()
}

/// Says which events are written, and as what, by handing them on.
pub(crate) type Change<'c> = &'c (dyn Fn(&Event<'_>, &mut dyn FnMut(&Event<'_>)) + Sync);

/// Writes the events that `change` hands on as CSV, told by `case`: the investigation's own, or one in which other names
/// stand.
///
/// # Errors
/// An input that can not be read again, or a writer that fails.
pub(crate) fn write_csv(
    found: &Investigation,
    case: &Case,
    words: &dyn Words,
    change: Change<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let texts = texts(case, words);
    writeln!(out, "{}", view::columns().collect::<Vec<_>>().join(","))?;
    found.events(
        &|event: &Event<'_>, block: &mut Vec<u8>| {
            change(event, &mut |event: &Event<'_>| EventView::of(case, event, &texts).write_csv(block));
        },
        out,
    )
}
