//! A pack, for people.

use super::origin;
use crate::terminal::safe;
use ringback_report::{OptionValue, Origin, Output, Pack};

/// The page of a pack.
pub(super) fn page(pack: &Pack) -> String {
    let manifest = &pack.manifest;
    let mut page = format!("{}\n{}\n", safe(&manifest.name), safe(&manifest.title));
    if !manifest.description.is_empty() {
        page += &format!("{}\n", safe(&manifest.description));
    }
    page += &format!("engine {}\n", manifest.engine.as_str());
    if manifest.partial {
        page += "does not tell of every finding, by design\n";
    }
    if !manifest.command.is_empty() {
        page += &format!("runs {}\n", safe(&manifest.command.join(" ")));
    }
    if !manifest.from.is_empty() {
        page += &format!("is made from {}\n", safe(&manifest.from.join(", ")));
    }
    for need in &manifest.needs {
        page += &format!("needs {}\n", safe(&need.program.join(" or ")));
    }
    page += &section("Writes", &manifest.outputs.iter().map(output).collect::<Vec<_>>());
    let width = manifest.options.keys().map(String::len).max().unwrap_or_default();
    let options: Vec<String> = manifest
        .options
        .iter()
        .map(|(name, spec)| format!("{name:<width$}  {}  {}", value(&spec.default), safe(&spec.title)))
        .collect();
    page += &section("Options: --set NAME=VALUE", &options);
    let mut files: Vec<String> = Vec::new();
    let mut last: Option<&Origin> = None;
    for (name, file) in &pack.files {
        if last != Some(&file.origin) {
            files.push(safe(&origin(&file.origin)));
            last = Some(&file.origin);
        }
        files.push(format!("  {}, {} bytes", safe(name), file.bytes.len()));
    }
    page + &section("Files", &files)
}

fn section(title: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    format!("\n{title}\n  {}\n", lines.join("\n  "))
}

fn output(output: &Output) -> String {
    let from = if output.entry.is_empty() { String::new() } else { format!(" from {}", safe(&output.entry)) };
    format!("{}{from}", safe(&output.file))
}

fn value(value: &OptionValue) -> String {
    match value {
        OptionValue::Flag(flag) => flag.to_string(),
        OptionValue::Count(count) => count.to_string(),
        OptionValue::Text(text) => format!("{:?}", safe(text)),
    }
}
