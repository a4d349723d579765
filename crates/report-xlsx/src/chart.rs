//! Charts over written blocks.

use crate::book::Book;
use crate::code::Code;
use crate::declaration::{ChartKind, ChartSpec, Kind, Place};
use crate::failure::Failure;
use crate::plan::{BlockPlan, ColumnPlan, SheetPlan};
use crate::sheet::{Extent, Written};
use crate::style;
use crate::text;
use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartPoint,
    ChartSolidFill, ChartType, Color,
};

/// The colour of the lines behind a chart.
const GRID: u32 = 0xe3_e7_eb;

/// The most points that still carry their value as text.
const MOST_LABELLED: u32 = 12;

/// The longest title, in UTF-16 units.
const LONGEST_TITLE: usize = 120;

/// A block as a chart sees it.
struct Source<'s> {
    plan: &'s SheetPlan<'s>,
    block: &'s BlockPlan<'s>,
    extent: Extent,
}

/// Puts the charts into the written sheets. A chart whose block has no row is left out.
pub(crate) fn insert(
    book: &Book<'_>,
    plans: &[SheetPlan<'_>],
    written: &mut [Written],
) -> Result<(), Failure> {
    for (number, plan) in plans.iter().enumerate() {
        for spec in &plan.sheet.chart {
            let Some(at) = written[number].blocks.get(spec.at.get_ref().as_str()).copied() else { continue };
            let Some(source) = source(spec, plans, written) else { continue };
            let Some(chart) = chart(book, spec, &source)? else { continue };
            let row = match spec.place {
                Place::Above => at.top,
                Place::Beside => at.table,
            };
            let column = spec.column.saturating_sub(1);
            written[number].sheet.insert_chart_with_offset(row, column, &chart, 12, 4)?;
        }
    }
    Ok(())
}

fn source<'s>(spec: &ChartSpec, plans: &'s [SheetPlan<'s>], written: &[Written]) -> Option<Source<'s>> {
    let (sheet, block) = spec.of.get_ref().split_once('.')?;
    let number = plans.iter().position(|plan| plan.sheet.id.get_ref() == sheet)?;
    let extent = *written.get(number)?.blocks.get(block)?;
    let plan = &plans[number];
    let block = plan.blocks.iter().find(|found| found.block.id.get_ref() == block)?;
    (extent.first < extent.end).then_some(Source { plan, block, extent })
}

fn chart(book: &Book<'_>, spec: &ChartSpec, source: &Source<'_>) -> Result<Option<Chart>, Failure> {
    let Some(categories) = source.block.column(spec.categories.get_ref()) else { return Ok(None) };
    let values: Vec<_> = spec
        .values
        .iter()
        .enumerate()
        .filter_map(|(number, id)| Some((number, source.block.column(id.get_ref())?)))
        .collect();
    if values.is_empty() {
        return Ok(None);
    }
    let mut chart = Chart::new(kind(spec.kind));
    let one = spec.values.len() == 1;
    for (number, column) in &values {
        let series = chart.add_series();
        series.set_categories(source.range(categories.at)).set_values(source.range(column.at)).set_gap(60);
        series.set_name(plain(&column.heading).as_str());
        if one {
            let points =
                spec.colours.iter().map(|colour| ChartPoint::new().set_format(&mut fill(colour.get_ref())));
            series.set_points(&points.collect::<Vec<_>>());
            if source.rows() <= MOST_LABELLED {
                series.set_data_label(ChartDataLabel::new().show_value().set_num_format("#,##0"));
            }
        } else if let Some(colour) = spec.colours.get(*number) {
            series.set_format(&mut fill(colour.get_ref()));
        }
    }
    dress(&mut chart, spec, one, &Code::new(book.environment, &spec.title)?.text(book.scope)?);
    if let Some(format) = category_format(book, spec, categories) {
        let mut small = ChartFont::new();
        chart.x_axis().set_num_format(format.as_str()).set_font(small.set_size(8).set_rotation(-45));
    }
    Ok(Some(chart))
}

/// How the names of points are written where they are times.
fn category_format(book: &Book<'_>, spec: &ChartSpec, categories: &ColumnPlan<'_>) -> Option<String> {
    let usual = || book.environment.words().phrase("format.sheet.minute", &[]);
    spec.category_format.clone().or_else(|| (categories.column.kind == Kind::Time).then(usual))
}

/// Title, legend, axes and size.
fn dress(chart: &mut Chart, spec: &ChartSpec, one: bool, title: &str) {
    let mut font = ChartFont::new();
    chart.title().set_name(plain(title).as_str()).set_font(font.set_bold().set_size(12));
    if one && spec.kind != ChartKind::Doughnut {
        chart.legend().set_hidden();
    } else {
        chart.legend().set_position(ChartLegendPosition::Bottom);
    }
    let mut grid = ChartLine::new();
    grid.set_color(Color::RGB(GRID));
    if spec.kind == ChartKind::Bar {
        // Bars lie: their categories are on the upright axis, the first row on top.
        chart.x_axis().set_major_gridlines_line(&grid).set_num_format("#,##0");
        chart.y_axis().set_reverse().set_major_gridlines(false);
    } else {
        chart.y_axis().set_major_gridlines_line(&grid).set_num_format("#,##0");
        // Points stand in the order of their rows; an axis of dates would put those of a day in one place.
        chart.x_axis().set_text_axis(true);
    }
    chart.set_width(spec.width).set_height(spec.height);
    chart.set_alt_text(text::short(title, LONGEST_TITLE));
}

impl Source<'_> {
    fn rows(&self) -> u32 {
        self.extent.end - self.extent.first
    }

    /// The cells of a column.
    fn range(&self, column: u16) -> (&str, u32, u16, u32, u16) {
        (&self.plan.name, self.extent.first, column, self.extent.end - 1, column)
    }
}

fn kind(kind: ChartKind) -> ChartType {
    match kind {
        ChartKind::Column => ChartType::Column,
        ChartKind::Bar => ChartType::Bar,
        ChartKind::StackedColumn => ChartType::ColumnStacked,
        ChartKind::Line => ChartType::Line,
        ChartKind::Doughnut => ChartType::Doughnut,
    }
}

fn fill(colour: &str) -> ChartFormat {
    let mut format = ChartFormat::new();
    format.set_solid_fill(ChartSolidFill::new().set_color(style::declared(colour)));
    format
}

/// A text that a chart does not take for a range of cells.
fn plain(text: &str) -> String {
    let line = text::short(text, LONGEST_TITLE).replace('!', "! ");
    if line.starts_with('=') { format!(" {line}") } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_a_range() {
        for (text, expected) in [
            ("=Sheet1!$A$1", " =Sheet1! $A$1"),
            ("Sheet1!A1:B2", "Sheet1! A1:B2"),
            ("=(A!A1,A!A2)", " =(A! A1,A! A2)"),
            ("=T[x]", " =T[x]"),
            ("Rows by severity", "Rows by severity"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }
}
