//! The bytes that give delimited text its structure, found 64 at a time.

/// How many bytes are looked at together.
pub(crate) const WIDTH: usize = 64;

/// Which of the bytes are a delimiter, a quote, a line feed or a carriage return: the lowest bit stands for the first.
#[cfg(target_arch = "x86_64")]
#[inline]
pub(crate) fn marks(block: &[u8; WIDTH], delimiter: u8) -> u64 {
    #[expect(
        unsafe_code,
        reason = "a mask of sixteen comparisons is one instruction, which no safe code is compiled to"
    )]
    // SAFETY: SSE2 is part of every x86-64 processor.
    unsafe {
        by_vectors(block, delimiter)
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "sse2")]
#[inline]
fn by_vectors(block: &[u8; WIDTH], delimiter: u8) -> u64 {
    use std::arch::x86_64::{
        __m128i, _mm_cmpeq_epi8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8,
    };
    let [d, q, n, r] = [delimiter, b'"', b'\n', b'\r'].map(|byte| _mm_set1_epi8(byte.cast_signed()));
    let (parts, _) = block.as_chunks::<16>();
    let mut found = 0;
    for (number, part) in parts.iter().enumerate() {
        let (halves, _) = part.as_chunks::<8>();
        let bytes: __m128i = _mm_set_epi64x(i64::from_le_bytes(halves[1]), i64::from_le_bytes(halves[0]));
        let one = _mm_or_si128(_mm_cmpeq_epi8(bytes, d), _mm_cmpeq_epi8(bytes, q));
        let other = _mm_or_si128(_mm_cmpeq_epi8(bytes, n), _mm_cmpeq_epi8(bytes, r));
        let mask = _mm_movemask_epi8(_mm_or_si128(one, other)).cast_unsigned();
        found |= u64::from(mask) << (16 * number);
    }
    found
}

/// Gathers the lowest bits of eight bytes in the highest byte of the product, that of the first byte as its lowest.
#[cfg(any(test, not(target_arch = "x86_64")))]
const GATHER: u64 = 0x0102_0408_1020_4080;

/// Which of the bytes are a delimiter, a quote, a line feed or a carriage return: the lowest bit stands for the first.
#[cfg(not(target_arch = "x86_64"))]
#[inline]
pub(crate) fn marks(block: &[u8; WIDTH], delimiter: u8) -> u64 {
    by_words(block, delimiter)
}

/// The same on any machine. The comparisons are written so that the compiler makes vector instructions of them.
#[cfg(any(test, not(target_arch = "x86_64")))]
fn by_words(block: &[u8; WIDTH], delimiter: u8) -> u64 {
    let is = |byte: u8| byte == delimiter || byte == b'"' || byte == b'\n' || byte == b'\r';
    let flags = block.map(|byte| u8::from(is(byte)));
    let (eights, _) = flags.as_chunks::<8>();
    let gathered = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56;
    eights.iter().rev().fold(0, |bits, eight| bits << 8 | gathered(eight))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bits_stand_for_bytes(
            bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(&b",;\"\r\n"[..])], WIDTH),
            delimiter in prop::sample::select(&b",;\t|"[..]),
        ) {
            let block = bytes.as_slice().try_into().unwrap();
            let found = marks(block, delimiter);
            prop_assert_eq!(found, by_words(block, delimiter));
            for (place, byte) in bytes.iter().enumerate() {
                let wanted = *byte == delimiter || b"\"\r\n".contains(byte);
                prop_assert_eq!(found >> place & 1 == 1, wanted, "byte {}", place);
            }
        }
    }
}
