//! The union of overlapping exports: a row that several exports hold counts once.
//!
//! The k-th of equal rows in a source is a duplicate where an earlier source has at least k of them; so a source keeps its
//! own repetitions.

use ringback_model::{Fingerprint, Instant, Map};

/// The identity of a row, hashed: detection, instant and the port that is not the service's.
pub type RowHash = u128;

/// The hash of a row's identity. The fingerprint is a cryptographic hash of all text; instant and port are mixed in by
/// multiplication with odd constants and folding.
pub fn row_hash(fingerprint: Fingerprint, at: Instant, other_port: Option<u16>) -> RowHash {
    const ODD: u128 = 0x2d99_787a_926d_46d3_2360_ed05_1fc6_5da4_u128 | 1;
    let port = other_port.map_or(0, |port| u128::from(port) + 1);
    let moment = u128::from(at.micros().cast_unsigned()) << 32 | port;
    let mut mixed = fingerprint.0 ^ moment.wrapping_mul(ODD);
    for _ in 0..2 {
        mixed ^= mixed >> 67;
        mixed = mixed.wrapping_mul(ODD);
        mixed ^= mixed >> 59;
    }
    mixed
}

/// A source and how often it holds a row.
pub(crate) type Holding = (u32, u32);

/// The sources that hold a row. Only those that hold it more often than every source before them are kept: for any k, the
/// earliest source that holds the row at least k times is among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Holders {
    first: Option<Holding>,
    more: Vec<Holding>,
}

impl Holders {
    /// Takes in how often a source holds the row; sources come in order.
    pub(crate) fn add(&mut self, holding: Holding) {
        match (self.more.last().or(self.first.as_ref()), self.first) {
            (_, None) => self.first = Some(holding),
            (Some((_, most)), _) if *most < holding.1 => self.more.push(holding),
            _ => {}
        }
    }

    /// The earliest source that holds the row so often.
    pub(crate) fn earliest(&self, count: u32) -> Option<u32> {
        let mut all = self.first.iter().chain(&self.more);
        all.find(|(_, held)| *held >= count).map(|(holder, _)| *holder)
    }
}

/// Tells the duplicates among rows that are asked for in the order of the sources, and in each source in its own.
#[derive(Debug, Default)]
pub struct Repetitions(Map<RowHash, Held>);

/// Who holds a row, up to the source that is asked for.
#[derive(Debug, Default)]
struct Held {
    before: Holders,
    /// The source that is asked for now.
    now: Holding,
    shared: bool,
}

impl Held {
    /// Turns to a source. What the one before holds is known now.
    fn turn_to(&mut self, source: u32) {
        if self.now.0 != source || self.now.1 == 0 {
            if self.now.1 > 0 {
                self.before.add(self.now);
            }
            self.now = (source, 0);
        }
    }
}

impl Repetitions {
    /// Takes in that a source holds a row so often, without asking for any of them.
    pub fn hold(&mut self, hash: RowHash, source: u32, count: u32) {
        let held = self.0.entry(hash).or_default();
        held.turn_to(source);
        held.now.1 += count;
    }

    /// The earliest source that holds the next row too; `None` where it is no duplicate.
    pub fn take(&mut self, hash: RowHash, source: u32) -> Option<u32> {
        let held = self.0.entry(hash).or_default();
        held.turn_to(source);
        held.now.1 += 1;
        let earlier = held.before.earliest(held.now.1);
        held.shared |= earlier.is_some();
        earlier
    }
}

/// Which rows several sources hold, to tell the duplicates of any one source once more.
#[derive(Debug)]
pub struct Union {
    holders: Map<RowHash, Holders>,
    /// For each source, whether an earlier one holds a row of it.
    repeats: Vec<bool>,
}

impl Union {
    /// A union of so many sources in which nothing is a duplicate.
    pub fn none(sources: usize) -> Self {
        Union { holders: Map::default(), repeats: vec![false; sources] }
    }

    /// Takes in the rows that turned out to be held by several sources.
    pub fn learn(&mut self, repetitions: Repetitions) {
        let shared = repetitions.0.into_iter().filter(|(_, held)| held.shared);
        self.holders.extend(shared.map(|(hash, mut held)| {
            held.before.add(held.now);
            (hash, held.before)
        }));
    }

    /// Takes in that an earlier source holds a row of a source too.
    pub fn repeats(&mut self, source: usize) {
        self.repeats[source] = true;
    }

    /// Whether a source has duplicate rows at all.
    pub fn has_duplicates(&self, source: usize) -> bool {
        self.repeats[source]
    }

    /// Tells the duplicates among a source's rows, which must be asked for in the order of the source.
    pub fn filter(&self, source: u32) -> DuplicateFilter<'_> {
        DuplicateFilter { source, holders: &self.holders, seen: Map::default() }
    }
}

/// Tells which rows of one source an earlier source holds too.
#[derive(Debug)]
pub struct DuplicateFilter<'u> {
    source: u32,
    holders: &'u Map<RowHash, Holders>,
    /// How often each row that several sources hold was asked for.
    seen: Map<RowHash, u32>,
}

impl DuplicateFilter<'_> {
    /// The earliest source that holds the next row too. `None` where the row is no duplicate.
    pub fn earlier(&mut self, hash: RowHash) -> Option<u32> {
        let holders = self.holders.get(&hash)?;
        let seen = self.seen.entry(hash).or_default();
        *seen += 1;
        holders.earliest(*seen).filter(|holder| *holder < self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A row: endpoint, detection, second.
    type Row = (u8, u8, i64);

    fn hash(row: &Row) -> RowHash {
        let detection = Fingerprint(u128::from(row.0) << 108 | u128::from(row.1) << 100);
        row_hash(detection, Instant::from_seconds(row.2), None)
    }

    fn number(source: usize) -> u32 {
        u32::try_from(source).unwrap()
    }

    /// The rows that are kept, and the source of each row that is not; told twice, when first read and once more. The rows
    /// of the first source are known by their numbers alone where it is `held`.
    fn told(sources: &[Vec<Row>], held: bool) -> (Vec<Row>, Vec<(usize, u32, Row)>) {
        let (mut repetitions, mut union) = (Repetitions::default(), Union::none(sources.len()));
        let (mut kept, mut dropped) = (Vec::new(), Vec::new());
        for (source, rows) in sources.iter().enumerate() {
            if held && source == 0 {
                for row in rows {
                    repetitions.hold(hash(row), 0, 1);
                }
                kept.extend(rows);
                continue;
            }
            for row in rows {
                match repetitions.take(hash(row), number(source)) {
                    Some(holder) => dropped.push((source, holder, *row)),
                    None => kept.push(*row),
                }
            }
        }
        for (source, ..) in &dropped {
            union.repeats(*source);
        }
        union.learn(repetitions);
        let mut again = Vec::new();
        for (source, rows) in sources.iter().enumerate() {
            let mut filter = union.filter(number(source));
            let found = rows.iter().filter_map(|row| Some((source, filter.earlier(hash(row))?, *row)));
            let found: Vec<_> = found.collect();
            assert_eq!(union.has_duplicates(source), !found.is_empty());
            again.extend(found);
        }
        assert_eq!(again, dropped);
        kept.sort_unstable();
        (kept, dropped)
    }

    /// The earliest source that holds the k-th of equal rows, by counting.
    fn expected(sources: &[Vec<Row>]) -> Vec<(usize, u32, Row)> {
        let times = |rows: &[Row], row: &Row| rows.iter().filter(|other| *other == row).count();
        let mut expected = Vec::new();
        for (source, rows) in sources.iter().enumerate() {
            for (place, row) in rows.iter().enumerate() {
                let nth = times(&rows[..=place], row);
                let holder = sources[..source].iter().position(|earlier| times(earlier, row) >= nth);
                expected.extend(holder.map(|holder| (source, number(holder), *row)));
            }
        }
        expected
    }

    proptest! {
        #[test]
        fn overlapping_windows_of_one_log_unite_to_the_log(
            mut log in prop::collection::vec((0u8..3, 0u8..4, 0i64..20_000), 0..120),
            windows in prop::collection::vec((0i64..20_000, 0i64..20_000), 1..5),
            held in any::<bool>(),
        ) {
            log.sort_unstable();
            let window = |(from, to): &(i64, i64)| -> Vec<Row> {
                log.iter().copied().filter(|row| row.2 >= *from && row.2 < *to).collect()
            };
            let sources: Vec<Vec<Row>> = windows.iter().map(window).collect();
            let covered: Vec<Row> = log
                .iter()
                .copied()
                .filter(|row| windows.iter().any(|(from, to)| row.2 >= *from && row.2 < *to))
                .collect();
            prop_assert_eq!(told(&sources, held).0, covered);
        }

        #[test]
        fn each_duplicate_is_told_of_the_earliest_source_that_holds_enough(
            sources in prop::collection::vec(prop::collection::vec((0u8..2, 0u8..2, 0i64..3), 0..20), 1..5),
            held in any::<bool>(),
        ) {
            prop_assert_eq!(told(&sources, held).1, expected(&sources));
        }
    }

    #[test]
    fn a_source_keeps_its_own_repetitions() {
        let row = (1, 1, 50);
        assert_eq!(told(&[vec![row, row], vec![row], vec![row, row, row]], false).0, vec![row; 3]);
    }

    #[test]
    fn instant_and_port_are_part_of_a_row() {
        let print = Fingerprint(7);
        let hashes = [
            row_hash(print, Instant::from_micros(1), None),
            row_hash(print, Instant::from_micros(2), None),
            row_hash(print, Instant::from_micros(1), Some(0)),
            row_hash(print, Instant::from_micros(1), Some(1)),
            row_hash(Fingerprint(8), Instant::from_micros(1), None),
        ];
        let mut distinct = hashes.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), hashes.len());
    }
}
