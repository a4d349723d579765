//! What placeholders stand for.

use super::facts::{FAMILIES, Facts, value};
use super::wording::Otherwise;
use super::{FindingFacts, IncidentFacts, StepRule};
use crate::policy::Policy;
use ringback_model::{Detection, DetectionRef, Set, Sym, name_of_service};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::Hash;

/// How many names a placeholder lists in what is to be done.
pub(super) const LISTED: usize = 3;

/// How many it lists in the reason, which stands beside that.
pub(super) const LISTED_IN_REASONS: usize = 1;

/// What placeholders stand for: the incident, and the findings that the step is for.
pub(super) struct Said<'s, 'a> {
    pub(super) step: &'s StepRule,
    pub(super) facts: &'s IncidentFacts<'a>,
    pub(super) fitting: &'s [FindingFacts<'a>],
    pub(super) policy: &'s Policy,
    pub(super) otherwise: &'s Otherwise,
    pub(super) told: &'s Facts,
    /// How many names a placeholder lists.
    pub(super) listed: usize,
}

impl<'a> Said<'_, 'a> {
    /// The text with its placeholders filled, in one pass, so that what is filled in is never read for placeholders.
    pub(super) fn filled(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len() + 64);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let (name, tail) = after.split_once('}').unwrap_or((after, ""));
            filled.push_str(&self.value(name));
            rest = tail;
        }
        filled.push_str(rest);
        filled
    }

    fn value(&self, name: &str) -> String {
        let otherwise = self.otherwise;
        match name {
            "host" => or(self.facts.host, &otherwise.host),
            "service" => self.service(),
            "victim" => {
                let ends = |row: DetectionRef<'_>| (row.detection.endpoint, row.local());
                self.listed(&otherwise.host, ends, |row| vec![row.host()])
            }
            "remote" => self.listed(&otherwise.remote, |row| row.remote(), |row| vec![row.remote_text()]),
            "process" => self.symbol(&otherwise.process, |detection| detection.process),
            "rule" => self.symbol(&otherwise.rule, |detection| detection.rule),
            "cve" => {
                let ids = |row: DetectionRef<'a>| row.cves().map(Cow::Borrowed).collect();
                self.listed(&otherwise.cve, |row| row.detection.cve, ids)
            }
            "relay" => self.relays(),
            "n" => self.fitting.len().to_string(),
            family if FAMILIES.contains(&family) => self.fact(family),
            _ => self.counted(name),
        }
    }

    /// `n:one|many`, by the number of findings.
    fn counted(&self, name: &str) -> String {
        let forms = name.strip_prefix("n:").and_then(|forms| forms.split_once('|'));
        forms.map_or("", |(one, many)| if self.fitting.len() == 1 { one } else { many }).to_owned()
    }

    /// The attacked service with its registered name: `tcp/443 (https)`.
    fn service(&self) -> String {
        let service = self.facts.service;
        match name_of_service(service) {
            Some(name) => format!("{service} ({name})"),
            None => or(service, &self.otherwise.service),
        }
    }

    /// What the fitting findings say of a family of facts, each value with the findings that say it.
    fn fact(&self, family: &str) -> String {
        let mut by_value: BTreeMap<(&str, &str), Vec<FindingFacts<'a>>> = BTreeMap::new();
        for finding in self.fitting {
            let value = value(family, self.step, self.facts, *finding, self.policy);
            by_value.entry(value).or_default().push(*finding);
        }
        let texts = by_value.iter().filter_map(|((value, more), findings)| {
            let dot = if more.is_empty() { "" } else { "." };
            let text = self.told.get(&format!("{family}.{value}{dot}{more}"))?;
            Some(Said { fitting: findings, ..*self }.filled(text))
        });
        let and = self.told.get("and").map_or("; ", String::as_str);
        texts.collect::<Vec<_>>().join(and)
    }

    fn relays(&self) -> String {
        let relays = self.fitting.iter().filter_map(|finding| finding.verdict.relay);
        self.sentence(
            relays.map(|number| self.policy.relay_name(number).into()).collect(),
            &self.otherwise.relay,
        )
    }

    /// The first few of the texts of a symbol of the fitting findings.
    fn symbol(&self, otherwise: &str, of: impl Fn(&Detection) -> Sym) -> String {
        self.listed(otherwise, |row| of(row.detection), |row| vec![row.text(of(row.detection)).into()])
    }

    /// The first few of the texts that the fitting findings say. `what` is the same only where they say the same: few texts
    /// are said by very many findings.
    fn listed<W: Eq + Hash>(
        &self,
        otherwise: &str,
        what: impl Fn(DetectionRef<'a>) -> W,
        say: impl Fn(DetectionRef<'a>) -> Vec<Cow<'a, str>>,
    ) -> String {
        let mut said: Set<W> = Set::default();
        let new = self.fitting.iter().map(|finding| finding.row).filter(|row| said.insert(what(*row)));
        self.sentence(new.flat_map(say).filter(|text| !text.is_empty()).collect(), otherwise)
    }

    fn sentence(&self, mut texts: Vec<Cow<'_, str>>, otherwise: &str) -> String {
        texts.sort_unstable();
        texts.dedup();
        if texts.is_empty() {
            return otherwise.to_owned();
        }
        let first: Vec<&str> = texts.iter().take(self.listed).map(AsRef::as_ref).collect();
        match texts.len().saturating_sub(self.listed) {
            0 => first.join(", "),
            more => self.otherwise.more(&first.join(", "), more),
        }
    }
}

fn or(text: &str, otherwise: &str) -> String {
    if text.is_empty() { otherwise.to_owned() } else { text.to_owned() }
}
