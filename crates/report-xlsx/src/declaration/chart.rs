//! Charts, as a pack declares them.

use super::{Expr, one};
use serde::Deserialize;
use toml::Spanned;

/// A chart over columns of a block.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChartSpec {
    pub(crate) title: Expr,
    pub(crate) kind: ChartKind,
    /// The block, as `sheet.block`.
    pub(crate) of: Spanned<String>,
    /// The id of the column that names the points.
    pub(crate) categories: Spanned<String>,
    /// How a time is written where it names a point; without it as the report's language writes times to the minute.
    pub(crate) category_format: Option<String>,
    /// The ids of the columns that hold the points.
    pub(crate) values: Vec<Spanned<String>>,
    /// The colours: of the points if there is one column, else of the columns.
    #[serde(default)]
    pub(crate) colours: Vec<Spanned<String>>,
    /// The block of its own sheet that it stands above or beside.
    pub(crate) at: Spanned<String>,
    #[serde(default)]
    pub(crate) place: Place,
    /// The column of the sheet that it starts in, from 1.
    #[serde(default = "one")]
    pub(crate) column: u16,
    /// In pixels.
    #[serde(default = "usual_chart_width")]
    pub(crate) width: u32,
    /// In pixels.
    #[serde(default = "usual_chart_height")]
    pub(crate) height: u32,
}

/// Where a chart stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Place {
    /// Its upper edge is the block's.
    #[default]
    Beside,
    /// In rows of its own.
    Above,
}

/// The kinds of charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ChartKind {
    Column,
    Bar,
    StackedColumn,
    Line,
    Doughnut,
}

fn usual_chart_width() -> u32 {
    520
}

fn usual_chart_height() -> u32 {
    280
}
