//! What readers of a report should know of a source's dates.

use crate::dates::{DateDecision, DateEvidence, DateOrder};
use ringback_model::{Arg, Instant, Message};

/// The first and the last instant under one reading of the dates.
type Stretch = Option<(Instant, Instant)>;

/// What is to say of a source's dates, with the stretch of time under each reading that was counted and the name of the
/// zone of times that name none.
pub fn date_notes(evidence: &DateEvidence, stretches: [Stretch; 2], zone: &str) -> Vec<Message> {
    let decision = evidence.decide();
    let mut notes: Vec<Message> = order_note(decision, stretches).into_iter().collect();
    if let Some(rows) = evidence.turned() {
        notes.push(Message::new("input.dates-turned").with("rows", rows));
    }
    let reading = decision.reading();
    let shifts = [("input.zone-folds", evidence.folds[reading]), ("input.zone-gaps", evidence.gaps[reading])];
    for (key, rows) in shifts.into_iter().filter(|(_, rows)| *rows > 0) {
        notes.push(Message::new(key).with("rows", rows).with("zone", zone));
    }
    notes
}

fn order_note(decision: DateDecision, stretches: [Stretch; 2]) -> Option<Message> {
    let with = |key, order| Message::new(key).with("order", term(order));
    match decision {
        DateDecision::Plain | DateDecision::Given(_, 0) => None,
        DateDecision::Given(order, against) => Some(with("input.dates-given", order).with("rows", against)),
        DateDecision::Proven(order, 0) => Some(with("input.dates-proven", order)),
        DateDecision::Proven(order, against) => {
            Some(with("input.dates-contradicted", order).with("rows", against))
        }
        DateDecision::ByOrder(order) => Some(both("input.dates-by-order", order, stretches)),
        DateDecision::Ambiguous(order) => Some(both("input.dates-ambiguous", order, stretches)),
    }
}

/// A note that names both orders, the one that was taken first.
fn both(key: &'static str, order: DateOrder, stretches: [Stretch; 2]) -> Message {
    let other = order.other();
    let ends = |order: DateOrder| {
        let text = |at: Instant| Arg::Time(at);
        let unknown = || (Arg::Text("–".to_owned()), Arg::Text("–".to_owned()));
        stretches[order as usize].map_or_else(unknown, |(first, last)| (text(first), text(last)))
    };
    let ((first, last), (other_first, other_last)) = (ends(order), ends(other));
    Message {
        key,
        args: vec![
            ("order", term(order)),
            ("first", first),
            ("last", last),
            ("other", term(other)),
            ("other_first", other_first),
            ("other_last", other_last),
            ("option", Arg::Text(other.as_str().to_owned())),
        ],
    }
}

fn term(order: DateOrder) -> Arg {
    Arg::Term(match order {
        DateOrder::MonthFirst => "month-first",
        DateOrder::DayFirst => "day-first",
    })
}
