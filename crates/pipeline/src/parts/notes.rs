//! Messages in parts: keys and names of arguments are words of the program, so they are looked for among those it knows.

use ringback_model::{Arg, Message};
use ringback_tally::part::{PartError, WireReader, WireWriter};

/// What is noticed in the first bytes of inputs.
const KEYS: &[&str] = &[
    "input.encoding-guessed",
    "input.heading-line",
    "input.duplicate-heading",
    "input.extra-columns",
    "input.no-endpoint",
    "input.no-event-yet",
    "input.no-time-column",
    "input.zone-assumed",
];

/// The names of the arguments.
const NAMES: &[&str] = &["columns", "encoding", "endpoint", "heading", "line"];

const UNKNOWN: PartError = PartError::Damaged("a note is unknown");

/// Writes a message.
pub(crate) fn write(out: &mut WireWriter, message: &Message) {
    out.text(message.key);
    out.count(message.args.len());
    for (name, arg) in &message.args {
        out.text(name);
        match arg {
            Arg::Text(text) => {
                out.byte(0);
                out.text(text);
            }
            Arg::Count(count) => {
                out.byte(1);
                out.number(*count);
            }
            Arg::Time(at) => {
                out.byte(2);
                out.instant(*at);
            }
            Arg::Term(word) => {
                out.byte(3);
                out.text(word);
            }
        }
    }
}

/// Reads a message.
///
/// # Errors
/// It is none that is known.
pub(crate) fn read(input: &mut WireReader<'_>) -> Result<Message, PartError> {
    let key = known(KEYS, input.text()?)?;
    let args = input.list(|input| {
        let name = known(NAMES, input.text()?)?;
        let arg = match input.byte()? {
            0 => Arg::Text(input.text()?.to_owned()),
            1 => Arg::Count(input.number()?),
            2 => Arg::Time(input.instant()?),
            _ => return Err(UNKNOWN),
        };
        Ok((name, arg))
    })?;
    Ok(Message { key, args })
}

fn known(words: &[&'static str], word: &str) -> Result<&'static str, PartError> {
    words.iter().find(|known| **known == word).copied().ok_or(UNKNOWN)
}
