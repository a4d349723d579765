//! Files that a profile names: reports of vulnerability scanners, scans from outside, catalogues.
//!
//! What a file is, its content tells and never its name. Each reader takes bytes, so that it can be tried with any; all of
//! them are bounded in size, depth and number of facts, and none takes a broken file for a short one.

mod address_book;
mod addresses;
mod brand;
mod facts;
mod fault;
mod file;
mod grype;
mod known_exploited;
mod nmap;
mod picture;
mod prose;
mod scanners;
mod svg;
mod table;
mod trivy;

pub use addresses::{AddressDatabase, AddressDatabases};
pub(crate) use brand::read as read_brand;
pub use facts::{Facts, VulnerabilityReport};
pub use fault::Fault;
pub use known_exploited::{Catalogue, parse_known_exploited};
pub use nmap::{Scan, parse_scan};
pub use scanners::parse_vulnerabilities;

use crate::error::FileFault;
use file::Bytes;
use ringback_model::Profile;
use ringback_model::case::DataFile;
use ringback_model::profile::OpenService;
use std::collections::BTreeMap;
use std::path::Path;

/// Reads the files that a profile names, relative to a folder, and adds what they say to the profile. Gives what was read,
/// and the databases of addresses, which are asked later.
///
/// # Errors
/// The first thing that is wrong with each of the files.
pub(crate) fn read(
    profile: &mut Profile,
    folder: &Path,
) -> Result<(Vec<DataFile>, AddressDatabases), Vec<FileFault>> {
    let mut reading = Reading { folder, files: Vec::new(), faults: Vec::new() };
    reading.vulnerabilities(profile);
    reading.known_exploited(profile);
    reading.scans(profile);
    let addresses = reading.addresses(profile);
    if reading.faults.is_empty() { Ok((reading.files, addresses)) } else { Err(reading.faults) }
}

/// What was read so far.
struct Reading<'p> {
    folder: &'p Path,
    files: Vec<DataFile>,
    faults: Vec<FileFault>,
}

impl Reading<'_> {
    /// What a reader makes of a file; what is wrong with it is noted.
    fn one<T>(&mut self, name: &str, read: impl FnOnce(&[u8]) -> Result<T, Fault>) -> Option<(T, DataFile)> {
        let path = self.folder.join(name);
        let outcome = Bytes::read(&path).and_then(|file| {
            let data = DataFile { name: name.replace('\\', "/"), sha256: file.sha256, ..DataFile::default() };
            Ok((read(&file.bytes)?, data))
        });
        outcome.map_err(|fault| self.faults.push(FileFault { name: path.display().to_string(), fault })).ok()
    }

    fn vulnerabilities(&mut self, profile: &mut Profile) {
        for entry in profile.vulnerability_files.files.clone() {
            let read = |bytes: &[u8]| parse_vulnerabilities(bytes, entry.hosts.as_ref());
            if let Some((report, data)) = self.one(&entry.file, read) {
                let VulnerabilityReport { kind, date, records, facts } = report;
                self.files.push(DataFile { kind, date, records: Some(records), ..data });
                profile.vulnerabilities.extend(facts.into_entries(entry.since));
            }
        }
    }

    fn known_exploited(&mut self, profile: &mut Profile) {
        let name = profile.vulnerability_files.known_exploited.clone();
        if name.is_empty() {
            return;
        }
        if let Some((catalogue, data)) = self.one(&name, parse_known_exploited) {
            let Catalogue { date, records, entries } = catalogue;
            self.files.push(DataFile { kind: "known-exploited", date, records: Some(records), ..data });
            profile.known_exploited = entries;
        }
    }

    fn addresses(&mut self, profile: &Profile) -> AddressDatabases {
        let mut databases = AddressDatabases::default();
        for name in &profile.address_databases {
            let path = self.folder.join(name);
            let shown = path.display().to_string();
            match addresses::read(&path) {
                Ok((database, sha256)) => {
                    self.files.push(DataFile {
                        name: name.replace('\\', "/"),
                        date: database.date(),
                        sha256,
                        kind: "address-database",
                        detail: database.kind().to_owned(),
                        records: None,
                    });
                    databases.add(shown, database);
                }
                Err(fault) => self.faults.push(FileFault { name: shown, fault }),
            }
        }
        databases
    }

    /// A service that several scans found open is one; it was seen when the last of them saw it.
    fn scans(&mut self, profile: &mut Profile) {
        let mut open: BTreeMap<_, OpenService> = BTreeMap::new();
        for name in profile.exposure.scans.clone() {
            let Some((scan, data)) = self.one(&name, parse_scan) else { continue };
            self.files.push(DataFile {
                kind: "nmap-xml",
                date: scan.date,
                records: Some(scan.records),
                ..data
            });
            for service in scan.open {
                let known = open
                    .entry((service.address, service.transport, service.port))
                    .or_insert_with(|| service.clone());
                known.seen = known.seen.max(service.seen);
                known.names.extend(service.names);
                known.names.sort();
                known.names.dedup();
            }
        }
        profile.exposure.open = open.into_values().collect();
    }
}

#[cfg(test)]
mod tests;
