//! What is wrong with a pack of templates, told on the sample report: everything that is found, each with file and line.

use crate::{at, environment, fit, made, mode, scope, templates, words};
use ringback_model::Report;
use ringback_report::{Options, Output, Pack, RenderError, forgotten, raw_texts};
use ringback_template::{Catalogue, Environment, Scope, faults};
use std::sync::Arc;

/// Names that the template language itself binds in some places.
const BOUND: &[&str] = &["loop", "caller", "self", "super", "varargs", "kwargs"];

/// The faults of a pack.
pub(crate) fn check(sample: &Report, pack: &Pack) -> Vec<RenderError> {
    let words = match words(sample, pack) {
        Ok(words) => words,
        Err(error) => return vec![error],
    };
    let mut found = syntax(pack, &words);
    for name in templates(pack) {
        let source = pack.text(name).unwrap_or_default();
        let told = faults(source, &words).into_iter();
        found
            .extend(told.map(|fault| RenderError::new(pack, fault.message).at(Some(name), Some(fault.line))));
    }
    if found.iter().any(|error| error.message.starts_with("syntax error")) {
        return found;
    }
    let options = Options::of(&pack.manifest);
    found.extend(unknown_names(pack, &words, &scope(sample, &options)));
    found.extend(rendered(sample, pack, &words, &options, true));
    // Caps of one show whether what they leave out is counted.
    let mut capped = options.clone();
    options.names().for_each(|name| capped.lower(name, 1));
    found.extend(rendered(sample, pack, &words, &capped, false));
    found.sort_by(|a, b| (&a.file, a.line, &a.message).cmp(&(&b.file, b.line, &b.message)));
    found.dedup();
    found
}

/// The templates that can not be read.
fn syntax(pack: &Pack, words: &Arc<Catalogue>) -> Vec<RenderError> {
    let Some(Ok(escape)) = pack.manifest.outputs.first().map(|output| mode(pack, output)) else {
        return Vec::new();
    };
    let mut environment = Environment::new(words.clone(), escape);
    let mut found = Vec::new();
    for name in templates(pack) {
        match pack.text(name) {
            Ok(source) => {
                found.extend(environment.add(name, source).err().map(|error| at(pack, name, error)));
            }
            Err(error) => found.push(RenderError::new(pack, error.to_string()).at(Some(name), None)),
        }
    }
    found
}

/// What the templates name and nobody defines, also where the sample report does not lead.
fn unknown_names(pack: &Pack, words: &Arc<Catalogue>, scope: &Scope) -> Vec<RenderError> {
    let Some(output) = pack.manifest.outputs.first() else { return Vec::new() };
    let environment = mode(pack, output)
        .and_then(|escape| environment(pack, output, Environment::strict(words.clone(), escape)));
    // A template that can not be read is told elsewhere.
    let Ok(environment) = environment else { return Vec::new() };
    let is_free = |path: &str| {
        let name = path.split('.').next().unwrap_or_default();
        !BOUND.contains(&name) && !environment.binds(name)
    };
    templates(pack)
        .flat_map(|name| environment.unknown_names(name, scope).unwrap_or_default())
        .filter(|error| error.message.split('`').nth(1).is_none_or(is_free))
        .map(|error| at(pack, "", error))
        .collect()
}

/// What rendering with some options shows. Escaping is looked at where `escaping` says so: once is enough.
fn rendered(
    sample: &Report,
    pack: &Pack,
    words: &Arc<Catalogue>,
    options: &Options,
    escaping: bool,
) -> Vec<RenderError> {
    let (mut found, mut texts) = (Vec::new(), Vec::new());
    for output in &pack.manifest.outputs {
        match text(sample, pack, output, words, options) {
            Ok((text, raw)) => {
                found.extend(raw.into_iter().filter(|_| escaping));
                found.extend(made(pack, output, text.clone()).err());
                texts.push(text);
            }
            Err(error) => found.push(error),
        }
    }
    if texts.len() == pack.manifest.outputs.len() {
        let texts: Vec<&[u8]> = texts.iter().map(String::as_bytes).collect();
        let say = |key: &str, n: u64| words.phrase(key, &[("n", n.into())]);
        found.extend(forgotten(sample, pack, &texts, &say));
    }
    found
}

/// The text of an output, and where in its templates a text of the log came out as more than text.
fn text(
    sample: &Report,
    pack: &Pack,
    output: &Output,
    words: &Arc<Catalogue>,
    options: &Options,
) -> Result<(String, Vec<RenderError>), RenderError> {
    let strict = Environment::strict(words.clone(), mode(pack, output)?);
    let environment = environment(pack, output, strict)?;
    let error_at = |error| at(pack, &output.entry, error);
    let text = fit::render(pack, output, options, &|options| {
        environment.render(&output.entry, &scope(sample, options)).map_err(error_at)
    })?;
    let (whole, places) =
        environment.render_with_places(&output.entry, &scope(sample, options)).map_err(error_at)?;
    let raw = raw_texts(&output.file, output.escape, &whole).into_iter().map(|raw| {
        let (file, line) = places.of(raw.at).map_or((None, None), |(file, line)| (Some(file), Some(line)));
        RenderError::new(pack, raw.message).at(file.or(Some(&output.entry)), line)
    });
    Ok((text, raw.collect()))
}
