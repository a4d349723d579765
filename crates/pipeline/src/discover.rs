//! From paths to inputs.

use crate::error::PipelineError;
use crate::opening::{Opened, Opener, Opening};
use crate::parts::PartFile;
use crate::source::Source;
use rayon::prelude::*;
use ringback_parse::container::harmless_part;
use std::fs::{self, File};
use std::io::{self, Read, stdin};
use std::path::{Component, Path, PathBuf};
use walkdir::WalkDir;

/// Endings of files that are taken for exports when a folder or an archive is read. A file that is named itself is always
/// read. Old workbooks are among them so that it is said that they can not be read.
const ENDINGS: &[&str] = &[
    "cef", "csv", "eml", "gz", "json", "jsonl", "leef", "log", "ndjson", "tally", "tsv", "txt", "xls",
    "xlsm", "xlsx", "zip",
];

/// Characters of a path that make it a pattern, where no such path is there.
const PATTERN: [char; 3] = ['*', '?', '['];

/// What was found.
#[derive(Debug)]
pub struct Discovery {
    /// The inputs, in the order of their names; a pipe that is read once comes first.
    pub sources: Vec<Source>,
    /// Files in folders and archives that do not look like exports, and links that lead nowhere new.
    pub ignored: Vec<PathBuf>,
    /// The folder that names are relative to.
    pub shared: PathBuf,
    /// Files that hold what was counted of other inputs.
    pub(crate) parts: Vec<PartFile>,
}

/// What the paths lead to, before anything is opened.
#[derive(Default)]
struct Named {
    /// Files with their sizes.
    files: Vec<(PathBuf, u64)>,
    /// Pipes that have a path.
    pipes: Vec<PathBuf>,
    /// Whether standard input is one too.
    standard_input: bool,
    ignored: Vec<PathBuf>,
}

/// Finds the inputs of a run. Folders are read to the bottom, in the order of names; links to folders are not followed.
/// Archives and workbooks are taken apart. A path that is not there may be a pattern of paths that are.
///
/// # Errors
/// A path that is not there, a pattern that nothing matches, or no input at all. An input that can not be read is no
/// error here: reading it tells why.
pub fn discover(paths: &[PathBuf], opening: Opening) -> Result<Discovery, PipelineError> {
    discover_in(paths, opening, None)
}

/// The same, with names that are relative to a folder where one is given.
///
/// # Errors
/// The same, and a file that lies elsewhere.
pub(crate) fn discover_in(
    paths: &[PathBuf],
    opening: Opening,
    folder: Option<&Path>,
) -> Result<Discovery, PipelineError> {
    let mut named = Named::default();
    for path in paths {
        if path.as_os_str() == "-" {
            named.standard_input = true;
        } else {
            named.add(path)?;
        }
    }
    named.sort();
    let opener = Opener::new(opening);
    let shared = match folder {
        Some(folder) => named.all_in(folder)?,
        None => common_folder(named.files.iter().map(|(file, _)| file.as_path())),
    };
    let name = |path: &Path| normalised(path.strip_prefix(&shared).unwrap_or(path));
    let mut all: Vec<Opened> =
        named.files.par_iter().map(|(file, size)| opener.file(name(file), file, *size)).collect();
    all.extend(pipes(&named, &opener, &name));
    let (mut sources, mut parts) = (Vec::new(), Vec::new());
    for opened in all {
        sources.extend(opened.sources);
        parts.extend(opened.parts);
        named.ignored.extend(opened.ignored);
    }
    if sources.is_empty() && parts.is_empty() {
        return Err(PipelineError::NothingToRead { paths: paths.to_vec() });
    }
    sources.sort_by(|a: &Source, b| b.leads.cmp(&a.leads).then_with(|| a.name.cmp(&b.name)));
    named.ignored.sort();
    Ok(Discovery { sources, ignored: named.ignored, shared, parts })
}

/// Opens the pipes, one after the other: standard input first, then those with a path.
fn pipes(named: &Named, opener: &Opener, name: &dyn Fn(&Path) -> String) -> Vec<Opened> {
    let mut all = Vec::new();
    if named.standard_input {
        all.push(opener.pipe("-", stdin(), true));
    }
    for path in &named.pipes {
        let input: Box<dyn Read + Send> = match File::open(path) {
            Ok(file) => Box::new(file),
            Err(error) => Box::new(crate::pipe::Failing(Some(error))),
        };
        all.push(opener.pipe(&name(path), input, all.is_empty()));
    }
    all
}

impl Named {
    /// Adds what a path leads to: itself, or, where it is a pattern, what it matches.
    fn add(&mut self, path: &Path) -> Result<(), PipelineError> {
        let absent = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
        let pattern = path.to_str().filter(|text| text.contains(PATTERN));
        match (fs::metadata(path), pattern) {
            (Err(error), Some(pattern)) if absent(&error) => self.add_matches(pattern),
            (meta, _) => self.add_path(path, meta),
        }
    }

    fn add_matches(&mut self, pattern: &str) -> Result<(), PipelineError> {
        let options = glob::MatchOptions {
            case_sensitive: true,
            require_literal_separator: true,
            require_literal_leading_dot: true,
        };
        let wrong = |error: glob::PatternError| PipelineError::Pattern {
            pattern: pattern.to_owned(),
            message: error.to_string(),
        };
        let mut paths = glob::glob_with(pattern, options).map_err(wrong)?.peekable();
        if paths.peek().is_none() {
            return Err(PipelineError::NoMatch { pattern: pattern.to_owned() });
        }
        for path in paths {
            let path = path.map_err(|error| PipelineError::Path {
                path: error.path().to_owned(),
                source: error.into(),
            })?;
            self.add_path(&path, fs::metadata(&path))?;
        }
        Ok(())
    }

    fn add_path(&mut self, path: &Path, meta: io::Result<fs::Metadata>) -> Result<(), PipelineError> {
        let failed = |source| PipelineError::Path { path: path.to_owned(), source };
        let meta = meta.map_err(failed)?;
        let absolute = lexical(&std::path::absolute(path).map_err(failed)?);
        if meta.is_file() {
            self.files.push((absolute, meta.len()));
            return Ok(());
        }
        if !meta.is_dir() {
            self.pipes.push(absolute);
            return Ok(());
        }
        for entry in WalkDir::new(&absolute).sort_by_file_name() {
            let entry = entry.map_err(|error| failed(error.into()))?;
            let size = fs::metadata(entry.path()).ok().filter(fs::Metadata::is_file).map(|meta| meta.len());
            match size {
                Some(size) if is_export(entry.path()) => self.files.push((entry.into_path(), size)),
                None if entry.file_type().is_dir() => {}
                _ => self.ignored.push(entry.into_path()),
            }
        }
        Ok(())
    }

    /// A folder that all files lie in, as a plain path.
    fn all_in(&self, folder: &Path) -> Result<PathBuf, PipelineError> {
        let failed = |source| PipelineError::Path { path: folder.to_owned(), source };
        let plain = lexical(&std::path::absolute(folder).map_err(failed)?);
        match self.files.iter().find(|(file, _)| !file.starts_with(&plain)) {
            Some((file, _)) => Err(PipelineError::Parts(format!(
                "{} is not in {}\nhint: --relative-to takes a folder that all inputs lie in",
                file.display(),
                folder.display()
            ))),
            None => Ok(plain),
        }
    }

    fn sort(&mut self) {
        self.files.sort();
        self.files.dedup_by(|a, b| a.0 == b.0);
        for paths in [&mut self.pipes, &mut self.ignored] {
            paths.sort();
            paths.dedup();
        }
    }
}

/// Whether a file looks like an export by its ending; hidden ones do not.
pub(crate) fn is_export(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    !hidden && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// The path without `.` and `..`, so that one file has one name however it was reached by words.
pub(crate) fn lexical(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => _ = plain.pop(),
            other => plain.push(other),
        }
    }
    plain
}

/// The deepest folder that all files lie in.
fn common_folder<'p>(mut files: impl Iterator<Item = &'p Path>) -> PathBuf {
    let Some(first) = files.next().and_then(Path::parent) else { return PathBuf::new() };
    let mut shared = first.to_owned();
    for file in files {
        while !file.starts_with(&shared) && shared.pop() {}
    }
    shared
}

/// A relative path as a name: parts joined by `/`, control characters made harmless.
pub(crate) fn normalised(path: &Path) -> String {
    let parts: Vec<String> = path
        .components()
        .filter(|part| !matches!(part, Component::RootDir))
        .map(|part| harmless_part(&part.as_os_str().to_string_lossy()))
        .collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(paths: &[PathBuf]) -> Result<Discovery, PipelineError> {
        discover(paths, Opening::default())
    }

    fn names(paths: &[PathBuf]) -> Vec<String> {
        found(paths).unwrap().sources.into_iter().map(|source| source.name).collect()
    }

    fn folder(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "1").unwrap();
        }
        folder
    }

    #[test]
    fn names_do_not_depend_on_how_files_are_named() {
        let folder = folder(&["x/b.csv", "x/deep/a.CSV", "x/.hidden.csv", "x/profile.toml"]);
        let at = |name: &str| folder.path().join(name);
        let whole = names(&[at("x")]);
        assert_eq!(whole, ["b.csv", "deep/a.CSV"]);
        assert_eq!(names(&[at("x/deep/../deep/a.CSV"), at("x/./b.csv"), at("x/b.csv")]), whole);
        assert_eq!(names(&[at("x/deep"), at("x/b.csv")]), whole);
        assert_eq!(names(&[at("x/profile.toml")]), ["profile.toml"]);
        assert_eq!(found(&[at("x")]).unwrap().ignored.len(), 2);
    }

    #[test]
    fn endings_tell_exports_in_folders() {
        for (name, export) in [
            ("a.csv", true),
            ("a.Csv.GZ", true),
            ("a.JSONL", true),
            ("a.xlsm", true),
            ("a.xls", true),
            ("mail.eml", true),
            ("a.pdf", false),
            ("csv", false),
            (".csv", false),
            (".a.csv", false),
        ] {
            assert_eq!(is_export(Path::new(name)), export, "{name}");
        }
    }

    #[test]
    fn patterns_match_where_no_such_path_is_there() {
        let folder = folder(&[
            "a1.csv",
            "a2.csv",
            "b.pdf",
            "[ab].csv",
            "d/a3.csv",
            "d/e/a4.csv",
            "d/x[1].csv",
            ".a5.csv",
        ]);
        let at = |name: &str| folder.path().join(name);
        for (pattern, expected) in [
            ("*.csv", &["[ab].csv", "a1.csv", "a2.csv"][..]),
            ("a?.csv", &["a1.csv", "a2.csv"]),
            ("a[2-9].csv", &["a2.csv"]),
            ("[ab].csv", &["[ab].csv"]),
            ("**/a*.csv", &["a1.csv", "a2.csv", "d/a3.csv", "d/e/a4.csv"]),
            ("*", &["[ab].csv", "a1.csv", "a2.csv", "b.pdf", "d/a3.csv", "d/e/a4.csv", "d/x[1].csv"]),
            ("d/x[1].csv", &["x[1].csv"]),
        ] {
            assert_eq!(names(&[at(pattern)]), expected, "{pattern}");
        }
        let error = |pattern: &str| found(&[at(pattern)]).unwrap_err().to_string();
        assert!(error("z*.csv").starts_with("no file matches "), "{}", error("z*.csv"));
        assert!(error("z[.csv").contains("is no pattern"), "{}", error("z[.csv"));
    }

    #[test]
    fn what_is_not_there_is_said() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(found(&[folder.path().join("no")]), Err(PipelineError::Path { .. })));
        assert!(matches!(found(&[folder.path().to_owned()]), Err(PipelineError::NothingToRead { .. })));
    }
}
