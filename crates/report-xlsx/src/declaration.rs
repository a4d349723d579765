//! What a pack declares of its workbook, as it is written in TOML.
//!
//! Every [`Expr`] is an expression of the template language over the report, so that figures and times keep their type.

mod chart;
mod picture;

pub(crate) use chart::{ChartKind, ChartSpec, Place};
pub(crate) use picture::PictureSpec;

use crate::failure::Failure;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The version of this format.
pub(crate) const SCHEMA: u32 = 1;

/// The source of an expression, with its place in the file.
pub(crate) type Expr = Spanned<String>;

/// A workbook.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Declaration {
    /// The version of the format: [`SCHEMA`].
    pub(crate) schema: Spanned<u32>,
    /// The colour of headings, `#rrggbb`.
    pub(crate) accent: Option<Expr>,
    /// The text of the row that stands for the rows that a cap left out; sees their number as `n`.
    pub(crate) more: Option<Expr>,
    /// The mark at the end of a text that was too long for a cell; sees the number of characters left out as `n`.
    pub(crate) cut: Option<Expr>,
    /// The document's properties.
    #[serde(default)]
    pub(crate) properties: Properties,
    /// What all sheets print.
    #[serde(default)]
    pub(crate) page: Page,
    /// Colours by word.
    #[serde(default)]
    pub(crate) palette: BTreeMap<String, Palette>,
    /// The sheets, in order.
    pub(crate) sheet: Vec<Sheet>,
}

/// The document's properties.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Properties {
    pub(crate) title: Option<Expr>,
    pub(crate) subject: Option<Expr>,
    pub(crate) author: Option<Expr>,
    pub(crate) company: Option<Expr>,
    pub(crate) comment: Option<Expr>,
}

/// What all sheets print.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    #[serde(default)]
    pub(crate) paper: Paper,
    #[serde(default)]
    pub(crate) header: Margin,
    /// Where it says nothing on the right, there is the number of the page.
    #[serde(default)]
    pub(crate) footer: Margin,
}

/// The size of paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Paper {
    #[default]
    A4,
    A3,
    Letter,
}

/// The three parts of a header or footer.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Margin {
    pub(crate) left: Option<Expr>,
    pub(crate) centre: Option<Expr>,
    pub(crate) right: Option<Expr>,
}

/// Colours for the words of a vocabulary. They are conditional formats, so that a cell that is changed by hand changes its
/// colour.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Palette {
    /// How the word is written in cells; sees it as `word`.
    pub(crate) label: Expr,
    pub(crate) words: BTreeMap<String, Tone>,
}

/// The colours of a word.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tone {
    pub(crate) fill: Spanned<String>,
    pub(crate) ink: Spanned<String>,
}

/// A sheet: blocks below each other.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sheet {
    /// What links and charts call it.
    pub(crate) id: Spanned<String>,
    /// The text on its tab.
    pub(crate) name: Expr,
    /// Whether it is made at all.
    pub(crate) when: Option<Expr>,
    /// A large text on top.
    pub(crate) title: Option<Expr>,
    /// Lines below the title.
    #[serde(default)]
    pub(crate) note: Vec<Expr>,
    /// The colour of its tab, `#rrggbb`.
    pub(crate) tab: Option<Spanned<String>>,
    /// Widths of the sheet's columns in characters; those of the blocks' columns where there is none.
    #[serde(default)]
    pub(crate) widths: Vec<f64>,
    /// Whether the rows down to the first block's heading stay in sight, and are printed on every page.
    #[serde(default)]
    pub(crate) freeze: bool,
    /// How many columns stay in sight, and are printed on every page.
    #[serde(default)]
    pub(crate) freeze_columns: u16,
    /// Whether it is written after the others, so that it sees what became of them as `sheets`.
    #[serde(default)]
    pub(crate) last: bool,
    /// Whether the lines between cells are shown on the screen.
    #[serde(default)]
    pub(crate) gridlines: bool,
    /// Whether paper stands upright.
    #[serde(default)]
    pub(crate) portrait: bool,
    /// How many pages beside each other it is printed on.
    #[serde(default = "one")]
    pub(crate) pages_wide: u16,
    /// How many pages below each other it is printed on; 0 for as many as it takes.
    #[serde(default)]
    pub(crate) pages_high: u16,
    pub(crate) block: Vec<Block>,
    #[serde(default)]
    pub(crate) chart: Vec<ChartSpec>,
    #[serde(default)]
    pub(crate) picture: Vec<PictureSpec>,
}

/// A table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Block {
    /// What links and charts call it.
    pub(crate) id: Spanned<String>,
    /// Whether it is made at all.
    pub(crate) when: Option<Expr>,
    /// The text above it.
    pub(crate) title: Option<Expr>,
    /// Lines below the title.
    #[serde(default)]
    pub(crate) note: Vec<Expr>,
    /// The list that has a row for each element.
    pub(crate) rows: Option<Expr>,
    /// What expressions call the element.
    #[serde(default = "row")]
    pub(crate) r#as: String,
    /// Which elements have a row.
    pub(crate) only: Option<Expr>,
    /// A list in each element, that has a row for each element of its own.
    pub(crate) inner: Option<Expr>,
    /// What expressions call the inner element.
    #[serde(default = "item")]
    pub(crate) inner_as: String,
    /// The most rows; the others are counted.
    pub(crate) cap: Option<Expr>,
    /// What links to a row name it by. A link leads to the first row of its name.
    pub(crate) anchor: Option<Expr>,
    /// Rows that are written out: an expression for each column.
    #[serde(default)]
    pub(crate) lines: Vec<Vec<Expr>>,
    /// What stands there if there is no row.
    pub(crate) empty: Option<Expr>,
    /// Whether there is a row of headings.
    #[serde(default = "yes")]
    pub(crate) headings: bool,
    /// Whether the headings carry filters. A sheet has them on one block.
    #[serde(default)]
    pub(crate) filter: bool,
    pub(crate) columns: Vec<Column>,
}

/// A column of a block.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Column {
    /// What charts call it.
    #[serde(default)]
    pub(crate) id: String,
    pub(crate) heading: Option<Expr>,
    /// The value of a cell; of no use where the block has `lines`.
    pub(crate) value: Option<Expr>,
    /// Whether it is made at all.
    pub(crate) when: Option<Expr>,
    #[serde(default)]
    pub(crate) kind: Kind,
    /// A number format instead of the kind's.
    pub(crate) format: Option<String>,
    /// In characters.
    #[serde(default = "usual_width")]
    pub(crate) width: f64,
    /// How many columns of the sheet it takes.
    #[serde(default = "one")]
    pub(crate) span: u16,
    /// Whether long text goes on in the next line of the cell.
    #[serde(default)]
    pub(crate) wrap: bool,
    /// The most lines that wrapped text makes its row high, where it takes one column: those who want to read on can make the
    /// row higher.
    #[serde(default = "usual_lines")]
    pub(crate) lines: u32,
    #[serde(default)]
    pub(crate) bold: bool,
    /// The palette that colours it.
    pub(crate) palette: Option<Spanned<String>>,
    pub(crate) link: Option<Link>,
}

/// What the values of a column are. A value of another kind is an error, so that a pack notices; nothing at all is fine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// What they happen to be.
    #[default]
    Any,
    /// Text; numbers are written out.
    Text,
    /// A number.
    Number,
    /// A share, from 0 to 1.
    Percent,
    /// A date and time, in the report's time zone.
    Time,
    /// A date, in the report's time zone.
    Date,
}

/// Where a column's cells lead to: always a cell of the same workbook.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Link {
    /// The id of the sheet whose first block has an `anchor`.
    pub(crate) to: Option<Spanned<String>>,
    /// The name of the row, or without `to` the id of a sheet.
    pub(crate) key: Expr,
}

fn one() -> u16 {
    1
}

fn yes() -> bool {
    true
}

fn row() -> String {
    "row".to_owned()
}

fn item() -> String {
    "item".to_owned()
}

fn usual_width() -> f64 {
    14.0
}

fn usual_lines() -> u32 {
    12
}

impl Declaration {
    /// Reads a declaration and sees to it that it fits together.
    ///
    /// # Errors
    ///
    /// It is not TOML, has unknown keys, or names what is not there.
    pub(crate) fn read(source: &str) -> Result<Self, Failure> {
        let declared: Declaration = toml::from_str(source).map_err(|error| {
            let hint = crate::failure::nearest_key(error.message());
            Failure { message: error.message().to_owned(), at: error.span().map(|span| span.start), hint }
        })?;
        crate::fit::check(&declared)?;
        Ok(declared)
    }
}
