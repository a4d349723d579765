//! Random numbers that belong to a place in a stream: the n-th row is the same however one gets to it.

/// The step of `splitmix64`.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The generator `splitmix64` of Steele, Lea and Flood (2014), begun anew for each row.
pub(super) struct Random(u64);

impl Random {
    /// The numbers of one row.
    pub(super) fn of_row(seed: u64, row: u64) -> Self {
        Random(mixed(seed ^ mixed(row.wrapping_add(STEP))))
    }

    /// The next number.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mixed(self.0)
    }

    /// A number below a bound of at most 32 bits; the multiplication spares a division.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        ((self.next() >> 32) * bound) >> 32
    }
}

/// Every bit of a number spread over all others.
pub(super) fn mixed(number: u64) -> u64 {
    let mut mixed = number;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_its_own_numbers_and_keeps_them() {
        let numbers = |seed, row| {
            let mut random = Random::of_row(seed, row);
            [random.next(), random.below(1000), random.below(7)]
        };
        assert_eq!(numbers(7, 12), numbers(7, 12));
        assert_ne!(numbers(7, 12), numbers(7, 13));
        assert_ne!(numbers(7, 12), numbers(8, 12));
        let mut random = Random::of_row(7, 0);
        let drawn: Vec<u64> = (0..1000).map(|_| random.below(10)).collect();
        assert!((0..10).all(|number| drawn.contains(&number)) && drawn.iter().all(|number| *number < 10));
    }
}
