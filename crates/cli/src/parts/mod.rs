//! `tally`, `merge`, `scan` and `plan`: counts in files that merge, for logs that outgrow one machine.

pub(crate) mod args;

use crate::exit::Outcome;
use crate::output::{self, with_hint};
use crate::progress::Bar;
use crate::request::{self, Wish};
use crate::{rejects, terminal};
use anyhow::{Context, bail};
use args::{MergeArgs, OutArgs, PlanArgs, ScanArgs, TallyArgs};
use ringback_pipeline::{Naming, PipelineError, PlannedSplits, Tallied};
use ringback_report::Writing;
use std::io::{Write, stdout};

/// What is asked of counting: nothing is judged.
const COUNTING: Wish<'static> =
    Wish { title: None, hash_inputs: true, read_again: false, advise: false, baseline: None };

/// Counts exports into a part.
pub(crate) fn tally(args: &TallyArgs) -> anyhow::Result<Outcome> {
    if args.input.fail_on.is_some() {
        bail!(
            "--fail-on can not be used with tally, which judges nothing\nhint: give it to `ringback report`"
        );
    }
    request::begin(&args.input);
    let whole = args.plan.is_none();
    let request = request::request(&args.input, &Wish { hash_inputs: whole, ..COUNTING })?;
    let naming = Naming { relative_to: args.relative_to.clone(), name: args.name.clone() };
    let bar = Bar::new(args.input.quiet);
    let told = written(&args.out, |out| match (&args.plan, args.bytes) {
        (Some(plan), Some(range)) => {
            ringback_pipeline::tally_split(&request, &naming, (plan, range), out, &bar)
        }
        _ => ringback_pipeline::tally(&request, &naming, out, &bar),
    });
    bar.finish();
    let told = told?;
    for (name, error) in &told.failed {
        terminal::error(&format!("{name}: {error}"));
    }
    if let Some(path) = &args.input.rejects {
        let names: Vec<&str> = told.inputs.iter().map(String::as_str).collect();
        rejects::write(path, &names, &told.rejected_rows)?;
    }
    if !args.input.quiet {
        request::tell_ignored(&args.input, &told.ignored);
        tell_rejected(&told);
        tell_written(&args.out, &told);
    }
    Ok(if told.rows == 0 && !told.failed.is_empty() && told.failed.len() == told.inputs.len() {
        Outcome::Failed
    } else if args.input.strict && (told.rejected > 0 || !told.failed.is_empty()) {
        Outcome::Rejected
    } else {
        Outcome::Done
    })
}

/// Joins parts.
pub(crate) fn merge(args: &MergeArgs) -> anyhow::Result<Outcome> {
    let told = written(&args.out, |out| ringback_pipeline::merge(&args.parts, args.threads, out))?;
    if !args.quiet {
        tell_written(&args.out, &told);
    }
    Ok(Outcome::Done)
}

/// Looks at a split.
pub(crate) fn scan(args: &ScanArgs) -> anyhow::Result<Outcome> {
    written(&args.out, |out| ringback_pipeline::scan_split(&args.file, args.bytes, out))?;
    Ok(Outcome::Done)
}

/// Plans splits.
pub(crate) fn plan(args: &PlanArgs) -> anyhow::Result<Outcome> {
    let request = request::request(&args.input, &Wish { hash_inputs: false, ..COUNTING })?;
    let planned = written(&args.out, |out| ringback_pipeline::plan_splits(&request, &args.input.paths, out))?;
    if let Some(from) = planned.one_piece.filter(|_| !args.input.quiet) {
        terminal::note(&format!(
            "from byte {from} on the rest is one piece, which one split reads: a quote in it is not certain, or its format \
             has no splits"
        ));
    }
    if args.json {
        let mut out = stdout().lock();
        output::json(&mut out, &shown(&planned))?;
        out.flush()?;
    }
    Ok(Outcome::Done)
}

/// A plan as JSON. `read_from` and `read_to` are the bytes that `ringback tally` reads for a split: none where no record
/// starts in it.
fn shown(planned: &PlannedSplits) -> serde_json::Value {
    let splits = planned.splits.iter().map(|split| {
        serde_json::json!({
            "from": split.range.from,
            "to": split.range.to,
            "read_from": split.records.map(|records| records.from),
            "read_to": split.records.map(|records| records.to),
        })
    });
    serde_json::json!({
        "schema": 1,
        "size": planned.size,
        "one_piece": planned.one_piece,
        "splits": splits.collect::<Vec<_>>(),
    })
}

/// Writes a file, all or nothing, or to standard output.
fn written<T>(
    args: &OutArgs,
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<T, PipelineError>,
) -> anyhow::Result<T> {
    if args.output.as_os_str() == "-" {
        let mut out = std::io::BufWriter::new(stdout());
        let told = write(&mut out)?;
        out.flush()?;
        return Ok(told);
    }
    let mut writing = Writing::begin(&args.output, args.force).map_err(with_hint)?;
    let told = write(&mut writing)?;
    writing.finish().map_err(with_hint).with_context(|| format!("writing {}", args.output.display()))?;
    Ok(told)
}

fn tell_rejected(told: &Tallied) {
    if told.rejected > 0 {
        let word = if told.rejected == 1 { "row" } else { "rows" };
        terminal::warning(&format!("{} {word} rejected", told.rejected));
    }
}

fn tell_written(args: &OutArgs, told: &Tallied) {
    if args.output.as_os_str() != "-" {
        let inputs = told.inputs.len();
        let word = if inputs == 1 { "input" } else { "inputs" };
        terminal::note(&format!("wrote {}: {inputs} {word}, {} rows", args.output.display(), told.rows));
    }
}
