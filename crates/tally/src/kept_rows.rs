//! The rows of a source that can be read only once, kept for the union of overlapping exports.

use crate::presence::Hour;
use crate::union::RowHash;
use ringback_model::Map;
use std::collections::BTreeMap;

/// How often each row of a source stands in it, by hour. Other sources are read again for that; this one can not be. Its
/// memory grows with distinct rows, so it is kept only where other sources may hold the same ones.
#[derive(Clone, Debug, Default)]
pub struct KeptRows(BTreeMap<Hour, Map<RowHash, u32>>);

impl KeptRows {
    /// Counts one row.
    pub fn add(&mut self, hour: Hour, hash: RowHash) {
        *self.0.entry(hour).or_default().entry(hash).or_default() += 1;
    }

    /// Adds all that another split of the same source counted.
    pub fn merge(&mut self, other: KeptRows) {
        for (hour, rows) in other.0 {
            let mine = self.0.entry(hour).or_default();
            #[expect(clippy::iter_over_hash_type, reason = "sums do not depend on the order")]
            for (hash, count) in rows {
                *mine.entry(hash).or_default() += count;
            }
        }
    }

    /// How often each row of some hours stands in the source, in no order.
    pub fn within(&self, hours: std::ops::Range<Hour>) -> impl Iterator<Item = (RowHash, u32)> + '_ {
        self.0.range(hours).flat_map(|(_, rows)| rows.iter().map(|(hash, count)| (*hash, *count)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_told_by_hour() {
        let (mut one, mut two) = (KeptRows::default(), KeptRows::default());
        for (hour, hash) in [(1, 10), (1, 10), (1, 11), (2, 20), (4, 21)] {
            one.add(hour, hash);
        }
        two.add(1, 10);
        one.merge(two);
        let mut rows: Vec<_> = one.within(1..4).collect();
        rows.sort_unstable();
        assert_eq!(rows, [(10, 3), (11, 1), (20, 1)]);
    }
}
