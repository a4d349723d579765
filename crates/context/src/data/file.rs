//! The bytes of a file, up to a size, with their hash.

use super::Fault;
use ringback_model::sha256;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The most that a file may have, in MiB.
const MOST: u64 = 256;

/// A file that was read as a whole.
pub(super) struct Bytes {
    pub(super) bytes: Vec<u8>,
    /// SHA-256 in hexadecimal.
    pub(super) sha256: String,
}

impl Bytes {
    pub(super) fn read(path: &Path) -> Result<Self, Fault> {
        Bytes::up_to(MOST, path, "export fewer hosts or vulnerabilities to a file, and name several files")
    }

    /// The bytes of a file that may have so many MiB.
    pub(super) fn up_to(most: u64, path: &Path, hint: &str) -> Result<Self, Fault> {
        let unreadable = |error: io::Error| {
            let hint = match error.kind() {
                io::ErrorKind::NotFound => "names of files are relative to the profile's folder",
                _ => "",
            };
            Fault::whole(error.to_string(), hint)
        };
        let file = File::open(path).map_err(unreadable)?;
        if !file.metadata().map_err(unreadable)?.is_file() {
            return Err(Fault::whole("it is no file", "name one file, not a folder or a pipe"));
        }
        let mut bytes = Vec::new();
        file.take((most << 20) + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > most << 20 {
            return Err(Fault::whole(format!("it has more than {most} MiB"), hint));
        }
        Ok(Bytes { sha256: sha256(&bytes), bytes })
    }
}

/// How often a byte stands in others.
pub(super) fn number_of(wanted: u8, bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == wanted)).sum()
}

/// Text without its byte order mark.
pub(super) fn text(bytes: &[u8]) -> Result<&str, Fault> {
    let bytes = without_mark(bytes)?;
    std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + number_of(b'\n', &bytes[..error.valid_up_to()]);
        Fault::line(line, "it is not UTF-8", "save the file as UTF-8")
    })
}

/// Bytes of text without the byte order mark of UTF-8. Text of two bytes a letter is told by its own mark.
pub(super) fn without_mark(bytes: &[u8]) -> Result<&[u8], Fault> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Fault::whole("it is UTF-16", "save the file as UTF-8"));
    }
    Ok(bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes))
}
