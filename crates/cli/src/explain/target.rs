//! Which row is meant: `FILE:RECORD`.

use std::path::{Path, PathBuf};

/// A record of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// The input: a path, which may go on within an archive, or its name in the report.
    pub(super) file: String,
    /// The record's number as it was given; one that no input can have where it is too large for any.
    pub(super) record: u64,
}

impl Target {
    /// Reads `FILE:RECORD`.
    ///
    /// # Errors
    /// What is wrong with it, with a hint.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let hint = "hint: name the input, a colon and the number of its record, such as export.csv:12";
        let (file, record) = text.rsplit_once(':').unwrap_or((text, ""));
        let digits = !record.is_empty() && record.bytes().all(|byte| byte.is_ascii_digit());
        if file.is_empty() || !digits {
            return Err(format!("{text:?} is not FILE:RECORD\n{hint}"));
        }
        Ok(Target { file: file.to_owned(), record: record.parse().unwrap_or(u64::MAX) })
    }
}

/// What is on disk of a name: the file itself, or the archive that it goes on in; `-` is standard input.
pub(super) fn on_disk(name: &str) -> Option<PathBuf> {
    if name == "-" {
        return Some(PathBuf::from("-"));
    }
    let is_file = |path: &&Path| path.metadata().is_ok_and(|meta| !meta.is_dir());
    Path::new(name).ancestors().find(is_file).map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_records() {
        for (text, expected) in [
            ("a.csv:1", Some(("a.csv", 1))),
            ("x/a.zip/b.csv:0012", Some(("x/a.zip/b.csv", 12))),
            ("c:\\logs\\a.csv:7", Some(("c:\\logs\\a.csv", 7))),
            ("-:3", Some(("-", 3))),
            ("a:b:0", Some(("a:b", 0))),
            ("a.csv:99999999999999999999999", Some(("a.csv", u64::MAX))),
            ("a.csv", None),
            ("a.csv:", None),
            (":1", None),
            ("a.csv:-1", None),
            ("a.csv:+1", None),
            ("a.csv:1x", None),
            ("a.csv:１", None),
            ("", None),
        ] {
            let target = expected.map(|(file, record)| Target { file: file.to_owned(), record });
            assert_eq!(Target::parse(text).ok(), target, "{text}");
        }
    }

    #[test]
    fn names_go_on_within_files_on_disk() {
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("a.zip");
        std::fs::write(&archive, "x").unwrap();
        let name = |tail: &str| archive.join(tail).display().to_string();
        assert_eq!(on_disk(&archive.display().to_string()), Some(archive.clone()));
        assert_eq!(on_disk(&name("b.csv")), Some(archive.clone()));
        assert_eq!(on_disk(&name("b.zip/c.csv")), Some(archive.clone()));
        assert_eq!(on_disk(&folder.path().join("b.csv").display().to_string()), None);
        assert_eq!(on_disk(&folder.path().display().to_string()), None);
    }
}
