//! Exit codes, and how a failure is told.

use crate::args::Cli;
use crate::terminal;
use clap::CommandFactory;
use clap::error::ErrorKind;
use std::io;
use std::process::ExitCode;

/// How a run ended. The codes are a contract with scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// 0: done.
    Done,
    /// 1: failed.
    Failed,
    /// 3: done, but some input was rejected and `--strict` was given.
    Rejected,
    /// 4: done, and the severity of `--fail-on` was met.
    SeverityMet,
}

impl Outcome {
    /// Tells why a run failed. A reader that closed the pipe early is no failure.
    pub(crate) fn failed(error: &anyhow::Error) -> Self {
        if is_broken_pipe(error) {
            return Outcome::Done;
        }
        let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
        terminal::error(&causes.join(": "));
        Outcome::Failed
    }
}

/// Ends the program with code 2, telling what is wrong with the command line.
pub(crate) fn wrong_usage(kind: ErrorKind, says: &str) -> ! {
    Cli::command().error(kind, says).exit()
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(match outcome {
            Outcome::Done => 0,
            Outcome::Failed => 1,
            Outcome::Rejected => 3,
            Outcome::SeverityMet => 4,
        })
    }
}
