//! The memory of spellings: each distinct one is known again by a keyed hash of 128 bits.

use hashbrown::HashTable;
use ringback_model::RejectReason;
use std::hash::{BuildHasher, RandomState};

/// What a spelling turned out to be: the number of its detection, or why it is none.
pub(crate) type Known = Result<u32, RejectReason>;

/// Spellings by their hashes. The bytes are not kept: the hashes have secrets of this run, so that nobody who writes into a
/// log can know which two spellings would have one in common, and by chance two of a billion have it in less than one of
/// 10^20 runs. A look-up waits for memory once and not twice.
#[derive(Debug, Default)]
pub(crate) struct Spellings {
    secrets: Secrets,
    table: HashTable<Entry>,
}

/// For how many blocks of 16 bytes there are secrets: most spellings are shorter than that.
const BLOCKS: usize = 64;

/// The secrets of a run.
///
/// The hash is NH, as in UMAC (RFC 4418), over words of 64 bits and twice, the second time with the secrets shifted by one
/// block; so two texts of one length that were written without knowing the secrets have both sums of 128 bits in common
/// with a chance of 2^-128. Each sum is then brought to 64 bits by a multiplication with further secrets, of which the
/// upper half is kept (Dietzfelbinger's), which two sums have in common with a chance of 2^-64.
#[derive(Debug)]
struct Secrets {
    words: [u64; 2 * BLOCKS + 2],
    last: [[u128; 3]; 2],
}

impl Default for Secrets {
    fn default() -> Self {
        let state = RandomState::new();
        let mut number = 0_u64;
        let mut word = || {
            number += 1;
            state.hash_one(number)
        };
        let words = std::array::from_fn(|_| word());
        let mut long = || u128::from(word()) << 64 | u128::from(word());
        Secrets { words, last: std::array::from_fn(|_| std::array::from_fn(|_| long())) }
    }
}

impl Secrets {
    /// The 64 bits that a sum comes to.
    #[inline]
    fn short(&self, number: usize, sum: u128) -> u64 {
        let [low, high, more] = self.last[number];
        let of_low = low.wrapping_mul(u128::from(lower(sum)));
        lower(of_low.wrapping_add(high.wrapping_mul(sum >> 64)).wrapping_add(more) >> 64)
    }
}

/// The lower half.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "it is the lower half that is wanted")]
fn lower(sum: u128) -> u64 {
    sum as u64
}

/// Takes in a spelling, piece by piece.
pub(crate) struct SpellingHasher<'s> {
    secrets: &'s Secrets,
    /// The secrets of the blocks to come.
    words: &'s [u64],
    sums: [u128; 2],
    kind: u64,
    /// The lengths of the pieces that were not taken in yet, 21 bits for each.
    lengths: u64,
    pieces: u64,
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
        if self.pieces > 0 && self.pieces.is_multiple_of(3) {
            self.block([self.lengths, 0]);
            self.lengths = 0;
        }
        self.pieces += 1;
        self.lengths = self.lengths << 21 | bytes.len() as u64;
        // The last block ends with the text and may have bytes of the one before.
        let Some(last) = bytes.last_chunk() else { return self.block(short_piece(bytes)) };
        let (blocks, _) = bytes[..bytes.len() - 1].as_chunks();
        for block in blocks {
            self.block(words(block));
        }
        self.block(words(last));
    }

    /// Takes in one block.
    #[inline]
    fn block(&mut self, [low, high]: [u64; 2]) {
        let Some(secrets) = self.words.first_chunk::<4>() else { return self.begin_again([low, high]) };
        let product = |at: usize| {
            u128::from(low.wrapping_add(secrets[at])) * u128::from(high.wrapping_add(secrets[at + 1]))
        };
        let [one, other] = self.sums;
        self.sums = [one.wrapping_add(product(0)), other.wrapping_add(product(2))];
        self.words = &self.words[2..];
    }

    /// Takes in one block after the last for which there are secrets: what came before is one block from now on.
    #[cold]
    fn begin_again(&mut self, block: [u64; 2]) {
        let before = [0, 1].map(|number| self.secrets.short(number, self.sums[number]));
        (self.words, self.sums) = (&self.secrets.words, [0; 2]);
        self.block(before);
        self.block(block);
    }

    /// The hash of all that was taken in.
    #[inline]
    pub(crate) fn finish(mut self) -> SpellingHash {
        let (kind, lengths, pieces) = (self.kind, self.lengths, self.pieces);
        self.block([lengths, pieces]);
        self.block([kind, 0]);
        SpellingHash(self.secrets.short(0, self.sums[0]), self.secrets.short(1, self.sums[1]))
    }
}

/// A block as words.
#[inline]
fn words(block: &[u8; 16]) -> [u64; 2] {
    let (halves, _) = block.as_chunks::<8>();
    [u64::from_le_bytes(halves[0]), u64::from_le_bytes(halves[1])]
}

/// A piece that is shorter than a block: no two of one length have the same words.
#[inline]
fn short_piece(bytes: &[u8]) -> [u64; 2] {
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return [u64::from_le_bytes(*first), u64::from_le_bytes(*last)];
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return [u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into()];
    }
    let word = bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    [word, 0]
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

impl Spellings {
    /// What makes the hash of a spelling.
    #[inline]
    pub(crate) fn hasher(&self) -> SpellingHasher<'_> {
        let secrets = &self.secrets;
        SpellingHasher { secrets, words: &secrets.words, sums: [0; 2], kind: 0, lengths: 0, pieces: 0 }
    }

    /// What is known of a spelling.
    #[inline]
    pub(crate) fn find(&self, hash: SpellingHash) -> Option<Known> {
        self.table.find(hash.0, |entry| entry.hash == hash).map(|entry| entry.known)
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
