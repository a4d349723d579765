//! The engine of external programs.
//!
//! A program answers `describe` with what it is and which versions it speaks, and is then run with `render` and fed the
//! report on standard input. It answers on standard output with the artefacts' names and contents; the host checks the
//! names and writes the files. It runs in a folder of its own that holds the pack's files and goes away with the run, with
//! few variables of the environment, and for a limited time. `docs/REPORTERS.md` describes the format on the wire.

mod base64;
mod needs;
mod process;
mod wire;

#[cfg(test)]
mod tests;

pub(crate) use needs::missing;
pub use wire::PROTOCOL;

use crate::artefact::Artefact;
use crate::coverage::forgotten;
use crate::engine::{Engine, RenderError};
use crate::manifest::EngineKind;
use crate::options::Options;
use crate::pack::Pack;
use crate::probe::raw_texts;
use process::{Fault, Job};
use ringback_model::{Arg, Message, Report, sha256};
use std::path::Path;
use std::time::Duration;
use wire::{Answer, Described, Header};

/// How long a program may take where its pack does not say, in seconds.
const TIMEOUT: u64 = 120;

/// The most that a program may answer where its pack does not say, in bytes.
const LARGEST: u64 = 256 << 20;

/// How long a program may take to say what it is.
const DESCRIBE: Duration = Duration::from_secs(20);

/// The most that it may say of itself.
const DESCRIPTION: u64 = 64 << 10;

/// Runs packs that are programs.
#[derive(Clone, Copy, Debug, Default)]
pub struct CommandEngine;

impl Engine for CommandEngine {
    fn kind(&self) -> EngineKind {
        EngineKind::Command
    }

    fn render(&self, report: &Report, pack: &Pack, options: &Options) -> Result<Vec<Artefact>, RenderError> {
        pinned(pack)?;
        if let Some(error) = missing(pack).into_iter().next() {
            return Err(error);
        }
        let folder = folder(pack)?;
        describe(pack, folder.path())?;
        let answer = render(report, pack, options, folder.path())?;
        answer.artefacts().map_err(|problem| RenderError::new(pack, problem))
    }

    fn check(&self, sample: &Report, pack: &Pack) -> Vec<RenderError> {
        let lacks = missing(pack);
        if !lacks.is_empty() {
            return lacks;
        }
        let artefacts = match self.render(sample, pack, &Options::of(&pack.manifest)) {
            Ok(artefacts) => artefacts,
            Err(error) => return vec![error],
        };
        let bytes: Vec<_> = artefacts.iter().filter_map(|artefact| artefact.bytes().ok()).collect();
        let texts: Vec<&[u8]> = bytes.iter().map(|bytes| &**bytes).collect();
        let words = &sample.words;
        let say = |key: &str, n: u64| match key {
            "label.more-findings" => {
                words.text(&Message { key: "label.more-findings", args: vec![("n", Arg::Count(n))] })
            }
            "label.more-incidents" => {
                words.text(&Message { key: "label.more-incidents", args: vec![("n", Arg::Count(n))] })
            }
            other => other.to_owned(),
        };
        let mut found = forgotten(sample, pack, &texts, &say);
        for (artefact, bytes) in artefacts.iter().zip(&texts) {
            let Ok(text) = std::str::from_utf8(bytes) else { continue };
            found.extend(raw_texts(artefact.name(), None, text).into_iter().map(|raw| {
                let line = text[..raw.at.min(text.len())].matches('\n').count() + 1;
                let message = format!("{:?}, line {line} of what it wrote: {}", artefact.name(), raw.message);
                RenderError::new(pack, message).at(program(pack), None)
            }));
        }
        found
    }
}

/// What comes of the bytes of an answer to `render`.
#[cfg(any(test, fuzzing))]
pub(crate) fn answered(bytes: &[u8]) -> Result<Vec<Artefact>, String> {
    serde_json::from_slice::<Answer>(bytes).map_err(|error| error.to_string())?.artefacts()
}

/// What comes of the bytes of an answer to `describe`.
#[cfg(any(test, fuzzing))]
pub(crate) fn described(bytes: &[u8], name: &str) -> Result<(), String> {
    serde_json::from_slice::<Described>(bytes).map_err(|error| error.to_string())?.fits(name)
}

/// The file of the pack that is run.
fn program(pack: &Pack) -> Option<&str> {
    pack.manifest.command.iter().map(String::as_str).find(|part| pack.files.contains_key(*part))
}

/// Whether the pack's files are those that it pins.
fn pinned(pack: &Pack) -> Result<(), RenderError> {
    for (file, wanted) in &pack.manifest.sha256 {
        let found = pack.files.get(file);
        let found = found
            .ok_or_else(|| RenderError::new(pack, format!("sha256 names {file:?}, which is not there")))?;
        let digest = sha256(&found.bytes);
        if !digest.eq_ignore_ascii_case(wanted) {
            let error = RenderError::new(
                pack,
                format!("is not the file that the manifest pins: its SHA-256 is {digest}"),
            );
            return Err(error
                .at(Some(file), None)
                .with_hint("look at what was changed before you pin it anew"));
        }
    }
    Ok(())
}

/// A folder with the pack's files, so that exactly those bytes are run that were read and checked.
fn folder(pack: &Pack) -> Result<tempfile::TempDir, RenderError> {
    let failed =
        |error: std::io::Error| RenderError::new(pack, format!("its folder could not be made: {error}"));
    let folder = tempfile::Builder::new().prefix("ringback-reporter-").tempdir().map_err(failed)?;
    for (name, file) in &pack.files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(folder.path())).map_err(failed)?;
        std::fs::write(&path, &file.bytes).map_err(failed)?;
        #[cfg(unix)]
        if pack.manifest.command.first().is_some_and(|first| first.trim_start_matches("./") == name) {
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
            std::fs::set_permissions(&path, mode).map_err(failed)?;
        }
    }
    Ok(folder)
}

fn describe(pack: &Pack, folder: &Path) -> Result<(), RenderError> {
    let job =
        Job { folder, command: &pack.manifest.command, verb: "describe", limit: DESCRIPTION, time: DESCRIBE };
    let said = run(pack, &job, |_| Ok(()))?;
    let described: Described = serde_json::from_slice(&said).map_err(|error| {
        RenderError::new(pack, format!("its answer to describe can not be read: {error}"))
    })?;
    described.fits(pack.name()).map_err(|problem| RenderError::new(pack, problem))
}

fn render(report: &Report, pack: &Pack, options: &Options, folder: &Path) -> Result<Answer, RenderError> {
    let header = serde_json::to_string(&Header::of(report, pack, options))
        .map_err(|error| RenderError::new(pack, error.to_string()))?;
    let manifest = &pack.manifest;
    let job = Job {
        folder,
        command: &manifest.command,
        verb: "render",
        limit: manifest.largest.unwrap_or(LARGEST),
        time: Duration::from_secs(manifest.timeout.unwrap_or(TIMEOUT)),
    };
    let report = report.clone();
    let said = run(pack, &job, move |sink| {
        writeln!(sink, "{header}")?;
        crate::json::write(&report, false, sink)
    })?;
    serde_json::from_slice(&said)
        .map_err(|error| RenderError::new(pack, format!("its answer to render can not be read: {error}")))
}

fn run(pack: &Pack, job: &Job<'_>, feed: impl process::Feed) -> Result<Vec<u8>, RenderError> {
    process::run(job, feed).map_err(|fault| {
        let hint = match &fault {
            Fault::Start(_) => {
                "is the program installed, and is it in the PATH? Its pack names it in `command`"
            }
            Fault::TooSlow(_) => "`timeout` in its reporter.toml gives it more seconds",
            Fault::TooLarge(_) => "`largest` in its reporter.toml allows more bytes",
            Fault::Failed { .. } | Fault::Io(_) => "`ringback reporters check` runs it on a sample report",
        };
        RenderError::new(pack, format!("{} {}: {fault}", job.command.join(" "), job.verb)).with_hint(hint)
    })
}
