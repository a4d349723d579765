//! How what a part holds is written where it goes: sources get other numbers, places become absolute, groups go elsewhere.

use super::wire::PartError;
use ringback_model::{Place, Segment};

/// The most sources that places can tell apart.
const SOURCES: u32 = 1 << 24;

/// The greatest byte and record that places hold.
const BYTES: u64 = 1 << 48;
const RECORDS: u64 = 1 << 56;

/// How the numbers of a part are taken.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// What becomes of each source.
    sources: Vec<Shift>,
    /// Where each group goes; `None` where it is dropped.
    groups: Vec<Option<usize>>,
    segments: Segment,
}

/// What becomes of the places of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shift {
    /// Its number from now on. The order of sources stays what it is.
    pub number: u32,
    /// Where the splits of the source start, each with the records and lines before it; empty where places stay as they
    /// are.
    pub bases: Vec<(u64, u64, u64)>,
}

impl Shift {
    /// The records and lines before the split that a byte lies in.
    fn base(&self, byte: u64) -> (u64, u64) {
        let after = self.bases.partition_point(|(from, ..)| *from <= byte);
        let base = after.checked_sub(1).map(|at| self.bases[at]);
        base.map_or((0, 0), |(_, records, lines)| (records, lines))
    }
}

impl Import {
    /// Takes sources and groups so, of detections in so many segments.
    pub fn new(sources: Vec<Shift>, groups: Vec<Option<usize>>, segments: Segment) -> Self {
        Import { sources, groups, segments }
    }

    /// Takes so many sources, groups and segments as they are.
    pub fn of_sources(sources: u32, groups: usize, segments: Segment) -> Self {
        let sources = (0..sources).map(|number| Shift { number, bases: Vec::new() }).collect();
        Import::new(sources, (0..groups).map(Some).collect(), segments)
    }

    /// How many groups the part must have.
    pub(crate) fn groups(&self) -> &[Option<usize>] {
        &self.groups
    }

    /// Where its groups go to: how many there must be.
    pub(crate) fn targets(&self) -> usize {
        self.groups.iter().flatten().max().map_or(0, |most| most + 1)
    }

    pub(crate) fn segments(&self) -> Segment {
        self.segments
    }

    /// A place as it is from now on.
    pub(crate) fn place(&self, place: Place) -> Result<Place, PartError> {
        let (number, (records, lines)) = self.source(place.source, place.byte)?;
        let (record, line) = (place.record.checked_add(records), place.line.checked_add(lines));
        let fits = |number: Option<u64>| number.filter(|number| *number < RECORDS);
        match (fits(record), fits(line)) {
            (Some(record), Some(line)) => Ok(Place { source: number, byte: place.byte, record, line }),
            _ => Err(OUT),
        }
    }

    /// The number of a source from now on, and the records and lines before what begins at a byte.
    pub(crate) fn source(&self, source: u32, byte: u64) -> Result<(u32, (u64, u64)), PartError> {
        let shift = self.sources.get(source as usize).filter(|shift| shift.number < SOURCES).ok_or(OUT)?;
        if byte < BYTES { Ok((shift.number, shift.base(byte))) } else { Err(OUT) }
    }
}

/// What is said of a place that is too far on.
pub(crate) const OUT: PartError = PartError::Damaged("a place is out of bounds");

/// The bounds of the numbers of a place but the source's.
pub(crate) const BOUNDS: [u64; 3] = [BYTES, RECORDS, RECORDS];
