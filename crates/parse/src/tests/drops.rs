//! A reader that gives a few bytes at a time, as pipes do.

use std::io::{self, Read};

/// The bytes, and how many come at once at the most.
pub(crate) struct Drops<'b>(pub(crate) &'b [u8], pub(crate) usize);

impl Read for Drops<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.1.min(self.0.len()).min(buffer.len());
        buffer[..read].copy_from_slice(&self.0[..read]);
        self.0 = &self.0[read..];
        Ok(read)
    }
}
