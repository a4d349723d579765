//! What containers may hold at most, so that a small file can not take all memory, disk or time.

use crate::container::ContainerError;

/// What containers may hold at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many times its size a container may expand to, beyond [`Limits::free`]. Honest logs compress 20 to 100 times;
    /// deflate can not do more than 1,032.
    pub ratio: u64,
    /// Bytes that may be expanded at any ratio: a small file of equal lines is no bomb.
    pub free: u64,
    /// Entries in an archive, those of archives within it included.
    pub entries: u64,
    /// Bytes that an archive may expand to, those of archives within it included.
    pub expanded: u64,
    /// Containers around an export.
    pub depth: usize,
    /// Bytes of containers within a container or on a pipe, which are kept in memory or in a file without a name.
    pub inner: u64,
    /// Bytes that one part of a workbook may expand to.
    pub part: u64,
    /// Bytes that the table of a workbook's texts may expand to; it is held in memory.
    pub texts: u64,
    /// Sheets of a workbook.
    pub sheets: u64,
    /// Rows of a sheet.
    pub rows: u64,
    /// Cells of a workbook, those that are left out between others included.
    pub cells: u64,
    /// Bytes of text in one row of a sheet.
    pub row_text: u64,
    /// Bytes of text in a workbook.
    pub text: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            ratio: 400,
            free: 64 << 20,
            entries: 10_000,
            expanded: 1 << 40,
            depth: 2,
            inner: 4 << 30,
            part: 1 << 30,
            texts: 256 << 20,
            sheets: 256,
            rows: 1 << 20,
            cells: 1 << 26,
            row_text: 16 << 20,
            text: 2 << 30,
        }
    }
}

impl Limits {
    /// Checks how far a container expands.
    pub(crate) fn check_ratio(&self, packed: u64, expanded: u64) -> Result<(), ContainerError> {
        if expanded > self.free && expanded > packed.saturating_mul(self.ratio) {
            return Err(ContainerError::Ratio { limit: self.ratio, free: self.free });
        }
        Ok(())
    }
}

/// What one file may still expand to: counted over the archives in it, in the order of their entries, from what their
/// directories say. An entry that holds more than that is not read on.
#[derive(Clone, Debug)]
pub struct Budget {
    /// The limits.
    pub limits: Limits,
    size: u64,
    entries: u64,
    expanded: u64,
    kept: u64,
}

impl Budget {
    /// The budget of a file of so many bytes.
    pub fn new(limits: Limits, size: u64) -> Self {
        Budget { limits, size, entries: 0, expanded: 0, kept: 0 }
    }

    /// Takes the entries of an archive.
    ///
    /// # Errors
    /// There are more than the file may hold.
    pub(crate) fn take_entries(&mut self, entries: u64) -> Result<(), ContainerError> {
        let all = self.entries.saturating_add(entries);
        if all > self.limits.entries {
            return Err(ContainerError::Entries { entries: all, limit: self.limits.entries });
        }
        self.entries = all;
        Ok(())
    }

    /// Takes the bytes that the entries of an archive expand to.
    ///
    /// # Errors
    /// There are more than the file may hold, in all or for its size.
    pub(crate) fn take_expanded(&mut self, bytes: u64) -> Result<(), ContainerError> {
        let all = self.expanded.saturating_add(bytes);
        if all > self.limits.expanded {
            return Err(ContainerError::Expanded { limit: self.limits.expanded });
        }
        self.limits.check_ratio(self.size, all)?;
        self.expanded = all;
        Ok(())
    }

    /// How many bytes of inner containers may still be kept.
    pub fn keepable(&self) -> u64 {
        self.limits.inner.saturating_sub(self.kept)
    }

    /// Takes the bytes of an inner container that is kept.
    pub fn keep(&mut self, bytes: u64) {
        self.kept = self.kept.saturating_add(bytes);
    }

    /// The limits of one of so many streams within the file, the sizes of which no directory tells: they share what may be
    /// expanded at any ratio.
    pub fn of_stream(&self, streams: u64) -> Limits {
        Limits { free: (self.limits.free / streams.max(1)).max(1 << 20), ..self.limits }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_one_budget_for_all_archives_in_it() {
        let limits = Limits { ratio: 10, free: 100, entries: 5, expanded: 10_000, ..Limits::default() };
        let mut budget = Budget::new(limits, 50);
        assert_eq!(budget.take_entries(3), Ok(()));
        assert_eq!(budget.take_entries(3), Err(ContainerError::Entries { entries: 6, limit: 5 }));
        assert_eq!(budget.take_entries(2), Ok(()), "what was refused does not count");
        assert_eq!(budget.take_expanded(500), Ok(()));
        assert_eq!(budget.take_expanded(1), Err(ContainerError::Ratio { limit: 10, free: 100 }));
        assert_eq!(budget.take_expanded(10_000), Err(ContainerError::Expanded { limit: 10_000 }));
        let mut tiny = Budget::new(limits, 1);
        assert_eq!(tiny.take_expanded(100), Ok(()), "a small file may expand at any ratio");
    }
}
