//! What the steps say in languages other than English, whose texts stand beside the conditions.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static GERMAN: LazyLock<Wording> =
    LazyLock::new(|| read("de", include_str!("../../playbook/advice.de.toml")));

static JAPANESE: LazyLock<Wording> =
    LazyLock::new(|| read("ja", include_str!("../../playbook/advice.ja.toml")));

/// The texts of one language.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wording {
    /// The language.
    #[serde(skip)]
    pub(super) language: &'static str,
    pub(super) otherwise: Otherwise,
    /// What each step says, by its id.
    pub(super) step: BTreeMap<String, Told>,
}

/// What a step says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Told {
    pub(super) text: String,
    pub(super) why: String,
}

/// What placeholders say where the log says nothing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Otherwise {
    pub(super) host: String,
    pub(super) service: String,
    pub(super) remote: String,
    pub(super) process: String,
    pub(super) rule: String,
    pub(super) cve: String,
    pub(super) relay: String,
    /// How a list ends that leaves names out: `{names}` are those that are told, `{n}` is how many are not.
    more: String,
}

impl Wording {
    /// The texts of a language by its BCP 47 tag; `None` for English and for languages that there are none in.
    pub(super) fn of(language: &str) -> Option<&'static Self> {
        let primary = language.split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "de" => Some(&GERMAN),
            "ja" => Some(&JAPANESE),
            _ => None,
        }
    }
}

impl Otherwise {
    /// The names that are told, and how many more there are. Names are put in last, so that none is read as a place.
    pub(super) fn more(&self, names: &str, more: usize) -> String {
        let counted = self.more.replace("{n}", &more.to_string());
        let (before, after) = counted.split_once("{names}").unwrap_or(("", &counted));
        [before, names, after].concat()
    }
}

fn read(language: &'static str, source: &str) -> Wording {
    let wording: Wording = toml::from_str(source).expect("the texts that are carried are right");
    Wording { language, ..wording }
}
