//! Layouts: data that says how one kind of export is read.

use crate::dates::DateOrder;
use crate::field::Field;
use crate::format::Format;
use crate::layouts::shared_words;
use crate::values::{Tables, Values};
use jiff::tz::TimeZone;
use ringback_model::{Direction, ListSource, Log, Map, RequestKind, ResultKind, Threat};
use serde::Deserialize;
use std::collections::BTreeMap;

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
    /// The zone of its times, where the format fixes it.
    pub time_zone: Option<String>,
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
    pub(crate) values: Values,
    pub(crate) implied: Implied,
}

/// What a record must say in one of its cells.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct When {
    /// The heading or key.
    pub(crate) key: String,
    /// What its cell may say; a star at the start or end stands for anything.
    #[serde(default)]
    pub(crate) is: Vec<String>,
    /// The least and the greatest number that it may be.
    #[serde(default)]
    pub(crate) between: Option<(u64, u64)>,
}

/// What a layout says of every row without a column for it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Implied {
    pub(crate) threat: Option<Threat>,
    pub(crate) direction: Option<Direction>,
    pub(crate) message: Option<RequestKind>,
    pub(crate) list: Option<ListSource>,
    pub(crate) result: Option<ResultKind>,
    /// The host, where no record names one.
    #[serde(default)]
    pub(crate) endpoint: String,
    /// The product, where no record names one.
    #[serde(default)]
    pub(crate) product: String,
}

/// What source and destination are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Ends {
    /// Those of the packet.
    #[default]
    Packet,
    /// Those of the session: who opened it and whom it was opened to.
    Session,
}

/// A layout as its file says it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayoutFile {
    name: String,
    title: String,
    confirmed: bool,
    log: Log,
    #[serde(default)]
    format: Format,
    #[serde(default)]
    time_zone: Option<String>,
    #[serde(default)]
    date_order: Option<DateOrder>,
    #[serde(default)]
    epoch: bool,
    #[serde(default)]
    ends: Ends,
    required: Vec<Vec<Field>>,
    #[serde(default)]
    when: Vec<When>,
    #[serde(default)]
    present: BTreeMap<String, Direction>,
    columns: BTreeMap<Field, Vec<String>>,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    values: Tables,
    #[serde(default)]
    implied: Implied,
}

/// A layout file that is wrong.
#[derive(Debug, thiserror::Error)]
pub enum LayoutError {
    /// It can not be read, is not TOML, or not of a layout's shape.
    #[error("layout {file}: {message}")]
    Shape {
        /// The file.
        file: String,
        /// Where and why.
        message: String,
    },
    /// It says something twice, or a word that is in no vocabulary.
    #[error("layout {file}: {what}")]
    Content {
        /// The file.
        file: String,
        /// What.
        what: String,
    },
}

impl Layout {
    /// Reads a layout from the text of its file.
    ///
    /// # Errors
    /// What is wrong in it.
    pub fn parse(text: &str, file: &str) -> Result<Self, LayoutError> {
        let read: LayoutFile = toml::from_str(text)
            .map_err(|error| LayoutError::Shape { file: file.to_owned(), message: error.to_string() })?;
        Layout::of(read).map_err(|what| LayoutError::Content { file: file.to_owned(), what })
    }

    fn of(read: LayoutFile) -> Result<Self, String> {
        check(&read)?;
        let aliases = aliases(&read)?;
        let mut values = Values::default();
        values.add(&read.values)?;
        for name in &read.words {
            values.add(&shared_words(name)?)?;
        }
        let folded = |when: When| When { is: when.is.iter().map(|text| fold(text)).collect(), ..when };
        Ok(Layout {
            name: read.name,
            title: read.title,
            confirmed: read.confirmed,
            log: read.log,
            format: read.format,
            time_zone: read.time_zone,
            date_order: read.date_order,
            epoch: read.epoch,
            session: read.ends == Ends::Session,
            required: read.required,
            when: read.when.into_iter().map(folded).collect(),
            present: read.present.into_iter().collect(),
            aliases,
            columns: read.columns,
            values,
            implied: read.implied,
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

/// The field of each heading. A heading stands for one field; a key may tell of several.
fn aliases(read: &LayoutFile) -> Result<Map<String, Field>, String> {
    let mut aliases = Map::default();
    for (field, headings) in &read.columns {
        for heading in headings {
            let other = aliases.insert(fold(heading), *field).filter(|other| other != field);
            if let Some(other) = other.filter(|_| !read.format.is_keyed()) {
                let (other, field) = (other.as_str(), field.as_str());
                return Err(format!("heading {heading:?} stands for {other} and {field}"));
            }
        }
    }
    Ok(aliases)
}

/// What can be wrong in a layout's file beside its tables.
fn check(read: &LayoutFile) -> Result<(), String> {
    if let Some(zone) = read.time_zone.as_ref().filter(|zone| TimeZone::get(zone).is_err()) {
        return Err(format!("time_zone {zone:?} is no zone"));
    }
    let has = |field: &Field| read.columns.get(field).is_some_and(|headings| !headings.is_empty());
    if let Some(field) = read.required.iter().flatten().find(|field| !has(field)) {
        return Err(format!("{} is required and has no headings", field.as_str()));
    }
    if read.required.iter().all(Vec::is_empty) {
        return Err("nothing is required, so that any file would fit".to_owned());
    }
    if let Some(when) = read.when.iter().find(|when| when.is.is_empty() && when.between.is_none()) {
        return Err(format!("when {:?}: it says neither `is` nor `between`", when.key));
    }
    let sided = has(&Field::Remote);
    let directed = has(&Field::Source) && has(&Field::Destination);
    if sided == directed {
        return Err("it needs either a remote column, or a source and a destination column".to_owned());
    }
    if read.format == Format::Positions {
        let number = |heading: &&String| heading.parse::<usize>().is_err();
        if let Some(heading) = read.columns.values().flatten().find(number) {
            return Err(format!("{heading:?} is no place of a cell, which is a number from 1"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_layout_says_where() {
        let head = "name = \"x\"\ntitle = \"X\"\nconfirmed = false\nlog = \"connection\"\n";
        for (rest, says) in [
            ("[columns]\ntime = [\"A\"]\nuser = [\"a \"]\n", "stands for"),
            ("[columns]\ncolour = [\"A\"]\n", "unknown variant"),
            ("[columns]\ntime = [\"A\"]\n[values.result]\nstopped = [\"x\"]\n", "unknown word"),
            ("[columns]\ntime = [\"A\"]\n[values.taste]\nsweet = [\"x\"]\n", "no field"),
            ("[columns]\ntime = []\n", "has no headings"),
            ("[columns]\n[colour]\n", "unknown field"),
        ] {
            let text = format!("{head}required = [[\"time\"]]\n{rest}")
                .replace("[columns]", "[columns]\nremote = [\"R\"]");
            let error = Layout::parse(&text, "x.toml").unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
            assert!(error.contains("x.toml"), "{error}");
        }
        for (rest, says) in [
            ("required = []\n[columns]\n", "nothing is required"),
            ("required = [[\"time\"]]\n[columns]\ntime = [\"T\"]\n", "either a remote column"),
            (
                "format = \"positions\"\nrequired = [[\"remote\"]]\n[columns]\nremote = [\"R\"]\n",
                "no place of a cell",
            ),
            ("required = [[\"remote\"]]\nwords = [\"x\"]\n[columns]\nremote = [\"R\"]\n", "no table"),
            ("required = [[\"remote\"]]\n[columns]\nremote = [\"R\"]\n[[when]]\nkey = \"k\"\n", "neither"),
            ("required = []\ntime_zone = \"Mars/Base\"\n[columns]\n", "no zone"),
        ] {
            let error = Layout::parse(&format!("{head}{rest}"), "x.toml").unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
            assert!(error.contains("x.toml"), "{error}");
        }
    }
}
