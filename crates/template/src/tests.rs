//! Tests of the environment as a whole.
