//! What is said where the program fails while it reads an input, which costs that input alone.

/// What is said of an input in whose reading the program failed.
pub(crate) const FAULT: &str = "a fault of the program stopped its reading; none of its rows are counted";

/// What is said of an input that was counted, and in whose second reading the program failed.
pub(crate) const FAULT_AGAIN: &str = "a fault of the program stopped its second reading";

#[cfg(test)]
mod tests;
