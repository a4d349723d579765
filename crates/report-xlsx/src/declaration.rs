//! What a pack declares of its workbook.

use serde::Deserialize;
use toml::Spanned;

/// The sheets of a workbook.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Declaration {
    pub(crate) sheet: Vec<Sheet>,
}

/// One sheet: lines of labels and values, or a table with a row for each element of a list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sheet {
    /// The name on the tab.
    pub(crate) name: String,
    /// Text above everything; an expression.
    pub(crate) title: Option<Spanned<String>>,
    /// Labels and values above the table.
    #[serde(default)]
    pub(crate) fact: Vec<Fact>,
    /// The list of the table's rows; an expression.
    pub(crate) rows: Option<Spanned<String>>,
    /// Which rows of the list are in it; an expression over `row`.
    pub(crate) only: Option<Spanned<String>>,
    /// A second list for each row, of which each element makes a row as `item`; an expression over `row`.
    pub(crate) each: Option<Spanned<String>>,
    /// The option of the pack that caps the rows.
    pub(crate) cap: Option<String>,
    /// The columns of the table.
    #[serde(default)]
    pub(crate) column: Vec<Column>,
    /// Charts over the table's columns.
    #[serde(default)]
    pub(crate) chart: Vec<ChartSpec>,
}

/// A label with a value.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fact {
    pub(crate) label: String,
    pub(crate) value: Spanned<String>,
}

/// A column of a table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Column {
    /// The heading.
    pub(crate) heading: String,
    /// The value; an expression over `row` (and `item`).
    pub(crate) value: Spanned<String>,
    /// The width in characters.
    #[serde(default = "default_width")]
    pub(crate) width: f64,
    /// Whether long text is broken into lines.
    #[serde(default)]
    pub(crate) wrap: bool,
    /// Whether the words are severities and get their colours.
    #[serde(default)]
    pub(crate) severity: bool,
}

/// A chart.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChartSpec {
    /// The text above it.
    pub(crate) title: String,
    /// `column`, `bar` or `stacked`.
    pub(crate) kind: ChartKind,
    /// The heading of the column with the categories.
    pub(crate) categories: String,
    /// The headings of the columns with the values.
    pub(crate) values: Vec<String>,
}

/// The kinds of charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ChartKind {
    /// Standing bars.
    Column,
    /// Lying bars.
    Bar,
    /// Standing bars on top of each other.
    Stacked,
}

fn default_width() -> f64 {
    14.0
}

impl Declaration {
    /// Reads a declaration.
    ///
    /// # Errors
    /// What is wrong in it, and where.
    pub(crate) fn parse(source: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(source)
    }
}
