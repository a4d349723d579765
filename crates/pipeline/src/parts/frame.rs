//! Files with one section, and the options that files of parts were made with.

use crate::error::PipelineError;
use crate::request::Request;
use ringback_tally::part::{Envelope, EnvelopeWriter, FileKind, PartError, WireReader, WireWriter};
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// Options that bear on what was counted, by name.
pub(crate) type Options = Vec<(String, String)>;

/// Begins a file.
///
/// # Errors
/// What the output says.
pub(crate) fn begun(
    out: &mut dyn Write,
    kind: FileKind,
) -> Result<EnvelopeWriter<&mut dyn Write>, PipelineError> {
    EnvelopeWriter::new(out, kind).map_err(written)
}

/// An error of writing.
pub(crate) fn written(error: PartError) -> PipelineError {
    PipelineError::part("writing", error)
}

/// Writes a file of one section.
///
/// # Errors
/// What the output says.
pub(crate) fn write_only(
    out: &mut dyn Write,
    kind: FileKind,
    section: WireWriter,
) -> Result<(), PipelineError> {
    let mut writer = begun(out, kind)?;
    writer.section(&section.into_bytes()).map_err(written)?;
    writer.finish().map_err(written)?;
    Ok(())
}

/// Reads a file of one section.
///
/// # Errors
/// What the system says, or the file is none of this kind.
pub(crate) fn read_only<T>(
    path: &Path,
    kind: FileKind,
    read: impl FnOnce(&[u8]) -> Result<T, PartError>,
) -> Result<T, PipelineError> {
    let mut file =
        File::open(path).map_err(|source| PipelineError::Path { path: path.to_owned(), source })?;
    let section = Envelope::open(&mut file, kind).and_then(|envelope| envelope.section(&mut file, 0));
    section
        .and_then(|bytes| read(&bytes))
        .map_err(|error| PipelineError::part(&path.display().to_string(), error))
}

/// The options of a request that bear on what is counted.
pub(crate) fn options(request: &Request) -> Options {
    let mut options = request.shown_options.clone();
    options.extend(
        request.layout_files.iter().map(|file| (format!("layout {}", file.name), file.sha256.clone())),
    );
    options
}

/// The first option that differs.
pub(crate) fn differing<'o>(one: &'o [(String, String)], other: &'o [(String, String)]) -> Option<&'o str> {
    let missing = |one: &'o [(String, String)], other: &[(String, String)]| {
        one.iter().find(|option| !other.contains(option)).map(|(name, _)| name.as_str())
    };
    missing(one, other).or_else(|| missing(other, one))
}

/// Writes options.
pub(crate) fn write_options(out: &mut WireWriter, options: &[(String, String)]) {
    out.count(options.len());
    for (name, value) in options {
        out.text(name);
        out.text(value);
    }
}

/// Reads them.
///
/// # Errors
/// The bytes are something else.
pub(crate) fn read_options(input: &mut WireReader<'_>) -> Result<Options, PartError> {
    input.list(|input| Ok((input.text()?.to_owned(), input.text()?.to_owned())))
}
