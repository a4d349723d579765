//! The rows of a generated log, each a function of the seed and its number, so that any file can hold any of them.

use super::random::{Random, mixed};

/// How many endpoints there are: 11 bits of a detection's number.
pub(super) const ENDPOINTS: u32 = 1 << 11;
/// How many other ends: 12 bits.
pub(super) const REMOTES: u32 = 1 << 12;
/// How many stories with their process and result: 6 bits.
pub(super) const VARIANTS: u32 = 1 << 6;
/// The numbers that a detection can have: all the bits.
const SPACE: u64 = 1 << 29;
/// By how many seconds at most a row comes later than its place in the log says.
pub(super) const JITTER: i64 = 20;

/// A log of so many rows with so many distinct detections.
#[derive(Clone, Copy)]
pub(super) struct Stream {
    seed: u64,
    rows: u64,
    distinct: u64,
}

/// One row, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Its number in the log.
    pub(super) number: u64,
    /// Whose it is, below [`ENDPOINTS`].
    pub(super) endpoint: usize,
    /// The other end, below [`REMOTES`].
    pub(super) remote: usize,
    /// What happened, below [`VARIANTS`].
    pub(super) variant: usize,
    /// The port of the side that is no server.
    pub(super) client_port: u16,
    /// Seconds after the time that its place says, at most [`JITTER`].
    pub(super) late: i64,
}

impl Stream {
    /// A log of `rows` rows; it has `distinct` detections, which may be at most as many.
    pub(super) fn new(seed: u64, rows: u64, distinct: u64) -> Self {
        Stream { seed, rows: rows.max(1), distinct: distinct.clamp(1, rows.max(1)) }
    }

    /// The n-th row. Detections first appear evenly over the log; between their first appearances, the earlier one is
    /// the more often it comes again.
    pub(super) fn row(self, number: u64) -> Row {
        let mut random = Random::of_row(self.seed, number);
        let known = self.known_before(number);
        let detection = if self.known_before(number + 1) > known {
            known
        } else {
            let drawn = random.next() >> 32;
            (((drawn * drawn) >> 32) * known) >> 32
        };
        let [endpoint, remote, variant] = self.parts(detection);
        let client_port = 51_000 + u16::try_from(random.below(14_000)).expect("it is below 14000");
        let late = i64::try_from(random.below(JITTER.unsigned_abs() + 1)).expect("it is small");
        Row { number, endpoint, remote, variant, client_port, late }
    }

    /// How many detections the rows before a number have.
    fn known_before(self, number: u64) -> u64 {
        (number * self.distinct).div_ceil(self.rows)
    }

    /// The endpoint, the other end and the variant of a detection. Two detections differ in one at least, since each
    /// step can be undone within the space.
    fn parts(self, detection: u64) -> [usize; 3] {
        let mut number = (detection ^ mixed(self.seed)) & (SPACE - 1);
        number = (number.wrapping_mul(0x9e37_79b1)) & (SPACE - 1);
        number ^= number >> 15;
        number = (number.wrapping_mul(0x85eb_ca6b)) & (SPACE - 1);
        number ^= number >> 13;
        let mut part = |below: u32| {
            let part = number % u64::from(below);
            number /= u64::from(below);
            usize::try_from(part).expect("it is below 4096")
        };
        [part(ENDPOINTS), part(REMOTES), part(VARIANTS)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_log_has_as_many_distinct_detections_as_it_promises() {
        for (rows, distinct) in [(1, 1), (100, 3), (1000, 1000), (50_000, 1520), (50_000, 48_500), (10, 50)] {
            let stream = Stream::new(7, rows, distinct);
            let seen: BTreeSet<_> = (0..rows)
                .map(|number| stream.row(number))
                .map(|row| (row.endpoint, row.remote, row.variant))
                .collect();
            assert_eq!(seen.len() as u64, distinct.min(rows), "{rows} {distinct}");
        }
    }

    #[test]
    fn another_seed_is_another_log() {
        let rows = |seed| (0..100).map(|number| Stream::new(seed, 100, 20).row(number)).collect::<Vec<_>>();
        assert_eq!(rows(7), rows(7));
        assert_ne!(rows(7), rows(8));
    }
}
