//! Long lists, written beside the library: stretch by stretch, by several threads, compressed at once. As
//! [`cell`](crate::cell), it hands values of the report to the file as text that stays text.

use crate::book::Book;
use crate::content::{self, Content};
use crate::failure::Failure;
use crate::links::Budget;
use crate::package::Piece;
use crate::plan::{BlockPlan, ColumnPlan, SheetPlan};
use crate::rows::{Counted, Stretch};
use crate::style::{Look, StyleId};
use crate::text;
use crate::xml::{self, RowWriter};
use rayon::prelude::*;
use ringback_template::Scope;

/// The rows of a list, ready for the file.
#[derive(Debug)]
pub(crate) struct Streamed {
    /// The row that the first of them is, from 0.
    pub(crate) first: u32,
    /// The row after the last one.
    pub(crate) end: u32,
    /// The column after the last one.
    pub(crate) wide: u16,
    pub(crate) pieces: Vec<Piece>,
    /// The links from their cells, as the file has them.
    pub(crate) links: String,
    /// The texts that were too long for a cell.
    pub(crate) cut: u64,
    /// The cells whose text stands in the file's table.
    pub(crate) shared: u64,
}

/// Whether a block's rows can be written so: the library makes one cell of several.
pub(crate) fn fits(block: &BlockPlan<'_>) -> bool {
    block.columns.iter().all(|column| column.column.span == 1)
}

/// Writes the rows of a list from a row on.
pub(crate) fn write(
    book: &Book<'_>,
    plan: &SheetPlan<'_>,
    block: &BlockPlan<'_>,
    counted: &Counted<'_>,
    first: u32,
    links: &mut Budget,
) -> Result<Streamed, Failure> {
    let shown = u32::try_from(counted.tally.shown).unwrap_or(u32::MAX);
    let linking = block.columns.iter().filter(|column| column.key.is_some()).count();
    let linking = u32::try_from(linking).unwrap_or(u32::MAX);
    let linked = links.take(shown.saturating_mul(linking)).checked_div(linking).unwrap_or(0);
    let columns = block.columns.iter().filter(|column| column.value.is_some());
    let list = List {
        book,
        columns: columns.map(|column| Column::of(book, plan, block, column)).collect(),
        counted,
        first,
        linked: u64::from(linked),
    };
    let done: Vec<Result<(Piece, Made), Failure>> = counted
        .stretches
        .par_iter()
        .map_init(RowWriter::default, |rows, one| list.stretch(rows, one))
        .collect();
    let mut streamed = Streamed {
        first,
        end: first + shown,
        wide: block.wide(),
        pieces: Vec::with_capacity(done.len()),
        links: String::new(),
        cut: 0,
        shared: 0,
    };
    for stretch in done {
        let (piece, made) = stretch?;
        streamed.pieces.push(piece);
        streamed.links.push_str(&made.links);
        streamed.cut += made.cut;
        streamed.shared += made.shared;
    }
    Ok(streamed)
}

/// A list in the making.
struct List<'l> {
    book: &'l Book<'l>,
    columns: Vec<Column<'l>>,
    counted: &'l Counted<'l>,
    first: u32,
    /// The rows whose cells may have links.
    linked: u64,
}

/// A column as rows are written with it.
struct Column<'l> {
    plan: &'l ColumnPlan<'l>,
    letters: String,
    styles: Look<StyleId>,
    width: f64,
    /// Texts that stand in the file's table.
    shared: Vec<(String, u32)>,
}

/// What a stretch has besides its rows.
#[derive(Default)]
struct Made {
    links: String,
    cut: u64,
    shared: u64,
}

impl<'l> Column<'l> {
    fn of(book: &Book<'_>, plan: &SheetPlan<'_>, block: &BlockPlan<'_>, column: &'l ColumnPlan<'l>) -> Self {
        Column {
            plan: column,
            letters: xml::letters(column.at),
            styles: book.ids.of(&column.look),
            width: plan.width(column.at, 1),
            shared: book.shared.of(block, column),
        }
    }
}

impl List<'_> {
    /// Writes the rows of a stretch, in the room of those that were written before.
    fn stretch(&self, rows: &mut RowWriter, stretch: &Stretch) -> Result<(Piece, Made), Failure> {
        let mut made = Made::default();
        rows.text.clear();
        self.counted.each(stretch, |number, scope| self.row(rows, &mut made, number, scope))?;
        Ok((Piece::new(rows.text.as_bytes(), false)?, made))
    }

    fn row(&self, rows: &mut RowWriter, made: &mut Made, number: u64, scope: &Scope) -> Result<(), Failure> {
        rows.begin(self.first + u32::try_from(number).unwrap_or(u32::MAX));
        let mut lines = 1;
        for column in &self.columns {
            let Some(code) = &column.plan.value else { continue };
            let content = Content::of(self.book, column.plan, code, code.cell(scope)?, &mut made.cut)?;
            lines = lines.max(content.lines(column.plan, column.width));
            let link = if number < self.linked { self.book.link(column.plan, scope)? } else { None };
            column.write(rows, &content, link.as_deref(), made);
        }
        rows.end(content::height(lines));
        Ok(())
    }
}

impl Column<'_> {
    fn write(&self, rows: &mut RowWriter, content: &Content, link: Option<&str>, made: &mut Made) {
        let (at, styles) = (self.letters.as_str(), &self.styles);
        match content {
            Content::Blank => rows.blank(at, styles.text),
            Content::Number(number) => rows.number(at, styles.number, *number),
            Content::Bool(value) => rows.boolean(at, styles.text, *value),
            Content::Time(time) => rows.number(at, styles.time, time.to_excel()),
            Content::Text(text) => match (link, self.number_of(text)) {
                (Some(link), _) => {
                    rows.string(at, styles.link, text);
                    xml::push_link(&mut made.links, &rows.address(at), link, text);
                }
                (None, Some(number)) => {
                    rows.shared(at, styles.text, number);
                    made.shared += 1;
                }
                (None, None) if text::looks_typed(text) => rows.string(at, styles.typed, text),
                (None, None) => rows.string(at, styles.text, text),
            },
        }
    }

    /// The number of a text that stands in the file's table.
    fn number_of(&self, text: &str) -> Option<u32> {
        self.shared.iter().find(|(shared, _)| shared == text).map(|(_, number)| *number)
    }
}
