//! Writing artefacts: all or nothing.

use crate::artefact::Artefact;
use crate::unfinished::{self, Unfinished};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Why an artefact is not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// There is a file of that name.
    #[error("{0} is there already")]
    Exists(PathBuf),
    /// The system says no.
    #[error("{path}: {error}")]
    Io {
        /// The path.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

/// A file that is being written: under a temporary name in its folder until [`Writing::finish`], so that nobody ever sees
/// half of it. Dropped before that, nothing is left of it.
#[derive(Debug)]
pub struct Writing {
    path: PathBuf,
    force: bool,
    file: io::BufWriter<tempfile::NamedTempFile>,
    // Dropped last: a file is on the list for as long as it is there.
    unfinished: Unfinished,
}

impl Writing {
    /// Begins a file. Its folder is made where it is missing. A file that is there is only replaced with `force`.
    ///
    /// # Errors
    ///
    /// The file is there, or the system says no.
    pub fn begin(path: &Path, force: bool) -> Result<Self, WriteError> {
        if !force && path.symlink_metadata().is_ok() {
            return Err(WriteError::Exists(path.to_owned()));
        }
        let failed = |error| WriteError::Io { path: path.to_owned(), error };
        let folder = folder_of(path);
        fs::create_dir_all(folder).map_err(failed)?;
        let (file, unfinished) = unfinished::begin(|| builder().tempfile_in(folder)).map_err(failed)?;
        let file = io::BufWriter::with_capacity(1 << 16, file);
        Ok(Writing { path: path.to_owned(), force, file, unfinished })
    }

    /// The folder that the file is in.
    pub fn folder(&self) -> &Path {
        folder_of(&self.path)
    }

    /// Gives the file the permissions of the one that it replaces, where there is one.
    ///
    /// # Errors
    ///
    /// The system says no.
    pub fn keep_permissions(&self) -> Result<(), WriteError> {
        let failed = |error| WriteError::Io { path: self.path.clone(), error };
        match self.path.metadata() {
            Ok(before) => self.file.get_ref().as_file().set_permissions(before.permissions()).map_err(failed),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }

    /// Gives the file its name.
    ///
    /// # Errors
    ///
    /// A file of that name has come in the meantime, or the system says no.
    pub fn finish(self) -> Result<(), WriteError> {
        let Writing { path, force, file, unfinished } = self;
        let failed = |error| WriteError::Io { path: path.clone(), error };
        let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
        file.as_file().sync_all().map_err(failed)?;
        let kept = if force { file.persist(&path) } else { file.persist_noclobber(&path) };
        drop(unfinished);
        match kept {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(WriteError::Exists(path)),
            Err(error) => Err(failed(error.error)),
        }
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

impl io::Write for Writing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl io::Seek for Writing {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Writes a file, all or nothing.
///
/// # Errors
///
/// As for [`Writing`].
pub fn write_file(path: &Path, bytes: &[u8], force: bool) -> Result<(), WriteError> {
    let mut writing = Writing::begin(path, force)?;
    writing.write_all(bytes).map_err(|error| WriteError::Io { path: path.to_owned(), error })?;
    writing.finish()
}

/// Writes an artefact into a folder under its own name, all or nothing.
///
/// # Errors
///
/// As for [`Writing`]; or the artefact's content could not be made.
pub fn write_artefact(dir: &Path, artefact: &Artefact, force: bool) -> Result<PathBuf, WriteError> {
    let path = dir.join(artefact.name());
    let mut writing = Writing::begin(&path, force)?;
    artefact.write_to(&mut writing).map_err(|error| WriteError::Io { path: path.clone(), error })?;
    writing.finish()?;
    Ok(path)
}

/// Temporary files that end up with the permissions of any other new file.
fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".ringback-").suffix(".part");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_artefact_is_there_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let first = Artefact::new("sub/report.md", "one").unwrap();
        let path = write_artefact(dir.path(), &first, false).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");

        let second = Artefact::new("sub/report.md", "two").unwrap();
        assert!(matches!(write_artefact(dir.path(), &second, false), Err(WriteError::Exists(_))));
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        write_artefact(dir.path(), &second, true).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");

        let broken = Artefact::stream("sub/report.md", |sink| {
            sink.write_all(b"half")?;
            Err(io::Error::other("disk full"))
        });
        assert!(write_artefact(dir.path(), &broken.unwrap(), true).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::read_dir(dir.path().join("sub")).unwrap().count(), 1);
    }

    /// Survives: an output folder that vanishes while a file is written | an error with the path, and nothing is left
    #[test]
    fn a_folder_may_vanish_meanwhile() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("out");
        let path = folder.join("report.md");
        let mut writing = Writing::begin(&path, false).unwrap();
        writing.write_all(b"half").unwrap();
        fs::remove_dir_all(&folder).unwrap();
        let error = writing.finish().unwrap_err();
        assert!(matches!(&error, WriteError::Io { path: told, .. } if *told == path), "{error}");
        assert!(!folder.exists());
    }

    /// Survives: an artefact that can not be made to its end | the file that was there before stays
    #[test]
    fn what_can_not_be_made_leaves_what_was_there() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report.md");
        fs::write(&path, "old").unwrap();
        let broken = Artefact::stream("report.md", |_| Err(io::Error::other("no more"))).unwrap();
        assert!(write_artefact(dir.path(), &broken, true).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
