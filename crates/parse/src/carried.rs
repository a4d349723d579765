//! What a source's splits say of it, as plain numbers: for those who carry it from one process to another.

use crate::dates::{DateEvidence, DateOrder, Steps, Stretch};
use crate::quotes::{QuoteScan, State, Track};
use ringback_model::Instant;

/// Reads numbers one after the other.
struct Numbers<'n>(std::slice::Iter<'n, u64>);

#[expect(
    clippy::option_option,
    reason = "there may be none to read, and what is read may be that there is none"
)]
impl Numbers<'_> {
    fn next(&mut self) -> Option<u64> {
        self.0.next().copied()
    }

    fn pair(&mut self) -> Option<[u64; 2]> {
        Some([self.next()?, self.next()?])
    }

    /// A number, or none: a mark before it tells.
    fn option(&mut self) -> Option<Option<u64>> {
        match self.pair()? {
            [0, _] => Some(None),
            [1, number] => Some(Some(number)),
            _ => None,
        }
    }

    fn instant(&mut self) -> Option<Option<Instant>> {
        Some(self.option()?.map(|micros| Instant::from_micros(micros.cast_signed())))
    }

    fn order(&mut self) -> Option<Option<DateOrder>> {
        match self.option()? {
            None => Some(None),
            Some(number) => DateOrder::READINGS.get(usize::try_from(number).ok()?).map(|order| Some(*order)),
        }
    }
}

fn option(number: Option<u64>) -> [u64; 2] {
    [u64::from(number.is_some()), number.unwrap_or_default()]
}

fn instant(at: Option<Instant>) -> [u64; 2] {
    option(at.map(|at| at.micros().cast_unsigned()))
}

impl DateEvidence {
    /// The evidence as numbers.
    pub fn to_numbers(&self) -> Vec<u64> {
        let mut numbers = vec![
            self.first_over_12,
            self.second_over_12,
            self.open,
            self.differing,
            self.plain,
            self.plain_over_12,
        ];
        numbers.extend(option(self.given.map(|order| order as u64)));
        numbers.extend(option(self.proven.map(|order| order as u64)));
        numbers.extend(self.folds);
        numbers.extend(self.gaps);
        for Stretch { from, readings } in &self.stretches {
            numbers.push(*from);
            for Steps { first, last, forward, back } in readings {
                numbers.extend(instant(*first));
                numbers.extend(instant(*last));
                numbers.extend([*forward, *back]);
            }
        }
        numbers
    }

    /// The evidence of these numbers; `None` where they are none. Counts that no source can have are none.
    pub fn from_numbers(numbers: &[u64]) -> Option<Self> {
        let mut numbers = Numbers(numbers.iter());
        let mut count = || numbers.next().filter(|count| *count < 1 << 48);
        let mut evidence = DateEvidence {
            first_over_12: count()?,
            second_over_12: count()?,
            open: count()?,
            differing: count()?,
            plain: count()?,
            plain_over_12: count()?,
            ..DateEvidence::default()
        };
        evidence.given = numbers.order()?;
        evidence.proven = numbers.order()?;
        evidence.folds = numbers.pair()?.map(|count| count.min(1 << 48));
        evidence.gaps = numbers.pair()?.map(|count| count.min(1 << 48));
        while let Some(from) = numbers.next() {
            let mut stretch = Stretch { from, ..Stretch::default() };
            for steps in &mut stretch.readings {
                let (first, last) = (numbers.instant()?, numbers.instant()?);
                let [forward, back] = numbers.pair()?.map(|count| count.min(1 << 48));
                *steps = Steps { first, last, forward, back };
            }
            evidence.stretches.push(stretch);
        }
        Some(evidence)
    }
}

impl QuoteScan {
    /// The scan as numbers.
    pub fn to_numbers(&self) -> Vec<u64> {
        let mut numbers = vec![self.delimiter.into(), self.from, self.at];
        for track in &self.tracks {
            numbers.extend(option(track.state.map(|state| state as u64)));
            numbers.extend(option(track.first));
        }
        numbers
    }

    /// The scan of these numbers; `None` where they are none.
    pub fn from_numbers(numbers: &[u64]) -> Option<Self> {
        let mut numbers = Numbers(numbers.iter());
        let delimiter = u8::try_from(numbers.next()?).ok()?;
        let [from, at] = numbers.pair()?;
        let mut tracks = [Track { state: None, first: None }; 4];
        for track in &mut tracks {
            let state = match numbers.option()? {
                None => None,
                Some(number) => Some(*State::ALL.get(usize::try_from(number).ok()?)?),
            };
            *track = Track { state, first: numbers.option()? };
        }
        (from <= at && numbers.next().is_none()).then_some(QuoteScan { delimiter, from, at, tracks })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::times::Readings;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_say_what_they_were_made_of(
            dates in prop::collection::vec((1u32..32, 1u32..32), 0..20),
            text in "[ab,\"\r\n]{0,60}",
            noise in prop::collection::vec(0u64..5, 0..60),
        ) {
            let mut evidence = DateEvidence::at(0, Readings::Two);
            evidence.merge(&DateEvidence::at(7, Readings::Given(DateOrder::DayFirst)));
            for (first, second) in dates {
                evidence.see(first, second, [Some(Instant::from_seconds(first.into())), None]);
            }
            prop_assert_eq!(DateEvidence::from_numbers(&evidence.to_numbers()), Some(evidence));
            let mut scan = QuoteScan::with_delimiter(b';', 9);
            scan.follow(text.as_bytes());
            prop_assert_eq!(QuoteScan::from_numbers(&scan.to_numbers()), Some(scan));
            _ = DateEvidence::from_numbers(&noise);
            _ = QuoteScan::from_numbers(&noise);
        }
    }
}
