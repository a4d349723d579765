//! A fault of the program while it reads one input costs that input alone.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What is said of an input in whose reading the program failed.
pub(crate) const FAULT: &str = "a fault of the program stopped its reading; none of its rows are counted";

/// The program failed; what it was working on is in no known state and must be thrown away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault;

/// Does some work; a panic in it ends no more than the work. Whoever calls this throws away all that the work touched.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work)).map_err(drop_payload)
}

/// A payload may panic in turn when it is dropped, and may hold text of a log: it is kept from both.
fn drop_payload(payload: Box<dyn std::any::Any + Send>) -> Fault {
    std::mem::forget(payload);
    Fault
}

#[cfg(test)]
mod tests;
