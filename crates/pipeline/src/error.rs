//! What ends an investigation before it has a result.

use ringback_tally::part::PartError;
use std::path::PathBuf;

/// What the request itself gets wrong. Inputs that can not be read are part of the result instead.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// A path that was named is not there or can not be looked at.
    #[error("{}: {source}", path.display())]
    Path {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A path that is not there is a pattern that nothing matches.
    #[error("no file matches {pattern}")]
    NoMatch {
        /// The pattern.
        pattern: String,
    },
    /// A path that is not there looks like a pattern and is none.
    #[error("{pattern} is not there, and is no pattern: {message}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        message: String,
    },
    /// No input was found.
    #[error("no exports found in {}", paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", "))]
    NothingToRead {
        /// The paths that were looked through.
        paths: Vec<PathBuf>,
    },
    /// The profile can not be compiled.
    #[error(transparent)]
    Policy(ringback_classify::PolicyError),
    /// A database of addresses can not be read at a place that was asked for.
    #[error("{}: {}", .0.name, .0.fault)]
    Addresses(ringback_context::FileFault),
    /// There are more cuts in time than segments have numbers.
    #[error("the profile has {0} different dates, more than can be told apart")]
    Cuts(usize),
    /// A part can not be read or written.
    #[error("{name}: {error}{hint}")]
    Part {
        /// What it is called.
        name: String,
        /// What is wrong with it.
        error: PartError,
        /// A hint on a line of its own, where one helps.
        hint: &'static str,
    },
    /// Parts that do not belong together, or with what is asked; it says why.
    #[error("{0}")]
    Parts(String),
    /// The rows are asked for, and parts do not have them.
    #[error("{0} is a part: it has counts and not the rows\nhint: name the exports that it was tallied from")]
    NoRows(String),
    /// The threads could not be started.
    #[error("threads could not be started: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// An input could be read once and not again.
    #[error("{name} changed or vanished while it was read: {source}")]
    ReadAgain {
        /// The input.
        name: String,
        /// What the system says.
        source: std::io::Error,
    },
}

impl PipelineError {
    /// What is wrong with a part.
    pub(crate) fn part(name: &str, error: PartError) -> Self {
        let hint = match error {
            PartError::TooNew { .. } => "\nhint: it was written by a newer version of ringback; use that one",
            PartError::CutOff | PartError::Damaged(_) => "\nhint: copy it again, or tally its exports again",
            PartError::Io(_) | PartError::Other(_) => "",
        };
        PipelineError::Part { name: name.to_owned(), error, hint }
    }
}
