//! Archives as they come, and as they are made to harm.

use super::*;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn listed(bytes: &[u8], limits: Limits) -> Result<Listing, ContainerError> {
    list(Cursor::new(bytes), &mut Budget::new(limits, bytes.len() as u64))
}

fn read(archive: &[u8], entry: &Entry) -> (String, String) {
    let mut all = Vec::new();
    let start = usize::try_from(entry.start).unwrap();
    let outcome = entry.reader(&archive[start..]).map_err(std::io::Error::from);
    let error = outcome.and_then(|mut reader| reader.read_to_end(&mut all)).err();
    (String::from_utf8(all).unwrap(), error.map_or_else(String::new, |error| error.to_string()))
}

/// Changes two-byte fields of every entry in the directory: each by its place after the signature.
fn change_directory(archive: &mut [u8], at: usize, value: u16) {
    let starts: Vec<usize> =
        (0..archive.len() - 4).filter(|at| archive[*at..].starts_with(b"PK\x01\x02")).collect();
    for start in starts {
        archive[start + at..start + at + 2].copy_from_slice(&value.to_le_bytes());
    }
}

#[test]
fn entries_are_listed_and_read() {
    let text = "a,b\n".repeat(1000);
    let bytes = zip(&[("in/x.csv", text.as_bytes()), ("../../y.csv", b"y"), ("empty/", b"")]);
    let listing = listed(&bytes, Limits::default()).unwrap();
    let names: Vec<&str> = listing.entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!((names, listing.is_workbook), (vec!["in/x.csv", "y.csv"], false));
    assert_eq!(read(&bytes, &listing.entries[0]), (text, String::new()));
    assert_eq!(listed(&zip(&[]), Limits::default()).unwrap().entries, []);
}

#[test]
fn entries_of_equal_names_are_all_listed() {
    let mut bytes = zip(&[("x.csv", b"one"), ("y.csv", b"two")]);
    let name: Vec<usize> = (0..bytes.len() - 5).filter(|at| bytes[*at..].starts_with(b"y.csv")).collect();
    for at in name {
        bytes[at] = b'x';
    }
    let listing = listed(&bytes, Limits::default()).unwrap();
    let told: Vec<(String, String)> = listing.entries.iter().map(|entry| read(&bytes, entry)).collect();
    assert_eq!(told.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>(), ["one", "two"]);
}

#[test]
fn names_without_utf8_are_told_by_the_flag() {
    let mut bytes = zip(&[("grxe.csv", b"1")]);
    let places: Vec<usize> = (0..bytes.len() - 4).filter(|at| bytes[*at..].starts_with(b"grxe")).collect();
    for at in places {
        bytes[at + 2] = 0x94;
    }
    assert_eq!(listed(&bytes, Limits::default()).unwrap().entries[0].name, "gröe.csv");
    change_directory(&mut bytes, 8, UTF8_NAME);
    assert_eq!(listed(&bytes, Limits::default()).unwrap().entries[0].name, "gr\u{fffd}e.csv");
}

#[test]
fn what_is_wrong_with_an_entry_is_told() {
    let text = "a,b\n".repeat(50);
    let whole = zip(&[("x.csv", text.as_bytes())]);
    for (at, value, read_text, error) in [
        (16, 7_u16, text.as_str(), "its checksum does not match: it is damaged"),
        (24, 190, &text[..190], "holds more than the 190 bytes that its archive tells"),
        (24, 300, text.as_str(), "its data ends too early: it is cut off"),
        (8, 1, "", "is encrypted\nhint: unpack it with its password"),
        (
            10,
            12,
            "",
            "is compressed with zip method 12, which is not read\nhint: unpack it, or compress it as zip or gzip",
        ),
    ] {
        let mut bytes = whole.clone();
        change_directory(&mut bytes, at, value);
        let listing = listed(&bytes, Limits::default()).unwrap();
        assert_eq!(read(&bytes, &listing.entries[0]), (read_text.to_owned(), error.to_owned()), "field {at}");
    }
}

#[test]
fn no_archive_is_told() {
    let whole = zip(&[("x.csv", b"a,b\n1,2\n")]);
    for bytes in [&whole[..whole.len() - 30], b"PK\x03\x04", b""] {
        let error = listed(bytes, Limits::default()).unwrap_err();
        assert!(matches!(error, ContainerError::Archive(_) | ContainerError::Truncated), "{error:?}");
    }
}

/// Survives: an archive of too many, too large or too deep entries | the limit is named with its number
#[test]
fn caps_end_an_archive() {
    let zeros = vec![0; 300_000];
    let small = Limits { free: 1000, ratio: 100, entries: 2, expanded: 400_000, ..Limits::default() };
    for (files, expected) in [
        (3, "holds 3 entries; the limit (entries in an archive) is 2"),
        (2, "expands to more than 400000 bytes; the limit (expanded size of an archive) is 400000 bytes"),
    ] {
        let wide = Limits { free: 1 << 20, ..small };
        let names: Vec<String> = (0..files).map(|number| number.to_string()).collect();
        let listed =
            listed(&zip(&names.iter().map(|name| (name.as_str(), &zeros[..])).collect::<Vec<_>>()), wide);
        assert_eq!(listed.unwrap_err().to_string(), expected);
    }
    let bytes = zip(&[("bomb.csv", &zeros), ("x.csv", b"1")]);
    let listing = listed(&bytes, small).unwrap();
    let ratio = Some(ContainerError::Ratio { limit: 100, free: 1000 });
    assert_eq!(listing.entries.iter().map(|entry| entry.fault.clone()).collect::<Vec<_>>(), [ratio, None]);
}

/// Survives: an archive whose entries share their bytes | the entries are refused
#[test]
fn entries_that_share_data_are_refused() {
    let mut bytes = zip(&[("a.csv", b"one"), ("b.csv", b"two")]);
    change_directory(&mut bytes, 42, 0);
    assert_eq!(listed(&bytes, Limits::default()), Err(ContainerError::Overlap));
}

#[test]
fn workbooks_are_told_by_what_they_hold() {
    let other = |bytes: &[u8]| listed(bytes, Limits::default()).unwrap_err().to_string();
    assert!(listed(&zip(&[("xl/workbook.xml", b"")]), Limits::default()).unwrap().is_workbook);
    assert!(other(&zip(&[("xl/workbook.bin", b"")])).starts_with("is a binary Excel workbook"));
    let open = zip(&[("content.xml", b""), ("META-INF/manifest.xml", b"")]);
    assert!(other(&open).starts_with("is an OpenDocument file"));
}
