//! Layouts: data that says how one kind of export is read.

use crate::field::Field;
use include_dir::{Dir, include_dir};
use jiff::tz::TimeZone;
use ringback_model::{Direction, ListSource, Log, Map, RequestKind, ResultKind, Risk, Threat};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

static BUILTIN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/layouts");

/// All layouts that are known, by name.
#[derive(Debug)]
pub struct Layouts {
    layouts: Vec<Arc<Layout>>,
}

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
    /// The zone of its times, where the format fixes it.
    pub time_zone: Option<String>,
    /// Groups of fields: of each group the headings must have one.
    pub(crate) required: Vec<Vec<Field>>,
    aliases: Map<String, Field>,
    examples: BTreeMap<Field, String>,
    pub(crate) values: Values,
    pub(crate) implied: Implied,
}

/// The spellings of values, folded.
#[derive(Debug, Default)]
pub(crate) struct Values {
    pub(crate) direction: Map<String, Direction>,
    pub(crate) message: Map<String, RequestKind>,
    pub(crate) result: Map<String, ResultKind>,
    pub(crate) list: Map<String, ListSource>,
    pub(crate) risk: Map<String, Risk>,
}

/// What a layout says of every row without a column for it.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Implied {
    pub(crate) threat: Option<Threat>,
    pub(crate) direction: Option<Direction>,
    pub(crate) message: Option<RequestKind>,
    pub(crate) list: Option<ListSource>,
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
    time_zone: Option<String>,
    required: Vec<Vec<Field>>,
    columns: BTreeMap<Field, Vec<String>>,
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    #[serde(default)]
    implied: Implied,
}

/// A layout file that is wrong.
#[derive(Debug, thiserror::Error)]
pub enum LayoutError {
    /// It is not TOML, or not of a layout's shape.
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

impl Layouts {
    /// The layouts that the program carries.
    ///
    /// # Errors
    /// A layout file that is wrong; a test holds that none is.
    pub fn builtin() -> Result<Self, LayoutError> {
        let mut files: Vec<_> = BUILTIN.files().collect();
        files.sort_by_key(|file| file.path());
        let parse = |file: &include_dir::File<'_>| {
            Layout::parse(file.contents_utf8().unwrap_or_default(), &file.path().display().to_string())
                .map(Arc::new)
        };
        Ok(Layouts { layouts: files.into_iter().map(parse).collect::<Result<_, _>>()? })
    }

    /// Every layout, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Layout>> {
        self.layouts.iter()
    }

    /// The layout of a name.
    pub fn get(&self, name: &str) -> Option<&Arc<Layout>> {
        self.layouts.iter().find(|layout| layout.name == name)
    }
}

impl Layout {
    /// Reads a layout from the text of its file.
    ///
    /// # Errors
    /// What is wrong in it.
    pub fn parse(text: &str, file: &str) -> Result<Self, LayoutError> {
        let read: LayoutFile = toml::from_str(text)
            .map_err(|error| LayoutError::Shape { file: file.to_owned(), message: error.to_string() })?;
        let wrong = |what: String| LayoutError::Content { file: file.to_owned(), what };
        let mut aliases = Map::default();
        for (field, headings) in &read.columns {
            for heading in headings {
                if let Some(other) = aliases.insert(fold(heading), *field).filter(|other| other != field) {
                    return Err(wrong(format!("heading {heading:?} stands for {other:?} and {field:?}")));
                }
            }
        }
        if let Some(zone) = read.time_zone.as_ref().filter(|zone| TimeZone::get(zone).is_err()) {
            return Err(wrong(format!("time_zone {zone:?} is no zone")));
        }
        let has = |field: &Field| read.columns.get(field).is_some_and(|headings| !headings.is_empty());
        if let Some(field) = read.required.iter().flatten().find(|field| !has(field)) {
            return Err(wrong(format!("{field:?} is required and has no headings")));
        }
        if read.required.iter().all(Vec::is_empty) {
            return Err(wrong("nothing is required, so that any file would fit".to_owned()));
        }
        let values = Values::of(&read.values).map_err(wrong)?;
        let first = |(field, headings): (&Field, &Vec<String>)| Some((*field, headings.first()?.clone()));
        let examples = read.columns.iter().filter_map(first).collect();
        Ok(Layout {
            name: read.name,
            title: read.title,
            confirmed: read.confirmed,
            log: read.log,
            time_zone: read.time_zone,
            required: read.required,
            aliases,
            examples,
            values,
            implied: read.implied,
        })
    }

    /// A heading that stands for a field, to name it to people.
    pub(crate) fn heading_of(&self, field: Field) -> &str {
        self.examples.get(&field).map_or("", String::as_str)
    }

    /// The field that a heading stands for.
    pub fn field(&self, heading: &str) -> Option<Field> {
        self.aliases.get(&fold(heading)).copied()
    }
}

impl Values {
    fn of(tables: &BTreeMap<String, BTreeMap<String, Vec<String>>>) -> Result<Self, String> {
        let mut values = Values::default();
        for (field, table) in tables {
            match field.as_str() {
                "direction" => values.direction = spellings(field, table)?,
                "message" => values.message = spellings(field, table)?,
                "result" => values.result = spellings(field, table)?,
                "list" => values.list = spellings(field, table)?,
                "risk" => values.risk = spellings(field, table)?,
                other => return Err(format!("values.{other}: no field has values of this name")),
            }
        }
        Ok(values)
    }
}

fn spellings<T>(field: &str, table: &BTreeMap<String, Vec<String>>) -> Result<Map<String, T>, String>
where
    T: Copy + FromStr + PartialEq,
    T::Err: std::fmt::Display,
{
    let mut map = Map::default();
    for (word, spelled) in table {
        let value: T = word.parse().map_err(|error| format!("values.{field}: {error}"))?;
        for spelling in spelled {
            if map.insert(fold(spelling), value).is_some_and(|other| other != value) {
                return Err(format!("values.{field}: {spelling:?} stands for two values"));
            }
        }
    }
    Ok(map)
}

/// A heading or value as it is compared: without case, full-width forms, outer and repeated blanks.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for char in text.chars() {
        let char = match char {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(char) - 0xfee0).unwrap_or(char),
            '\u{feff}' => continue,
            other => other,
        };
        if char.is_whitespace() {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else {
            folded.extend(char.to_lowercase());
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layouts_that_are_carried_are_right() {
        let layouts = Layouts::builtin().unwrap();
        let names: Vec<&str> = layouts.iter().map(|layout| layout.name.as_str()).collect();
        assert!(names.contains(&"officescan-suspicious-connection"), "{names:?}");
        assert!(names.contains(&"officescan-cnc-callback"), "{names:?}");
    }

    #[test]
    fn headings_are_compared_without_their_dress() {
        for (heading, folded) in [
            ("  Date/Time ", "date/time"),
            ("Ｄate　／Time", "date /time"),
            ("\u{feff}User\u{a0} name", "user name"),
        ] {
            assert_eq!(fold(heading), folded);
        }
    }

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
            let text = format!("{head}required = [[\"time\"]]\n{rest}");
            let error = Layout::parse(&text, "x.toml").unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
            assert!(error.contains("x.toml"), "{error}");
        }
        for (rest, says) in [
            ("required = []\n[columns]\n", "nothing is required"),
            ("required = []\ntime_zone = \"Mars/Base\"\n[columns]\n", "no zone"),
        ] {
            let error = Layout::parse(&format!("{head}{rest}"), "x.toml").unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
            assert!(error.contains("x.toml"), "{error}");
        }
    }
}
