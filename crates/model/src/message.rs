//! What is said to people, before it is text in a language.

use crate::instant::Instant;

/// A statement as a key and arguments. Its text is made by [`Words`], in the reader's language.
///
/// Arguments carry only what the thing that the message belongs to does not say itself, so that the findings of a case
/// can share their reasons.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Message {
    /// The key in the catalogue of words, such as `origin.direction-and-message`.
    pub key: &'static str,
    /// Named arguments, in the order of their use.
    pub args: Vec<(&'static str, Arg)>,
}

impl Message {
    /// A message without arguments.
    pub fn new(key: &'static str) -> Self {
        Message { key, args: Vec::new() }
    }

    /// The same message with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, arg: impl Into<Arg>) -> Self {
        self.args.push((name, arg.into()));
        self
    }
}

/// An argument of a [`Message`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Arg {
    /// Text as it stands; untrusted text is escaped by the artefact that it goes to.
    Text(String),
    /// A count, written in the reader's conventions.
    Count(u64),
    /// An instant, written in the report's time zone.
    Time(Instant),
    /// A word of a vocabulary (such as `lateral-movement`), translated by the catalogue.
    Term(&'static str),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Arg::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Arg::Text(text)
    }
}

impl From<u64> for Arg {
    fn from(count: u64) -> Self {
        Arg::Count(count)
    }
}

impl From<Instant> for Arg {
    fn from(instant: Instant) -> Self {
        Arg::Time(instant)
    }
}

/// Turns messages into text in one language.
pub trait Words: Send + Sync {
    /// The text of a message. A key without an entry gives the key itself, never an empty text.
    fn text(&self, message: &Message) -> String;
}

/// Words that are no language: a message is its key and its arguments. For tests and for programs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keys;

impl Words for Keys {
    fn text(&self, message: &Message) -> String {
        let mut text = message.key.to_owned();
        for (name, arg) in &message.args {
            let value = match arg {
                Arg::Text(value) => value.clone(),
                Arg::Count(count) => count.to_string(),
                Arg::Time(instant) => instant.to_string(),
                Arg::Term(word) => (*word).to_owned(),
            };
            text.extend([" ", name, "=", &value]);
        }
        text
    }
}
