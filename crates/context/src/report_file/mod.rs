//! Reports that the program wrote as JSON, read again: as a baseline, or for their findings.
//!
//! A report of 300,000 findings has 335 MB, so it is read as a stream and only what is asked for is kept. The order of its
//! fields does not matter, since other programs may have written it anew.

mod bounded;
mod wire;

use crate::data::Fault;
use bounded::Bounded;
use ringback_model::case::{DataFile, DataRecords};
use ringback_model::comparison::{About, Baseline, Earlier};
use ringback_model::{FindingId, IncidentId, Instant, ListSource, Scenario, Set, Severity, Symbols};
use std::fmt;
use std::fs::File;
use std::hash::Hash;
use std::io::{self, Read};
use std::net::IpAddr;
use std::path::Path;
use wire::{Head, Reading, Row};

/// The most findings, and the most incidents, that a report may hold to be read: 48 bytes of each are kept.
const MOST: usize = 5_000_000;

/// A report that can not be read.
#[derive(Debug)]
pub struct ReportFault {
    /// The file.
    pub name: String,
    /// The first thing that is wrong with it.
    pub fault: Fault,
}

impl fmt::Display for ReportFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gap = if self.fault.place.is_empty() { ": " } else { ", " };
        write!(f, "{}{gap}{}", self.name, self.fault)
    }
}

impl std::error::Error for ReportFault {}

/// A finding as a report tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportFinding {
    /// Its id.
    pub id: FindingId,
    /// What happened.
    pub scenario: Scenario,
    /// How bad it is.
    pub severity: Severity,
    /// The client's host as people name it.
    pub host: String,
    /// Its address, where it is logged.
    pub local_ip: Option<IpAddr>,
    /// The remote side as logged.
    pub remote: String,
    /// Its address, where it is logged.
    pub remote_ip: Option<IpAddr>,
    /// The rule; empty where there is none.
    pub rule: String,
    /// The list.
    pub list: ListSource,
    /// Rows.
    pub rows: u64,
    /// First time.
    pub first: Option<Instant>,
    /// Last time.
    pub last: Option<Instant>,
}

/// Whether a file is a report as the program writes it, by its first bytes; exports may be JSON too.
pub fn is_report(path: &Path) -> bool {
    let mut first = Vec::new();
    let read = File::open(path).and_then(|file| file.take(256).read_to_end(&mut first));
    let bare: Vec<u8> = first.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let bare = bare.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(&bare);
    read.is_ok() && bare.starts_with(br#"{"schema":"#)
}

/// Reads a report as a baseline.
///
/// # Errors
/// A file that can not be read, is no report, is cut off, or has another schema.
pub fn read_baseline(path: &Path) -> Result<Baseline, ReportFault> {
    with_file(path, |file| {
        let mut bounded = Bounded::new(file);
        let mut baseline = baseline(&mut bounded)?;
        baseline.about.name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        baseline.about.sha256 = bounded.sha256();
        Ok(baseline)
    })
}

/// The file of a baseline, for the list of files that a report was made with.
pub fn baseline_file(baseline: &Baseline) -> DataFile {
    let all = (baseline.incidents.len() + baseline.findings.len()) as u64;
    DataFile {
        name: baseline.about.name.clone(),
        date: baseline.about.generated_at,
        sha256: baseline.about.sha256.clone(),
        kind: "baseline",
        detail: String::new(),
        records: Some(DataRecords { all, used: all }),
    }
}

/// Reads a report as a baseline from its bytes; what is known of the file alone is left empty.
///
/// # Errors
/// As for [`read_baseline`].
pub fn parse_baseline(bytes: &[u8]) -> Result<Baseline, Fault> {
    baseline(&mut Bounded::new(bytes))
}

/// Reads the findings of a report, one at a time.
///
/// # Errors
/// As for [`read_baseline`].
pub fn read_findings(path: &Path, mut each: impl FnMut(ReportFinding)) -> Result<(), ReportFault> {
    with_file(path, |file| {
        let mut bounded = Bounded::new(file);
        let mut finding = |told: wire::Told| {
            each(told.finding());
            Ok(())
        };
        Reading { incident: &mut |_| Ok(()), finding: &mut finding }.read(&mut bounded).map(|_| ())
    })
}

/// What is made of a file that is there.
fn with_file<T>(path: &Path, read: impl FnOnce(File) -> Result<T, Fault>) -> Result<T, ReportFault> {
    let unreadable = |error: io::Error| Fault::whole(error.to_string(), "");
    let opened = File::open(path).and_then(|file| file.metadata().map(|about| (file, about.is_file())));
    let outcome = match opened {
        Ok((file, true)) => read(file),
        Ok((_, false)) => {
            Err(Fault::whole("it is no file", "name a report that `ringback report -f json` wrote"))
        }
        Err(error) => Err(unreadable(error)),
    };
    outcome.map_err(|fault| ReportFault { name: path.display().to_string(), fault })
}

fn baseline(bytes: &mut Bounded<impl Read>) -> Result<Baseline, Fault> {
    let (mut hosts, mut other_hosts) = (Symbols::new(), Symbols::new());
    let (mut incidents, mut findings) = (Kept::default(), Kept::default());
    let mut incident = |row: Row<IncidentId>| incidents.add(row, &mut other_hosts);
    let mut finding = |row: Row<FindingId>| findings.add(row, &mut hosts);
    let head = Reading { incident: &mut incident, finding: &mut finding }.read(bytes)?;
    let mut incidents = incidents.rows;
    for one in &mut incidents {
        one.host = hosts.intern(other_hosts.text(one.host));
    }
    let findings = findings.rows;
    let about = head.about(incidents.len(), findings.len());
    Ok(Baseline { about, incidents, findings, hosts })
}

/// The incidents or the findings that were read so far.
struct Kept<Id> {
    ids: Set<Id>,
    rows: Vec<Earlier<Id>>,
}

impl<Id> Default for Kept<Id> {
    fn default() -> Self {
        Kept { ids: Set::default(), rows: Vec::new() }
    }
}

impl<Id: Copy + Eq + Hash + fmt::Display> Kept<Id> {
    fn add(&mut self, row: Row<Id>, hosts: &mut Symbols) -> Result<(), String> {
        if !self.ids.insert(row.id) {
            return Err(format!("{} stands in it twice", row.id));
        }
        if self.rows.len() == MOST {
            return Err(format!("it holds more than {MOST} findings or incidents"));
        }
        let Row { id, scenario, severity, host, rows, last } = row;
        self.rows.push(Earlier { id, scenario, severity, host: hosts.intern(&host), rows, last });
        Ok(())
    }
}

impl Head {
    /// What is known of a report that held so many incidents and findings.
    fn about(self, incidents: usize, findings: usize) -> About {
        let lacks = |counted: Option<u64>, there: usize| counted.unwrap_or(0).saturating_sub(there as u64);
        About {
            generated_at: self.generated_at,
            version: self.version,
            first: self.first,
            last: self.last,
            redacted: self.redacted,
            left_out: lacks(self.incidents, incidents) + lacks(self.findings, findings),
            ..Default::default()
        }
    }
}

#[cfg(test)]
mod tests;
