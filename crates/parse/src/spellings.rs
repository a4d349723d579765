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
    blocks: [[u64; 2]; BLOCKS + 1],
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
        let blocks = std::array::from_fn(|_| [word(), word()]);
        let mut long = || u128::from(word()) << 64 | u128::from(word());
        Secrets { blocks, last: std::array::from_fn(|_| std::array::from_fn(|_| long())) }
    }
}

impl Secrets {
    /// The 64 bits that each sum comes to.
    #[inline]
    fn short(&self, sums: [u128; 2]) -> [u64; 2] {
        let short = |sum: u128, [low, high, more]: [u128; 3]| {
            let (of_low, of_high) = (low.wrapping_mul(u128::from(lower(sum))), high.wrapping_mul(sum >> 64));
            lower(of_low.wrapping_add(of_high).wrapping_add(more) >> 64)
        };
        [short(sums[0], self.last[0]), short(sums[1], self.last[1])]
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
    blocks: &'s [[u64; 2]],
    sums: [u128; 2],
    /// The lengths of the pieces that were not taken in yet, 21 bits for each behind a first one.
    lengths: u64,
}

impl SpellingHasher<'_> {
    /// Takes in bytes and how many they are, so that no two lists of pieces are the same.
    #[inline]
    pub(crate) fn piece(&mut self, bytes: &[u8]) {
        if self.lengths >> 63 == 1 {
            self.block([self.lengths, 0]);
            self.lengths = 1;
        }
        self.lengths = self.lengths << 21 | bytes.len() as u64;
        // The last block ends with the text and may have bytes of the one before.
        let Some(last) = bytes.last_chunk() else { return self.block(short_piece(bytes)) };
        let (blocks, _) = bytes[..bytes.len() - 1].as_chunks();
        self.blocks(blocks);
        self.block(words(last));
    }

    /// Takes in one block.
    #[inline]
    fn block(&mut self, block: [u64; 2]) {
        let Some([secret, next]) = self.blocks.first_chunk() else { return self.start_again(block) };
        let [one, other] = self.sums;
        self.sums = [one.wrapping_add(product(block, *secret)), other.wrapping_add(product(block, *next))];
        self.blocks = &self.blocks[1..];
    }

    /// Takes in many blocks.
    #[inline]
    fn blocks(&mut self, blocks: &[[u8; 16]]) {
        let Some([first, secrets @ ..]) = self.blocks.get(..=blocks.len()) else {
            return blocks.iter().for_each(|block| self.block(words(block)));
        };
        let ([mut one, mut other], mut secret) = (self.sums, *first);
        for (block, next) in blocks.iter().zip(secrets) {
            let block = words(block);
            one = one.wrapping_add(product(block, secret));
            other = other.wrapping_add(product(block, *next));
            secret = *next;
        }
        self.sums = [one, other];
        self.blocks = &self.blocks[blocks.len()..];
    }

    /// Takes in one block more than there are secrets for: what came before is one block from now on.
    #[cold]
    fn start_again(&mut self, block: [u64; 2]) {
        let before = self.secrets.short(self.sums);
        (self.blocks, self.sums) = (&self.secrets.blocks, [0; 2]);
        self.block(before);
        self.block(block);
    }

    /// The hash of all that was taken in, for a kind of spelling.
    #[inline]
    pub(crate) fn finish(mut self, kind: u64) -> SpellingHash {
        self.block([kind, self.lengths]);
        let [one, other] = self.secrets.short(self.sums);
        SpellingHash(one, other)
    }
}

/// What a block adds to a sum.
#[inline]
fn product(block: [u64; 2], secret: [u64; 2]) -> u128 {
    let [low, high] = block;
    u128::from(low.wrapping_add(secret[0])) * u128::from(high.wrapping_add(secret[1]))
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
        SpellingHasher { secrets, blocks: &secrets.blocks, sums: [0; 2], lengths: 1 }
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
            hasher.piece(piece);
        }
        hasher.finish(0)
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

    #[test]
    fn long_pieces_are_told_apart_by_any_byte() {
        let spellings = Spellings::default();
        let text = vec![b'x'; 3 * 16 * BLOCKS + 5];
        let whole = hash(&spellings, &[b"a", &text]);
        assert_eq!(whole, hash(&spellings, &[b"a", &text]));
        for at in 0..text.len() {
            let mut other = text.clone();
            other[at] ^= 1;
            assert_ne!(whole, hash(&spellings, &[b"a", &other]), "byte {at}");
            assert_ne!(whole, hash(&spellings, &[b"a", &text[..at]]), "{at} bytes");
        }
    }
}
