//! The parts of a profile's file, one function each, and what each of them may hold.

use crate::accepted;
use crate::named;
use crate::problems::Problems;
use crate::section::Section;
use crate::values::End;
use crate::worn;
use jiff::tz::TimeZone;
use ringback_model::profile::{
    Client, HostMatch, Networks, Published, PublishedServices, Relay, RelayKind, ReportOptions, Scanner,
    Vulnerability,
};
use ringback_model::{LANGUAGES, Profile, Severity};
use toml::Spanned;
use toml::de::DeTable;

/// The version of the profile's format.
const SCHEMA: &str = "1";

/// The Traffic Light Protocol's markings, version 2.0.
const MARKINGS: &[&str] = &["red", "amber+strict", "amber", "green", "clear"];

/// The parts of the file.
const PARTS: &[&str] = &[
    "schema",
    "time_zone",
    "language",
    "layouts",
    "reporters",
    "client",
    "report",
    "networks",
    "exposure",
    "scanner",
    "relay",
    "vulnerability",
    "vulnerabilities",
    "addresses",
    "suppress",
    "severity",
];

/// The profile in a file's table; what is wrong goes to `problems`.
pub(crate) fn profile(file: &Spanned<DeTable<'_>>, problems: &mut Problems<'_>) -> Profile {
    let file = Section::new(file.get_ref(), 0..0, "", PARTS, problems);
    schema(&file, problems);
    let time_zone = file.text("time_zone", problems);
    let zone = problems.zone(time_zone.as_ref());
    let language = file.text("language", problems).map(|language| problems.one_of(&language, LANGUAGES));
    Profile {
        time_zone: time_zone.map(Spanned::into_inner).unwrap_or_default(),
        language: language.unwrap_or_default(),
        layouts: layouts(&file, problems),
        reporters: reporters(&file, problems),
        client: client(&file, problems),
        report: report(&file, problems),
        networks: networks(&file, problems),
        exposure: exposure(&file, problems),
        scanners: scanners(&file, &zone, problems),
        relays: relays(&file, problems),
        vulnerabilities: vulnerabilities(&file, &zone, problems),
        vulnerability_files: named::vulnerability_files(&file, &zone, problems),
        known_exploited: Vec::new(),
        address_databases: named::address_databases(&file, problems),
        suppressions: accepted::suppressions(&file, &zone, problems),
        severity: severity(&file, problems),
    }
}

fn schema(file: &Section<'_, '_>, problems: &mut Problems<'_>) {
    match file.text("schema", problems) {
        Some(schema) if schema.get_ref() == SCHEMA => {}
        Some(schema) => {
            let what = format!("schema {:?} is not known", schema.get_ref());
            problems.at(schema.span(), what, format!("this version reads schema {SCHEMA}"));
        }
        None if file.has("schema") => {}
        None => problems.at(file.span(), "the schema is missing", format!("begin with schema = {SCHEMA}")),
    }
}

/// Files of layouts; that they are right is for those who read them.
fn layouts(file: &Section<'_, '_>, problems: &mut Problems<'_>) -> Vec<String> {
    named::files(&file.texts("layouts", problems), "layout", "layouts = [\"mine.toml\"]", problems)
}

/// Folders of reporter packs; that they are right is for those who use them.
fn reporters(file: &Section<'_, '_>, problems: &mut Problems<'_>) -> Vec<String> {
    let named = file.texts("reporters", problems);
    named::files(&named, "folder of reporter packs", "reporters = [\"our-packs\"]", problems)
}

fn client(file: &Section<'_, '_>, problems: &mut Problems<'_>) -> Client {
    let Some(client) = file.section("client", &["name", "logo"], problems) else { return Client::default() };
    Client { name: client.free("name", problems), logo: client.free("logo", problems) }
}

fn report(file: &Section<'_, '_>, problems: &mut Problems<'_>) -> ReportOptions {
    let known = &["title", "author", "tlp", "accent", "font", "text"];
    let Some(report) = file.section("report", known, problems) else { return ReportOptions::default() };
    let tlp = report.text("tlp", problems).map(|tlp| problems.one_of(&tlp, MARKINGS));
    let accent = report.text("accent", problems).map(|accent| problems.colour(&accent));
    ReportOptions {
        title: report.free("title", problems),
        author: report.free("author", problems),
        tlp: tlp.unwrap_or_default(),
        accent: accent.unwrap_or_default(),
        font: worn::font(&report, problems),
        texts: worn::texts(&report, problems),
    }
}

fn networks(file: &Section<'_, '_>, problems: &mut Problems<'_>) -> Networks {
    let known = &["own", "names", "only"];
    let Some(networks) = file.section("networks", known, problems) else { return Networks::default() };
    let (own, names) = (networks.texts("own", problems), networks.texts("names", problems));
    Networks {
        own: own.iter().filter_map(|network| problems.network(network)).collect(),
        names: names
            .iter()
            .filter_map(|name| problems.host_name(name))
            .map(|name| name.to_lowercase())
            .collect(),
        only: networks.flag("only", problems),
    }
}

fn exposure(file: &Section<'_, '_>, problems: &mut Problems<'_>) -> PublishedServices {
    let Some(exposure) = file.section("exposure", &["complete", "published", "scans"], problems) else {
        return PublishedServices::default();
    };
    let known = &["address", "network", "host", "ports", "name"];
    let published = exposure.sections("published", "exposure.published", known, problems);
    PublishedServices {
        complete: exposure.flag("complete", problems),
        published: published.iter().filter_map(|entry| published_service(entry, problems)).collect(),
        scans: named::files(
            &exposure.texts("scans", problems),
            "scan",
            "scans = [\"outside.xml\"]",
            problems,
        ),
        open: Vec::new(),
    }
}

fn published_service(entry: &Section<'_, '_>, problems: &mut Problems<'_>) -> Option<Published> {
    let wanted = whom(entry, "a published service", problems);
    let ports = entry.texts("ports", problems);
    let ports = ports.iter().filter_map(|port| problems.port(port)).collect();
    let name = entry.free("name", problems);
    match wanted? {
        HostMatch::Network(network) => {
            Some(Published { network: Some(network), host: String::new(), ports, name })
        }
        HostMatch::Name(host) => Some(Published { network: None, host, ports, name }),
        HostMatch::Any => {
            let hint = "name the hosts that are public; without [exposure] nothing is said of any";
            problems.at(entry.span(), "not every host can be public", hint);
            None
        }
    }
}

/// The one of address, network and host that an entry gives.
pub(crate) fn whom(entry: &Section<'_, '_>, what: &str, problems: &mut Problems<'_>) -> Option<HostMatch> {
    let given = ["address", "network", "host"].map(|key| entry.has(key));
    if given.iter().filter(|given| **given).count() != 1 {
        let hint = "give address = \"…\", or network = \"…\", or host = \"…\"";
        problems.at(entry.span(), format!("{what} needs exactly one of address, network and host"), hint);
        return None;
    }
    if let Some(address) = entry.text("address", problems) {
        return problems.address(&address).map(|ip| HostMatch::Network(ip.into()));
    }
    if let Some(network) = entry.text("network", problems) {
        return problems.network(&network).map(HostMatch::Network);
    }
    let host = entry.text("host", problems)?;
    if host.get_ref() == "*" {
        return Some(HostMatch::Any);
    }
    problems.host_name(&host).map(HostMatch::Name)
}

fn scanners(file: &Section<'_, '_>, zone: &TimeZone, problems: &mut Problems<'_>) -> Vec<Scanner> {
    let known = &["address", "name", "from", "until"];
    let mut scanners = Vec::new();
    for entry in file.sections("scanner", "scanner", known, problems) {
        let address = entry.needed("address", "\"10.0.9.9\"", problems);
        let (from, until) = (entry.text("from", problems), entry.text("until", problems));
        let period = problems.period(from.as_ref(), until.as_ref(), zone);
        let name = entry.free("name", problems);
        let network = address.as_ref().and_then(|address| problems.network(address));
        if let (Some(address), Some(network)) = (address, network) {
            let name = if name.is_empty() { address.into_inner() } else { name };
            scanners.push(Scanner { network, name, period });
        }
    }
    scanners
}

fn relays(file: &Section<'_, '_>, problems: &mut Problems<'_>) -> Vec<Relay> {
    let known = &["address", "host", "kind", "faces", "name"];
    let mut relays: Vec<Relay> = Vec::new();
    for entry in file.sections("relay", "relay", known, problems) {
        let (at, host) = (entry.text("address", problems), entry.text("host", problems));
        if at.is_none() && host.is_none() {
            problems.at(entry.span(), "a relay needs an address or a host", "add address = \"10.0.0.53\"");
        }
        let address = at.as_ref().and_then(|at| problems.address(at));
        if let (Some(at), Some(_)) = (&at, address)
            && relays.iter().any(|relay| relay.address == address)
        {
            let hint = "one address is one relay; merge the two entries";
            problems.at(at.span(), format!("{:?} is declared twice", at.get_ref()), hint);
        }
        let host = host.and_then(|host| problems.host_name(&host)).unwrap_or_default();
        let faces = entry.text("faces", problems).and_then(|faces| problems.word(&faces));
        let name = entry.free("name", problems);
        let kind = entry.needed("kind", "\"dns\"", problems);
        if let Some(kind) = kind.and_then(|kind| problems.word::<RelayKind>(&kind)) {
            relays.push(Relay { address, host, kind, faces: faces.unwrap_or(kind.faces()), name });
        }
    }
    relays
}

fn vulnerabilities(
    file: &Section<'_, '_>,
    zone: &TimeZone,
    problems: &mut Problems<'_>,
) -> Vec<Vulnerability> {
    let known = &["host", "address", "network", "cve", "state", "since"];
    let mut vulnerabilities = Vec::new();
    for entry in file.sections("vulnerability", "vulnerability", known, problems) {
        let hosts = whom(&entry, "a vulnerability", problems);
        let cves = entry.texts("cve", problems);
        if cves.is_empty() {
            let hint = "add cve = [\"CVE-2021-44228\"]";
            problems.at(entry.span(), "a vulnerability needs the ids that it is about", hint);
        }
        let cves = cves.iter().filter_map(|cve| problems.vulnerability(cve)).collect();
        let state = entry.needed("state", "\"vulnerable\"", problems);
        let state = state.map(|state| problems.one_of(&state, &["vulnerable", "not-vulnerable"]));
        let since = entry.text("since", problems).and_then(|since| problems.time(&since, End::From, zone));
        if let Some(hosts) = hosts {
            let vulnerable = state.as_deref() == Some("vulnerable");
            vulnerabilities.push(Vulnerability { hosts, cves, vulnerable, since });
        }
    }
    vulnerabilities
}

fn severity(file: &Section<'_, '_>, problems: &mut Problems<'_>) -> Vec<(String, Severity)> {
    let mut overrides = Vec::new();
    for (key, word) in file.entries("severity", problems) {
        problems.severity_key(&key);
        if let Some(severity) = problems.word(&word) {
            overrides.push((key.into_inner(), severity));
        }
    }
    overrides
}
