//! The questions by kind: each says what it is about, what its answer would settle, and what to paste into the profile.

mod exports;
mod exposure;
mod networks;
mod roles;
mod vulnerable;

pub(crate) use exports::{exports, in_assumed_zone, time_zone};
pub(crate) use exposure::{complete, published};
pub(crate) use networks::networks;
pub(crate) use roles::{relays, scanners};
pub(crate) use vulnerable::vulnerable;

use crate::ground::Sum;
use ringback_model::Message;
use ringback_model::case::Question;

/// The most that a question tells one by one, or that its answer lists.
pub(crate) const MOST: usize = 50;

/// A question of rows that have no verdict without its answer.
pub(crate) fn of_verdicts(
    id: String,
    text: Message,
    mut details: Vec<Message>,
    sum: Sum,
    toml: String,
) -> Question {
    details.insert(0, Message::new("question.verdicts").with("rows", sum.rows));
    Question { undetermined: sum.rows, ..question(id, text, details, sum, toml) }
}

/// A question, whose details are cut at [`MOST`].
pub(crate) fn question(id: String, text: Message, details: Vec<Message>, sum: Sum, toml: String) -> Question {
    let mut details = details;
    if details.len() > MOST {
        let more = details.len() - MOST;
        details.truncate(MOST);
        details.push(Message::new("question.more").with("n", more as u64));
    }
    Question { id, text, details, rows: sum.rows, undetermined: 0, findings: sum.findings, toml }
}

/// Texts as a list of strings in TOML. What a log says comes here only after a check of its characters.
pub(crate) fn strings<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let quoted: Vec<String> = texts.into_iter().map(|text| format!("\"{}\"", escaped(text))).collect();
    format!("[{}]", quoted.join(", "))
}

#[cfg(test)]
mod tests;
