//! The rows of a source that can be read only once, kept for the union of overlapping exports.

use crate::slabs::{RowHash, SlabKey, SlabSet};
use ringback_model::Map;

/// How often each row of a source stands in it. Other sources are read again for that; this one can not be. Its memory
/// grows with distinct rows, so it is kept only where other sources may hold the same ones.
#[derive(Clone, Debug, Default)]
pub struct KeptRows(Map<RowHash, (SlabKey, u32)>);

impl KeptRows {
    /// Counts one row.
    pub fn add(&mut self, slab: SlabKey, hash: RowHash) {
        self.0.entry(hash).or_insert((slab, 0)).1 += 1;
    }

    /// Adds all that another split of the same source counted.
    pub fn merge(&mut self, other: KeptRows) {
        #[expect(clippy::iter_over_hash_type, reason = "sums do not depend on the order")]
        for (hash, (slab, rows)) in other.0 {
            self.0.entry(hash).or_insert((slab, 0)).1 += rows;
        }
    }

    /// How often each row of some slabs stands in the source.
    pub fn of(&self, wanted: &SlabSet) -> Map<RowHash, u32> {
        let wanted = self.0.iter().filter(|(_, (slab, _))| wanted.contains(slab));
        wanted.map(|(hash, (_, rows))| (*hash, *rows)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slabs::slab_key;
    use ringback_model::Instant;

    #[test]
    fn rows_are_told_by_slab() {
        let slab = |hour: i64| slab_key(1, Instant::from_seconds(hour * 3600));
        let (mut one, mut two) = (KeptRows::default(), KeptRows::default());
        for (hour, hash) in [(1, 10), (1, 10), (1, 11), (2, 20)] {
            one.add(slab(hour), hash);
        }
        two.add(slab(1), 10);
        one.merge(two);
        let wanted: SlabSet = [slab(1), slab(3)].into_iter().collect();
        assert_eq!(one.of(&wanted), [(10, 3), (11, 1)].into_iter().collect());
    }
}
