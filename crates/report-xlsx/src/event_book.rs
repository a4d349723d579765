//! A workbook of events: rows as they come, each written down at once, on as many sheets as it takes.

use crate::content::excel;
use crate::style::Styles;
use crate::text;
use ringback_model::Instant;
use ringback_template::Catalogue;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};
use std::io::{self, Seek, Write};
use std::path::Path;
use std::sync::Arc;

/// The rows of a sheet, headings included.
const ROWS: u32 = 1_048_576;

/// UTF-16 units kept free for the mark at a cut.
const ROOM_FOR_MARK: usize = 40;

/// How much a cell takes in the file besides its text, at the most.
const MARKUP: u64 = 64;

/// From so many bytes on the file takes an extension of its format that not every program knows.
const LARGE: u64 = 4_000_000_000;

/// The widths of columns: the usual one, and that of times.
const WIDTHS: (f64, f64) = (16.0, 22.0);

/// What goes into a cell of an event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EventCell<'c> {
    /// Nothing.
    Empty,
    /// A number.
    Number(f64),
    /// Yes or no.
    Bool(bool),
    /// A time, which is shown in the report's zone.
    Time(Instant),
    /// A text, which stays text whatever it looks like. One that is too long for a cell is cut, and says so.
    Text(&'c str),
}

/// The workbook in the making. What is finished lies in unnamed temporary files of a folder, so that memory does not grow with
/// rows.
pub struct EventBook {
    workbook: Workbook,
    words: Arc<Catalogue>,
    columns: Vec<&'static str>,
    heading: Format,
    plain: Format,
    typed: Format,
    time: Format,
    /// The sheets so far.
    sheets: usize,
    /// The next row of the last one, from 0.
    row: u32,
    /// The most rows of a sheet.
    most: u32,
    /// How many bytes all sheets have, at the most.
    bytes: u64,
}

impl EventBook {
    /// A workbook of these columns, in a language and its zone. `folder` is where temporary files may be; headings are in
    /// `accent`, `#rrggbb`, where it is a colour.
    ///
    /// # Errors
    /// A folder in which no file can be made.
    pub fn new(
        columns: impl IntoIterator<Item = &'static str>,
        words: Arc<Catalogue>,
        accent: &str,
        folder: &Path,
    ) -> io::Result<Self> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(folder).map_err(io::Error::other)?;
        let plain = Format::new().set_align(FormatAlign::Top);
        let shown = words.phrase("format.sheet.time", &[]);
        let mut book = EventBook {
            workbook,
            columns: columns.into_iter().collect(),
            heading: Styles::new(accent).heading,
            typed: plain.clone().set_quote_prefix(),
            time: plain.clone().set_num_format(shown).set_align(FormatAlign::Left),
            plain,
            words,
            sheets: 0,
            row: 0,
            most: ROWS,
            bytes: 0,
        };
        book.begin_sheet().map_err(io::Error::other)?;
        Ok(book)
    }

    /// Adds a row, whose cells are those of the columns.
    ///
    /// # Errors
    /// A temporary file that can not be written.
    pub fn row<'c>(&mut self, cells: impl IntoIterator<Item = EventCell<'c>>) -> io::Result<()> {
        if self.row == self.most {
            self.begin_sheet().map_err(io::Error::other)?;
        }
        for (column, cell) in (0..).zip(cells) {
            self.cell(column, cell).map_err(io::Error::other)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Writes the workbook.
    ///
    /// # Errors
    /// A sink or a temporary file that fails.
    pub fn finish(mut self, sink: &mut (impl Write + Seek + Send)) -> io::Result<()> {
        self.end_sheet().map_err(io::Error::other)?;
        self.workbook.use_zip_large_file(self.bytes > LARGE);
        self.workbook.save_to_writer(sink).map_err(io::Error::other)
    }

    fn sheet(&mut self) -> Result<&mut Worksheet, XlsxError> {
        self.workbook.worksheet_from_index(self.sheets - 1)
    }

    fn begin_sheet(&mut self) -> Result<(), XlsxError> {
        if self.sheets > 0 {
            self.end_sheet()?;
        }
        self.sheets += 1;
        let name = if self.sheets == 1 { "events".to_owned() } else { format!("events {}", self.sheets) };
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
        sheet.set_landscape().set_print_fit_to_pages(5, 0);
        for (at, column) in (0..).zip(&self.columns) {
            let is_time = matches!(*column, "time" | "received");
            sheet.set_column_width(at, if is_time { WIDTHS.1 } else { WIDTHS.0 })?;
            sheet.write_string_with_format(0, at, *column, &self.heading)?;
        }
        self.row = 1;
        Ok(())
    }

    /// Gives the last sheet its filters.
    fn end_sheet(&mut self) -> Result<(), XlsxError> {
        let (last, wide) = (self.row - 1, u16::try_from(self.columns.len()).unwrap_or(u16::MAX));
        self.sheet()?.autofilter(0, 0, last, wide - 1)?;
        Ok(())
    }

    fn cell(&mut self, column: u16, cell: EventCell<'_>) -> Result<(), XlsxError> {
        let (row, place) = (self.row, self.sheets - 1);
        self.bytes += MARKUP + if let EventCell::Text(told) = cell { written(told) } else { 0 };
        let time = match cell {
            EventCell::Time(instant) => self.words.clock().civil(instant).and_then(excel),
            _ => None,
        };
        let sheet = self.workbook.worksheet_from_index(place)?;
        match (cell, time) {
            (EventCell::Empty, _) => {}
            (EventCell::Number(number), _) => _ = sheet.write_number(row, column, number)?,
            (EventCell::Bool(value), _) => _ = sheet.write_boolean(row, column, value)?,
            (EventCell::Time(_), Some(time)) => {
                sheet.write_datetime_with_format(row, column, time, &self.time)?;
            }
            (EventCell::Time(instant), None) => _ = sheet.write_string(row, column, instant.to_string())?,
            (EventCell::Text(told), _) => {
                let format = if text::looks_typed(told) { &self.typed } else { &self.plain };
                sheet.write_string_with_format(row, column, fitting(told), format)?;
            }
        }
        Ok(())
    }
}

/// How many bytes a text has in the file, at the most.
fn written(told: &str) -> u64 {
    const LONGEST_ENTITY: u64 = 6;
    let marked = told.bytes().filter(|byte| matches!(byte, b'&' | b'<' | b'>' | b'"')).count();
    told.len() as u64 + LONGEST_ENTITY * marked as u64
}

/// A text as a cell can hold it.
fn fitting(told: &str) -> String {
    let clean = text::clean(told);
    let fitting = match text::cut(&clean, text::LONGEST, ROOM_FOR_MARK) {
        Some((start, left_out)) => format!("{start}… [+{left_out}]"),
        None => clean.into_owned(),
    };
    text::no_markup(fitting)
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader, Xlsx};
    use ringback_model::case::Case;
    use std::io::Cursor;

    fn book(folder: &Path) -> EventBook {
        let words = Catalogue::of_case(&Case::default()).unwrap();
        EventBook::new(["time", "source", "rows", "at_most"], words, "#0b6e4f", folder).unwrap()
    }

    fn read(book: EventBook) -> Xlsx<Cursor<Vec<u8>>> {
        let mut bytes = Cursor::new(Vec::new());
        book.finish(&mut bytes).unwrap();
        Xlsx::new(bytes).unwrap()
    }

    #[test]
    fn cells_are_what_they_say_and_text_stays_text() {
        let folder = tempfile::tempdir().unwrap();
        let mut book = book(folder.path());
        let time = Instant::from_seconds(1_781_503_200);
        let row =
            |text| [EventCell::Time(time), EventCell::Text(text), EventCell::Number(3.0), EventCell::Empty];
        for text in ["=1+1", "<r><t>x</t></r>", "a\u{1b}[31m", "http://evil.example/"] {
            book.row(row(text)).unwrap();
        }
        book.row(row(&"é".repeat(40_000))).unwrap();
        let mut read = read(book);
        assert_eq!(read.sheet_names(), ["events"]);
        let range = read.worksheet_range("events").unwrap();
        let texts: Vec<String> = range.rows().skip(1).map(|row| row[1].to_string()).collect();
        assert_eq!(&texts[..4], ["=1+1", "<r><t>x</t></r> ", "a\\u{1b}[31m", "http://evil.example/"]);
        assert!(texts[4].ends_with("… [+7273]") && texts[4].encode_utf16().count() <= text::LONGEST);
        let first: Vec<Data> = range.rows().nth(1).unwrap().to_vec();
        assert!(matches!(first[0], Data::DateTime(_)), "{first:?}");
        assert_eq!(first[2], Data::Float(3.0));
        assert!(read.worksheet_formula("events").unwrap().used_cells().next().is_none());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
    }

    #[test]
    fn rows_beyond_a_sheet_go_to_the_next_one() {
        let folder = tempfile::tempdir().unwrap();
        let mut book = EventBook { most: 4, ..book(folder.path()) };
        for number in 0..8 {
            book.row([EventCell::Empty, EventCell::Empty, EventCell::Number(f64::from(number))]).unwrap();
        }
        let mut read = read(book);
        assert_eq!(read.sheet_names(), ["events", "events 2", "events 3"]);
        let mut numbers = Vec::new();
        for name in ["events", "events 2", "events 3"] {
            let range = read.worksheet_range(name).unwrap();
            assert_eq!(range.rows().next().unwrap()[1].to_string(), "source");
            numbers.extend(range.rows().skip(1).map(|row| row[2].to_string()));
        }
        assert_eq!(numbers, ["0", "1", "2", "3", "4", "5", "6", "7"]);
    }
}
