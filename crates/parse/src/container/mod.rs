//! Containers: what holds an export without being one. Gzip and zip, workbooks, and what is only recognised.
//!
//! Nothing here opens a file or asks the system for anything: bytes come in through readers, and names that stand in an
//! archive are names and never paths. Each cap has its number in [`Limits`] and its name in [`ContainerError`].

mod archive;
mod cells;
mod entry;
mod error;
mod gzip;
mod kind;
mod limits;
mod names;
mod workbook;

pub use archive::{Listing, list};
pub use entry::{Entry, EntryReader};
pub use error::ContainerError;
pub use gzip::Gunzip;
pub use kind::{Kind, LONGEST_MAGIC, kind};
pub use limits::{Budget, Limits};
pub use names::{Names, harmless, harmless_part};
pub use workbook::Workbook;
