//! What placeholders stand for.

use super::facts::{Facts, Family, family, value};
use super::wording::Otherwise;
use super::{FindingFacts, IncidentFacts, StepRule};
use crate::policy::Policy;
use ringback_model::{Detection, DetectionRef, Set, Sym, name_of_service};
use std::borrow::Cow;
use std::cell::OnceCell;
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
    /// What all findings of the incident name, where the step is for all of them.
    pub(super) names: Option<&'s Names<'a>>,
    /// How many names a placeholder lists.
    pub(super) listed: usize,
}

/// Texts that are found out once.
type Texts<'a> = OnceCell<Vec<Cow<'a, str>>>;

/// What the findings of an incident name, in order and each once; found out when it is first asked for, since most steps name
/// the same.
#[derive(Default)]
pub(super) struct Names<'a> {
    victim: Texts<'a>,
    remote: Texts<'a>,
    process: Texts<'a>,
    rule: Texts<'a>,
    cve: Texts<'a>,
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
        let Said { otherwise, names, .. } = *self;
        match name {
            "host" => or(self.facts.host, &otherwise.host),
            "service" => self.service(),
            "victim" => {
                let ends = |row: DetectionRef<'_>| (row.detection.endpoint, row.local());
                let said = |row: DetectionRef<'a>| vec![row.host()];
                self.listed(names.map(|names| &names.victim), &otherwise.host, ends, said)
            }
            "remote" => {
                let said = |row: DetectionRef<'a>| vec![row.remote_text()];
                self.listed(names.map(|names| &names.remote), &otherwise.remote, |row| row.remote(), said)
            }
            "process" => self
                .symbol(names.map(|names| &names.process), &otherwise.process, |detection| detection.process),
            "rule" => {
                self.symbol(names.map(|names| &names.rule), &otherwise.rule, |detection| detection.rule)
            }
            "cve" => {
                let ids = |row: DetectionRef<'a>| row.cves().map(Cow::Borrowed).collect();
                self.listed(names.map(|names| &names.cve), &otherwise.cve, |row| row.detection.cve, ids)
            }
            "relay" => self.relays(),
            "n" => self.fitting.len().to_string(),
            _ => match family(name) {
                Some(family) => self.fact(name, family),
                None => self.counted(name),
            },
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

    /// What the fitting findings say of a family of facts of a name, each value with the findings that say it.
    fn fact(&self, name: &str, family: Family) -> String {
        // There are few values and very many findings, so a list of what was met is quicker than a tree.
        let mut by_value: Vec<((&str, &str), Vec<FindingFacts<'a>>)> = Vec::new();
        for finding in self.fitting {
            let value = value(family, self.step, self.facts, *finding, self.policy);
            match by_value.iter_mut().find(|(known, _)| *known == value) {
                Some((_, findings)) => findings.push(*finding),
                None => by_value.push((value, vec![*finding])),
            }
        }
        by_value.sort_unstable_by_key(|(value, _)| *value);
        let texts = by_value.iter().filter_map(|((value, more), findings)| {
            let dot = if more.is_empty() { "" } else { "." };
            let text = self.told.get(&format!("{name}.{value}{dot}{more}"))?;
            let names = self.names.filter(|_| findings.len() == self.fitting.len());
            Some(Said { fitting: findings, names, ..*self }.filled(text))
        });
        let and = self.told.get("and").map_or("; ", String::as_str);
        texts.collect::<Vec<_>>().join(and)
    }

    fn relays(&self) -> String {
        let relays = self.fitting.iter().filter_map(|finding| finding.verdict.relay);
        let names = relays.map(|number| self.policy.relay_name(number).into()).collect();
        self.sentence(&in_order(names), &self.otherwise.relay)
    }

    /// The first few of the texts of a symbol of the fitting findings.
    fn symbol(&self, kept: Option<&Texts<'a>>, otherwise: &str, of: impl Fn(&Detection) -> Sym) -> String {
        let say = |row: DetectionRef<'a>| vec![row.text(of(row.detection)).into()];
        self.listed(kept, otherwise, |row| of(row.detection), say)
    }

    /// The first few of the texts that the fitting findings say. `what` is the same only where they say the same: few texts
    /// are said by very many findings.
    fn listed<W: Eq + Hash>(
        &self,
        kept: Option<&Texts<'a>>,
        otherwise: &str,
        what: impl Fn(DetectionRef<'a>) -> W,
        say: impl Fn(DetectionRef<'a>) -> Vec<Cow<'a, str>>,
    ) -> String {
        let names = || {
            let mut said: Set<W> = Set::default();
            let new = self.fitting.iter().map(|finding| finding.row).filter(|row| said.insert(what(*row)));
            in_order(new.flat_map(say).filter(|text| !text.is_empty()).collect())
        };
        match kept {
            Some(kept) => self.sentence(kept.get_or_init(names), otherwise),
            None => self.sentence(&names(), otherwise),
        }
    }

    fn sentence(&self, texts: &[Cow<'_, str>], otherwise: &str) -> String {
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

fn in_order(mut texts: Vec<Cow<'_, str>>) -> Vec<Cow<'_, str>> {
    texts.sort_unstable();
    texts.dedup();
    texts
}

fn or(text: &str, otherwise: &str) -> String {
    if text.is_empty() { otherwise.to_owned() } else { text.to_owned() }
}
