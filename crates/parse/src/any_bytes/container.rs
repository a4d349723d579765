//! Containers of any bytes: they are opened within their limits, or refused with something said, the same way each time.

use crate::container::{Budget, Gunzip, Kind, Limits, Workbook, harmless, kind, list};
use std::io::{Cursor, Read};

/// Limits that inputs of a fuzzer can meet.
const LIMITS: Limits = Limits {
    ratio: 40,
    free: 1 << 16,
    entries: 32,
    expanded: 1 << 20,
    depth: 2,
    inner: 1 << 20,
    part: 1 << 18,
    texts: 1 << 18,
    sheets: 8,
    rows: 1 << 14,
    cells: 1 << 14,
    row_text: 1 << 14,
    text: 1 << 18,
};

/// Takes bytes apart for what they are, and for each container that they could be.
///
/// # Panics
/// Where a limit is passed, a name could lead somewhere, or two looks at the same bytes differ.
pub fn open_container(bytes: &[u8]) {
    let told = match kind(bytes) {
        Kind::Plain => String::new(),
        Kind::Unread(error) => error.to_string(),
        Kind::Gzip => gunzipped(bytes),
        Kind::Zip => unzipped(bytes),
    };
    assert!(told.is_empty() || !told.trim().is_empty());
    assert_eq!(gunzipped(bytes), gunzipped(bytes), "the same way each time");
    assert_eq!(unzipped(bytes), unzipped(bytes), "the same way each time");
}

/// What a reader gives and how it ends.
fn all_of(mut input: impl Read, most: u64) -> String {
    let mut all = Vec::new();
    let error = input.read_to_end(&mut all).err();
    assert!(all.len() as u64 <= most, "{} bytes are more than {most}", all.len());
    let error = error.map_or_else(String::new, |error| error.to_string());
    format!(
        "{} {} {error}",
        all.len(),
        all.iter().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte)))
    )
}

fn gunzipped(bytes: &[u8]) -> String {
    // A reader is given at most what fits its buffer beyond the limit.
    let most = LIMITS.free.max(LIMITS.ratio * bytes.len() as u64);
    all_of(Gunzip::new(bytes, LIMITS), most)
}

fn unzipped(bytes: &[u8]) -> String {
    let listing = match list(Cursor::new(bytes), &mut Budget::new(LIMITS, bytes.len() as u64)) {
        Ok(listing) => listing,
        Err(error) => return error.to_string(),
    };
    assert!(listing.entries.len() as u64 <= LIMITS.entries);
    assert!(listing.entries.iter().map(|entry| entry.size).sum::<u64>() <= LIMITS.expanded);
    let mut told = String::new();
    for entry in &listing.entries {
        assert_eq!(harmless(&entry.name), entry.name, "a name is harmless once and for all");
        let packed =
            usize::try_from(entry.start).ok().and_then(|start| bytes.get(start..)).unwrap_or_default();
        told += &entry.reader(packed).map_or_else(|error| error.to_string(), |one| all_of(one, entry.size));
    }
    if listing.is_workbook {
        told += &sheets(bytes, &listing);
    }
    told
}

fn sheets(bytes: &[u8], listing: &crate::container::Listing) -> String {
    let mut workbook = match Workbook::open(Cursor::new(bytes), listing, LIMITS) {
        Ok(workbook) => workbook,
        Err(error) => return error.to_string(),
    };
    let mut told = String::new();
    for sheet in workbook.sheets() {
        let mut text = Vec::new();
        let error = workbook.write(&sheet, &mut text).err();
        // Rows are filled up with delimiters, and values are quoted and escaped: a few times the text that they hold.
        assert!(text.len() as u64 <= 4 * (LIMITS.text + LIMITS.cells + LIMITS.rows), "{} bytes", text.len());
        told += &format!(
            "{sheet:?} {} {}",
            text.escape_ascii(),
            error.map_or_else(String::new, |error| error.to_string())
        );
    }
    told
}
