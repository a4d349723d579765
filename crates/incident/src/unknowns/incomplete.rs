//! What exports may lack.

use super::{CUT, Known, ROW_LIMIT, SILENCE, SKEW, cut, skewed};
use crate::ground::{Ground, Sum};
use ringback_model::Message;
use ringback_model::case::{Input, Unknown, UnknownKind};

/// The rows that a sheet holds in the older and the newer format of a widespread spreadsheet, with and without a heading.
const SHEETS: &[u64] = &[65_535, 65_536, 1_048_575, 1_048_576];

/// The notes of inputs that were not read to their end.
const NOT_READ: &[&str] = &["input.no-layout", "input.unreadable", "input.cut-short"];

/// What the inputs may lack, and which of their clocks differ.
pub(super) fn incomplete(ground: &Ground<'_>) -> Vec<Unknown> {
    let told = |known: &Known, details: Vec<Message>| {
        let unknown = || known.told(UnknownKind::Incomplete, Sum::default());
        (!details.is_empty()).then(|| Unknown { details: cut(details), ..unknown() })
    };
    let of_inputs = |tell: fn(&Input) -> Option<Message>| ground.inputs.iter().filter_map(tell).collect();
    let skews = ground.skews.iter().map(|skew| skewed(skew, ground.symbols)).collect();
    let silences = ground.inputs.iter().flat_map(silences).collect();
    [
        told(&SKEW, skews),
        told(&ROW_LIMIT, of_inputs(at_limit)),
        told(&CUT, of_inputs(not_read)),
        told(&SILENCE, silences),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether a number of rows is one at which consoles and spreadsheets end: 1,000, 2,000, a multiple of 5,000, or a full
/// sheet.
fn is_limit(rows: u64) -> bool {
    matches!(rows, 1_000 | 2_000) || (rows > 0 && rows.is_multiple_of(5_000)) || SHEETS.contains(&rows)
}

fn at_limit(input: &Input) -> Option<Message> {
    let told = || Message::new("unknown.detail.input-rows").with("input", input.name.as_str());
    is_limit(input.rows).then(|| told().with("rows", input.rows))
}

fn not_read(input: &Input) -> Option<Message> {
    let cut = input.notes.iter().any(|note| NOT_READ.contains(&note.key));
    cut.then(|| Message::new("unknown.detail.input").with("input", input.name.as_str()))
}

fn silences(input: &Input) -> Vec<Message> {
    let told = |(from, to): &(ringback_model::Instant, ringback_model::Instant)| {
        let hours = u64::try_from((to.seconds() - from.seconds()) / 3600).unwrap_or_default();
        Message::new("unknown.detail.silence")
            .with("input", input.name.as_str())
            .with("from", *from)
            .with("to", *to)
            .with("hours", hours)
    };
    input.silences.iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_round_numbers_and_full_sheets() {
        for (rows, expected) in [
            (0, false),
            (999, false),
            (1_000, true),
            (3_000, false),
            (10_000, true),
            (49_999, false),
            (50_000, true),
            (65_536, true),
            (65_537, false),
            (1_048_575, true),
        ] {
            assert_eq!(is_limit(rows), expected, "{rows}");
        }
    }
}
