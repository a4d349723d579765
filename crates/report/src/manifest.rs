//! A pack's manifest: `reporter.toml`.

use crate::artefact::ArtefactName;
use crate::options::OptionValue;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The name of the manifest in its pack.
pub const MANIFEST: &str = "reporter.toml";

/// The version of the manifest's format.
pub const PACK_SCHEMA: u32 = 1;

/// The keys that a manifest may have, for hints.
const KEYS: &[&str] = &[
    "schema",
    "name",
    "title",
    "description",
    "engine",
    "outputs",
    "options",
    "command",
    "file",
    "entry",
    "escape",
    "default",
    "partial",
    "timeout",
    "largest",
    "sha256",
    "fit",
    "characters",
    "when",
    "from",
    "needs",
    "program",
    "hint",
];

/// What a pack says of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of the manifest's format: [`PACK_SCHEMA`].
    pub schema: u32,
    /// The pack's name: what `-f` takes, and the name of its folder.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What it is for, in a sentence.
    #[serde(default)]
    pub description: String,
    /// What renders it.
    pub engine: EngineKind,
    /// The artefacts that it makes.
    #[serde(default)]
    pub outputs: Vec<Output>,
    /// What the user may set.
    #[serde(default)]
    pub options: BTreeMap<String, OptionSpec>,
    /// Whether it does not tell of every finding by design, so that its check asks for no remainder.
    #[serde(default)]
    pub partial: bool,
    /// The program and its arguments, for the engine `command`. Files of the pack are named relative to it.
    #[serde(default)]
    pub command: Vec<String>,
    /// After how many seconds the program is stopped, for the engine `command`.
    #[serde(default)]
    pub timeout: Option<u64>,
    /// The most bytes that the program may answer, for the engine `command`.
    #[serde(default)]
    pub largest: Option<u64>,
    /// What files of the pack must be, by their SHA-256 in hexadecimal: a pack in which one of them differs is not run.
    #[serde(default)]
    pub sha256: BTreeMap<String, String>,
    /// Packs whose artefacts the program finds in the folder `from`, for the engine `command`.
    #[serde(default)]
    pub from: Vec<String>,
    /// What has to be installed for the program to run, for the engine `command`.
    #[serde(default)]
    pub needs: Vec<Need>,
}

/// A program that has to be installed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// The names that it goes by; one of them has to be found.
    pub program: Vec<String>,
    /// Where it comes from.
    #[serde(default)]
    pub hint: Option<String>,
}

/// What renders a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EngineKind {
    /// Text from templates.
    Text,
    /// A workbook from a declaration of sheets and columns.
    Workbook,
    /// The report's own wire format.
    Json,
    /// An external program.
    Command,
}

impl EngineKind {
    /// The word in manifests.
    pub const fn as_str(self) -> &'static str {
        match self {
            EngineKind::Text => "text",
            EngineKind::Workbook => "workbook",
            EngineKind::Json => "json",
            EngineKind::Command => "command",
        }
    }
}

/// One artefact of a pack.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// The artefact's name.
    pub file: String,
    /// The file of the pack that it is made from. The engine `json` needs none.
    #[serde(default)]
    pub entry: String,
    /// How values are escaped. The engine `text` needs it; names of files play no part.
    #[serde(default)]
    pub escape: Option<Escape>,
    /// How long it may be.
    #[serde(default)]
    pub fit: Option<Fit>,
}

/// How long an artefact may be, and which caps give way where it would be longer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fit {
    /// The most characters, as UTF-16 counts them, which is what most forms do.
    pub characters: usize,
    /// The option (yes or no) with which this holds; always where there is none.
    #[serde(default)]
    pub when: Option<String>,
    /// The options (counts) that are lowered, one after the other, until the artefact fits: each to one, then each to none.
    pub options: Vec<String>,
}

/// How an artefact's values are escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Escape {
    /// For HTML.
    Html,
    /// For Markdown.
    Markdown,
    /// For comma-separated values, guarded against formulas.
    Csv,
    /// For JSON.
    Json,
    /// For the wiki markup of Jira and Confluence.
    Jira,
    /// Not at all: plain text.
    None,
}

/// What the user may set, with what it is where nobody does.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionSpec {
    /// What it is for.
    pub title: String,
    /// Its value where the user sets none; it decides the kind of value too.
    pub default: OptionValue,
}

/// What is wrong with a manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ManifestError {
    /// The line, from 1.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What may help.
    pub hint: Option<String>,
}

impl Manifest {
    /// Reads a manifest. `has` tells which files the pack has.
    ///
    /// # Errors
    ///
    /// It is not TOML, has unknown keys, or does not fit together.
    pub fn read(source: &str, has: impl Fn(&str) -> bool) -> Result<Self, ManifestError> {
        let manifest: Manifest = toml::from_str(source).map_err(|error| {
            let line = error.span().map(|span| source[..span.start].matches('\n').count() + 1);
            let message = error.message().to_owned();
            ManifestError { line, hint: hint(&message), message }
        })?;
        manifest.check(has).map_err(|message| ManifestError { line: None, message, hint: None })?;
        Ok(manifest)
    }

    /// Whether what only programs have is a program's.
    fn check_program(&self) -> Result<(), String> {
        if self.engine != EngineKind::Command && !(self.from.is_empty() && self.needs.is_empty()) {
            return Err("`from` and `needs` are for the engine \"command\"".to_owned());
        }
        if let Some(name) = self.from.iter().find(|name| !is_pack_name(name) || **name == self.name) {
            return Err(format!("`from` names {name:?}, which can not be the name of another pack"));
        }
        let is_name = |name: &String| !name.is_empty() && !name.contains(['/', '\\']);
        if self.needs.iter().any(|need| need.program.is_empty() || !need.program.iter().all(is_name)) {
            return Err("`needs` names programs as they are found on the PATH".to_owned());
        }
        Ok(())
    }

    fn check(&self, has: impl Fn(&str) -> bool) -> Result<(), String> {
        if self.schema != PACK_SCHEMA {
            return Err(format!("schema {} is not {PACK_SCHEMA}, the one this version knows", self.schema));
        }
        if !is_pack_name(&self.name) {
            return Err(format!(
                "name {:?} is not made of lower-case letters, digits and hyphens",
                self.name
            ));
        }
        if self.outputs.is_empty() && self.engine != EngineKind::Command {
            return Err("there is no [[outputs]]".to_owned());
        }
        if self.command.is_empty() && self.engine == EngineKind::Command {
            return Err("command is missing: the program and its arguments".to_owned());
        }
        self.check_program()?;
        for output in &self.outputs {
            self.check_fit(output)?;
            ArtefactName::new(&output.file).map_err(|error| error.to_string())?;
            let needs_entry = matches!(self.engine, EngineKind::Text | EngineKind::Workbook);
            if needs_entry && !has(&output.entry) {
                return Err(format!(
                    "output {:?}: the pack has no file {:?} (entry)",
                    output.file, output.entry
                ));
            }
            if self.engine == EngineKind::Text && output.escape.is_none() {
                return Err(format!("output {:?}: escape is missing", output.file));
            }
        }
        Ok(())
    }
}

impl Manifest {
    /// Whether what an output's length depends on is there.
    fn check_fit(&self, output: &Output) -> Result<(), String> {
        let Some(fit) = &output.fit else { return Ok(()) };
        let counts = fit.options.iter().map(|name| (name, "a count"));
        for (name, kind) in counts.chain(fit.when.iter().map(|name| (name, "true or false"))) {
            let found = match self.options.get(name).map(|spec| &spec.default) {
                Some(OptionValue::Count(_)) => "a count",
                Some(OptionValue::Flag(_)) => "true or false",
                _ => "nothing of the kind",
            };
            if found != kind {
                return Err(format!("output {:?}: fit needs an option {name:?} that is {kind}", output.file));
            }
        }
        Ok(())
    }
}

/// Whether a name is one that a pack may have.
pub(crate) fn is_pack_name(name: &str) -> bool {
    let letters = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    letters && !name.is_empty() && name.len() <= 40 && !name.starts_with('-')
}

/// The nearest known key to the one that a message calls unknown.
fn hint(message: &str) -> Option<String> {
    let unknown = message.strip_prefix("unknown field `")?.split('`').next()?;
    nearest(unknown, KEYS.iter().copied()).map(|known| format!("did you mean `{known}`?"))
}

/// The nearest of some names to one that is not among them, if any is near.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .filter(|(distance, known)| *distance <= known.len().div_ceil(3))
        .min()
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
schema = 1
name = "mine"
title = "Mine"
engine = "text"
[[outputs]]
file = "mine.md"
entry = "mine.j2"
escape = "markdown"
[options.rows]
title = "Rows"
default = 10
"#;

    #[test]
    fn a_good_manifest_is_read() {
        let manifest = Manifest::read(GOOD, |file| file == "mine.j2").unwrap();
        assert_eq!(manifest.engine, EngineKind::Text);
        assert_eq!(manifest.options["rows"].default, OptionValue::Count(10));
    }

    #[test]
    fn broken_manifests_say_what_and_where() {
        for (from, to, line, part, hint) in [
            ("engine =", "engin =", Some(5), "unknown field `engin`", Some("did you mean `engine`?")),
            ("escape = \"markdown\"", "escape = \"wiki\"", Some(9), "wiki", None),
            ("escape = \"markdown\"", "", None, "escape is missing", None),
            ("schema = 1", "schema = 2", None, "schema 2", None),
            ("\"mine\"", "\"../x\"", None, "../x", None),
            ("mine.md", "../mine.md", None, "leaves its folder", None),
            ("mine.j2", "other.j2", None, "no file \"other.j2\"", None),
            ("engine = \"text\"", "engine = ", Some(5), "", None),
        ] {
            let source = GOOD.replace(from, to);
            let error = Manifest::read(&source, |file| file == "mine.j2").unwrap_err();
            assert_eq!(error.line, line, "{source}");
            assert!(error.message.contains(part), "{}", error.message);
            assert_eq!(error.hint.as_deref(), hint);
        }
    }
}
