//! Where packs are found.

use crate::manifest::{EngineKind, MANIFEST, is_pack_name, nearest};
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
        let pack = self.bare(name)?;
        self.with_sources(pack)
    }

    /// A pack with the packs that it is made from, none of which may be a program.
    ///
    /// # Errors
    ///
    /// There is no such pack, or it is a program.
    pub fn with_sources(&self, mut pack: Pack) -> Result<Pack, PackError> {
        for name in pack.manifest.from.clone() {
            let source = self.bare(&name)?;
            if source.engine() == EngineKind::Command {
                let problem = format!("is made from {name:?}, which is a program itself");
                return Err(PackError::Unfit { path: pack.manifest.name, problem });
            }
            pack.from.push(source);
        }
        Ok(pack)
    }

    fn bare(&self, name: &str) -> Result<Pack, PackError> {
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
        let pack = Pack::new(name, files)?;
        // A program must not come in under a name that people type for something harmless.
        if pack.engine() == EngineKind::Command && !built_in(name).is_empty() {
            let problem = "the name of a built-in pack may not stand for a program";
            return Err(PackError::Unfit { path: name.to_owned(), problem: problem.to_owned() });
        }
        Ok(pack)
    }

    /// The pack in a folder, over the built-in one of its name where there is one.
    ///
    /// # Errors
    ///
    /// As for [`Registry::get`].
    pub fn of_folder(dir: &Path) -> Result<Pack, PackError> {
        let name = dir.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let overlays = !dir.join(MANIFEST).is_file() && !built_in(name).is_empty();
        let mut files = if overlays { built_in(name) } else { BTreeMap::new() };
        files.extend(read_files(dir, &Origin::Folder(dir.to_owned()))?);
        if overlays {
            return Pack::new(name, files);
        }
        let pack = Pack::from_dir(dir)?;
        files = built_in(pack.name());
        files.extend(pack.files);
        let named = pack.manifest.name;
        Pack::new(&named, files)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Engines, Options, sample};
    use std::fs;
    use std::sync::Arc;

    const MINE: &str =
        "schema = 1\nname = \"mine\"\ntitle = \"Mine\"\nengine = \"command\"\ncommand = [\"x\"]\n";

    fn put(dir: &Path, name: &str, text: &str) {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn built_in_packs_are_whole() {
        let listed = Registry::default().list().unwrap();
        for name in ["html", "json", "markdown"] {
            assert!(listed.iter().any(|one| one.name == name), "{name}");
        }
        for one in listed {
            assert_eq!(one.origins, [Origin::BuiltIn]);
            let pack = one.pack.unwrap();
            assert!(!pack.manifest.description.is_empty(), "{}", one.name);
        }
    }

    #[test]
    fn earlier_folders_overlay_later_ones_file_by_file() {
        let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        put(first.path(), "markdown/summary.md.j2", "first");
        put(second.path(), "markdown/summary.md.j2", "second");
        put(second.path(), "markdown/extra/new.md.j2", "second");
        put(second.path(), "markdown/.hidden", "not seen");
        put(second.path(), "mine/reporter.toml", MINE);
        let registry = Registry::new(vec![first.path().to_owned(), second.path().to_owned()]);
        let pack = registry.get("markdown").unwrap();
        assert_eq!(pack.text("summary.md.j2").unwrap(), "first");
        assert_eq!(pack.text("extra/new.md.j2").unwrap(), "second");
        assert_eq!(pack.files["report.md.j2"].origin, Origin::BuiltIn);
        assert!(!pack.files.contains_key(".hidden"));
        let listed = registry.list().unwrap();
        let origins = |name: &str| listed.iter().find(|one| one.name == name).unwrap().origins.len();
        assert_eq!((origins("markdown"), origins("mine"), origins("html")), (3, 1, 1));
    }

    #[test]
    fn packs_that_are_none_are_told() {
        let dir = tempfile::tempdir().unwrap();
        put(dir.path(), "broken/reporter.toml", "schema = 1\nnam = \"broken\"\n");
        put(dir.path(), "other/reporter.toml", MINE);
        let registry = Registry::new(vec![dir.path().to_owned()]);
        for (name, part, hint) in [
            ("markdwn", "there are: ", Some("did you mean \"markdown\"?")),
            ("../markdown", "no pack is named", Some("did you mean \"markdown\"?")),
            ("broken", "reporter.toml, line 2", Some("did you mean `name`?")),
            ("other", "calls it \"mine\"", None),
        ] {
            let error = registry.get(name).unwrap_err();
            assert!(error.to_string().contains(part), "{error}");
            assert_eq!(error.hint().as_deref(), hint, "{name}");
        }
        assert!(Registry::new(vec![dir.path().join("absent")]).list().is_err());
    }

    #[test]
    fn a_program_takes_no_built_in_name() {
        let dir = tempfile::tempdir().unwrap();
        put(dir.path(), "html/reporter.toml", &MINE.replace("mine", "html"));
        let error = Registry::new(vec![dir.path().to_owned()]).get("html").unwrap_err();
        assert!(error.to_string().contains("may not stand for a program"), "{error}");
    }

    #[test]
    fn a_folder_is_a_pack_or_an_overlay() {
        let dir = tempfile::tempdir().unwrap();
        put(dir.path(), "markdown/summary.md.j2", "mine");
        put(dir.path(), "elsewhere/reporter.toml", MINE);
        let overlay = Registry::of_folder(&dir.path().join("markdown")).unwrap();
        assert_eq!(overlay.text("summary.md.j2").unwrap(), "mine");
        assert!(overlay.files.contains_key("report.md.j2"));
        assert_eq!(Registry::of_folder(&dir.path().join("elsewhere")).unwrap().name(), "mine");
        assert!(Registry::of_folder(&dir.path().join("absent")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_out_of_a_pack_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        put(dir.path(), "mine/reporter.toml", MINE);
        std::os::unix::fs::symlink("/etc/passwd", dir.path().join("mine/x.j2")).unwrap();
        assert!(Registry::new(vec![dir.path().to_owned()]).get("mine").is_err());
    }

    #[test]
    fn an_ejected_pack_is_the_same_pack() {
        let dir = tempfile::tempdir().unwrap();
        let pack = Registry::default().get("markdown").unwrap();
        let target = dir.path().join("markdown");
        pack.eject(&target).unwrap();
        assert!(pack.eject(&target).is_err(), "nothing is overwritten");
        let again = Pack::from_dir(&target).unwrap();
        let content =
            |pack: &Pack| pack.files.iter().map(|(n, f)| (n.clone(), f.bytes.to_vec())).collect::<Vec<_>>();
        assert_eq!(content(&again), content(&pack));
    }

    #[test]
    fn json_is_the_wire_format() {
        let report = sample::report(Arc::new(ringback_model::message::Keys));
        let pack = Registry::default().get("json").unwrap();
        let mut options = Options::of(&pack.manifest);
        for pretty in ["true", "false"] {
            options.set("pretty", pretty).unwrap();
            let artefacts = Engines::new().render(&report, &pack, &options).unwrap();
            let bytes = artefacts[0].bytes().unwrap();
            let told: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            assert_eq!(told, serde_json::to_value(report.view()).unwrap());
            assert_eq!(bytes[..bytes.len() - 1].contains(&b'\n'), pretty == "true");
        }
        let text = Registry::default().get("html").unwrap();
        let error = Engines::new().render(&report, &text, &Options::of(&text.manifest)).unwrap_err();
        assert!(error.to_string().contains("no engine \"text\""));
    }
}
