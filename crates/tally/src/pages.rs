//! A list that grows without moving what it holds.

/// How many values a page has.
const PAGE: usize = 1024;

/// A list in pages: adding to a large one copies nothing, so that nobody waits for long while another adds to it.
#[derive(Clone, Debug)]
pub(crate) struct Pages<T>(Vec<Vec<T>>);

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Pages(Vec::new())
    }
}

impl<T> Pages<T> {
    /// Adds a value at the end. A list starts small.
    pub(crate) fn push(&mut self, value: T) {
        if let Some(page) = self.0.last_mut().filter(|page| page.len() < PAGE) {
            page.push(value);
        } else {
            let mut page = Vec::with_capacity(if self.0.is_empty() { 4 } else { PAGE });
            page.push(value);
            self.0.push(page);
        }
    }

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.0.last().map_or(0, |last| (self.0.len() - 1) * PAGE + last.len())
    }

    /// All values in order.
    pub(crate) fn into_iter(self) -> impl Iterator<Item = T> {
        self.0.into_iter().flatten()
    }
}

impl<T> std::ops::Index<usize> for Pages<T> {
    type Output = T;

    #[inline]
    fn index(&self, at: usize) -> &T {
        &self.0[at / PAGE][at % PAGE]
    }
}

impl<T> std::ops::IndexMut<usize> for Pages<T> {
    #[inline]
    fn index_mut(&mut self, at: usize) -> &mut T {
        &mut self.0[at / PAGE][at % PAGE]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_places() {
        let mut pages = Pages::default();
        for number in 0..3 * PAGE {
            assert_eq!(pages.len(), number);
            pages.push(number);
            pages[number / 2] += 1;
        }
        let expected: Vec<usize> =
            (0..3 * PAGE).map(|number| number + if number < 3 * PAGE / 2 { 2 } else { 0 }).collect();
        assert!((0..pages.len()).all(|at| pages[at] == expected[at]));
        assert_eq!(pages.into_iter().collect::<Vec<_>>(), expected);
    }
}
