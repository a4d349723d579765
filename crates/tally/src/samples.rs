//! The samples that a detection keeps while its rows are counted, in as few bytes as can be.

use crate::{EVIDENCE, OTHER_PORTS};
use ringback_model::{Place, Smallest};

/// A place in 24 bytes, in the order of places: 24 bits for the source, 48 for the byte, 56 for the record, all far more
/// than there can be, and the line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Spot([u64; 3]);

/// The source of a place and its byte but for the lowest bits: what comes later has one that is at least as great.
#[inline]
pub(crate) fn key(place: Place) -> u64 {
    u64::from(place.source) << 40 | place.byte >> 8
}

impl Spot {
    fn new(place: Place) -> Self {
        Spot([key(place), place.byte << 56 | place.record.min((1 << 56) - 1), place.line])
    }

    fn place(self) -> Place {
        let [key, rest, line] = self.0;
        let source = u32::try_from(key >> 40).unwrap_or_default();
        Place { source, byte: key << 24 >> 16 | rest >> 56, record: rest & ((1 << 56) - 1), line }
    }
}

/// The places that come first. Most detections have one row, so that the others have room of their own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    first: Spot,
    others: Option<Box<[Spot; EVIDENCE - 1]>>,
    count: u8,
}

impl Places {
    /// Keeps a place, if it is among the first, and says up to which [`key`] others can be.
    pub(crate) fn keep(&mut self, place: Place) -> u64 {
        let mut spot = Spot::new(place);
        if self.count == 0 {
            (self.first, self.count) = (spot, 1);
            return u64::MAX;
        }
        if spot < self.first {
            std::mem::swap(&mut spot, &mut self.first);
        }
        let others = self.others.get_or_insert_default();
        let mut count = self.count - 1;
        if spot != self.first {
            insert(&mut others[..], &mut count, spot);
        }
        self.count = count + 1;
        if usize::from(self.count) < EVIDENCE { u64::MAX } else { others[EVIDENCE - 2].0[0] }
    }

    /// Looks at them.
    #[inline]
    pub(crate) fn warm(&self) -> u8 {
        self.count
    }

    /// The places, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Place> {
        let first = (self.count > 0).then_some(self.first);
        let others = self.others.iter().flat_map(|others| others.iter()).copied();
        first.into_iter().chain(others).take(self.count.into()).map(Spot::place)
    }

    /// Changes every place; the order must stay what it was.
    pub(crate) fn map_in_order(&mut self, mut change: impl FnMut(&mut Place)) {
        let others = self.others.iter_mut().flat_map(|others| others.iter_mut());
        for spot in std::iter::once(&mut self.first).chain(others).take(self.count.into()) {
            let mut place = spot.place();
            change(&mut place);
            *spot = Spot::new(place);
        }
    }

    /// The places.
    pub(crate) fn sample(&self) -> Smallest<Place, EVIDENCE> {
        let mut places = Vec::with_capacity(self.count.into());
        places.extend(self.iter());
        Smallest::of_sorted(places)
    }
}

/// The smallest ports.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ports {
    kept: [u16; OTHER_PORTS],
    count: u8,
}

impl Ports {
    /// Keeps a port, if it is among the smallest, and says below which others can be.
    pub(crate) fn keep(&mut self, port: u16) -> u32 {
        insert(&mut self.kept, &mut self.count, port);
        if usize::from(self.count) < OTHER_PORTS { u32::MAX } else { self.kept[OTHER_PORTS - 1].into() }
    }

    /// Looks at them.
    #[inline]
    pub(crate) fn warm(&self) -> u8 {
        self.count
    }

    /// The ports, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u16> {
        self.kept[..self.count.into()].iter().copied()
    }

    /// The ports.
    pub(crate) fn sample(&self) -> Smallest<u16, OTHER_PORTS> {
        Smallest::of_sorted(self.kept[..self.count.into()].to_vec())
    }
}

/// Puts a value among the first `count` of `kept`, which are in order; the greatest falls out where there is no room.
fn insert<T: Ord + Copy>(kept: &mut [T], count: &mut u8, value: T) {
    let known = usize::from(*count);
    let at = kept[..known].iter().take_while(|one| **one < value).count();
    if at == kept.len() || kept[..known].get(at) == Some(&value) {
        return;
    }
    let last = known.min(kept.len() - 1);
    kept.copy_within(at..last, at + 1);
    kept[at] = value;
    *count = u8::try_from(last + 1).unwrap_or(u8::MAX);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn they_keep_what_the_smallest_keep(
            places in prop::collection::vec((0u32..1 << 24, 0u64..1 << 48, 0u64..1 << 56, any::<u64>()), 0..20),
            near in prop::collection::vec((0u32..3, 0u64..2000), 0..20),
            ports in prop::collection::vec(prop_oneof![0u16..20, 60_000u16..], 0..40),
        ) {
            let far = |(source, byte, record, line)| Place { source, byte, record, line };
            let near = near.into_iter().map(|(source, byte)| Place { source, byte, record: byte, line: byte });
            let (mut kept, mut expected) = (Places::default(), Smallest::<Place, EVIDENCE>::default());
            let mut up_to = u64::MAX;
            for place in places.into_iter().map(far).chain(near) {
                let full = kept.sample();
                if key(place) <= up_to {
                    up_to = kept.keep(place);
                }
                expected.insert(place);
                prop_assert_eq!(kept.sample(), expected.clone(), "{:?} to {:?}", place, full);
            }
            let (mut kept, mut expected) = (Ports::default(), Smallest::<u16, OTHER_PORTS>::default());
            for port in ports {
                let below = kept.keep(port);
                expected.insert(port);
                let last = expected.as_slice().last().filter(|_| expected.is_full());
                prop_assert_eq!(below, last.map_or(u32::MAX, |last| u32::from(*last)));
                prop_assert_eq!(&kept.sample(), &expected);
            }
        }
    }
}
