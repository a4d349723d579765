//! What a file is, by its first bytes and never by its name.

use crate::container::ContainerError;

/// How many first bytes [`kind`] looks at.
pub const LONGEST_MAGIC: usize = 8;

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing that holds something else: text, as far as the first bytes tell.
    Plain,
    /// A gzip stream.
    Gzip,
    /// A zip archive, or a workbook that is one.
    Zip,
    /// Something that is known and not read.
    Unread(ContainerError),
}

/// First bytes of what is known and not read. No text begins with any of them.
const UNREAD: &[(&[u8], &str)] = &[
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x04\x22\x4d\x18", "LZ4"),
];

/// What the first bytes of a file tell.
pub fn kind(head: &[u8]) -> Kind {
    if head.starts_with(b"\x1f\x8b") {
        return Kind::Gzip;
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Kind::Zip;
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        let old = "a workbook of an old Excel (.xls) or one with a password";
        return Kind::Unread(ContainerError::OtherWorkbook(old));
    }
    let unread = UNREAD.iter().find(|(magic, name)| head.starts_with(magic) && !is_word(head, name));
    unread.map_or(Kind::Plain, |(_, name)| Kind::Unread(ContainerError::Method((*name).to_owned())))
}

/// Whether a heading may begin so: bzip2's magic is three letters, then a digit.
fn is_word(head: &[u8], name: &str) -> bool {
    name == "bzip2" && !head.get(3).is_some_and(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_tell() {
        let method = |name: &str| Kind::Unread(ContainerError::Method(name.to_owned()));
        for (head, expected) in [
            (&b"\x1f\x8b\x08\0\0\0\0\0"[..], Kind::Gzip),
            (b"PK\x03\x04\x14\0", Kind::Zip),
            (b"PK\x05\x06", Kind::Zip),
            (b"PK,Date/Time", Kind::Plain),
            (b"BZh91AY&", method("bzip2")),
            (b"BZhost,IP", Kind::Plain),
            (b"\xfd7zXZ\0\0\x04", method("xz")),
            (b"Date/Tim", Kind::Plain),
            (b"\xff\xfeD\0", Kind::Plain),
            (b"", Kind::Plain),
        ] {
            assert_eq!(kind(head), expected, "{head:?}");
        }
        let old = kind(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
        let Kind::Unread(error) = old else { panic!("{old:?}") };
        assert!(error.to_string().ends_with("hint: save it as CSV or xlsx"), "{error}");
    }
}
