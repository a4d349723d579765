//! A first draft of a layout from a sample of an export: what each column seems to hold, every guess marked as one.

mod columns;
mod guess;
mod names;
mod sample;
mod spelled;
mod text;

use crate::plan::TextEncodingName;
use columns::Columns;
use sample::Sample;

/// A drafted layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The text of its file.
    pub text: String,
    /// How many columns it reads.
    pub read: usize,
    /// How many columns the sample has.
    pub columns: usize,
}

/// Why no layout can be drafted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// There is nothing in the sample.
    #[error("it is empty")]
    Empty,
    /// Nothing in it looks like columns.
    #[error(
        "no line looks like the headings of columns, and no line is an event\nhint: a sample starts with its headings, or has one \
         JSON object, CEF or LEEF event a line"
    )]
    NoColumns,
}

/// Drafts a layout from the first bytes of a sample. `file` is the sample's name; `complete` says that the bytes are all
/// of it.
///
/// # Errors
/// A sample in which there are no columns.
pub fn draft(
    head: &[u8],
    complete: bool,
    file: &str,
    encoding: Option<TextEncodingName>,
) -> Result<Draft, DraftError> {
    let sample = Sample::read(head, complete, encoding)?;
    let columns = Columns::of(&sample);
    let text = text::written(&sample, &columns, file);
    Ok(Draft { text, read: columns.read(), columns: sample.headings.len() })
}

#[cfg(test)]
mod tests;
