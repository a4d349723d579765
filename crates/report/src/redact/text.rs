//! Text with names and addresses in it: messages, paths, URLs.
//!
//! What is replaced is set aside at once, so that no later step reads a token as text.

use super::address::{Addresses, embedded};
use super::name::{Names, is_nobody};
use super::percent::{decoded, encoded};
use aho_corasick::{AhoCorasick, Input, MatchKind};
use regex::{Captures, Regex};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

/// Addresses of version 6 with at least two colons, also those that end in one of version 4.
static V6: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?:(?:\.[0-9]{1,3}){3})?(?:/([0-9]{1,3}))?")
});

/// Addresses of version 4, also with zeros in front, made harmless, or with hyphens as in names of hosts.
static V4: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"[0-9]{1,3}(\.|\[\.\]|\(\.\)|-|_)[0-9]{1,3}(?:\.|\[\.\]|\(\.\)|-|_)[0-9]{1,3}(?:\.|\[\.\]|\(\.\)|-|_)[0-9]{1,3}(?:/([0-9]{1,2}))?",
    )
});

/// Addresses of version 4 as one number, in URLs.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i-u)//(0x[0-9a-f]{8}|[0-9]{8,10})\b"));

/// The folder of a user.
static HOME: LazyLock<Regex> = LazyLock::new(|| {
    regex(r#"(?i-u:[\\/](?:users|home|documents and settings|profiles)[\\/]+)([^\\/"'<>|?*]+)"#)
});

/// A host and a share: `\\server\share`.
static SHARE: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"(?:^|[ \t"'=(,])\\\\([^\\/ \t\r\n"'?]+)\\([^\\/"']+)"#));

/// The name before an at sign.
static MAIL: LazyLock<Regex> = LazyLock::new(|| {
    let part = r#"[^ \t\r\n@"'<>()\[\]:;,/\\?&=|*#]+"#;
    regex(&format!("({part})@{part}"))
});

/// Folders of nobody where the folders of users are.
const SHARED_HOMES: &[&str] = &["public", "default", "default user", "all users", "defaultapppool"];

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is right")
}

/// Which addresses are the client's.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clients {
    pub(crate) networks: Vec<ipnet::IpNet>,
    pub(crate) addresses: BTreeSet<IpAddr>,
}

/// Rewrites text: the client's addresses, and names that are known to be the client's.
#[derive(Debug)]
pub(crate) struct Scanner {
    pub(crate) addresses: Addresses,
    pub(crate) names: Names,
    clients: Clients,
    known: BTreeMap<String, String>,
    words: Option<AhoCorasick>,
    tokens: Vec<String>,
}

impl Scanner {
    /// One that knows some names, in lower case, and what stands for them.
    pub(crate) fn new(
        addresses: Addresses,
        names: Names,
        clients: Clients,
        known: BTreeMap<String, String>,
    ) -> Self {
        // Letters beyond ASCII are looked for in both cases by name.
        let spelled = known.iter().filter(|(name, _)| name.chars().count() > 1).flat_map(|(name, token)| {
            let upper = Some(name.to_uppercase()).filter(|upper| !upper.eq_ignore_ascii_case(name));
            std::iter::once(name.clone()).chain(upper).map(move |name| (name, token.clone()))
        });
        let (listed, tokens): (Vec<String>, Vec<String>) = spelled.unzip();
        let words = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(&listed)
            .ok();
        Scanner { addresses, names, clients, known, words, tokens }
    }

    /// What stands for a name that is known.
    pub(crate) fn known(&self, name: &str) -> Option<&str> {
        self.known.get(&name.trim().to_lowercase()).map(String::as_str)
    }

    /// Whether an address is the client's.
    pub(crate) fn is_clients(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        let inner = match ip {
            IpAddr::V6(v6) => embedded(v6).is_some_and(|(_, inner)| self.is_clients(IpAddr::V4(inner))),
            IpAddr::V4(_) => false,
        };
        let Clients { networks, addresses } = &self.clients;
        let listed = addresses.contains(&ip) || networks.iter().any(|network| network.contains(&ip));
        inner || listed || self.addresses.is_private(ip)
    }

    /// An address: its pseudonym where it is the client's.
    pub(crate) fn address(&self, ip: IpAddr) -> IpAddr {
        if self.is_clients(ip) { self.addresses.pseudonym(ip) } else { ip }
    }

    /// The text with everything replaced that is the client's.
    pub(crate) fn text(&self, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        if let Some(decoded) = decoded(text) {
            let redacted = self.plain(&decoded);
            if redacted != decoded {
                return encoded(&redacted);
            }
        }
        self.plain(text)
    }

    fn plain(&self, text: &str) -> String {
        let mut pieces = Pieces::of(text);
        pieces.replace(|text| self.v6(text));
        pieces.replace(|text| self.v4(text));
        pieces.replace(|text| self.number(text));
        pieces.replace(|text| self.homes(text));
        pieces.replace(|text| self.shares(text));
        // Before the words, since these may take the domain off.
        pieces.replace(|text| self.mail(text));
        pieces.replace(|text| self.words(text));
        pieces.0.into_iter().map(|(text, _)| text).collect()
    }

    fn v6(&self, text: &str) -> Vec<Change> {
        captured(&V6, text, |found| {
            let all = found.get(0)?;
            let length = found.get(1);
            let spelled = &text[all.start()..length.map_or(all.end(), |length| length.start() - 1)];
            let (spelled, ip) = longest_v6(spelled)?;
            let ip = IpAddr::V6(ip);
            if !self.is_clients(ip) {
                return None;
            }
            let made = match ip.to_canonical() {
                IpAddr::V4(v4) => format!("::ffff:{}", self.addresses.pseudonym(v4.into())),
                v6 @ IpAddr::V6(_) => {
                    masked(v6, self.addresses.pseudonym(v6), length.map(|length| length.as_str())).to_string()
                }
            };
            Some((all.start()..all.start() + spelled.len(), made))
        })
    }

    fn v4(&self, text: &str) -> Vec<Change> {
        captured(&V4, text, |found| {
            let (all, mark) = (found.get(0)?, found.get(1)?.as_str());
            let length = found.get(2);
            let end = length.map_or(all.end(), |length| length.start() - 1);
            let spelled = &text[all.start()..end];
            let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            if digit(text[..all.start()].chars().next_back()) || digit(text[end..].chars().next()) {
                return None;
            }
            let octets: Vec<u8> = spelled.split(mark).map(str::parse).collect::<Result<_, _>>().ok()?;
            let ip = IpAddr::V4(Ipv4Addr::from(<[u8; 4]>::try_from(octets).ok()?));
            let made = || masked(ip, self.addresses.pseudonym(ip), length.map(|length| length.as_str()));
            self.is_clients(ip).then(|| (all.start()..end, made().to_string().replace('.', mark)))
        })
    }

    fn number(&self, text: &str) -> Vec<Change> {
        captured(&NUMBER, text, |found| {
            let number = found.get(1)?;
            let value =
                match number.as_str().get(2..).filter(|_| number.as_str()[1..].starts_with(['x', 'X'])) {
                    Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                    None => number.as_str().parse().ok()?,
                };
            let ip = IpAddr::V4(Ipv4Addr::from(value));
            self.is_clients(ip).then(|| (number.range(), self.addresses.pseudonym(ip).to_string()))
        })
    }

    fn homes(&self, text: &str) -> Vec<Change> {
        let (url, local) = (text.find("://"), text.find("file:"));
        captured(&HOME, text, |found| {
            let user = found.get(1)?;
            let shared = SHARED_HOMES.iter().any(|home| user.as_str().eq_ignore_ascii_case(home));
            // The paths of other people's servers have such folders, too.
            let after = |mark: Option<usize>| mark.is_some_and(|at| at < user.start());
            let elsewhere = after(url) && !after(local);
            (!shared && !elsewhere).then(|| (user.range(), self.names.user(user.as_str())))
        })
    }

    fn shares(&self, text: &str) -> Vec<Change> {
        captured(&SHARE, text, |found| {
            let (server, share) = (found.get(1)?, found.get(2)?);
            if server.as_str() == "." {
                return None;
            }
            let made = format!(
                "{}\\{}",
                self.names.host(server.as_str()),
                self.names.token("share", share.as_str())
            );
            Some((server.start()..share.end(), made))
        })
    }

    /// Names that are known, where they stand by themselves.
    fn words(&self, text: &str) -> Vec<Change> {
        let Some(words) = &self.words else { return Vec::new() };
        let mut changes: Vec<Change> = Vec::new();
        let mut at = 0;
        while let Some(found) = words.find(Input::new(text).span(at..text.len())) {
            let range = found.range();
            let joins = |c: Option<char>, other: Option<char>| {
                c.is_some_and(char::is_alphanumeric) && other.is_some_and(char::is_alphanumeric)
            };
            let name = &text[range.clone()];
            let joined = joins(text[..range.start].chars().next_back(), name.chars().next())
                || joins(text[range.end..].chars().next(), name.chars().next_back());
            if joined {
                at = range.start + name.chars().next().map_or(1, char::len_utf8);
            } else {
                at = range.end;
                changes.push((range, self.tokens[found.pattern().as_usize()].clone()));
            }
        }
        changes
    }

    fn mail(&self, text: &str) -> Vec<Change> {
        captured(&MAIL, text, |found| {
            let user = found.get(1)?;
            (!is_nobody(user.as_str())).then(|| (user.range(), self.names.user(user.as_str())))
        })
    }
}

/// The first bits of a network's pseudonym, where an address was written as a network.
fn masked(ip: IpAddr, made: IpAddr, length: Option<&str>) -> IpAddr {
    let network = |ip: IpAddr| {
        let length = length?.parse().ok()?;
        Some(ipnet::IpNet::new(ip, length).ok()?.network())
    };
    match (network(ip), network(made)) {
        (Some(start), Some(made)) if start == ip => made,
        _ => made,
    }
}

/// What is replaced by what.
type Change = (std::ops::Range<usize>, String);

fn captured(pattern: &Regex, text: &str, change: impl Fn(&Captures<'_>) -> Option<Change>) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let mut at = 0;
    while let Some(found) = pattern.captures_at(text, at) {
        let all = found.get(0).map_or(at..at + 1, |all| all.range());
        let change = change(&found);
        // What is no address may have one inside of it: the next character begins another attempt.
        let next = text[all.start..].chars().next().map_or(1, char::len_utf8);
        at = change.as_ref().map_or(all.start + next, |(range, _)| range.end.max(all.start + next));
        changes.extend(change);
        if at > text.len() {
            break;
        }
    }
    changes
}

/// A text in pieces, of which some are replaced already.
struct Pieces(Vec<(String, bool)>);

impl Pieces {
    fn of(text: &str) -> Self {
        Pieces(vec![(text.to_owned(), false)])
    }

    fn replace(&mut self, changes: impl Fn(&str) -> Vec<Change>) {
        for (text, done) in std::mem::take(&mut self.0) {
            let found = if done { Vec::new() } else { changes(&text) };
            if found.is_empty() {
                self.0.push((text, done));
                continue;
            }
            let mut at = 0;
            for (range, made) in found {
                self.0.push((text[at..range.start].to_owned(), false));
                self.0.push((made, true));
                at = range.end;
            }
            self.0.push((text[at..].to_owned(), false));
        }
    }
}

/// The longest start of a text that is an address: after it, a colon or a port may stand where another group would.
fn longest_v6(text: &str) -> Option<(&str, Ipv6Addr)> {
    let mut text = text;
    loop {
        if let Ok(ip) = text.parse() {
            return Some((text, ip));
        }
        text = text.rsplit_once(':')?.0;
    }
}

#[cfg(test)]
mod tests;
