//! Everything that was found, in memory.

use crate::background::{AddressFacts, ProcessNote, Technique};
use crate::brand::Brand;
use crate::comparison::Comparison;
use crate::detection::Detection;
use crate::fingerprint::{FindingId, Fingerprint, IncidentId};
use crate::instant::Instant;
use crate::message::Message;
pub use crate::open_points::{LogRows, Question, SuggestedRelay, Unknown, UnknownKind};
use crate::overview::Overview;
use crate::place::{Place, RejectReason};
use crate::profile::{KnownExploited, Suppression};
use crate::rhythm::Periodicity;
use crate::spread::{Activity, Campaign, Sequence};
use crate::symbols::{Sym, Symbols};
use crate::timeline::Timeline;
use crate::verdict::{Scenario, Scope, Severity, Suspect, Verdict};
use crate::vocabulary::vocabulary;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

/// Everything that was found. Lists are in the order in which reports show them: severity, then rows, then id.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// What the report says of itself.
    pub heading: Heading,
    /// The table of every symbol in the case.
    pub symbols: Symbols,
    /// The inputs, by normalised name.
    pub inputs: Vec<Input>,
    /// What is in the report.
    pub findings: Vec<Finding>,
    /// The distinct lists of reasons that findings point into.
    pub reasons: Vec<Vec<Message>>,
    /// The findings that tell one story each.
    pub incidents: Vec<Incident>,
    /// The client's hosts.
    pub hosts: Vec<Host>,
    /// The other ends.
    pub remotes: Vec<Remote>,
    /// Which hosts met which remote ends.
    pub overview: Overview,
    /// Remote ends that many hosts contacted.
    pub campaigns: Listed<Campaign>,
    /// Hosts that were attacked and made new contacts after that.
    pub sequences: Listed<Sequence>,
    /// The findings with statistics of their times, the most even first: numbers into [`Case::findings`].
    pub rhythms: Vec<u32>,
    /// Rows over time.
    pub timeline: Timeline,
    /// What only the client can answer.
    pub questions: Vec<Question>,
    /// How many questions are left out because there are too many of their kind.
    pub unasked: u64,
    /// What could not be told.
    pub unknowns: Vec<Unknown>,
    /// The log as an address book: who used an address in the period, for addresses of the client's that stand without a
    /// name. One name alone is whose it is; several are candidates.
    pub address_book: BTreeMap<IpAddr, Vec<String>>,
    /// Addresses with which the client's hosts were logged and that lie outside of the client's networks.
    pub outside: BTreeSet<IpAddr>,
    /// Hosts that may be relays, by name as in [`Case::hosts`] or [`Case::remotes`].
    pub suggested_relays: BTreeMap<String, SuggestedRelay>,
    /// What is known to be exploited, of the ids that findings name: bulletins as well as CVE ids.
    pub known_exploited: BTreeMap<String, Vec<KnownExploited>>,
    /// What is known of processes that findings name, by the symbol of their text.
    pub process_notes: BTreeMap<Sym, ProcessNote>,
    /// What databases of addresses say of remote public addresses.
    pub addresses: BTreeMap<IpAddr, Arc<AddressFacts>>,
    /// Where every row went.
    pub accounting: Accounting,
    /// The accepted findings of the profile and what each took out.
    pub suppressions: Vec<SuppressionUse>,
    /// What changed since an earlier report; `None` where none was given.
    pub comparison: Option<Comparison>,
    /// How the report was made.
    pub method: Method,
    /// What is said first.
    pub statements: Vec<Message>,
}

/// What the report says of itself.
#[derive(Clone, Debug, Default)]
pub struct Heading {
    /// The program's name and version.
    pub tool: (String, String),
    /// When the report was made; from `SOURCE_DATE_EPOCH` where that is set.
    pub generated_at: Option<Instant>,
    /// The language of the texts, as a BCP 47 tag.
    pub language: String,
    /// The title.
    pub title: String,
    /// The author.
    pub author: String,
    /// The Traffic Light Protocol marking; may be empty.
    pub tlp: String,
    /// The accent colour, `#rrggbb`; may be empty.
    pub accent: String,
    /// The client's name.
    pub client: String,
    /// What the report wears besides.
    pub brand: Brand,
    /// The zone in which times are shown, as an IANA name.
    pub time_zone: String,
}

/// One input.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The normalised name: relative, with `/`, also between an archive or a workbook and what lies in it.
    pub name: String,
    /// Size in bytes as found: on disk, in an archive, or through a pipe; `None` where a pipe was not read to its end.
    pub size: Option<u64>,
    /// SHA-256 of the file in hexadecimal; `None` where it was not worked out.
    pub sha256: Option<String>,
    /// The containers, from the outside in: `plain`, `pipe`, `gzip`, `zip`, `xlsx`, or several as in `zip+gzip`.
    pub container: String,
    /// The encoding's name.
    pub encoding: String,
    /// The layout's name; empty where none fits.
    pub layout: String,
    /// Records read, rejected ones included.
    pub rows: u64,
    /// Rejected records.
    pub rejected: u64,
    /// First time in it.
    pub first: Option<Instant>,
    /// Last time in it.
    pub last: Option<Instant>,
    /// Stretches of time without a row, although it has rows before and after and is not usually silent for so long.
    pub silences: Vec<(Instant, Instant)>,
    /// What was noticed while reading.
    pub notes: Vec<Message>,
    /// The earlier inputs that hold rows of it too, in their order. Each duplicate row is told of the earliest of them:
    /// the k-th of equal rows of the first input that has at least k.
    pub duplicates: Vec<SharedRows>,
}

/// Rows that another input holds too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedRows {
    /// The other input: a number into [`Case::inputs`].
    pub source: u32,
    /// How many rows.
    pub rows: u64,
}

/// A detection with its tally and verdict.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Its id, from the detection as logged.
    pub id: FindingId,
    /// The identity of its detection.
    pub fingerprint: Fingerprint,
    /// What the rows say; the sides are told apart.
    pub detection: Detection,
    /// How often and when.
    pub tally: FindingTally,
    /// What it means.
    pub verdict: Verdict,
    /// Its reasons: a number into [`Case::reasons`].
    pub reasons: u32,
    /// Its incident: a number into [`Case::incidents`].
    pub incident: u32,
}

/// How often and when a finding was logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingTally {
    /// Rows.
    pub rows: u64,
    /// Events that the console says the rows stand for.
    pub occurrences: u64,
    /// First time.
    pub first: Instant,
    /// Last time.
    pub last: Instant,
    /// The first rows, by place.
    pub evidence: Vec<Place>,
    /// A few of the ports that are not the service's, smallest first.
    pub other_ports: Vec<u16>,
    /// Whether there may be more of them than are kept.
    pub more_ports: bool,
    /// How evenly the rows follow each other, where that says something and there are enough of them.
    pub periodicity: Option<Box<Periodicity>>,
}

/// The findings that tell one story: one scenario, one suspect.
#[derive(Clone, Debug)]
pub struct Incident {
    /// Its id, from scenario and subject as logged.
    pub id: IncidentId,
    /// What happened.
    pub scenario: Scenario,
    /// That of its worst finding.
    pub severity: Severity,
    /// Whether that severity is an upper bound.
    pub at_most: bool,
    /// Whose host is under suspicion.
    pub suspect: Suspect,
    /// The host that the incident is about: the suspect; for inbound traffic the target; else the local host.
    pub host: String,
    /// The service that was attacked, such as `tcp/443`; empty where there is none or it is not known.
    pub service: String,
    /// Rows.
    pub rows: u64,
    /// Rows of which nothing reached its target.
    pub blocked: u64,
    /// Rows, where those of events that several logs hold count in the log that has the most of them.
    pub rows_once: u64,
    /// Of these, the rows of which nothing reached its target.
    pub blocked_once: u64,
    /// Its rows by log.
    pub logs: Vec<LogRows>,
    /// Events that the console says the rows stand for.
    pub occurrences: u64,
    /// First time.
    pub first: Instant,
    /// Last time.
    pub last: Instant,
    /// Its findings: numbers into [`Case::findings`].
    pub findings: Vec<u32>,
    /// Why we say so.
    pub reasons: Vec<Message>,
    /// The techniques of MITRE ATT&CK that it is consistent with, in the order of their ids.
    pub techniques: Vec<Technique>,
    /// What to do.
    pub advice: Vec<Advice>,
}

vocabulary! {
    /// When a step of advice is taken.
    Phase {
        /// Stop the damage.
        Contain = "contain",
        /// Find out.
        Investigate = "investigate",
        /// Remove the cause.
        Eradicate = "eradicate",
        /// Keep it from happening again.
        Prevent = "prevent",
        /// What to attach to a vendor case.
        Attach = "attach",
    }
}

/// One step of advice, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Advice {
    /// The step's name in the playbook.
    pub id: String,
    /// When to take it.
    pub phase: Phase,
    /// What to do.
    pub text: String,
    /// Why it applies here.
    pub why: String,
    /// The vendor's solution or another source; may be empty.
    pub reference: String,
}

/// One of the client's hosts.
#[derive(Clone, Debug)]
pub struct Host {
    /// Its name, else its address.
    pub host: String,
    /// The addresses that it was logged with, in order.
    pub addresses: Vec<IpAddr>,
    /// That of its worst finding.
    pub severity: Severity,
    /// Rows.
    pub rows: u64,
    /// Findings.
    pub findings: u64,
    /// Distinct other ends.
    pub remotes: u64,
    /// First time.
    pub first: Instant,
    /// Last time.
    pub last: Instant,
    /// When it was active.
    pub activity: Activity,
}

/// One of the other ends.
#[derive(Clone, Debug)]
pub struct Remote {
    /// Its address, host name or URL as logged.
    pub remote: String,
    /// Whose it is.
    pub scope: Scope,
    /// The worst risk that the console saw in it.
    pub risk: crate::Risk,
    /// That of its worst finding.
    pub severity: Severity,
    /// Rows.
    pub rows: u64,
    /// Findings.
    pub findings: u64,
    /// Distinct hosts of the client.
    pub hosts: u64,
    /// First time.
    pub first: Instant,
    /// Last time.
    pub last: Instant,
}

/// A list of which only the first are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// The first, in the report's order.
    pub list: Vec<T>,
    /// How many there are in all.
    pub all: u64,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Listed { list: Vec::new(), all: 0 }
    }
}

/// Where every row went. `rows` is the sum of the other five.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accounting {
    /// Rows read.
    pub rows: u64,
    /// Rows in the report's findings.
    pub in_findings: u64,
    /// Rows of findings that the profile accepts.
    pub suppressed: u64,
    /// Rows outside of `--since` and `--until`.
    pub filtered: u64,
    /// Rows that an earlier export holds too.
    pub duplicate: u64,
    /// Rows that could not be read.
    pub rejected: u64,
    /// The rejected rows by reason.
    pub rejects: Vec<RejectTally>,
    /// The duplicate rows by input; each input's own list says which earlier inputs hold them.
    pub duplicates: Vec<DuplicateTally>,
}

/// Rejected rows of one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectTally {
    /// Why.
    pub reason: RejectReason,
    /// How many.
    pub rows: u64,
    /// The first of them.
    pub places: Vec<Place>,
}

/// Duplicate rows of one input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateTally {
    /// The input that repeats: a number into [`Case::inputs`].
    pub source: u32,
    /// How many rows.
    pub rows: u64,
}

vocabulary! {
    /// What became of an accepted finding of the profile.
    SuppressionState {
        /// It took rows out.
        Used = "used",
        /// It holds, and no row fits it.
        Unused = "unused",
        /// It had ended when the report was made, and was not applied.
        Expired = "expired",
    }
}

/// An accepted finding of the profile, and what it took out.
#[derive(Clone, Debug)]
pub struct SuppressionUse {
    /// What the profile says.
    pub entry: Suppression,
    /// What became of it.
    pub state: SuppressionState,
    /// Rows that it took out.
    pub rows: u64,
    /// Findings that it took out.
    pub findings: u64,
    /// The first of these findings, in the report's order.
    pub taken: Vec<TakenOut>,
}

/// A finding that the profile accepts.
#[derive(Clone, Debug)]
pub struct TakenOut {
    /// Its id.
    pub id: FindingId,
    /// What happened.
    pub scenario: Scenario,
    /// How bad it would be.
    pub severity: Severity,
    /// The client's host as people name it.
    pub host: String,
    /// The other end as logged.
    pub remote: String,
    /// The rule; may be empty.
    pub rule: String,
    /// Rows.
    pub rows: u64,
    /// First time.
    pub first: Instant,
    /// Last time.
    pub last: Instant,
}

/// How the report was made.
#[derive(Clone, Debug, Default)]
pub struct Method {
    /// The options that bear on the content, by name; never threads, output or the order of paths.
    pub options: Vec<(String, String)>,
    /// Networks that count as the client's.
    pub own_networks: Vec<String>,
    /// Names that count as the client's.
    pub own_names: Vec<String>,
    /// Whether private ranges were taken as the client's without the profile saying so.
    pub private_assumed: bool,
    /// The date of the special-purpose registries.
    pub registries: String,
    /// The layouts that were used: name, title, confirmed.
    pub layouts: Vec<(String, String, bool)>,
    /// The playbook's name and version.
    pub playbook: String,
    /// The name and version of the matrix that techniques are of.
    pub attack: String,
    /// Files that were read for context.
    pub data_files: Vec<DataFile>,
}

/// A file that was read for context. The order is that of names.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct DataFile {
    /// Its name, as it was given, without what depends on the place of the run.
    pub name: String,
    /// Its date: that of its content, where the content has one.
    pub date: Option<Instant>,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// What it was recognised as, such as `nessus-csv`; empty where it is of one known kind only.
    pub kind: &'static str,
    /// What it says of itself, such as the type of a database; may be empty.
    pub detail: String,
    /// How many records it has, and how many of them say something here; `None` where it is not made of records.
    pub records: Option<DataRecords>,
}

/// Records of a file that was read for context.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct DataRecords {
    /// All of them.
    pub all: u64,
    /// Those that say something that is used: of a scanner's report those with a CVE id that are no mere information, of a
    /// scan the open ports.
    pub used: u64,
}
