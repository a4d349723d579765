//! Records that are lines or JSON objects, with exact places and bounded memory.

use crate::records::{LONGEST_RECORD, LineEnd, cut_line_end};
use std::io::{self, Read};

/// How much is read at a time.
const BLOCK: usize = 256 * 1024;

/// What a chunk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// A line.
    Line,
    /// A JSON object, however many lines it takes; what is none is a line.
    Object,
}

/// One record's bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chunk<'c> {
    /// The bytes, without the line's end; cut where the record is too long.
    pub(crate) raw: &'c [u8],
    /// The byte at which it starts, counted from where reading began.
    pub(crate) byte: u64,
    /// The number of its first line, from 1.
    pub(crate) line: u64,
    /// Whether it is longer than the limit for a record.
    pub(crate) too_long: bool,
    /// Whether the input ended before the record did.
    pub(crate) unterminated: bool,
    /// What ends its line; for an object, the line before it.
    pub(crate) end: LineEnd,
}

/// Reads chunks from bytes.
pub(crate) struct Chunks<R> {
    input: R,
    unit: Unit,
    buffer: Vec<u8>,
    at: usize,
    filled: usize,
    ended: bool,
    byte: u64,
    line: u64,
    /// The last line end that was passed over between chunks.
    passed: LineEnd,
}

/// Where in a JSON object a scan stands.
#[derive(Default)]
struct Scan {
    depth: usize,
    quoted: bool,
    escaped: bool,
}

impl Scan {
    /// The place after the object's end in these bytes, which follow those seen before.
    fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.quoted => self.escaped = true,
                b'"' => self.quoted = !self.quoted,
                b'{' | b'[' if !self.quoted => self.depth += 1,
                b'}' | b']' if !self.quoted => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(at + 1);
                    }
                }
                _ => {}
            }
        }
        None
    }
}

impl<R: Read> Chunks<R> {
    pub(crate) fn new(input: R, unit: Unit) -> Self {
        Chunks {
            input,
            unit,
            buffer: vec![0; BLOCK],
            at: 0,
            filled: 0,
            ended: false,
            byte: 0,
            line: 1,
            passed: LineEnd::None,
        }
    }

    /// Bytes consumed so far.
    pub(crate) fn position(&self) -> u64 {
        self.byte
    }

    /// Line ends consumed so far.
    pub(crate) fn lines(&self) -> u64 {
        self.line - 1
    }

    /// The next chunk that is not blank.
    ///
    /// # Errors
    /// What the input says.
    pub(crate) fn next(&mut self) -> io::Result<Option<Chunk<'_>>> {
        if !self.skip_between()? {
            return Ok(None);
        }
        let object = self.unit == Unit::Object && self.buffer[self.at] == b'{';
        let (byte, line) = (self.byte, self.line);
        let (mut scan, mut seen, mut too_long) = (Scan::default(), 0, false);
        let mut dropped = 0;
        let (length, unterminated) = loop {
            let fresh = &self.buffer[self.at + seen..self.filled];
            let end = if object { scan.end(fresh) } else { memchr::memchr(b'\n', fresh).map(|at| at + 1) };
            if let Some(end) = end {
                break (seen + end, false);
            }
            seen += fresh.len();
            if self.ended {
                break (seen, object);
            }
            if seen > LONGEST_RECORD {
                too_long = true;
                dropped += seen as u64;
                self.line += memchr::memchr_iter(b'\n', &self.buffer[self.at..self.at + seen]).count() as u64;
                (self.at, seen) = (self.at + seen, 0);
            }
            self.refill()?;
        };
        let start = self.at;
        self.at += length;
        self.byte += dropped + length as u64;
        let bytes = &self.buffer[start..start + length];
        self.line += memchr::memchr_iter(b'\n', bytes).count() as u64;
        Ok(Some(Chunk {
            raw: bytes.trim_ascii_end(),
            byte,
            line,
            too_long: too_long || length > LONGEST_RECORD,
            unterminated,
            end: if object { self.passed } else { cut_line_end(bytes).1 },
        }))
    }

    /// Passes over blanks, line ends, byte order marks and what stands between the objects of an array; false at the end.
    fn skip_between(&mut self) -> io::Result<bool> {
        self.passed = LineEnd::None;
        loop {
            let passed = match &self.buffer[self.at..self.filled] {
                [] if self.ended => return Ok(false),
                left if left.len() < 3 && !self.ended => {
                    self.refill()?;
                    continue;
                }
                [b'\r', b'\n', ..] => {
                    self.line += 1;
                    self.passed = LineEnd::CrLf;
                    2
                }
                [b'\n', ..] => {
                    self.line += 1;
                    self.passed = LineEnd::Lf;
                    1
                }
                [b' ' | b'\t' | b'\r' | 0, ..] => 1,
                [b',' | b'[' | b']', ..] if self.unit == Unit::Object => 1,
                [0xef, 0xbb, 0xbf, ..] => 3,
                _ => return Ok(true),
            };
            self.at += passed;
            self.byte += passed as u64;
        }
    }

    /// Reads more, keeping all from the current place on.
    fn refill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.at..self.filled, 0);
        self.filled -= self.at;
        self.at = 0;
        if self.buffer.len() - self.filled < BLOCK / 2 {
            self.buffer.resize(self.filled + BLOCK, 0);
        }
        loop {
            match self.input.read(&mut self.buffer[self.filled..]) {
                Ok(0) => self.ended = true,
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            }
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunks(bytes: &[u8], unit: Unit) -> Vec<(u64, u64, String, bool)> {
        let mut chunks = Chunks::new(bytes, unit);
        let mut all = Vec::new();
        while let Some(chunk) = chunks.next().unwrap() {
            let text = String::from_utf8_lossy(chunk.raw).into_owned();
            all.push((chunk.byte, chunk.line, text, chunk.unterminated));
        }
        assert_eq!(chunks.position(), bytes.len() as u64);
        all
    }

    #[test]
    fn lines_and_objects_have_their_places() {
        let told = |all: &[(u64, u64, &str, bool)]| -> Vec<(u64, u64, String, bool)> {
            all.iter().map(|(byte, line, text, cut)| (*byte, *line, (*text).to_owned(), *cut)).collect()
        };
        let lines = chunks(b"\xef\xbb\xbfa b\r\n\r\n  c\nlast", Unit::Line);
        assert_eq!(lines, told(&[(3, 1, "a b", false), (12, 3, "c", false), (14, 4, "last", false)]));
        let text = b"[\n{\"a\": \"}\\\"\",\n \"b\": [{}]},{\"c\":1}\n]\nnoise\n{\"d\":";
        let objects = chunks(text, Unit::Object);
        assert_eq!(
            objects,
            told(&[
                (2, 2, "{\"a\": \"}\\\"\",\n \"b\": [{}]}", false),
                (27, 3, "{\"c\":1}", false),
                (37, 5, "noise", false),
                (43, 6, "{\"d\":", true),
            ])
        );
    }

    #[test]
    fn a_line_without_end_is_cut_and_memory_is_bounded() {
        let mut text = vec![b'x'; 20 * LONGEST_RECORD];
        text.extend_from_slice(b"\nnext\n");
        let mut chunks = Chunks::new(&text[..], Unit::Line);
        let first = chunks.next().unwrap().unwrap();
        assert!(first.too_long);
        let next = chunks.next().unwrap().unwrap();
        assert_eq!((next.raw, next.line, next.too_long), (&b"next"[..], 2, false));
        assert!(chunks.buffer.len() < 4 * LONGEST_RECORD);
    }
}
