//! The memory of spellings: each distinct one has a number, and what it turned out to say.

use hashbrown::HashTable;
use ringback_model::RejectReason;
use std::hash::BuildHasher;

/// What a spelling turned out to be: the number of its detection, or why it is none.
type Known = Result<u32, RejectReason>;

/// Spellings by their bytes, which stand one behind the other.
#[derive(Debug, Default)]
pub(crate) struct Spellings {
    hasher: hashbrown::DefaultHashBuilder,
    table: HashTable<Entry>,
    bytes: Vec<u8>,
}

/// One spelling. Its hash is kept so that the table grows without a look at the bytes.
#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u64,
    from: u64,
    length: u32,
    known: Known,
}

impl Spellings {
    /// The hash of a spelling.
    #[inline]
    pub(crate) fn hash(&self, spelling: &[u8]) -> u64 {
        self.hasher.hash_one(spelling)
    }

    /// What is known of a spelling with its hash.
    #[inline]
    pub(crate) fn find(&self, hash: u64, spelling: &[u8]) -> Option<Known> {
        let same = |entry: &Entry| entry.hash == hash && self.of(*entry) == Some(spelling);
        self.table.find(hash, same).map(|entry| entry.known)
    }

    /// Looks at all that finding spellings will look at. One look-up waits for memory again and again; many at once wait
    /// together, so that rows are found in half the time where there are many spellings.
    pub(crate) fn warm(&self, hashes: impl Iterator<Item = u64>) {
        let mut sum = 0;
        for hash in hashes {
            if let Some(entry) = self.table.find(hash, |entry| entry.hash == hash) {
                let bytes = self.of(*entry).unwrap_or_default();
                sum ^= bytes.first().copied().unwrap_or(0) ^ bytes.last().copied().unwrap_or(0);
            }
        }
        std::hint::black_box(sum);
    }

    /// Keeps what is known of a spelling that was not found.
    pub(crate) fn keep(&mut self, hash: u64, spelling: &[u8], known: Known) {
        let from = self.bytes.len() as u64;
        let length = u32::try_from(spelling.len()).expect("a record is smaller than 4 GiB");
        self.bytes.extend_from_slice(spelling);
        self.table.insert_unique(hash, Entry { hash, from, length, known }, |entry| entry.hash);
    }

    fn of(&self, entry: Entry) -> Option<&[u8]> {
        let from = usize::try_from(entry.from).ok()?;
        self.bytes.get(from..from + entry.length as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_spelling_has_what_was_kept_of_it() {
        let mut spellings = Spellings::default();
        let text = |number: u32| format!("{number}|").repeat(1 + number as usize % 3).into_bytes();
        for number in 0..5000 {
            let hash = spellings.hash(&text(number));
            assert_eq!(spellings.find(hash, &text(number)), None);
            let known = if number % 7 == 0 { Err(RejectReason::BadAddress) } else { Ok(number) };
            spellings.keep(hash, &text(number), known);
        }
        for number in 0..5000 {
            let known = if number % 7 == 0 { Err(RejectReason::BadAddress) } else { Ok(number) };
            assert_eq!(spellings.find(spellings.hash(&text(number)), &text(number)), Some(known), "{number}");
        }
        assert_eq!(spellings.find(spellings.hash(b""), b""), None);
    }
}
