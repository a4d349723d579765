//! The profile as its file says it, and the way from there to the model.

use crate::values::{End, Problems};
use jiff::tz::TimeZone;
use ringback_model::Profile;
use ringback_model::profile::{
    Client, HostMatch, Networks, Period, Published, PublishedServices, Relay, RelayKind, RemoteMatch,
    ReportOptions, Scanner, Suppression, Vulnerability,
};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::IpAddr;
use toml::Spanned;

type Text = Spanned<String>;

/// The Traffic Light Protocol's markings, version 2.0.
const MARKINGS: &[&str] = &["red", "amber+strict", "amber", "green", "clear"];

/// The version of the profile's format.
const SCHEMA: u32 = 1;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfileFile {
    schema: Spanned<u32>,
    time_zone: Option<Text>,
    language: Option<Text>,
    #[serde(default)]
    client: ClientFile,
    #[serde(default)]
    report: ReportFile,
    #[serde(default)]
    networks: NetworksFile,
    #[serde(default)]
    exposure: ExposureFile,
    #[serde(default)]
    scanner: Vec<ScannerFile>,
    #[serde(default)]
    relay: Vec<RelayFile>,
    #[serde(default)]
    vulnerability: Vec<VulnerabilityFile>,
    #[serde(default)]
    suppress: Vec<SuppressFile>,
    #[serde(default)]
    severity: BTreeMap<String, Text>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ClientFile {
    name: String,
    logo: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ReportFile {
    title: String,
    author: String,
    tlp: Option<Text>,
    accent: Option<Text>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct NetworksFile {
    own: Vec<Text>,
    names: Vec<String>,
    only: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ExposureFile {
    complete: bool,
    published: Vec<Spanned<PublishedFile>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PublishedFile {
    address: Option<Text>,
    network: Option<Text>,
    host: Option<String>,
    ports: Vec<Text>,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScannerFile {
    address: Text,
    #[serde(default)]
    name: String,
    from: Option<Text>,
    until: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RelayFile {
    address: Option<Text>,
    host: Option<String>,
    kind: Text,
    faces: Option<Text>,
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VulnerabilityFile {
    host: Option<String>,
    address: Option<Text>,
    network: Option<Text>,
    cve: Spanned<Vec<Text>>,
    state: Text,
    since: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SuppressFile {
    reason: Text,
    #[serde(default)]
    owner: String,
    from: Option<Text>,
    expires: Option<Text>,
    remote: Option<Text>,
    host: Option<String>,
    rule: Option<String>,
    list: Option<Text>,
    scenario: Option<Text>,
}

impl ProfileFile {
    /// The profile; what is wrong goes to `problems`.
    pub(crate) fn into_profile(self, problems: &mut Problems<'_>) -> Profile {
        if *self.schema.get_ref() != SCHEMA {
            let what = format!("schema {} is not known", self.schema.get_ref());
            problems.at(&self.schema, what, format!("this version reads schema {SCHEMA}"));
        }
        let zone = self.zone(problems);
        if let Some(language) = &self.language {
            problems.one_of(language, &["en"]);
        }
        Profile {
            time_zone: self.time_zone.as_ref().map(|zone| zone.get_ref().clone()).unwrap_or_default(),
            language: self.language.map(Spanned::into_inner).unwrap_or_default(),
            client: Client { name: self.client.name, logo: self.client.logo },
            report: self.report.into_options(problems),
            networks: self.networks.into_networks(problems),
            exposure: self.exposure.into_services(problems),
            scanners: self.scanner.iter().filter_map(|file| file.scanner(problems, &zone)).collect(),
            relays: relays(&self.relay, problems),
            vulnerabilities: self
                .vulnerability
                .iter()
                .filter_map(|file| file.vulnerability(problems, &zone))
                .collect(),
            suppressions: self.suppress.iter().map(|file| file.suppression(problems, &zone)).collect(),
            severity: self
                .severity
                .iter()
                .filter_map(|(key, word)| Some((key.clone(), problems.word(word)?)))
                .collect(),
        }
    }

    fn zone(&self, problems: &mut Problems<'_>) -> TimeZone {
        let Some(name) = &self.time_zone else { return TimeZone::UTC };
        TimeZone::get(name.get_ref()).unwrap_or_else(|_| {
            let what = format!("{:?} is not a known time zone", name.get_ref());
            problems.at(name, what, "names are those of the IANA database, such as Europe/Berlin or UTC");
            TimeZone::UTC
        })
    }
}

impl ReportFile {
    fn into_options(self, problems: &mut Problems<'_>) -> ReportOptions {
        let tlp = self.tlp.map(|tlp| problems.one_of(&tlp, MARKINGS)).unwrap_or_default();
        let accent = self.accent.map(|accent| {
            let digits = accent.get_ref().strip_prefix('#').unwrap_or_default();
            if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                problems.at(&accent, format!("{:?} is no colour", accent.get_ref()), "write #0b6e4f");
            }
            accent.into_inner()
        });
        ReportOptions { title: self.title, author: self.author, tlp, accent: accent.unwrap_or_default() }
    }
}

impl NetworksFile {
    fn into_networks(self, problems: &mut Problems<'_>) -> Networks {
        let name = |name: String| name.trim().trim_start_matches('.').to_lowercase();
        Networks {
            own: self.own.iter().filter_map(|network| problems.network(network)).collect(),
            names: self.names.into_iter().map(name).collect(),
            only: self.only,
        }
    }
}

impl ExposureFile {
    fn into_services(self, problems: &mut Problems<'_>) -> PublishedServices {
        let published = self.published.iter().filter_map(|file| published(file, problems)).collect();
        PublishedServices { complete: self.complete, published }
    }
}

fn published(file: &Spanned<PublishedFile>, problems: &mut Problems<'_>) -> Option<Published> {
    let entry = file.get_ref();
    let network = entry.address.as_ref().or(entry.network.as_ref());
    let given = [entry.address.is_some(), entry.network.is_some(), entry.host.is_some()];
    if given.iter().filter(|given| **given).count() != 1 {
        problems.at(file, "a published service needs one of address, network and host", "");
        return None;
    }
    Some(Published {
        network: network.and_then(|network| problems.network(network)),
        host: entry.host.clone().unwrap_or_default(),
        ports: entry.ports.iter().filter_map(|port| problems.port(port)).collect(),
        name: entry.name.clone(),
    })
}

/// A period from two optional times.
fn period(from: Option<&Text>, until: Option<&Text>, problems: &mut Problems<'_>, zone: &TimeZone) -> Period {
    let period = Period {
        from: from.and_then(|from| problems.time(from, End::From, zone)),
        until: until.and_then(|until| problems.time(until, End::Until, zone)),
    };
    if let (Some(start), Some(end), Some(at)) = (period.from, period.until, until)
        && end <= start
    {
        problems.at(at, "the period ends before it starts", "");
    }
    period
}

impl ScannerFile {
    fn scanner(&self, problems: &mut Problems<'_>, zone: &TimeZone) -> Option<Scanner> {
        let period = period(self.from.as_ref(), self.until.as_ref(), problems, zone);
        let network = problems.network(&self.address)?;
        let name = if self.name.is_empty() { self.address.get_ref() } else { &self.name };
        Some(Scanner { network, name: name.clone(), period })
    }
}

fn relays(files: &[RelayFile], problems: &mut Problems<'_>) -> Vec<Relay> {
    let mut relays: Vec<Relay> = Vec::new();
    for file in files {
        let address = file.address.as_ref().and_then(|address| problems.address(address));
        if file.address.is_none() && file.host.is_none() {
            problems.at(&file.kind, "a relay needs an address or a host", "");
        }
        if let (Some(at), Some(_)) = (&file.address, address)
            && relays.iter().any(|relay| relay.address == address)
        {
            problems.at(at, format!("{:?} is declared twice", at.get_ref()), "");
        }
        let Some(kind) = problems.word::<RelayKind>(&file.kind) else { continue };
        let faces = file.faces.as_ref().and_then(|faces| problems.word(faces)).unwrap_or(kind.faces());
        let host = file.host.clone().unwrap_or_default();
        relays.push(Relay { address, host, kind, faces, name: file.name.clone() });
    }
    relays
}

impl VulnerabilityFile {
    fn vulnerability(&self, problems: &mut Problems<'_>, zone: &TimeZone) -> Option<Vulnerability> {
        let network = self.address.as_ref().or(self.network.as_ref());
        let hosts = match (&self.host, network) {
            (Some(host), None) if host == "*" => Some(HostMatch::Any),
            (Some(host), None) => Some(HostMatch::Name(host.clone())),
            (None, Some(network)) => problems.network(network).map(HostMatch::Network),
            _ => {
                problems.at(
                    &self.cve,
                    "a vulnerability needs one of host, address and network",
                    "host = \"*\" means all",
                );
                None
            }
        };
        let state = problems.one_of(&self.state, &["vulnerable", "not-vulnerable"]);
        let since = self.since.as_ref().and_then(|since| problems.time(since, End::From, zone));
        let cves = self.cve.get_ref().iter().filter_map(|cve| problems.vulnerability(cve)).collect();
        Some(Vulnerability { hosts: hosts?, cves, vulnerable: state == "vulnerable", since })
    }
}

impl SuppressFile {
    fn suppression(&self, problems: &mut Problems<'_>, zone: &TimeZone) -> Suppression {
        let anything = self.remote.is_some()
            || self.host.is_some()
            || self.rule.is_some()
            || self.list.is_some()
            || self.scenario.is_some();
        if !anything {
            let hint = "give at least one of remote, host, rule, list and scenario";
            problems.at(&self.reason, "this would accept every finding", hint);
        }
        Suppression {
            reason: self.reason.get_ref().clone(),
            owner: self.owner.clone(),
            period: period(self.from.as_ref(), self.expires.as_ref(), problems, zone),
            remote: self.remote.as_ref().and_then(|remote| remote_match(remote, problems)),
            host: self.host.clone(),
            rule: self.rule.clone(),
            list: self.list.as_ref().and_then(|list| problems.word(list)),
            scenario: self.scenario.as_ref().and_then(|scenario| problems.word(scenario)),
        }
    }
}

/// An address or a network, else a host name or URL. What looks like a wrong address is one.
fn remote_match(value: &Text, problems: &mut Problems<'_>) -> Option<RemoteMatch> {
    let text = value.get_ref();
    let numeric = text.bytes().all(|byte| byte.is_ascii_digit() || b".:/".contains(&byte));
    if numeric || text.parse::<IpAddr>().is_ok() || text.parse::<ipnet::IpNet>().is_ok() {
        return problems.network(value).map(RemoteMatch::Network);
    }
    Some(RemoteMatch::Name(text.clone()))
}
