//! Times as they are written, before a zone or an order of day and month is put to them.

use jiff::civil::Time;
use jiff::tz::Offset;

/// The parts of a time as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) date: WrittenDate,
    pub(crate) time: Time,
    pub(crate) offset: Option<Offset>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WrittenDate {
    /// Year, month, day as written.
    Plain(u32, u32, u32),
    /// Two numbers of which one is the day, and the year.
    Open(u32, u32, u32),
}

/// Whether a cell holds a date that can be read in two ways, and its two numbers.
pub(crate) fn open_date(cell: &str) -> Option<(u32, u32)> {
    match written(cell.trim())?.date {
        WrittenDate::Open(first, second, _) => Some((first, second)),
        WrittenDate::Plain(..) => None,
    }
}

/// The months by the first letters of their names, in English and in German.
const MONTHS: [&[&str]; 12] = [
    &["jan", "jän"],
    &["feb"],
    &["mar", "mär", "mrz"],
    &["apr"],
    &["may", "mai"],
    &["jun"],
    &["jul"],
    &["aug"],
    &["sep"],
    &["oct", "okt"],
    &["nov"],
    &["dec", "dez"],
];

/// Reads what is written: `2020-06-18 09:15:02`, `06/18/2020 9:15:02 PM`, `18.06.2020 09:15`, `Jun 18 2020 09:15`,
/// `2020年6月18日 9:15`, with fractions of seconds, `T`, `Z` or an offset.
pub(crate) fn written(text: &str) -> Option<Written> {
    let mut rest = Rest(text.as_bytes());
    let date = match text.bytes().next()? {
        b'0'..=b'9' => numbered(&mut rest).or_else(|| {
            rest = Rest(text.as_bytes());
            named(&mut rest)
        })?,
        _ => named(&mut rest)?,
    };
    let (time, offset) = clock(&mut rest)?;
    rest.blanks();
    rest.0.is_empty().then_some(Written { date, time, offset })
}

/// A date of which the month is a name: month, day, year or day, month, year.
fn named(rest: &mut Rest<'_>) -> Option<WrittenDate> {
    let first = rest.number(2).map(|(day, _)| day);
    rest.between();
    let month = rest.month()?;
    rest.between();
    let day = first.or_else(|| rest.number(2).map(|(day, _)| day))?;
    if first.is_none() {
        rest.between();
    }
    let (year, digits) = rest.number(4)?;
    (digits == 4).then_some(WrittenDate::Plain(year, month, day))
}

/// A date of three numbers.
fn numbered(rest: &mut Rest<'_>) -> Option<WrittenDate> {
    let (first, digits) = rest.number(4)?;
    if rest.word("年") {
        let month = rest.number(2)?.0;
        rest.word("月").then_some(())?;
        let day = rest.number(2)?.0;
        return rest.word("日").then_some(WrittenDate::Plain(first, month, day));
    }
    let separator = rest.one_of(b"-/.")?;
    let (second, _) = rest.number(2)?;
    rest.one_of(&[separator])?;
    let (third, third_digits) = rest.number(4)?;
    match (digits, third_digits) {
        (4, 1 | 2) => Some(WrittenDate::Plain(first, second, third)),
        (1 | 2, 4) if separator == b'.' => Some(WrittenDate::Plain(third, second, first)),
        (1 | 2, 4) => Some(WrittenDate::Open(first, second, third)),
        _ => None,
    }
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
    let worded = rest.word("時");
    if !worded {
        rest.one_of(b":")?;
    }
    let (minute, _) = rest.number(2)?;
    let (mut second, mut nanos) = (0, 0);
    if worded {
        rest.word("分").then_some(())?;
        second = rest.number(2).map_or(0, |(second, _)| second);
        rest.word("秒");
    } else if rest.one_of(b":").is_some() {
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

    /// Passes over a word, if it comes next.
    fn word(&mut self, word: &str) -> bool {
        match self.0.strip_prefix(word.as_bytes()) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// Passes over what stands between the parts of a date with a name in it.
    fn between(&mut self) {
        while self.one_of(b" ,.-/").is_some() {}
    }

    /// The number of the month whose name comes next.
    fn month(&mut self) -> Option<u32> {
        let letters = self.0.iter().take_while(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii()).count();
        let name = std::str::from_utf8(&self.0[..letters]).ok()?.to_lowercase();
        let is = |names: &&[&str]| names.iter().any(|start| name.starts_with(start));
        let month = MONTHS.iter().position(is).filter(|_| name.len() <= 10)?;
        self.0 = &self.0[letters..];
        u32::try_from(month + 1).ok()
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
