//! The file that a workbook is: a zip archive of parts, each compressed in pieces, so that several threads can make them.

use crate::failure::Failure;
use flate2::{Compress, Compression, Crc, FlushCompress, Status};
use std::io::{self, Cursor, Read as _, Write};

/// How hard to compress, of 9. The next level takes half as much time again for a sixteenth less, the one before hardly less
/// time for a third more.
const LEVEL: u32 = 2;

/// The signature of a part's header.
const LOCAL: u32 = 0x0403_4b50;

/// The signature of a part's entry in the directory.
const CENTRAL: u32 = 0x0201_4b50;

/// The signature of the end of the directory.
const END: u32 = 0x0605_4b50;

/// The version of the format that is needed: 2.0.
const NEEDED: u16 = 20;

/// The same, with the system that the permissions are of: Unix.
const MADE_BY: u16 = (3 << 8) | NEEDED;

/// The first day that an archive can name. Parts have no time of their own.
const DAY: u16 = 0x21;

/// The permissions of a regular file that its owner reads and writes.
const PERMISSIONS: u32 = 0o100_600 << 16;

/// The method of compression.
const DEFLATE: u16 = 8;

/// A piece of a part, compressed so that pieces can follow each other.
#[derive(Debug)]
pub(crate) struct Piece {
    bytes: Vec<u8>,
    /// The check sum and the length of what was compressed.
    sum: Crc,
    length: u64,
}

impl Piece {
    /// Compresses a piece; `last` ends the part.
    pub(crate) fn new(content: &[u8], last: bool) -> Result<Self, Failure> {
        let mut sum = Crc::new();
        sum.update(content);
        let mut compress = Compress::new(Compression::new(LEVEL), false);
        let flush = if last { FlushCompress::Finish } else { FlushCompress::Sync };
        let mut bytes = Vec::with_capacity(content.len() / 8 + 256);
        loop {
            let done = usize::try_from(compress.total_in()).unwrap_or(content.len());
            let status = compress.compress_vec(&content[done..], &mut bytes, flush);
            let status = status.map_err(|error| Failure::plain(error.to_string()))?;
            // Room that is left over says that everything is out.
            if status == Status::StreamEnd || (!last && bytes.len() < bytes.capacity()) {
                break;
            }
            bytes.reserve(content.len() / 8 + 256);
        }
        bytes.shrink_to_fit();
        Ok(Piece { bytes, sum, length: content.len() as u64 })
    }
}

/// A part of the file.
#[derive(Debug)]
struct Part {
    name: String,
    pieces: Vec<Piece>,
    sum: u32,
    packed: u32,
    length: u32,
}

/// The parts of the file, in order.
#[derive(Debug, Default)]
pub(crate) struct Package {
    parts: Vec<Part>,
}

impl Package {
    /// Adds a part whose last piece ends it.
    pub(crate) fn add(&mut self, name: &str, pieces: Vec<Piece>) -> Result<(), Failure> {
        let mut sum = Crc::new();
        for piece in &pieces {
            sum.combine(&piece.sum);
        }
        let packed = small(pieces.iter().map(|piece| piece.bytes.len() as u64).sum())?;
        let length = small(pieces.iter().map(|piece| piece.length).sum())?;
        self.parts.push(Part { name: name.to_owned(), pieces, sum: sum.sum(), packed, length });
        Ok(())
    }

    /// Sees to it that the archive does not outgrow its format.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let header = |part: &Part| 46 + 30 + 2 * part.name.len() as u64 + u64::from(part.packed);
        small(self.parts.iter().map(header).sum()).map(|_| ())
    }

    /// Writes the archive.
    pub(crate) fn write(&self, sink: &mut dyn Write) -> io::Result<()> {
        let mut directory = Vec::new();
        let mut at: u32 = 0;
        for part in &self.parts {
            let fields = part.fields();
            let header =
                [&LOCAL.to_le_bytes()[..], &NEEDED.to_le_bytes(), &fields, part.name.as_bytes()].concat();
            directory.extend(CENTRAL.to_le_bytes());
            directory.extend(MADE_BY.to_le_bytes());
            directory.extend(NEEDED.to_le_bytes());
            directory.extend(fields);
            // No comment, the first disk, no attributes of its own.
            directory.extend([0; 6]);
            directory.extend(PERMISSIONS.to_le_bytes());
            directory.extend(at.to_le_bytes());
            directory.extend(part.name.as_bytes());
            sink.write_all(&header)?;
            part.pieces.iter().try_for_each(|piece| sink.write_all(&piece.bytes))?;
            at += part.packed + u32::try_from(header.len()).map_err(io::Error::other)?;
        }
        let count = u16::try_from(self.parts.len()).map_err(io::Error::other)?;
        let length = u32::try_from(directory.len()).map_err(io::Error::other)?;
        sink.write_all(&directory)?;
        sink.write_all(&END.to_le_bytes())?;
        sink.write_all(&[0; 4])?;
        sink.write_all(&count.to_le_bytes())?;
        sink.write_all(&count.to_le_bytes())?;
        sink.write_all(&length.to_le_bytes())?;
        sink.write_all(&at.to_le_bytes())?;
        sink.write_all(&[0; 2])
    }
}

impl Part {
    /// What its header and its entry in the directory have in common: from the flags to the length of what may follow.
    fn fields(&self) -> Vec<u8> {
        let name = u16::try_from(self.name.len()).unwrap_or(u16::MAX);
        let mut fields = Vec::with_capacity(24);
        for short in [0, DEFLATE, 0, DAY] {
            fields.extend(short.to_le_bytes());
        }
        for long in [self.sum, self.packed, self.length] {
            fields.extend(long.to_le_bytes());
        }
        fields.extend(name.to_le_bytes());
        fields.extend([0; 2]);
        fields
    }
}

fn small(length: u64) -> Result<u32, Failure> {
    u32::try_from(length).map_err(|_| {
        Failure::plain("the workbook would be larger than its format allows")
            .with_hint("lower the caps in the pack's options")
    })
}

/// The parts of an archive in memory: names and contents.
pub(crate) fn parts(archive: &[u8]) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let broken = |error: &dyn std::fmt::Display| {
        Failure::plain(format!("the workbook can not be put together: {error}"))
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).map_err(|error| broken(&error))?;
    let mut parts = Vec::new();
    for number in 0..archive.len() {
        let mut file = archive.by_index(number).map_err(|error| broken(&error))?;
        let name = file.name().map_err(|error| broken(&error))?.into_owned();
        let mut content = Vec::new();
        file.read_to_end(&mut content).map_err(|error| broken(&error))?;
        parts.push((name, content));
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_in_pieces_are_read_back() {
        let mut package = Package::default();
        let random: Vec<u8> =
            (0..200_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
        let text: String = random.iter().map(|byte| char::from(byte % 95 + 32)).collect();
        for pieces in [vec![""], vec!["a", "", "b"], vec![&text[..1000], &text[1000..], "end"], vec![&text]] {
            let last = pieces.len() - 1;
            let packed =
                pieces.iter().enumerate().map(|(n, piece)| Piece::new(piece.as_bytes(), n == last).unwrap());
            package.add(&format!("xl/{}.xml", pieces.concat().len()), packed.collect()).unwrap();
        }
        package.check().unwrap();
        let mut bytes = Vec::new();
        package.write(&mut bytes).unwrap();
        let lengths: Vec<(String, usize)> =
            parts(&bytes).unwrap().into_iter().map(|(name, content)| (name, content.len())).collect();
        let expected = [0, 2, text.len() + 3, text.len()].map(|length| (format!("xl/{length}.xml"), length));
        assert_eq!(lengths, expected);
        let parts = parts(&bytes).unwrap();
        assert_eq!(parts[1].1, b"ab");
        assert!(parts[2].1 == format!("{text}end").as_bytes() && parts[3].1 == text.as_bytes());
    }
}
