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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::times::{Readings, TimeReader};
    use jiff::tz::TimeZone;

    /// The keys of the notes of a column of times in a zone, each with the counts and words in it.
    fn told(zone: &str, readings: Readings, cells: &[&str]) -> Vec<String> {
        let mut reader = TimeReader::new(TimeZone::get(zone).unwrap(), readings, 0);
        let mut stretches: [Stretch; 2] = [None; 2];
        for cell in cells {
            for (number, at) in reader.read(cell).readings().enumerate() {
                let Ok(at) = at else { continue };
                let (first, last) = stretches[number].unwrap_or((at, at));
                stretches[number] = Some((first.min(at), last.max(at)));
            }
        }
        let text = |message: &Message| ringback_model::Words::text(&ringback_model::message::Keys, message);
        date_notes(&reader.into_evidence(), stretches, zone).iter().map(text).collect()
    }

    #[test]
    fn what_is_open_is_said_with_both_readings() {
        let both = "order=month-first first=2026-02-03T00:00:00Z last=2026-04-05T00:00:00Z other=day-first \
            other_first=2026-03-02T00:00:00Z other_last=2026-05-04T00:00:00Z option=dmy";
        let given = Readings::Given(DateOrder::MonthFirst);
        for (readings, cells, expected) in [
            (Readings::Two, &["02/03/2026", "04/05/2026", "03/04/2026"][..], &*format!("ambiguous {both}")),
            (Readings::Two, &["02/02/2026", "03/03/2026"], ""),
            (Readings::Two, &["2026-02-03", "03.04.2026"], ""),
            (Readings::Two, &["02/03/2026", "13/03/2026"], "proven order=day-first"),
            (
                Readings::Two,
                &["13/03/2026", "14/03/2026", "03/15/2026"],
                "contradicted order=day-first rows=1",
            ),
            (Readings::Proven(DateOrder::DayFirst), &["03/15/2026"], "contradicted order=day-first rows=1"),
            (given, &["03/04/2026"], ""),
            (given, &["03/04/2026", "13/04/2026"], "given order=month-first rows=1"),
            (Readings::Two, &["13/06/2026", "2026-07-06"], "proven order=day-first, turned rows=1"),
        ] {
            let keys = told("UTC", readings, cells).join(", ").replace("input.dates-", "");
            assert_eq!(keys, expected, "{cells:?}");
        }
    }

    #[test]
    fn the_logs_own_order_is_said() {
        let cells = ["09/01/2026", "10/01/2026", "01/02/2026"];
        let notes = told("UTC", Readings::Two, &cells);
        assert_eq!(
            notes,
            ["input.dates-by-order order=day-first first=2026-01-09T00:00:00Z last=2026-02-01T00:00:00Z \
                other=month-first other_first=2026-01-02T00:00:00Z other_last=2026-10-01T00:00:00Z option=mdy"]
        );
    }

    #[test]
    fn gaps_and_folds_are_those_of_the_reading_that_holds() {
        for (readings, cells, expected) in [
            (
                Readings::Plain,
                &["2026-10-25 02:30", "2026-10-25 02:31", "2026-03-29 02:30", "2026-06-01"][..],
                "folds rows=2 zone=Europe/Berlin, gaps rows=1 zone=Europe/Berlin",
            ),
            (Readings::Given(DateOrder::DayFirst), &["25/10/2026 02:30"], "folds rows=1 zone=Europe/Berlin"),
            (Readings::Given(DateOrder::MonthFirst), &["01/11/2026 02:30"], ""),
            (Readings::Plain, &["2026-10-25 02:30:00+01:00"], ""),
        ] {
            let keys = told("Europe/Berlin", readings, cells).join(", ").replace("input.zone-", "");
            assert_eq!(keys, expected, "{cells:?}");
        }
        assert_eq!(
            told("America/New_York", Readings::Given(DateOrder::MonthFirst), &["11/01/2026 01:30"]),
            ["input.zone-folds rows=1 zone=America/New_York"]
        );
        assert!(
            told("America/New_York", Readings::Given(DateOrder::DayFirst), &["11/01/2026 01:30"]).is_empty()
        );
    }
}
