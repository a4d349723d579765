//! The cells of a sheet as text, as a console would have written it.

use calamine::{DataRef, ExcelDateTime};
use std::borrow::Cow;

/// From this number on, whole numbers are not exact.
const EXACT: f64 = 1e15;

/// The text of a cell: dates as `YYYY-MM-DD HH:MM:SS`, whole numbers without a fraction.
pub(super) fn text<'c>(cell: &'c DataRef<'_>) -> Cow<'c, str> {
    match cell {
        DataRef::Empty => Cow::Borrowed(""),
        DataRef::String(text) | DataRef::DurationIso(text) => Cow::Borrowed(text),
        DataRef::SharedString(text) => Cow::Borrowed(text),
        DataRef::DateTimeIso(text) => Cow::Owned(text.replacen('T', " ", 1)),
        DataRef::Int(number) => Cow::Owned(number.to_string()),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < EXACT => {
            Cow::Owned(format!("{number:.0}"))
        }
        DataRef::Float(number) => Cow::Owned(number.to_string()),
        DataRef::Bool(yes) => Cow::Borrowed(if *yes { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(at) => Cow::Owned(moment(at)),
        DataRef::Error(error) => Cow::Owned(error.to_string()),
    }
}

/// A date with its time; a time alone where the date is before the first day that Excel knows.
fn moment(at: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let fraction = if milli == 0 { String::new() } else { format!(".{milli:03}") };
    let clock = format!("{hour:02}:{minute:02}:{second:02}{fraction}");
    if at.as_f64() < 1.0 { clock } else { format!("{year:04}-{month:02}-{day:02} {clock}") }
}

/// The rows of a sheet as delimited text. A row has at least as many cells as those before it, since sheets leave out
/// empty cells at the end; rows that are left out are empty lines, so that lines have the numbers of the sheet's rows.
#[derive(Debug, Default)]
pub(super) struct RowText {
    cells: Vec<String>,
    width: usize,
}

impl RowText {
    /// Sets a cell; false where one at or after it is already there.
    pub(super) fn set(&mut self, column: usize, text: String) -> bool {
        if column < self.cells.len() {
            return false;
        }
        self.cells.resize(column, String::new());
        self.cells.push(text);
        true
    }

    /// How many cells the row has.
    pub(super) fn cells(&self) -> usize {
        if self.cells.is_empty() { 0 } else { self.cells.len().max(self.width) }
    }

    /// Writes the row's line and empties the row.
    pub(super) fn end(&mut self, line: &mut Vec<u8>) {
        line.clear();
        self.width = self.width.max(self.cells.len());
        for column in 0..self.cells() {
            if column > 0 {
                line.push(b',');
            }
            let cell = self.cells.get(column).map_or("", String::as_str);
            // A sheet of one column is delimited text that was never taken apart.
            if self.width > 1 { quoted(cell, line) } else { line.extend_from_slice(cell.as_bytes()) }
        }
        line.push(b'\n');
        self.cells.clear();
    }
}

/// A cell in quotes, where it holds something that could be taken for a delimiter, a quote or a line's end.
fn quoted(cell: &str, line: &mut Vec<u8>) {
    if !cell.contains([',', ';', '\t', '|', '"', '\r', '\n']) {
        line.extend_from_slice(cell.as_bytes());
        return;
    }
    line.push(b'"');
    line.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
    line.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{CellErrorType, ExcelDateTimeType};

    #[test]
    fn cells_read_as_consoles_write_them() {
        let date = |value| DataRef::DateTime(ExcelDateTime::new(value, ExcelDateTimeType::DateTime, false));
        for (cell, expected) in [
            (DataRef::Float(445.0), "445"),
            (DataRef::Float(-0.5), "-0.5"),
            (DataRef::Float(1.5e15), "1500000000000000"),
            (DataRef::Int(7), "7"),
            (DataRef::Bool(true), "TRUE"),
            (DataRef::Error(CellErrorType::NA), "#N/A"),
            (DataRef::SharedString("a"), "a"),
            (date(46_191.448_796_296_295), "2026-06-18 10:46:16"),
            (date(46_191.0), "2026-06-18 00:00:00"),
            (date(0.5), "12:00:00"),
            (DataRef::DateTimeIso("2026-06-18T10:46:16".to_owned()), "2026-06-18 10:46:16"),
        ] {
            assert_eq!(text(&cell), expected);
        }
    }

    #[test]
    fn rows_are_delimited_text() {
        let mut row = RowText::default();
        let mut line = Vec::new();
        let mut told = |cells: &[(usize, &str)]| {
            for (column, text) in cells {
                assert!(row.set(*column, (*text).to_owned()));
            }
            row.end(&mut line);
            String::from_utf8(line.clone()).unwrap()
        };
        assert_eq!(told(&[(0, "a;b;c")]), "a;b;c\n", "one column alone is taken as it stands");
        assert_eq!(told(&[(0, "a"), (2, "b,c")]), "a,,\"b,c\"\n");
        assert_eq!(told(&[(1, "say \"x\"\n")]), ",\"say \"\"x\"\"\n\",\n");
        assert_eq!(told(&[]), "\n");
        assert_eq!(told(&[(0, "x;y")]), "\"x;y\",,\n");
        assert!(row.set(1, String::new()) && !row.set(1, String::new()) && !row.set(0, String::new()));
    }
}
