//! Parts among the inputs, and how inputs are named whose rows go into parts.

use super::meta::Meta;
use crate::bytes::Bytes;
use crate::error::PipelineError;
use crate::source::Source;
use ringback_tally::part::{Envelope, FileKind, Piece};
use std::path::PathBuf;

/// How inputs are named. In a report over all parts they must have the names that one run over all inputs gives them.
#[derive(Clone, Debug, Default)]
pub struct Naming {
    /// The folder that names are relative to, instead of the one that the inputs of this run share.
    pub relative_to: Option<PathBuf>,
    /// The name of the only input, whatever it is called here; what comes through a pipe is taken for a file of that name.
    pub name: Option<String>,
}

impl Naming {
    /// Gives sources that were found their names.
    ///
    /// # Errors
    /// There are several, and one name.
    pub(crate) fn apply(&self, sources: &mut [Source]) -> Result<(), PipelineError> {
        let Some(name) = &self.name else { return Ok(()) };
        let [source] = sources else {
            return Err(PipelineError::Parts(
                "--name is for one input, and there are several\nhint: --relative-to FOLDER names inputs by where they lie"
                    .to_owned(),
            ));
        };
        source.name.clone_from(name);
        source.leads = false;
        if let Some(rest) = source.container.strip_prefix("pipe") {
            let inner = rest.strip_prefix('+').unwrap_or("plain");
            source.container = inner.to_owned();
        }
        Ok(())
    }
}

/// A file that holds a part, by its first bytes.
#[derive(Clone, Debug)]
pub(crate) struct PartFile {
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
}

/// A part of which the first section was read.
#[derive(Debug)]
pub(crate) struct OpenPart {
    file: PartFile,
    envelope: Envelope,
    pub(crate) meta: Meta,
}

impl PartFile {
    /// Looks at its frame, and at what it says of itself.
    ///
    /// # Errors
    /// It is damaged or too new.
    pub(crate) fn open(self) -> Result<OpenPart, PipelineError> {
        let read = || {
            let mut input = self.bytes.open(0)?;
            let envelope = Envelope::open(&mut input, FileKind::Part)?;
            let meta = Meta::of_bytes(&envelope.section(&mut input, 0)?)?;
            Ok((envelope, meta))
        };
        match read() {
            Ok((envelope, meta)) => Ok(OpenPart { file: self, envelope, meta }),
            Err(error) => Err(PipelineError::part(&self.name, error)),
        }
    }
}

impl OpenPart {
    /// What people call it.
    pub(crate) fn name(&self) -> &str {
        &self.file.name
    }

    /// Does something with the bytes of the piece of a number.
    ///
    /// # Errors
    /// They are not those that were written.
    pub(crate) fn with_piece(
        &self,
        number: usize,
        read: impl FnOnce(&[u8]) -> Result<(), ringback_tally::part::PartError>,
    ) -> Result<(), PipelineError> {
        debug_assert!(number < Piece::NUMBER, "there are so many pieces");
        let all = || {
            let mut input = self.file.bytes.open(0)?;
            self.envelope.section(&mut input, number + 1)
        };
        all().and_then(|bytes| read(&bytes)).map_err(|error| PipelineError::part(self.name(), error))
    }
}
