//! Cuts in time that are known before counting, and the segments between them.

use crate::instant::Instant;

/// The number of a stretch of time between two cuts: segment 0 is all before the first cut.
pub type Segment = u16;

/// Instants at which a rule starts or ends to hold (`--since`, `--until`, periods of scanners, suppressions and
/// vulnerabilities), sorted and distinct. A tally's key is a detection and a segment, so that each segment can be judged
/// by the rules of its time without looking at rows again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cuts {
    instants: Vec<Instant>,
}

impl Cuts {
    /// Cuts at the given instants, in any order.
    ///
    /// # Errors
    /// The number of distinct instants, where there are more than fit a [`Segment`].
    pub fn new(instants: impl IntoIterator<Item = Instant>) -> Result<Self, usize> {
        let mut instants: Vec<Instant> = instants.into_iter().collect();
        instants.sort_unstable();
        instants.dedup();
        if instants.len() < usize::from(Segment::MAX) { Ok(Cuts { instants }) } else { Err(instants.len()) }
    }

    /// The segment that an instant lies in. A cut belongs to the segment that it starts.
    pub fn segment(&self, instant: Instant) -> Segment {
        let before = self.instants.partition_point(|cut| *cut <= instant);
        Segment::try_from(before).expect("new() holds the number of cuts below Segment::MAX")
    }

    /// The instant with which a segment starts; `None` for the first.
    pub fn start(&self, segment: Segment) -> Option<Instant> {
        usize::from(segment).checked_sub(1).map(|before| self.instants[before])
    }

    /// How many segments there are; at least one.
    pub fn segments(&self) -> Segment {
        Segment::try_from(self.instants.len() + 1).expect("new() holds the number of cuts below Segment::MAX")
    }

    /// The cuts, in order.
    pub fn instants(&self) -> &[Instant] {
        &self.instants
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_starts_its_segment() {
        let at = Instant::from_seconds;
        let cuts = Cuts::new([at(20), at(10), at(20)]).unwrap();
        assert_eq!(cuts.segments(), 3);
        for (seconds, segment) in [(i64::MIN / 2_000_000, 0), (9, 0), (10, 1), (19, 1), (20, 2), (99, 2)] {
            assert_eq!(cuts.segment(at(seconds)), segment, "at {seconds}");
        }
        assert_eq!(cuts.start(0), None);
        assert_eq!(cuts.start(2), Some(at(20)));
        assert!(Cuts::new((0..70_000).map(at)).is_err());
    }
}
