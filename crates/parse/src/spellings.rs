//! The memory of spellings: each distinct one is known again by a keyed hash of 128 bits.

use hashbrown::HashTable;
use ringback_model::RejectReason;
use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::{BuildHasher, Hasher, RandomState};

/// What a spelling turned out to be: the number of its detection, or why it is none.
type Known = Result<u32, RejectReason>;

/// Spellings by their hashes. The bytes are not kept: the hash is a keyed one with a secret of this run, so that nobody
/// who writes into a log can make two spellings with one hash, and by chance two of a billion have one in less than one of
/// 10^20 runs. A look-up waits for memory once and not twice.
#[derive(Debug)]
pub(crate) struct Spellings {
    secret: (u64, u64),
    table: HashTable<Entry>,
}

/// One spelling.
#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: SpellingHash,
    known: Known,
}

/// The hash of a spelling: the half by which it is found, and the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SpellingHash(u64, u64);

impl Default for Spellings {
    fn default() -> Self {
        let random = || RandomState::new().build_hasher().finish();
        Spellings { secret: (random(), random()), table: HashTable::new() }
    }
}

impl Spellings {
    /// The hash of a spelling.
    #[inline]
    pub(crate) fn hash(&self, spelling: &[u8]) -> SpellingHash {
        let mut hasher = SipHasher13::new_with_keys(self.secret.0, self.secret.1);
        hasher.write(spelling);
        let hash = hasher.finish128();
        SpellingHash(hash.h1, hash.h2)
    }

    /// What is known of a spelling.
    #[inline]
    pub(crate) fn find(&self, hash: SpellingHash) -> Option<Known> {
        self.table.find(hash.0, |entry| entry.hash == hash).map(|entry| entry.known)
    }

    /// Looks at all that finding spellings will look at. One look-up waits for memory; many at once wait together.
    pub(crate) fn warm(&self, hashes: impl Iterator<Item = SpellingHash>) {
        let known = hashes.filter(|hash| self.find(*hash).is_some_and(|known| known.is_ok()));
        std::hint::black_box(known.count());
    }

    /// Keeps what is known of a spelling that was not found.
    pub(crate) fn keep(&mut self, hash: SpellingHash, known: Known) {
        self.table.insert_unique(hash.0, Entry { hash, known }, |entry| entry.hash.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_spelling_has_what_was_kept_of_it() {
        let mut spellings = Spellings::default();
        let text = |number: u32| format!("{number}|").repeat(1 + number as usize % 3).into_bytes();
        let known = |number| if number % 7 == 0 { Err(RejectReason::BadAddress) } else { Ok(number) };
        for number in 0..5000 {
            let hash = spellings.hash(&text(number));
            assert_eq!(spellings.find(hash), None);
            spellings.keep(hash, known(number));
        }
        for number in 0..5000 {
            assert_eq!(spellings.find(spellings.hash(&text(number))), Some(known(number)), "{number}");
        }
        assert_eq!(spellings.find(spellings.hash(b"")), None);
    }

    #[test]
    fn every_run_has_a_secret_of_its_own() {
        assert_ne!(Spellings::default().hash(b"x"), Spellings::default().hash(b"x"));
    }
}
