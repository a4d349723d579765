//! Looking at a split of a file, by a process that knows nothing of the others.

use super::frame::{read_only, write_only};
use super::planning::ByteRange;
use crate::error::PipelineError;
use crate::reading::HEAD;
use ringback_parse::{QuoteScan, SplitScan};
use ringback_tally::part::{FileKind, PartError, WireReader, WireWriter};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write, stdin};
use std::path::Path;

/// How much is read at a time.
const BLOCK: usize = 256 * 1024;

/// Looks at a split of a file, or of what comes through standard input (`-`), which then begins with the split, and writes
/// what whoever plans the splits needs.
///
/// # Errors
/// What the system says.
pub fn scan_split(path: &Path, range: ByteRange, out: &mut dyn Write) -> Result<(), PipelineError> {
    let failed = |source| PipelineError::Path { path: path.to_owned(), source };
    let mut input: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(stdin().lock())
    } else {
        let mut file = File::open(path).map_err(failed)?;
        file.seek(SeekFrom::Start(range.from)).map_err(failed)?;
        Box::new(file)
    };
    let mut input = input.by_ref().take(range.to.saturating_sub(range.from));
    let mut scan = SplitScan::new(range.from, HEAD);
    let mut block = vec![0; BLOCK];
    loop {
        match input.read(&mut block).map_err(failed)? {
            0 => break,
            read => scan.follow(&block[..read]),
        }
    }
    let mut wire = WireWriter::new();
    wire.number(scan.from());
    wire.option(scan.last(), WireWriter::byte);
    wire.count(scan.quotes().len());
    for quotes in scan.quotes() {
        wire.numbers(&quotes.to_numbers());
    }
    wire.blob(scan.head());
    write_only(out, FileKind::Scan, wire)
}

/// Reads what was written of a split.
///
/// # Errors
/// It is something else, or damaged.
pub(crate) fn read_scan(path: &Path) -> Result<SplitScan, PipelineError> {
    read_only(path, FileKind::Scan, |section| {
        let mut input = WireReader::new(section);
        let from = input.number()?;
        let last = input.option(WireReader::byte)?;
        let quotes = input.list(|input| {
            let numbers = input.list(WireReader::number)?;
            QuoteScan::from_numbers(&numbers).ok_or(PartError::Damaged("its quotes say nothing"))
        })?;
        let head = input.blob()?.to_vec();
        input.end()?;
        SplitScan::of(from, HEAD, head, quotes, last).ok_or(PartError::Damaged("it does not fit together"))
    })
}
