//! Reports of Grype in JSON.

use super::Fault;
use super::facts::{Facts, VulnerabilityReport, cve, day, no_id};
use super::scanners::instant;
use super::trivy::host_of;
use ringback_model::case::DataRecords;
use ringback_model::profile::HostMatch;
use serde::Deserialize;
use serde_json::Value;

/// The parts of a report that are read.
#[derive(Deserialize)]
struct Grype {
    matches: Vec<Match>,
    source: Option<Source>,
    descriptor: Option<Descriptor>,
}

#[derive(Deserialize)]
struct Match {
    vulnerability: Named,
    #[serde(rename = "relatedVulnerabilities")]
    related: Option<Vec<Named>>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

#[derive(Deserialize)]
struct Source {
    #[serde(rename = "type")]
    kind: Option<String>,
    target: Option<Value>,
}

#[derive(Deserialize)]
struct Descriptor {
    timestamp: Option<String>,
}

/// Reads a report. A match has the id of its database; where that is none of CVE's, related ids may be.
pub(super) fn parse(bytes: &[u8], hosts: Option<&HostMatch>) -> Result<VulnerabilityReport, Fault> {
    let read: Grype = serde_json::from_slice(bytes).map_err(|error| Fault::json(&error))?;
    let source = read.source.as_ref().filter(|source| source.kind.as_deref() != Some("image"));
    let artefact = source.and_then(|source| source.target.as_ref()).and_then(Value::as_str);
    let host = host_of(hosts, artefact)?;
    let time = read.descriptor.as_ref().and_then(|descriptor| descriptor.timestamp.as_deref());
    let date = instant(time.unwrap_or_default(), "descriptor.timestamp")?;
    let (mut records, mut facts) = (DataRecords::default(), Facts::default());
    for (number, found) in read.matches.iter().enumerate() {
        records.all += 1;
        let place = format!("match {}", number + 1);
        let known = |named: &Named| cve(&named.id).map_err(|word| no_id(&place, &word));
        let mut ids: Vec<String> = known(&found.vulnerability)?.into_iter().collect();
        if ids.is_empty() {
            for related in found.related.iter().flatten() {
                ids.extend(known(related)?);
            }
        }
        for id in &ids {
            facts.add(&host, id, date.map(day), true)?;
        }
        records.used += u64::from(!ids.is_empty());
    }
    Ok(VulnerabilityReport { kind: "grype-json", date, records, facts })
}
