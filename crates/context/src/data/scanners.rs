//! Reports of vulnerability scanners: which of them a file is, and those that are tables.

use super::address_book::host;
use super::facts::{Facts, VulnerabilityReport, day, ids, no_id};
use super::fault::shown;
use super::table::{Record, Table};
use super::{Fault, grype, trivy};
use ringback_model::Instant;
use ringback_model::case::DataRecords;
use ringback_model::profile::HostMatch;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;

/// What a file may be.
const KNOWN: &str = "known are CSV exports of Nessus and of OpenVAS or Greenbone, JSON of Trivy and of Grype, and a CSV \
                     with the headings host, cve and state";

/// Reads a file that says which hosts are vulnerable to what. `hosts` is whom it is about, where it does not say that
/// itself: reports of Trivy and Grype name what was looked at, which is mostly an image or a folder.
///
/// # Errors
/// A file of no known kind, or of several; the first place at which it is not what its kind should be.
pub fn parse_vulnerabilities(bytes: &[u8], hosts: Option<&HostMatch>) -> Result<VulnerabilityReport, Fault> {
    let start = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes).trim_ascii_start();
    match start.first() {
        None => Err(Fault::whole("it is empty", KNOWN)),
        Some(b'{') => json(start, hosts),
        Some(b'[') => Err(Fault::whole("it is a JSON list, as no known kind is", KNOWN)),
        Some(b'<') => Err(Fault::whole(
            "it is XML",
            "export the report as CSV; scans from outside are named as scans under [exposure]",
        )),
        Some(_) => table(bytes, hosts),
    }
}

/// The keys by which reports in JSON are told apart.
#[derive(Deserialize)]
struct Shape {
    #[serde(rename = "SchemaVersion")]
    schema_version: Option<IgnoredAny>,
    #[serde(rename = "Results")]
    results: Option<IgnoredAny>,
    matches: Option<IgnoredAny>,
    #[serde(rename = "catalogVersion")]
    catalogue: Option<IgnoredAny>,
}

fn json(bytes: &[u8], hosts: Option<&HostMatch>) -> Result<VulnerabilityReport, Fault> {
    let shape: Shape = serde_json::from_slice(bytes).map_err(|error| Fault::json(&error))?;
    let trivy = shape.schema_version.is_some() || shape.results.is_some();
    match (trivy, shape.matches.is_some(), shape.catalogue.is_some()) {
        (true, false, false) => trivy::parse(bytes, hosts),
        (false, true, false) => grype::parse(bytes, hosts),
        (false, false, true) => Err(Fault::whole(
            "it is a catalogue of vulnerabilities and says nothing of hosts",
            "name it under [vulnerabilities] as known_exploited",
        )),
        (false, false, false) => Err(Fault::whole("it is JSON of no known kind", KNOWN)),
        _ => Err(Fault::whole(
            "its keys fit several kinds of reports",
            "name each report as a file of its own",
        )),
    }
}

/// A kind of table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Nessus,
    OpenVas,
    Plain,
}

/// The columns that name hosts in a table of Nessus or its relatives.
const NESSUS_HOSTS: &[&str] = &["host", "ip address", "fqdn", "dns name", "netbios name"];

impl Kind {
    const ALL: &[Kind] = &[Kind::Nessus, Kind::OpenVas, Kind::Plain];

    /// Whether the headings are those of this kind.
    fn fits(self, table: &Table<'_>) -> bool {
        let any = |headings: &[&str]| headings.iter().any(|heading| table.has(heading));
        match self {
            Kind::Nessus => any(&["plugin id", "plugin"]) && table.has("cve") && any(NESSUS_HOSTS),
            Kind::OpenVas => any(&["nvt oid", "nvt name"]) && table.has("cves") && any(&["ip", "hostname"]),
            Kind::Plain => ["host", "cve", "state"].iter().all(|heading| table.has(heading)),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Kind::Nessus => "nessus-csv",
            Kind::OpenVas => "openvas-csv",
            Kind::Plain => "host-list",
        }
    }
}

fn table(bytes: &[u8], hosts: Option<&HostMatch>) -> Result<VulnerabilityReport, Fault> {
    let mut table = Table::new(bytes)?;
    let kinds: Vec<Kind> = Kind::ALL.iter().copied().filter(|kind| kind.fits(&table)).collect();
    let [kind] = kinds[..] else {
        let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        return Err(if names.is_empty() {
            let shown: String = table.headings().join(", ").chars().take(80).collect();
            Fault::whole(format!("its headings ({shown}) are those of no known kind"), KNOWN)
        } else {
            let what = format!("its headings fit several kinds: {}", names.join(", "));
            Fault::whole(what, "take out the columns of all but one")
        });
    };
    if hosts.is_some() {
        let hint = "leave host, address and network of this file out of the profile";
        return Err(Fault::whole("it names its hosts itself", hint));
    }
    let mut report = VulnerabilityReport {
        kind: kind.name(),
        date: None,
        records: DataRecords::default(),
        facts: Facts::default(),
    };
    match kind {
        Kind::Nessus => nessus(&mut table, &mut report)?,
        Kind::OpenVas => openvas(&mut table, &mut report)?,
        Kind::Plain => plain(&mut table, &mut report)?,
    }
    Ok(report)
}

/// Takes in what one record says of all hosts that it names.
fn add(
    report: &mut VulnerabilityReport,
    record: &Record<'_>,
    hosts: &[usize],
    ids: &[String],
    since: Option<Instant>,
) -> Result<(), Fault> {
    let mut used = false;
    for column in hosts {
        let Some(host) = host(record.cell(*column)?, &record.place())? else { continue };
        for id in ids {
            report.facts.add(&host, id, since, true)?;
            used = true;
        }
    }
    report.records.used += u64::from(used);
    Ok(())
}

/// Nessus and its relatives: a record for each plugin, host, port and CVE id. What has no CVE id, is mere information or
/// is said to be fixed makes no host vulnerable. The file has no date.
fn nessus(table: &mut Table<'_>, report: &mut VulnerabilityReport) -> Result<(), Fault> {
    let (hosts, cve) = (table.columns(NESSUS_HOSTS)?, table.column("cve")?);
    let risk = table.column("risk")?.or(table.column("severity")?);
    let state = table.column("vulnerability state")?;
    while let Some(record) = table.next()? {
        report.records.all += 1;
        let ids = ids(record.optional(cve)?).map_err(|word| no_id(&record.place(), &word))?;
        let risk = record.optional(risk)?.to_ascii_lowercase();
        let fixed = record.optional(state)?.eq_ignore_ascii_case("fixed");
        if !fixed && !matches!(risk.as_str(), "none" | "info" | "informational") {
            add(report, &record, &hosts, &ids, None)?;
        }
    }
    Ok(())
}

/// The quality of detection below which `OpenVAS` and Greenbone do not show a result of their own accord: it is a guess, mostly
/// from a version that a distribution may have patched.
const LEAST_QUALITY: u8 = 70;

/// `OpenVAS` and Greenbone: a record for each result, which may have several CVE ids and a time.
fn openvas(table: &mut Table<'_>, report: &mut VulnerabilityReport) -> Result<(), Fault> {
    let (hosts, cves) = (table.columns(&["ip", "hostname"])?, table.column("cves")?);
    let (severity, quality) = (table.column("severity")?, table.column("qod")?);
    let time = table.column("timestamp")?;
    while let Some(record) = table.next()? {
        report.records.all += 1;
        let ids = ids(record.optional(cves)?).map_err(|word| no_id(&record.place(), &word))?;
        let severity = record.optional(severity)?.to_ascii_lowercase();
        let quality = record.optional(quality)?.trim_end_matches('%').trim_end();
        let guessed = match (quality.is_empty(), quality.parse::<u8>()) {
            (true, _) => false,
            (false, Ok(quality @ 0..=100)) => quality < LEAST_QUALITY,
            (false, _) => {
                let what = format!("the quality of detection {quality:?} is no number from 0 to 100");
                return Err(Fault::line(record.line, what, ""));
            }
        };
        let since = instant(record.optional(time)?, &record.place())?;
        report.date = report.date.max(since);
        if !guessed && !matches!(severity.as_str(), "log" | "none" | "false positive") {
            add(report, &record, &hosts, &ids, since.map(day))?;
        }
    }
    Ok(())
}

/// An instant with its offset, or a day; `None` where the cell is empty.
pub(super) fn instant(cell: &str, place: &str) -> Result<Option<Instant>, Fault> {
    if cell.is_empty() {
        return Ok(None);
    }
    let day = || {
        let day: jiff::civil::Date = cell.parse().ok().filter(|_| cell.len() == "2026-11-24".len())?;
        jiff::tz::TimeZone::UTC
            .to_ambiguous_timestamp(day.to_datetime(jiff::civil::Time::midnight()))
            .compatible()
            .ok()
    };
    let at = cell.parse::<jiff::Timestamp>().ok().or_else(day);
    at.map(|at| Some(at.into())).ok_or_else(|| {
        let hint = "times look like 2026-11-24T09:15:00Z or 2026-11-24";
        Fault::at(place, format!("{:?} is no time", shown(cell)), hint)
    })
}

/// A plain list: host, cve, state, and since where it is given.
fn plain(table: &mut Table<'_>, report: &mut VulnerabilityReport) -> Result<(), Fault> {
    let (host, cve) = (table.column("host")?, table.column("cve")?);
    let (state, since) = (table.column("state")?, table.column("since")?);
    let mut said: BTreeMap<(HostMatch, String, Option<Instant>), (bool, u64)> = BTreeMap::new();
    while let Some(record) = table.next()? {
        report.records.all += 1;
        let place = record.place();
        let hosts = listed_host(record.optional(host)?, &place)?;
        let ids = ids(record.optional(cve)?).map_err(|word| no_id(&place, &word))?;
        if ids.is_empty() {
            return Err(Fault::at(place, "the record names no CVE id", "write CVE-2021-44228 or MS17-010"));
        }
        let vulnerable = match record.optional(state)?.to_ascii_lowercase().as_str() {
            "vulnerable" => true,
            "not-vulnerable" => false,
            other => {
                let shown = shown(other);
                let hint = "write vulnerable or not-vulnerable";
                return Err(Fault::at(place, format!("{shown:?} is no state"), hint));
            }
        };
        let since = instant(record.optional(since)?, &place)?;
        report.date = report.date.max(since);
        for id in ids {
            report.facts.add(&hosts, &id, since, vulnerable)?;
            let before = said.entry((hosts.clone(), id, since)).or_insert((vulnerable, record.line));
            if before.0 != vulnerable {
                let what =
                    format!("this contradicts line {}, where the same host has the other state", before.1);
                return Err(Fault::at(place, what, "say each once, or since when with a column since"));
            }
        }
        report.records.used += 1;
    }
    Ok(())
}

/// A host of a plain list: as scanners name them, or a network, or `*` for all.
fn listed_host(cell: &str, place: &str) -> Result<HostMatch, Fault> {
    if cell == "*" {
        return Ok(HostMatch::Any);
    }
    if let Ok(network) = cell.parse::<ipnet::IpNet>() {
        return Ok(HostMatch::Network(network.trunc()));
    }
    host(cell, place)?.ok_or_else(|| {
        Fault::at(place, "the record names no host", "write an address, a network, a name, or * for all")
    })
}
