//! Reports of Trivy in JSON.

use super::Fault;
use super::facts::{Facts, VulnerabilityReport, cve, day, no_id};
use super::scanners::instant;
use crate::values::host_name;
use ringback_model::case::DataRecords;
use ringback_model::profile::HostMatch;
use serde::Deserialize;

/// The parts of a report that are read.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Trivy {
    created_at: Option<String>,
    artifact_name: Option<String>,
    artifact_type: Option<String>,
    results: Option<Vec<Outcome>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Outcome {
    vulnerabilities: Option<Vec<Found>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Found {
    #[serde(rename = "VulnerabilityID")]
    id: String,
    status: Option<String>,
}

/// States in which nobody says that what was looked at is vulnerable.
const NOT_AFFECTED: &[&str] = &["not_affected", "under_investigation"];

/// Reads a report. Ids of other databases than CVE are passed over.
pub(super) fn parse(bytes: &[u8], hosts: Option<&HostMatch>) -> Result<VulnerabilityReport, Fault> {
    let read: Trivy = serde_json::from_slice(bytes).map_err(|error| Fault::json(&error))?;
    let image = read.artifact_type.as_deref() == Some("container_image");
    let host = host_of(hosts, read.artifact_name.as_deref().filter(|_| !image))?;
    let date = instant(read.created_at.as_deref().unwrap_or_default(), "CreatedAt")?;
    let (mut records, mut facts) = (DataRecords::default(), Facts::default());
    for (number, outcome) in read.results.iter().flatten().enumerate() {
        for (at, found) in outcome.vulnerabilities.iter().flatten().enumerate() {
            records.all += 1;
            let place = format!("result {}, vulnerability {}", number + 1, at + 1);
            let id = cve(&found.id).map_err(|word| no_id(&place, &word))?;
            let affected = !found.status.as_deref().is_some_and(|status| NOT_AFFECTED.contains(&status));
            if let Some(id) = id.filter(|_| affected) {
                facts.add(&host, &id, date.map(day), true)?;
                records.used += 1;
            }
        }
    }
    Ok(VulnerabilityReport { kind: "trivy-json", date, records, facts })
}

/// Whom a report is about: as the profile says, else what was looked at where that is a host's name or address.
pub(super) fn host_of(given: Option<&HostMatch>, artefact: Option<&str>) -> Result<HostMatch, Fault> {
    if let Some(hosts) = given {
        return Ok(hosts.clone());
    }
    let fits = |name: &&str| host_name(name).is_some_and(|plain| plain.len() == name.len());
    let named = artefact.filter(fits).map(|name| super::address_book::host(name, "the artefact's name"));
    match named.transpose()?.flatten() {
        Some(host) => Ok(host),
        None => Err(Fault::whole(
            "it does not name the host that it is about",
            "say so in the profile: files = [{ file = \"…\", host = \"WEB01\" }]",
        )),
    }
}
