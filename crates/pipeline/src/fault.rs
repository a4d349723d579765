//! What is said where the program fails while it reads an input, which costs that input alone.

/// What is said of an input in whose reading the program failed.
pub(crate) const FAULT: &str = "a fault of the program stopped its reading; none of its rows are counted";

#[cfg(test)]
mod tests;
