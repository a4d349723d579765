//! End-to-end suite: the program as its users run it, on the example exports and on files made for one question each.

#![expect(clippy::unwrap_used, reason = "in a test, what does not hold is a failure")]

mod accounting;
mod agreement;
mod browser;
mod commands;
mod containers;
mod context;
mod hostile;
mod inspect;
mod languages;
mod large_overlap;
mod layouts;
mod overlap;
mod program;
mod rhythms;
mod same_bytes;
mod truth;
mod vendors;
