//! Catalogues: the words of one language.

use crate::clock::Clock;
use crate::phrase;
use include_dir::{Dir, include_dir};
use ringback_model::{Arg, Instant, Map, Message, Words};
use std::sync::{Arc, Mutex, PoisonError};

/// One folder for each language, of flat TOML tables from key to text.
static WORDS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/words");

/// The languages that were read: each is read once.
static READ: Mutex<Vec<Arc<Catalogue>>> = Mutex::new(Vec::new());

/// The kinds of terms, in the order in which a word is looked for where its kind is not said.
const KINDS: &[&str] = &[
    "scenario",
    "severity",
    "origin",
    "basis",
    "scope",
    "suspect",
    "stopped",
    "target",
    "exposure",
    "vulnerable",
    "direction",
    "message",
    "result",
    "list",
    "threat",
    "risk",
    "log",
    "reject",
    "phase",
    "relay",
    "faces",
    "container",
    "zone",
    "order",
    "unknown",
    "rhythm",
];

/// Why there are no words.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum WordsError {
    /// There is no folder for the language.
    #[error("no words for language {language:?}; there are: {known}")]
    UnknownLanguage {
        /// The language asked for.
        language: String,
        /// The languages that there are.
        known: String,
    },
    /// The zone is not in the time zone database.
    #[error("unknown time zone {0:?}")]
    UnknownZone(String),
    /// A file of words is not a flat table of texts.
    #[error("words file {file}: {message}")]
    Broken {
        /// The file.
        file: String,
        /// What is wrong.
        message: String,
    },
}

/// The words of one language, with the time zone in which times are told.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    language: String,
    texts: Arc<Map<String, String>>,
    clock: Clock,
}

/// The languages that there are words for.
pub fn languages() -> Vec<&'static str> {
    let mut names: Vec<&str> = WORDS.dirs().filter_map(|dir| dir.path().to_str()).collect();
    names.sort_unstable();
    names
}

/// The words of a language, by its BCP 47 tag: `en-GB` is told in `en` where there is nothing nearer. Times are in UTC
/// until [`Catalogue::in_zone`] says otherwise.
///
/// # Errors
///
/// There is no such language, or one of its files is broken.
pub fn words(language: &str) -> Result<Arc<Catalogue>, WordsError> {
    let wanted = language.to_ascii_lowercase();
    let primary = wanted.split(['-', '_']).next().unwrap_or_default();
    let folder = [wanted.as_str(), primary]
        .into_iter()
        .find_map(|name| WORDS.get_dir(name).filter(|_| !name.is_empty()))
        .ok_or_else(|| WordsError::UnknownLanguage {
            language: language.to_owned(),
            known: languages().join(", "),
        })?;
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let name = folder.path().display().to_string();
    if let Some(known) = read.iter().find(|catalogue| catalogue.language == name) {
        return Ok(Arc::clone(known));
    }
    let catalogue = Arc::new(read_folder(folder, name)?);
    read.push(Arc::clone(&catalogue));
    Ok(catalogue)
}

/// Reads the files of a language.
fn read_folder(folder: &Dir<'_>, language: String) -> Result<Catalogue, WordsError> {
    let mut texts = Map::default();
    for file in folder.files() {
        let name = file.path().display().to_string();
        let broken = |message: String| WordsError::Broken { file: name.clone(), message };
        let source = file.contents_utf8().ok_or_else(|| broken("is not UTF-8".to_owned()))?;
        let table: Vec<(String, String)> = flat_table(source).map_err(broken)?;
        for (key, text) in table {
            if texts.insert(key.clone(), text).is_some() {
                return Err(broken(format!("key {key:?} is in two files")));
            }
        }
    }
    Ok(Catalogue { language, texts: Arc::new(texts), clock: Clock::default() })
}

/// The entries of a flat table of texts, sorted by key.
fn flat_table(source: &str) -> Result<Vec<(String, String)>, String> {
    let table: std::collections::BTreeMap<String, String> =
        toml::from_str(source).map_err(|error| error.to_string())?;
    Ok(table.into_iter().collect())
}

impl Catalogue {
    /// The same words, with times in another zone.
    ///
    /// # Errors
    ///
    /// The zone is unknown.
    pub fn in_zone(&self, zone: &str) -> Result<Arc<Self>, WordsError> {
        let clock = Clock::of(zone).ok_or_else(|| WordsError::UnknownZone(zone.to_owned()))?;
        Ok(Arc::new(Catalogue { clock, ..self.clone() }))
    }

    /// The words that a case is told in: those of its language and zone; English and UTC where it names none that are
    /// known.
    ///
    /// # Errors
    ///
    /// A file of words is broken.
    pub fn of_case(case: &ringback_model::Case) -> Result<Arc<Self>, WordsError> {
        let heading = &case.heading;
        let base = match words(&heading.language) {
            Err(WordsError::UnknownLanguage { .. }) => words("en")?,
            other => other?,
        };
        match base.in_zone(&heading.time_zone) {
            Err(WordsError::UnknownZone(_)) => Ok(base),
            other => other,
        }
    }

    /// The same words with those of a pack over them: a text of its own, or another text for a known key.
    #[must_use]
    pub fn with_own(&self, own: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut texts = Map::clone(&self.texts);
        texts.extend(own);
        Catalogue { texts: Arc::new(texts), ..self.clone() }
    }

    /// Whether there are labels for a kind of words.
    pub fn has_kind(&self, kind: &str) -> bool {
        let start = format!("term.{kind}.");
        self.texts.keys().any(|key| key.starts_with(&start))
    }

    /// The language's tag.
    pub fn language(&self) -> &str {
        &self.language
    }

    /// The zone in which times are told.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Whether there is a text for a key.
    pub fn has(&self, key: &str) -> bool {
        self.texts.contains_key(key)
    }

    /// The text of a key with its places filled; the key itself where there is no text.
    pub fn phrase(&self, key: &str, args: &[(&str, Arg)]) -> String {
        match self.texts.get(key) {
            Some(text) => phrase::fill(text, args, |name, arg| self.show(name, arg)),
            None => key.to_owned(),
        }
    }

    /// The label of a word of a vocabulary, such as `lateral-movement` of kind `scenario`; the word itself where the
    /// kind has no label for it.
    pub fn term(&self, kind: &str, word: &str) -> String {
        self.texts.get(&format!("term.{kind}.{word}")).map_or_else(|| word.to_owned(), Clone::clone)
    }

    /// The labels of a kind's words, by word.
    pub(crate) fn labels(&self, kind: &str) -> Vec<(String, String)> {
        let start = format!("term.{kind}.");
        let mut labels: Vec<(String, String)> = Vec::new();
        #[expect(clippy::iter_over_hash_type, reason = "the labels are sorted")]
        for (key, label) in &*self.texts {
            if let Some(word) = key.strip_prefix(&start) {
                labels.push((word.to_owned(), label.clone()));
            }
        }
        labels.sort_unstable();
        labels
    }

    /// What a word of a vocabulary means, in a sentence; the label where there is none.
    pub fn about(&self, kind: &str, word: &str) -> String {
        match self.texts.get(&format!("about.{kind}.{word}")) {
            Some(text) => text.clone(),
            None => self.term(kind, word),
        }
    }

    /// A count with thousands set apart.
    pub fn count(&self, count: u64) -> String {
        crate::figures::grouped(count, self.format("format.thousands", ","))
    }

    /// Date and time to the second in the reader's zone, as the language writes them: `2026-06-18 11:15:02`. With the
    /// zone's abbreviation where asked for.
    pub fn time(&self, instant: Instant, with_zone: bool) -> String {
        self.clock.time(instant, self.format("format.time", "%Y-%m-%d %H:%M:%S"), with_zone)
    }

    /// The date in the reader's zone, as the language writes it: `2026-06-18`.
    pub fn date(&self, instant: Instant) -> String {
        self.clock.time(instant, self.format("format.date", "%Y-%m-%d"), false)
    }

    /// How something is written in this language.
    fn format(&self, key: &str, otherwise: &'static str) -> &str {
        self.texts.get(key).map_or(otherwise, String::as_str)
    }

    /// The label of a word whose kind is not said: that of the argument's name (`other_log` is a log), else the first kind
    /// that has it.
    fn any_term(&self, name: &str, word: &str) -> String {
        let last = name.rsplit('_').next().unwrap_or(name);
        [name, last]
            .iter()
            .chain(KINDS)
            .find_map(|kind| self.texts.get(&format!("term.{kind}.{word}")))
            .map_or_else(|| word.to_owned(), Clone::clone)
    }

    fn show(&self, name: &str, arg: &Arg) -> String {
        match arg {
            Arg::Text(text) => text.clone(),
            Arg::Count(count) => self.count(*count),
            Arg::Time(instant) => self.time(*instant, true),
            Arg::Term(word) => self.any_term(name, word),
        }
    }
}

impl Words for Catalogue {
    fn text(&self, message: &Message) -> String {
        self.phrase(message.key, &message.args)
    }
}
