//! What goes into a cell, whoever writes it.

use crate::book::Book;
use crate::code::Code;
use crate::declaration::Kind;
use crate::failure::Failure;
use crate::plan::ColumnPlan;
use crate::text;
use jiff::civil::DateTime;
use ringback_template::{Cell, Value};
use rust_xlsxwriter::ExcelDateTime;

/// UTF-16 units kept free for the mark at a cut.
const ROOM_FOR_MARK: usize = 80;

/// The most lines that a row is high: what a sheet allows, 409 points.
const HIGHEST: u32 = 27;

/// The height of a line, in points.
pub(crate) const LINE: u32 = 15;

/// What goes into a cell.
pub(crate) enum Content {
    /// Nothing.
    Blank,
    /// A finite number.
    Number(f64),
    /// Yes or no.
    Bool(bool),
    /// A time as a clock of the report's zone shows it.
    Time(ExcelDateTime),
    /// Text that a cell can hold.
    Text(String),
}

impl Content {
    /// What goes into a column's cell for what its expression gives. `cut` counts texts that were too long.
    pub(crate) fn of(
        book: &Book<'_>,
        column: &ColumnPlan<'_>,
        code: &Code<'_>,
        cell: Cell,
        cut: &mut u64,
    ) -> Result<Content, Failure> {
        Ok(match of_kind(book, column.column.kind, code, cell)? {
            Cell::Number(number) if number.is_finite() => Content::Number(number),
            Cell::Number(_) | Cell::Empty => Content::Blank,
            Cell::Bool(value) => Content::Bool(value),
            Cell::Time(instant) => {
                let civil = book.environment.words().clock().civil(instant);
                civil.and_then(excel).map_or_else(|| Content::Text(instant.to_string()), Content::Time)
            }
            Cell::Text(text) => Content::Text(fitting(book, text, cut)?),
        })
    }

    /// How many lines of a width it makes its row high.
    pub(crate) fn lines(&self, column: &ColumnPlan<'_>, width: f64) -> u32 {
        match self {
            Content::Text(text) if column.column.span > 1 => text::lines(text, width),
            Content::Text(text) if column.column.wrap => text::lines(text, width).min(column.column.lines),
            _ => 1,
        }
    }
}

/// The height of a row of so many lines, in points; `None` where it has the usual one. Not all programs work it out by
/// themselves.
pub(crate) fn height(lines: u32) -> Option<u32> {
    (lines > 1).then(|| lines.min(HIGHEST) * LINE)
}

/// A text as a cell can hold it; one that is too long is cut, marked and counted.
pub(crate) fn fitting(book: &Book<'_>, content: String, cut: &mut u64) -> Result<String, Failure> {
    let clean = text::clean(&content);
    let Some((start, left_out)) = text::cut(&clean, text::LONGEST, ROOM_FOR_MARK) else {
        return Ok(match clean {
            std::borrow::Cow::Borrowed(_) => content,
            std::borrow::Cow::Owned(clean) => clean,
        });
    };
    *cut += 1;
    let mark = match &book.cut {
        Some(code) => code.text(&book.scope.with("n", Value::from(left_out)))?,
        None => format!("[+{left_out}]"),
    };
    Ok(format!("{start}… {}", text::short(&mark, ROOM_FOR_MARK - 2)))
}

/// A value as its column wants it.
fn of_kind(book: &Book<'_>, kind: Kind, code: &Code<'_>, cell: Cell) -> Result<Cell, Failure> {
    let fits = match (kind, &cell) {
        (Kind::Any, _)
        | (_, Cell::Empty)
        | (Kind::Text, Cell::Text(_))
        | (Kind::Number | Kind::Percent, Cell::Number(_))
        | (Kind::Time | Kind::Date, Cell::Time(_)) => return Ok(cell),
        (Kind::Text, Cell::Number(number)) => number.to_string(),
        (Kind::Text, Cell::Bool(value)) => value.to_string(),
        (Kind::Text, Cell::Time(instant)) => book.environment.words().time(*instant, true),
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

/// The same time as a spreadsheet has it, to the millisecond; `None` outside of the years that it knows. Days before March
/// 1900 are left out, because spreadsheets disagree about them.
pub(crate) fn excel(civil: DateTime) -> Option<ExcelDateTime> {
    let small = |number: i8| u8::try_from(number).ok();
    let year = u16::try_from(civil.year()).ok().filter(|year| (1901..=9999).contains(year))?;
    let date = ExcelDateTime::from_ymd(year, small(civil.month())?, small(civil.day())?).ok()?;
    let hour = u16::from(small(civil.hour())?);
    let millis = u16::try_from(civil.millisecond()).ok()?;
    date.and_hms_milli(hour, small(civil.minute())?, small(civil.second())?, millis).ok()
}
