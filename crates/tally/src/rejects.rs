//! Rows that could not be read, counted by reason.

use ringback_model::case::RejectTally;
use ringback_model::{Place, Reject, RejectReason, Smallest};
use std::collections::BTreeMap;

/// How many places of each reason are kept: those that come first in the inputs.
pub(crate) const PLACES: usize = 20;

/// Rejected rows by reason, with the first places of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejects {
    pub(crate) by_reason: BTreeMap<RejectReason, (u64, Smallest<Place, PLACES>)>,
}

impl Rejects {
    /// Counts one rejected row.
    pub fn add(&mut self, reject: Reject) {
        let (rows, places) = self.by_reason.entry(reject.reason).or_default();
        *rows += 1;
        places.insert(reject.place);
    }

    /// Notes a whole file of which no row could be read; it adds no rows.
    pub fn add_file(&mut self, reject: Reject) {
        self.by_reason.entry(reject.reason).or_default().1.insert(reject.place);
    }

    /// Adds all that another counted.
    pub fn merge(&mut self, other: &Rejects) {
        for (reason, (rows, places)) in &other.by_reason {
            let mine = self.by_reason.entry(*reason).or_default();
            mine.0 += rows;
            mine.1.merge(places);
        }
    }

    /// Rows rejected.
    pub fn rows(&self) -> u64 {
        self.by_reason.values().map(|(rows, _)| rows).sum()
    }

    /// Makes the places absolute; `change` must keep their order.
    pub fn place(&mut self, mut change: impl FnMut(&mut Place)) {
        for (_, places) in self.by_reason.values_mut() {
            places.map_in_order(&mut change);
        }
    }

    /// The counts, in the order of the vocabulary.
    pub fn finish(&self) -> Vec<RejectTally> {
        self.by_reason
            .iter()
            .map(|(reason, (rows, places))| RejectTally {
                reason: *reason,
                rows: *rows,
                places: places.as_slice().to_vec(),
            })
            .collect()
    }
}
