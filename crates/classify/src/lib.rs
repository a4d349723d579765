//! From a detection to its verdict: networks, origin, scenario, exposure, vulnerability, severity, and what to do.
//!
//! Pure: the same detection, policy and census give the same verdict. Nothing here reads a file, a clock or a log.

mod advice;
mod attack;
mod bulletins;
mod census;
mod end;
mod exploited;
mod exposure;
mod guide;
mod hosts;
mod judge;
mod judgements;
mod networks;
mod open;
mod origin;
mod other_logs;
mod overrides;
mod policy;
mod processes;
mod scenario;
mod severity;
mod special;
mod suppress;
mod vulnerability;
mod what_if;

pub use advice::{FindingFacts, IncidentFacts, StepGuide, advise, read_playbook, step_guides};
pub use attack::{attack_matrix, techniques};
pub use census::Census;
pub use guide::{GuideTable, guide_tables, origin_reference};
pub use judge::{Judgement, Step, Trace, judge, judge_traced, orient, reason_keys};
pub use judgements::Judgements;
pub use open::OpenThoughClosed;
pub use other_logs::OtherLogs;
pub use overrides::OverrideError;
pub use policy::{Policy, PolicyError};
pub use processes::process_note;
pub use severity::PlaybookError;
pub use special::REGISTRIES_DATE;
pub use suppress::Logged;
pub use what_if::{Change, Explained, ExplainedStep, PREMISES, Premise, explain};
