//! Counts by the words of a vocabulary.

use super::view::Counts;

/// Counts by each word of a vocabulary while they are added up.
pub(super) struct WordCounts<T: 'static> {
    words: &'static [T],
    counts: Vec<u64>,
}

impl<T: Copy + PartialEq + Into<&'static str>> WordCounts<T> {
    /// Nothing counted yet of any of the words.
    pub(super) fn of(words: &'static [T]) -> Self {
        WordCounts { words, counts: vec![0; words.len()] }
    }

    /// Adds to the count of a word.
    pub(super) fn add(&mut self, word: T, count: u64) {
        if let Some(at) = self.words.iter().position(|one| *one == word) {
            self.counts[at] += count;
        }
    }

    /// The counts of all words, zero or not.
    pub(super) fn finish(self) -> Counts {
        self.words.iter().map(|word| (*word).into()).zip(self.counts).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Severity;

    #[test]
    fn every_word_is_there() {
        let mut counts = WordCounts::of(Severity::ALL);
        for word in Severity::ALL.iter().skip(1) {
            counts.add(*word, 2);
            counts.add(*word, 3);
        }
        let counts = counts.finish();
        assert_eq!(counts.len(), Severity::ALL.len());
        assert_eq!(counts.values().sum::<u64>(), 5 * (Severity::ALL.len() as u64 - 1));
        assert_eq!(counts[Severity::ALL[0].as_str()], 0);
    }
}
