//! What commands give: JSON, and files with what is said where they can not be written.

use anyhow::anyhow;
use ringback_report::{EscapedControls, WriteError};
use serde::Serialize;
use std::io::Write;

/// Writes a value as JSON for programs, on lines of its own. No control character of a log is in it as it stands.
///
/// # Errors
/// What the output says.
pub(crate) fn json<T: Serialize + ?Sized>(out: &mut impl Write, value: &T) -> anyhow::Result<()> {
    serde_json::to_writer_pretty(EscapedControls::new(&mut *out), value)?;
    out.write_all(b"\n")?;
    Ok(())
}

/// An error of writing, with a hint where one helps.
pub(crate) fn with_hint(error: WriteError) -> anyhow::Error {
    match error {
        WriteError::Exists(_) => anyhow!("{error}\nhint: --force writes over it"),
        other @ WriteError::Io { .. } => other.into(),
    }
}
