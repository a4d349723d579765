//! The forms in which times are written, for people: `MM/DD/YYYY hh:mm:ss AM`.

use crate::dates::DateOrder;
use crate::spoiled::is_spoiled;
use crate::times::since_epoch;
use crate::written::{WrittenDate, written};

/// The longest form that is told, in characters; the blanks and signs between parts are the log's own.
const LONGEST: usize = 48;

/// How a time is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// As a date and a clock; `open` where the order of day and month is not fixed by it: then month stands first in it.
    Written {
        /// The form, such as `MM/DD/YYYY hh:mm`.
        form: String,
        /// Whether day and month may stand the other way round.
        open: bool,
    },
    /// As a number since 1970, in this unit.
    Since1970(&'static str),
    /// Not at all.
    Empty,
    /// As what a spreadsheet put in its place.
    Spoiled,
    /// In no form that is known.
    Unknown,
}

impl Form {
    /// The form of a cell; `epoch` says whether bare numbers count from 1970.
    pub(crate) fn of(cell: &str, epoch: bool) -> Self {
        let cell = cell.trim();
        if epoch && since_epoch(cell).is_some() {
            let digits = cell.bytes().take_while(u8::is_ascii_digit).count();
            return Form::Since1970(match digits {
                10 => "seconds",
                13 => "milliseconds",
                _ => "microseconds",
            });
        }
        match written(cell) {
            Some(read) => {
                let (numbers, open) = match read.date {
                    WrittenDate::Open(..) => (&["MM", "DD", "YYYY"][..], true),
                    WrittenDate::Plain(..) => (plain(cell), false),
                };
                Form::Written { form: spelled(cell, numbers), open }
            }
            None if cell.is_empty() => Form::Empty,
            None if is_spoiled(cell) => Form::Spoiled,
            None => Form::Unknown,
        }
    }

    /// Whether times of this form can be read.
    pub fn is_read(&self) -> bool {
        matches!(self, Form::Written { .. } | Form::Since1970(_))
    }

    /// The form under an order of day and month; in words where there is none.
    pub fn told(&self, order: Option<DateOrder>) -> String {
        match self {
            Form::Written { form, open: true } if order == Some(DateOrder::DayFirst) => {
                form.replacen("MM", "\0", 1).replacen("DD", "MM", 1).replacen('\0', "DD", 1)
            }
            Form::Written { form, .. } => form.clone(),
            Form::Since1970(unit) => format!("{unit} since 1970"),
            Form::Empty => "empty".to_owned(),
            Form::Spoiled => "what a spreadsheet put there".to_owned(),
            Form::Unknown => "unknown".to_owned(),
        }
    }
}

/// The numbers of a date whose form fixes their order.
fn plain(cell: &str) -> &'static [&'static str] {
    let first = cell.bytes().take_while(u8::is_ascii_digit).count();
    let named = cell.char_indices().find(|(_, char)| char.is_alphabetic() && !is_sign(*char));
    // A name before the clock is a month's; the letters after that are T, AM or a zone's.
    if named.is_some_and(|(at, _)| !cell[..at].contains(':') && cell[..at].matches(is_digit).count() <= 2) {
        return &["DD", "YYYY"];
    }
    if first == 4 { &["YYYY", "MM", "DD"] } else { &["DD", "MM", "YYYY"] }
}

fn is_digit(char: char) -> bool {
    char.is_ascii_digit()
}

/// The signs that stand after the numbers of a date and a clock in Japanese and Chinese.
fn is_sign(char: char) -> bool {
    matches!(char, '年' | '月' | '日' | '時' | '分' | '秒')
}

/// A time with the names of its parts in their places. `numbers` are those of its date.
fn spelled(cell: &str, numbers: &[&str]) -> String {
    let mut date = numbers.iter();
    let mut clock = ["hh", "mm", "ss", "fff", "", ""].iter();
    let mut form = String::new();
    let mut rest = cell;
    while let Some(first) = rest.chars().next() {
        let alike = |char: char| kind(char) == kind(first);
        let length = rest.find(|char| !alike(char)).unwrap_or(rest.len());
        let (part, after) = rest.split_at(length);
        match kind(first) {
            Kind::Digits => form.push_str(date.next().or_else(|| clock.next()).unwrap_or(&"")),
            Kind::Letters => form.push_str(&letters(part)),
            Kind::Blanks => form.push(' '),
            Kind::Offset if date.len() == 0 => {
                form.push_str(&offset(rest));
                break;
            }
            Kind::Offset | Kind::Signs => form.push_str(part),
        }
        rest = after;
    }
    form.trim_end().chars().take(LONGEST).collect()
}

/// What characters of a time are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Digits,
    Letters,
    Blanks,
    /// What starts an offset, or stands between the numbers of a date.
    Offset,
    Signs,
}

fn kind(char: char) -> Kind {
    match char {
        '0'..='9' => Kind::Digits,
        '+' | '-' => Kind::Offset,
        char if char.is_whitespace() => Kind::Blanks,
        char if char.is_alphabetic() && !is_sign(char) => Kind::Letters,
        _ => Kind::Signs,
    }
}

fn letters(part: &str) -> String {
    match part.to_lowercase().as_str() {
        "am" | "pm" => "AM".to_owned(),
        "t" | "z" | "utc" | "gmt" => part.to_uppercase(),
        _ => "Mon".to_owned(),
    }
}

fn offset(rest: &str) -> String {
    let digits = rest[1..].bytes().take_while(u8::is_ascii_digit).count();
    match (rest.contains(':'), digits) {
        (true, _) => "+hh:mm".to_owned(),
        (false, 0..=2) => "+hh".to_owned(),
        _ => "+hhmm".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_told_in_the_parts_of_dates_and_clocks() {
        for (cell, month_first, day_first) in [
            ("06/18/2020 09:15:02", "MM/DD/YYYY hh:mm:ss", "DD/MM/YYYY hh:mm:ss"),
            ("6/8/2020 9:15:02 PM", "MM/DD/YYYY hh:mm:ss AM", "DD/MM/YYYY hh:mm:ss AM"),
            ("6/8/2020, 9:15:02\u{202f}pm", "MM/DD/YYYY, hh:mm:ss AM", "DD/MM/YYYY, hh:mm:ss AM"),
            ("06-18-2020", "MM-DD-YYYY", "DD-MM-YYYY"),
            ("2020-06-18 09:15:02", "YYYY-MM-DD hh:mm:ss", ""),
            ("2020-06-18T09:15:02.250Z", "YYYY-MM-DDThh:mm:ss.fffZ", ""),
            ("2020-06-18T09:15:02+02:00", "YYYY-MM-DDThh:mm:ss+hh:mm", ""),
            ("2020-06-18T09:15:02-0730", "YYYY-MM-DDThh:mm:ss+hhmm", ""),
            ("2020/06/18 9:15", "YYYY/MM/DD hh:mm", ""),
            ("18.06.2020 09:15:02", "DD.MM.YYYY hh:mm:ss", ""),
            ("18. Mai 2020 09:15", "DD. Mon YYYY hh:mm", ""),
            ("Oct 11 2017 06:34:09 GMT+00:00", "Mon DD YYYY hh:mm:ss GMT+hh:mm", ""),
            ("2020年6月18日 9時15分02秒", "YYYY年MM月DD日 hh時mm分ss秒", ""),
            ("", "empty", ""),
            ("43999.385", "what a spreadsheet put there", ""),
            ("yesterday", "unknown", ""),
            ("1516713364", "unknown", ""),
        ] {
            let form = Form::of(cell, false);
            assert_eq!(form.told(Some(DateOrder::MonthFirst)), month_first, "{cell}");
            let other = if day_first.is_empty() { month_first } else { day_first };
            assert_eq!(form.told(Some(DateOrder::DayFirst)), other, "{cell}");
        }
        for (cell, told) in [
            ("1516713364.25", "seconds since 1970"),
            ("1516713364123", "milliseconds since 1970"),
            ("2020-06-18", "YYYY-MM-DD"),
        ] {
            assert_eq!(Form::of(cell, true).told(None), told);
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(cell in "[0-9/.: TZAPM+-]{0,30}|\\PC{0,20}", epoch: bool) {
            Form::of(&cell, epoch);
        }
    }
}
