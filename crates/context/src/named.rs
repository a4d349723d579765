//! The files that a profile names. That they can be read and are right is found out when they are.

use crate::problems::{Problems, Text};
use crate::profile_file::whom;
use crate::section::{Section, TextOrSection};
use crate::values::End;
use jiff::tz::TimeZone;
use ringback_model::profile::{VulnerabilityFile, VulnerabilityFiles};

/// Names of files, each once. `example` is what a right entry looks like.
pub(crate) fn files(given: &[Text], what: &str, example: &str, problems: &mut Problems<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in given {
        let known = |text: &str| names.iter().any(|other| other == text);
        if let Some(text) = file(name, what, example, known, problems) {
            names.push(text);
        }
    }
    names
}

/// The name of a file that is not known yet.
fn file(
    name: &Text,
    what: &str,
    example: &str,
    known: impl Fn(&str) -> bool,
    problems: &mut Problems<'_>,
) -> Option<String> {
    let text = name.get_ref().trim();
    if text.is_empty() {
        problems.at(name.span(), format!("a {what} file without a name"), format!("write {example}"));
        return None;
    }
    if known(text) {
        problems.at(name.span(), format!("{text:?} is named twice"), "name each file once");
        return None;
    }
    Some(text.to_owned())
}

/// The part `addresses`.
pub(crate) fn address_databases(profile: &Section<'_, '_>, problems: &mut Problems<'_>) -> Vec<String> {
    let Some(part) = profile.section("addresses", &["databases"], problems) else { return Vec::new() };
    let given = part.texts("databases", problems);
    files(&given, "database", "databases = [\"country.mmdb\"]", problems)
}

/// The part `vulnerabilities`.
pub(crate) fn vulnerability_files(
    profile: &Section<'_, '_>,
    zone: &TimeZone,
    problems: &mut Problems<'_>,
) -> VulnerabilityFiles {
    let Some(part) = profile.section("vulnerabilities", &["files", "known_exploited"], problems) else {
        return VulnerabilityFiles::default();
    };
    let mut found: Vec<VulnerabilityFile> = Vec::new();
    let known_keys = &["file", "host", "address", "network", "since"];
    for entry in part.texts_or_sections("files", known_keys, problems) {
        let known = |text: &str| found.iter().any(|other| other.file == text);
        let example = "files = [\"scan.csv\"]";
        let entry = match entry {
            TextOrSection::Text(name) => file(&name, "scanner", example, known, problems)
                .map(|file| VulnerabilityFile { file, hosts: None, since: None }),
            TextOrSection::Section(entry) => {
                let name = entry.needed("file", "\"scan.json\"", problems);
                let name = name.and_then(|name| file(&name, "scanner", example, known, problems));
                let about = ["host", "address", "network"].iter().any(|key| entry.has(key));
                let hosts = if about { whom(&entry, "a file", problems) } else { None };
                let since = entry.text("since", problems);
                let since = since.and_then(|since| problems.time(&since, End::From, zone));
                name.map(|file| VulnerabilityFile { file, hosts, since })
            }
        };
        found.extend(entry);
    }
    let catalogue = part.text("known_exploited", problems);
    let example = "known_exploited = \"kev.json\"";
    let catalogue = catalogue.and_then(|name| file(&name, "catalogue", example, |_| false, problems));
    VulnerabilityFiles { files: found, known_exploited: catalogue.unwrap_or_default() }
}
