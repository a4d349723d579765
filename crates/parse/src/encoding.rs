//! Encodings: what the first bytes tell, and a reader that gives UTF-8.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GBK, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use encoding_rs_io::DecodeReaderBytesBuilder;
use std::borrow::Cow;
use std::io::Read;

/// The encoding of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TextEncoding {
    encoding: &'static Encoding,
    /// Bytes of the byte order mark.
    pub(crate) mark: usize,
    /// Whether it is a guess about a legacy encoding.
    pub(crate) guessed: bool,
}

impl TextEncoding {
    /// The encodings that a source may have, the likeliest first. The first bytes tell it by a byte order mark, by the
    /// zeros of UTF-16, or by being UTF-8. Where they do not, it is a legacy encoding: a detector's guess, then those in
    /// which consoles of these languages write. `given` is the user's word. `complete` says that the bytes are all of the
    /// source.
    pub(crate) fn candidates(head: &[u8], complete: bool, given: Option<&'static Encoding>) -> Vec<Self> {
        let marked = Encoding::for_bom(head);
        if let Some(encoding) = given {
            let mark = marked.filter(|(other, _)| *other == encoding).map_or(0, |(_, mark)| mark);
            return vec![TextEncoding { encoding, mark, guessed: false }];
        }
        if let Some((encoding, mark)) = marked {
            return vec![TextEncoding { encoding, mark, guessed: false }];
        }
        if let Some(encoding) = utf16_without_mark(head) {
            return vec![TextEncoding { encoding, mark: 0, guessed: true }];
        }
        if is_mostly_utf8(head, complete) {
            return vec![TextEncoding { encoding: UTF_8, mark: 0, guessed: false }];
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(head, complete);
        let mut candidates = vec![detector.guess(None, Utf8Detection::Deny)];
        for encoding in [WINDOWS_1252, SHIFT_JIS, BIG5, GBK] {
            if !candidates.contains(&encoding) {
                candidates.push(encoding);
            }
        }
        let guess = |encoding| TextEncoding { encoding, mark: 0, guessed: true };
        candidates.into_iter().map(guess).collect()
    }

    /// Its name, as reports show it.
    pub(crate) fn name(&self) -> &'static str {
        self.encoding.name()
    }

    /// Whether the bytes are UTF-8 as they stand, so that places in the text are places in the file.
    pub(crate) fn is_utf8(&self) -> bool {
        self.encoding == UTF_8
    }

    /// The first bytes as UTF-8, without the mark: as they stand where they are meant to be UTF-8, so that places in them
    /// are places in the source. A character that is cut at the end of decoded text is left out.
    pub(crate) fn decode<'h>(&self, head: &'h [u8]) -> Cow<'h, [u8]> {
        let head = &head[self.mark..];
        if self.is_utf8() {
            return Cow::Borrowed(head);
        }
        let (text, _) = self.encoding.decode_without_bom_handling(head);
        Cow::Owned(text.trim_end_matches('\u{fffd}').as_bytes().to_vec())
    }

    /// A reader that gives UTF-8. `input` stands at the first byte of the source for encodings other than UTF-8, which
    /// are read in one piece.
    pub(crate) fn reader<'r>(&self, input: impl Read + 'r) -> Box<dyn Read + 'r> {
        if self.is_utf8() {
            return Box::new(input);
        }
        let mut builder = DecodeReaderBytesBuilder::new();
        builder.encoding(Some(self.encoding)).strip_bom(true).bom_override(false);
        Box::new(builder.build(input))
    }
}

/// Whether bytes are UTF-8 apart from a few that were put in by accident or by intent: one stray byte does not turn a
/// whole source into another encoding.
fn is_mostly_utf8(head: &[u8], complete: bool) -> bool {
    let (mut sound, mut broken, mut cut) = (0_usize, 0_usize, false);
    for chunk in head.utf8_chunks() {
        sound += chunk.valid().chars().filter(|char| !char.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
        cut = !complete && is_cut(chunk.invalid());
    }
    let broken = broken - usize::from(cut);
    broken == 0 || sound > broken
}

/// Whether bytes are the beginning of a character.
fn is_cut(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

/// UTF-16 without a mark: in text that is mostly ASCII every other byte is zero.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let pairs: Vec<[u8; 2]> = head.chunks_exact(2).take(2048).map(|pair| [pair[0], pair[1]]).collect();
    if pairs.len() < 4 {
        return None;
    }
    let mostly = |zeros: usize| zeros * 10 > pairs.len() * 7;
    let low = pairs.iter().filter(|pair| pair[1] == 0 && pair[0] != 0).count();
    let high = pairs.iter().filter(|pair| pair[0] == 0 && pair[1] != 0).count();
    match (mostly(low), mostly(high)) {
        (true, _) => Some(UTF_16LE),
        (_, true) => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(head: &[u8], complete: bool) -> TextEncoding {
        TextEncoding::candidates(head, complete, None)[0]
    }

    fn utf16(text: &str, mark: bool, big: bool) -> Vec<u8> {
        let marked = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        marked.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn every_encoding_comes_out_as_the_same_text() {
        let text = "Date/Time,Größe\n1,ü\n";
        let marked = |text: &str| [&b"\xef\xbb\xbf"[..], text.as_bytes()].concat();
        for (bytes, name) in [
            (text.as_bytes().to_vec(), "UTF-8"),
            (marked(text), "UTF-8"),
            (utf16(text, true, false), "UTF-16LE"),
            (utf16(text, true, true), "UTF-16BE"),
            (utf16(text, false, false), "UTF-16LE"),
            (utf16(text, false, true), "UTF-16BE"),
            (WINDOWS_1252.encode(text).0.into_owned(), "windows-1252"),
        ] {
            let encoding = detect(&bytes, true);
            assert_eq!(encoding.name(), name);
            assert_eq!(&*encoding.decode(&bytes), text.as_bytes(), "{name}");
            let mut read = String::new();
            let from = if encoding.is_utf8() { encoding.mark } else { 0 };
            encoding.reader(&bytes[from..]).read_to_string(&mut read).unwrap();
            assert_eq!(read, text, "{name}");
        }
    }

    #[test]
    fn a_character_cut_at_the_end_of_the_head_is_no_other_encoding() {
        let bytes = "aü".as_bytes();
        assert!(detect(&bytes[..2], false).is_utf8());
        assert!(!detect(&bytes[..2], true).is_utf8());
    }

    #[test]
    fn a_stray_byte_does_not_change_the_encoding() {
        for (bytes, utf8) in [
            (&b"plain"[..], true),
            ("日本語".as_bytes(), true),
            (&[b"\xff,", "日本語".as_bytes()].concat(), true),
            (&["Größe ".as_bytes(), b"Gr\xf6\xdfe"].concat(), false),
            (b"Gr\xf6\xdfe", false),
            (b"\xff", false),
        ] {
            assert_eq!(detect(bytes, true).is_utf8(), utf8, "{bytes:?}");
        }
    }
}
