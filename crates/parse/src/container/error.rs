//! Why a container can not be read, or not to its end.

use std::io;

/// Why a container can not be read, or not to its end. Where a cap was met, the text has its name and its number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContainerError {
    /// It expands out of proportion.
    #[error(
        "expands to more than {limit} times its size; the limit (expansion ratio, from {} on) is {limit}",
        bytes(*.free)
    )]
    Ratio {
        /// The most times of its size.
        limit: u64,
        /// How much may be expanded at any ratio.
        free: u64,
    },
    /// There are too many entries in an archive.
    #[error("holds {entries} entries; the limit (entries in an archive) is {limit}")]
    Entries {
        /// How many there are.
        entries: u64,
        /// The most.
        limit: u64,
    },
    /// All entries of an archive together are too large.
    #[error("expands to more than {0}; the limit (expanded size of an archive) is {0}", bytes(*.limit))]
    Expanded {
        /// The most bytes.
        limit: u64,
    },
    /// There are containers in containers in containers.
    #[error(
        "lies in more than {limit} containers; the limit (depth of nesting) is {limit}\nhint: unpack the outer one"
    )]
    Depth {
        /// The most.
        limit: usize,
    },
    /// A container that has to be kept while it is read is too large.
    #[error(
        "is larger than {0}; the limit (containers within a container or on a pipe) is {0}\nhint: unpack the outer one, or name a file",
        bytes(*.limit)
    )]
    Inner {
        /// The most bytes.
        limit: u64,
    },
    /// A part of a workbook is too large.
    #[error("its part {part} expands to {}; the limit (size of a workbook's part) is {}", bytes(*.size), bytes(*.limit))]
    Part {
        /// The part's name.
        part: String,
        /// Its size.
        size: u64,
        /// The most bytes.
        limit: u64,
    },
    /// A workbook has too many sheets.
    #[error("has {sheets} sheets; the limit (sheets of a workbook) is {limit}")]
    Sheets {
        /// How many there are.
        sheets: u64,
        /// The most.
        limit: u64,
    },
    /// A sheet has too many rows.
    #[error("has more than {limit} rows; the limit (rows of a sheet) is {limit}")]
    Rows {
        /// The most.
        limit: u64,
    },
    /// A workbook has too many cells.
    #[error("has more than {limit} cells; the limit (cells of a workbook) is {limit}")]
    Cells {
        /// The most.
        limit: u64,
    },
    /// A row of a sheet holds too much text.
    #[error("row {row} holds more than {0} of text; the limit (text of a row) is {0}", bytes(*.limit))]
    RowText {
        /// The row's number, from 1.
        row: u64,
        /// The most bytes.
        limit: u64,
    },
    /// A workbook holds too much text.
    #[error("holds more than {0} of text; the limit (text of a workbook) is {0}", bytes(*.limit))]
    Text {
        /// The most bytes.
        limit: u64,
    },
    /// An entry is encrypted.
    #[error("is encrypted\nhint: unpack it with its password")]
    Encrypted,
    /// An entry is compressed in a way that is not read.
    #[error("is compressed with {0}, which is not read\nhint: unpack it, or compress it as zip or gzip")]
    Method(String),
    /// Entries of an archive share bytes, as only those of an archive that was made to harm do.
    #[error("its entries overlap")]
    Overlap,
    /// An archive, an entry or a stream is cut off.
    #[error("its data ends too early: it is cut off")]
    Truncated,
    /// The data is not what was packed.
    #[error("its checksum does not match: it is damaged")]
    Checksum,
    /// An entry holds another number of bytes than the archive says.
    #[error("holds more than the {size} bytes that its archive tells")]
    Longer {
        /// What the archive says.
        size: u64,
    },
    /// The compressed data makes no sense.
    #[error("its compressed data is damaged")]
    Damaged,
    /// After a gzip stream there is something else.
    #[error("after its gzip data there are bytes that are none")]
    Trailing,
    /// The archive's directory makes no sense.
    #[error("is no readable zip archive: {0}")]
    Archive(String),
    /// A workbook that can not be read.
    #[error("is no readable workbook: {0}\nhint: save it as CSV")]
    Workbook(String),
    /// A workbook of another kind.
    #[error("is {0}, which is not read\nhint: save it as CSV or xlsx")]
    OtherWorkbook(&'static str),
    /// There is nothing in it that looks like an export.
    #[error("holds no exports")]
    NoExports,
}

impl From<ContainerError> for io::Error {
    fn from(error: ContainerError) -> Self {
        let kind = match error {
            ContainerError::Truncated => io::ErrorKind::UnexpectedEof,
            _ => io::ErrorKind::InvalidData,
        };
        io::Error::new(kind, error)
    }
}

/// A number of bytes as a limit is told: in the largest unit that leaves a whole number.
fn bytes(number: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let unit = units.iter().find(|(shift, _)| number > 0 && number.trailing_zeros() >= *shift);
    unit.map_or_else(|| format!("{number} bytes"), |(shift, name)| format!("{} {name}", number >> shift))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caps_have_their_name_and_number() {
        for (error, text) in [
            (
                ContainerError::Ratio { limit: 400, free: 64 << 20 },
                "expands to more than 400 times its size; the limit (expansion ratio, from 64 MiB on) is 400",
            ),
            (
                ContainerError::Expanded { limit: 1 << 40 },
                "expands to more than 1024 GiB; the limit (expanded size of an archive) is 1024 GiB",
            ),
            (
                ContainerError::Part { part: "a".to_owned(), size: 1500, limit: 1 << 10 },
                "its part a expands to 1500 bytes; the limit (size of a workbook's part) is 1 KiB",
            ),
        ] {
            assert_eq!(error.to_string(), text);
        }
    }
}
