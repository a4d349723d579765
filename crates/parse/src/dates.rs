//! The order of day and month: how it is proven, and what is said where it is not.

use crate::times::Readings;
use ringback_model::Instant;

/// The order of day and month in dates that do not show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DateOrder {
    /// Month before day: the first reading.
    MonthFirst,
    /// Day before month: the second reading.
    DayFirst,
}

impl DateOrder {
    /// Both orders; their places are the numbers of the readings.
    pub const READINGS: [DateOrder; 2] = [DateOrder::MonthFirst, DateOrder::DayFirst];

    /// The word that stands for it in layouts and options.
    pub fn as_str(self) -> &'static str {
        match self {
            DateOrder::MonthFirst => "mdy",
            DateOrder::DayFirst => "dmy",
        }
    }

    /// The other order.
    #[must_use]
    pub fn other(self) -> DateOrder {
        match self {
            DateOrder::MonthFirst => DateOrder::DayFirst,
            DateOrder::DayFirst => DateOrder::MonthFirst,
        }
    }
}

/// What the dates of a source tell of the order of day and month. Merges in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DateEvidence {
    /// Dates whose first number is over 12: day first.
    pub first_over_12: u64,
    /// Dates whose second number is over 12: month first.
    pub second_over_12: u64,
    /// Dates whose form leaves the order of day and month open.
    pub open: u64,
    /// Those of them that are two different dates, according to the order.
    pub differing: u64,
    /// Dates whose form tells the order.
    pub plain: u64,
    /// Those of them with a day after the 12th.
    pub plain_over_12: u64,
    /// The order that the user gave: the only one that was counted.
    pub given: Option<DateOrder>,
    /// The order that the first rows proved: the only one that was counted.
    pub proven: Option<DateOrder>,
    /// Times in the hour that the end of summer time repeats, under each reading.
    pub folds: [u64; 2],
    /// Times in the hour that the start of summer time leaves out, under each reading.
    pub gaps: [u64; 2],
    pub(crate) stretches: Vec<Stretch>,
}

/// Steps forward and back in time within one split, under each reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stretch {
    pub(crate) from: u64,
    pub(crate) readings: [Steps; 2],
}

/// Steps under one reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Steps {
    pub(crate) first: Option<Instant>,
    pub(crate) last: Option<Instant>,
    pub(crate) forward: u64,
    pub(crate) back: u64,
}

impl Steps {
    fn see(&mut self, at: Instant) {
        self.first = self.first.or(Some(at));
        self.step(at);
        self.last = Some(at);
    }

    fn step(&mut self, at: Instant) {
        if let Some(last) = self.last {
            self.forward += u64::from(at > last);
            self.back += u64::from(at < last);
        }
    }

    /// Steps against the direction in which the log mostly runs.
    fn inversions(&self) -> u64 {
        self.forward.min(self.back)
    }

    fn join(&mut self, next: &Steps) {
        if let Some(first) = next.first {
            self.first = self.first.or(Some(first));
            self.step(first);
            self.last = next.last;
        }
        self.forward += next.forward;
        self.back += next.back;
    }
}

/// What was decided for a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateDecision {
    /// No date can be read in two ways that differ.
    Plain,
    /// The user gave the order. The number is that of the dates that contradict it.
    Given(DateOrder, u64),
    /// Dates prove it. The number is that of the dates that contradict it.
    Proven(DateOrder, u64),
    /// The log runs in the order of time under this reading only.
    ByOrder(DateOrder),
    /// Nothing tells; this reading was taken.
    Ambiguous(DateOrder),
}

impl DateEvidence {
    /// Evidence of a split that starts at a byte.
    pub(crate) fn at(from: u64, readings: Readings) -> Self {
        let stretch = Stretch { from, ..Stretch::default() };
        let (given, proven) = match readings {
            Readings::Given(order) => (Some(order), None),
            Readings::Proven(order) => (None, Some(order)),
            Readings::Plain | Readings::Two => (None, None),
        };
        DateEvidence { given, proven, stretches: vec![stretch], ..DateEvidence::default() }
    }

    /// Takes in one date with two readings: its numbers and instants (where a reading is possible).
    pub(crate) fn see(&mut self, first: u32, second: u32, readings: [Option<Instant>; 2]) {
        self.open += 1;
        self.differing += u64::from(first != second);
        self.first_over_12 += u64::from(first > 12);
        self.second_over_12 += u64::from(second > 12);
        if let Some(stretch) = self.stretches.first_mut() {
            for (steps, at) in stretch.readings.iter_mut().zip(readings) {
                if let Some(at) = at {
                    steps.see(at);
                }
            }
        }
    }

    /// Takes in one date whose form tells the order.
    pub(crate) fn see_plain(&mut self, day: u32) {
        self.plain += 1;
        self.plain_over_12 += u64::from(day > 12);
    }

    /// How many dates look as if a spreadsheet had turned day and month round: they alone have a form that tells the
    /// order, none of them is after the 12th, and every other date has a number over 12 in the same place, so that the
    /// spreadsheet could make nothing of it. `None` where the column does not look so.
    pub fn turned(&self) -> Option<u64> {
        let left = self.open > 0 && (self.first_over_12 == self.open || self.second_over_12 == self.open);
        (left && self.plain > 0 && self.plain_over_12 == 0).then_some(self.plain)
    }

    /// Adds the evidence of another split.
    pub fn merge(&mut self, other: &DateEvidence) {
        self.first_over_12 += other.first_over_12;
        self.second_over_12 += other.second_over_12;
        self.open += other.open;
        self.differing += other.differing;
        self.plain += other.plain;
        self.plain_over_12 += other.plain_over_12;
        for reading in 0..2 {
            self.folds[reading] += other.folds[reading];
            self.gaps[reading] += other.gaps[reading];
        }
        self.given = self.given.or(other.given);
        self.proven = self.proven.or(other.proven);
        self.stretches.extend(&other.stretches);
        self.stretches.sort_unstable();
    }

    /// What holds for the source. Where dates contradict each other, the greater number wins.
    pub fn decide(&self) -> DateDecision {
        if self.open == 0 {
            return DateDecision::Plain;
        }
        let (day_first, month_first) = (self.first_over_12, self.second_over_12);
        let against = |order| if order == DateOrder::DayFirst { month_first } else { day_first };
        if let Some(order) = self.given {
            return DateDecision::Given(order, against(order));
        }
        if let Some(order) = self.proven {
            return DateDecision::Proven(order, against(order));
        }
        if day_first > month_first {
            return DateDecision::Proven(DateOrder::DayFirst, month_first);
        }
        if month_first > 0 {
            return DateDecision::Proven(DateOrder::MonthFirst, day_first);
        }
        if self.differing == 0 {
            return DateDecision::Plain;
        }
        let [month_first, day_first] = self.inversions();
        match month_first.cmp(&day_first) {
            std::cmp::Ordering::Less => DateDecision::ByOrder(DateOrder::MonthFirst),
            std::cmp::Ordering::Greater => DateDecision::ByOrder(DateOrder::DayFirst),
            std::cmp::Ordering::Equal => DateDecision::Ambiguous(DateOrder::MonthFirst),
        }
    }

    fn inversions(&self) -> [u64; 2] {
        let mut joined = [Steps::default(); 2];
        for stretch in &self.stretches {
            for (mine, next) in joined.iter_mut().zip(&stretch.readings) {
                mine.join(next);
            }
        }
        joined.map(|steps| steps.inversions())
    }
}

impl DateDecision {
    /// The number of the reading that holds.
    pub fn reading(self) -> usize {
        match self {
            DateDecision::Plain => 0,
            DateDecision::Given(order, _)
            | DateDecision::Proven(order, _)
            | DateDecision::ByOrder(order)
            | DateDecision::Ambiguous(order) => order as usize,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn evidence(from: u64, dates: &[(u32, u32)]) -> DateEvidence {
        let mut evidence = DateEvidence::at(from, Readings::Two);
        for (first, second) in dates {
            let at = |month: u32, day: u32| {
                (month <= 12).then(|| Instant::from_seconds(i64::from(month * 100 + day)))
            };
            evidence.see(*first, *second, [at(*first, *second), at(*second, *first)]);
        }
        evidence
    }

    #[test]
    fn proof_then_order_then_nothing() {
        for (dates, decision) in [
            (&[(1, 2), (13, 2)][..], DateDecision::Proven(DateOrder::DayFirst, 0)),
            (&[(1, 2), (1, 13)], DateDecision::Proven(DateOrder::MonthFirst, 0)),
            (&[(13, 2), (1, 13), (14, 2)], DateDecision::Proven(DateOrder::DayFirst, 1)),
            (&[(9, 1), (10, 1), (1, 2), (2, 2)], DateDecision::ByOrder(DateOrder::DayFirst)),
            (&[(1, 9), (1, 10), (2, 1), (2, 2)], DateDecision::ByOrder(DateOrder::MonthFirst)),
            (&[(2, 2), (2, 1), (1, 10), (1, 9)], DateDecision::ByOrder(DateOrder::MonthFirst)),
            (&[(3, 3), (4, 4)], DateDecision::Plain),
            (&[(3, 4), (3, 4)], DateDecision::Ambiguous(DateOrder::MonthFirst)),
            (&[(3, 4), (4, 3), (3, 4)], DateDecision::Ambiguous(DateOrder::MonthFirst)),
            (&[], DateDecision::Plain),
        ] {
            assert_eq!(evidence(0, dates).decide(), decision, "{dates:?}");
        }
    }

    #[test]
    fn columns_that_a_spreadsheet_turned_round() {
        for (open, plain, turned) in [
            (&[(13, 6), (14, 6)][..], &[7, 12][..], Some(2)),
            (&[(6, 13), (6, 30)], &[7], Some(1)),
            (&[(13, 6), (1, 6)], &[7, 12], None),
            (&[(13, 6), (6, 13)], &[7, 12], None),
            (&[(13, 6)], &[7, 13], None),
            (&[(13, 6)], &[], None),
            (&[], &[7], None),
        ] {
            let mut evidence = evidence(0, open);
            for day in plain {
                evidence.see_plain(*day);
            }
            assert_eq!(evidence.turned(), turned, "{open:?} {plain:?}");
        }
    }

    proptest! {
        #[test]
        fn splits_tell_what_the_whole_tells(
            dates in prop::collection::vec((1u32..13, 1u32..13), 0..30),
            cut in 0usize..30,
        ) {
            let cut = cut.min(dates.len());
            let (mut a, b) = (evidence(0, &dates[..cut]), evidence(9, &dates[cut..]));
            let mut backwards = b.clone();
            backwards.merge(&a);
            a.merge(&b);
            prop_assert_eq!(a.decide(), evidence(0, &dates).decide());
            prop_assert_eq!(backwards.decide(), a.decide());
        }
    }
}
