//! The case bundle of hostile exports.

use super::corpus::{exports, hostile};
use super::markup::assert_inert;
use crate::program::{ringback, stdout};
use std::io::{Cursor, Read};

/// Survives: hostile text in every field of an export, in a case bundle, plain and redacted | every file in it parses and is
/// inert, and no text names a file
#[test]
fn a_bundle_takes_no_text_for_more_than_text() {
    let exports = exports(&hostile());
    let folder = tempfile::tempdir().unwrap();
    for more in [&[][..], &["--redact"]] {
        let path = folder.path().join("case.zip");
        let mut command = ringback(["case", "-q", "--force", "--exports", "matching", "-o"]);
        command.arg(&path).args(more).arg(exports.path());
        stdout(command);
        let mut archive = zip::ZipArchive::new(Cursor::new(std::fs::read(&path).unwrap())).unwrap();
        let mut names = Vec::new();
        for number in 0..archive.len() {
            let mut file = archive.by_index(number).unwrap();
            let mut content = Vec::new();
            let name = file.name().unwrap().into_owned();
            file.read_to_end(&mut content).unwrap();
            assert_inert(&name, &content);
            names.push(name);
        }
        names.sort_unstable();
        let expected = [
            "MANIFEST.txt",
            "case.txt",
            "exports/rows.csv",
            "findings.csv",
            "manifest.json",
            "rejects.csv",
            "report.html",
            "report.md",
            "report.xlsx",
        ];
        assert_eq!(names, expected, "{more:?}");
    }
}
