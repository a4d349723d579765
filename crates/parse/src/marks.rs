//! The bytes that give delimited text its structure, found 64 at a time.

/// How many bytes are looked at together.
pub(crate) const WIDTH: usize = 64;

/// Which bytes of a block are delimiters, quotes, line feeds and carriage returns: the lowest bit stands for the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    pub(crate) delimiters: u64,
    pub(crate) quotes: u64,
    pub(crate) feeds: u64,
    pub(crate) returns: u64,
}

/// Follows the marks of blocks, one after the other.
pub(crate) trait Follow {
    /// Follows them; `find` finds the marks of one block. To be inlined always: so it is compiled once for each set of
    /// instructions.
    fn follow(&mut self, find: impl Fn(&[u8; WIDTH]) -> Marks);
}

/// Has marks followed, with the widest instructions that this processor has.
#[cfg(target_arch = "x86_64")]
pub(crate) fn follow(follower: &mut impl Follow, delimiter: u8) {
    let wide = is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("popcnt");
    #[expect(
        unsafe_code,
        reason = "a mask of many comparisons is one instruction, which no safe code is compiled to"
    )]
    // SAFETY: the wide instructions were just found; SSE2 is part of every x86-64 processor.
    unsafe {
        if wide { x86::follow_wide(follower, delimiter) } else { x86::follow_narrow(follower, delimiter) }
    }
}

/// The same on any machine.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn follow(follower: &mut impl Follow, delimiter: u8) {
    follower.follow(|block| by_words(block, delimiter));
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Follow, Marks, WIDTH};
    use std::arch::x86_64::{
        __m128i, _mm_cmpeq_epi8, _mm_movemask_epi8, _mm_set_epi64x, _mm_set1_epi8, _mm256_cmpeq_epi8,
        _mm256_movemask_epi8, _mm256_set_m128i, _mm256_set1_epi8,
    };

    #[target_feature(enable = "avx2,bmi1,popcnt")]
    pub(super) fn follow_wide(follower: &mut impl Follow, delimiter: u8) {
        follower.follow(|block| by_32(block, delimiter));
    }

    #[target_feature(enable = "sse2")]
    pub(super) fn follow_narrow(follower: &mut impl Follow, delimiter: u8) {
        follower.follow(|block| by_16(block, delimiter));
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn by_32(block: &[u8; WIDTH], delimiter: u8) -> Marks {
        let (parts, _) = block.as_chunks();
        let parts =
            [[0, 1], [2, 3]].map(|[low, high]| _mm256_set_m128i(load(&parts[high]), load(&parts[low])));
        let places = |byte: u8| {
            let wanted = _mm256_set1_epi8(byte.cast_signed());
            let [low, high] =
                parts.map(|part| _mm256_movemask_epi8(_mm256_cmpeq_epi8(part, wanted)).cast_unsigned());
            u64::from(high) << 32 | u64::from(low)
        };
        Marks {
            delimiters: places(delimiter),
            quotes: places(b'"'),
            feeds: places(b'\n'),
            returns: places(b'\r'),
        }
    }

    /// Sixteen bytes as they stand: one instruction.
    #[target_feature(enable = "sse2")]
    #[inline]
    fn load(bytes: &[u8; 16]) -> __m128i {
        let (halves, _) = bytes.as_chunks();
        _mm_set_epi64x(i64::from_le_bytes(halves[1]), i64::from_le_bytes(halves[0]))
    }

    #[target_feature(enable = "sse2")]
    #[inline]
    fn by_16(block: &[u8; WIDTH], delimiter: u8) -> Marks {
        let (parts, _) = block.as_chunks();
        let places = |byte: u8| {
            let wanted = _mm_set1_epi8(byte.cast_signed());
            let of = |part| u64::from(_mm_movemask_epi8(_mm_cmpeq_epi8(load(part), wanted)).cast_unsigned());
            parts.iter().rev().fold(0, |found, part| found << 16 | of(part))
        };
        Marks {
            delimiters: places(delimiter),
            quotes: places(b'"'),
            feeds: places(b'\n'),
            returns: places(b'\r'),
        }
    }
}

/// Gathers the lowest bits of eight bytes in the highest byte of the product, that of the first byte as its lowest.
#[cfg(any(test, not(target_arch = "x86_64")))]
const GATHER: u64 = 0x0102_0408_1020_4080;

/// The marks of a block on any machine. The comparisons are written so that the compiler makes vector instructions of
/// them.
#[cfg(any(test, not(target_arch = "x86_64")))]
fn by_words(block: &[u8; WIDTH], delimiter: u8) -> Marks {
    let places = |wanted: u8| {
        let flags = block.map(|byte| u8::from(byte == wanted));
        let (eights, _) = flags.as_chunks::<8>();
        let gathered = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56;
        eights.iter().rev().fold(0, |bits, eight| bits << 8 | gathered(eight))
    };
    Marks {
        delimiters: places(delimiter),
        quotes: places(b'"'),
        feeds: places(b'\n'),
        returns: places(b'\r'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Keeps the marks of one block.
    struct Kept<'b>(&'b [u8; WIDTH], Vec<Marks>);

    impl Follow for Kept<'_> {
        fn follow(&mut self, find: impl Fn(&[u8; WIDTH]) -> Marks) {
            self.1.push(find(self.0));
        }
    }

    /// The marks of a block in each way that this machine can find them.
    fn found(block: &[u8; WIDTH], delimiter: u8) -> Vec<Marks> {
        let mut kept = Kept(block, vec![by_words(block, delimiter)]);
        follow(&mut kept, delimiter);
        #[cfg(target_arch = "x86_64")]
        {
            #[expect(unsafe_code, reason = "wide instructions are taken where there are any")]
            // SAFETY: SSE2 is part of every x86-64 processor.
            unsafe {
                x86::follow_narrow(&mut kept, delimiter);
            }
        }
        kept.1
    }

    proptest! {
        #[test]
        fn bits_stand_for_bytes(
            bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(&b",;\"\r\n"[..])], WIDTH),
            delimiter in prop::sample::select(&b",;\t|"[..]),
        ) {
            let block = bytes.as_slice().try_into().unwrap();
            for Marks { delimiters, quotes, feeds, returns } in found(block, delimiter) {
                for (mask, wanted) in [(delimiters, delimiter), (quotes, b'"'), (feeds, b'\n'), (returns, b'\r')] {
                    for (place, byte) in bytes.iter().enumerate() {
                        prop_assert_eq!(mask >> place & 1 == 1, *byte == wanted, "byte {}", place);
                    }
                }
            }
        }
    }
}
