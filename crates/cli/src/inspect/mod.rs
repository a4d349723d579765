//! `inspect`: what was recognised in every input, for people or as JSON.

mod blocks;
pub(crate) mod page;
mod times;

use crate::args::{InputArgs, InspectArgs};
use crate::exit::{Outcome, wrong_usage};
use crate::output;
use crate::progress::Bar;
use crate::request::{self, Wish};
use crate::terminal::{colours, width};
use crate::{rejects, words};
use blocks::Blocks;
use clap::error::ErrorKind;
use page::Page;
use ringback_model::Case;
use ringback_model::inspection::Inspection;
use std::io::{Write, stdout};

/// Prints what was recognised.
pub(crate) fn run(args: &InspectArgs) -> anyhow::Result<Outcome> {
    refuse(&args.input);
    let request = request::request(
        &args.input,
        &Wish { title: None, hash_inputs: false, read_again: false, advise: false, baseline: None },
    )?;
    let words = words::of(&Case { heading: request.heading.clone(), ..Case::default() })?;
    let bar = Bar::new(args.input.quiet);
    let found = ringback_pipeline::inspect(&request, &*words, &bar);
    bar.finish();
    let found = found?;
    if !args.input.quiet {
        request::tell_ignored(&args.input, &found.ignored);
    }
    let inspection = &found.inspection;
    if let Some(path) = &args.input.rejects {
        let names: Vec<&str> = inspection.inputs.iter().map(|input| input.name.as_str()).collect();
        rejects::write(path, &names, &found.rejected)?;
    }
    let mut out = stdout().lock();
    if args.json {
        output::json(&mut out, inspection)?;
    } else {
        let page = Page::new(width(), colours(args.input.color));
        // The frame names columns, options and layouts and is in English; notes and what rejects mean are the reader's.
        let frame = ringback_template::words("en")?.in_zone(words.clock().name())?;
        out.write_all(Blocks { page, words: &frame }.of(inspection).as_bytes())?;
    }
    out.flush()?;
    Ok(outcome(&args.input, inspection))
}

/// Ends the run where options were given that only a judged report has.
fn refuse(args: &InputArgs) {
    let given = [
        ("--since", args.since.is_some()),
        ("--until", args.until.is_some()),
        ("--fail-on", args.fail_on.is_some()),
    ];
    if let Some((option, _)) = given.iter().find(|(_, given)| *given) {
        let says = format!("{option} can not be used with inspect, which reads every record and judges none");
        wrong_usage(ErrorKind::ArgumentConflict, &says);
    }
}

fn outcome(args: &InputArgs, inspection: &Inspection) -> Outcome {
    let inputs = &inspection.inputs;
    if inputs.iter().all(|input| input.recognised.is_none()) {
        Outcome::Failed
    } else if args.strict && inputs.iter().any(|input| input.rejected > 0 || input.failure.is_some()) {
        Outcome::Rejected
    } else {
        Outcome::Done
    }
}
