//! Whether the parts of a declaration fit together.

use crate::declaration::{Block, ChartSpec, Column, Declaration, Expr, Place, SCHEMA, Sheet};
use crate::failure::Failure;
use std::collections::BTreeSet;
use toml::Spanned;

/// The most columns of a sheet.
const MOST_COLUMNS: usize = 256;

/// Finds what a declaration names and nobody declares.
///
/// # Errors
///
/// The first thing that does not fit.
pub(crate) fn check(declared: &Declaration) -> Result<(), Failure> {
    let schema = *declared.schema.get_ref();
    if schema != SCHEMA {
        let message = format!("schema {schema} is not {SCHEMA}, the one this version knows");
        return Err(Failure::at(&declared.schema, message));
    }
    for tone in declared.palette.values().flat_map(|palette| palette.words.values()) {
        colour(&tone.fill)?;
        colour(&tone.ink)?;
    }
    unique(declared.sheet.iter().map(|sheet| &sheet.id))?;
    for sheet in &declared.sheet {
        if let Some(tab) = &sheet.tab {
            colour(tab)?;
        }
        unique(sheet.block.iter().map(|block| &block.id))?;
        if sheet.block.iter().filter(|block| block.filter).count() > 1 {
            return Err(Failure::at(&sheet.id, "a sheet has filters on one block only"));
        }
        sheet.block.iter().try_for_each(|block| block_fits(declared, block))?;
        sheet.chart.iter().try_for_each(|chart| chart_fits(declared, sheet, chart))?;
        sheet.picture.iter().try_for_each(|picture| {
            find_block(sheet, &picture.at, picture.at.get_ref())?;
            let is_in_sight = picture.column > 0 && picture.width > 0 && picture.height > 0;
            let what = "a picture has a column from 1, a width and a height";
            if is_in_sight { Ok(()) } else { Err(Failure::at(&picture.at, what)) }
        })?;
    }
    Ok(())
}

fn block_fits(declared: &Declaration, block: &Block) -> Result<(), Failure> {
    let wide: usize = block.columns.iter().map(|column| usize::from(column.span)).sum();
    if wide == 0 || wide > MOST_COLUMNS {
        return Err(Failure::at(&block.id, format!("a block has 1 to {MOST_COLUMNS} columns")));
    }
    if block.rows.is_some() != block.lines.is_empty() {
        return Err(Failure::at(&block.id, "a block has either `rows` or `lines`"));
    }
    if let Some(line) = block.lines.iter().find(|line| line.len() != block.columns.len()) {
        let message = format!("a line of {} values for {} columns", line.len(), block.columns.len());
        return Err(match line.first() {
            Some(first) => Failure::at(first, message),
            None => Failure::at(&block.id, message),
        });
    }
    block.columns.iter().try_for_each(|column| column_fits(declared, block, column))
}

fn column_fits(declared: &Declaration, block: &Block, column: &Column) -> Result<(), Failure> {
    if block.rows.is_some() && column.value.is_none() {
        let place: &Expr = column.heading.as_ref().unwrap_or(&block.id);
        return Err(Failure::at(place, "a column without a `value`"));
    }
    if let Some(palette) = &column.palette {
        known("palette", palette, palette.get_ref(), declared.palette.keys().map(String::as_str))?;
    }
    if let Some(to) = column.link.as_ref().and_then(|link| link.to.as_ref()) {
        let sheet = find_sheet(declared, to, to.get_ref())?;
        // The row of an anchor has to be known before the sheet is written.
        if !sheet.block.first().is_some_and(|block| block.anchor.is_some() && block.rows.is_some()) {
            return Err(Failure::at(to, format!("the first block of `{}` has no anchor", to.get_ref())));
        }
    }
    Ok(())
}

fn chart_fits(declared: &Declaration, sheet: &Sheet, chart: &ChartSpec) -> Result<(), Failure> {
    let Some((of_sheet, of_block)) = chart.of.get_ref().split_once('.') else {
        return Err(Failure::at(&chart.of, "a chart names its block as `sheet.block`"));
    };
    let block = find_block(find_sheet(declared, &chart.of, of_sheet)?, &chart.of, of_block)?;
    for column in std::iter::once(&chart.categories).chain(&chart.values) {
        known("column", column, column.get_ref(), block.columns.iter().map(|column| column.id.as_str()))?;
    }
    chart.colours.iter().try_for_each(colour)?;
    let own = find_block(sheet, &chart.at, chart.at.get_ref())?;
    // A chart above an anchored block moves its rows in a way that is known; one of a conditional block would not be.
    if chart.place == Place::Above && own.when.is_some() {
        return Err(Failure::at(&chart.at, "a chart stands above a block that is always made"));
    }
    if chart.column == 0 {
        return Err(Failure::at(&chart.at, "columns are counted from 1"));
    }
    Ok(())
}

fn find_sheet<'d>(declared: &'d Declaration, at: &Expr, id: &str) -> Result<&'d Sheet, Failure> {
    known("sheet", at, id, declared.sheet.iter().map(|sheet| sheet.id.get_ref().as_str()))?;
    let found = declared.sheet.iter().find(|sheet| sheet.id.get_ref() == id);
    found.ok_or_else(|| Failure::at(at, format!("no sheet `{id}`")))
}

fn find_block<'d>(sheet: &'d Sheet, at: &Expr, id: &str) -> Result<&'d Block, Failure> {
    known("block", at, id, sheet.block.iter().map(|block| block.id.get_ref().as_str()))?;
    let found = sheet.block.iter().find(|block| block.id.get_ref() == id);
    found.ok_or_else(|| Failure::at(at, format!("no block `{id}`")))
}

fn known<'a>(
    what: &str,
    at: &Expr,
    name: &str,
    names: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), Failure> {
    if names.clone().any(|known| known == name) {
        return Ok(());
    }
    Err(Failure::at(at, format!("no {what} `{name}`")).with_nearest(name, names))
}

fn unique<'a>(ids: impl Iterator<Item = &'a Spanned<String>>) -> Result<(), Failure> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id.get_ref()) {
            return Err(Failure::at(id, format!("`{}` stands twice", id.get_ref())));
        }
    }
    Ok(())
}

fn colour(text: &Spanned<String>) -> Result<(), Failure> {
    match crate::style::rgb(text.get_ref()) {
        Some(_) => Ok(()),
        None => Err(Failure::at(text, format!("{:?} is no colour like `#1f3a5f`", text.get_ref()))),
    }
}
