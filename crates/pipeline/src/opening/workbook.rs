//! Workbooks: each sheet with rows is an input. Its rows are kept as text.

use super::{Item, Opened, Opener};
use crate::bytes::Bytes;
use crate::source::{Origin, Source};
use ringback_parse::container::{Budget, ContainerError, Limits, Listing, Names, Workbook, harmless_part};
use std::io::{self, BufReader};

impl Opener {
    /// Takes the sheets of a workbook.
    pub(super) fn workbook(
        &self,
        item: Item,
        bytes: &Bytes,
        listing: &Listing,
        budget: &mut Budget,
        opened: &mut Opened,
    ) {
        match self.sheets(&item, bytes, listing, budget) {
            Ok(sheets) if sheets.is_empty() => {
                opened.sources.push(item.unreadable(&ContainerError::NoExports));
            }
            Ok(sheets) => opened.sources.extend(sheets),
            Err(error) => opened.sources.push(item.unreadable(&error)),
        }
    }

    fn sheets(
        &self,
        item: &Item,
        bytes: &Bytes,
        listing: &Listing,
        budget: &mut Budget,
    ) -> io::Result<Vec<Source>> {
        let limits = Limits { text: budget.limits.text.min(budget.keepable()), ..budget.limits };
        let mut workbook = Workbook::open(BufReader::new(bytes.open(0)?), listing, limits)?;
        let mut names = Names::default();
        let mut sheets = Vec::new();
        for sheet in workbook.sheets() {
            let (text, outcome) = self.store.keep(|out| workbook.write(&sheet, out))?;
            budget.keep(text.len());
            let from = match outcome {
                Ok(()) if text.len() == 0 => continue,
                Ok(()) => Origin::Bytes(text),
                Err(error) => Origin::CutShort(text, error.to_string()),
            };
            let name = names.unique(&harmless_part(&sheet));
            let mut source = item.inner(&name, item.size, from).source();
            source.original = Some(Origin::Bytes(bytes.clone()));
            sheets.push(source);
        }
        Ok(sheets)
    }
}
