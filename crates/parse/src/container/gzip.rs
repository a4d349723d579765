//! Gzip streams of one or more members, read as they come.

use crate::container::{ContainerError, Limits};
use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, BufReader, Read};

/// How much compressed data is read at a time.
const BLOCK: usize = 64 * 1024;

/// Reads what a gzip stream holds: all members, one after the other. Zeros after the last one are padding; anything else
/// there is an error, after all that could be read.
pub struct Gunzip<R> {
    /// The member that is being read; `None` at the end.
    member: Option<GzDecoder<Counted<R>>>,
    limits: Limits,
    expanded: u64,
}

impl<R: Read> Gunzip<R> {
    /// Reads a stream, the first bytes of which are gzip's.
    pub fn new(input: R, limits: Limits) -> Self {
        let input = Counted { input: BufReader::with_capacity(BLOCK, input), read: 0 };
        Gunzip { member: Some(GzDecoder::new(input)), limits, expanded: 0 }
    }

    /// Goes on to the next member, if there is one.
    fn next_member(&mut self) -> io::Result<()> {
        let Some(member) = self.member.take() else { return Ok(()) };
        let mut input = member.into_inner();
        loop {
            let left = input.fill_buf()?;
            let zeros = left.iter().take_while(|byte| **byte == 0).count();
            match left.get(zeros) {
                None if left.is_empty() => return Ok(()),
                None => input.consume(zeros),
                Some(0x1f) => {
                    input.consume(zeros);
                    self.member = Some(GzDecoder::new(input));
                    return Ok(());
                }
                Some(_) => return Err(ContainerError::Trailing.into()),
            }
        }
    }
}

impl<R: Read> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while let Some(member) = &mut self.member {
            let read = member.read(buffer).map_err(|error| damage(error, self.expanded > 0))?;
            if read > 0 {
                self.expanded += read as u64;
                self.limits.check_ratio(member.get_ref().read, self.expanded)?;
                return Ok(read);
            }
            self.next_member()?;
        }
        Ok(0)
    }
}

/// What an error of the decoder means. An error of the input itself stands as it is.
fn damage(error: io::Error, begun: bool) -> io::Error {
    let text = error.to_string();
    match error.kind() {
        io::ErrorKind::UnexpectedEof => ContainerError::Truncated.into(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData if text.contains("checksum") => {
            ContainerError::Checksum.into()
        }
        io::ErrorKind::InvalidInput if begun && text.contains("header") => ContainerError::Trailing.into(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData if error.raw_os_error().is_none() => error
            .into_inner()
            .and_then(|inner| inner.downcast::<ContainerError>().ok())
            .map_or_else(|| ContainerError::Damaged.into(), |inner| io::Error::from(*inner)),
        _ => error,
    }
}

/// Counts the bytes that are used up.
struct Counted<R> {
    input: BufReader<R>,
    read: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.read += read as u64;
        Ok(read)
    }
}

impl<R: Read> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.read += amount as u64;
        self.input.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// All that can be read, and the error after it.
    fn read(bytes: &[u8], limits: Limits) -> (Vec<u8>, String) {
        let mut all = Vec::new();
        let error = Gunzip::new(bytes, limits).read_to_end(&mut all).err();
        (all, error.map_or_else(String::new, |error| error.to_string()))
    }

    #[test]
    fn members_are_read_to_the_end_and_damage_is_told() {
        let (one, two) = (gzip(b"first\n"), gzip(b"second\n"));
        let mut wrong = one.clone();
        let crc = wrong.len() - 8;
        wrong[crc] ^= 1;
        let cut = &one[..one.len() - 4];
        for (bytes, text, error) in [
            (one.clone(), "first\n", ""),
            ([&one[..], &two].concat(), "first\nsecond\n", ""),
            ([&one[..], &[0; 700], &two, &[0; 9]].concat(), "first\nsecond\n", ""),
            ([&one[..], b"garbage"].concat(), "first\n", "after its gzip data there are bytes that are none"),
            (
                [&one[..], b"\x1fgarbage, more"].concat(),
                "first\n",
                "after its gzip data there are bytes that are none",
            ),
            ([&one[..], cut].concat(), "first\nfirst\n", "its data ends too early: it is cut off"),
            (cut.to_vec(), "first\n", "its data ends too early: it is cut off"),
            (wrong, "first\n", "its checksum does not match: it is damaged"),
            (one[..6].to_vec(), "", "its data ends too early: it is cut off"),
        ] {
            let (read, told) = read(&bytes, Limits::default());
            assert_eq!(
                (String::from_utf8(read).unwrap().as_str(), told.as_str()),
                (text, error),
                "{bytes:?}"
            );
        }
    }

    #[test]
    fn a_bomb_ends_at_the_limit() {
        let limits = Limits { ratio: 100, free: 1 << 20, ..Limits::default() };
        let (read, error) = read(&gzip(&vec![0; 4 << 20]), limits);
        assert!(read.len() < 2 << 20, "{}", read.len());
        assert!(error.starts_with("expands to more than 100 times its size"), "{error}");
        let (read, error) = self::read(&gzip(&vec![0; 1 << 20]), limits);
        assert_eq!((read.len(), error.as_str()), (1 << 20, ""));
    }
}
