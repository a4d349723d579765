//! What is wrong with a profile, and where.

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
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What would be right; may be empty.
    pub hint: String,
}

impl Problem {
    /// A problem that the reader of TOML found: syntax, an unknown key, a value of the wrong kind.
    pub(crate) fn of_syntax(text: &str, found: &toml::de::Error) -> Self {
        let what = found.message().to_owned();
        let hint = nearest_key(&what).unwrap_or_default();
        Problem { line: found.span().map_or(1, |span| line_of(text, span.start)), what, hint }
    }
}

/// The number of the line that a byte lies in, from 1.
pub(crate) fn line_of(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1
}

/// For an unknown key, the known one that looks most like it.
fn nearest_key(what: &str) -> Option<String> {
    let words: Vec<&str> = what.split('`').collect();
    let (_, known) = what.split_once("expected")?;
    let unknown = words.get(1).filter(|_| what.starts_with("unknown"))?;
    nearest(unknown, known.split('`').skip(1).step_by(2))
}

/// The word of a list that looks most like one that is not in it, as a hint.
pub(crate) fn nearest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<String> {
    let ranked = known.map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate));
    let (distance, candidate) = ranked.min()?;
    (distance <= 1 + word.len() / 3).then(|| format!("did you mean {candidate:?}?"))
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProfileError::Read { name, source } => write!(f, "{name}: {source}"),
            ProfileError::Content { name, problems } => {
                for (number, problem) in problems.iter().enumerate() {
                    let gap = if number == 0 { "" } else { "\n" };
                    write!(f, "{gap}{name}, line {}: {}", problem.line, problem.what)?;
                    if !problem.hint.is_empty() {
                        write!(f, "\nhint: {}", problem.hint)?;
                    }
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
            ProfileError::Content { .. } => None,
        }
    }
}
