//! The workbook engine: Excel workbooks from a pack's declaration of sheets and columns.
//!
//! The entry of an output is a file in TOML that declares sheets, their blocks of rows, columns and charts. Every value is
//! an expression over the report, so figures and times stay what they are. A text of the report is only ever written as
//! text: it becomes neither a formula nor a link. All links lead to cells of the same workbook and are made here.

mod book;
mod cell;
mod chart;
mod check;
mod code;
mod content;
mod declaration;
mod event_book;
mod failure;
mod fit;
mod links;
mod names;
mod package;
mod page;
mod picture;
mod plan;
mod rows;
mod shared_texts;
mod sheet;
mod splice;
mod stream;
mod style;
mod table;
mod text;
mod xml;

pub use event_book::{EventBook, EventCell};

use declaration::Declaration;
use ringback_model::Report;
use ringback_report::{Artefact, Engine, EngineKind, Options, Output, Pack, RenderError};
use ringback_template::{Catalogue, Environment, Escape, Scope, report_value, value_of};
use std::sync::Arc;

/// Renders packs of sheets.
#[derive(Clone, Copy, Debug, Default)]
pub struct WorkbookEngine;

impl Engine for WorkbookEngine {
    fn kind(&self) -> EngineKind {
        EngineKind::Workbook
    }

    fn render(&self, report: &Report, pack: &Pack, options: &Options) -> Result<Vec<Artefact>, RenderError> {
        let environment = Environment::new(words(report, pack)?, Escape::None);
        let scope = Scope::new(report_value(report)).with("options", value_of(options));
        let artefact = |output| artefact(report, pack, output, &environment, &scope);
        pack.manifest.outputs.iter().map(artefact).collect()
    }

    fn check(&self, sample: &Report, pack: &Pack) -> Vec<RenderError> {
        check::check(*self, sample, pack)
    }
}

/// The words of a report, under the pack's own.
fn words(report: &Report, pack: &Pack) -> Result<Arc<Catalogue>, RenderError> {
    let words =
        Catalogue::of_case(&report.case).map_err(|error| RenderError::new(pack, error.to_string()))?;
    let own = pack.words(words.language())?;
    Ok(if own.is_empty() { words } else { Arc::new(words.with_own(own)) })
}

fn artefact(
    report: &Report,
    pack: &Pack,
    output: &Output,
    environment: &Environment,
    scope: &Scope,
) -> Result<Artefact, RenderError> {
    let source = pack.text(&output.entry).map_err(|error| RenderError::new(pack, error.to_string()))?;
    let made = report.case.heading.generated_at;
    let package = Declaration::read(source)
        .and_then(|declared| book::package(environment, &declared, scope, made))
        .map_err(|failure| failure.told(pack, &output.entry, source))?;
    Artefact::stream(&output.file, move |sink| package.write(sink))
        .map_err(|error| RenderError::name(pack, &error))
}

#[cfg(test)]
mod tests;
