//! Writing cells through the library. This and [`stream`](crate::stream) are the only places that hand values of the report
//! to a file: text goes in as text, never as something that a spreadsheet works out or follows.

use crate::book::Book;
use crate::code::Code;
use crate::content::{self, Content};
use crate::failure::Failure;
use crate::links::Budget;
use crate::names;
use crate::plan::{BlockPlan, ColumnPlan, SheetPlan};
use crate::text;
use ringback_template::{Cell, Scope};
use rust_xlsxwriter::{Format, Url, Worksheet};

/// The width of the button of a filter, in characters.
const FILTER_BUTTON: f64 = 3.0;

/// The cells of a sheet in the making.
pub(crate) struct Cells<'w> {
    book: &'w Book<'w>,
    pub(crate) sheet: Worksheet,
    /// The texts that were too long for a cell.
    pub(crate) cut: u64,
    /// The links that the sheet may still have.
    pub(crate) links: Budget,
}

impl<'w> Cells<'w> {
    /// No cells yet.
    pub(crate) fn new(book: &'w Book<'w>, sheet: Worksheet) -> Self {
        Cells { book, sheet, cut: 0, links: Budget::default() }
    }

    /// A row of a list.
    pub(crate) fn row(
        &mut self,
        row: u32,
        plan: &SheetPlan<'_>,
        block: &BlockPlan<'_>,
        scope: &Scope,
    ) -> Result<(), Failure> {
        let mut lines = 1;
        for column in &block.columns {
            let Some(code) = &column.value else { continue };
            let link = self.book.link(column, scope)?.filter(|_| self.links.take(1) > 0);
            let lines_of = self.put(row, plan, column, (code, code.cell(scope)?), link)?;
            lines = lines.max(lines_of);
        }
        self.height(row, lines)
    }

    /// A row that is written out. `false` where it says nothing: none of its values but the first is there.
    pub(crate) fn line(
        &mut self,
        row: u32,
        plan: &SheetPlan<'_>,
        block: &BlockPlan<'_>,
        line: &[Code<'_>],
        scope: &Scope,
    ) -> Result<bool, Failure> {
        let cells: Vec<Cell> = line.iter().map(|code| code.cell(scope)).collect::<Result<_, _>>()?;
        if cells.len() > 1 && cells.iter().skip(1).all(|cell| *cell == Cell::Empty) {
            return Ok(false);
        }
        let mut lines = 1;
        for column in &block.columns {
            let value = (&line[column.number], cells[column.number].clone());
            lines = lines.max(self.put(row, plan, column, value, None)?);
        }
        self.height(row, lines)?;
        Ok(true)
    }

    /// The headings of a block.
    pub(crate) fn headings(
        &mut self,
        row: u32,
        plan: &SheetPlan<'_>,
        block: &BlockPlan<'_>,
    ) -> Result<(), Failure> {
        let mut lines = 1;
        for column in &block.columns {
            let heading = self.fitting(&column.heading)?;
            let button = if block.block.filter { FILTER_BUTTON } else { 0.0 };
            lines = lines.max(text::lines(&heading, plan.width(column.at, column.column.span) - button));
            let format = self.book.styles.heading_of(column.column.kind);
            self.merge(row, column, format)?;
            self.sheet.write_string_with_format(row, column.at, heading, format)?;
        }
        let height = content::height(lines).unwrap_or(content::LINE);
        self.sheet.set_row_height(row, f64::from(height) + 6.0)?;
        Ok(())
    }

    /// A text in one cell.
    pub(crate) fn plain(&mut self, row: u32, at: u16, text: &str, format: &Format) -> Result<(), Failure> {
        let text = self.fitting(text)?;
        self.sheet.write_string_with_format(row, at, text, format)?;
        Ok(())
    }

    /// A text over some columns from the first, which are so many characters wide together.
    pub(crate) fn wide(
        &mut self,
        row: u32,
        columns: u16,
        width: f64,
        text: &str,
        format: &Format,
    ) -> Result<(), Failure> {
        let text = self.fitting(text)?;
        if columns > 1 {
            self.sheet.merge_range(row, 0, row, columns - 1, "", format)?;
        }
        self.height(row, text::lines(&text, width))?;
        self.sheet.write_string_with_format(row, 0, text, format)?;
        Ok(())
    }

    /// Writes one cell and says how many lines it makes its row high.
    fn put(
        &mut self,
        row: u32,
        plan: &SheetPlan<'_>,
        column: &ColumnPlan<'_>,
        (code, cell): (&Code<'_>, Cell),
        link: Option<String>,
    ) -> Result<u32, Failure> {
        let look = &column.look;
        self.merge(row, column, &look.text)?;
        let content = Content::of(self.book, column, code, cell, &mut self.cut)?;
        let lines = content.lines(column, plan.width(column.at, column.column.span));
        let (sheet, at) = (&mut self.sheet, column.at);
        match (content, link) {
            (Content::Number(number), _) => sheet.write_number_with_format(row, at, number, &look.number)?,
            (Content::Bool(value), _) => sheet.write_boolean_with_format(row, at, value, &look.text)?,
            (Content::Time(time), _) => sheet.write_datetime_with_format(row, at, &time, &look.time)?,
            (Content::Text(text), Some(link)) => {
                let url = Url::new(names::internal(&link)).set_text(text::no_markup(text));
                sheet.write_url_with_format(row, at, url, &look.link)?
            }
            (Content::Text(text), None) => {
                let format = if text::looks_typed(&text) { &look.typed } else { &look.text };
                sheet.write_string_with_format(row, at, text::no_markup(text), format)?
            }
            (Content::Blank, _) => sheet.write_blank(row, at, &look.text)?,
        };
        Ok(lines)
    }

    /// Makes one cell of those that a column takes in a row.
    fn merge(&mut self, row: u32, column: &ColumnPlan<'_>, format: &Format) -> Result<(), Failure> {
        if column.column.span > 1 {
            let last = column.at + column.column.span - 1;
            self.sheet.merge_range(row, column.at, row, last, "", format)?;
        }
        Ok(())
    }

    fn height(&mut self, row: u32, lines: u32) -> Result<(), Failure> {
        if let Some(height) = content::height(lines) {
            self.sheet.set_row_height(row, f64::from(height))?;
        }
        Ok(())
    }

    fn fitting(&mut self, text: &str) -> Result<String, Failure> {
        content::fitting(self.book, text.to_owned(), &mut self.cut).map(text::no_markup)
    }
}
