//! The frame of a file: what it is, its sections, and the checksums that are looked at before anything is believed.
//!
//! ```text
//! magic (8 bytes) · kind (1) · schema (2) · sections … · directory · trailer
//! directory: for each section its length (8 bytes) and its checksum (16)
//! trailer:   number of sections (8) · checksum of kind, schema and directory (16) · end (8)
//! ```
//! Numbers are little-endian. A checksum is the first half of a SHA-256. Sections are read one by one, so that two files
//! can be merged without holding either.

use super::wire::PartError;
use ringback_model::Digest;
use std::io::{Read, Seek, SeekFrom, Write};

/// The first bytes of every file. No text begins so.
pub const MAGIC: [u8; 8] = *b"\x8aRBK\r\n\x1a\n";

/// The version of what the files hold. A version of the program reads its own alone.
pub const SCHEMA: u16 = 1;

const END: [u8; 8] = *b"RBK end\n";
const HEADER: usize = MAGIC.len() + 3;
const ENTRY: usize = 8 + 16;
const TRAILER: usize = 8 + 16 + END.len();

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Counts, and rows that are not counted yet.
    Part,
    /// The summary of splits of one file.
    Scan,
    /// How the splits of one file are read.
    Plan,
}

impl FileKind {
    /// All of them.
    pub const ALL: [FileKind; 3] = [FileKind::Part, FileKind::Scan, FileKind::Plan];

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            FileKind::Part => "part (.tally)",
            FileKind::Scan => "summary of splits",
            FileKind::Plan => "plan of splits",
        }
    }

    const fn number(self) -> u8 {
        match self {
            FileKind::Part => 1,
            FileKind::Scan => 2,
            FileKind::Plan => 3,
        }
    }
}

/// Writes a file section by section.
#[derive(Debug)]
pub struct EnvelopeWriter<W> {
    out: W,
    kind: FileKind,
    directory: Vec<u8>,
}

impl<W: Write> EnvelopeWriter<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// What the output says.
    pub fn new(mut out: W, kind: FileKind) -> Result<Self, PartError> {
        out.write_all(&MAGIC)?;
        out.write_all(&[kind.number()])?;
        out.write_all(&SCHEMA.to_le_bytes())?;
        Ok(EnvelopeWriter { out, kind, directory: Vec::new() })
    }

    /// Writes the next section.
    ///
    /// # Errors
    /// What the output says.
    pub fn section(&mut self, bytes: &[u8]) -> Result<(), PartError> {
        self.out.write_all(bytes)?;
        self.directory.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        self.directory.extend_from_slice(&checksum(&[bytes]));
        Ok(())
    }

    /// Ends the file; gives back where it was written to.
    ///
    /// # Errors
    /// What the output says.
    pub fn finish(mut self) -> Result<W, PartError> {
        self.out.write_all(&self.directory)?;
        self.out.write_all(&((self.directory.len() / ENTRY) as u64).to_le_bytes())?;
        self.out.write_all(&directory_checksum(self.kind, &self.directory))?;
        self.out.write_all(&END)?;
        Ok(self.out)
    }
}

/// Where the sections of a file stand, once its frame was found to be whole.
#[derive(Clone, Debug)]
pub struct Envelope {
    sections: Vec<Section>,
}

#[derive(Clone, Copy, Debug)]
struct Section {
    from: u64,
    length: usize,
    checksum: [u8; 16],
}

impl Envelope {
    /// Looks at the frame of a file that should be of a kind.
    ///
    /// # Errors
    /// It is something else, too new, cut off or damaged.
    pub fn open<R: Read + Seek>(input: &mut R, kind: FileKind) -> Result<Self, PartError> {
        let size = input.seek(SeekFrom::End(0))?;
        input.seek(SeekFrom::Start(0))?;
        let mut header = Vec::new();
        input.by_ref().take(HEADER as u64).read_to_end(&mut header)?;
        if !header.starts_with(&MAGIC) {
            return Err(PartError::Other(kind.name()));
        }
        let [found_kind, low, high] = header[MAGIC.len()..] else { return Err(PartError::CutOff) };
        let found = u16::from_le_bytes([low, high]);
        if found > SCHEMA {
            return Err(PartError::TooNew { found, known: SCHEMA });
        }
        if found_kind != kind.number() {
            let other = FileKind::ALL.into_iter().find(|other| other.number() == found_kind);
            return Err(
                other.map_or(PartError::Damaged("its kind is unknown"), |_| PartError::Other(kind.name()))
            );
        }
        if found != SCHEMA {
            return Err(PartError::Damaged("its schema is unknown"));
        }
        Self::read_directory(input, kind, size)
    }

    fn read_directory<R: Read + Seek>(input: &mut R, kind: FileKind, size: u64) -> Result<Self, PartError> {
        let end =
            size.checked_sub(TRAILER as u64).filter(|end| *end >= HEADER as u64).ok_or(PartError::CutOff)?;
        input.seek(SeekFrom::Start(end))?;
        let mut trailer = [0; TRAILER];
        input.read_exact(&mut trailer)?;
        if trailer[TRAILER - END.len()..] != END {
            return Err(PartError::CutOff);
        }
        let (count, checked) = trailer.split_at(8);
        let count = u64::from_le_bytes(count.try_into().unwrap_or_default());
        let length = count.checked_mul(ENTRY as u64).filter(|length| *length <= end - HEADER as u64);
        let length = length.ok_or(PartError::Damaged("its directory is longer than the file"))?;
        input.seek(SeekFrom::Start(end - length))?;
        let mut directory = Vec::new();
        input.by_ref().take(length).read_to_end(&mut directory)?;
        if directory_checksum(kind, &directory) != checked[..16] {
            return Err(PartError::Damaged("the checksum of its directory does not match"));
        }
        let mut at = HEADER as u64;
        let mut sections = Vec::new();
        for entry in directory.chunks_exact(ENTRY) {
            let (length, checksum) = entry.split_at(8);
            let length = u64::from_le_bytes(length.try_into().unwrap_or_default());
            let next = at.checked_add(length).filter(|next| *next <= size);
            let next = next.ok_or(PartError::Damaged("a section is longer than the file"))?;
            let length = usize::try_from(length).map_err(|_| PartError::Damaged("a section is too long"))?;
            sections.push(Section { from: at, length, checksum: checksum.try_into().unwrap_or_default() });
            at = next;
        }
        if at + directory.len() as u64 + TRAILER as u64 != size {
            return Err(PartError::CutOff);
        }
        Ok(Envelope { sections })
    }

    /// How many sections there are.
    pub fn sections(&self) -> usize {
        self.sections.len()
    }

    /// The bytes of a section of the same file.
    ///
    /// # Errors
    /// There is no such section, or its bytes are not those that were written.
    pub fn section<R: Read + Seek>(&self, input: &mut R, number: usize) -> Result<Vec<u8>, PartError> {
        let section = self.sections.get(number).ok_or(PartError::Damaged("a section is missing"))?;
        input.seek(SeekFrom::Start(section.from))?;
        let mut bytes = Vec::with_capacity(section.length);
        input.by_ref().take(section.length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < section.length {
            return Err(PartError::CutOff);
        }
        if checksum(&[&bytes]) != section.checksum {
            return Err(PartError::Damaged("the checksum of a section does not match"));
        }
        Ok(bytes)
    }
}

fn directory_checksum(kind: FileKind, directory: &[u8]) -> [u8; 16] {
    checksum(&[&[kind.number()], &SCHEMA.to_le_bytes(), directory])
}

fn checksum(parts: &[&[u8]]) -> [u8; 16] {
    let mut digest = Digest::of("ringback file");
    for part in parts {
        digest.part(part);
    }
    digest.fingerprint().0.to_le_bytes()
}
