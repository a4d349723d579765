//! Names made from content, so that the same thing has the same name in the next report.

use sha2::{Digest as _, Sha256};
use std::fmt::{self, Write as _};
use std::net::IpAddr;

/// The identity of a detection: 128 bits of SHA-256 over what it says. Log writers choose parts of the content, so the
/// hash is one for which nobody can make two contents with the same value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(pub u128);

/// How many bytes of a digest are gathered before they are hashed: what nearly all detections say.
const GATHERED: usize = 512;

/// Collects the parts of a content into a digest. Parts are framed by their length, so that no two different lists of
/// parts can be confused.
#[derive(Clone)]
pub struct Digest {
    /// The hash of what did not fit among the gathered.
    hash: Option<Sha256>,
    gathered: [u8; GATHERED],
    filled: usize,
}

impl Default for Digest {
    fn default() -> Self {
        Digest { hash: None, gathered: [0; GATHERED], filled: 0 }
    }
}

impl Digest {
    /// A digest of a kind of thing; the kind keeps equal contents of different kinds apart.
    pub fn of(kind: &str) -> Self {
        let mut digest = Digest::default();
        digest.part(kind.as_bytes());
        digest
    }

    /// Takes in one part.
    #[inline]
    pub fn part(&mut self, bytes: &[u8]) -> &mut Self {
        let length = (bytes.len() as u64).to_le_bytes();
        let start = self.filled + length.len();
        let end = start + bytes.len();
        if let Some(room) = self.gathered.get_mut(start..end) {
            room.copy_from_slice(bytes);
            self.gathered[start - length.len()..start].copy_from_slice(&length);
            self.filled = end;
            return self;
        }
        self.hash_part(&length, bytes)
    }

    /// Hashes what was gathered, and a part for which there is no room.
    #[cold]
    fn hash_part(&mut self, length: &[u8], bytes: &[u8]) -> &mut Self {
        let hash = self.hash.get_or_insert_default();
        for piece in [&self.gathered[..self.filled], length, bytes] {
            hash.update(piece);
        }
        self.filled = 0;
        self
    }

    /// Takes in one part that is text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.part(text.as_bytes())
    }

    /// Takes in an address as one part: its text.
    pub fn ip(&mut self, ip: IpAddr) -> &mut Self {
        let IpAddr::V4(v4) = ip else { return self.text(&ip.to_string()) };
        let mut text = [0; "255.255.255.255.".len()];
        let mut length = 0;
        for octet in v4.octets() {
            let Octet { digits, length: more } = OCTETS[usize::from(octet)];
            text[length..length + digits.len()].copy_from_slice(&digits);
            length += usize::from(more);
        }
        // Without the point after the last.
        self.part(&text[..length - 1])
    }

    /// The first 128 bits.
    pub fn fingerprint(&self) -> Fingerprint {
        let gathered = &self.gathered[..self.filled];
        let bytes = match &self.hash {
            Some(hash) => hash.clone().chain_update(gathered).finalize(),
            None => Sha256::digest(gathered),
        };
        let mut first = [0; 16];
        first.copy_from_slice(&bytes[..16]);
        Fingerprint(u128::from_be_bytes(first))
    }

    /// The first 50 bits, as an id holds them.
    fn id(&self) -> u64 {
        u64::try_from(self.fingerprint().0 >> 78).expect("50 bits fit 64")
    }
}

/// The SHA-256 of some bytes in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// The digits of a hash.
pub fn hexadecimal(hash: &[u8]) -> String {
    let mut text = String::with_capacity(2 * hash.len());
    for byte in hash {
        write!(text, "{byte:02x}").expect("writing to a string does not fail");
    }
    text
}

/// A number of an address as text, with the point behind it.
#[derive(Clone, Copy)]
struct Octet {
    digits: [u8; 4],
    length: u8,
}

/// The texts of all numbers that an address can have.
static OCTETS: [Octet; 256] = {
    let mut octets = [Octet { digits: [0; 4], length: 0 }; 256];
    let mut number = 0;
    while number < octets.len() {
        let mut octet = Octet { digits: [b'.'; 4], length: 1 };
        let mut scale = 100;
        while scale > 0 {
            if number >= scale || scale == 1 {
                octet.digits[octet.length as usize - 1] = b"0123456789"[number / scale % 10];
                octet.length += 1;
            }
            scale /= 10;
        }
        octets[number] = octet;
        number += 1;
    }
    octets
};

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

        impl std::str::FromStr for $name {
            type Err = NoId;

            fn from_str(text: &str) -> Result<Self, NoId> {
                text.strip_prefix($prefix).and_then(bits).map($name).ok_or_else(|| NoId(text.to_owned()))
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

/// A text that is no id of the kind asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoId(pub String);

impl fmt::Display for NoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: String = self.0.chars().take(60).collect();
        write!(f, "{shown:?} is no id of a report")
    }
}

impl std::error::Error for NoId {}

/// The digits of Crockford's base 32 in lower case.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The bits that ten characters stand for.
fn bits(text: &str) -> Option<u64> {
    let digit = |byte| ALPHABET.iter().position(|one| *one == byte).and_then(|at| u64::try_from(at).ok());
    (text.len() == 10).then(|| text.bytes().try_fold(0, |bits, byte| Some(bits << 5 | digit(byte)?)))?
}

/// Writes 50 bits as ten characters of Crockford's base 32 in lower case.
fn crockford(bits: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
    fn a_hash_is_written_as_everybody_writes_it() {
        // The first example of FIPS 180-2.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), expected);
        assert_eq!(hexadecimal(&[0, 10, 255]), "000aff");
    }

    #[test]
    fn parts_are_framed() {
        let ab = Digest::of("t").text("ab").text("").fingerprint();
        let a_b = Digest::of("t").text("a").text("b").fingerprint();
        assert_ne!(ab, a_b);
    }

    #[test]
    fn long_contents_are_hashed_as_short_ones_are() {
        for lengths in [&[3, 500, 7][..], &[512, 1], &[493, 0, 12], &[2000], &[100; 20]] {
            let mut digest = Digest::of("t");
            let mut bytes = [&1u64.to_le_bytes()[..], b"t"].concat();
            for length in lengths {
                let text = "x".repeat(*length);
                digest.text(&text);
                bytes.extend((*length as u64).to_le_bytes());
                bytes.extend(text.bytes());
            }
            let expected = u128::from_be_bytes(Sha256::digest(&bytes)[..16].try_into().unwrap());
            assert_eq!(digest.fingerprint(), Fingerprint(expected), "{lengths:?}");
        }
    }

    #[test]
    fn every_number_of_an_address_has_its_text() {
        for number in 0..=255u8 {
            let ip = IpAddr::from([number, 255 - number, 0, number]);
            let text = format!("{number}.{}.0.{number}", 255 - number);
            assert_eq!(Digest::of("t").ip(ip).fingerprint(), Digest::of("t").text(&text).fingerprint());
        }
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

    #[test]
    fn ids_are_read_as_they_are_written_and_nothing_else_is() {
        for text in ["F-0000000000", "F-zzzzzzzzzz", "F-0123456789", "F-abcdefghjk"] {
            assert_eq!(text.parse::<FindingId>().unwrap().to_string(), text);
            assert!(text.parse::<IncidentId>().is_err(), "{text}");
        }
        for text in [
            "",
            "F-",
            "F-000000000",
            "F-00000000000",
            "F-00000000i0",
            "F-ABCDEFGHJK",
            "f-0000000000",
            "F-ä00000000",
        ] {
            assert!(text.parse::<FindingId>().is_err(), "{text}");
        }
    }
}
