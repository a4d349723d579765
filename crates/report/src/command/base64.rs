//! Bytes from base64, as RFC 4648 has it, with padding and without anything else in it.

/// The bytes that a text stands for.
pub(crate) fn decoded(text: &str) -> Option<Vec<u8>> {
    let text = text.as_bytes();
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut chunks = text.chunks_exact(4).peekable();
    while let Some(chunk) = chunks.next() {
        let padding = chunk.iter().rev().take_while(|b| **b == b'=').count();
        if padding > 2 || (padding > 0 && chunks.peek().is_some()) {
            return None;
        }
        let digits = &chunk[..4 - padding];
        let bits =
            digits.iter().try_fold(0_u32, |bits, digit| Some(bits << 6 | value(*digit)?))? << (6 * padding);
        let [_, first, second, third] = bits.to_be_bytes();
        bytes.extend([first, second, third].iter().take(3 - padding));
    }
    Some(bytes)
}

fn value(digit: u8) -> Option<u32> {
    Some(u32::from(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_as_the_standard_has_it() {
        // The vectors of RFC 4648, section 10, and texts that are none.
        for (text, expected) in [
            ("", Some("")),
            ("Zg==", Some("f")),
            ("Zm8=", Some("fo")),
            ("Zm9v", Some("foo")),
            ("Zm9vYmE=", Some("fooba")),
            ("Zg=", None),
            ("Zg", None),
            ("Z===", None),
            ("Zg==Zm9v", None),
            ("Zm9\n", None),
            ("====", None),
        ] {
            assert_eq!(decoded(text).as_deref(), expected.map(str::as_bytes), "{text:?}");
        }
        assert_eq!(decoded("//79").as_deref(), Some(&[0xff, 0xfe, 0xfd][..]));
    }
}
