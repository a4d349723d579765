//! Public samples of delimited text, where they are at hand.

use crate::records::Records;
use std::path::{Path, PathBuf};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "csv") {
            found.push(path);
        }
    }
}

#[test]
fn records_of_public_samples_are_those_of_csv() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !folder.is_dir() {
        println!("skipped: no samples at {}", folder.display());
        return;
    }
    let mut found = Vec::new();
    files(&folder, &mut found);
    assert!(!found.is_empty(), "there are samples");
    for path in found {
        let bytes = std::fs::read(&path).unwrap();
        for delimiter in *b",;\t|" {
            let mut reader = csv::ReaderBuilder::new();
            let mut reader =
                reader.has_headers(false).flexible(true).delimiter(delimiter).from_reader(&bytes[..]);
            let mut theirs = reader.byte_records();
            let mut ours = Records::new(&bytes[..], delimiter);
            while let Some(record) = ours.next().unwrap() {
                let their = theirs.next().expect("csv has as many records").unwrap();
                assert!(record.iter().eq(their.iter()), "{} at line {}", path.display(), record.line);
            }
            assert!(theirs.next().is_none(), "{}", path.display());
        }
    }
}
