//! A pipe: read once, from its first byte to its last.

use ringback_model::hexadecimal;
use sha2::{Digest, Sha256};
use std::fmt;
use std::io::{self, Cursor, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// An input that can be read only once. Its first bytes are read at once, for the plan; reading it begins with them.
pub(crate) struct Pipe {
    head: Head,
    /// Everything: the first bytes and the rest. Taken by whoever reads it.
    all: Mutex<Option<Box<dyn Read + Send>>>,
    seen: Seen,
}

/// The first bytes of a source.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    /// The bytes.
    pub(crate) bytes: Vec<u8>,
    /// Whether they are all that there is.
    pub(crate) complete: bool,
    /// What the source said instead of going on.
    pub(crate) error: Option<String>,
}

impl Head {
    /// Reads the first bytes of something.
    pub(crate) fn of(input: &mut dyn Read, most: u64) -> (Self, Option<io::Error>) {
        let mut bytes = Vec::new();
        let error = input.take(most).read_to_end(&mut bytes).err();
        let complete = error.is_none() && (bytes.len() as u64) < most;
        let told = error.as_ref().map(ToString::to_string);
        (Head { bytes, complete, error: told }, error)
    }
}

/// What went through a pipe so far, as found.
#[derive(Clone, Debug)]
pub(crate) struct Seen(Arc<Mutex<Passed>>);

#[derive(Debug)]
struct Passed {
    bytes: u64,
    ended: bool,
    hash: Option<Sha256>,
}

impl Seen {
    /// The number of bytes and, where it was asked for, the SHA-256, once all has been read.
    pub(crate) fn all(&self) -> Option<(u64, Option<String>)> {
        let passed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        passed.ended.then(|| (passed.bytes, passed.hash.clone().map(|hash| hexadecimal(&hash.finalize()))))
    }
}

/// Passes on what comes through a pipe, and remembers what it was.
pub(crate) struct Watched<R> {
    input: R,
    seen: Seen,
}

impl<R: Read> Watched<R> {
    /// Watches a pipe; `hash` says whether its SHA-256 is wanted.
    pub(crate) fn new(input: R, hash: bool) -> Self {
        let passed = Passed { bytes: 0, ended: false, hash: hash.then(Sha256::new) };
        Watched { input, seen: Seen(Arc::new(Mutex::new(passed))) }
    }

    /// What goes through it.
    pub(crate) fn seen(&self) -> Seen {
        self.seen.clone()
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        let mut passed = self.seen.0.lock().unwrap_or_else(PoisonError::into_inner);
        passed.bytes += read as u64;
        passed.ended |= read == 0 && !buffer.is_empty();
        if let Some(hash) = &mut passed.hash {
            hash.update(&buffer[..read]);
        }
        Ok(read)
    }
}

impl Pipe {
    /// A pipe as its text comes out of it; `seen` watches what goes in.
    pub(crate) fn new(mut text: Box<dyn Read + Send>, most: u64, seen: Seen) -> Self {
        let (head, error) = Head::of(&mut text, most);
        let start = Cursor::new(head.bytes.clone());
        let all: Box<dyn Read + Send> = match error {
            Some(error) => Box::new(start.chain(Failing(Some(error)))),
            None => Box::new(start.chain(text)),
        };
        Pipe { head, all: Mutex::new(Some(all)), seen }
    }

    /// Its first bytes.
    pub(crate) fn head(&self) -> Head {
        self.head.clone()
    }

    /// All of its bytes, once.
    ///
    /// # Errors
    /// It was read before.
    pub(crate) fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.take().ok_or_else(|| io::Error::other("a pipe can be read only once"))
    }

    /// What went through it.
    pub(crate) fn seen(&self) -> &Seen {
        &self.seen
    }
}

impl fmt::Debug for Pipe {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Pipe").field("seen", &self.seen).finish_non_exhaustive()
    }
}

/// Fails once, and is at its end then.
pub(crate) struct Failing(pub(crate) Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_is_read_once_and_hashed_on_the_way() {
        let watched = Watched::new(&b"abc"[..], true);
        let seen = watched.seen();
        let pipe = Pipe::new(Box::new(watched), 2, seen);
        assert_eq!((pipe.head().bytes, pipe.head().complete), (b"ab".to_vec(), false));
        assert_eq!(pipe.seen().all(), None);
        let mut text = String::new();
        pipe.open().unwrap().read_to_string(&mut text).unwrap();
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!((text.as_str(), pipe.seen().all()), ("abc", Some((3, Some(hash.to_owned())))));
        assert!(pipe.open().is_err());
    }

    #[test]
    fn an_error_in_the_first_bytes_comes_after_them() {
        let broken = (&b"ab"[..]).chain(Failing(Some(io::Error::other("broken"))));
        let seen = Watched::new(&b""[..], false).seen();
        let pipe = Pipe::new(Box::new(broken), 9, seen);
        assert_eq!(pipe.head().error.as_deref(), Some("broken"));
        let mut text = String::new();
        let error = pipe.open().unwrap().read_to_string(&mut text).unwrap_err();
        assert_eq!((text.as_str(), error.to_string().as_str()), ("ab", "broken"));
    }
}
