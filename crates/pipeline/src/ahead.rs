//! Reading ahead: bytes that take work to get, such as those of a compressed file, are got by a thread of their own while
//! those before them are read.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::Scope;

/// How many bytes are got at a time.
const BLOCK: usize = 256 * 1024;

/// How many blocks may wait to be read.
const AHEAD: usize = 4;

/// The bytes that another thread gets.
pub(crate) struct Ahead {
    blocks: Receiver<io::Result<Vec<u8>>>,
    /// Blocks that were read go back, to be filled again.
    empty: SyncSender<Vec<u8>>,
    block: Vec<u8>,
    at: usize,
}

impl Ahead {
    /// Has a thread get the bytes of an input. It ends with the input, or when nobody asks for more.
    pub(crate) fn of<'s>(scope: &'s Scope<'s, '_>, mut input: Box<dyn Read + Send + 's>) -> Self {
        let (full, blocks) = sync_channel(AHEAD);
        let (empty, to_fill) = sync_channel::<Vec<u8>>(AHEAD + 2);
        scope.spawn(move || {
            let mut more = true;
            while more {
                let mut block = to_fill.try_recv().unwrap_or_else(|_| Vec::with_capacity(BLOCK));
                block.clear();
                let read = (&mut input).take(BLOCK as u64).read_to_end(&mut block);
                more = read.is_ok() && !block.is_empty();
                // Nobody hears it where nobody asks for more.
                more &= block.is_empty() || full.send(Ok(block)).is_ok();
                if let Err(error) = read {
                    _ = full.send(Err(error));
                }
            }
        });
        Ahead { blocks, empty, block: Vec::new(), at: 0 }
    }
}

impl Read for Ahead {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.block.len() {
            let Ok(next) = self.blocks.recv() else { return Ok(0) };
            let read = std::mem::replace(&mut self.block, next?);
            self.at = 0;
            // Where the other thread has ended, nobody wants it.
            _ = self.empty.try_send(read);
        }
        let taken = (&self.block[self.at..]).read(into)?;
        self.at += taken;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipe::Failing;

    #[test]
    fn all_bytes_come_and_then_the_error() {
        let bytes: Vec<u8> = (0..3_000_000_u32).map(|number| number.to_le_bytes()[0]).collect();
        for (end, told) in [(None, "none"), (Some(io::Error::other("broken")), "broken")] {
            let input = bytes.as_slice().chain(Failing(end));
            let (read, error) = std::thread::scope(|scope| {
                let mut read = Vec::new();
                let error = Ahead::of(scope, Box::new(input)).read_to_end(&mut read).err();
                (read, error.map_or_else(|| "none".to_owned(), |error| error.to_string()))
            });
            assert!(read == bytes);
            assert_eq!(error, told);
        }
    }

    #[test]
    fn who_stops_reading_does_not_wait() {
        let first = std::thread::scope(|scope| {
            let mut first = [0; 3];
            Ahead::of(scope, Box::new(io::repeat(7))).read_exact(&mut first).map(|()| first)
        });
        assert_eq!(first.unwrap(), [7; 3]);
    }
}
