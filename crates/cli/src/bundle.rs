//! `case`: what a vendor's support needs, in one archive, redacted where that is asked for.

use crate::args::{CaseArgs, ExportsWanted};
use crate::exit::Outcome;
use crate::output::with_hint;
use crate::report::packs;
use crate::request::{self, Wish};
use crate::{events, rejects, reporters, terminal, words};
use anyhow::Context;
use ringback_model::{Arg, Case, Finding, FindingId, Map, Profile, Report};
use ringback_pipeline::{Event, Fate, Investigation, advise_again};
use ringback_report::redact::{Key, Redacted};
use ringback_report::{BUNDLE_SCHEMA, Bundle, BundleManifest, LeftOut, Options, Pack, Writing};
use ringback_template::Catalogue;
use std::io::{self, Read, Write};

/// The packs that every bundle has, and what their files are in it.
const ALWAYS: [(&str, &str); 2] = [("case", "case"), ("csv", "findings")];

/// The manifest for people.
const READABLE: &str = "MANIFEST.txt";

/// Writes the bundle.
pub(crate) fn run(args: &CaseArgs) -> anyhow::Result<Outcome> {
    let registry = reporters::registry(&args.reporters, args.input.profile.as_deref())?;
    let mut formats = args.format.clone();
    formats.extend(ALWAYS.map(|(name, _)| name.to_owned()));
    let packs = packs(&registry, &formats)?;
    let mut writing = Writing::begin(&args.output, args.force).map_err(with_hint)?;
    let key = key(args)?;
    let wish = Wish {
        title: args.title.as_deref(),
        hash_inputs: true,
        read_again: true,
        advise: true,
        baseline: None,
    };
    let (mut found, profile) = request::run_with(&args.input, &wish, true)?;
    let redacted = key.as_ref().map(|key| redact(args, key, &found, &profile)).transpose()?;
    let words = words::of(&found.case)?;
    let path = args.output.display();
    let mut bundle = Bundle::begin(&mut writing, manifest(args, &found.case, key.as_ref()));
    add_rows(&mut bundle, args, &found, redacted.as_ref(), &words)
        .with_context(|| format!("writing {path}"))?;
    let case = match redacted {
        Some(redacted) => redacted.case,
        None => std::mem::take(&mut found.case),
    };
    let report = Report::new(case, words.clone());
    add_reports(&mut bundle, &packs, &report)?;
    bundle
        .finish(READABLE, |manifest| readable(manifest, &words))
        .with_context(|| format!("writing {path}"))?;
    writing.finish().map_err(with_hint)?;
    if !args.input.quiet {
        terminal::note(&format!("wrote {path}"));
    }
    if key.is_none() {
        found.case = std::sync::Arc::unwrap_or_clone(report.case);
    }
    Ok(request::end(&args.input, found))
}

/// The key, where pseudonyms are asked for.
fn key(args: &CaseArgs) -> anyhow::Result<Option<Key>> {
    if !args.redact {
        return Ok(None);
    }
    let Some(path) = &args.key_file else {
        if !args.input.quiet {
            terminal::note(
                "the key is kept nowhere: the next bundle has other pseudonyms\nhint: --key-file FILE keeps it",
            );
        }
        return Ok(Some(Key::random()?));
    };
    let (key, made) = Key::of_file(path)?;
    if made && !args.input.quiet {
        terminal::note(&format!("made the key {}; keep it, and give it to nobody", path.display()));
    }
    Ok(Some(key))
}

/// The redacted case, with advice that names what stands in it.
fn redact(args: &CaseArgs, key: &Key, found: &Investigation, profile: &Profile) -> anyhow::Result<Redacted> {
    let accepted: Vec<&Finding> = found.suppressed.iter().map(|one| &one.finding).collect();
    let plain = words::of(&found.case)?.phrase("label.report-title", &[]);
    let title = args.title.as_deref().unwrap_or(&plain);
    let mut redacted = Redacted::of(key, &found.case, &accepted, profile, title);
    advise_again(&mut redacted.case, &redacted.profile)?;
    Ok(redacted)
}

fn manifest(args: &CaseArgs, case: &Case, key: Option<&Key>) -> BundleManifest {
    let (tool, version) = &case.heading.tool;
    BundleManifest {
        schema: BUNDLE_SCHEMA,
        tool: format!("{tool} {version}"),
        generated_at: case.heading.generated_at,
        redacted: key.is_some(),
        key: key.map(Key::name),
        exports: match args.exports {
            ExportsWanted::Whole => "whole",
            ExportsWanted::Matching => "matching",
            ExportsWanted::None => "none",
        },
        files: Vec::new(),
        left_out: Vec::new(),
    }
}

/// Adds what could not be read, and the exports or their rows.
fn add_rows<W: Write>(
    bundle: &mut Bundle<W>,
    args: &CaseArgs,
    found: &Investigation,
    redacted: Option<&Redacted>,
    words: &Catalogue,
) -> io::Result<()> {
    let case = redacted.map_or(&found.case, |redacted| &redacted.case);
    let names: Vec<&str> = case.inputs.iter().map(|input| input.name.as_str()).collect();
    let rejected = rejects::csv(&names, &found.rejected, redacted.is_none());
    bundle.add("rejects.csv", "rejects", |out| out.write_all(rejected.as_bytes()))?;
    if redacted.is_some() {
        let why = |name: &str, key: &str| LeftOut { name: name.to_owned(), why: words.phrase(key, &[]) };
        bundle.manifest.left_out.push(why("rejects.csv", "bundle.no-reject-text"));
        bundle.manifest.left_out.push(why("exports", "bundle.no-other-columns"));
    }
    match (args.exports, redacted) {
        (ExportsWanted::None, _) => Ok(()),
        (ExportsWanted::Whole, None) => add_exports(bundle, found),
        (wanted, _) => bundle.add("exports/rows.csv", "rows", |out| {
            add_events(found, redacted, words, wanted == ExportsWanted::Whole, out)
        }),
    }
}

/// Adds the exports as they were found. One that can not be read to its end is there as far as it can be, and named.
fn add_exports<W: Write>(bundle: &mut Bundle<W>, found: &Investigation) -> io::Result<()> {
    for export in found.exports() {
        let name = export.name();
        let mut fault = None;
        match export.open() {
            Ok(mut input) => bundle.add(&format!("exports/{name}"), "export", |out| {
                fault = copy(&mut input, out)?;
                Ok(())
            })?,
            Err(error) => fault = Some(error),
        }
        let left_out = fault.map(|error| LeftOut { name, why: error.to_string() });
        bundle.manifest.left_out.extend(left_out);
    }
    Ok(())
}

/// Copies until the end or until reading fails; how it failed is no error of the copy.
fn copy(input: &mut dyn Read, out: &mut dyn Write) -> io::Result<Option<io::Error>> {
    let mut block = vec![0; 256 * 1024];
    loop {
        match input.read(&mut block) {
            Ok(0) => return Ok(None),
            Ok(read) => out.write_all(&block[..read])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Ok(Some(error)),
        }
    }
}

/// Writes the rows that findings were made of, or all that could be read.
fn add_events(
    found: &Investigation,
    redacted: Option<&Redacted>,
    words: &Catalogue,
    all: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let wanted = |event: &Event<'_>| all || event.fate == Fate::InFindings;
    let Some(redacted) = redacted else {
        let change = |event: &Event<'_>, on: &mut dyn FnMut(&Event<'_>)| {
            if wanted(event) {
                on(event);
            }
        };
        return events::write_csv(found, &found.case, words, &change, out);
    };
    let shown = found.case.findings.iter().zip(&redacted.case.findings);
    let accepted = found.suppressed.iter().map(|one| &one.finding).zip(&redacted.accepted);
    let findings: Map<FindingId, &Finding> =
        shown.chain(accepted).map(|(one, made)| (one.id, made)).collect();
    let change = |event: &Event<'_>, on: &mut dyn FnMut(&Event<'_>)| {
        let source = redacted.case.inputs.get(event.place.source as usize);
        let (Some(finding), Some(source)) = (findings.get(&event.finding.id), source) else { return };
        if wanted(event) {
            let (action, time_text) = (redacted.text(event.action), redacted.text(event.time_text));
            on(&Event { source: &source.name, finding, action: &action, time_text: &time_text, ..*event });
        }
    };
    events::write_csv(found, &redacted.case, words, &change, out)
}

/// Adds what the packs make.
fn add_reports<W: Write>(bundle: &mut Bundle<W>, packs: &[Pack], report: &Report) -> anyhow::Result<()> {
    let engines = reporters::engines();
    for pack in packs {
        let role = ALWAYS.iter().find(|(name, _)| *name == pack.name()).map_or("report", |(_, role)| *role);
        let artefacts =
            engines.render(report, pack, &Options::of(&pack.manifest)).map_err(reporters::told)?;
        for artefact in artefacts {
            bundle.add(artefact.name(), role, |out| artefact.write_to(out))?;
        }
    }
    Ok(())
}

/// The manifest for people.
fn readable(manifest: &BundleManifest, words: &Catalogue) -> String {
    let phrase = |key: &str, args: &[(&str, Arg)]| words.phrase(key, args);
    let mut text = format!("{}\n\n{}\n", phrase("bundle.title", &[]), manifest.tool);
    if let Some(at) = manifest.generated_at {
        text.push_str(&format!("{at}\n"));
    }
    text.push_str(&match &manifest.key {
        Some(key) => phrase("bundle.redacted", &[("key", Arg::from(key.as_str()))]),
        None => phrase("bundle.not-redacted", &[]),
    });
    text.push_str(&format!("\n\n{}\n\n", phrase("bundle.files", &[])));
    for file in &manifest.files {
        let role = phrase(&format!("bundle.role.{}", file.role), &[]);
        text.push_str(&format!("{}  {}\n", file.sha256, terminal::safe(&file.name)));
        text.push_str(&format!(
            "    {} · {}\n",
            role,
            phrase("bundle.size", &[("bytes", Arg::Count(file.bytes))])
        ));
    }
    if !manifest.left_out.is_empty() {
        text.push_str(&format!("\n{}\n\n", phrase("bundle.left-out", &[])));
        for one in &manifest.left_out {
            text.push_str(&format!("{}: {}\n", terminal::safe(&one.name), terminal::safe(&one.why)));
        }
    }
    text
}
