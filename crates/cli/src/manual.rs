//! Completions and man pages, from the one tree of arguments.

use crate::args::{Cli, CompletionsArgs, ManArgs};
use crate::exit::Outcome;
use clap::CommandFactory;
use std::io::{Write, stdout};

/// Prints the completion script of a shell.
pub(crate) fn completions(args: &CompletionsArgs) -> anyhow::Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "ringback", &mut script);
    stdout().lock().write_all(&script)?;
    Ok(Outcome::Done)
}

/// Prints the man page, or writes those of all commands into a folder.
pub(crate) fn man(args: &ManArgs) -> anyhow::Result<Outcome> {
    if let Some(dir) = &args.dir {
        clap_mangen::generate_to(Cli::command(), dir)?;
        return Ok(Outcome::Done);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    stdout().lock().write_all(&page)?;
    Ok(Outcome::Done)
}
