//! Where in the templates a piece of the rendered text comes from.

use minijinja::OutputSpan;

/// The places of a rendered text, by its bytes.
#[derive(Debug, Default)]
pub struct Places(Vec<OutputSpan>);

impl Places {
    pub(crate) fn new(spans: Vec<OutputSpan>) -> Self {
        Places(spans)
    }

    /// The template and the line in it, from 1, that wrote the byte at `offset`; where nothing did, what wrote last before
    /// it. A macro's text counts as written by who calls it.
    pub fn of(&self, offset: usize) -> Option<(&str, usize)> {
        let after = self.0.partition_point(|span| span.output_range().start <= offset);
        let span = self.0.get(after.checked_sub(1)?)?;
        Some((span.name(), span.line()))
    }
}
