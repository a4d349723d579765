//! The text engine: Markdown, HTML and any other text from a pack of templates.
//!
//! A template sees the report's wire format at the top (`summary`, `incidents`, …), the pack's options as `options`, and
//! nothing else. How values are escaped is what the manifest says of the output that is made.

mod check;
mod fit;

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
        let artefact = |output: &Output| {
            let environment =
                environment(pack, output, Environment::new(words.clone(), mode(pack, output)?))?;
            let text = fit::render(pack, output, options, &|options| {
                environment
                    .render(&output.entry, &scope(report, options))
                    .map_err(|error| at(pack, &output.entry, error))
            })?;
            made(pack, output, text)
        };
        pack.manifest.outputs.iter().map(artefact).collect()
    }

    fn check(&self, sample: &Report, pack: &Pack) -> Vec<RenderError> {
        check::check(sample, pack)
    }
}

/// The words of a report, under the pack's own.
fn words(report: &Report, pack: &Pack) -> Result<Arc<Catalogue>, RenderError> {
    let words =
        Catalogue::of_case(&report.case).map_err(|error| RenderError::new(pack, error.to_string()))?;
    let own = pack.words(words.language())?;
    Ok(if own.is_empty() { words } else { Arc::new(words.with_own(own)) })
}

fn scope(report: &Report, options: &Options) -> Scope {
    Scope::new(report_value(report)).with("options", value_of(options))
}

/// The artefact of a text.
fn made(pack: &Pack, output: &Output, text: String) -> Result<Artefact, RenderError> {
    if text.len() > LARGEST {
        let message = format!("{:?} would be {} MiB", output.file, text.len() >> 20);
        return Err(RenderError::new(pack, message).with_hint("lower the caps in the pack's options"));
    }
    Artefact::new(&output.file, text).map_err(|error| RenderError::name(pack, &error))
}

/// The environment of an output: all templates of the pack, escaped as the output wants it, and its other files.
fn environment(pack: &Pack, output: &Output, bare: Environment) -> Result<Environment, RenderError> {
    let mut environment = bare;
    for name in templates(pack) {
        let source = pack.text(name).map_err(|error| RenderError::new(pack, error.to_string()))?;
        environment.add(name, source).map_err(|error| at(pack, name, error))?;
    }
    let is_asset = |name: &&String| !is_template(pack, name) && *name != &output.entry;
    let assets = pack.files.iter().filter(|(name, _)| is_asset(name));
    environment.set_files(assets.map(|(name, file)| (name.clone(), file.bytes.to_vec())).collect());
    Ok(environment)
}

/// The names of a pack's templates.
fn templates(pack: &Pack) -> impl Iterator<Item = &String> {
    pack.files.keys().filter(|name| is_template(pack, name))
}

fn is_template(pack: &Pack, name: &str) -> bool {
    name.ends_with(TEMPLATE) || pack.manifest.outputs.iter().any(|output| output.entry == name)
}

fn at(pack: &Pack, entry: &str, error: TemplateError) -> RenderError {
    let file = error.file.as_deref().or((!entry.is_empty()).then_some(entry));
    RenderError::new(pack, error.message).at(file, error.line)
}

fn mode(pack: &Pack, output: &Output) -> Result<ringback_template::Escape, RenderError> {
    let escape = output.escape.ok_or_else(|| RenderError::new(pack, "escape is missing"))?;
    Ok(match escape {
        Escape::Html => ringback_template::Escape::Html,
        Escape::Markdown => ringback_template::Escape::Markdown,
        Escape::Csv => ringback_template::Escape::Csv,
        Escape::Json => ringback_template::Escape::Json,
        Escape::Jira => ringback_template::Escape::Jira,
        Escape::None => ringback_template::Escape::None,
    })
}

#[cfg(test)]
mod tests;
