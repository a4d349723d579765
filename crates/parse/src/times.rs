//! Times as logged, to instants.

use crate::bound::Bound;
use crate::dates::{DateEvidence, DateOrder};
use crate::spoiled::is_spoiled;
use crate::written::{Written, WrittenDate, written};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
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

    /// The same so many microseconds later.
    #[inline]
    fn later(self, micros: i64) -> Self {
        let after = |reading: Result<Instant, RejectReason>| reading.map(|at| later(at, micros));
        let [first, second] = self.readings;
        let first = after(first);
        let readings = [first, if self.count == 1 { first } else { after(second) }];
        Times { readings, ..self }
    }

    /// The readings that are counted: as many as the source's plan says, month first before day first. A time that can be
    /// read in one way only is the same in both.
    pub fn readings(&self) -> impl Iterator<Item = Result<Instant, RejectReason>> + use<> {
        let readings = self.readings;
        readings.into_iter().take(self.count)
    }
}

fn later(at: Instant, micros: i64) -> Instant {
    Instant::from_micros(at.micros().saturating_add(micros))
}

/// A date of which the order of day and month is open: its two numbers, and when it was under each reading.
type OpenDate = (u32, u32, [Option<Instant>; 2]);

/// A date as the evidence of the order of day and month sees it.
#[derive(Clone, Copy, Debug)]
enum SeenDate {
    /// One of which the order is open.
    Open(OpenDate),
    /// One whose form tells the order, by its day.
    Plain(u32),
}

/// How many readings a source has, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readings {
    /// No date can be read in two ways. One that turns up all the same is rejected.
    Plain,
    /// The user gives the order; dates that contradict it are rejected.
    Given(DateOrder),
    /// The first rows prove the order; dates that contradict it are rejected.
    Proven(DateOrder),
    /// Both are counted.
    Two,
}

impl Readings {
    /// The order, where one is known before counting.
    pub(crate) fn order(self) -> Option<DateOrder> {
        match self {
            Readings::Given(order) | Readings::Proven(order) => Some(order),
            Readings::Plain | Readings::Two => None,
        }
    }
}

/// Reads the times of one column in one zone, remembering the last hour's place on the time line.
#[derive(Debug)]
pub(crate) struct TimeReader {
    zone: TimeZone,
    readings: Readings,
    /// The order that the layout fixes.
    order: Option<DateOrder>,
    /// Whether bare numbers count from 1970.
    epoch: bool,
    evidence: DateEvidence,
    /// An hour of civil time in which the zone's offset does not change, and its first instant in microseconds.
    hour: Option<((Date, i8), i64)>,
    /// What summer time does to the instant that was worked out last.
    shift: Shift,
    /// Whether the instant that was worked out last lies in an hour without any change of the offset.
    even: bool,
    memo: Option<Memo>,
}

/// The last time that was read, for the next ones of the same hour: most rows differ from the one before in minutes and
/// seconds alone.
#[derive(Clone, Debug)]
struct Memo {
    /// What stands before the minutes and behind the seconds.
    before: Box<[u8]>,
    behind: Box<[u8]>,
    /// The same hour's first instant under each reading.
    hour: Times,
    /// The date, where it is part of the evidence.
    date: Option<SeenDate>,
}

/// What summer time does to a civil time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shift {
    /// Nothing.
    #[default]
    None,
    /// It comes twice.
    Fold,
    /// It is left out.
    Gap,
}

impl TimeReader {
    pub(crate) fn new(zone: TimeZone, readings: Readings, from: u64) -> Self {
        let evidence = DateEvidence::at(from, readings);
        TimeReader {
            zone,
            readings,
            order: None,
            epoch: false,
            evidence,
            hour: None,
            shift: Shift::None,
            even: false,
            memo: None,
        }
    }

    /// The same for the times of one layout.
    pub(crate) fn of(bound: &Bound, readings: Readings, from: u64) -> Self {
        TimeReader {
            order: bound.layout.date_order,
            epoch: bound.layout.epoch,
            ..TimeReader::new(bound.zone.clone(), readings, from)
        }
    }

    pub(crate) fn into_evidence(self) -> DateEvidence {
        self.evidence
    }

    /// When a row was. Two readings are given for every row of a source that counts two.
    #[cfg(test)]
    pub(crate) fn read(&mut self, cell: &str) -> Times {
        self.read_at(cell.as_bytes(), None)
    }

    /// When a row was, where another cell of it names the offset of times that name none.
    #[inline]
    pub(crate) fn read_at(&mut self, cell: &[u8], beside: Option<Offset>) -> Times {
        if beside.is_none()
            && let Some(times) = self.remembered(cell)
        {
            return times;
        }
        self.read_new(cell, beside)
    }

    /// When a row was that is not in the hour of the one before.
    fn read_new(&mut self, cell: &[u8], beside: Option<Offset>) -> Times {
        let trimmed = cell.trim_ascii();
        if trimmed.len() < cell.len() {
            return self.read_at(trimmed, beside);
        }
        let clock = if beside.is_none() { Clock::of(cell) } else { None };
        let cell = std::str::from_utf8(cell).unwrap_or_default().trim();
        if let Some(at) = self.epoch.then(|| since_epoch(cell)).flatten() {
            let count = if self.readings == Readings::Two { 2 } else { 1 };
            return Times { count, offset_logged: true, ..Times::one(Ok(at)) };
        }
        self.even = true;
        let (times, date) = self.read_anew(cell, beside);
        if let Some(clock) = clock.filter(|_| self.even) {
            self.memo = Some(clock.memo(times, date));
        }
        times
    }

    /// The time of a row in the hour of the one before.
    #[inline]
    fn remembered(&mut self, cell: &[u8]) -> Option<Times> {
        let memo = self.memo.as_ref()?;
        let (before, rest) = cell.split_at_checked(memo.before.len())?;
        let (clock, behind) = rest.split_first_chunk()?;
        if !same(&memo.behind, behind) || !same(&memo.before, before) {
            return None;
        }
        let micros = minutes_and_seconds(*clock)?;
        let times = memo.hour.later(micros);
        match memo.date {
            Some(SeenDate::Open((first, second, hours))) => {
                self.evidence.see(first, second, hours.map(|hour| hour.map(|at| later(at, micros))));
            }
            Some(SeenDate::Plain(day)) => self.evidence.see_plain(day),
            None => {}
        }
        Some(times)
    }

    /// When a row was, and its date where that is part of the evidence.
    fn read_anew(&mut self, cell: &str, beside: Option<Offset>) -> (Times, Option<SeenDate>) {
        let written = written(cell);
        let offset = written.and_then(|written| written.offset).or(beside);
        let mut seen = None;
        let mut times = match written {
            None => {
                self.even = false;
                Times::one(Err(no_time(cell)))
            }
            Some(Written { date: WrittenDate::Plain(year, month, day), time, .. }) => {
                let at = self.instant(year, month, day, time, offset);
                if at.is_some() {
                    self.evidence.see_plain(day);
                    seen = Some(SeenDate::Plain(day));
                }
                self.count_shift(self.shift, 0);
                self.count_shift(self.shift, 1);
                Times::one(at.ok_or(RejectReason::BadTime))
            }
            Some(Written { date: WrittenDate::Open(first, second, year), time, .. }) => {
                let (times, evidence) = self.open(first, second, year, time, offset);
                seen = evidence.map(SeenDate::Open);
                times
            }
        };
        times.offset_logged = offset.is_some();
        times.count = if self.readings == Readings::Two { 2 } else { 1 };
        (times, seen)
    }

    /// The time of a date with two readings, and the date where it is evidence of their order.
    fn open(
        &mut self,
        first: u32,
        second: u32,
        year: u32,
        time: Time,
        offset: Option<Offset>,
    ) -> (Times, Option<OpenDate>) {
        let month_first = self.instant(year, first, second, time, offset);
        let mut shifts = [self.shift; 2];
        let day_first = self.instant(year, second, first, time, offset);
        shifts[DateOrder::DayFirst as usize] = self.shift;
        if let Some(order) = self.order {
            shifts = [shifts[order as usize]; 2];
        }
        self.count_shift(shifts[0], 0);
        self.count_shift(shifts[1], 1);
        if month_first.is_none() && day_first.is_none() {
            return (Times::one(Err(RejectReason::BadTime)), None);
        }
        let both = [month_first, day_first].map(|at| at.ok_or(RejectReason::DateOrder));
        if let Some(order) = self.order {
            return (Times::one(both[order as usize]), None);
        }
        if self.readings == Readings::Plain {
            return (Times::one(Err(RejectReason::DateOrder)), None);
        }
        self.evidence.see(first, second, [month_first, day_first]);
        let times = match self.readings.order() {
            Some(order) => Times::one(both[order as usize]),
            None => Times { readings: both, count: 2, offset_logged: false },
        };
        (times, Some((first, second, [month_first, day_first])))
    }

    fn count_shift(&mut self, shift: Shift, reading: usize) {
        match shift {
            Shift::None => {}
            Shift::Fold => self.evidence.folds[reading] += 1,
            Shift::Gap => self.evidence.gaps[reading] += 1,
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
        self.shift = Shift::None;
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
        let (start, shift) = self.place(date.at(time.hour(), 0, 0, 0))?;
        let (end, other) = self.place(date.at(time.hour(), 59, 59, 0))?;
        if end - start == 3_599_000_000 && shift == Shift::None && other == Shift::None {
            self.hour = Some((key, start));
            return Some(Instant::from_micros(start + within));
        }
        self.even = false;
        let (at, shift) = self.place(date.to_datetime(time))?;
        self.shift = shift;
        Some(Instant::from_micros(at))
    }

    /// The instant of a civil time in microseconds; in a gap or fold of summer time the one that jiff calls compatible.
    fn place(&self, civil: DateTime) -> Option<(i64, Shift)> {
        let ambiguous = self.zone.to_ambiguous_timestamp(civil);
        let shift = match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } => Shift::None,
            AmbiguousOffset::Gap { .. } => Shift::Gap,
            AmbiguousOffset::Fold { .. } => Shift::Fold,
        };
        Some((ambiguous.compatible().ok()?.as_microsecond(), shift))
    }
}

/// A time of day within a cell: `MM:SS` behind the first colon.
#[derive(Clone, Copy)]
struct Clock<'c> {
    before: &'c [u8],
    behind: &'c [u8],
    /// What the minutes and seconds come to.
    micros: i64,
}

impl<'c> Clock<'c> {
    /// The clock in a cell, where it has minutes and whole seconds of two digits each.
    fn of(cell: &'c [u8]) -> Option<Self> {
        let colon = memchr::memchr(b':', cell)?;
        let (before, rest) = cell.split_at_checked(colon + 1)?;
        let (clock, behind) = rest.split_first_chunk()?;
        let more = matches!(behind.first(), Some(b'.' | b',' | b':' | b'0'..=b'9'));
        let micros = minutes_and_seconds(*clock)?;
        (!more).then_some(Clock { before, behind, micros })
    }

    /// What to remember of a time that this clock stands in.
    fn memo(&self, times: Times, date: Option<SeenDate>) -> Memo {
        let hour = |at: Option<Instant>| at.map(|at| later(at, -self.micros));
        let date = date.map(|date| match date {
            SeenDate::Open((first, second, readings)) => SeenDate::Open((first, second, readings.map(hour))),
            plain @ SeenDate::Plain(_) => plain,
        });
        Memo { before: self.before.into(), behind: self.behind.into(), hour: times.later(-self.micros), date }
    }
}

/// Whether two texts are the same. Those of 8 to 16 bytes, as most dates with an hour are, are compared in two steps.
#[inline]
fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() || one.len() > 16 {
        return one == other;
    }
    match (one.first_chunk::<8>(), one.last_chunk::<8>()) {
        (Some(first), Some(last)) => other.starts_with(first) & other.ends_with(last),
        _ => one.iter().eq(other),
    }
}

/// What `MM:SS` comes to in microseconds; all five bytes are looked at together.
#[inline]
fn minutes_and_seconds(clock: [u8; 5]) -> Option<i64> {
    let word = |[m1, m2, colon, s1, s2]: [u8; 5]| i64::from_le_bytes([m1, m2, colon, s1, s2, 0, 0, 0]);
    let values = word(clock) ^ word(*b"00:00");
    // What is over its most has the highest bit, or has it when what the first over it lacks to that bit is added.
    let added = values + word([0x80 - 6, 0x80 - 10, 0x80 - 1, 0x80 - 6, 0x80 - 10]);
    if (values | added) & word([0x80; 5]) != 0 {
        return None;
    }
    let numbers = values * 10 + (values >> 8);
    Some(((numbers & 0xff) * 60 + (numbers >> 24 & 0xff)) * 1_000_000)
}

/// Why a cell is no time: a spreadsheet put something else in its place, or another reason.
fn no_time(cell: &str) -> RejectReason {
    if is_spoiled(cell) { RejectReason::SpreadsheetNumber } else { RejectReason::BadTime }
}

/// The instant of a bare number: seconds since 1970, with a fraction or without, or milliseconds, or microseconds, by
/// its length; such lengths mean years between 2001 and 2286.
pub(crate) fn since_epoch(cell: &str) -> Option<Instant> {
    let (whole, fraction) = cell.split_once('.').unwrap_or((cell, ""));
    let number =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i64>().ok())?;
    let scale = match whole.len() {
        10 => 1_000_000,
        13 => 1000,
        16 => 1,
        _ => return None,
    };
    let micros = number(whole)?.checked_mul(scale)?;
    let below = if fraction.is_empty() || scale != 1_000_000 {
        0
    } else {
        number(format!("{fraction:0<6}").get(..6)?)?
    };
    Some(Instant::from_micros(micros + below))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_since_1970() {
        for (cell, expected) in [
            ("1516713364", Some("2018-01-23T13:16:04Z")),
            ("1516713364.25", Some("2018-01-23T13:16:04.25Z")),
            ("1516713364123", Some("2018-01-23T13:16:04.123Z")),
            ("1516713364123456", Some("2018-01-23T13:16:04.123456Z")),
            ("43123", None),
            ("", None),
            ("-1516713364", None),
        ] {
            assert_eq!(since_epoch(cell).map(|at| at.to_string()).as_deref(), expected, "{cell}");
        }
    }

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
            ("1.23457E+11", "spreadsheet-number"),
            ("43999.385", "spreadsheet-number"),
            ("15:02.0", "spreadsheet-number"),
            ("########", "spreadsheet-number"),
            ("Oct 11 2017 06:34:09 GMT+00:00", "2017-10-11T06:34:09Z"),
            ("June 18, 2020 9:15:02 PM", "2020-06-18T21:15:02Z"),
            ("18 Jun 2020 09:15:02", "2020-06-18T09:15:02Z"),
            ("18-Jun-2020 09:15", "2020-06-18T09:15:00Z"),
            ("Thu Jun 18 2020 09:15:02", "bad-time"),
            ("18. Mai 2020 09:15", "2020-05-18T09:15:00Z"),
            ("2020年6月18日 9:15:02", "2020-06-18T09:15:02Z"),
            ("2020年6月18日 9時15分02秒", "2020-06-18T09:15:02Z"),
            ("Foo 11 2017 06:34:09", "bad-time"),
            ("18/06/2020 09:15:02", "date-order"),
        ] {
            let times = reader("UTC", Readings::Given(DateOrder::MonthFirst)).read(cell);
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
        let mut berlin = reader("Europe/Berlin", Readings::Plain);
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
        let evidence = berlin.into_evidence();
        assert_eq!((evidence.folds, evidence.gaps), ([1, 1], [1, 1]));
    }

    proptest! {
        #[test]
        fn clocks_are_read_digit_by_digit(clock in "[0-6/][0-9:][:;9][0-6/][0-9:]|[ -~]{5}|\u{80}{2}[0-9]|[0-9]\u{bf}:0") {
            let Some(bytes) = clock.as_bytes().first_chunk() else { return Ok(()) };
            let wanted = clock.split_once(':').and_then(|(minutes, seconds)| {
                let number = |text: &str| {
                    let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
                    text.parse::<i64>().ok().filter(|number| digits && *number < 60)
                };
                Some((number(minutes)? * 60 + number(seconds)?) * 1_000_000)
            });
            prop_assert_eq!(minutes_and_seconds(*bytes), wanted);
        }

        #[test]
        fn what_is_remembered_is_what_is_read_anew(
            cells in prop::collection::vec(
                ("(0?[1-3]|13)/(0?[1-3]|14)/2026|2026-(10-25|03-29|13-01)|29.03.2026", 0..4_u8, "[0-6][0-9]:[0-6][0-9]", "|Z|\\+02:00| PM|[.]5| "),
                1..30,
            ),
            readings in prop::sample::select(vec![
                Readings::Two,
                Readings::Plain,
                Readings::Given(DateOrder::DayFirst),
                Readings::Proven(DateOrder::MonthFirst),
            ]),
        ) {
            let zone = TimeZone::get("Europe/Berlin").unwrap();
            let mut reader = TimeReader::new(zone.clone(), readings, 0);
            let mut evidence = DateEvidence::at(0, readings);
            let mut anew = Vec::new();
            let mut read = Vec::new();
            for (date, hour, clock, tail) in cells {
                let cell = format!("{date} {hour}:{clock}{tail}");
                read.push(reader.read(&cell));
                let mut fresh = TimeReader::new(zone.clone(), readings, 0);
                fresh.evidence = evidence;
                anew.push(fresh.read(&cell));
                evidence = fresh.into_evidence();
            }
            prop_assert_eq!(read, anew);
            prop_assert_eq!(reader.into_evidence(), evidence);
        }

        #[test]
        fn the_memo_changes_nothing(cells in prop::collection::vec((1u32..32, 0u32..24, 0u32..60), 1..40)) {
            let mut one = reader("Europe/Berlin", Readings::Plain);
            for (day, hour, minute) in cells {
                let cell = format!("{day:02}.10.2026 {hour:02}:{minute:02}:07");
                prop_assert_eq!(one.read(&cell), reader("Europe/Berlin", Readings::Plain).read(&cell));
            }
        }

        #[test]
        fn nothing_panics(cell in "[0-9/.: TZAPM+-]{0,30}|\\PC{0,20}") {
            reader("UTC", Readings::Two).read(&cell);
        }
    }
}
