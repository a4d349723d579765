//! A larger file in byte splits: line breaks and delimiters within quotes, dates whose order its last rows prove, rows that
//! are rejected, and a quote that nobody can be certain of.

use super::{How, merged, parts_of, report, without_hashes};
use proptest::prelude::*;
use std::fmt::Write as _;

const HEADINGS: &str =
    "Date/Time,Endpoint,Process,Local IP and Port,Remote IP and Port,Result,Detected By,Traffic Direction\n";

/// An export of so many rows; a stray quote stands in the row of a number where one is given.
fn export(rows: u32, stray: Option<u32>) -> String {
    let mut text = HEADINGS.to_owned();
    for row in 0..rows {
        // The order of day and month shows in the last rows only.
        let day = if row + 20 > rows { 13 + row % 9 } else { 1 + row % 12 };
        let process = match row % 7 {
            0 => "\"C:\\a, b\\c.exe\"".to_owned(),
            3 => format!(
                "\"two\r\nlines \"\"{row}\"\",x\n2026-11-01 10:00:00,FORGED,x,10.0.0.9,1.2.3.4,Logged,x,None\n\""
            ),
            _ if stray == Some(row) => "a\"b".to_owned(),
            _ => format!("C:\\tools\\p{}.exe", row % 5),
        };
        let hour = if row % 501 == 500 { 27 } else { row % 24 };
        writeln!(
            text,
            "11/{day:02}/2026 {hour:02}:{:02}:00,WS-{:02},{process},10.0.0.{}:50{:03},11.{}.1.1:443,Logged,Relevance Rule,Outgoing",
            row % 60,
            row % 31,
            row % 31 + 1,
            row % 900,
            row % 200 + 1,
        )
        .unwrap();
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_splits_of_a_large_file_tell_the_same(
        starts in proptest::collection::vec(0..1000u16, 1..7),
        stray in proptest::option::of(1000u32..5000),
        choices in proptest::collection::vec(any::<u8>(), 0..8),
    ) {
        let (exports, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(exports.path().join("log.csv"), export(5000, stray)).unwrap();
        let parts = parts_of(exports.path(), "log.csv", &How::Split(starts), out.path());
        let parts = merged(parts, &choices, out.path());
        let expected = report("json", &[], &[exports.path().to_owned()]);
        let found = report("json", &[], &parts);
        prop_assert!(expected.contains("\"rejected\": 9,"), "the rows that can not be read are counted");
        prop_assert!(found.contains("Read in splits"), "what is left out is said");
        prop_assert_eq!(without_hashes(&expected), without_hashes(&found));
    }
}
