//! How an investigation tells how far it is.

use std::io::{self, Read};

/// Hears how far an investigation is. Calls come from many threads, at most a few thousand times a second.
pub trait Progress: Sync {
    /// The inputs are known: their number and their size in bytes, as far as it is known.
    fn started(&self, inputs: usize, bytes: u64);
    /// An input is being read.
    fn opened(&self, name: &str);
    /// So many more bytes and rows were read.
    fn read(&self, bytes: u64, rows: u64);
    /// An input is finished.
    fn closed(&self, name: &str);
    /// All is read; what follows is judging and telling.
    fn judging(&self);
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn started(&self, _: usize, _: u64) {}
    fn opened(&self, _: &str) {}
    fn read(&self, _: u64, _: u64) {}
    fn closed(&self, _: &str) {}
    fn judging(&self) {}
}

/// Tells how many bytes are read.
pub(crate) struct Metered<'p, R> {
    pub(crate) input: R,
    pub(crate) progress: &'p dyn Progress,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.progress.read(read as u64, 0);
        Ok(read)
    }
}
