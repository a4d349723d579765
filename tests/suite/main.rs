//! End-to-end suite: the program as its users run it, on the example exports and on files made for one question each.

#![expect(clippy::unwrap_used, reason = "in a test, what does not hold is a failure")]

mod accessible;
mod accounting;
mod agreement;
mod baseline;
mod browser;
mod case_bundle;
mod commands;
mod containers;
mod context;
mod context_offline;
mod devtools;
mod documents;
mod explain;
mod external;
mod guide;
mod hostile;
mod ids;
mod inspect;
mod interchange;
mod languages;
mod large_overlap;
mod layouts;
mod overlap;
mod parts;
mod program;
mod questions;
mod reader;
mod reporters;
mod rhythms;
mod same_bytes;
mod security;
mod suppress;
mod truth;
mod vendors;
