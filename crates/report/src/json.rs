//! The report's own wire format.

use crate::artefact::Artefact;
use crate::controls::EscapedControls;
use crate::engine::{Engine, RenderError};
use crate::manifest::EngineKind;
use crate::options::Options;
use crate::pack::Pack;
use ringback_model::Report;
use std::io::{self, Write as _};

/// Writes the report as JSON, one element of its lists at a time. The option `pretty` puts it on many lines.
#[derive(Clone, Copy, Debug, Default)]
pub struct JsonEngine;

impl Engine for JsonEngine {
    fn kind(&self) -> EngineKind {
        EngineKind::Json
    }

    fn render(&self, report: &Report, pack: &Pack, options: &Options) -> Result<Vec<Artefact>, RenderError> {
        let pretty = options.flag("pretty");
        let artefact = |output: &crate::Output| {
            let report = report.clone();
            Artefact::stream(&output.file, move |sink| write(&report, pretty, sink))
                .map_err(|error| RenderError::name(pack, &error))
        };
        pack.manifest.outputs.iter().map(artefact).collect()
    }
}

pub(crate) fn write(report: &Report, pretty: bool, sink: &mut dyn io::Write) -> io::Result<()> {
    let mut sink = EscapedControls::new(io::BufWriter::with_capacity(1 << 16, sink));
    let view = report.view();
    if pretty {
        serde_json::to_writer_pretty(&mut sink, &view)?;
    } else {
        serde_json::to_writer(&mut sink, &view)?;
    }
    sink.write_all(b"\n")?;
    sink.flush()
}
