//! Where packs are found.

use crate::manifest::{MANIFEST, is_pack_name, nearest};
use crate::pack::{Origin, Pack, PackError, PackFile, read_files};
use include_dir::{Dir, include_dir};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../templates");

/// Folders of packs, looked into in order, and the packs that are built in. A pack of the same name in an earlier place
/// overlays the later ones file by file. The current directory is never among them by itself.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    dirs: Vec<PathBuf>,
}

/// A pack in a list.
#[derive(Debug)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// The places that its files come from, in the order of the search.
    pub origins: Vec<Origin>,
    /// The pack, or what is wrong with it.
    pub pack: Result<Pack, PackError>,
}

impl Registry {
    /// The packs of some folders, first found first, and the built-in ones.
    pub fn new(dirs: Vec<PathBuf>) -> Self {
        Registry { dirs }
    }

    /// Every pack, by name.
    ///
    /// # Errors
    ///
    /// A folder can not be read.
    pub fn list(&self) -> Result<Vec<Listed>, PackError> {
        let listed = |name: &String| {
            let pack = self.get(name);
            let origins = self.origins(name);
            Listed { name: name.clone(), origins, pack }
        };
        Ok(self.names()?.iter().map(listed).collect())
    }

    /// The pack of a name.
    ///
    /// # Errors
    ///
    /// There is none, it can not be read, or its manifest is broken.
    pub fn get(&self, name: &str) -> Result<Pack, PackError> {
        let mut files = BTreeMap::new();
        if is_pack_name(name) {
            files = built_in(name);
            // The last place first, so that the earlier ones overlay it.
            for dir in self.dirs.iter().rev().map(|dir| dir.join(name)).filter(|dir| dir.is_dir()) {
                files.extend(read_files(&dir, &Origin::Folder(dir.clone()))?);
            }
        }
        if files.is_empty() {
            let names = self.names()?;
            let nearest = nearest(name, names.iter().map(String::as_str)).map(str::to_owned);
            let known = names.into_iter().collect::<Vec<_>>().join(", ");
            return Err(PackError::Unknown { name: name.to_owned(), known, nearest });
        }
        Pack::new(name, files)
    }

    /// The names of all packs.
    fn names(&self) -> Result<BTreeSet<String>, PackError> {
        let mut names: BTreeSet<String> = BUILT_IN
            .dirs()
            .filter(|dir| dir.get_file(dir.path().join(MANIFEST)).is_some())
            .filter_map(|dir| dir.path().to_str().map(str::to_owned))
            .collect();
        for dir in &self.dirs {
            names.extend(folders_with_manifest(dir)?);
        }
        Ok(names)
    }

    fn origins(&self, name: &str) -> Vec<Origin> {
        let dirs = self.dirs.iter().map(|dir| dir.join(name)).filter(|dir| dir.is_dir()).map(Origin::Folder);
        let built_in = (!built_in(name).is_empty()).then_some(Origin::BuiltIn);
        dirs.chain(built_in).collect()
    }
}

/// The files of a built-in pack; none where there is no such pack.
fn built_in(name: &str) -> BTreeMap<String, PackFile> {
    let Some(dir) = BUILT_IN.get_dir(name).filter(|dir| dir.get_file(dir.path().join(MANIFEST)).is_some())
    else {
        return BTreeMap::new();
    };
    let mut files = BTreeMap::new();
    let mut folders = vec![dir];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        for file in folder.files() {
            let path = file.path().strip_prefix(name).unwrap_or(file.path());
            let path = path.display().to_string().replace('\\', "/");
            files.insert(path, PackFile { bytes: file.contents().into(), origin: Origin::BuiltIn });
        }
    }
    files
}

/// The folders in a folder of packs. One without a manifest may still overlay a pack's files.
fn folders_with_manifest(dir: &Path) -> Result<Vec<String>, PackError> {
    let io = |error| PackError::Io { path: dir.display().to_string(), error };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(io)? {
        let entry = entry.map_err(io)?;
        if entry.path().join(MANIFEST).is_file()
            && let Ok(name) = entry.file_name().into_string()
            && is_pack_name(&name)
        {
            names.push(name);
        }
    }
    Ok(names)
}
