//! `explain`: why one row, or one finding of a report, was judged as it was, for people or as JSON.

mod finding;
mod sheet;
mod stored;
mod target;
mod told;

use crate::args::{ExplainArgs, InputArgs};
use crate::exit::{Outcome, wrong_usage};
use crate::output;
use crate::request::{self, Wish};
use crate::terminal::{colours, width};
use crate::words;
use anyhow::anyhow;
use clap::error::ErrorKind;
use ringback_model::explanation::Explanation;
use ringback_pipeline::{ExplainError, Investigation};
use ringback_template::Catalogue;
use std::io::{Write, stdout};
use target::Target;

/// How many names of inputs an error lists.
const LISTED: usize = 5;

/// Prints the explanation.
pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<Outcome> {
    refuse(&args.input);
    if let Some(id) = &args.finding {
        return finding::run(args, id);
    }
    let target =
        Target::parse(&args.target).unwrap_or_else(|says| wrong_usage(ErrorKind::ValueValidation, &says));
    let mut input = args.input.clone();
    input.paths.extend(target::on_disk(&target.file));
    if input.paths.is_empty() {
        return Err(anyhow!(
            "{} is not there\nhint: name the paths of the report behind it, such as `ringback explain {} exports/`",
            target.file,
            args.target
        ));
    }
    let found = read(&input, false)?;
    let words = words::of(&found.case)?;
    let row = found.input_named(&target.file).and_then(|number| found.explain(number, target.record));
    let row = row.map_err(|error| told_error(&error))?;
    print(args, &told::explanation(&found, &row, &words), &words)?;
    Ok(Outcome::Done)
}

/// Reads what a row's context comes from.
fn read(input: &InputArgs, hash_inputs: bool) -> anyhow::Result<Investigation> {
    request::run(input, &Wish { title: None, hash_inputs, read_again: true, advise: true, baseline: None })
}

/// Writes an explanation to standard output.
fn print(args: &ExplainArgs, explanation: &Explanation, words: &Catalogue) -> anyhow::Result<()> {
    let mut out = stdout().lock();
    if args.json {
        output::json(&mut out, explanation)?;
    } else {
        let sheet = sheet::of(explanation, words, width(), colours(args.input.color));
        out.write_all(sheet.as_bytes())?;
    }
    Ok(out.flush()?)
}

/// An error with a hint.
fn told_error(error: &ExplainError) -> anyhow::Error {
    let hint = match error {
        ExplainError::NoInput { names, .. } => format!("the inputs are {}", listed(names)),
        ExplainError::SeveralInputs { names, .. } => format!("name one of them: {}", listed(names)),
        ExplainError::NoRecord { records: 0, .. } => "it has no records".to_owned(),
        ExplainError::NoRecord { records, failure, .. } => {
            let counted = if *records == 1 { "1 record".to_owned() } else { format!("{records} records") };
            let further = failure.as_ref().map_or_else(String::new, |failure| format!("; {failure}"));
            format!("it has {counted}, counted from 1 and without the heading{further}")
        }
        ExplainError::Unreadable { .. } => "`ringback inspect` tells what was recognised in it".to_owned(),
        ExplainError::ReadAgain { .. } => "run it again when nothing writes to the input".to_owned(),
    };
    let text = error.to_string();
    if text.contains("\nhint:") { anyhow!(text) } else { anyhow!("{text}\nhint: {hint}") }
}

/// The first of some names.
fn listed(names: &[String]) -> String {
    let more = if names.len() > LISTED { ", …" } else { "" };
    names.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ") + more
}

/// Ends the run where options were given that only a whole report has.
fn refuse(args: &InputArgs) {
    let given = [
        ("--rejects", args.rejects.is_some()),
        ("--strict", args.strict),
        ("--fail-on", args.fail_on.is_some()),
    ];
    if let Some((option, _)) = given.iter().find(|(_, given)| *given) {
        let says = format!("{option} can not be used with explain, which tells of one row");
        wrong_usage(ErrorKind::ArgumentConflict, &says)
    }
}
