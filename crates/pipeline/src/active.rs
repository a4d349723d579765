//! The hours in which a source has rows, noted in a few instructions a row.

use crate::request::Window;
use ringback_model::Instant;
use ringback_tally::part::{PartError, WireReader, WireWriter};
use ringback_tally::{Hour, hour};
use std::collections::BTreeMap;

/// An hour, in microseconds.
const HOUR: i64 = 3_600_000_000;

/// No word of hours is further from the first one of 1970 than this; instants do not reach as far.
const FURTHEST: i64 = 1 << 26;

/// The hours with rows, a bit each in words of 64 hours. Rows mostly follow each other within an hour, so that the last
/// hour is known by its bounds.
#[derive(Clone, Debug, Default)]
pub(crate) struct ActiveHours {
    /// The first microsecond of the last hour that was seen.
    from: i64,
    /// Whether an hour was seen at all.
    any: bool,
    words: BTreeMap<i64, u64>,
}

impl ActiveHours {
    /// Takes in that there is a row at an instant.
    #[inline]
    pub(crate) fn see(&mut self, at: Instant) {
        let since = at.micros().wrapping_sub(self.from);
        if !self.any || !(0..HOUR).contains(&since) {
            self.enter(at);
        }
    }

    fn enter(&mut self, at: Instant) {
        let hour = hour(at);
        (self.from, self.any) = (hour.saturating_mul(HOUR), true);
        *self.words.entry(hour.div_euclid(64)).or_default() |= 1 << hour.rem_euclid(64);
    }

    /// Adds all hours of another.
    pub(crate) fn merge(&mut self, other: &ActiveHours) {
        for (word, bits) in &other.words {
            *self.words.entry(*word).or_default() |= bits;
        }
    }

    /// The hours that begin within a window, in order.
    pub(crate) fn hours(&self, window: Window) -> Vec<Hour> {
        let within = |hour: &Hour| {
            let at = Instant::from_seconds(hour * 3600);
            window.since.is_none_or(|since| since <= at) && window.until.is_none_or(|until| at < until)
        };
        let of_word = |(word, bits): (&i64, &u64)| {
            let (word, bits) = (*word, *bits);
            (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| word * 64 + bit)
        };
        self.words.iter().flat_map(of_word).filter(within).collect()
    }
}

impl ActiveHours {
    /// Writes them into a part.
    pub(crate) fn write(&self, out: &mut WireWriter) {
        out.count(self.words.len());
        for (word, bits) in &self.words {
            out.signed(*word);
            out.number(*bits);
        }
    }

    /// Reads them from a part.
    ///
    /// # Errors
    /// The bytes are something else.
    pub(crate) fn read(input: &mut WireReader<'_>) -> Result<Self, PartError> {
        let words = input.list(|input| match (input.signed()?, input.number()?) {
            (word, bits) if bits != 0 && (-FURTHEST..=FURTHEST).contains(&word) => Ok((word, bits)),
            _ => Err(PartError::Damaged("its hours are out of bounds")),
        })?;
        if words.windows(2).any(|pair| pair[0].0 >= pair[1].0) {
            return Err(PartError::Damaged("its hours are out of order"));
        }
        Ok(ActiveHours { words: words.into_iter().collect(), ..ActiveHours::default() })
    }
}

/// Which hour was seen last does not count.
impl PartialEq for ActiveHours {
    fn eq(&self, other: &Self) -> bool {
        self.words == other.words
    }
}

impl Eq for ActiveHours {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_kept_once_in_any_order_and_before_1970_too() {
        let seconds = [7199, 0, 3599, 3600, 360_000, -1, -3600, -3601, 7200, 1, 7100];
        let expected = [-2, -1, 0, 1, 2, 100];
        for turned in [false, true] {
            let mut parts = [ActiveHours::default(), ActiveHours::default()];
            for (n, second) in seconds.iter().enumerate() {
                parts[usize::from(turned) * (n % 2)].see(Instant::from_seconds(*second));
            }
            let [mut one, other] = parts;
            one.merge(&other);
            assert_eq!(one.hours(Window::default()), expected);
            let window =
                Window { since: Some(Instant::from_seconds(0)), until: Some(Instant::from_seconds(7200)) };
            assert_eq!(one.hours(window), [0, 1]);
        }
        assert_eq!(ActiveHours::default().hours(Window::default()), [0; 0]);
    }

    #[test]
    fn hours_come_back_from_a_part_and_strange_ones_are_refused() {
        let mut active = ActiveHours::default();
        for second in [-3601, 0, 7199, 360_000, 1_781_503_200] {
            active.see(Instant::from_seconds(second));
        }
        let mut out = WireWriter::new();
        active.write(&mut out);
        let bytes = out.into_bytes();
        let read = ActiveHours::read(&mut WireReader::new(&bytes)).unwrap();
        assert_eq!(read, active);
        assert_eq!(read.hours(Window::default()), active.hours(Window::default()));
        for words in [&[(FURTHEST + 1, 1)][..], &[(3, 0)], &[(3, 1), (3, 1)], &[(3, 1), (2, 1)]] {
            let mut out = WireWriter::new();
            out.count(words.len());
            for (word, bits) in words {
                out.signed(*word);
                out.number(*bits);
            }
            assert!(ActiveHours::read(&mut WireReader::new(&out.into_bytes())).is_err(), "{words:?}");
        }
    }
}
