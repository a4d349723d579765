//! Layouts: data that says how one kind of export is read.

use crate::dates::DateOrder;
use crate::field::Field;
use crate::format::Format;
use crate::layout_file::{self, LayoutFile, Mistake};
use crate::layouts::shared_words;
use crate::values::{Tables, Values};
use ringback_model::{Direction, ListSource, Log, Map, RequestKind, ResultKind, Threat};
use std::collections::BTreeMap;
use std::sync::OnceLock;

pub(crate) use crate::values::fold;

/// How one kind of export is read.
#[derive(Debug)]
pub struct Layout {
    /// The name, as `--layout` takes it.
    pub name: String,
    /// What it is, for people.
    pub title: String,
    /// Whether a vendor's document confirms the headings.
    pub confirmed: bool,
    /// The kind of log.
    pub log: Log,
    /// The shape of its records.
    pub format: Format,
    /// The languages of its headings, as BCP 47 tags; empty where they are keys that are the same in every language.
    pub languages: Vec<String>,
    /// The zone of its times, where the format fixes it.
    pub time_zone: Option<String>,
    /// Whether it is the user's own: it then goes before those that are carried.
    pub own: bool,
    /// The order of day and month, where the format fixes it.
    pub(crate) date_order: Option<DateOrder>,
    /// Whether bare numbers as times count from 1970.
    pub(crate) epoch: bool,
    /// Whether source and destination are those of the session, also for what comes back.
    pub(crate) session: bool,
    /// Groups of fields: of each group the headings must have one.
    pub(crate) required: Vec<Vec<Field>>,
    /// What a record must say to be one of the layout's.
    pub(crate) when: Vec<When>,
    /// Keys whose being there tells the direction.
    pub(crate) present: Vec<(String, Direction)>,
    aliases: Map<String, Field>,
    columns: BTreeMap<Field, Vec<String>>,
    /// The spellings of its own and those that it shares, folded, once a record was read with it.
    values: OnceLock<Values>,
    /// The spellings of its own, as its file has them.
    pub(crate) tables: Tables,
    /// The tables of words that it shares with others.
    pub(crate) words: Vec<String>,
    pub(crate) implied: Implied,
}

/// What a record must say in one of its cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// The heading or key.
    pub key: String,
    /// What its cell may say; a star at the start or end stands for anything.
    pub is: Vec<String>,
    /// The least and the greatest number that it may be.
    pub between: Option<(u64, u64)>,
}

/// What a layout says of every row without a column for it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Implied {
    pub(crate) threat: Option<Threat>,
    pub(crate) direction: Option<Direction>,
    pub(crate) message: Option<RequestKind>,
    pub(crate) list: Option<ListSource>,
    pub(crate) result: Option<ResultKind>,
    /// The host, where no record names one.
    pub(crate) endpoint: String,
    /// The product, where no record names one.
    pub(crate) product: String,
}

/// A layout file that is wrong.
#[derive(Debug, thiserror::Error)]
#[error("{}", told(file, mistakes))]
pub struct LayoutError {
    /// The file.
    pub file: String,
    /// Everything that is wrong, in the order of the file.
    pub mistakes: Vec<Mistake>,
}

fn told(file: &str, mistakes: &[Mistake]) -> String {
    mistakes.iter().map(|mistake| format!("{file}, {mistake}")).collect::<Vec<_>>().join("\n")
}

impl Layout {
    /// Reads a layout from the text of its file. `file` is what errors call it.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn parse(text: &str, file: &str) -> Result<Self, LayoutError> {
        let wrong = |mistakes| LayoutError { file: file.to_owned(), mistakes };
        let read = layout_file::read(text).map_err(wrong)?;
        Ok(Layout::of(read))
    }

    fn of(read: LayoutFile) -> Self {
        let mut aliases = Map::default();
        for (field, headings) in &read.columns {
            aliases.extend(headings.iter().map(|heading| (fold(heading), *field)));
        }
        Layout {
            name: read.name,
            title: read.title,
            confirmed: read.confirmed,
            log: read.log.expect("a layout file without a log is told as wrong"),
            format: read.format,
            languages: read.languages,
            time_zone: read.time_zone,
            own: false,
            date_order: read.date_order,
            epoch: read.epoch,
            session: read.session,
            required: read.required,
            when: read.when,
            present: read.present,
            aliases,
            columns: read.columns,
            values: OnceLock::new(),
            tables: read.values,
            words: read.words,
            implied: read.implied,
        }
    }

    /// The spellings of values: its own come before those that it shares.
    pub(crate) fn values(&self) -> &Values {
        self.values.get_or_init(|| {
            let shared = self.words.iter().filter_map(|name| shared_words(name));
            let mut values = Values::default();
            for tables in std::iter::once(&self.tables).chain(shared) {
                values.add(tables).expect("tables are held against the vocabulary when they are read");
            }
            values
        })
    }

    /// A heading that stands for a field, to name it to people.
    pub(crate) fn heading_of(&self, field: Field) -> &str {
        self.columns.get(&field).and_then(|headings| headings.first()).map_or("", String::as_str)
    }

    /// The field that a heading stands for. `User <x>` among the headings stands for `User 1`, `User 2` and so on, as some
    /// consoles number them.
    pub fn field(&self, heading: &str) -> Option<Field> {
        let folded = fold(heading);
        let numbered = || {
            let name = folded.trim_end_matches(|char: char| char.is_ascii_digit() || char == ')');
            let close = if folded.ends_with(')') { ")" } else { "" };
            (name.len() < folded.len()).then(|| self.aliases.get(&format!("{name}<x>{close}"))).flatten()
        };
        self.aliases.get(&folded).or_else(numbered).copied()
    }

    /// The place of a heading among those of a field.
    pub(crate) fn rank(&self, field: Field, heading: &str) -> usize {
        let headings = self.columns.get(&field).map_or(&[][..], Vec::as_slice);
        headings.iter().position(|other| fold(other) == fold(heading)).unwrap_or(headings.len())
    }

    /// The fields that it reads, each with its headings or keys in the order in which they are tried.
    pub fn columns(&self) -> impl Iterator<Item = (Field, &[String])> {
        self.columns.iter().map(|(field, headings)| (*field, headings.as_slice()))
    }

    /// Whether records have a true source and destination instead of a local and a remote side.
    pub fn is_directed(&self) -> bool {
        self.columns.contains_key(&Field::Source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A layout that is right.
    const RIGHT: &str = r#"name = "x"
title = "X"
confirmed = false
log = "connection"
required = [["remote"]]
[columns]
time = ["T"]
remote = ["R"]
result = ["A"]
"#;

    #[test]
    fn a_wrong_layout_says_where_and_what_would_be_right() {
        assert!(Layout::parse(RIGHT, "x.toml").is_ok());
        for (right, wrong, says) in [
            (
                "name = \"x\"",
                "name = \"X y\"",
                "line 1, column 8: \"X y\" is no name\nhint: write it with small",
            ),
            ("name = \"x\"\n", "", "line 1, column 1: a layout needs name\nhint: add name = \"our-console\""),
            (
                "title = \"X\"",
                "title = 7",
                "line 2, column 9: the value of title is no text\nhint: write title = ",
            ),
            ("title = \"X\"", "title = \" \"", "line 2, column 9: title says nothing"),
            ("confirmed = false\n", "", "a layout needs confirmed\nhint: add confirmed = false"),
            (
                "confirmed = false",
                "confirmed = \"no\"",
                "line 3, column 13: confirmed is neither true nor false",
            ),
            (
                "\"connection\"",
                "\"conection\"",
                "line 4, column 7: unknown word \"conection\"\nhint: did you mean \"connection\"?",
            ),
            ("log =", "colour = 1\nlog =", "line 4, column 1: unknown key \"colour\"\nhint: "),
            ("log =", "tme_zone = \"UTC\"\nlog =", "hint: did you mean \"time_zone\"?"),
            ("log =", "time_zone = \"Mars/Base\"\nlog =", "\"Mars/Base\" is no zone\nhint: names are those"),
            ("log =", "format = \"jsonl\"\nlog =", "unknown format \"jsonl\"\nhint: did you mean \"json\"?"),
            ("log =", "date_order = \"ymd\"\nlog =", "unknown date_order \"ymd\""),
            ("log =", "ends = \"both\"\nlog =", "unknown ends \"both\"\nhint: known here: packet, session"),
            (
                "log =",
                "words = [\"wrds\"]\nlog =",
                "words: there is no table \"wrds\"\nhint: did you mean \"words\"?",
            ),
            (
                "log =",
                "words = \"words\"\nlog =",
                "the value of words is no list\nhint: write words = [\"…\"]",
            ),
            ("[[\"remote\"]]", "[]", "line 5, column 12: nothing is required"),
            (
                "required = [[\"remote\"]]\n",
                "",
                "nothing is required, so that any file would fit\nhint: add required",
            ),
            ("[[\"remote\"]]", "[[\"remte\"]]", "unknown field \"remte\"\nhint: did you mean \"remote\"?"),
            ("[[\"remote\"]]", "[[\"rule\"]]", "rule is required and has no headings\nhint: add rule = "),
            ("[[\"remote\"]]", "[\"remote\"]", "the value of required is no list"),
            ("[[\"remote\"]]", "\"remote\"", "required is no list of lists"),
            (
                "[columns]\n",
                "[columns]\ncolour = [\"C\"]\n",
                "line 7, column 1: unknown field \"colour\"\nhint: known here: time,",
            ),
            ("[columns]\n", "[columns]\nuser = [\" t \"]\n", "stands for user and time"),
            ("[columns]\n", "[columns]\nuser = [\" \"]\n", "a heading that says nothing"),
            ("[columns]\n", "[columns]\nuser = [1]\n", "the value of user is no text"),
            ("remote = [\"R\"]", "source = [\"R\"]", "either a remote column, or a source and a destination"),
            (
                "remote = [\"R\"]",
                "remote = [\"R\"]\nsource = [\"S\"]\ndestination = [\"D\"]",
                "either a remote column",
            ),
            ("log =", "format = \"positions\"\nlog =", "\"T\" is no place of a cell"),
            (
                "[columns]",
                "[values.result]\nstopped = [\"x\"]\n[columns]",
                "values.result: unknown word \"stopped\"\nhint: known here: blocked, logged",
            ),
            ("[columns]", "[values.result]\nloged = [\"x\"]\n[columns]", "did you mean \"logged\"?"),
            (
                "[columns]",
                "[values.taste]\nsweet = [\"x\"]\n[columns]",
                "values.taste: no field has values of this name",
            ),
            (
                "[columns]",
                "[values.result]\nlogged = [\"x\"]\nblocked = [\" X\"]\n[columns]",
                "line 8, column 12: values.result: \" X\" stands for two values\nhint: it is logged above",
            ),
            ("[columns]", "[implied]\ncolour = \"x\"\n[columns]", "unknown key \"colour\" in implied"),
            ("[columns]", "[implied]\nlist = \"globl\"\n[columns]", "did you mean \"global\"?"),
            ("[columns]", "[present]\nin = \"inward\"\n[columns]", "unknown word \"inward\""),
            ("[columns]", "[[when]]\nkey = \"k\"\n[columns]", "when \"k\": it says neither"),
            ("[columns]", "[[when]]\nis = [\"k\"]\n[columns]", "when needs key"),
            (
                "[columns]",
                "[[when]]\nkey = \"k\"\nbetween = [9, 1]\n[columns]",
                "between is no pair of numbers",
            ),
            ("[columns]", "[when]\nkey = \"k\"\n[columns]", "when is a list of tables\nhint: write [[when]]"),
            ("[columns]", "[columns\n", "line 6, column "),
        ] {
            assert!(RIGHT.contains(right), "{right}");
            let text = RIGHT.replacen(right, wrong, 1);
            let error = Layout::parse(&text, "x.toml").unwrap_err().to_string();
            assert!(error.contains(says) && error.contains("x.toml, line"), "{text}\n{says}\n{error}");
        }
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        let text = RIGHT.replace("time =", "tme =").replace("log =", "lag =").replace("result", "reslt");
        let error = Layout::parse(&text, "x.toml").unwrap_err();
        let lines: Vec<usize> = error.mistakes.iter().map(|mistake| mistake.line).collect();
        assert_eq!(lines, [1, 4, 7, 9], "{error}");
    }
}
