//! Zip archives: each entry that looks like an export is opened in its turn.

use super::{Item, Opened, Opener};
use crate::bytes::Bytes;
use crate::discover::is_export;
use crate::source::Origin;
use ringback_parse::container::{Budget, ContainerError, Entry, Listing, Names, list};
use std::io::BufReader;
use std::path::Path;

impl Opener {
    /// Takes an archive or a workbook.
    pub(super) fn zip(&self, item: Item, budget: &mut Budget, opened: &mut Opened) {
        let bytes = match &item.from {
            Origin::Bytes(bytes) => Ok(bytes.clone()),
            _ => self.kept(&item, budget),
        };
        let listed = bytes.and_then(|bytes| {
            let listing = list(BufReader::new(bytes.open(0)?), budget)?;
            Ok((bytes, listing))
        });
        match listed {
            Ok((bytes, listing)) if listing.is_workbook => {
                self.workbook(item.in_one_more("xlsx"), &bytes, &listing, budget, opened);
            }
            Ok((bytes, listing)) => self.entries(item.in_one_more("zip"), &bytes, listing, budget, opened),
            Err(error) => opened.sources.push(item.in_one_more("zip").unreadable(&error)),
        }
    }

    fn entries(&self, item: Item, bytes: &Bytes, listing: Listing, budget: &mut Budget, opened: &mut Opened) {
        let before = opened.sources.len();
        let mut names = Names::default();
        let (exports, others): (Vec<Entry>, Vec<Entry>) =
            listing.entries.into_iter().partition(|entry| looks_like_export(&entry.name));
        opened.ignored.extend(others.iter().map(|entry| item.path.join(&entry.name)));
        let streams = exports.len() as u64;
        for entry in exports {
            let name = names.unique(&entry.name);
            let size = entry.fault.is_none().then_some(entry.size);
            let from = Origin::Entry(bytes.clone(), Box::new(entry));
            self.open(item.inner(&name, size, from), budget, streams, opened);
        }
        if opened.sources.len() == before {
            opened.sources.push(item.unreadable(&ContainerError::NoExports));
        }
    }
}

/// Whether an entry looks like an export: by its ending, as in folders, and not in the folder in which a Mac keeps what
/// belongs to files.
fn looks_like_export(name: &str) -> bool {
    let hidden = name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
    !hidden && is_export(Path::new(name))
}
