//! What is wrong with a profile, and where.

use crate::data::Fault;
use std::fmt;
use std::io;

/// A profile that can not be used.
#[derive(Debug)]
pub enum ProfileError {
    /// The file can not be read.
    Read {
        /// The file.
        name: String,
        /// What the system says.
        source: io::Error,
    },
    /// Something in it is wrong.
    Content {
        /// The file.
        name: String,
        /// Everything that is wrong, in the order of the file.
        problems: Vec<Problem>,
    },
    /// Files that it names are wrong.
    Files {
        /// The profile.
        name: String,
        /// The files, in the order in which they are read.
        faults: Vec<FileFault>,
    },
}

/// A file that a profile names and that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFault {
    /// The file.
    pub name: String,
    /// The first thing that is wrong with it.
    pub fault: Fault,
}

/// One thing that is wrong. The order is that of the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub what: String,
    /// What would be right; may be empty.
    pub hint: String,
}

/// The word of a list that looks most like one that is not in it; `None` where all look quite different.
pub(crate) fn nearest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let ranked = known.map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate));
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

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.what)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, "\nhint: {}", self.hint) }
    }
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProfileError::Read { name, source } if source.kind() == io::ErrorKind::InvalidData => {
                write!(f, "{name}: {source}\nhint: save the profile as UTF-8")
            }
            ProfileError::Read { name, source } => write!(f, "{name}: {source}"),
            ProfileError::Content { name, problems } => {
                for (number, problem) in problems.iter().enumerate() {
                    let gap = if number == 0 { "" } else { "\n" };
                    write!(f, "{gap}{name}, {problem}")?;
                }
                Ok(())
            }
            ProfileError::Files { name, faults } => {
                for (number, FileFault { name: file, fault }) in faults.iter().enumerate() {
                    let gap = if number == 0 { "" } else { "\n" };
                    let place = if fault.place.is_empty() { ": " } else { ", " };
                    write!(f, "{gap}{file} (named in {name}){place}{fault}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for ProfileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ProfileError::Read { source, .. } => Some(source),
            ProfileError::Content { .. } | ProfileError::Files { .. } => None,
        }
    }
}
