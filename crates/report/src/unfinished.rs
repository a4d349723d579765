//! Files that have no final name yet, so that a process that is told to end takes them along.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::NamedTempFile;

/// The temporary names of what this process is writing.
static NAMES: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A temporary name that is on the list until this is dropped.
#[derive(Debug)]
pub(crate) struct Unfinished(PathBuf);

/// Makes a temporary file and puts its name on the list in one step, so that none can be missed.
pub(crate) fn begin(
    make: impl FnOnce() -> io::Result<NamedTempFile>,
) -> io::Result<(NamedTempFile, Unfinished)> {
    let mut names = names();
    let file = make()?;
    names.insert(file.path().to_owned());
    let unfinished = Unfinished(file.path().to_owned());
    Ok((file, unfinished))
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        names().remove(&self.0);
    }
}

/// Removes every file that is being written, for a process that ends now: from here on no file is begun and none that was
/// under way is told to be finished, since whoever tries waits for ever. What has its final name stays.
pub fn abandon_unfinished() {
    let names = names();
    for name in names.iter() {
        // Nothing is left to be done about one that can not be removed.
        _ = fs::remove_file(name);
    }
    std::mem::forget(names);
}

fn names() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    NAMES.lock().unwrap_or_else(PoisonError::into_inner)
}
