//! Times as logged, to instants.

use crate::dates::{DateEvidence, DateOrder};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use ringback_model::{Instant, RejectReason};

/// When a row was, under one reading of its date or two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    readings: [Result<Instant, RejectReason>; 2],
    count: usize,
    /// Whether the time itself names its offset.
    pub offset_logged: bool,
}

impl Times {
    fn one(reading: Result<Instant, RejectReason>) -> Self {
        Times { readings: [reading; 2], count: 1, offset_logged: false }
    }

    /// The readings that are counted: as many as the source's plan says, month first before day first. A time that can be
    /// read in one way only is the same in both.
    pub fn readings(&self) -> impl Iterator<Item = Result<Instant, RejectReason>> + use<> {
        let readings = self.readings;
        readings.into_iter().take(self.count)
    }
}

/// How many readings a source has, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readings {
    /// The order is known; dates that contradict it are rejected.
    One(Option<DateOrder>),
    /// Both are counted.
    Two,
}

/// The parts of a time as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Written {
    date: WrittenDate,
    time: Time,
    offset: Option<Offset>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WrittenDate {
    /// Year, month, day as written.
    Plain(u32, u32, u32),
    /// Two numbers of which one is the day, and the year.
    Open(u32, u32, u32),
}

/// Reads the times of one column in one zone, remembering the last hour's place on the time line.
#[derive(Debug)]
pub(crate) struct TimeReader {
    zone: TimeZone,
    readings: Readings,
    evidence: DateEvidence,
    /// An hour of civil time in which the zone's offset does not change, and its first instant in microseconds.
    hour: Option<((Date, i8), i64)>,
}

impl TimeReader {
    pub(crate) fn new(zone: TimeZone, readings: Readings, from: u64) -> Self {
        let fixed = match readings {
            Readings::One(order) => order,
            Readings::Two => None,
        };
        TimeReader { zone, readings, evidence: DateEvidence::at(from, fixed), hour: None }
    }

    pub(crate) fn into_evidence(self) -> DateEvidence {
        self.evidence
    }

    /// When a row was. Two readings are given for every row of a source that counts two.
    pub(crate) fn read(&mut self, cell: &str) -> Times {
        let written = written(cell.trim());
        let mut times = match written {
            None => Times::one(Err(RejectReason::BadTime)),
            Some(Written { date: WrittenDate::Plain(year, month, day), time, offset }) => {
                Times::one(self.instant(year, month, day, time, offset).ok_or(RejectReason::BadTime))
            }
            Some(Written { date: WrittenDate::Open(first, second, year), time, offset }) => {
                self.open(first, second, year, time, offset)
            }
        };
        times.offset_logged = written.is_some_and(|written| written.offset.is_some());
        times.count = if self.readings == Readings::Two { 2 } else { 1 };
        times
    }

    fn open(&mut self, first: u32, second: u32, year: u32, time: Time, offset: Option<Offset>) -> Times {
        let month_first = self.instant(year, first, second, time, offset);
        let day_first = self.instant(year, second, first, time, offset);
        if month_first.is_none() && day_first.is_none() {
            return Times::one(Err(RejectReason::BadTime));
        }
        self.evidence.see(first, second, [month_first, day_first]);
        let both = [month_first, day_first].map(|at| at.ok_or(RejectReason::DateOrder));
        match self.readings {
            Readings::Two => Times { readings: both, count: 2, offset_logged: false },
            Readings::One(Some(order)) => Times::one(both[order as usize]),
            Readings::One(None) => Times::one(Err(RejectReason::DateOrder)),
        }
    }

    fn instant(
        &mut self,
        year: u32,
        month: u32,
        day: u32,
        time: Time,
        offset: Option<Offset>,
    ) -> Option<Instant> {
        let date =
            Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        if let Some(offset) = offset {
            return offset.to_timestamp(date.to_datetime(time)).ok().map(Instant::from);
        }
        let within = i64::from(time.minute()) * 60_000_000
            + i64::from(time.second()) * 1_000_000
            + i64::from(time.subsec_nanosecond()) / 1000;
        let key = (date, time.hour());
        if let Some((_, start)) = self.hour.filter(|(hour, _)| *hour == key) {
            return Some(Instant::from_micros(start + within));
        }
        let start = self.place(date.at(time.hour(), 0, 0, 0))?;
        let end = self.place(date.at(time.hour(), 59, 59, 0))?;
        if end - start == 3_599_000_000 {
            self.hour = Some((key, start));
            return Some(Instant::from_micros(start + within));
        }
        self.place(date.to_datetime(time)).map(Instant::from_micros)
    }

    /// The instant of a civil time in microseconds; in a gap or fold of summer time the one that jiff calls compatible.
    fn place(&self, civil: DateTime) -> Option<i64> {
        Some(self.zone.to_ambiguous_timestamp(civil).compatible().ok()?.as_microsecond())
    }
}

/// Whether a cell holds a date that can be read in two ways, and its two numbers.
pub(crate) fn open_date(cell: &str) -> Option<(u32, u32)> {
    match written(cell.trim())?.date {
        WrittenDate::Open(first, second, _) => Some((first, second)),
        WrittenDate::Plain(..) => None,
    }
}

/// Reads what is written: `2020-06-18 09:15:02`, `06/18/2020 9:15:02 PM`, `18.06.2020 09:15`, with fractions of seconds,
/// `T`, `Z` or an offset.
fn written(text: &str) -> Option<Written> {
    let mut rest = Rest(text.as_bytes());
    let (first, digits) = rest.number(4)?;
    let separator = rest.one_of(b"-/.")?;
    let (second, _) = rest.number(2)?;
    rest.one_of(&[separator])?;
    let (third, third_digits) = rest.number(4)?;
    let date = match (digits, third_digits) {
        (4, 1 | 2) => WrittenDate::Plain(first, second, third),
        (1 | 2, 4) if separator == b'.' => WrittenDate::Plain(third, second, first),
        (1 | 2, 4) => WrittenDate::Open(first, second, third),
        _ => return None,
    };
    let (time, offset) = clock(&mut rest)?;
    rest.blanks();
    rest.0.is_empty().then_some(Written { date, time, offset })
}

fn clock(rest: &mut Rest<'_>) -> Option<(Time, Option<Offset>)> {
    if rest.0.is_empty() {
        return Some((Time::midnight(), None));
    }
    if rest.one_of(b"Tt").is_none() {
        rest.one_of(b",");
        rest.blanks();
    }
    let (hour, _) = rest.number(2)?;
    rest.one_of(b":")?;
    let (minute, _) = rest.number(2)?;
    let (mut second, mut nanos) = (0, 0);
    if rest.one_of(b":").is_some() {
        second = rest.number(2)?.0;
        if rest.one_of(b".,").is_some() {
            nanos = rest.fraction()?;
        }
    }
    rest.blanks();
    let hour = rest.half_of_day(hour)?;
    rest.blanks();
    let offset = rest.offset()?;
    let part = |number: u32| i8::try_from(number).ok();
    Some((Time::new(part(hour)?, part(minute)?, part(second)?, nanos).ok()?, offset))
}

/// What is left of a text.
struct Rest<'t>(&'t [u8]);

impl Rest<'_> {
    /// A number of at most so many digits, and how many it has.
    fn number(&mut self, most: usize) -> Option<(u32, usize)> {
        let digits = self.0.iter().take(most + 1).take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 || digits > most {
            return None;
        }
        let number = self.0[..digits].iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
        self.0 = &self.0[digits..];
        Some((number, digits))
    }

    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first().filter(|(first, _)| bytes.contains(first))?;
        self.0 = rest;
        Some(*first)
    }

    /// Blanks, also those that do not break, which some programs write before AM and PM.
    fn blanks(&mut self) {
        loop {
            let before = self.0.len();
            for blank in [&b" "[..], b"\t", "\u{a0}".as_bytes(), "\u{202f}".as_bytes()] {
                self.0 = self.0.strip_prefix(blank).unwrap_or(self.0);
            }
            if self.0.len() == before {
                return;
            }
        }
    }

    /// The digits after a decimal sign, in nanoseconds.
    fn fraction(&mut self) -> Option<i32> {
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (mut nanos, mut unit) = (0, 100_000_000);
        for digit in self.0.iter().take(digits.min(9)) {
            nanos += i32::from(digit - b'0') * unit;
            unit /= 10;
        }
        self.0 = &self.0[digits..];
        (digits > 0).then_some(nanos)
    }

    /// An hour of the day from an hour with AM or PM, if one follows.
    fn half_of_day(&mut self, hour: u32) -> Option<u32> {
        let half = self.0.get(..2).map(<[u8]>::to_ascii_lowercase);
        let add = match half.as_deref() {
            Some(b"am") => 0,
            Some(b"pm") => 12,
            _ => return Some(hour),
        };
        self.0 = &self.0[2..];
        (1..=12).contains(&hour).then_some(hour % 12 + add)
    }

    /// `Z`, `UTC`, `GMT`, `+02:00`, `GMT+00:00`; `Some(None)` where nothing follows.
    #[expect(
        clippy::option_option,
        reason = "nothing written, nothing understood, and an offset are three things"
    )]
    fn offset(&mut self) -> Option<Option<Offset>> {
        if self.one_of(b"Zz").is_some() {
            return Some(Some(Offset::UTC));
        }
        let named = [&b"GMT"[..], b"UTC"].iter().any(|name| match self.0.strip_prefix(*name) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        });
        let Some(sign) = self.one_of(b"+-") else { return Some(named.then_some(Offset::UTC)) };
        let (mut hours, digits) = self.number(4)?;
        let mut minutes = 0;
        if digits > 2 {
            (hours, minutes) = (hours / 100, hours % 100);
        } else if self.one_of(b":").is_some() {
            minutes = self.number(2)?.0;
        }
        let seconds = i32::try_from(hours * 3600 + minutes * 60).ok().filter(|_| minutes < 60)?;
        Offset::from_seconds(if sign == b'-' { -seconds } else { seconds }).ok().map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reader(zone: &str, readings: Readings) -> TimeReader {
        TimeReader::new(TimeZone::get(zone).unwrap(), readings, 0)
    }

    fn texts(times: Times) -> Vec<String> {
        times.readings().map(|at| at.map_or_else(|no| no.to_string(), |at| at.to_string())).collect()
    }

    #[test]
    fn every_format() {
        for (cell, expected) in [
            ("2020-06-18 09:15:02", "2020-06-18T09:15:02Z"),
            ("2020-06-18T09:15:02+02:00", "2020-06-18T07:15:02Z"),
            ("2020-06-18T09:15:02.250Z", "2020-06-18T09:15:02.25Z"),
            ("2020-06-18T09:15:02-0730", "2020-06-18T16:45:02Z"),
            ("2020/06/18 9:15", "2020-06-18T09:15:00Z"),
            ("18.06.2020 09:15:02", "2020-06-18T09:15:02Z"),
            ("18.6.2020", "2020-06-18T00:00:00Z"),
            ("06/18/2020 09:15:02", "2020-06-18T09:15:02Z"),
            ("6/18/2020 9:15:02 PM", "2020-06-18T21:15:02Z"),
            ("6/18/2020 12:15:02 am", "2020-06-18T00:15:02Z"),
            ("6/18/2020, 9:15:02\u{202f}PM", "2020-06-18T21:15:02Z"),
            ("06-18-2020 23:59:59", "2020-06-18T23:59:59Z"),
            ("2020-06-18 09:15:02 GMT+00:00", "2020-06-18T09:15:02Z"),
            ("", "bad-time"),
            ("2020-02-30 09:15:02", "bad-time"),
            ("18/13/2020 09:15:02", "bad-time"),
            ("06/18/20 09:15:02", "bad-time"),
            ("2020-06-18 25:15:02", "bad-time"),
            ("2020-06-18 13:15:02 PM", "bad-time"),
            ("2020-06-18 09:15:02 x", "bad-time"),
            ("1.23457E+11", "bad-time"),
            ("18/06/2020 09:15:02", "date-order"),
        ] {
            let times = reader("UTC", Readings::One(Some(DateOrder::MonthFirst))).read(cell);
            assert_eq!(texts(times), [expected], "{cell}");
        }
    }

    #[test]
    fn two_readings_while_the_order_is_open() {
        let mut reader = reader("UTC", Readings::Two);
        assert_eq!(texts(reader.read("06/07/2020 10:00")), ["2020-06-07T10:00:00Z", "2020-07-06T10:00:00Z"]);
        assert_eq!(texts(reader.read("06/18/2020 10:00")), ["2020-06-18T10:00:00Z", "date-order"]);
        assert_eq!(texts(reader.read("2020-06-18 10:00")), ["2020-06-18T10:00:00Z"; 2]);
        assert_eq!(texts(reader.read("x")), ["bad-time"; 2]);
    }

    #[test]
    fn zones_with_gaps_and_folds() {
        let mut berlin = reader("Europe/Berlin", Readings::One(None));
        for (cell, expected) in [
            ("2026-10-25 01:59:59", "2026-10-24T23:59:59Z"),
            ("2026-10-25 02:30:00", "2026-10-25T00:30:00Z"),
            ("2026-10-25 03:00:00", "2026-10-25T02:00:00Z"),
            ("2026-03-29 02:30:00", "2026-03-29T01:30:00Z"),
            ("2026-11-24 09:15:02", "2026-11-24T08:15:02Z"),
            ("2026-11-24 09:15:03", "2026-11-24T08:15:03Z"),
        ] {
            assert_eq!(texts(berlin.read(cell)), [expected], "{cell}");
        }
    }

    proptest! {
        #[test]
        fn the_memo_changes_nothing(cells in prop::collection::vec((1u32..32, 0u32..24, 0u32..60), 1..40)) {
            let mut one = reader("Europe/Berlin", Readings::One(None));
            for (day, hour, minute) in cells {
                let cell = format!("{day:02}.10.2026 {hour:02}:{minute:02}:07");
                prop_assert_eq!(one.read(&cell), reader("Europe/Berlin", Readings::One(None)).read(&cell));
            }
        }

        #[test]
        fn nothing_panics(cell in "[0-9/.: TZAPM+-]{0,30}|\\PC{0,20}") {
            reader("UTC", Readings::Two).read(&cell);
        }
    }
}
