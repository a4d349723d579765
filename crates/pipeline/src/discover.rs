//! From paths to inputs.

use crate::error::PipelineError;
use crate::source::{Origin, Source};
use std::fs;
use std::path::{Component, Path, PathBuf};
use walkdir::WalkDir;

/// Endings of files that are taken for exports when a folder is read. A file that is named itself is always read.
const ENDINGS: &[&str] = &["csv", "tsv", "txt", "log"];

/// What was found.
#[derive(Debug)]
pub struct Discovery {
    /// The inputs, in the order of their names.
    pub sources: Vec<Source>,
    /// Files in folders that do not look like exports, and links that lead nowhere new.
    pub ignored: Vec<PathBuf>,
}

/// Finds the inputs of a run. Folders are read to the bottom, in the order of names; links to folders are not followed.
///
/// # Errors
/// A path that is not there, or no input at all.
pub fn discover(paths: &[PathBuf]) -> Result<Discovery, PipelineError> {
    let mut files: Vec<(PathBuf, u64)> = Vec::new();
    let mut ignored = Vec::new();
    let mut sources = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            if sources.is_empty() {
                let source = |source| PipelineError::Path { path: path.clone(), source };
                sources.push(Source::standard_input().map_err(source)?);
            }
            continue;
        }
        find(path, &mut files, &mut ignored)?;
    }
    files.sort();
    files.dedup_by(|a, b| a.0 == b.0);
    ignored.sort();
    ignored.dedup();
    let shared = common_folder(files.iter().map(|(file, _)| file.as_path()));
    sources.extend(files.into_iter().map(|(file, size)| Source {
        name: normalised(file.strip_prefix(&shared).unwrap_or(&file)),
        size: Some(size),
        container: "plain",
        from: Origin::File(file),
    }));
    if sources.is_empty() {
        return Err(PipelineError::NothingToRead { paths: paths.to_vec() });
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Discovery { sources, ignored })
}

fn find(
    path: &Path,
    files: &mut Vec<(PathBuf, u64)>,
    ignored: &mut Vec<PathBuf>,
) -> Result<(), PipelineError> {
    let failed = |source| PipelineError::Path { path: path.to_owned(), source };
    let meta = fs::metadata(path).map_err(failed)?;
    let absolute = lexical(&std::path::absolute(path).map_err(failed)?);
    if !meta.is_dir() {
        files.push((absolute, meta.len()));
        return Ok(());
    }
    for entry in WalkDir::new(&absolute).sort_by_file_name() {
        let entry = entry.map_err(|error| failed(error.into()))?;
        let size = fs::metadata(entry.path()).ok().filter(fs::Metadata::is_file).map(|meta| meta.len());
        match size {
            Some(size) if is_export(entry.path()) => files.push((entry.into_path(), size)),
            None if entry.file_type().is_dir() => {}
            _ => ignored.push(entry.into_path()),
        }
    }
    Ok(())
}

fn is_export(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    !hidden && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// The path without `.` and `..`, so that one file has one name however it was reached by words.
fn lexical(path: &Path) -> PathBuf {
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
fn normalised(path: &Path) -> String {
    let parts: Vec<String> = path
        .components()
        .filter(|part| !matches!(part, Component::RootDir))
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_depend_on_how_files_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("x/deep")).unwrap();
        for name in ["x/b.csv", "x/deep/a.CSV", "x/.hidden.csv", "x/profile.toml"] {
            fs::write(at(name), "1").unwrap();
        }
        let names = |paths: &[PathBuf]| -> Vec<String> {
            discover(paths).unwrap().sources.into_iter().map(|source| source.name).collect()
        };
        let whole = names(&[at("x")]);
        assert_eq!(whole, ["b.csv", "deep/a.CSV"]);
        assert_eq!(names(&[at("x/deep/../deep/a.CSV"), at("x/./b.csv"), at("x/b.csv")]), whole);
        assert_eq!(names(&[at("x/deep"), at("x/b.csv")]), whole);
        assert_eq!(names(&[at("x/profile.toml")]), ["profile.toml"]);
        assert_eq!(discover(&[at("x")]).unwrap().ignored.len(), 2);
    }

    #[test]
    fn what_is_not_there_is_said() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(discover(&[folder.path().join("no")]), Err(PipelineError::Path { .. })));
        assert!(matches!(discover(&[folder.path().to_owned()]), Err(PipelineError::NothingToRead { .. })));
    }
}
