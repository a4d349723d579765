//! Names made from content, so that the same thing has the same name in the next report.

use sha2::{Digest as _, Sha256};
use std::fmt;
use std::net::IpAddr;

/// The identity of a detection: 128 bits of SHA-256 over what it says. Log writers choose parts of the content, so the
/// hash is one for which nobody can make two contents with the same value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(pub u128);

/// Collects the parts of a content into a digest. Parts are framed by their length, so that no two different lists of
/// parts can be confused.
#[derive(Clone, Default)]
pub struct Digest(Vec<u8>);

impl Digest {
    /// A digest of a kind of thing; the kind keeps equal contents of different kinds apart.
    pub fn of(kind: &str) -> Self {
        let mut digest = Digest(Vec::with_capacity(512));
        digest.part(kind.as_bytes());
        digest
    }

    /// Takes in one part.
    pub fn part(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    /// Takes in one part that is text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.part(text.as_bytes())
    }

    /// Takes in an address as one part: its text.
    pub fn ip(&mut self, ip: IpAddr) -> &mut Self {
        let IpAddr::V4(v4) = ip else { return self.text(&ip.to_string()) };
        let mut text = [0; "255.255.255.255".len()];
        let mut length = 0;
        for (number, octet) in v4.octets().into_iter().enumerate() {
            let (hundreds, tens) = (octet / 100, octet / 10 % 10);
            let dot = (number > 0).then_some(b'.');
            let more = (hundreds > 0).then_some(b'0' + hundreds);
            let some = (octet >= 10).then_some(b'0' + tens);
            for byte in [dot, more, some, Some(b'0' + octet % 10)].into_iter().flatten() {
                text[length] = byte;
                length += 1;
            }
        }
        self.part(&text[..length])
    }

    /// The first 128 bits.
    pub fn fingerprint(&self) -> Fingerprint {
        let bytes = Sha256::digest(&self.0);
        let mut first = [0; 16];
        first.copy_from_slice(&bytes[..16]);
        Fingerprint(u128::from_be_bytes(first))
    }

    /// The first 50 bits, as an id holds them.
    fn id(&self) -> u64 {
        u64::try_from(self.fingerprint().0 >> 78).expect("50 bits fit 64")
    }
}

macro_rules! content_id {
    ($(#[$meta:meta])* $name:ident, $prefix:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(u64);

        impl $name {
            /// The id of the content that went into the digest.
            pub fn new(digest: &Digest) -> Self {
                $name(digest.id())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($prefix)?;
                crockford(self.0, f)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": concat!("^", $prefix, "[0-9a-z]{10}$") })
            }
        }
    };
}

content_id!(
    /// The id of a finding, `F-` and ten characters, made from the detection as logged.
    FindingId,
    "F-"
);
content_id!(
    /// The id of an incident, `I-` and ten characters, made from its scenario and subject as logged.
    IncidentId,
    "I-"
);

/// Writes 50 bits as ten characters of Crockford's base 32 in lower case.
fn crockford(bits: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut characters = [0; 10];
    for (shift, character) in (0..10).rev().zip(&mut characters) {
        let digit = (bits >> (shift * 5)) & 31;
        *character = ALPHABET[usize::try_from(digit).expect("five bits")];
    }
    f.write_str(std::str::from_utf8(&characters).expect("the alphabet is ASCII"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_framed() {
        let ab = Digest::of("t").text("ab").text("").fingerprint();
        let a_b = Digest::of("t").text("a").text("b").fingerprint();
        assert_ne!(ab, a_b);
    }

    #[test]
    fn an_address_is_its_text() {
        for text in ["0.0.0.0", "1.20.100.255", "10.0.9.99", "199.205.110.6", "2001:db8::1", "::"] {
            let ip = text.parse().unwrap();
            assert_eq!(
                Digest::of("t").ip(ip).fingerprint(),
                Digest::of("t").text(text).fingerprint(),
                "{text}"
            );
        }
    }

    #[test]
    fn an_id_is_short_and_stable() {
        let id = FindingId::new(Digest::of("finding").text("x")).to_string();
        assert_eq!(id.len(), 12);
        assert!(id.starts_with("F-"));
        assert_eq!(id, FindingId::new(Digest::of("finding").text("x")).to_string());
    }
}
