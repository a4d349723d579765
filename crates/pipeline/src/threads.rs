//! Who does the work.

use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};

/// Does work by so many threads; 0 are as many as there are cores. Where the caller is one of so many already, it is theirs:
/// each further thread takes memory of its own, which a small export can tell.
///
/// # Errors
/// The system gives no threads.
pub(crate) fn by_threads<R: Send>(
    threads: usize,
    work: impl FnOnce() -> R + Send,
) -> Result<R, ThreadPoolBuildError> {
    let at_hand = rayon::current_thread_index().map(|_| rayon::current_num_threads());
    if at_hand.is_some_and(|at_hand| threads == 0 || threads == at_hand) {
        return Ok(work());
    }
    Ok(ThreadPoolBuilder::new().num_threads(threads).build()?.install(work))
}
