//! What a user sets for a pack.

use crate::manifest::{Manifest, nearest};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The value of an option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum OptionValue {
    /// Yes or no.
    Flag(bool),
    /// A count.
    Count(u64),
    /// Text.
    Text(String),
}

impl<'de> Deserialize<'de> for OptionValue {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl serde::de::Visitor<'_> for Any {
            type Value = OptionValue;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true, false, a count or a text")
            }

            fn visit_bool<E>(self, value: bool) -> Result<OptionValue, E> {
                Ok(OptionValue::Flag(value))
            }

            fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<OptionValue, E> {
                u64::try_from(value).map(OptionValue::Count).map_err(|_| E::custom("a count is not negative"))
            }

            fn visit_u64<E>(self, value: u64) -> Result<OptionValue, E> {
                Ok(OptionValue::Count(value))
            }

            fn visit_str<E>(self, value: &str) -> Result<OptionValue, E> {
                Ok(OptionValue::Text(value.to_owned()))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// The values of all options of a pack. Serialised, it is what templates see as `options`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Options(BTreeMap<String, OptionValue>);

/// An option that can not be set so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionError {
    /// The pack has no such option.
    #[error("unknown option {name:?}{}", .nearest.as_ref().map(|n| format!(", did you mean {n:?}?")).unwrap_or_default())]
    Unknown {
        /// The name.
        name: String,
        /// The nearest one that there is.
        nearest: Option<String>,
    },
    /// The value is of another kind.
    #[error("option {name:?} takes {expected}, not {value:?}")]
    Kind {
        /// The name.
        name: String,
        /// What it takes.
        expected: &'static str,
        /// What it was given.
        value: String,
    },
}

impl Options {
    /// The options of a pack as its manifest gives them.
    pub fn of(manifest: &Manifest) -> Self {
        Options(manifest.options.iter().map(|(name, spec)| (name.clone(), spec.default.clone())).collect())
    }

    /// Sets an option from text, as a command line has it.
    ///
    /// # Errors
    ///
    /// There is no such option, or the text is not a value of its kind.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), OptionError> {
        let Some(value) = self.0.get(name) else {
            let nearest = nearest(name, self.0.keys().map(String::as_str)).map(str::to_owned);
            return Err(OptionError::Unknown { name: name.to_owned(), nearest });
        };
        let (parsed, expected) = match value {
            OptionValue::Flag(_) => (text.parse().ok().map(OptionValue::Flag), "true or false"),
            OptionValue::Count(_) => (text.parse().ok().map(OptionValue::Count), "a count"),
            OptionValue::Text(_) => (Some(OptionValue::Text(text.to_owned())), "a text"),
        };
        let kind = || OptionError::Kind { name: name.to_owned(), expected, value: text.to_owned() };
        self.0.insert(name.to_owned(), parsed.ok_or_else(kind)?);
        Ok(())
    }

    /// Lowers an option that is a count; one that is no count stays.
    pub fn lower(&mut self, name: &str, most: u64) {
        if let Some(OptionValue::Count(count)) = self.0.get_mut(name) {
            *count = most.min(*count);
        }
    }

    /// The names of the options.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The value of an option.
    pub fn get(&self, name: &str) -> Option<&OptionValue> {
        self.0.get(name)
    }

    /// The value of an option that is a count.
    pub fn count(&self, name: &str) -> Option<u64> {
        match self.0.get(name) {
            Some(OptionValue::Count(count)) => Some(*count),
            _ => None,
        }
    }

    /// Whether an option that is yes or no is yes.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.0.get(name), Some(OptionValue::Flag(true)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_keep_their_kind() {
        let mut options = Options(BTreeMap::from([
            ("rows".to_owned(), OptionValue::Count(5)),
            ("long".to_owned(), OptionValue::Flag(false)),
            ("note".to_owned(), OptionValue::Text(String::new())),
        ]));
        options.set("rows", "7").unwrap();
        options.set("long", "true").unwrap();
        options.set("note", "7").unwrap();
        assert_eq!(options.count("rows"), Some(7));
        assert!(options.flag("long"));
        assert_eq!(options.get("note"), Some(&OptionValue::Text("7".to_owned())));
        assert!(matches!(options.set("rows", "-1"), Err(OptionError::Kind { .. })));
        let error = options.set("row", "1").unwrap_err();
        assert_eq!(error.to_string(), "unknown option \"row\", did you mean \"rows\"?");
    }
}
