//! What rule and threat names say: request or response, threat, list, family, protocol, CVE ids.

mod patterns;

use patterns::{Pattern, Patterns};
use regex_automata::meta::BuildError;
use ringback_model::{ListSource, RequestKind, Threat};
use serde::Deserialize;
use std::sync::LazyLock;

static RULES: LazyLock<RuleNames> = LazyLock::new(|| {
    RuleNames::parse(include_str!("../rules.toml")).expect("the table of rule names that is carried is right")
});

static VULNERABILITIES: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"(?i)\b(CVE[-_][0-9]{4}[-_][0-9]{4,}|MS[0-9]{2}-[0-9]{3})\b")
        .expect("a constant pattern is right")
});

/// What a name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RuleName<'n> {
    pub(crate) message: RequestKind,
    pub(crate) threat: Threat,
    pub(crate) list: ListSource,
    pub(crate) family: &'n str,
    pub(crate) protocol: &'n str,
    /// CVE ids and bulletins in upper case, sorted, joined with one blank.
    pub(crate) cve: String,
}

/// Compiles the table of rule names, unless that is done or being done: it takes some milliseconds, which another thread may
/// spend while inputs are looked at.
pub fn compile_rule_names() {
    LazyLock::force(&RULES);
}

/// Reads a rule or threat name as logged.
pub(crate) fn read(name: &str) -> RuleName<'_> {
    RULES.read(name)
}

/// The table of `rules.toml`, compiled.
struct RuleNames {
    lists: Classes<ListSource>,
    threats: Classes<Threat>,
    form: Patterns,
    marks: Pattern,
    words: Pattern,
    phrases: Pattern,
    queries: Patterns,
    families: Vec<Pattern>,
    generic: Vec<String>,
    protocols: Vec<Pattern>,
}

/// Patterns in order, and the value of each.
struct Classes<T> {
    patterns: Patterns,
    values: Vec<T>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesFile {
    list: Vec<ListFile>,
    threat: Vec<ThreatFile>,
    form: PatternsFile,
    message: MessageFile,
    family: FamilyFile,
    protocol: PatternsFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListFile {
    list: ListSource,
    patterns: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThreatFile {
    threat: Threat,
    patterns: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PatternsFile {
    patterns: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MessageFile {
    marks: String,
    words: String,
    phrases: String,
    queries: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FamilyFile {
    patterns: Vec<String>,
    generic: Vec<String>,
}

impl<T: Copy> Classes<T> {
    fn new(classes: Vec<(T, Vec<String>)>) -> Result<Self, Box<BuildError>> {
        let (values, patterns): (Vec<T>, Vec<String>) = classes
            .into_iter()
            .flat_map(|(value, patterns)| patterns.into_iter().map(move |pattern| (value, pattern)))
            .unzip();
        Ok(Classes { patterns: Patterns::new(&patterns)?, values })
    }

    fn first(&self, name: &str) -> Option<T> {
        self.patterns.first(name).map(|at| self.values[at])
    }
}

impl RuleNames {
    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error>> {
        let file: RulesFile = toml::from_str(text)?;
        let compile = |patterns: &[String]| {
            patterns.iter().map(|pattern| Pattern::new(pattern)).collect::<Result<Vec<_>, _>>()
        };
        Ok(RuleNames {
            lists: Classes::new(file.list.into_iter().map(|class| (class.list, class.patterns)).collect())?,
            threats: Classes::new(
                file.threat.into_iter().map(|class| (class.threat, class.patterns)).collect(),
            )?,
            form: Patterns::new(&file.form.patterns)?,
            marks: Pattern::new(&file.message.marks)?,
            words: Pattern::new(&file.message.words)?,
            phrases: Pattern::new(&file.message.phrases)?,
            queries: Patterns::new(&file.message.queries)?,
            families: compile(&file.family.patterns)?,
            generic: file.family.generic,
            protocols: compile(&file.protocol.patterns)?,
        })
    }

    fn read<'n>(&self, name: &'n str) -> RuleName<'n> {
        let threat = self.threats.first(name);
        let known = threat.is_some() || self.form.is_match(name);
        let list = self.lists.first(name).unwrap_or(if known {
            ListSource::RelevanceRule
        } else {
            ListSource::Unknown
        });
        RuleName {
            message: self.message(name),
            threat: threat.unwrap_or(Threat::Unknown),
            list,
            family: self.family(name),
            protocol: first_group(&self.protocols, name),
            cve: vulnerabilities(name),
        }
    }

    fn message(&self, name: &str) -> RequestKind {
        let last = |words: &Pattern, name: &str| {
            let word = words.last_group(name)?;
            Some(if word.eq_ignore_ascii_case("request") {
                RequestKind::Request
            } else {
                RequestKind::Response
            })
        };
        let queries = || self.queries.is_match(name).then_some(RequestKind::Request);
        last(&self.marks, name)
            .or_else(|| last(&self.words, &self.phrases.removed(name)))
            .or_else(queries)
            .unwrap_or(RequestKind::Unknown)
    }

    fn family<'n>(&self, name: &'n str) -> &'n str {
        let family = first_group(&self.families, name);
        if self.generic.iter().any(|generic| generic == family) { "" } else { family }
    }
}

fn first_group<'n>(patterns: &[Pattern], name: &'n str) -> &'n str {
    patterns.iter().find_map(|pattern| pattern.first_group(name)).unwrap_or("")
}

fn vulnerabilities(name: &str) -> String {
    let mut ids: Vec<String> =
        VULNERABILITIES.all(name).map(|id| id.to_ascii_uppercase().replace('_', "-")).collect();
    ids.sort();
    ids.dedup();
    ids.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, message, threat, list and CVE ids of rules in public lists, and of names that nobody has seen.
    const NAMES: &str = include_str!("rule_name/names.tsv");

    #[test]
    fn every_name_of_the_table() {
        let mut rows = 0;
        for line in NAMES.lines().filter(|line| !line.starts_with('#')) {
            let [name, message, threat, list, cve] =
                line.split('\t').collect::<Vec<_>>().try_into().expect("five columns");
            let said = read(name);
            let row = (said.message.as_str(), said.threat.as_str(), said.list.as_str(), said.cve.as_str());
            assert_eq!(row, (message, threat, list, cve), "{name}");
            rows += 1;
        }
        assert!(rows >= 60, "{rows}");
    }

    #[test]
    fn ids_are_ascii_in_every_script() {
        for (name, cve) in [
            ("cve_2017-0144 and MS17-010, CVE-2017-0144", "CVE-2017-0144 MS17-010"),
            ("CVE-２０１７-０１４４ MS١٧-٠١٠", ""),
            ("CVE-2017-01４４", ""),
            ("脆弱性CVE-2017-0144を突く攻撃", "CVE-2017-0144"),
        ] {
            assert_eq!(read(name).cve, cve, "{name}");
        }
        assert_eq!(read("CVE-２０１７-０１４４").threat, Threat::Unknown);
        assert_eq!(read("脆弱性CVE-2017-0144を突く攻撃").threat, Threat::Exploit);
    }

    #[test]
    fn families_and_protocols() {
        for (name, family, protocol) in [
            ("DYREZA - HTTP (Request) - Variant 2", "DYREZA", "HTTP"),
            ("Possible KAVO - HTTP (Request)", "KAVO", "HTTP"),
            ("VISEL TCP Request - Class 1", "VISEL", "TCP"),
            ("PROXY TCP Request", "", "TCP"),
            ("MIMIC C2 - HTTP (Request)", "MIMIC", "HTTP"),
            ("File renamed - LOCKY - Ransomware - SMB (Request)", "LOCKY", "SMB"),
            ("Malicious_CnC_access_on_UDP_blocked", "", "UDP"),
            ("CVE-2018-11776 - APACHE STRUTS RCE EXPLOIT - HTTP(Request)", "", "HTTP"),
            ("Remote shell - Variant 2", "", ""),
            ("", "", ""),
        ] {
            let said = read(name);
            assert_eq!((said.family, said.protocol), (family, protocol), "{name}");
        }
    }
}
