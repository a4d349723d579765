//! Tokens for names of hosts, domains, users and files.

use super::key::Key;

/// Accounts of the system, which name nobody, and words for none.
const NOBODY: &[&str] = &[
    "system",
    "local service",
    "network service",
    "nt authority",
    "root",
    "n/a",
    "na",
    "none",
    "unknown",
    "-",
    "–",
    "*",
    "localhost",
];

/// Endings of file names that say what a file is.
const ENDINGS: &[&str] = &[
    "csv", "tsv", "txt", "log", "json", "jsonl", "ndjson", "xml", "cef", "leef", "xlsx", "xls", "zip", "gz",
    "mmdb", "toml", "html", "nessus",
];

/// Makes tokens of names. Names that differ in case only have one token.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    key: Key,
}

impl Names {
    /// Tokens under a key.
    pub(crate) fn new(key: Key) -> Self {
        Names { key }
    }

    /// A token of a kind, such as `user-3f9ac01b7d`.
    pub(crate) fn token(&self, kind: &str, name: &str) -> String {
        let bits = self.key.bits(kind, &[name.trim().to_lowercase().as_bytes()]);
        format!("{kind}-{}", ringback_model::hexadecimal(&bits[..6]))
    }

    /// The name of a host: its first label and its domain each have their own token, so that the short and the full name of
    /// a host are known as one.
    pub(crate) fn host(&self, name: &str) -> String {
        let name = name.trim();
        if is_nobody(name) {
            return name.to_owned();
        }
        if let Some((domain, host)) = name.split_once('\\').filter(|(domain, _)| !domain.is_empty()) {
            return format!("{}\\{}", self.domain(domain), self.host(host));
        }
        if let Some(host) = name.strip_suffix('$').filter(|host| !host.is_empty()) {
            return self.host(host) + "$";
        }
        match name.split_once('.').filter(|(host, _)| !host.is_empty()) {
            Some((host, "")) => self.token("host", host) + ".",
            Some((host, domain)) => format!("{}.{}", self.token("host", host), self.domain(domain)),
            None => self.token("host", name),
        }
    }

    /// The name of a domain, label by label: what is below one domain stays below one.
    pub(crate) fn domain(&self, name: &str) -> String {
        let name = name.trim();
        if is_nobody(name) {
            return name.to_owned();
        }
        let label = |label: &str| if label.is_empty() { String::new() } else { self.token("domain", label) };
        name.split('.').map(label).collect::<Vec<_>>().join(".")
    }

    /// The name of a user, with a domain on either side or without. The account of a machine is that of its host.
    pub(crate) fn user(&self, name: &str) -> String {
        let name = name.trim();
        if is_nobody(name) {
            return name.to_owned();
        }
        if let Some((domain, user)) = name.split_once(['\\', '/']) {
            let mark = if name.contains('\\') { '\\' } else { '/' };
            return format!("{}{mark}{}", self.domain(domain), self.user(user));
        }
        if let Some((user, domain)) = name.rsplit_once('@') {
            return format!("{}@{}", self.user(user), self.domain(domain));
        }
        match name.strip_suffix('$') {
            Some(host) if !host.is_empty() => self.token("host", host) + "$",
            _ => self.token("user", name),
        }
    }

    /// The name of a file with its folders; the ending stays where it says what the file is.
    pub(crate) fn file(&self, name: &str) -> String {
        let parts: Vec<&str> = name.split('/').collect();
        let part = |(number, part): (usize, &&str)| {
            let (stem, ending) = stem(part);
            let kind = if number + 1 == parts.len() || !ending.is_empty() { "file" } else { "folder" };
            self.token(kind, stem) + ending
        };
        parts.iter().enumerate().map(part).collect::<Vec<_>>().join("/")
    }
}

/// A file's name without and with the endings that are known: `june.csv.gz` is `june` and `.csv.gz`.
fn stem(name: &str) -> (&str, &str) {
    let mut at = name.len();
    while let Some(dot) = name[..at].rfind('.').filter(|dot| *dot > 0) {
        if !ENDINGS.contains(&name[dot + 1..at].to_ascii_lowercase().as_str()) {
            break;
        }
        at = dot;
    }
    name.split_at(at)
}

/// Whether a name stands for nobody.
pub(crate) fn is_nobody(name: &str) -> bool {
    let name = name.trim();
    name.is_empty() || NOBODY.iter().any(|nobody| name.eq_ignore_ascii_case(nobody))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names::new(Key::new(&[5; 32]))
    }

    #[test]
    fn one_name_has_one_token_however_it_is_spelled() {
        let names = names();
        let short = names.host("WEB01");
        assert_eq!(names.host("web01.corp.example"), format!("{short}.{}", names.domain("CORP.example")));
        assert_eq!(names.host("web01$"), short.clone() + "$");
        let alice = names.user("alice");
        assert_eq!(names.user("CORP\\Alice"), format!("{}\\{alice}", names.domain("corp")));
        assert_eq!(names.user("alice@corp.example"), format!("{alice}@{}", names.domain("corp.example")));
        assert_eq!(names.user("WEB01$"), short + "$");
        for nobody in ["SYSTEM", "N/A", "", "-"] {
            assert_eq!(names.user(nobody), nobody);
        }
        assert_eq!(names.user("NT AUTHORITY\\SYSTEM"), "NT AUTHORITY\\SYSTEM");
    }

    #[test]
    fn tokens_hold_nothing_of_the_name_and_differ() {
        let names = names();
        let made: std::collections::BTreeSet<String> =
            (0..10_000).map(|n| names.host(&format!("srv{n}"))).collect();
        assert_eq!(made.len(), 10_000);
        assert!(made.iter().all(|token| !token.contains("srv")));
        assert_ne!(names.host("a"), Names::new(Key::new(&[6; 32])).host("a"));
    }

    #[test]
    fn files_keep_what_they_are() {
        let names = names();
        let made = names.file("harbour week.zip/June of Corp.CSV.gz");
        assert!(
            made.starts_with("file-") && made.contains(".zip/file-") && made.ends_with(".CSV.gz"),
            "{made}"
        );
        assert_eq!(stem(".csv"), (".csv", ""));
        assert_eq!(names.file("a/b.csv").split('/').next(), Some(&*names.token("folder", "a")));
    }
}
