//! How work is shared out. This crate starts no threads; who has some lends them.

/// Does two pieces of work that do not depend on each other.
pub trait Both: Sync {
    /// What both come to.
    fn both<A: Send, B: Send>(
        &self,
        one: impl FnOnce() -> A + Send,
        other: impl FnOnce() -> B + Send,
    ) -> (A, B);
}
