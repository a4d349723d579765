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
    /// What is known of a spelling, or the hash to keep it under.
    #[inline]
    pub(crate) fn find(&self, spelling: &[u8]) -> Result<Known, u64> {
        let hash = self.hasher.hash_one(spelling);
        let same = |entry: &Entry| entry.hash == hash && self.of(*entry) == Some(spelling);
        self.table.find(hash, same).map(|entry| entry.known).ok_or(hash)
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
            let hash = spellings.find(&text(number)).unwrap_err();
            let known = if number % 7 == 0 { Err(RejectReason::BadAddress) } else { Ok(number) };
            spellings.keep(hash, &text(number), known);
        }
        for number in 0..5000 {
            let known = if number % 7 == 0 { Err(RejectReason::BadAddress) } else { Ok(number) };
            assert_eq!(spellings.find(&text(number)), Ok(known), "{number}");
        }
        assert!(spellings.find(b"").is_err());
    }
}
