//! What is made of a declaration for one report: sheets with their names, blocks and columns, ready to be written.

use crate::code::{self, Code};
use crate::declaration::{Block, Column, Declaration, Place, Sheet};
use crate::failure::Failure;
use crate::names;
use crate::rows::Rows;
use crate::style::Look;
use ringback_template::{Environment, Scope};
use std::collections::BTreeMap;

/// The height of a row in pixels, as far as charts are concerned.
const ROW_PIXELS: u32 = 20;

/// A sheet that is made.
#[derive(Debug)]
pub(crate) struct SheetPlan<'e> {
    pub(crate) sheet: &'e Sheet,
    /// Its number among those that are made, from 1.
    pub(crate) number: usize,
    pub(crate) name: String,
    pub(crate) blocks: Vec<BlockPlan<'e>>,
    /// The widths of the sheet's columns, in characters.
    pub(crate) widths: Vec<f64>,
}

/// A block that is made.
#[derive(Debug)]
pub(crate) struct BlockPlan<'e> {
    pub(crate) block: &'e Block,
    pub(crate) columns: Vec<ColumnPlan<'e>>,
    pub(crate) rows: Option<Rows<'e>>,
    pub(crate) lines: Vec<Vec<Code<'e>>>,
    /// Rows kept free above it for charts.
    pub(crate) above: u32,
}

/// A column that is made.
#[derive(Debug)]
pub(crate) struct ColumnPlan<'e> {
    pub(crate) column: &'e Column,
    /// Its number among the block's declared columns.
    pub(crate) number: usize,
    /// The column of the sheet that it starts in, from 0.
    pub(crate) at: u16,
    pub(crate) heading: String,
    pub(crate) value: Option<Code<'e>>,
    pub(crate) key: Option<Code<'e>>,
    pub(crate) look: Look,
}

/// The sheets that are made, in order.
pub(crate) fn sheets<'e>(
    environment: &'e Environment,
    declared: &'e Declaration,
    scope: &Scope,
) -> Result<Vec<SheetPlan<'e>>, Failure> {
    let mut taken = Vec::new();
    let mut plans = Vec::new();
    for sheet in &declared.sheet {
        if !code::holds(environment, sheet.when.as_ref(), scope)? {
            continue;
        }
        let name = names::sheet_name(&Code::new(environment, &sheet.name)?.text(scope)?, &taken);
        taken.push(name.to_lowercase());
        let mut blocks = Vec::new();
        for block in &sheet.block {
            if code::holds(environment, block.when.as_ref(), scope)? {
                blocks.push(BlockPlan::of(environment, sheet, block, scope)?);
            }
        }
        let widths = widths(sheet, &blocks);
        plans.push(SheetPlan { sheet, number: taken.len(), name, blocks, widths });
    }
    Ok(plans)
}

impl SheetPlan<'_> {
    /// The number of the row that the first row of the first block has, from 0.
    pub(crate) fn first_row(&self) -> u32 {
        self.blocks.first().map_or(0, |block| self.top_rows() + block.top_rows())
    }

    /// The rows above the first block.
    pub(crate) fn top_rows(&self) -> u32 {
        let rows = usize::from(self.sheet.title.is_some()) + self.sheet.note.len();
        count(rows) + u32::from(rows > 0)
    }

    /// The width in characters of some columns of the sheet.
    pub(crate) fn width(&self, at: u16, span: u16) -> f64 {
        let columns = usize::from(at)..usize::from(at) + usize::from(span);
        columns.map(|column| self.widths.get(column).copied().unwrap_or(8.43)).sum()
    }
}

impl<'e> BlockPlan<'e> {
    fn of(
        environment: &'e Environment,
        sheet: &'e Sheet,
        block: &'e Block,
        scope: &Scope,
    ) -> Result<Self, Failure> {
        let mut columns = Vec::new();
        let mut at = 0;
        for (number, column) in block.columns.iter().enumerate() {
            if !code::holds(environment, column.when.as_ref(), scope)? {
                continue;
            }
            columns.push(ColumnPlan {
                column,
                number,
                at,
                heading: code::text(environment, column.heading.as_ref(), scope)?,
                value: Code::some(environment, column.value.as_ref())?,
                key: Code::some(environment, column.link.as_ref().map(|link| &link.key))?,
                look: Look::of(column, block.headings, environment.words()),
            });
            at += column.span;
        }
        let compiled = |line: &'e Vec<_>| line.iter().map(|code| Code::new(environment, code)).collect();
        let charts = sheet
            .chart
            .iter()
            .filter(|chart| chart.place == Place::Above && chart.at.get_ref() == block.id.get_ref());
        Ok(BlockPlan {
            block,
            columns,
            rows: Rows::of(environment, block)?,
            lines: block.lines.iter().map(compiled).collect::<Result<_, Failure>>()?,
            above: charts.map(|chart| chart.height.div_ceil(ROW_PIXELS) + 1).max().unwrap_or(0),
        })
    }

    /// The rows of the block above its first row.
    pub(crate) fn top_rows(&self) -> u32 {
        let rows = usize::from(self.block.title.is_some()) + self.block.note.len();
        self.above + count(rows) + u32::from(self.block.headings)
    }

    /// The number of the sheet's columns that it takes.
    pub(crate) fn wide(&self) -> u16 {
        self.columns.last().map_or(1, |column| column.at + column.column.span)
    }

    /// The column of an id.
    pub(crate) fn column(&self, id: &str) -> Option<&ColumnPlan<'e>> {
        self.columns.iter().find(|column| column.column.id == id)
    }
}

/// The widths of a sheet's columns: its own, else the widest that a block asks for.
fn widths(sheet: &Sheet, blocks: &[BlockPlan<'_>]) -> Vec<f64> {
    let mut asked: BTreeMap<u16, f64> = BTreeMap::new();
    for column in blocks.iter().flat_map(|block| &block.columns).filter(|column| column.column.span == 1) {
        let width = asked.entry(column.at).or_default();
        *width = width.max(column.column.width);
    }
    let wide = blocks.iter().map(BlockPlan::wide).max().unwrap_or(0);
    let width = |at: u16| {
        let own = sheet.widths.get(usize::from(at)).copied();
        own.or_else(|| asked.get(&at).copied()).unwrap_or(8.43).clamp(1.0, 255.0)
    };
    (0..wide).map(width).collect()
}

fn count(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}
