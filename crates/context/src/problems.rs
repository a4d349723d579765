//! Collects what is wrong with a profile, so that all of it can be told at once.

use crate::error::Problem;
use std::ops::Range;

/// A text of the profile, with the bytes that it stands on.
pub(crate) type Text = toml::Spanned<String>;

/// What is wrong so far.
pub(crate) struct Problems<'t> {
    text: &'t str,
    found: Vec<Problem>,
}

impl<'t> Problems<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Problems { text, found: Vec::new() }
    }

    /// Everything that is wrong, in the order of the file.
    pub(crate) fn into_vec(mut self) -> Vec<Problem> {
        self.found.sort();
        self.found
    }

    /// Keeps the first problem of each line: what follows a slip in the syntax is mostly its echo.
    pub(crate) fn keep_first_of_each_line(&mut self) {
        self.found.sort();
        self.found.dedup_by_key(|problem| problem.line);
    }

    /// Whether nothing is wrong so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The line on which some bytes of the file begin, from 1.
    pub(crate) fn line(&self, span: &Range<usize>) -> usize {
        place(self.text, span.start).0
    }

    /// Notes a problem at some bytes of the file.
    pub(crate) fn at(&mut self, span: Range<usize>, what: impl Into<String>, hint: impl Into<String>) {
        let (line, column) = place(self.text, span.start);
        self.found.push(Problem { line, column, what: what.into(), hint: hint.into() });
    }
}

/// Line and column of a byte, both from 1; columns count characters.
fn place(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn places_count_lines_and_characters() {
        let text = "ab\näöü x\n";
        for (byte, expected) in
            [(0, (1, 1)), (2, (1, 3)), (3, (2, 1)), (9, (2, 4)), (11, (2, 6)), (99, (3, 1))]
        {
            assert_eq!(place(text, byte), expected, "byte {byte}");
        }
    }
}
