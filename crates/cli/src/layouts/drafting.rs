//! `layouts new`: a draft from a sample, and the hint that leads there.

use super::chosen::is_file;
use super::write_text;
use crate::args::InputArgs;
use crate::exit::Outcome;
use crate::terminal;
use anyhow::{Context, anyhow};
use ringback_parse::{Layout, Layouts, Plan, ReadOptions, RowEvent, Split, SplitReader, TextEncodingName};
use ringback_pipeline::Investigation;
use std::fs::File;
use std::io::{Read, stdin};
use std::path::{Path, PathBuf};

/// How much of a sample is looked at.
const HEAD: u64 = 256 * 1024;

/// Drafts a layout, writes it, and says on standard error how much of the sample it reads.
pub(super) fn new(
    sample: &Path,
    output: Option<&Path>,
    encoding: Option<TextEncodingName>,
    force: bool,
) -> anyhow::Result<Outcome> {
    let (head, complete) = head(sample)?;
    let shown = sample.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let shown = if sample.as_os_str() == "-" { "standard input".to_owned() } else { shown };
    let draft = ringback_parse::draft(&head, complete, &shown, encoding)
        .map_err(|error| anyhow!("{}: {error}", sample.display()))?;
    let layout = Layout::parse(&draft.text, &shown)?;
    let outcome = write_text(&draft.text, output, force)?;
    terminal::note(&format!(
        "{} of {} columns are read; {}",
        draft.read,
        draft.columns,
        trial(&head, layout, encoding)
    ));
    Ok(outcome)
}

/// The first bytes of a sample, and whether they are all of it.
fn head(sample: &Path) -> anyhow::Result<(Vec<u8>, bool)> {
    let mut head = Vec::new();
    let mut read = |input: &mut dyn Read| input.take(HEAD).read_to_end(&mut head);
    let read = if sample.as_os_str() == "-" {
        read(&mut stdin().lock())
    } else {
        File::open(sample).and_then(|mut file| read(&mut file))
    };
    let read = read.with_context(|| sample.display().to_string())?;
    Ok((head, (read as u64) < HEAD))
}

/// How much of the sample's first bytes a layout reads, for people.
fn trial(head: &[u8], layout: Layout, encoding: Option<TextEncodingName>) -> String {
    let options = ReadOptions { encoding, ..ReadOptions::default() };
    let plan = match ringback_parse::plan(head, true, &Layouts::none().with(layout), &options) {
        Ok(plan) => plan,
        Err(error) => return format!("it does not read the sample yet: {error}"),
    };
    let (mut rows, mut rejected, mut reason) = (0_u64, 0_u64, None);
    let read = read_all(head, &plan, &mut |event| match event {
        RowEvent::Row(row) if row.times.readings().any(|time| time.is_ok()) => rows += 1,
        RowEvent::Row(row) => {
            rejected += 1;
            reason = reason.or(row.times.readings().find_map(Result::err));
        }
        RowEvent::Reject(reject) => {
            rejected += 1;
            reason = reason.or(Some(reject.reason));
        }
    });
    match (read, reason) {
        (Err(error), _) => format!("the sample could not be read: {error}"),
        (Ok(()), None) => format!("of the sample, {rows} of {rows} records are read"),
        (Ok(()), Some(reason)) => {
            let all = rows + rejected;
            format!("of the sample, {rows} of {all} records are read (first reject: {reason})")
        }
    }
}

fn read_all(head: &[u8], plan: &Plan, on: &mut dyn FnMut(RowEvent<'_>)) -> std::io::Result<()> {
    let split = Split { from: plan.data_start().byte, to: None };
    let from = usize::try_from(plan.opening(split)).unwrap_or_default();
    let input = head.get(from..).unwrap_or_default();
    SplitReader::new(plan, 0).read(input, split, on).map(|_| ()).map_err(|stopped| stopped.error)
}

/// The hint for an input that fits no layout: the command that drafts one.
pub(crate) fn draft_hint(args: &InputArgs, found: &Investigation, name: &str) -> String {
    let input = found.case.inputs.iter().find(|input| input.name == name);
    let fits_none = input.is_some_and(|input| {
        input.size != Some(0) && input.notes.iter().any(|note| note.key == "input.no-layout")
    });
    if !fits_none || !args.layout.iter().all(|value| is_file(value)) {
        return String::new();
    }
    let sample = path_of(&args.paths, name);
    format!(
        "\nhint: `ringback layouts new {} -o ours.toml` drafts one, and --layout ours.toml reads with it",
        quoted(&sample)
    )
}

/// The path of an input that was named by itself, or lies in a folder that was; else a word that stands for it.
fn path_of(paths: &[PathBuf], name: &str) -> PathBuf {
    let inside = paths.iter().map(|path| path.join(name)).find(|path| path.is_file());
    let itself = || paths.iter().find(|path| path.ends_with(name)).cloned();
    inside.or_else(itself).unwrap_or_else(|| PathBuf::from("SAMPLE"))
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |char: char| char.is_alphanumeric() || matches!(char, '/' | '.' | '-' | '_' | '\\' | ':');
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_so_that_a_shell_takes_them() {
        for (path, text) in [
            ("a/b.csv", "a/b.csv"),
            ("a b.csv", "'a b.csv'"),
            ("it's.csv", "'it'\\''s.csv'"),
            ("$(x).csv", "'$(x).csv'"),
        ] {
            assert_eq!(quoted(Path::new(path)), text);
        }
    }
}
