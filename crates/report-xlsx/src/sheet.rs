//! Writing one sheet, from top to bottom.

use crate::book::Book;
use crate::cell::Cells;
use crate::code::{self, Code};
use crate::declaration::Expr;
use crate::failure::Failure;
use crate::page;
use crate::plan::{BlockPlan, SheetPlan};
use crate::rows::Tally;
use crate::stream::{self, Streamed};
use crate::table::{self, Stretch};
use crate::text;
use ringback_template::{Scope, Value};
use rust_xlsxwriter::{ConditionalFormatCell, ConditionalFormatCellRule, Format, Worksheet};
use std::collections::BTreeMap;

/// A sheet that is written.
pub(crate) struct Written {
    pub(crate) sheet: Worksheet,
    /// The rows that the library does not have, from top to bottom.
    pub(crate) streamed: Vec<Streamed>,
    /// The extent of its table, where it has one.
    pub(crate) table: Option<Stretch>,
    /// Where its blocks are, by their ids.
    pub(crate) blocks: BTreeMap<String, Extent>,
    /// The rows of lists that are in it.
    pub(crate) shown: u64,
    /// The rows of lists that caps left out.
    pub(crate) left_out: u64,
    /// The texts that were too long for a cell.
    pub(crate) cut: u64,
}

/// Where a block is, in rows from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    /// The first row that is its own, charts above it included.
    pub(crate) top: u32,
    /// The first row of its table, after charts above it.
    pub(crate) table: u32,
    /// The first row with values.
    pub(crate) first: u32,
    /// The row after the last one with values.
    pub(crate) end: u32,
}

/// Writes a sheet. One that charts read from is `whole`: the library has all its cells, so that the charts hold their points
/// too, for programs that do not work them out.
pub(crate) fn write(
    book: &Book<'_>,
    plan: &SheetPlan<'_>,
    whole: bool,
    scope: &Scope,
) -> Result<Written, Failure> {
    let mut sheet = Worksheet::new();
    sheet.set_name(&plan.name)?;
    page::set_up(book, plan, &mut sheet, scope)?;
    for (column, width) in (0..).zip(&plan.widths) {
        sheet.set_column_width(column, *width)?;
    }
    let mut writer = Writer {
        book,
        plan,
        scope,
        whole,
        streamed: Vec::new(),
        table: None,
        row: 0,
        cells: Cells::new(book, sheet),
        blocks: BTreeMap::new(),
        shown: 0,
        left_out: 0,
    };
    writer.top()?;
    for (number, block) in plan.blocks.iter().enumerate() {
        writer.row += u32::from(number > 0);
        writer.block(block)?;
    }
    let Writer { cells, streamed, table, blocks, shown, left_out, .. } = writer;
    let cut = cells.cut + streamed.iter().map(|list| list.cut).sum::<u64>();
    Ok(Written { sheet: cells.sheet, streamed, table, blocks, shown, left_out, cut })
}

struct Writer<'w> {
    book: &'w Book<'w>,
    plan: &'w SheetPlan<'w>,
    scope: &'w Scope,
    whole: bool,
    streamed: Vec<Streamed>,
    table: Option<Stretch>,
    /// The next row.
    row: u32,
    cells: Cells<'w>,
    blocks: BTreeMap<String, Extent>,
    shown: u64,
    left_out: u64,
}

impl Writer<'_> {
    /// Title and notes of the sheet, in as many rows as [`SheetPlan::top_rows`] says.
    fn top(&mut self) -> Result<(), Failure> {
        let wide = self.plan.blocks.iter().map(BlockPlan::wide).max().unwrap_or(1);
        self.title(self.plan.sheet.title.as_ref(), &self.book.styles.title, 28.0)?;
        self.notes(&self.plan.sheet.note, wide)?;
        self.row = self.plan.top_rows();
        Ok(())
    }

    fn title(&mut self, source: Option<&Expr>, format: &Format, height: f64) -> Result<(), Failure> {
        if source.is_none() {
            return Ok(());
        }
        let title = code::text(self.book.environment, source, self.scope)?;
        self.cells.plain(self.row, 0, &text::one_line(&title), format)?;
        self.cells.sheet.set_row_height(self.row, height)?;
        self.row += 1;
        Ok(())
    }

    fn notes(&mut self, notes: &[Expr], wide: u16) -> Result<(), Failure> {
        for note in notes {
            let note = Code::new(self.book.environment, note)?.text(self.scope)?;
            self.cells.wide(self.row, wide, self.plan.width(0, wide), &note, &self.book.styles.note)?;
            self.row += 1;
        }
        Ok(())
    }

    fn block(&mut self, block: &BlockPlan<'_>) -> Result<(), Failure> {
        let top = self.row;
        self.row += block.above;
        let table = self.row;
        self.title(block.block.title.as_ref(), &self.book.styles.block_title, 20.0)?;
        self.notes(&block.block.note, block.wide())?;
        if block.block.headings {
            self.cells.headings(self.row, self.plan, block)?;
            self.row += 1;
        }
        let first = self.row;
        let tally = self.values(block)?;
        let extent = Extent { top, table, first, end: self.row };
        self.finish(block, extent)?;
        self.rest(block, tally)?;
        self.shown += tally.shown;
        self.left_out += tally.left_out();
        self.blocks.insert(block.block.id.get_ref().clone(), extent);
        Ok(())
    }

    /// The rows with values.
    fn values(&mut self, block: &BlockPlan<'_>) -> Result<Tally, Failure> {
        let scope = self.scope;
        for line in &block.lines {
            // A line about something that the report does not say is left out.
            if self.cells.line(self.row, self.plan, block, line, scope)? {
                self.row += 1;
            }
        }
        let Some(rows) = &block.rows else { return Ok(Tally::default()) };
        let counted = rows.counted(scope)?;
        if !self.whole && stream::fits(block) {
            let list = stream::write(self.book, self.plan, block, &counted, self.row, &mut self.cells.links)?;
            self.row = list.end;
            self.streamed.push(list);
            return Ok(counted.tally);
        }
        for stretch in &counted.stretches {
            counted.each(stretch, |_, scope| {
                self.cells.row(self.row, self.plan, block, scope)?;
                self.row += 1;
                Ok(())
            })?;
        }
        Ok(counted.tally)
    }

    /// Filters and colours, now that the last row is known.
    fn finish(&mut self, block: &BlockPlan<'_>, extent: Extent) -> Result<(), Failure> {
        if extent.first == extent.end {
            return Ok(());
        }
        let last = extent.end - 1;
        if block.block.filter && block.block.headings {
            self.filters(block, extent.first - 1, last)?;
        }
        for column in &block.columns {
            let Some(palette) = &column.column.palette else { continue };
            for (label, format) in self.book.tones.get(palette.get_ref().as_str()).into_iter().flatten() {
                let rule = ConditionalFormatCellRule::EqualTo(label.as_str());
                let tone = ConditionalFormatCell::new().set_rule(rule).set_format(format);
                self.cells.sheet.add_conditional_format(extent.first, column.at, last, column.at, &tone)?;
            }
        }
        Ok(())
    }

    /// A table from the row of headings to the last row; filters alone where it can not be one.
    fn filters(&mut self, block: &BlockPlan<'_>, headings: u32, last: u32) -> Result<(), Failure> {
        let name = table::name(self.plan.sheet.id.get_ref(), self.plan.number);
        let wide = block.wide();
        match table::of(block, &name, &self.book.styles) {
            Some(table) => {
                self.cells.sheet.add_table(headings, 0, headings + 1, wide - 1, &table)?;
                self.table = Some(Stretch::new(name, headings, last, wide));
            }
            None => _ = self.cells.sheet.autofilter(headings, 0, last, wide - 1)?,
        }
        Ok(())
    }

    /// The row that stands for the rows left out, or for none.
    fn rest(&mut self, block: &BlockPlan<'_>, tally: Tally) -> Result<(), Failure> {
        let told = if tally.total == 0 && block.rows.is_some() {
            code::text(self.book.environment, block.block.empty.as_ref(), self.scope)?
        } else if tally.left_out() > 0 {
            self.more(tally.left_out())?
        } else {
            return Ok(());
        };
        if !told.is_empty() {
            self.cells.plain(self.row, 0, &told, &self.book.styles.rest)?;
            self.row += 1;
        }
        Ok(())
    }

    fn more(&self, left_out: u64) -> Result<String, Failure> {
        match &self.book.more {
            Some(more) => more.text(&self.scope.with("n", Value::from(left_out))),
            None => Ok(format!("… {left_out}")),
        }
    }
}
