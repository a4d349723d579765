//! The union of overlapping exports: finding rows that two exports share without keeping a hash for each row.
//!
//! For each source the rows of one endpoint in one hour are a slab: their number and the sum of their hashes. Slabs that
//! no other source has, or that are equal in two sources, are settled by that. Only the rows of slabs that two sources
//! share and that differ are looked at one by one.

use ringback_model::{Digest, Fingerprint, Instant, Map, Set};

/// The identity of a row, hashed: detection, instant and the port that is not the service's.
pub type RowHash = u128;

/// One endpoint in one hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SlabKey {
    endpoint: u64,
    hour: i64,
}

/// The slab of an endpoint (any stable number for it) at an instant.
pub fn slab_key(endpoint: u64, at: Instant) -> SlabKey {
    SlabKey { endpoint, hour: at.seconds().div_euclid(3600) }
}

/// A stable number for an endpoint's name.
pub(crate) fn endpoint_number(name: &str) -> u64 {
    let Fingerprint(bits) = Digest::of("endpoint").text(name).fingerprint();
    u64::try_from(bits >> 64).expect("64 bits")
}

/// The hash of a row's identity. The fingerprint is a cryptographic hash of all text; instant and port are mixed in by
/// multiplication with odd constants and folding, so that sums of hashes do not cancel.
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

/// The slabs of one source.
#[derive(Clone, Debug, Default)]
pub struct Slabs {
    sums: Map<SlabKey, (u64, u128)>,
    endpoints: Map<String, u64>,
}

impl Slabs {
    /// The number of an endpoint's name, worked out once for each name.
    pub fn endpoint(&mut self, name: &str) -> u64 {
        if let Some(number) = self.endpoints.get(name) {
            return *number;
        }
        let number = endpoint_number(name);
        self.endpoints.insert(name.to_owned(), number);
        number
    }

    /// Counts one row.
    pub fn add(&mut self, key: SlabKey, hash: RowHash) {
        let (rows, sum) = self.sums.entry(key).or_default();
        *rows += 1;
        *sum = sum.wrapping_add(hash);
    }

    /// Adds all that another split of the same source counted.
    pub fn merge(&mut self, other: &Slabs) {
        #[expect(clippy::iter_over_hash_type, reason = "sums do not depend on the order")]
        for (key, (rows, sum)) in &other.sums {
            let mine = self.sums.entry(*key).or_default();
            mine.0 += rows;
            mine.1 = mine.1.wrapping_add(*sum);
        }
    }
}

/// Slabs of one source that have to be looked at.
pub type SlabSet = Set<SlabKey>;

/// What the slabs of all sources say about rows that several sources hold.
#[derive(Debug, Default)]
pub struct Union {
    /// For each source: slabs that repeat an earlier source's slab as a whole, with the first source that holds it.
    repeated: Vec<Map<SlabKey, u32>>,
    /// For each source: slabs that another source shares, with other rows.
    by_row: Vec<SlabSet>,
    /// Who holds the rows of those slabs that several sources hold.
    holders: Holders,
    /// For each source: whether an earlier one holds a row of those slabs too.
    repeats: Vec<bool>,
}

/// The sources that hold a row, each with how often. Only those that hold it more often than every source before them
/// are kept: for any k, the earliest source that holds the row at least k times is among them.
#[derive(Debug, Default)]
struct Holders {
    /// The first source, and whether another one holds the row too.
    first: Map<RowHash, (u32, u32, bool)>,
    /// Those after it; few rows have any.
    more: Map<RowHash, Vec<(u32, u32)>>,
}

impl Holders {
    /// Takes in how often a source holds a row; gives whether an earlier one does too.
    fn add(&mut self, hash: RowHash, source: u32, count: u32) -> bool {
        let Some((_, most, shared)) = self.first.get_mut(&hash) else {
            self.first.insert(hash, (source, count, false));
            return false;
        };
        *shared = true;
        let most = self.more.get(&hash).and_then(|more| more.last()).map_or(*most, |(_, count)| *count);
        if count > most {
            self.more.entry(hash).or_default().push((source, count));
        }
        true
    }

    /// The earliest source before `source` that holds a row at least `count` times.
    fn earliest(&self, hash: RowHash, count: u32, source: u32) -> Option<u32> {
        let (first, most, _) = self.first.get(&hash)?;
        let more = self.more.get(&hash).map_or(&[][..], Vec::as_slice);
        let mut all = std::iter::once((*first, *most)).chain(more.iter().copied());
        all.find(|(_, held)| *held >= count).map(|(holder, _)| holder).filter(|holder| *holder < source)
    }
}

impl Union {
    /// A union of so many sources in which nothing is a duplicate.
    pub fn none(sources: usize) -> Self {
        Union {
            repeated: vec![Map::default(); sources],
            by_row: vec![SlabSet::default(); sources],
            holders: Holders::default(),
            repeats: vec![false; sources],
        }
    }

    /// Compares the slabs of sources, in the order of the inputs.
    pub fn of(sources: &[&Slabs]) -> Self {
        let mut holders: Map<SlabKey, Vec<usize>> = Map::default();
        for (source, slabs) in sources.iter().enumerate() {
            #[expect(clippy::iter_over_hash_type, reason = "each key enters a list of its own")]
            for key in slabs.sums.keys() {
                holders.entry(*key).or_default().push(source);
            }
        }
        let mut union = Union::none(sources.len());
        #[expect(clippy::iter_over_hash_type, reason = "each key enters sets of its own")]
        for (key, holders) in &holders {
            union.compare(*key, holders, sources);
        }
        union
    }

    fn compare(&mut self, key: SlabKey, holders: &[usize], sources: &[&Slabs]) {
        let Some((first, rest)) = holders.split_first() else { return };
        let sum = sources[*first].sums[&key];
        if rest.iter().all(|source| sources[*source].sums[&key] == sum) {
            for source in rest {
                self.repeated[*source].insert(key, number(*first));
            }
        } else {
            for source in holders {
                self.by_row[*source].insert(key);
            }
        }
    }

    /// The slabs of a source whose rows must be counted one by one; empty for most.
    pub fn rows_wanted(&self, source: usize) -> &SlabSet {
        &self.by_row[source]
    }

    /// Takes in how often each row of the wanted slabs stands in each source, in the order of the inputs. The k-th equal
    /// row is a duplicate where an earlier source has at least k.
    pub fn settle(&mut self, counts: &[Map<RowHash, u32>]) {
        for (source, rows) in counts.iter().enumerate() {
            #[expect(clippy::iter_over_hash_type, reason = "each hash is settled by itself")]
            for (hash, count) in rows {
                let repeats = self.holders.add(*hash, number(source), *count);
                self.repeats[source] |= repeats;
            }
        }
        self.holders.first.retain(|_, (_, _, shared)| *shared);
    }

    /// Whether a source has duplicate rows at all.
    pub fn has_duplicates(&self, source: usize) -> bool {
        !self.repeated[source].is_empty() || self.repeats[source]
    }

    /// Tells the duplicates among a source's rows, which must be asked for in the order of the source.
    pub fn filter(&self, source: usize) -> DuplicateFilter<'_> {
        DuplicateFilter {
            source: number(source),
            repeated: &self.repeated[source],
            by_row: &self.by_row[source],
            holders: &self.holders,
            seen: Map::default(),
        }
    }
}

/// The number of a source.
fn number(source: usize) -> u32 {
    u32::try_from(source).expect("there are fewer than 2^32 inputs")
}

/// Tells which rows of one source an earlier source holds too.
#[derive(Debug)]
pub struct DuplicateFilter<'u> {
    source: u32,
    repeated: &'u Map<SlabKey, u32>,
    by_row: &'u SlabSet,
    holders: &'u Holders,
    /// How often each row that several sources hold was asked for.
    seen: Map<RowHash, u32>,
}

impl DuplicateFilter<'_> {
    /// The earliest source that holds the next row too: the k-th of equal rows where it has at least k. `None` where the
    /// row is no duplicate.
    pub fn earlier(&mut self, key: SlabKey, hash: RowHash) -> Option<u32> {
        if let Some(first) = self.repeated.get(&key) {
            return Some(*first);
        }
        if !self.by_row.contains(&key) || !self.holders.first.contains_key(&hash) {
            return None;
        }
        let seen = self.seen.entry(hash).or_default();
        *seen += 1;
        self.holders.earliest(hash, *seen, self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A row: endpoint, detection, second.
    type Row = (u8, u8, i64);

    fn identity(row: &Row) -> (SlabKey, RowHash) {
        let at = Instant::from_seconds(row.2);
        let detection = Fingerprint(u128::from(row.0) << 108 | u128::from(row.1) << 100);
        (slab_key(u64::from(row.0), at), row_hash(detection, at, None))
    }

    /// The rows that are kept, and the source of each row that is not.
    fn told(sources: &[Vec<Row>]) -> (Vec<Row>, Vec<(usize, u32, Row)>) {
        let slabs: Vec<Slabs> = sources
            .iter()
            .map(|rows| {
                let mut slabs = Slabs::default();
                rows.iter().map(identity).for_each(|(key, hash)| slabs.add(key, hash));
                slabs
            })
            .collect();
        let mut union = Union::of(&slabs.iter().collect::<Vec<_>>());
        let counts: Vec<Map<RowHash, u32>> = sources
            .iter()
            .enumerate()
            .map(|(source, rows)| {
                let mut counts = Map::default();
                for (key, hash) in rows.iter().map(identity) {
                    if union.rows_wanted(source).contains(&key) {
                        *counts.entry(hash).or_default() += 1;
                    }
                }
                counts
            })
            .collect();
        union.settle(&counts);
        let (mut kept, mut dropped) = (Vec::new(), Vec::new());
        for (source, rows) in sources.iter().enumerate() {
            let mut filter = union.filter(source);
            let before = dropped.len();
            for row in rows {
                let (key, hash) = identity(row);
                match filter.earlier(key, hash) {
                    Some(holder) => dropped.push((source, holder, *row)),
                    None => kept.push(*row),
                }
            }
            assert!(union.has_duplicates(source) || dropped.len() == before);
        }
        kept.sort_unstable();
        (kept, dropped)
    }

    fn united(sources: &[Vec<Row>]) -> Vec<Row> {
        told(sources).0
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
            prop_assert_eq!(united(&sources), covered);
        }

        #[test]
        fn each_duplicate_is_told_of_the_earliest_source_that_holds_enough(
            sources in prop::collection::vec(prop::collection::vec((0u8..2, 0u8..2, 0i64..3), 0..20), 1..5),
        ) {
            prop_assert_eq!(told(&sources).1, expected(&sources));
        }
    }

    #[test]
    fn a_source_keeps_its_own_repetitions() {
        let row = (1, 1, 50);
        assert_eq!(united(&[vec![row, row], vec![row], vec![row, row, row]]), vec![row; 3]);
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
