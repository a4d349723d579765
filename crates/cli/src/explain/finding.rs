//! A finding of a report that was written as JSON: from its evidence rows where the inputs can be reached, else from what
//! the report holds of it.

use super::{print, read, stored, target, told, told_error};
use crate::args::{ExplainArgs, InputArgs};
use crate::exit::Outcome;
use crate::request::{self, Wish};
use crate::words;
use anyhow::{Context, anyhow, bail};
use ringback_model::explanation::Explanation;
use ringback_model::report::SCHEMA_VERSION;
use ringback_model::{Arg, Case};
use ringback_pipeline::Investigation;
use ringback_template::Catalogue;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// How many evidence rows are named beside the one that is explained.
const NAMED: usize = 4;

/// A finding with the report that it stands in.
pub(super) struct Stored<'r> {
    pub(super) report: &'r Value,
    pub(super) finding: &'r Value,
}

impl<'r> Stored<'r> {
    /// The finding of a report by its id or the only one that starts so.
    fn find(report: &'r Value, id: &str) -> anyhow::Result<Self> {
        let findings = list(&report["findings"]);
        let ids = |wanted: &dyn Fn(&str) -> bool| -> Vec<&'r Value> {
            findings.iter().filter(|one| wanted(text(&one["id"]))).collect()
        };
        let whole = ids(&|one| one.eq_ignore_ascii_case(id));
        let start = id.to_ascii_lowercase();
        let begin = ids(&|one| !start.is_empty() && one.to_ascii_lowercase().starts_with(&start));
        match (whole.as_slice(), begin.as_slice()) {
            ([finding, ..], _) | ([], [finding]) => Ok(Stored { report, finding }),
            ([], []) => bail!("the report has no finding {id}\nhint: it has {} findings", findings.len()),
            ([], several) => {
                let names: Vec<&str> = several.iter().take(NAMED).map(|one| text(&one["id"])).collect();
                let count = several.len();
                bail!("{count} findings start with {id}\nhint: give more of the id: {}, …", names.join(", "))
            }
        }
    }

    /// The input and record of an evidence row.
    fn place(row: &Value) -> (&str, u64) {
        (text(&row["source"]), row["record"].as_u64().unwrap_or_default())
    }

    fn evidence(&self) -> &'r [Value] {
        list(&self.finding["evidence"])
    }
}

/// Explains a finding of a report.
///
/// # Errors
/// A report that can not be read, or has no such finding.
pub(super) fn run(args: &ExplainArgs, id: &str) -> anyhow::Result<Outcome> {
    let path = Path::new(&args.target);
    let report = read_report(path)?;
    let stored = Stored::find(&report, id)?;
    match reached(args, &stored, path) {
        Ok((found, words)) => {
            let explanation = from_rows(&found, &stored, args, &words)?;
            print(args, &explanation, &words)?;
        }
        Err(error) => {
            let words = words_alone(args, &report)?;
            let mut explanation = stored::explanation(&stored, &words);
            let error = error.to_string().lines().next().unwrap_or_default().to_owned();
            let note = words.phrase("explain.note.unreachable", &[("error", Arg::Text(error))]);
            explanation.notes.push(note);
            print(args, &explanation, &words)?;
        }
    }
    Ok(Outcome::Done)
}

fn read_report(path: &Path) -> anyhow::Result<Value> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    let report: Value = serde_json::from_slice(&bytes)
        .map_err(|error| anyhow!("{}: {error}\nhint: the report is written with -f json", path.display()))?;
    let known = u64::from(SCHEMA_VERSION);
    match report["schema"].as_u64() {
        Some(schema) if schema == known && report["findings"].is_array() => Ok(report),
        Some(schema) if schema > known => {
            bail!("{}: a report of schema {schema}, and {known} is the newest known", path.display())
        }
        _ => bail!("{}: no report of ringback\nhint: the report is written with -f json", path.display()),
    }
}

/// The words where nothing was read.
fn words_alone(args: &ExplainArgs, report: &Value) -> anyhow::Result<std::sync::Arc<Catalogue>> {
    let mut input = args.input.clone();
    input.language = input.language.or_else(|| report["language"].as_str().map(str::to_owned));
    let wish = Wish { title: None, hash_inputs: false, read_again: false, advise: false, baseline: None };
    let heading = request::request(&input, &wish)?.heading;
    words::of(&Case { heading, ..Case::default() })
}

/// Reads the inputs of the report again.
fn reached(
    args: &ExplainArgs,
    stored: &Stored<'_>,
    report: &Path,
) -> anyhow::Result<(Investigation, std::sync::Arc<Catalogue>)> {
    let mut input = args.input.clone();
    if input.paths.is_empty() {
        input.paths = on_disk(stored, report)?;
    }
    let found = read(&input, true)?;
    let (source, _) =
        stored.evidence().first().map(Stored::place).context("the finding has no evidence rows")?;
    found.input_named(source).map_err(|error| told_error(&error))?;
    let words = words::of(&found.case)?;
    Ok((found, words))
}

/// The inputs of a report by their names, below the folder of the run or that of the report.
fn on_disk(stored: &Stored<'_>, report: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let names: Vec<&str> = list(&stored.report["inputs"]).iter().map(|one| text(&one["name"])).collect();
    let beside = report.parent().unwrap_or(Path::new("")).to_owned();
    let below = |folder: &Path| -> Option<Vec<PathBuf>> {
        names.iter().map(|name| target::on_disk(&folder.join(name).to_string_lossy())).collect()
    };
    let found = [PathBuf::new(), beside].iter().find_map(|folder| below(folder));
    found.filter(|paths| !paths.is_empty()).with_context(|| {
        let first = names.first().copied().unwrap_or_default();
        format!("{first} is neither here nor beside the report")
    })
}

/// The explanation of a finding's first evidence row.
fn from_rows(
    found: &Investigation,
    stored: &Stored<'_>,
    args: &ExplainArgs,
    words: &Catalogue,
) -> anyhow::Result<Explanation> {
    let evidence = stored.evidence();
    let (source, record) = evidence.first().map(Stored::place).context("the finding has no evidence rows")?;
    let number = found.input_named(source).map_err(|error| told_error(&error))?;
    let row = found.explain(number, record).map_err(|error| told_error(&error))?;
    let mut explanation = told::explanation(found, &row, words);
    explanation.notes.extend(notes(found, stored, &args.input, words));
    let id = text(&stored.finding["id"]);
    if explanation.finding.as_deref() != Some(id) {
        let other = explanation.finding.clone().unwrap_or_else(|| "–".to_owned());
        explanation.notes.push(words.phrase("explain.note.other-finding", &[("finding", Arg::Text(other))]));
    } else if let Some(verdict) = row.explained.as_ref().map(|explained| explained.verdict) {
        let (scenario, severity) = (text(&stored.finding["scenario"]), text(&stored.finding["severity"]));
        if (verdict.scenario.as_str(), verdict.severity.as_str()) != (scenario, severity) {
            let args = [
                ("severity", Arg::Text(words.term("severity", severity))),
                ("scenario", Arg::Text(words.term("scenario", scenario))),
            ];
            explanation.notes.push(words.phrase("explain.note.stored-verdict", &args));
        }
    }
    Ok(explanation)
}

/// What should be known of rows that are read again for a report.
fn notes(found: &Investigation, stored: &Stored<'_>, input: &InputArgs, words: &Catalogue) -> Vec<String> {
    let mut notes = Vec::new();
    let evidence = stored.evidence();
    if evidence.len() > 1 {
        let others = evidence.iter().skip(1).take(NAMED).map(Stored::place);
        let places: Vec<String> = others.map(|(source, record)| format!("{source}:{record}")).collect();
        let rows = ("rows", Arg::Count(evidence.len() as u64));
        notes.push(words.phrase("explain.note.evidence", &[rows, ("places", Arg::Text(places.join(", ")))]));
    }
    for one in list(&stored.report["inputs"]) {
        let (name, sha256) = (text(&one["name"]), one["sha256"].as_str());
        let now = found.case.inputs.iter().find(|input| input.name == name);
        let differs = now.and_then(|now| now.sha256.as_deref()).zip(sha256).is_some_and(|(a, b)| a != b);
        if differs {
            let source = [("source", Arg::Text(name.to_owned()))];
            notes.push(words.phrase("explain.note.changed", &source));
        }
    }
    let now = &found.case.method.options;
    let differing =
        stored.report["method"]["options"].as_object().into_iter().flatten().filter(|(name, value)| {
            !now.iter().any(|(one, given)| one == *name && Some(given.as_str()) == value.as_str())
        });
    let differing: Vec<String> =
        differing.map(|(name, value)| format!("--{name} {}", value.as_str().unwrap_or_default())).collect();
    if !differing.is_empty() && !input.quiet {
        let options = [("options", Arg::Text(differing.join(" ")))];
        notes.push(words.phrase("explain.note.options", &options));
    }
    notes
}

/// The text of a value; empty where it is none.
pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The items of a value; none where it is no list.
pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_by_id_or_the_start_of_one() {
        let report = serde_json::json!({ "findings": [
            { "id": "F-aa01" }, { "id": "F-aa02" }, { "id": "F-b" }, { "id": "F-b0" },
        ] });
        for (id, expected) in [
            ("F-aa01", Ok("F-aa01")),
            ("f-AA02", Ok("F-aa02")),
            ("F-b", Ok("F-b")),
            ("F-b0", Ok("F-b0")),
            ("F-aa", Err("2 findings start with F-aa")),
            ("F-", Err("4 findings start with F-")),
            ("F-c", Err("the report has no finding F-c")),
            ("", Err("the report has no finding ")),
        ] {
            let found = Stored::find(&report, id).map(|stored| text(&stored.finding["id"]));
            match expected {
                Ok(expected) => assert_eq!(found.unwrap(), expected),
                Err(says) => assert!(found.unwrap_err().to_string().starts_with(says), "{id}"),
            }
        }
    }
}
