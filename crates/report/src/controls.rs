//! JSON that steers no terminal: serialisers leave the controls from U+007F to U+009F as they are, some of which terminals
//! obey.

use std::io::{self, Write};

/// The first byte of U+0080 to U+00BF.
const LEAD: u8 = 0xc2;

/// Passes JSON on with these controls written as `\u009b`. In JSON they stand inside texts alone, where that means the same.
#[derive(Debug)]
pub struct EscapedControls<W> {
    out: W,
    /// Whether the last byte was the first one of a character.
    lead: bool,
}

impl<W: Write> EscapedControls<W> {
    /// Passes on to a sink.
    pub fn new(out: W) -> Self {
        EscapedControls { out, lead: false }
    }

    fn escape(&mut self, control: u8) -> io::Result<()> {
        write!(self.out, "\\u00{control:02x}")
    }

    /// Takes the byte that follows a first one.
    fn second(&mut self, byte: u8) -> io::Result<()> {
        match byte {
            0x80..=0x9f => self.escape(byte),
            _ => self.out.write_all(&[LEAD, byte]),
        }
    }
}

impl<W: Write> Write for EscapedControls<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        if let (true, [byte, after @ ..]) = (self.lead, rest) {
            self.lead = false;
            self.second(*byte)?;
            rest = after;
        }
        while let Some(at) = rest.iter().position(|byte| matches!(*byte, LEAD | 0x7f)) {
            self.out.write_all(&rest[..at])?;
            match rest[at..] {
                [LEAD] => {
                    self.lead = true;
                    return Ok(bytes.len());
                }
                [LEAD, byte, ..] => {
                    self.second(byte)?;
                    rest = &rest[at + 2..];
                }
                _ => {
                    self.escape(rest[at])?;
                    rest = &rest[at + 1..];
                }
            }
        }
        self.out.write_all(rest)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_means_the_same_without_controls() {
        let text = "\u{7f}a\u{80}\u{9b}31m\u{9f}\u{a0}\u{bf}ÂÃé漢\u{1b}\u{c2}";
        let json = serde_json::to_string(text).unwrap();
        for piece in 1..json.len() {
            let mut out = Vec::new();
            let mut escaped = EscapedControls::new(&mut out);
            json.as_bytes().chunks(piece).for_each(|bytes| escaped.write_all(bytes).unwrap());
            let written = String::from_utf8(out).unwrap();
            assert!(!written.contains(char::is_control), "{written:?}");
            assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
    }
}
