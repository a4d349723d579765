//! Records before any layout is asked: for those who hold the reading of records to other readers.

use crate::encoding::TextEncoding;
use crate::records::{Record, Records};
use ringback_model::RejectReason;
use std::io::{self, Read};

/// One record of delimited text, whatever it is about.
#[derive(Clone, Copy, Debug)]
pub struct RawRecord<'r>(Record<'r>);

impl<'r> RawRecord<'r> {
    /// Its cells, unquoted. A record that is too long has none.
    pub fn cells(self) -> impl Iterator<Item = &'r [u8]> {
        self.0.iter()
    }

    /// The byte at which it starts.
    pub fn byte(&self) -> u64 {
        self.0.byte
    }

    /// The number of its first line, from 1.
    pub fn line(&self) -> u64 {
        self.0.line
    }

    /// Whether it says nothing: blanks or delimiters alone. Such a record is no row and is not counted.
    pub fn is_blank(&self) -> bool {
        self.0.is_blank()
    }

    /// Why it is rejected whatever the layout: it is too long, or the input ends within its quotes.
    pub fn reject(&self) -> Option<RejectReason> {
        let too_long = self.0.too_long.then_some(RejectReason::TooLong);
        too_long.or(self.0.unclosed.then_some(RejectReason::TruncatedRow))
    }
}

/// Reads the records of text in UTF-8, each as rows are read from it.
///
/// # Errors
/// What the input says.
///
/// ```
/// let mut all = Vec::new();
/// ringback_parse::raw_records(&b"a;\"b;c\"\n"[..], b';', &mut |record| {
///     all.push(record.cells().map(<[u8]>::to_vec).collect::<Vec<_>>());
/// })?;
/// assert_eq!(all, [[b"a".to_vec(), b"b;c".to_vec()]]);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn raw_records(input: impl Read, delimiter: u8, on: &mut dyn FnMut(RawRecord<'_>)) -> io::Result<()> {
    let mut records = Records::new(input, delimiter);
    while let Some(record) = records.next()? {
        on(RawRecord(record));
    }
    Ok(())
}

/// A whole source as UTF-8, without its byte order mark, in the encoding that its bytes tell.
///
/// # Errors
/// What the decoder says.
pub fn decoded(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let encoding = TextEncoding::candidates(bytes, true, None)[0];
    let skipped = if encoding.is_utf8() { encoding.mark } else { 0 };
    let mut text = Vec::new();
    encoding.reader(&bytes[skipped..]).read_to_end(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_with_their_place_and_fate() {
        let text = "a,b\r\n , \r\n\"c\nd\",e\n\"open,\n";
        let mut seen = Vec::new();
        raw_records(text.as_bytes(), b',', &mut |record| {
            seen.push((
                record.byte(),
                record.line(),
                record.cells().count(),
                record.is_blank(),
                record.reject(),
            ));
        })
        .unwrap();
        let cut = Some(RejectReason::TruncatedRow);
        assert_eq!(
            seen,
            [(0, 1, 2, false, None), (5, 2, 2, true, None), (10, 3, 2, false, None), (18, 5, 1, false, cut),]
        );
    }

    #[test]
    fn sources_of_any_encoding_are_decoded_without_their_mark() {
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        for bytes in [
            "\u{feff}Größe,ü\n".as_bytes().to_vec(),
            wide("\u{feff}Größe,ü\n"),
            b"Gr\xf6\xdfe,\xfc\n".to_vec(),
        ] {
            assert_eq!(decoded(&bytes).unwrap(), "Größe,ü\n".as_bytes(), "{bytes:?}");
        }
    }
}
