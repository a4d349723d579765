//! Percent encoding, as it stands in URLs.

/// How often a text may be encoded over again.
const LAYERS: usize = 3;

/// The text without percent encoding, where it has any. Bytes that are no text stay encoded.
pub(super) fn decoded(text: &str) -> Option<String> {
    let mut now = text.to_owned();
    for _ in 0..LAYERS {
        let all = String::from_utf8(without_percent(&now, u8::MAX));
        let plain = all.or_else(|_| String::from_utf8(without_percent(&now, 0x7f))).ok()?;
        if plain == now {
            break;
        }
        now = plain;
    }
    (now != text).then_some(now)
}

/// The bytes of a text, those that are encoded and not above a limit decoded.
fn without_percent(text: &str, limit: u8) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let byte = match tail {
            [high, low, ..] if *first == b'%' => digit(*high).zip(digit(*low)).map(|(h, l)| h * 16 + l),
            _ => None,
        };
        let decoded = byte.filter(|byte| *byte <= limit);
        plain.push(decoded.unwrap_or(*first));
        rest = if decoded.is_some() { &tail[2..] } else { tail };
    }
    plain
}

/// The text with what may not stand in a URL encoded again.
pub(super) fn encoded(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_control() || " \"<>%`".contains(c) {
            made.push_str(&format!("%{:02X}", u32::from(c)));
        } else {
            made.push(c);
        }
    }
    made
}
