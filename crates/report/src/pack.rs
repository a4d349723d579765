//! Packs: a manifest and its files.

use crate::manifest::{EngineKind, MANIFEST, Manifest, ManifestError};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The largest file that a pack may have.
const LARGEST_FILE: u64 = 8 << 20;

/// The most files that a pack may have.
const MOST_FILES: usize = 500;

/// A reporter's folder.
#[derive(Clone, Debug)]
pub struct Pack {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Its files by their path in the pack, with `/`; the manifest is one of them.
    pub files: BTreeMap<String, PackFile>,
    /// The packs that [`Manifest::from`] names, whose artefacts are made first.
    pub from: Vec<Pack>,
}

/// A file of a pack.
#[derive(Clone, Debug)]
pub struct PackFile {
    /// What is in it.
    pub bytes: Cow<'static, [u8]>,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a file of a pack comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is part of the program.
    BuiltIn,
    /// It lies in this folder of packs.
    Folder(PathBuf),
}

/// Why there is no such pack.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// Nobody has a pack of that name.
    #[error("no pack is named {name:?}; there are: {known}")]
    Unknown {
        /// The name.
        name: String,
        /// The names that there are.
        known: String,
        /// The nearest of them.
        nearest: Option<String>,
    },
    /// Its manifest is broken.
    #[error("pack {pack}: {MANIFEST}{}: {error}", .error.line.map(|line| format!(", line {line}")).unwrap_or_default())]
    Manifest {
        /// The pack's folder.
        pack: String,
        /// What is wrong.
        error: ManifestError,
    },
    /// A file can not be read or written.
    #[error("{path}: {error}")]
    Io {
        /// The path.
        path: String,
        /// What the system says.
        error: io::Error,
    },
    /// The folder is no pack.
    #[error("{path}: {problem}")]
    Unfit {
        /// The path.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl PackError {
    /// What may help.
    pub fn hint(&self) -> Option<String> {
        match self {
            PackError::Unknown { nearest, .. } => {
                nearest.as_ref().map(|name| format!("did you mean {name:?}?"))
            }
            PackError::Manifest { error, .. } => error.hint.clone(),
            PackError::Io { .. } | PackError::Unfit { .. } => None,
        }
    }

    fn io(path: &Path, error: io::Error) -> Self {
        PackError::Io { path: path.display().to_string(), error }
    }

    fn unfit(path: &Path, problem: impl Into<String>) -> Self {
        PackError::Unfit { path: path.display().to_string(), problem: problem.into() }
    }
}

impl Pack {
    /// The pack of some files.
    ///
    /// # Errors
    ///
    /// There is no manifest among them, or it is broken.
    pub fn new(name: &str, files: BTreeMap<String, PackFile>) -> Result<Self, PackError> {
        let unfit = |problem: &str| PackError::Unfit { path: name.to_owned(), problem: problem.to_owned() };
        let file = files.get(MANIFEST).ok_or_else(|| unfit("there is no reporter.toml"))?;
        let source = std::str::from_utf8(&file.bytes).map_err(|_| unfit("reporter.toml is not UTF-8"))?;
        let manifest = Manifest::read(source, |file| files.contains_key(file))
            .map_err(|error| PackError::Manifest { pack: name.to_owned(), error })?;
        if manifest.name != name {
            return Err(unfit(&format!("its manifest calls it {:?}", manifest.name)));
        }
        Ok(Pack { manifest, files, from: Vec::new() })
    }

    /// The pack in a folder, by itself, whatever the folder is called.
    ///
    /// # Errors
    ///
    /// The folder can not be read, or is no pack.
    pub fn from_dir(dir: &Path) -> Result<Self, PackError> {
        let files = read_files(dir, &Origin::Folder(dir.to_owned()))?;
        let file = files.get(MANIFEST).ok_or_else(|| PackError::unfit(dir, "there is no reporter.toml"))?;
        let source = String::from_utf8_lossy(&file.bytes);
        let pack = dir.display().to_string();
        let manifest = Manifest::read(&source, |file| files.contains_key(file))
            .map_err(|error| PackError::Manifest { pack, error })?;
        Ok(Pack { manifest, files, from: Vec::new() })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.manifest.name
    }

    /// What renders it.
    pub fn engine(&self) -> EngineKind {
        self.manifest.engine
    }

    /// A file of the pack as text.
    ///
    /// # Errors
    ///
    /// There is no such file, or it is not UTF-8.
    pub fn text(&self, file: &str) -> Result<&str, PackError> {
        let unfit = |problem: &str| PackError::Unfit {
            path: format!("pack {}: {file}", self.manifest.name),
            problem: problem.to_owned(),
        };
        let found = self.files.get(file).ok_or_else(|| unfit("no such file"))?;
        std::str::from_utf8(&found.bytes).map_err(|_| unfit("is not UTF-8"))
    }

    /// Writes the pack's files into a folder, which is made where it is missing. Nothing that is there is overwritten.
    ///
    /// # Errors
    ///
    /// A file is there already, or can not be written.
    pub fn eject(&self, dir: &Path) -> Result<Vec<PathBuf>, PackError> {
        let paths: Vec<PathBuf> = self.files.keys().map(|name| dir.join(name)).collect();
        if let Some(there) = paths.iter().find(|path| path.exists()) {
            return Err(PackError::unfit(there, "is there already"));
        }
        for (path, file) in paths.iter().zip(self.files.values()) {
            let parent = path.parent().unwrap_or(dir);
            fs::create_dir_all(parent).map_err(|error| PackError::io(parent, error))?;
            fs::write(path, &file.bytes).map_err(|error| PackError::io(path, error))?;
        }
        Ok(paths)
    }
}

/// The files of a folder and its folders. Links are not followed, and names with a leading dot are passed over.
pub(crate) fn read_files(dir: &Path, origin: &Origin) -> Result<BTreeMap<String, PackFile>, PackError> {
    let mut files = BTreeMap::new();
    let mut folders = vec![(dir.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| PackError::io(&folder, error))? {
            let entry = entry.map_err(|error| PackError::io(&folder, error))?;
            let path = entry.path();
            let Ok(name) = entry.file_name().into_string() else {
                return Err(PackError::unfit(&path, "has a name that is not UTF-8"));
            };
            if name.starts_with('.') {
                continue;
            }
            let meta = entry.metadata().map_err(|error| PackError::io(&path, error))?;
            if meta.is_symlink() {
                return Err(PackError::unfit(&path, "is a link, which packs may not hold"));
            }
            let name = format!("{prefix}{name}");
            if meta.is_dir() {
                folders.push((path, format!("{name}/")));
                continue;
            }
            if meta.len() > LARGEST_FILE || files.len() == MOST_FILES {
                return Err(PackError::unfit(&path, "is more than a pack may hold"));
            }
            let bytes = fs::read(&path).map_err(|error| PackError::io(&path, error))?;
            files.insert(name, PackFile { bytes: bytes.into(), origin: origin.clone() });
        }
    }
    Ok(files)
}
