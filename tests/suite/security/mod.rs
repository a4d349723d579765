//! Attacks and faults, each with what is left afterwards. A test says what it survives in a line `Survives: attack |
//! outcome` of its documentation, from which `cargo xtask codegen` makes the table in `docs/SECURITY.md`.

mod bundle;
mod corpus;
mod faults;
mod injection;
mod limits;
mod markup;
mod page;
mod privacy;
