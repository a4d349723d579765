//! Texts that stand once in the file and by their number in cells: labels, which very many cells have.

use crate::code::Code;
use crate::plan::{BlockPlan, ColumnPlan, SheetPlan};
use crate::{stream, text};
use rust_xlsxwriter::Workbook;
use std::collections::BTreeMap;

/// The numbers of the texts that cells of long lists share.
#[derive(Debug, Default)]
pub(crate) struct Shared(BTreeMap<String, u32>);

impl Shared {
    /// Makes the labels of long lists the first texts of a workbook.
    pub(crate) fn register(plans: &[SheetPlan<'_>], workbook: &mut Workbook) -> Self {
        let mut shared = Shared::default();
        for block in plans.iter().flat_map(|plan| &plan.blocks).filter(|block| can_share(block)) {
            for label in block.columns.iter().flat_map(labels) {
                let next = u32::try_from(shared.0.len()).unwrap_or(u32::MAX);
                shared.0.entry(label).or_insert_with_key(|label| {
                    workbook.populate_string_table(label, next);
                    next
                });
            }
        }
        shared
    }

    /// The labels of a column with their numbers.
    pub(crate) fn of(&self, block: &BlockPlan<'_>, column: &ColumnPlan<'_>) -> Vec<(String, u32)> {
        if !can_share(block) {
            return Vec::new();
        }
        let number = |label: String| self.0.get(&label).copied().map(|number| (label, number));
        labels(column).filter_map(number).collect()
    }
}

/// Whether the cells of a block can share texts: the file has a table of them only if the library writes a text too.
fn can_share(block: &BlockPlan<'_>) -> bool {
    let headed = block.block.headings && block.columns.iter().any(|column| !column.heading.is_empty());
    headed && block.rows.is_some() && stream::fits(block)
}

/// The labels of a column that a cell can hold as they are.
fn labels(column: &ColumnPlan<'_>) -> impl Iterator<Item = String> {
    let labels = column.value.iter().flat_map(Code::labels);
    labels.filter(|label| text::is_plain(label) && label.len() < text::LONGEST && !text::looks_typed(label))
}
