//! The bytes that give delimited text its structure, found 64 at a time.

/// How many bytes are looked at together.
pub(crate) const WIDTH: usize = 64;

/// Gathers the lowest bits of eight bytes in the highest byte of the product, that of the first byte as its lowest.
const GATHER: u64 = 0x0102_0408_1020_4080;

/// Which of the bytes are a delimiter, a quote, a line feed or a carriage return: the lowest bit stands for the first.
///
/// The comparisons are written so that the compiler makes vector instructions of them on every machine that has some.
#[inline]
pub(crate) fn marks(block: &[u8; WIDTH], delimiter: u8) -> u64 {
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
            let found = marks(bytes.as_slice().try_into().unwrap(), delimiter);
            for (place, byte) in bytes.iter().enumerate() {
                let wanted = *byte == delimiter || b"\"\r\n".contains(byte);
                prop_assert_eq!(found >> place & 1 == 1, wanted, "byte {}", place);
            }
        }
    }
}
