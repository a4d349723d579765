//! `report`: the main job.

use crate::args::ReportArgs;
use crate::exit::Outcome;
use crate::output::with_hint;
use crate::request::{self, Wish};
use crate::{reporters, terminal, words};
use anyhow::{Context, anyhow, bail};
use rayon::prelude::*;
use ringback_model::Report;
use ringback_report::{Artefact, EngineKind, Engines, Options, Pack, Registry, Writing};
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

/// The folder for reports where none is named.
const FOLDER: &str = "ringback-report";

/// Where artefacts go.
enum Target {
    Stdout,
    File(PathBuf),
    Folder(PathBuf),
}

/// Writes the reports.
pub(crate) fn run(args: &ReportArgs) -> anyhow::Result<Outcome> {
    let registry = reporters::registry(&args.reporters, args.input.profile.as_deref())?;
    let engines = reporters::engines();
    let packs = packs(&registry, &args.format)?;
    let packs = with_options(packs, args)?;
    let target = target(args, &packs)?;
    let mut found = request::run(
        &args.input,
        &Wish {
            title: args.title.as_deref(),
            hash_inputs: true,
            read_again: false,
            advise: true,
            baseline: args.baseline.as_deref(),
        },
    )?;
    let words = words::of(&found.case)?;
    let report = Report::new(std::mem::take(&mut found.case), words);
    let made = |(pack, options): &Chosen| make(&engines, &report, (pack, options), &target, args);
    let notes: Vec<anyhow::Result<Vec<String>>> = packs.par_iter().map(made).collect();
    tell(notes, args.input.quiet)?;
    found.case = std::sync::Arc::unwrap_or_clone(report.case);
    Ok(request::end(&args.input, found))
}

/// Says what was written and what failed; the last failure is the run's.
fn tell(made: Vec<anyhow::Result<Vec<String>>>, quiet: bool) -> anyhow::Result<()> {
    let mut failed = Ok(());
    for one in made {
        match one {
            Ok(notes) => notes.iter().filter(|_| !quiet).for_each(|note| terminal::note(note)),
            Err(error) => {
                if let Err(before) = std::mem::replace(&mut failed, Err(error)) {
                    Outcome::failed(&before);
                }
            }
        }
    }
    failed
}

/// Renders a pack and writes its artefacts; says what was written.
fn make(
    engines: &Engines,
    report: &Report,
    (pack, options): (&Pack, &Options),
    target: &Target,
    args: &ReportArgs,
) -> anyhow::Result<Vec<String>> {
    let artefacts = engines.render(report, pack, options).map_err(reporters::told)?;
    if !matches!(target, Target::Folder(_)) && artefacts.len() != 1 {
        bail!("pack {} makes {} files\nhint: name a folder with -o", pack.name(), artefacts.len());
    }
    let notes = artefacts.iter().map(|artefact| deliver(artefact, target, args));
    notes.filter_map(Result::transpose).collect()
}

pub(crate) fn packs(registry: &Registry, formats: &[String]) -> anyhow::Result<Vec<Pack>> {
    let mut packs: Vec<Pack> = Vec::new();
    for format in formats {
        let name = match format.as_str() {
            "md" => "markdown",
            "excel" => "xlsx",
            other => other,
        };
        if packs.iter().all(|pack| pack.name() != name) {
            packs.push(registry.get(name).map_err(reporters::unknown)?);
        }
    }
    Ok(packs)
}

/// A pack with its options.
type Chosen = (Pack, Options);

/// The packs with their options as the arguments set them.
fn with_options(packs: Vec<Pack>, args: &ReportArgs) -> anyhow::Result<Vec<Chosen>> {
    let mut chosen: Vec<Chosen> = packs
        .into_iter()
        .map(|pack| {
            let options = Options::of(&pack.manifest);
            (pack, options)
        })
        .collect();
    let brief = args.brief.then(|| "brief=true".to_owned());
    for set in brief.iter().chain(&args.set) {
        let (name, value) = set
            .split_once('=')
            .ok_or_else(|| anyhow!("--set {set}: there is no =\nhint: --set findings_rows=100"))?;
        set_option(&mut chosen, name, value)?;
    }
    Ok(chosen)
}

/// Sets an option in every pack that has it, or in the one that is named before a dot.
fn set_option(chosen: &mut [Chosen], name: &str, value: &str) -> anyhow::Result<()> {
    let (pack_name, option) =
        name.split_once('.').map_or((None, name), |(pack, option)| (Some(pack), option));
    let is_meant = |pack: &Pack| pack_name.is_none_or(|name| name == pack.name());
    let mut meant: Vec<&mut Chosen> = chosen.iter_mut().filter(|(pack, _)| is_meant(pack)).collect();
    if meant.is_empty() {
        bail!("--set {name}: no format that is asked for is called {:?}", pack_name.unwrap_or_default());
    }
    let has = |(_, options): &Chosen| options.get(option).is_some();
    if pack_name.is_none() && meant.iter().any(|one| has(one)) {
        meant.retain(|one| has(one));
    }
    for (pack, options) in meant {
        options.set(option, value).map_err(|error| {
            anyhow!("{error}\nhint: `ringback reporters show {}` lists its options", pack.name())
        })?;
    }
    Ok(())
}

fn target(args: &ReportArgs, packs: &[Chosen]) -> anyhow::Result<Target> {
    let is_text = |pack: &Pack| {
        matches!(pack.engine(), EngineKind::Text | EngineKind::Json) && pack.manifest.outputs.len() == 1
    };
    let one_text = packs.len() == 1 && is_text(&packs[0].0);
    match &args.output {
        None if one_text => Ok(Target::Stdout),
        None => Ok(Target::Folder(PathBuf::from(FOLDER))),
        Some(path) if path.as_os_str() == "-" && one_text => Ok(Target::Stdout),
        Some(path)
            if path.is_dir()
                || path.extension().is_none()
                || path.as_os_str().to_string_lossy().ends_with('/') =>
        {
            Ok(Target::Folder(path.clone()))
        }
        Some(path) if packs.len() == 1 => Ok(Target::File(path.clone())),
        Some(path) => bail!(
            "{} is one file, and {} formats were asked for\nhint: name a folder",
            path.display(),
            packs.len()
        ),
    }
}

/// Writes an artefact and says so, unless it went to standard output.
fn deliver(artefact: &Artefact, target: &Target, args: &ReportArgs) -> anyhow::Result<Option<String>> {
    match target {
        Target::Stdout => {
            let mut out = stdout().lock();
            artefact.write_to(&mut out)?;
            out.flush()?;
            Ok(None)
        }
        Target::File(path) => write(path, artefact, args).map(Some),
        Target::Folder(folder) => write(&folder.join(artefact.name()), artefact, args).map(Some),
    }
}

fn write(path: &Path, artefact: &Artefact, args: &ReportArgs) -> anyhow::Result<String> {
    let mut writing = Writing::begin(path, args.force).map_err(with_hint)?;
    artefact.write_to(&mut writing).with_context(|| format!("writing {}", path.display()))?;
    writing.finish().map_err(with_hint)?;
    Ok(format!("wrote {}", path.display()))
}
