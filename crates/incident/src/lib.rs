//! From judged detections to the stories that a report tells: findings, incidents, hosts, remote addresses, and what is
//! said first. Pure: no input or output, no clock, no threads, and no knowledge of logs, rules or layouts.

mod accepted;
mod activity;
mod campaigns;
mod comparison;
mod findings;
mod hosts;
mod incidents;
mod names;
mod periodicity;
mod questions;
mod reasons;
mod sequences;
mod statements;
mod subject;

pub use accepted::{ACCEPTED_KEYS, accepted, of_accepted};
pub use activity::{AllTimes, HostTimes};
pub use campaigns::{LEAST_HOSTS, campaigns};
pub use comparison::{COMPARISON_KEYS, compare, of_comparison};
pub use findings::{Stories, finding_id, rank, rhythms, tell};
pub use hosts::{hosts, remotes};
pub use incidents::{incidents, number};
pub use names::Ends;
pub use periodicity::{BATCH, BURST, LEAST_BURST_PERIOD, LEAST_GAPS, REGULAR, is_enough, periodicity};
pub use questions::{QUESTION_KEYS, questions};
pub use reasons::Reasons;
pub use sequences::sequences;
pub use statements::{STATEMENT_KEYS, statements};
pub use subject::{Subject, is_stopped};

#[cfg(test)]
mod tests;
