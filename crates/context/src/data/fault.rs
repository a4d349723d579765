//! What is wrong with a file that a profile names, and where in it.

use std::fmt;

/// The first thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where in the file: a line, or a record; empty where it is the file as a whole.
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// What would be right; may be empty.
    pub hint: String,
}

impl Fault {
    /// A fault of the file as a whole.
    pub(crate) fn whole(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Fault::at("", what, hint)
    }

    /// A fault at a place.
    pub(crate) fn at(place: impl Into<String>, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Fault { place: place.into(), what: what.into(), hint: hint.into() }
    }

    /// A fault on a line, from 1.
    pub(crate) fn line(line: u64, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Fault::at(format!("line {line}"), what, hint)
    }

    /// What `serde_json` says, with its place.
    pub(crate) fn json(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
        let place = format!("line {}, column {}", error.line(), error.column());
        let hint = if error.is_eof() { "the file seems to be cut short; export it again" } else { "" };
        Fault::at(place, what, hint)
    }
}

/// The beginning of a text from a file, for an error: files may hold much where little should be.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.what)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, "\nhint: {}", self.hint) }
    }
}

impl std::error::Error for Fault {}
