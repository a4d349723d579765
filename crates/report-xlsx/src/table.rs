//! Lists with filters as tables: what a spreadsheet sorts, filters and names as a whole.
//!
//! The library looks at every cell of a table, which takes long for long lists. So it gets the headings and one row, and the
//! table's extent is put right where the workbook is put together.

use crate::plan::BlockPlan;
use crate::style::Styles;
use crate::text;
use crate::xml;
use rust_xlsxwriter::{Table, TableColumn, TableStyle};
use std::collections::BTreeSet;

/// The longest heading of a table's column, in UTF-16 units.
const LONGEST_HEADING: usize = 255;

/// The extent of a table, as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    name: String,
    extent: String,
}

/// The name of a sheet's table: letters, digits and underscores, and none that could be the name of a cell.
pub(crate) fn name(sheet: &str, number: usize) -> String {
    let clean: String = sheet.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let start = if clean.starts_with(|c: char| c.is_ascii_alphabetic()) { "" } else { "_" };
    format!("{start}{clean}_{number}")
}

/// The table of a block; none where its headings can not be those of a table, which are all there and all different.
pub(crate) fn of(block: &BlockPlan<'_>, name: &str, styles: &Styles) -> Option<Table> {
    let mut seen = BTreeSet::new();
    let mut columns = Vec::new();
    for column in &block.columns {
        let heading = text::short(&column.heading, LONGEST_HEADING);
        let is_own = heading == column.heading && !heading.trim().is_empty() && !heading.contains('\n');
        if column.column.span > 1 || !is_own || !seen.insert(heading.to_lowercase()) {
            return None;
        }
        columns.push(
            TableColumn::new().set_header(heading).set_header_format(styles.heading_of(column.column.kind)),
        );
    }
    Some(Table::new().set_name(name).set_style(TableStyle::None).set_columns(&columns))
}

impl Stretch {
    /// A table from its row of headings to its last row, both from 0, so many columns wide.
    pub(crate) fn new(name: String, headings: u32, last: u32, wide: u16) -> Self {
        let column = xml::letters(wide.saturating_sub(1));
        Stretch { name, extent: format!("A{}:{column}{}", headings + 1, last + 1) }
    }

    /// The part of a table with this extent, where it is the part of this table.
    pub(crate) fn stretched(&self, part: &str) -> Option<String> {
        if !part.contains(&format!(" displayName=\"{}\"", self.name)) {
            return None;
        }
        let (before, rest) = part.split_once(" ref=\"")?;
        let (extent, _) = rest.split_once('"')?;
        let old = format!(" ref=\"{extent}\"");
        Some(before.to_owned() + &part[before.len()..].replace(&old, &format!(" ref=\"{}\"", self.extent)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_no_cells_and_extents_are_put_right() {
        assert_eq!(name("incidents", 2), "incidents_2");
        assert_eq!(name("a-1 ü", 3), "a_1___3");
        assert_eq!(name("9", 1), "_9_1");
        let stretch = Stretch::new("findings_3".to_owned(), 2, 50_002, 51);
        let part = "<table id=\"1\" name=\"findings_3\" displayName=\"findings_3\" ref=\"A3:AY4\"><autoFilter ref=\"A3:AY4\"/>";
        let expected = part.replace("A3:AY4", "A3:AY50003");
        assert_eq!(stretch.stretched(part), Some(expected));
        assert_eq!(stretch.stretched(&part.replace("findings_3", "findings_33")), None);
    }
}
