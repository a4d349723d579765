//! Writing cells. This is the only place that hands values of the report to the writer of the file: text goes in as text,
//! never as something that a spreadsheet works out or follows.

use crate::book::Book;
use crate::code::Code;
use crate::declaration::Kind;
use crate::failure::Failure;
use crate::plan::{BlockPlan, ColumnPlan, SheetPlan};
use crate::text;
use jiff::civil::DateTime;
use ringback_model::Instant;
use ringback_template::{Cell, Scope, Value};
use rust_xlsxwriter::{ExcelDateTime, Format, Url, Worksheet};

/// The most links of a sheet; programs drop those beyond 65,530.
const MOST_LINKS: u32 = 65_000;

/// UTF-16 units kept free for the mark at a cut.
const ROOM_FOR_MARK: usize = 80;

/// The most lines that a cell makes its row high, where it takes one column: those who want to read on can make it higher.
const MOST_LINES: u32 = 12;

/// The most lines that a row is high: what a sheet allows, 409 points.
const HIGHEST: u32 = 27;

/// The width of the button of a filter, in characters.
const FILTER_BUTTON: f64 = 3.0;

/// The height of a line, in points.
const LINE: f64 = 15.0;

/// The cells of a sheet in the making.
pub(crate) struct Cells<'w> {
    book: &'w Book<'w>,
    pub(crate) sheet: Worksheet,
    /// The texts that were too long for a cell.
    pub(crate) cut: u64,
    links: u32,
}

impl<'w> Cells<'w> {
    /// No cells yet.
    pub(crate) fn new(book: &'w Book<'w>, sheet: Worksheet) -> Self {
        Cells { book, sheet, cut: 0, links: 0 }
    }

    /// A row of a list.
    pub(crate) fn row(
        &mut self,
        row: u32,
        plan: &SheetPlan<'_>,
        block: &BlockPlan<'_>,
        scope: &Scope,
    ) -> Result<(), Failure> {
        let mut height = 1;
        for column in &block.columns {
            let Some(code) = &column.value else { continue };
            let cell = code.cell(scope)?;
            let link = self.link(column, scope)?;
            self.put(row, plan, column, (code, cell), link, &mut height)?;
        }
        self.height(row, height)
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
        let mut height = 1;
        for column in &block.columns {
            let value = (&line[column.number], cells[column.number].clone());
            self.put(row, plan, column, value, None, &mut height)?;
        }
        self.height(row, height)?;
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
            let heading = self.fitting(&column.heading, self.book.scope)?;
            let button = if block.block.filter { FILTER_BUTTON } else { 0.0 };
            lines = lines.max(text::lines(&heading, plan.width(column.at, column.column.span) - button));
            let format = match column.column.kind {
                Kind::Number | Kind::Percent => &self.book.styles.heading_of_numbers,
                Kind::Any | Kind::Text | Kind::Time | Kind::Date => &self.book.styles.heading,
            };
            self.merge(row, column, format)?;
            self.sheet.write_string_with_format(row, column.at, heading, format)?;
        }
        self.sheet.set_row_height(row, f64::from(lines.min(HIGHEST)) * LINE + 6.0)?;
        Ok(())
    }

    /// A text in one cell.
    pub(crate) fn plain(&mut self, row: u32, at: u16, text: &str, format: &Format) -> Result<(), Failure> {
        let text = self.fitting(text, self.book.scope)?;
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
        let text = self.fitting(text, self.book.scope)?;
        if columns > 1 {
            self.sheet.merge_range(row, 0, row, columns - 1, "", format)?;
        }
        self.height(row, text::lines(&text, width))?;
        self.sheet.write_string_with_format(row, 0, text, format)?;
        Ok(())
    }

    fn link(&self, column: &ColumnPlan<'_>, scope: &Scope) -> Result<Option<String>, Failure> {
        let (Some(link), Some(key)) = (&column.column.link, &column.key) else { return Ok(None) };
        let sheet = link.to.as_ref().map(|to| to.get_ref().as_str());
        Ok(self.book.links.to(sheet, &key.text(scope)?))
    }

    fn put(
        &mut self,
        row: u32,
        plan: &SheetPlan<'_>,
        column: &ColumnPlan<'_>,
        (code, cell): (&Code<'_>, Cell),
        link: Option<String>,
        height: &mut u32,
    ) -> Result<(), Failure> {
        let look = &column.look;
        self.merge(row, column, &look.text)?;
        match self.of_kind(column.column.kind, code, cell)? {
            Cell::Number(number) if number.is_finite() => {
                self.sheet.write_number_with_format(row, column.at, number, &look.number)?;
            }
            Cell::Bool(value) => {
                self.sheet.write_boolean_with_format(row, column.at, value, &look.text)?;
            }
            Cell::Time(instant) => match self.civil(instant).and_then(excel) {
                Some(time) => {
                    self.sheet.write_datetime_with_format(row, column.at, &time, &look.time)?;
                }
                None => {
                    self.sheet.write_string_with_format(row, column.at, instant.to_string(), &look.text)?;
                }
            },
            Cell::Text(text) => {
                let text = self.fitting(&text, self.book.scope)?;
                let lines = text::lines(&text, plan.width(column.at, column.column.span));
                if column.column.span > 1 {
                    *height = lines.max(*height);
                } else if column.column.wrap {
                    *height = lines.min(MOST_LINES).max(*height);
                }
                self.text(row, column, text, link)?;
            }
            Cell::Number(_) | Cell::Empty => {
                self.sheet.write_blank(row, column.at, &look.text)?;
            }
        }
        Ok(())
    }

    fn text(
        &mut self,
        row: u32,
        column: &ColumnPlan<'_>,
        text: String,
        link: Option<String>,
    ) -> Result<(), Failure> {
        match link {
            Some(link) if self.links < MOST_LINKS && !text.is_empty() => {
                self.links += 1;
                let url = Url::new(link).set_text(text);
                self.sheet.write_url_with_format(row, column.at, url, &column.look.link)?;
            }
            _ => {
                let look = &column.look;
                let format = if text::looks_typed(&text) { &look.typed } else { &look.text };
                self.sheet.write_string_with_format(row, column.at, text, format)?;
            }
        }
        Ok(())
    }

    /// Makes one cell of those that a column takes in a row.
    fn merge(&mut self, row: u32, column: &ColumnPlan<'_>, format: &Format) -> Result<(), Failure> {
        if column.column.span > 1 {
            let last = column.at + column.column.span - 1;
            self.sheet.merge_range(row, column.at, row, last, "", format)?;
        }
        Ok(())
    }

    /// Sets the height of a row of several lines: not all programs do so by themselves.
    fn height(&mut self, row: u32, lines: u32) -> Result<(), Failure> {
        if lines > 1 {
            self.sheet.set_row_height(row, f64::from(lines.min(HIGHEST)) * LINE)?;
        }
        Ok(())
    }

    /// A text as a cell can hold it; one that is too long is cut, marked and counted.
    fn fitting(&mut self, content: &str, scope: &Scope) -> Result<String, Failure> {
        let clean = text::clean(content);
        let Some((start, left_out)) = text::cut(&clean, text::LONGEST, ROOM_FOR_MARK) else {
            return Ok(clean.into_owned());
        };
        self.cut += 1;
        let mark = match &self.book.cut {
            Some(cut) => cut.text(&scope.with("n", Value::from(left_out)))?,
            None => format!("[+{left_out}]"),
        };
        Ok(format!("{start}… {}", text::short(&mark, ROOM_FOR_MARK - 2)))
    }

    /// A value as its column wants it.
    fn of_kind(&self, kind: Kind, code: &Code<'_>, cell: Cell) -> Result<Cell, Failure> {
        let fits = match (kind, &cell) {
            (Kind::Any, _)
            | (_, Cell::Empty)
            | (Kind::Text, Cell::Text(_))
            | (Kind::Number | Kind::Percent, Cell::Number(_))
            | (Kind::Time | Kind::Date, Cell::Time(_)) => return Ok(cell),
            (Kind::Text, Cell::Number(number)) => number.to_string(),
            (Kind::Text, Cell::Bool(value)) => value.to_string(),
            (Kind::Text, Cell::Time(instant)) => self.book.environment.words().clock().time(*instant, true),
            (Kind::Number | Kind::Percent, _) => {
                return Err(Failure::at(code.source, format!("`{}` is no number", code.source.get_ref())));
            }
            (Kind::Time | Kind::Date, _) => {
                let message = format!("`{}` is no time; `as_time` makes one", code.source.get_ref());
                return Err(Failure::at(code.source, message));
            }
        };
        Ok(Cell::Text(fits))
    }

    fn civil(&self, instant: Instant) -> Option<DateTime> {
        self.book.environment.words().clock().civil(instant)
    }
}

/// The same time as a spreadsheet has it, to the millisecond; `None` outside of the years that it knows. Days before March
/// 1900 are left out, because spreadsheets disagree about them.
fn excel(civil: DateTime) -> Option<ExcelDateTime> {
    let small = |number: i8| u8::try_from(number).ok();
    let year = u16::try_from(civil.year()).ok().filter(|year| (1901..=9999).contains(year))?;
    let date = ExcelDateTime::from_ymd(year, small(civil.month())?, small(civil.day())?).ok()?;
    let hour = u16::from(small(civil.hour())?);
    let millis = u16::try_from(civil.millisecond()).ok()?;
    date.and_hms_milli(hour, small(civil.minute())?, small(civil.second())?, millis).ok()
}
