//! Workbooks: every sheet as delimited text.

use crate::container::cells::{RowText, text};
use crate::container::{ContainerError, Limits, Listing};
use calamine::{Reader, Xlsx, XlsxError};
use ringback_model::guarded;
use std::io::{self, Read, Seek, Write};

/// The part that holds the texts of all sheets.
const TEXTS: &str = "xl/sharedStrings.xml";

/// A workbook (xlsx or xlsm) whose sheets are written as delimited text.
pub struct Workbook<R> {
    reader: Xlsx<R>,
    limits: Limits,
    spent: Spent,
}

/// What all sheets of a workbook took so far.
#[derive(Clone, Copy, Default)]
struct Spent {
    cells: u64,
    bytes: u64,
}

impl<R: Read + Seek> Workbook<R> {
    /// Opens a workbook, the listing of which is known to fit the budget.
    ///
    /// # Errors
    /// A part that is too large, or a workbook that can not be read.
    pub fn open(input: R, listing: &Listing, limits: Limits) -> Result<Self, ContainerError> {
        for entry in &listing.entries {
            let limit = if entry.name.eq_ignore_ascii_case(TEXTS) { limits.texts } else { limits.part };
            if entry.size > limit {
                let part = entry.name.clone();
                return Err(ContainerError::Part { part, size: entry.size, limit });
            }
        }
        let reader = caught(|| Xlsx::new(input).map_err(|error| broken(&error)))?;
        let sheets = reader.sheets_metadata().len() as u64;
        if sheets > limits.sheets {
            return Err(ContainerError::Sheets { sheets, limit: limits.sheets });
        }
        Ok(Workbook { reader, limits, spent: Spent::default() })
    }

    /// The names of its sheets, in their order.
    pub fn sheets(&self) -> Vec<String> {
        self.reader.sheet_names()
    }

    /// Writes the rows of a sheet as delimited text in UTF-8; nothing where it has none.
    ///
    /// # Errors
    /// What the writer says, or why the sheet can not be read on; the rows before that are written.
    pub fn write(&mut self, sheet: &str, out: &mut dyn Write) -> io::Result<()> {
        let mut rows = Rows::new(out, self.limits, self.spent);
        let outcome = caught(|| write_rows(&mut self.reader, sheet, &mut rows));
        self.spent = rows.spent;
        outcome
    }
}

fn write_rows<R: Read + Seek>(workbook: &mut Xlsx<R>, sheet: &str, rows: &mut Rows<'_>) -> io::Result<()> {
    let mut cells = match workbook.worksheet_cells_reader(sheet) {
        // Charts and dialogs have no rows.
        Err(XlsxError::NotAWorksheet(_)) => return Ok(()),
        other => other.map_err(|error| broken(&error))?,
    };
    while let Some(cell) = cells.next_cell().map_err(|error| broken(&error))? {
        let (row, column) = cell.get_position();
        rows.take(u64::from(row), column, &text(cell.get_value()))?;
    }
    rows.finish()
}

/// Rows on their way out.
struct Rows<'o> {
    out: &'o mut dyn Write,
    limits: Limits,
    spent: Spent,
    row: RowText,
    /// How many rows were written.
    written: u64,
    /// Bytes of text in the row that is not yet written.
    pending: u64,
    line: Vec<u8>,
}

impl<'o> Rows<'o> {
    fn new(out: &'o mut dyn Write, limits: Limits, spent: Spent) -> Self {
        Rows { out, limits, spent, row: RowText::default(), written: 0, pending: 0, line: Vec::new() }
    }

    /// Takes a cell. Empty ones are no cells of a row, but they are counted.
    fn take(&mut self, row: u64, column: u32, text: &str) -> io::Result<()> {
        self.count(1)?;
        if text.is_empty() {
            return Ok(());
        }
        if row >= self.limits.rows {
            return Err(ContainerError::Rows { limit: self.limits.rows }.into());
        }
        while self.written < row {
            self.end()?;
        }
        self.pending += text.len() as u64;
        if self.pending > self.limits.row_text {
            return Err(ContainerError::RowText { row: row + 1, limit: self.limits.row_text }.into());
        }
        if row < self.written || !self.row.set(column as usize, text.to_owned()) {
            let told = format!("the cells of row {} are not in order", row + 1);
            return Err(ContainerError::Workbook(told).into());
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.row.cells() > 0 { self.end() } else { Ok(()) }
    }

    fn end(&mut self) -> io::Result<()> {
        self.count(self.row.cells() as u64)?;
        self.row.end(&mut self.line);
        self.spent.bytes += self.line.len() as u64;
        if self.spent.bytes > self.limits.text {
            return Err(ContainerError::Text { limit: self.limits.text }.into());
        }
        self.out.write_all(&self.line)?;
        (self.pending, self.written) = (0, self.written + 1);
        Ok(())
    }

    /// Counts cells: once as they come, once as they are written with those that were left out between them.
    fn count(&mut self, cells: u64) -> io::Result<()> {
        self.spent.cells += cells;
        if self.spent.cells > 2 * self.limits.cells {
            return Err(ContainerError::Cells { limit: self.limits.cells }.into());
        }
        Ok(())
    }
}

/// Runs what reads a workbook. The reader is made by others and sees bytes that anyone may have made: if it panics, that
/// is the end of this workbook and not of all inputs.
fn caught<T, E: From<ContainerError>>(run: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    guarded(run).unwrap_or_else(|_| Err(ContainerError::Workbook("reading it failed".to_owned()).into()))
}

fn broken(error: &XlsxError) -> ContainerError {
    ContainerError::Workbook(error.to_string())
}

#[cfg(test)]
mod tests;
