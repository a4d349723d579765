//! The threads of a run.

use crate::exit::Outcome;

/// Runs a command by so many threads, of which this one is the first; 0 are as many as there are cores. They are the same
/// from the first byte read to the last one written.
///
/// # Errors
/// What the command says, or that the system gives no threads.
pub(crate) fn run_by(
    threads: usize,
    command: impl FnOnce() -> anyhow::Result<Outcome> + Send,
) -> anyhow::Result<Outcome> {
    rayon::ThreadPoolBuilder::new().num_threads(threads).use_current_thread().build()?.install(command)
}
