//! What is wrong with a layout's file, and where; all of it is told at once.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use ringback_model::UnknownWord;

/// A text of the file, with the bytes that it stands on.
pub(crate) type Text = toml::Spanned<String>;

/// One thing that is wrong in a layout's file. The order is that of the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub what: String,
    /// What would be right; may be empty.
    pub hint: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.what)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, "\nhint: {}", self.hint) }
    }
}

/// What is wrong so far.
pub(crate) struct Mistakes<'t> {
    text: &'t str,
    found: Vec<Mistake>,
}

impl<'t> Mistakes<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Mistakes { text, found: Vec::new() }
    }

    /// Everything that is wrong, in the order of the file.
    pub(crate) fn into_vec(mut self) -> Vec<Mistake> {
        self.found.sort();
        self.found.dedup();
        self.found
    }

    /// Keeps the first mistake of each line: what follows a slip in the syntax is mostly its echo.
    pub(crate) fn keep_first_of_each_line(&mut self) {
        self.found.sort();
        self.found.dedup_by_key(|mistake| mistake.line);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Notes a mistake at some bytes of the file.
    pub(crate) fn at(&mut self, span: Range<usize>, what: impl Into<String>, hint: impl Into<String>) {
        let (line, column) = place(self.text, span.start);
        self.found.push(Mistake { line, column, what: what.into(), hint: hint.into() });
    }

    /// The value that a word of a closed vocabulary stands for.
    pub(crate) fn word<T: FromStr<Err = UnknownWord>>(&mut self, word: &Text) -> Option<T> {
        match word.get_ref().parse() {
            Ok(value) => Some(value),
            Err(UnknownWord { word: unknown, known }) => {
                self.at(word.span(), format!("unknown word {unknown:?}"), suggestion(&unknown, known));
                None
            }
        }
    }

    /// The value of the choice that a word names.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        what: &str,
        word: &Text,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        let found = choices.iter().find(|(name, _)| name == word.get_ref()).map(|(_, value)| *value);
        if found.is_none() {
            let known: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            let said = format!("unknown {what} {:?}", word.get_ref());
            self.at(word.span(), said, suggestion(word.get_ref(), &known));
        }
        found
    }
}

/// The word of a list that looks most like one that is not in it; `None` where all look quite different.
pub(crate) fn nearest<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let ranked = known.into_iter().map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate));
    let (distance, candidate) = ranked.min()?;
    (distance <= 1 + word.chars().count() / 3).then_some(candidate)
}

/// The hint for a word that is not in a list: the one that looks like it, else all of them.
pub(crate) fn suggestion(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(candidate) => format!("did you mean {candidate:?}?"),
        None => format!("known here: {}", known.join(", ")),
    }
}

/// Line and column of a byte, both from 1; columns count characters.
fn place(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}
