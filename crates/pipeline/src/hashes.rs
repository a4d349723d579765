//! The SHA-256 of the inputs, so that a report can be held against what it was made from.

use crate::source::Source;
use ringback_model::hexadecimal;
use sha2::{Digest, Sha256};
use std::io::{self, Read};

/// How many bytes are read at a time.
const BLOCK: usize = 256 * 1024;

/// The SHA-256 of an input as found, in hexadecimal.
///
/// # Errors
/// What the system says when the input can not be read.
pub(crate) fn sha256(source: &Source) -> io::Result<String> {
    let mut input = source.original.as_ref().unwrap_or(&source.from).found()?;
    let mut hash = Sha256::new();
    let mut block = vec![0; BLOCK];
    loop {
        let read = input.read(&mut block)?;
        if read == 0 {
            break;
        }
        hash.update(&block[..read]);
    }
    Ok(hexadecimal(&hash.finalize()))
}
