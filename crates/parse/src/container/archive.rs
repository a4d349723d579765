//! The entries of a zip archive, from its directory. Entries of equal names are all listed.

use crate::container::names::decoded;
use crate::container::{Budget, ContainerError, Entry, Limits, harmless};
use std::io::{Read, Seek};
use zip::result::ZipError;
use zip::unstable::read::{ZipIterable, ZipIterableFiles};
use zip::{CompressionMethod, HasZipMetadata};

/// The flag that says that a name is UTF-8.
const UTF8_NAME: u16 = 1 << 11;

/// What a zip archive holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The files, in the order of the directory; folders are left out.
    pub entries: Vec<Entry>,
    /// Whether it is a workbook.
    pub is_workbook: bool,
}

/// An entry of which the place in the archive is known.
struct Placed {
    entry: Entry,
    /// Its first byte and the first one after it.
    bytes: (u64, u64),
}

/// Lists the entries of a zip archive. Nothing is expanded.
///
/// # Errors
/// It is no archive, one of another kind of workbook, one that was made to harm, or one that does not fit the budget.
pub fn list<R: Read + Seek>(archive: R, budget: &mut Budget) -> Result<Listing, ContainerError> {
    let mut archive = ZipIterable::try_new(archive, zip::read::Config::default()).map_err(broken)?;
    budget.take_entries(archive.len() as u64)?;
    let files = archive.files().map_err(broken)?;
    let mut placed = Vec::new();
    while let Some(one) = next(files, &budget.limits)? {
        placed.push(one);
    }
    check_overlap(&placed)?;
    let all = placed.iter().fold(0_u64, |all, one| all.saturating_add(one.entry.size));
    budget.take_expanded(all)?;
    let has = |name: &str| placed.iter().any(|one| one.entry.name.eq_ignore_ascii_case(name));
    if has("xl/workbook.bin") {
        return Err(ContainerError::OtherWorkbook("a binary Excel workbook (.xlsb)"));
    }
    if has("content.xml") && has("META-INF/manifest.xml") {
        return Err(ContainerError::OtherWorkbook("an OpenDocument file"));
    }
    let is_workbook = has("xl/workbook.xml");
    let files = placed.into_iter().filter(|one| !one.is_folder());
    Ok(Listing { entries: files.map(|one| one.entry).collect(), is_workbook })
}

impl Placed {
    /// Folders are written as empty entries whose names end with a slash; [`harmless`] keeps none.
    fn is_folder(&self) -> bool {
        self.entry.name.is_empty()
    }
}

/// The next entry of the directory.
fn next<R: Read + Seek>(
    files: &mut ZipIterableFiles<R>,
    limits: &Limits,
) -> Result<Option<Placed>, ContainerError> {
    let Some(file) = files.next().transpose().map_err(broken)? else { return Ok(None) };
    let meta = file.get_metadata();
    let raw = decoded(file.name_raw(), meta.flags.as_u16() & UTF8_NAME != 0);
    let is_folder = raw.ends_with(['/', '\\']) && meta.uncompressed_size == 0;
    let mut entry = Entry {
        name: if is_folder { String::new() } else { harmless(&raw) },
        start: 0,
        packed: meta.compressed_size,
        size: meta.uncompressed_size,
        fault: None,
        deflated: meta.compression_method == CompressionMethod::DEFLATE,
        crc: meta.crc32,
    };
    match meta.data_start(files.reader_mut()) {
        Ok(start) => entry.start = start,
        Err(error) => entry.fault = Some(broken(error)),
    }
    if meta.is_encrypted() {
        entry.fault = Some(ContainerError::Encrypted);
    } else if !entry.deflated && meta.compression_method != CompressionMethod::STORE {
        entry.fault = Some(ContainerError::Method(method(meta.compression_method)));
    } else if let Err(error) = limits.check_ratio(entry.packed, entry.size) {
        entry.fault = Some(error);
    }
    // An entry that is not read takes nothing of what the archive may expand to.
    if entry.fault.is_some() {
        entry.size = 0;
    }
    let bytes = (meta.header_start, entry.start.saturating_add(entry.packed));
    Ok(Some(Placed { entry, bytes }))
}

/// The name of a method that is not read, or its number in the zip format.
fn method(method: CompressionMethod) -> String {
    let name = format!("{method:?}");
    match name.strip_prefix("Unsupported(") {
        Some(number) => format!("zip method {}", number.trim_end_matches(')')),
        None => name,
    }
}

/// Refuses archives in which one piece of data is told to be several files.
fn check_overlap(placed: &[Placed]) -> Result<(), ContainerError> {
    let mut ranges: Vec<(u64, u64)> = placed.iter().map(|one| one.bytes).collect();
    ranges.sort_unstable();
    if ranges.windows(2).any(|pair| pair[1].0 < pair[0].1) {
        return Err(ContainerError::Overlap);
    }
    Ok(())
}

fn broken(error: ZipError) -> ContainerError {
    match error {
        ZipError::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => ContainerError::Truncated,
        ZipError::InvalidArchive(text) => ContainerError::Archive(text.into_owned()),
        other => ContainerError::Archive(other.to_string()),
    }
}

#[cfg(test)]
mod tests;
