//! The text engine: Markdown, HTML and any other text from a pack of templates.
//!
//! A template sees the report's wire format at the top (`summary`, `incidents`, …), the pack's options as `options`, and
//! nothing else. How values are escaped is what the manifest says of the output that is made.

use ringback_model::Report;
use ringback_report::{Artefact, Engine, EngineKind, Escape, Options, Output, Pack, RenderError};
use ringback_template::{Catalogue, Environment, Scope, TemplateError, report_value, value_of};
use std::sync::Arc;

/// The file ending of templates.
const TEMPLATE: &str = ".j2";

/// The largest artefact: what no browser or editor opens any more. Packs stay under it by the caps in their options.
const LARGEST: usize = 256 << 20;

/// Renders packs of templates.
#[derive(Clone, Copy, Debug, Default)]
pub struct TextEngine;

impl Engine for TextEngine {
    fn kind(&self) -> EngineKind {
        EngineKind::Text
    }

    fn render(&self, report: &Report, pack: &Pack, options: &Options) -> Result<Vec<Artefact>, RenderError> {
        let words = words(report, pack)?;
        let scope = scope(report, options);
        pack.manifest.outputs.iter().map(|output| artefact(pack, output, &words, &scope)).collect()
    }

    fn check(&self, sample: &Report, pack: &Pack) -> Vec<RenderError> {
        let options = Options::of(&pack.manifest);
        let words = match words(sample, pack) {
            Ok(words) => words,
            Err(error) => return vec![error],
        };
        let scope = scope(sample, &options);
        let mut found = unknown_names(pack, &words, &scope);
        for output in &pack.manifest.outputs {
            found.extend(artefact(pack, output, &words, &scope).err());
        }
        found.dedup();
        found
    }
}

fn words(report: &Report, pack: &Pack) -> Result<Arc<Catalogue>, RenderError> {
    Catalogue::of_case(&report.case).map_err(|error| RenderError::new(pack, error.to_string()))
}

fn scope(report: &Report, options: &Options) -> Scope {
    Scope::new(report_value(report)).with("options", value_of(options))
}

fn artefact(
    pack: &Pack,
    output: &Output,
    words: &Arc<Catalogue>,
    scope: &Scope,
) -> Result<Artefact, RenderError> {
    let text = environment(pack, output, words)?
        .render(&output.entry, scope)
        .map_err(|error| at(pack, &output.entry, error))?;
    if text.len() > LARGEST {
        let message = format!("{:?} would be {} MiB", output.file, text.len() >> 20);
        return Err(RenderError::new(pack, message).with_hint("lower the caps in the pack's options"));
    }
    Artefact::new(&output.file, text).map_err(|error| RenderError::name(pack, &error))
}

/// The environment of an output: all templates of the pack, escaped as the output wants it.
fn environment(pack: &Pack, output: &Output, words: &Arc<Catalogue>) -> Result<Environment, RenderError> {
    let escape = output.escape.ok_or_else(|| RenderError::new(pack, "escape is missing"))?;
    let mut environment = Environment::new(words.clone(), mode(escape));
    for name in pack.files.keys().filter(|name| is_template(pack, name)) {
        let source = pack.text(name).map_err(|error| RenderError::new(pack, error.to_string()))?;
        environment.add(name, source).map_err(|error| at(pack, name, error))?;
    }
    Ok(environment)
}

fn is_template(pack: &Pack, name: &str) -> bool {
    name.ends_with(TEMPLATE) || pack.manifest.outputs.iter().any(|output| output.entry == name)
}

/// What the templates name and nobody defines, also where the sample report does not lead.
fn unknown_names(pack: &Pack, words: &Arc<Catalogue>, scope: &Scope) -> Vec<RenderError> {
    let Some(output) = pack.manifest.outputs.first() else { return Vec::new() };
    // A template that can not be read is told by rendering.
    let Ok(environment) = environment(pack, output, words) else { return Vec::new() };
    let entries = pack.manifest.outputs.iter().map(|output| output.entry.as_str());
    entries
        .flat_map(|name| environment.unknown_names(name, scope).unwrap_or_default())
        .map(|error| at(pack, "", error))
        .collect()
}

fn at(pack: &Pack, entry: &str, error: TemplateError) -> RenderError {
    let file = error.file.as_deref().or((!entry.is_empty()).then_some(entry));
    RenderError::new(pack, error.message).at(file, error.line)
}

fn mode(escape: Escape) -> ringback_template::Escape {
    match escape {
        Escape::Html => ringback_template::Escape::Html,
        Escape::Markdown => ringback_template::Escape::Markdown,
        Escape::Csv => ringback_template::Escape::Csv,
        Escape::Json => ringback_template::Escape::Json,
        Escape::None => ringback_template::Escape::None,
    }
}

#[cfg(test)]
mod tests;
