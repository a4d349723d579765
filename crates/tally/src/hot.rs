//! What is touched for every row, apart from what is touched now and then.

use crate::early::{Early, Series};
use crate::pages::Pages;
use crate::samples::{Places, Ports, key};
use crate::{Cell, Grid, Seen};
use ringback_model::{Instant, Place};

/// How many times wait to be counted.
const WAITING: usize = 12;

/// What counting a row looks at: one line of a processor's cache. Where there are many detections, a row takes the time of
/// waiting for memory; so nothing else is touched but for the first rows and each twelfth.
#[repr(align(64))]
#[derive(Clone, Debug)]
pub(crate) struct Hot {
    /// Only places with a key up to this one can be evidence.
    evidence_to: u64,
    /// Only ports below this one can be among the smallest.
    ports_below: u32,
    waiting: u32,
    /// Seconds since 1970 of rows that are not counted yet.
    times: [u32; WAITING],
}

/// What is touched now and then: all that was counted but for the rows that wait.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cold {
    pub(crate) rows: u64,
    /// The first and the last time.
    pub(crate) stretch: Option<(Instant, Instant)>,
    pub(crate) grid: Grid,
    pub(crate) evidence: Places,
    pub(crate) other_ports: Ports,
    /// What few detections have.
    pub(crate) rare: Option<Box<Rare>>,
}

/// What few detections have.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rare {
    /// Rows that stand for another number of events than one.
    pub(crate) several: Several,
    /// The first instants, where they are more than the grid tells apart.
    pub(crate) early: Option<Early>,
}

/// Rows that stand for another number of events than one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Several {
    pub(crate) rows: u64,
    pub(crate) occurrences: u64,
}

impl Default for Hot {
    fn default() -> Self {
        Hot { evidence_to: u64::MAX, ports_below: u32::MAX, waiting: 0, times: [0; WAITING] }
    }
}

impl Hot {
    /// Looks at it.
    #[inline]
    pub(crate) fn warm(&self) -> u64 {
        self.evidence_to
    }

    /// Whether counting a row will touch the cold part, as far as can be told before others are counted.
    #[inline]
    pub(crate) fn looks_further(&self, seen: &Seen) -> bool {
        key(seen.place) <= self.evidence_to
            || seen.other_port.is_some_and(|port| u32::from(port) < self.ports_below)
            || self.waiting as usize + 1 == WAITING
    }

    /// Counts one row. `number` is that of its cold part.
    #[inline]
    pub(crate) fn count(&mut self, seen: Seen, cold: &mut Pages<Cold>, number: usize) {
        if seen.occurrences != 1 {
            cold[number].stand_for(Several { rows: 1, occurrences: seen.occurrences });
        }
        if key(seen.place) <= self.evidence_to {
            self.evidence_to = cold[number].evidence.keep(seen.place);
        }
        if let Some(port) = seen.other_port.filter(|port| u32::from(*port) < self.ports_below) {
            self.ports_below = cold[number].other_ports.keep(port);
        }
        match whole_second(seen.at) {
            Some(second) => self.wait(second, cold, number),
            None => cold[number].count(seen.at),
        }
    }

    #[inline]
    fn wait(&mut self, second: u32, cold: &mut Pages<Cold>, number: usize) {
        self.times[self.waiting as usize] = second;
        self.waiting += 1;
        if self.waiting as usize == WAITING {
            self.settle(&mut cold[number]);
        }
    }

    /// Counts what waits.
    pub(crate) fn settle(&mut self, cold: &mut Cold) {
        for second in &self.times[..self.waiting as usize] {
            cold.count(Instant::from_seconds(i64::from(*second)));
        }
        self.waiting = 0;
    }

    /// Adds all that another cell counted.
    pub(crate) fn merge(&mut self, cold: &mut Cold, mut other: Hot, mut other_cold: Cold) {
        other.settle(&mut other_cold);
        if cold.stretch.is_none() && self.waiting == 0 {
            *cold = other_cold;
            return;
        }
        let Cold { rows, stretch, grid, evidence, other_ports, rare } = other_cold;
        let Some((first, last)) = stretch else { return };
        cold.rows += rows;
        cold.see(first);
        cold.see(last);
        cold.merge_times(&grid, rare.as_ref().and_then(|rare| rare.early.as_ref()));
        if let Some(several) = rare.map(|rare| rare.several).filter(|several| several.rows > 0) {
            cold.stand_for(several);
        }
        for place in evidence.iter() {
            self.evidence_to = cold.evidence.keep(place);
        }
        for port in other_ports.iter() {
            self.ports_below = cold.other_ports.keep(port);
        }
    }
}

impl Cold {
    /// Looks at it.
    #[inline]
    pub(crate) fn warm(&self) -> u64 {
        self.rows ^ u64::from(self.evidence.warm()) ^ u64::from(self.other_ports.warm())
    }

    /// Rows, of cells in which none waits.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// The first and the last time.
    pub(crate) fn stretch(&self) -> (Instant, Instant) {
        self.stretch.expect("a cell is made for a row")
    }

    /// Rows over time.
    pub(crate) fn grid(&self) -> &Grid {
        &self.grid
    }

    /// Gives up the rows over time.
    pub(crate) fn forget_grid(&mut self) {
        self.grid = Grid::default();
        if let Some(rare) = &mut self.rare {
            rare.early = None;
        }
    }

    /// All that was counted but the grid, of cells in which no row waits.
    pub(crate) fn cell(&self) -> Cell {
        let several = self.rare.as_deref().map(|rare| rare.several).unwrap_or_default();
        let (first, last) = self.stretch();
        Cell {
            rows: self.rows,
            occurrences: (self.rows - several.rows).saturating_add(several.occurrences),
            first,
            last,
            evidence: self.evidence.sample(),
            other_ports: self.other_ports.sample(),
        }
    }

    /// Counts a row at an instant.
    fn count(&mut self, at: Instant) {
        self.rows += 1;
        self.see(at);
        if self.grid.is_crowded() {
            self.keep_early(at);
        }
        self.grid.add(at, 1);
    }

    /// Takes an instant into the first ones, which are made while the grid still holds them all.
    fn keep_early(&mut self, at: Instant) {
        let Cold { grid, rare, .. } = self;
        rare.get_or_insert_default().early.get_or_insert_with(|| Early::of(grid)).add(at.seconds(), 1);
    }

    /// Adds what another cell counted over time.
    fn merge_times(&mut self, grid: &Grid, early: Option<&Early>) {
        if !self.grid.is_crowded_with(grid) {
            return self.grid.merge(grid);
        }
        let mine = self.rare.as_mut().and_then(|rare| rare.early.take());
        let mut joined = mine.unwrap_or_else(|| Early::of(&self.grid));
        match early {
            Some(early) => joined.merge(early),
            None => joined.take(grid),
        }
        self.grid.merge(grid);
        if self.grid.is_crowded() {
            self.rare.get_or_insert_default().early = Some(joined);
        }
    }

    /// When rows were counted, to the second.
    pub(crate) fn series(&self) -> Series {
        Series::of(&self.grid, self.rare.as_ref().and_then(|rare| rare.early.as_ref()), self.rows)
    }

    /// Takes an instant into the stretch from the first to the last.
    #[inline]
    fn see(&mut self, at: Instant) {
        let (first, last) = self.stretch.unwrap_or((at, at));
        self.stretch = Some((first.min(at), last.max(at)));
    }

    /// Notes rows that stand for another number of events than one.
    fn stand_for(&mut self, more: Several) {
        let several = &mut self.rare.get_or_insert_default().several;
        several.rows += more.rows;
        several.occurrences = several.occurrences.saturating_add(more.occurrences);
    }

    /// Makes the places of evidence absolute; `change` must keep their order.
    pub(crate) fn place_evidence(&mut self, change: impl FnMut(&mut Place)) {
        self.evidence.map_in_order(change);
    }
}

/// An instant as whole seconds since 1970, if it is some.
#[inline]
fn whole_second(at: Instant) -> Option<u32> {
    let second = u32::try_from(at.seconds()).ok()?;
    (Instant::from_seconds(i64::from(second)) == at).then_some(second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Second, byte, port, occurrences, and whether the time is no whole second.
    type Row = (i64, u64, u16, u64, bool);

    fn seen((second, byte, port, occurrences, between): Row) -> Seen {
        Seen {
            at: Instant::from_micros(second * 1_000_000 + if between { 7 } else { 0 }),
            place: Place { source: u32::from(port % 3), byte, record: byte, line: byte },
            other_port: Some(port).filter(|port| *port > 3),
            occurrences: if occurrences > 5 { 1 } else { occurrences },
        }
    }

    fn counted(rows: &[Row]) -> (Hot, Cold) {
        let (mut hot, mut cold) = (Hot::default(), Pages::default());
        cold.push(Cold::default());
        cold.push(Cold::default());
        for row in rows {
            hot.count(seen(*row), &mut cold, 1);
        }
        (hot, cold.into_iter().last().unwrap())
    }

    /// The series of rows that were counted so many times, as it is defined.
    fn series(rows: &[Row], times: u64) -> Series {
        let mut expected = std::collections::BTreeMap::<i64, u64>::new();
        for row in rows {
            *expected.entry(row.0).or_default() += times;
        }
        let early = expected.into_iter().map(|(second, rows)| (Instant::from_seconds(second), rows));
        let mut grid = Grid::default();
        let mut joined = Series::of(&grid, None, 0);
        for (at, rows) in early {
            grid = Grid::default();
            grid.add(at, rows);
            joined.merge(Series::of(&grid, None, rows));
        }
        joined
    }

    proptest! {
        #[test]
        fn both_parts_count_what_a_cell_counts(
            rows in prop::collection::vec(
                (prop_oneof![-100_000i64..9_000_000_000, 0i64..400], 0u64..1500, 0u16..30, 0u64..12,
                    prop::bool::weighted(0.1)), 1..400),
            cut in 0usize..400,
        ) {
            let mut cell = Cell::new(seen(rows[0]));
            rows[1..].iter().for_each(|row| cell.add(seen(*row)));
            let mut grid = Grid::default();
            for row in &rows {
                grid.add(seen(*row).at, 1);
            }
            let (mut hot, mut cold) = counted(&rows);
            hot.settle(&mut cold);
            prop_assert_eq!((cold.rows(), cold.stretch()), (rows.len() as u64, (cell.first, cell.last)));
            prop_assert_eq!(cold.grid(), &grid);
            prop_assert_eq!(cold.series(), series(&rows, 1));
            prop_assert_eq!(&cold.cell(), &cell);
            let (some, others) = rows.split_at(cut.min(rows.len()));
            let ((mut hot, mut cold), (other, other_cold)) = (counted(some), counted(others));
            hot.merge(&mut cold, other, other_cold);
            let mut again = Pages::default();
            again.push(cold);
            for row in rows.iter().map(|row| seen(*row)) {
                hot.count(row, &mut again, 0);
                cell.add(row);
                grid.add(row.at, 1);
            }
            hot.settle(&mut again[0]);
            prop_assert_eq!(again[0].grid(), &grid);
            prop_assert_eq!(again[0].series(), series(&rows, 2));
            prop_assert_eq!(again[0].cell(), cell);
        }
    }

    #[test]
    fn one_row_looks_at_one_line() {
        assert_eq!(size_of::<Hot>(), 64);
    }
}
