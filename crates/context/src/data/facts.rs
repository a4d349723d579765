//! What files say of vulnerabilities, gathered by host.

use super::Fault;
use super::fault::shown;
use crate::values::is_vulnerability;
use ringback_model::Instant;
use ringback_model::case::DataRecords;
use ringback_model::profile::{HostMatch, Vulnerability};
use std::collections::{BTreeMap, BTreeSet};

/// The most facts (host and id) that a file may hold.
const MOST: usize = 1_000_000;

/// What a file says of vulnerabilities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VulnerabilityReport {
    /// What it was recognised as.
    pub kind: &'static str,
    /// Its date: the last that its content names; `None` where it names none.
    pub date: Option<Instant>,
    /// Its records, and those that say something.
    pub records: DataRecords,
    /// What they say.
    pub facts: Facts,
}

/// Whom, from when on, and whether vulnerable.
type About = (HostMatch, Option<Instant>, bool);

/// Which hosts are vulnerable to what, or are not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    said: BTreeMap<About, BTreeSet<String>>,
    number: usize,
}

impl Facts {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.number == 0
    }

    /// How many facts there are: hosts times ids.
    pub fn len(&self) -> usize {
        self.number
    }

    /// Takes in a fact; `id` is in upper case.
    pub(super) fn add(
        &mut self,
        hosts: &HostMatch,
        id: &str,
        since: Option<Instant>,
        vulnerable: bool,
    ) -> Result<(), Fault> {
        let ids = self.said.entry((hosts.clone(), since, vulnerable)).or_default();
        if ids.contains(id) {
            return Ok(());
        }
        if self.number == MOST {
            let hint = "export only what has a CVE id, or the hosts that the log names";
            return Err(Fault::whole(format!("it says more than {MOST} things of hosts"), hint));
        }
        self.number += 1;
        ids.insert(id.to_owned());
        Ok(())
    }

    /// The same as entries of a profile, in a stated order; `since` goes before the dates of the file.
    pub fn into_entries(self, since: Option<Instant>) -> impl Iterator<Item = Vulnerability> {
        self.said.into_iter().map(move |((hosts, own, vulnerable), ids)| Vulnerability {
            hosts,
            cves: ids.into_iter().collect(),
            vulnerable,
            since: since.or(own),
        })
    }
}

/// The ids in a cell, in upper case: several are separated by blanks, commas or semicolons.
///
/// # Errors
/// The word that is no id.
pub(super) fn ids(cell: &str) -> Result<Vec<String>, String> {
    let words = cell.split([' ', ',', ';', '\n', '\r', '\t']).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let id = word.to_ascii_uppercase();
            if is_vulnerability(&id) { Ok(id) } else { Err(shown(word)) }
        })
        .collect()
}

/// A CVE id among the ids of other databases: those are passed over.
///
/// # Errors
/// What begins as a CVE id and is none.
pub(super) fn cve(id: &str) -> Result<Option<String>, String> {
    let upper = id.trim().to_ascii_uppercase();
    if !upper.starts_with("CVE-") {
        return Ok(None);
    }
    if is_vulnerability(&upper) { Ok(Some(upper)) } else { Err(shown(&upper)) }
}

/// The fault of a word that should be an id.
pub(super) fn no_id(place: &str, word: &str) -> Fault {
    let hint =
        "ids look like CVE-2021-44228; other text in their place means that the file was changed or cut";
    Fault::at(place, format!("{word:?} is no CVE id"), hint)
}

/// The first instant of the day of an instant, in UTC: what a scan says holds from its day on, and time is cut at few
/// instants.
pub(super) fn day(at: Instant) -> Instant {
    const DAY: i64 = 86_400;
    Instant::from_seconds(at.seconds().div_euclid(DAY) * DAY)
}
