//! The memory of spellings: each distinct one is known again by a keyed hash of 128 bits.

use foldhash::SharedSeed;
use foldhash::quality::FoldHasher;
use hashbrown::HashTable;
use ringback_model::RejectReason;
use std::hash::{BuildHasher, Hasher, RandomState};

/// What a spelling turned out to be: the number of its detection, or why it is none.
type Known = Result<u32, RejectReason>;

/// Spellings by their hashes. The bytes are not kept: there are two hashes of 64 bits, each with a secret of this run, so
/// that nobody who writes into a log can know which two spellings would have both in common, and by chance two of a
/// billion have them in less than one of 10^20 runs. A look-up waits for memory once and not twice.
#[derive(Debug)]
pub(crate) struct Spellings {
    secrets: [(u64, SharedSeed); 2],
    table: HashTable<Entry>,
}

/// Takes in a spelling, piece by piece.
pub(crate) struct SpellingHasher<'s> {
    one: FoldHasher<'s>,
    other: FoldHasher<'s>,
    kind: u64,
    /// The lengths of the pieces, mixed.
    lengths: u64,
}

impl SpellingHasher<'_> {
    /// Takes in what kind of spelling it is.
    #[inline]
    pub(crate) fn kind(&mut self, kind: u64) {
        self.kind = kind;
    }

    /// Takes in bytes and how many they are, so that no two lists of pieces of one kind are the same.
    #[inline]
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.one.write(bytes);
        self.other.write(bytes);
        self.lengths = self.lengths.rotate_left(21).wrapping_add(bytes.len() as u64 + 1);
    }

    /// The hash of all that was taken in.
    #[inline]
    pub(crate) fn finish(mut self) -> SpellingHash {
        let last = u128::from(self.kind) << 64 | u128::from(self.lengths);
        self.one.write_u128(last);
        self.other.write_u128(last);
        SpellingHash(self.one.finish(), self.other.finish())
    }
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
        let secrets = [(); 2].map(|()| (random(), SharedSeed::from_u64(random())));
        Spellings { secrets, table: HashTable::new() }
    }
}

impl Spellings {
    /// What makes the hash of a spelling.
    #[inline]
    pub(crate) fn hasher(&self) -> SpellingHasher<'_> {
        let [(one, ones), (other, others)] = &self.secrets;
        SpellingHasher {
            one: FoldHasher::with_seed(*one, ones),
            other: FoldHasher::with_seed(*other, others),
            kind: 0,
            lengths: 0,
        }
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

    fn hash(spellings: &Spellings, pieces: &[&[u8]]) -> SpellingHash {
        let mut hasher = spellings.hasher();
        for piece in pieces {
            hasher.bytes(piece);
        }
        hasher.finish()
    }

    #[test]
    fn each_spelling_has_what_was_kept_of_it() {
        let mut spellings = Spellings::default();
        let text = |number: u32| format!("{number}|").repeat(1 + number as usize % 3).into_bytes();
        let known = |number| if number % 7 == 0 { Err(RejectReason::BadAddress) } else { Ok(number) };
        for number in 0..5000 {
            let hash = hash(&spellings, &[&text(number)]);
            assert_eq!(spellings.find(hash), None);
            spellings.keep(hash, known(number));
        }
        for number in 0..5000 {
            assert_eq!(spellings.find(hash(&spellings, &[&text(number)])), Some(known(number)), "{number}");
        }
        assert_eq!(spellings.find(hash(&spellings, &[b""])), None);
    }

    #[test]
    fn every_run_has_a_secret_of_its_own() {
        let [one, other] = [Spellings::default(), Spellings::default()].map(|table| hash(&table, &[b"x"]));
        assert_ne!(one, other);
        assert_ne!(one.0, one.1);
    }

    #[test]
    fn pieces_are_told_apart() {
        let spellings = Spellings::default();
        let lists: [&[&[u8]]; 7] =
            [&[b"ab", b"c"], &[b"a", b"bc"], &[b"abc", b""], &[b"", b"abc"], &[b"abc"], &[], &[b""]];
        for (at, one) in lists.iter().enumerate() {
            for other in &lists[..at] {
                assert_ne!(hash(&spellings, one), hash(&spellings, other), "{one:?} {other:?}");
            }
        }
    }
}
