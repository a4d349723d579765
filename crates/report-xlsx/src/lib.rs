//! The workbook engine: Excel workbooks from a pack's declaration of sheets and columns.
//!
//! Every value is an expression over the report, so numbers and times stay what they are. A text of the report is only
//! ever written as text: it becomes neither a formula nor a link.

mod declaration;
mod sheet;
mod style;

use declaration::Declaration;
use ringback_model::Report;
use ringback_report::{Artefact, Engine, EngineKind, Options, Output, Pack, RenderError};
use ringback_template::{Catalogue, Environment, Escape, Scope, report_value, value_of};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use std::sync::Arc;

/// Renders packs of sheets.
#[derive(Clone, Copy, Debug, Default)]
pub struct WorkbookEngine;

impl Engine for WorkbookEngine {
    fn kind(&self) -> EngineKind {
        EngineKind::Workbook
    }

    fn render(&self, report: &Report, pack: &Pack, options: &Options) -> Result<Vec<Artefact>, RenderError> {
        let words =
            Catalogue::of_case(&report.case).map_err(|error| RenderError::new(pack, error.to_string()))?;
        let scope = Scope::new(report_value(report)).with("options", value_of(options));
        pack.manifest.outputs.iter().map(|output| artefact(report, pack, output, &words, &scope)).collect()
    }
}

fn artefact(
    report: &Report,
    pack: &Pack,
    output: &Output,
    words: &Arc<Catalogue>,
    scope: &Scope,
) -> Result<Artefact, RenderError> {
    let declared = declaration(pack, &output.entry)?;
    let environment = Environment::new(words.clone(), Escape::None);
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(report));
    for sheet in &declared.sheet {
        sheet::write(&mut workbook, sheet, &environment, scope, report).map_err(|failure| {
            RenderError::new(pack, failure.message).at(Some(&output.entry), failure.line)
        })?;
    }
    let bytes = workbook.save_to_buffer().map_err(|error| failed(pack, &error))?;
    Artefact::new(&output.file, bytes).map_err(|error| RenderError::name(pack, &error))
}

fn failed(pack: &Pack, error: &XlsxError) -> RenderError {
    RenderError::new(pack, error.to_string())
}

fn declaration(pack: &Pack, entry: &str) -> Result<Declaration, RenderError> {
    let source = pack.text(entry).map_err(|error| RenderError::new(pack, error.to_string()))?;
    Declaration::parse(source).map_err(|error| {
        RenderError::new(pack, error.message().to_owned())
            .at(Some(entry), error.span().map(|span| line_of(source, span.start)))
    })
}

/// The number of the line that a byte lies in, from 1.
pub(crate) fn line_of(source: &str, byte: usize) -> usize {
    source.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1
}

/// The document's properties. Its time of creation is the report's, so that the same report makes the same bytes.
fn properties(report: &Report) -> DocProperties {
    let heading = &report.case.heading;
    let seconds = heading.generated_at.map_or(0, ringback_model::Instant::seconds);
    let created = ExcelDateTime::from_timestamp(seconds).unwrap_or_default();
    DocProperties::new()
        .set_title(style::fitting(&heading.title, 255))
        .set_author(style::fitting(&heading.author, 255))
        .set_company(style::fitting(&heading.client, 255))
        .set_comment(style::fitting(&format!("{} {}", heading.tool.0, heading.tool.1), 255))
        .set_creation_datetime(&created)
}

#[cfg(test)]
mod tests;
