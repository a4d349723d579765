//! From judged detections to the stories that a report tells: findings, incidents, hosts, remote addresses, and what is
//! said first. Pure: no input or output, no clock, no threads, and no knowledge of logs, rules or layouts.

mod accepted;
mod activity;
mod address_book;
mod asked;
mod both;
mod campaigns;
mod comparison;
mod findings;
mod ground;
mod hosts;
mod incidents;
#[cfg(test)]
mod made;
mod names;
mod numbered_hosts;
mod open;
mod overview;
mod periodicity;
mod questions;
mod reasons;
mod relays;
mod same_events;
mod sequences;
mod silences;
mod skews;
mod statements;
mod subject;
mod unknowns;

pub use accepted::{ACCEPTED_KEYS, accepted, of_accepted};
pub use activity::{AllTimes, HostTimes};
pub use both::Both;
pub use campaigns::LEAST_HOSTS;
pub use comparison::{COMPARISON_KEYS, compare, of_comparison};
pub use findings::{Rank, Stories, finding_id, place, rank, rhythms, tell};
pub use ground::Ground;
pub use names::Ends;
pub use numbered_hosts::NumberedHosts;
pub use open::{Open, open};
pub use overview::overview;
pub use periodicity::{BATCH, BURST, LEAST_BURST_PERIOD, LEAST_GAPS, REGULAR, is_enough, periodicity};
pub use questions::QUESTION_KEYS;
pub use reasons::Reasons;
pub use relays::SUGGEST_KEYS;
pub use silences::silences;
pub use skews::{Skew, skews};
pub use statements::{STATEMENT_KEYS, statements};
pub use subject::{Subject, is_stopped};
pub use unknowns::unknown_keys;

#[cfg(test)]
mod tests;
