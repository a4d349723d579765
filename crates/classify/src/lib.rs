//! From a detection to its verdict: networks, origin, scenario, exposure, vulnerability, severity, and what to do.
//!
//! Pure: the same detection, policy and census give the same verdict. Nothing here reads a file, a clock or a log.

mod advice;
mod census;
mod judge;
mod networks;
mod origin;
mod policy;
mod scenario;
mod severity;
mod special;

pub use advice::{IncidentFacts, RelayFacts, advise};
pub use census::Census;
pub use judge::{Judgement, Step, Trace, judge, judge_traced, orient, reason_keys};
pub use policy::{Policy, PolicyError};
pub use severity::{OverrideError, PlaybookError};
pub use special::REGISTRIES_DATE;
