//! The k smallest of what was seen: a bounded sample that is the same in any order of merging.

/// The `K` smallest distinct values seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Smallest<T, const K: usize> {
    kept: Vec<T>,
}

impl<T, const K: usize> Default for Smallest<T, K> {
    fn default() -> Self {
        Smallest { kept: Vec::new() }
    }
}

impl<T: Ord + Copy, const K: usize> Smallest<T, K> {
    /// Takes a value in, if it is among the smallest.
    #[inline]
    pub fn insert(&mut self, value: T) {
        let full = self.kept.len() == K;
        match self.kept.last() {
            Some(last) if full && *last <= value => {}
            Some(last) if *last < value => self.place(self.kept.len(), value),
            _ => {
                if let Err(at) = self.kept.binary_search(&value) {
                    self.place(at, value);
                }
            }
        }
    }

    /// Puts a value in its place. Room is made for one value first, since most samples stay that small, then for all.
    fn place(&mut self, at: usize, value: T) {
        self.kept.truncate(K - 1);
        if self.kept.len() == self.kept.capacity() {
            self.kept.reserve_exact(if self.kept.is_empty() { 1 } else { K - self.kept.len() });
        }
        self.kept.insert(at.min(self.kept.len()), value);
    }

    /// The sample of values that were sampled elsewhere: in order, each once, at most `K`.
    pub fn of_sorted(kept: Vec<T>) -> Self {
        debug_assert!(kept.len() <= K && kept.windows(2).all(|pair| pair[0] < pair[1]));
        Smallest { kept }
    }

    /// Takes in all that another sample kept.
    pub fn merge(&mut self, other: &Self) {
        for value in &other.kept {
            self.insert(*value);
        }
    }

    /// The values, smallest first.
    pub fn as_slice(&self) -> &[T] {
        &self.kept
    }

    /// The values, smallest first.
    pub fn into_vec(self) -> Vec<T> {
        self.kept
    }

    /// Changes every value; the order must stay what it was.
    pub fn map_in_order(&mut self, change: impl FnMut(&mut T)) {
        self.kept.iter_mut().for_each(change);
    }

    /// Whether as many are kept as can be, so that there may have been more.
    pub fn is_full(&self) -> bool {
        self.kept.len() == K
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_merge_order_keeps_the_smallest(values in prop::collection::vec(0u8..40, 0..60), cut in 0usize..60) {
            let cut = cut.min(values.len());
            let (mut a, mut b) = (Smallest::<u8, 5>::default(), Smallest::<u8, 5>::default());
            values[..cut].iter().for_each(|v| a.insert(*v));
            values[cut..].iter().rev().for_each(|v| b.insert(*v));
            let mut ba = b.clone();
            ba.merge(&a);
            a.merge(&b);
            let mut expected = values.clone();
            expected.sort_unstable();
            expected.dedup();
            expected.truncate(5);
            prop_assert_eq!(a.as_slice(), &expected[..]);
            prop_assert_eq!(ba.as_slice(), &expected[..]);
        }
    }
}
