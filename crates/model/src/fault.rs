//! A fault of the program costs what it was working on, and nothing else.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// The program failed; what it was working on is in no known state and must be thrown away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault;

/// Does some work; a panic in it ends no more than the work. Whoever calls this throws away all that the work touched.
///
/// # Errors
/// The program failed in the work.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        // It may panic in turn when it is dropped, and may hold text of a log: it is kept from both.
        std::mem::forget(payload);
        Fault
    })
}
