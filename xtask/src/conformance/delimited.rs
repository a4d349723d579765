//! Files of delimited text, record by record beside the reference reader.

use super::outcome::{Kind, Outcome};
use anyhow::Context;
use csv::{ByteRecord, Reader, ReaderBuilder};
use ringback_parse::{Layouts, RawRecord, ReadOptions, decoded, plan, raw_records};
use std::path::Path;
use walkdir::WalkDir;

/// The delimiters that exports have. None of the suites' files is an export, so each is read with all of them.
const DELIMITERS: &[u8] = b",;\t|";

/// The byte order mark in UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Cells of more bytes than this are cut in messages.
const SHOWN: usize = 60;

/// Why a record that starts with a byte order mark may differ.
const MARKED: &str = "a byte order mark is nothing at the start of every record";

/// Why a record of blanks is none.
const BLANK: &str = "a line of blanks or delimiters alone is no record";

/// Checks every file of delimited text below a folder.
///
/// # Errors
/// A file that can not be read.
pub(super) fn check(folder: &Path) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::default();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let path = entry?.into_path();
        if path.extension().is_some_and(|ending| ending == "csv" || ending == "tsv") {
            let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
            let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
            check_file(&name, &bytes, &mut outcome)?;
        }
    }
    Ok(outcome)
}

/// Checks one file with every delimiter.
///
/// # Errors
/// A file that can not be decoded.
pub(super) fn check_file(name: &str, bytes: &[u8], outcome: &mut Outcome) -> anyhow::Result<()> {
    outcome.files += 1;
    let text = decoded(bytes).with_context(|| name.to_owned())?;
    if let Ok(plan) = plan(bytes, true, &Layouts::builtin()?, &ReadOptions::default()) {
        let text = format!("it is taken for an export of {}", plan.layout().name);
        outcome.differ(Kind::Wrong, name, plan.heading_line(), text);
    }
    for delimiter in DELIMITERS {
        let reading = format!("{name} read with {:?}", char::from(*delimiter));
        compare(&reading, &text, *delimiter, outcome).with_context(|| name.to_owned())?;
    }
    Ok(())
}

/// Holds the records of a text to those of the reference.
fn compare(reading: &str, text: &[u8], delimiter: u8, outcome: &mut Outcome) -> anyhow::Result<()> {
    outcome.readings += 1;
    let mut reference = Reference::new(text, delimiter);
    raw_records(text, delimiter, &mut |ours| {
        outcome.records += 1;
        reference.advance();
        while reference.is_mark() {
            outcome.differ(Kind::Documented, reading, ours.line(), MARKED);
            outcome.records += 1;
            reference.advance();
        }
        match judge(ours, &mut reference) {
            None => outcome.equal += 1,
            Some((kind, what)) => outcome.differ(kind, reading, ours.line(), what),
        }
    })?;
    while reference.advance() {
        outcome.records += 1;
        if reference.is_mark() {
            outcome.differ(Kind::Documented, reading, 0, MARKED);
        } else {
            let what = format!("ours ends before the reference's {}", shown(reference.record.iter()));
            outcome.differ(Kind::Wrong, reading, 0, what);
        }
    }
    Ok(())
}

/// What sets one of our records apart from the reference's; nothing where they are equal.
fn judge(ours: RawRecord<'_>, reference: &mut Reference<'_>) -> Option<(Kind, String)> {
    if let Some(reason) = ours.reject() {
        return Some((Kind::Rejected, reason.as_str().to_owned()));
    }
    if reference.is(ours) {
        return ours.is_blank().then(|| (Kind::Documented, BLANK.to_owned()));
    }
    let theirs = shown(reference.record.iter());
    if reference.restarts_after_mark(ours.byte()) && reference.is(ours) {
        return Some((Kind::Documented, MARKED.to_owned()));
    }
    Some((Kind::Wrong, format!("ours is {}, the reference's {theirs}", shown(ours.cells()))))
}

/// The reference reader, with the record that it read last.
struct Reference<'t> {
    text: &'t [u8],
    delimiter: u8,
    reader: Reader<&'t [u8]>,
    record: ByteRecord,
    ended: bool,
}

impl<'t> Reference<'t> {
    fn new(text: &'t [u8], delimiter: u8) -> Self {
        let reader = reader(text, delimiter);
        Reference { text, delimiter, reader, record: ByteRecord::new(), ended: false }
    }

    /// Reads the next record; false at the end.
    fn advance(&mut self) -> bool {
        self.ended = !matches!(self.reader.read_byte_record(&mut self.record), Ok(true));
        !self.ended
    }

    fn is(&self, ours: RawRecord<'_>) -> bool {
        !self.ended && ours.cells().eq(self.record.iter())
    }

    /// Whether the record is byte order marks alone, which are no record of ours.
    fn is_mark(&self) -> bool {
        let cell = self.record.get(0).unwrap_or_default();
        !self.ended
            && self.record.len() == 1
            && !cell.is_empty()
            && cell.chunks(MARK.len()).all(|c| c == MARK)
    }

    /// Reads on from a byte if a byte order mark is before it, and gives whether it is.
    fn restarts_after_mark(&mut self, byte: u64) -> bool {
        let Some((before, after)) = usize::try_from(byte).ok().and_then(|at| self.text.split_at_checked(at))
        else {
            return false;
        };
        if !before.ends_with(MARK) {
            return false;
        }
        self.reader = reader(after, self.delimiter);
        self.advance()
    }
}

fn reader(text: &[u8], delimiter: u8) -> Reader<&[u8]> {
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text)
}

/// Cells for a message.
fn shown<'c>(cells: impl Iterator<Item = &'c [u8]>) -> String {
    let cells: Vec<String> =
        cells.map(|cell| format!("\"{}\"", cell[..cell.len().min(SHOWN)].escape_ascii())).collect();
    format!("[{}]", cells.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Equal, rejected, documented and wrong records of a text.
    fn counts(text: &[u8]) -> [u64; 4] {
        let mut outcome = Outcome::default();
        compare("a text", text, b',', &mut outcome).unwrap();
        let count = |kind| outcome.count(kind);
        let counts = [outcome.equal, count(Kind::Rejected), count(Kind::Documented), count(Kind::Wrong)];
        assert_eq!(outcome.records, counts.iter().sum::<u64>(), "{:?}", outcome.differences);
        counts
    }

    #[test]
    fn each_difference_has_its_kind() {
        let long = [&b"a,b\n\""[..], &vec![b'x'; 2 * 1024 * 1024], b"\",c\nd,e\n"].concat();
        for (text, expected) in [
            (&b""[..], [0, 0, 0, 0]),
            (b"a,b\r\n\r\n1,2", [2, 0, 0, 0]),
            (b"a,b\n  \n,,\n1,2\n", [2, 0, 2, 0]),
            (b"a\"b\",c\n\"d\"e,\"f\n", [1, 1, 0, 0]),
            ("a,b\n\u{feff}\"c,d\",e\nf\n".as_bytes(), [2, 0, 1, 0]),
            ("a,b\n\u{feff}\nc\n\u{feff}\u{feff}".as_bytes(), [2, 0, 2, 0]),
            (&long, [2, 1, 0, 0]),
        ] {
            assert_eq!(counts(text), expected, "{}", text[..text.len().min(SHOWN)].escape_ascii());
        }
    }

    #[test]
    fn a_reference_that_says_something_else_is_wrong() {
        let mut reference = Reference::new(b"a,b\n", b',');
        let mut judged = Vec::new();
        raw_records(&b"a,c\na,b\nd\n"[..], b',', &mut |ours| {
            reference.advance();
            judged.push(judge(ours, &mut reference).map(|(kind, _)| kind));
        })
        .unwrap();
        assert_eq!(judged, [Some(Kind::Wrong); 3]);
    }

    #[test]
    fn an_export_is_not_to_be_among_the_files() {
        let mut outcome = Outcome::default();
        let export = b"Date/Time,Endpoint,Local IP,Remote IP,Result,List Source,Traffic Direction\n";
        check_file("export.csv", export, &mut outcome).unwrap();
        assert_eq!(outcome.count(Kind::Wrong), 1);
    }
}
