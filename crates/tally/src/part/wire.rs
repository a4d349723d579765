//! Numbers and texts as bytes.

use ringback_model::Instant;
use std::io;

/// Times on disk lie within so many microseconds of 1970: far more than any calendar date of four digits needs.
const LATEST: i64 = 1 << 58;

/// Microseconds of a second.
const SECOND: i64 = 1_000_000;

/// Why a file of a part can not be read.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// The system says no.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is something else.
    #[error("it is no {0}")]
    Other(&'static str),
    /// A later version of the program wrote it.
    #[error("it has schema {found}, and this version reads schema {known}")]
    TooNew {
        /// The schema that it has.
        found: u16,
        /// The schema that is known.
        known: u16,
    },
    /// Its end is missing.
    #[error("it is cut off")]
    CutOff,
    /// Its bytes are not those that were written.
    #[error("it is damaged: {0}")]
    Damaged(&'static str),
}

/// Writes numbers and texts.
#[derive(Clone, Debug, Default)]
pub struct WireWriter {
    bytes: Vec<u8>,
}

impl WireWriter {
    /// Nothing yet.
    pub fn new() -> Self {
        WireWriter::default()
    }

    /// All that was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// One byte.
    pub fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// A number, seven bits to a byte, the lowest first.
    #[inline]
    pub fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.bytes.push(number.to_le_bytes()[0]);
    }

    /// A number that may be negative.
    #[inline]
    pub fn signed(&mut self, number: i64) {
        self.number(zigzag(number));
    }

    /// How many of something follow.
    pub fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    /// A list of numbers.
    pub fn numbers(&mut self, numbers: &[u64]) {
        self.count(numbers.len());
        for number in numbers {
            self.number(*number);
        }
    }

    /// 128 bits.
    pub fn wide(&mut self, number: u128) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    /// Bytes with their length.
    pub fn blob(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.bytes.extend_from_slice(bytes);
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        self.blob(text.as_bytes());
    }

    /// An instant: whole seconds where it is some, which nearly all are.
    #[inline]
    pub fn instant(&mut self, at: Instant) {
        let micros = at.micros().clamp(-LATEST, LATEST);
        if micros % SECOND == 0 {
            self.number(zigzag(micros / SECOND) << 1);
        } else {
            self.number(zigzag(micros) << 1 | 1);
        }
    }

    /// Something, or that there is none.
    pub fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.byte(u8::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }
}

/// Reads what a [`WireWriter`] wrote.
#[derive(Clone, Debug)]
pub struct WireReader<'b> {
    rest: &'b [u8],
}

impl<'b> WireReader<'b> {
    /// A reader of these bytes.
    pub fn new(bytes: &'b [u8]) -> Self {
        WireReader { rest: bytes }
    }

    /// Whether all was read.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// All must have been read.
    ///
    /// # Errors
    /// There is more.
    pub fn end(&self) -> Result<(), PartError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(PartError::Damaged("there is more than there should be"))
        }
    }

    /// One byte.
    ///
    /// # Errors
    /// There is none.
    #[inline]
    pub fn byte(&mut self) -> Result<u8, PartError> {
        let (first, rest) = self.rest.split_first().ok_or(ENDS)?;
        self.rest = rest;
        Ok(*first)
    }

    /// A number.
    ///
    /// # Errors
    /// There is none, or it has more than 64 bits.
    #[inline]
    pub fn number(&mut self) -> Result<u64, PartError> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(PartError::Damaged("a number is too long"))
    }

    /// A number below a bound.
    ///
    /// # Errors
    /// There is none, or it is not.
    #[inline]
    pub fn below(&mut self, bound: u64) -> Result<u64, PartError> {
        let number = self.number()?;
        if number < bound { Ok(number) } else { Err(PartError::Damaged("a number is out of bounds")) }
    }

    /// A number that may be negative.
    ///
    /// # Errors
    /// As of [`WireReader::number`].
    #[inline]
    pub fn signed(&mut self) -> Result<i64, PartError> {
        self.number().map(unzigzag)
    }

    /// How many of something follow, each of which takes a byte at least.
    ///
    /// # Errors
    /// There are fewer bytes than that.
    pub fn count(&mut self) -> Result<usize, PartError> {
        let count = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        if count <= self.rest.len() { Ok(count) } else { Err(ENDS) }
    }

    /// A word of a vocabulary, which was written by its place among all of them.
    ///
    /// # Errors
    /// There is none, or it is unknown.
    pub fn word<T: Copy>(&mut self, all: &[T]) -> Result<T, PartError> {
        all.get(usize::from(self.byte()?)).copied().ok_or(UNKNOWN)
    }

    /// 128 bits.
    ///
    /// # Errors
    /// There are fewer.
    pub fn wide(&mut self) -> Result<u128, PartError> {
        let (first, rest) = self.rest.split_first_chunk().ok_or(ENDS)?;
        self.rest = rest;
        Ok(u128::from_le_bytes(*first))
    }

    /// So many bytes.
    ///
    /// # Errors
    /// There are fewer.
    pub fn bytes(&mut self, length: usize) -> Result<&'b [u8], PartError> {
        let (first, rest) = self.rest.split_at_checked(length).ok_or(ENDS)?;
        self.rest = rest;
        Ok(first)
    }

    /// Bytes with their length.
    ///
    /// # Errors
    /// There are fewer.
    pub fn blob(&mut self) -> Result<&'b [u8], PartError> {
        let length = self.count()?;
        self.bytes(length)
    }

    /// A text.
    ///
    /// # Errors
    /// The bytes are no UTF-8, or end before.
    pub fn text(&mut self) -> Result<&'b str, PartError> {
        std::str::from_utf8(self.blob()?).map_err(|_| PartError::Damaged("a text is no UTF-8"))
    }

    /// An instant.
    ///
    /// # Errors
    /// There is none, or it is further away than any date.
    #[inline]
    pub fn instant(&mut self) -> Result<Instant, PartError> {
        let number = self.number()?;
        let value = unzigzag(number >> 1);
        let micros = if number & 1 == 0 { value.checked_mul(SECOND) } else { Some(value) };
        let near = micros.filter(|micros| (-LATEST..=LATEST).contains(micros));
        near.map(Instant::from_micros).ok_or(FAR)
    }

    /// Something, or that there is none.
    ///
    /// # Errors
    /// What reading it says.
    pub fn option<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, PartError>,
    ) -> Result<Option<T>, PartError> {
        match self.byte()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            _ => Err(PartError::Damaged("a mark is unknown")),
        }
    }

    /// A list.
    ///
    /// # Errors
    /// What reading one of it says.
    pub fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, PartError>,
    ) -> Result<Vec<T>, PartError> {
        // It grows as it is read, so that a count alone makes no room.
        let (count, mut list) = (self.count()?, Vec::new());
        for _ in 0..count {
            list.push(read(self)?);
        }
        Ok(list)
    }
}

const ENDS: PartError = PartError::Damaged("a list or a text is longer than its section");
pub(crate) const UNKNOWN: PartError = PartError::Damaged("a word is unknown");
const FAR: PartError = PartError::Damaged("a time is out of bounds");

/// Small numbers of either sign as small ones without.
#[inline]
fn zigzag(number: i64) -> u64 {
    (number << 1 ^ number >> 63).cast_unsigned()
}

#[inline]
fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}
