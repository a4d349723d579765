//! The profile's accepted findings.

use crate::problems::Problems;
use crate::section::Section;
use crate::values::{End, host_name};
use jiff::tz::TimeZone;
use ringback_model::profile::{EndMatch, Suppression};
use std::net::IpAddr;
use std::ops::Range;
use toml::Spanned;

/// What an entry may hold.
const KEYS: &[&str] =
    &["reason", "owner", "expires", "from", "until", "remote", "host", "rule", "list", "scenario"];

/// What an entry is held against, besides the time.
const CONDITIONS: [&str; 5] = ["remote", "host", "rule", "list", "scenario"];

/// The part `suppress`.
pub(crate) fn suppressions(
    file: &Section<'_, '_>,
    zone: &TimeZone,
    problems: &mut Problems<'_>,
) -> Vec<Suppression> {
    let mut found: Vec<(Suppression, Range<usize>)> = Vec::new();
    for entry in file.sections("suppress", "suppress", KEYS, problems) {
        let said = suppression(&entry, zone, problems);
        let twin = |(other, _): &&(Suppression, Range<usize>)| {
            other.accepts_the_same_as(&said) && other.expires == said.expires
        };
        if let Some((_, first)) = found.iter().find(twin) {
            let line = problems.line(first);
            let what = format!("this suppress accepts the same as that on line {line}");
            problems.at(entry.span(), what, "remove one of the two, or change what it is about");
        }
        found.push((said, entry.span()));
    }
    found.into_iter().map(|(said, _)| said).collect()
}

fn suppression(entry: &Section<'_, '_>, zone: &TimeZone, problems: &mut Problems<'_>) -> Suppression {
    let reason = entry.needed("reason", "\"…\"", problems);
    check_width(entry, problems);
    let (from, until) = (entry.text("from", problems), entry.text("until", problems));
    let expires = entry.text("expires", problems);
    Suppression {
        reason: reason.map(Spanned::into_inner).unwrap_or_default(),
        owner: entry.free("owner", problems),
        expires: expires.and_then(|expires| problems.time(&expires, End::Until, zone)),
        period: problems.period(from.as_ref(), until.as_ref(), zone),
        remote: end(entry, "remote", problems),
        host: end(entry, "host", problems),
        rule: rule(entry, problems),
        list: entry.text("list", problems).and_then(|list| problems.word(&list)),
        scenario: entry.text("scenario", problems).and_then(|scenario| problems.word(&scenario)),
    }
}

/// Tells an entry that would accept whatever comes. A stretch of time alone is enough only where it has both ends.
fn check_width(entry: &Section<'_, '_>, problems: &mut Problems<'_>) {
    if CONDITIONS.iter().any(|key| entry.has(key)) {
        return;
    }
    let (what, hint) = match (entry.has("from"), entry.has("until")) {
        (true, true) => return,
        (false, false) => (
            "this would accept every finding",
            "give at least one of remote, host, rule, list and scenario, or both from and until",
        ),
        (true, false) => {
            ("this would accept every finding from then on", "give until as well, or what it is about")
        }
        (false, true) => {
            ("this would accept every finding up to then", "give from as well, or what it is about")
        }
    };
    problems.at(entry.span(), what, hint);
}

fn rule(entry: &Section<'_, '_>, problems: &mut Problems<'_>) -> Option<String> {
    let rule = entry.text("rule", problems)?;
    if rule.get_ref().is_empty() {
        problems.at(rule.span(), "this is no rule", "write it as it is logged, or leave it out");
        return None;
    }
    Some(rule.into_inner())
}

/// One end of connections: an address or a network, else a name. What looks like a wrong address is one.
fn end(entry: &Section<'_, '_>, key: &'static str, problems: &mut Problems<'_>) -> Option<EndMatch> {
    let value = entry.text(key, problems)?;
    let text = value.get_ref().trim();
    if text.is_empty() {
        problems.at(value.span(), format!("this is no {key}"), "name it, or leave it out");
        return None;
    }
    if is_numeric(text) {
        return problems.network(&value).map(EndMatch::Network);
    }
    if let Some(name) = text.strip_prefix("*.").and_then(host_name) {
        return Some(EndMatch::Below(name.to_lowercase()));
    }
    if text.contains('*') && !text.contains('/') {
        let hint = "a star stands for all names below one, as in *.example";
        problems.at(value.span(), format!("{text:?} is no name"), hint);
        return None;
    }
    Some(EndMatch::Name(text.to_lowercase()))
}

/// Whether a text is an address or a network, or would be one if it were right.
fn is_numeric(text: &str) -> bool {
    let (head, length) = text.rsplit_once('/').unwrap_or((text, ""));
    let numeric = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || b".:".contains(&byte));
    let address = |text: &str| numeric(text) || text.parse::<IpAddr>().is_ok();
    head.contains(['.', ':']) && address(head) && numeric(length)
}
