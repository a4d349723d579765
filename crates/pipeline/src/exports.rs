//! The exports as they were found, for whoever passes them on.

use crate::Investigation;
use crate::source::{Origin, Source};
use std::io::{self, Read};

/// An export as it was found: the bytes whose SHA-256 a report tells.
#[derive(Clone, Copy, Debug)]
pub struct Export<'i> {
    source: &'i Source,
}

impl Investigation {
    /// The exports, in the order of the case's inputs. A workbook is one export for all of its sheets.
    pub fn exports(&self) -> Vec<Export<'_>> {
        let mut exports: Vec<Export<'_>> = Vec::new();
        for counted in &self.sources {
            let export = Export { source: &counted.source };
            let again = |last: &Export<'_>| {
                last.source.original.is_some()
                    && export.source.original.is_some()
                    && last.name() == export.name()
            };
            if !exports.last().is_some_and(again) {
                exports.push(export);
            }
        }
        exports
    }
}

impl Export<'_> {
    /// Its name: that of the input, of the workbook where that is a sheet.
    pub fn name(&self) -> String {
        let name = &self.source.name;
        let packed = matches!(self.source.from, Origin::Gzip(..)) && self.source.original.is_none();
        match name.rsplit_once('/') {
            Some((workbook, _)) if self.source.original.is_some() => workbook.to_owned(),
            _ if packed && !name.to_ascii_lowercase().ends_with(".gz") => format!("{name}.gz"),
            _ => name.clone(),
        }
    }

    /// Its bytes.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        self.source.original.as_ref().unwrap_or(&self.source.from).found()
    }
}
