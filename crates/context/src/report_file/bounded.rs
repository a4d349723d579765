//! JSON whose texts and depth have a bound, with its hash.
//!
//! A reader of JSON holds one text as a whole and remembers what it is in; a file that is one endless text, or nothing but
//! brackets, would fill the memory.

use ringback_model::hexadecimal;
use sha2::{Digest, Sha256};
use std::io::{self, Read};

/// The most bytes that a text may have, with its quotes left out: 16 MiB.
const LONGEST: usize = 16 << 20;

/// How many lists and objects may be inside of each other; a report has 6.
const DEEPEST: usize = 64;

/// Where the next byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum In {
    /// Outside of texts.
    Open,
    /// In a text.
    Text,
    /// In a text, after a backslash.
    Escape,
}

/// Bytes that are looked at while they are read.
pub(super) struct Bounded<R> {
    inner: R,
    hash: Sha256,
    state: In,
    length: usize,
    depth: usize,
}

impl<R: Read> Bounded<R> {
    pub(super) fn new(inner: R) -> Self {
        Bounded { inner, hash: Sha256::new(), state: In::Open, length: 0, depth: 0 }
    }

    /// SHA-256 in hexadecimal of all that was read.
    pub(super) fn sha256(self) -> String {
        hexadecimal(&self.hash.finalize())
    }

    fn look(&mut self, byte: u8) -> io::Result<()> {
        match (self.state, byte) {
            (In::Open, b'"') => (self.state, self.length) = (In::Text, 0),
            (In::Open, b'{' | b'[') => self.depth += 1,
            (In::Open, b'}' | b']') => self.depth = self.depth.saturating_sub(1),
            (In::Open, _) => {}
            (In::Text, b'"') => self.state = In::Open,
            (In::Text, b'\\') => self.state = In::Escape,
            (In::Text | In::Escape, _) => self.state = In::Text,
        }
        self.length += 1;
        if self.state == In::Text && self.length > LONGEST {
            return Err(io::Error::other("it holds a text of more than 16 MiB"));
        }
        if self.depth > DEEPEST {
            return Err(io::Error::other("it holds lists inside of lists, more than 64 deep"));
        }
        Ok(())
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(&buffer[..read]);
        buffer[..read].iter().try_for_each(|byte| self.look(*byte))?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(text: &[u8]) -> Result<(), String> {
        let mut read = Vec::new();
        Bounded::new(text)
            .read_to_end(&mut read)
            .map(|_| assert_eq!(read, text))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn all_that_is_read_is_hashed() {
        let mut bytes = Bounded::new(&b"abc"[..]);
        io::copy(&mut bytes, &mut io::sink()).unwrap();
        // The example of FIPS 180-4.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(bytes.sha256(), expected);
    }

    #[test]
    fn texts_and_depth_have_a_bound() {
        let long = |length: usize| format!("[\"{}\", \"\\\"{}\"]", "x".repeat(length), "y".repeat(9));
        assert_eq!(outcome(long(1000).as_bytes()), Ok(()));
        assert!(outcome(long(LONGEST + 1).as_bytes()).unwrap_err().contains("16 MiB"));
        assert_eq!(outcome("[\"[[[[\\\"[[[\"]".repeat(100).as_bytes()), Ok(()));
        assert_eq!(outcome("[".repeat(DEEPEST).as_bytes()), Ok(()));
        assert!(outcome("[".repeat(DEEPEST + 1).as_bytes()).unwrap_err().contains("64 deep"));
    }
}
