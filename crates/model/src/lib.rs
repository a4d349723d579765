//! The vocabulary of Ringback as types.
//!
//! Everything that more than one crate speaks of is defined here: what a row says ([`Detection`]), what it means
//! ([`Verdict`]), what the client says of itself ([`Profile`]), where a statement comes from ([`Place`]), what could not
//! be read ([`Reject`]), what is said to people ([`Message`]), and the [`Case`] with the versioned [`report`] views of it.
//!
//! The crate does no input or output, reads no clock and starts no thread.

mod service_names;
mod vocabulary;

pub mod background;
pub mod brand;
pub mod calendar;
pub mod case;
pub mod comparison;
pub mod cuts;
pub mod detection;
pub mod explanation;
pub mod fault;
pub mod fingerprint;
pub mod inspection;
pub mod instant;
pub mod language;
pub mod map;
pub mod message;
pub mod open_points;
pub mod overview;
pub mod place;
pub mod profile;
pub mod report;
pub mod rhythm;
pub mod service;
pub mod smallest;
pub mod spread;
pub mod symbols;
pub mod timeline;
pub mod verdict;

pub use calendar::Calendar;
pub use case::{Accounting, Case, Finding, FindingTally, Incident};
pub use comparison::{Baseline, Comparison};
pub use cuts::{Cuts, Segment};
pub use detection::{
    Detection, DetectionRef, Direction, Endpoints, ListSource, Log, Peer, RequestKind, ResultKind, Risk,
    Threat,
};
pub use fault::{Fault, guarded};
pub use fingerprint::{Digest, FindingId, Fingerprint, IncidentId, hexadecimal, sha256};
pub use instant::Instant;
pub use language::LANGUAGES;
pub use map::{Map, Set};
pub use message::{Arg, Message, Words};
pub use place::{Place, Reject, RejectReason};
pub use profile::Profile;
pub use report::{Report, SCHEMA_VERSION};
pub use rhythm::{Gaps, Periodicity, Rhythm};
pub use service::{Service, Side, service};
pub use service_names::{name_of_service, service_name};
pub use smallest::Smallest;
pub use spread::{Activity, Campaign, Contact, Sequence};
pub use symbols::{Remap, Sym, Symbols};
pub use timeline::Timeline;
pub use verdict::{
    Basis, Exposure, Origin, Scenario, Scope, Severity, Stopped, Suspect, Target, Verdict, Vulnerable,
};
pub use vocabulary::UnknownWord;
