//! What has to be installed for a program to run, and whether it is.

use crate::engine::RenderError;
use crate::manifest::{MANIFEST, Need};
use crate::pack::Pack;
use std::ffi::OsStr;
use std::path::Path;

/// What a pack needs and nobody finds on the `PATH`, with the lines of its manifest that say so.
pub(crate) fn missing(pack: &Pack) -> Vec<RenderError> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let endings = std::env::var("PATHEXT").unwrap_or_default();
    let lacks = |need: &&Need| !need.program.iter().any(|name| is_found(name, &folders, &endings));
    pack.manifest.needs.iter().filter(lacks).map(|need| told(pack, need)).collect()
}

/// Whether a program is in one of the folders of a `PATH`, by its name or with one of the endings of programs.
fn is_found(name: &str, folders: &OsStr, endings: &str) -> bool {
    let names: Vec<String> =
        std::iter::once("").chain(endings.split(';')).map(|ending| format!("{name}{ending}")).collect();
    std::env::split_paths(folders).any(|folder| names.iter().any(|name| is_program(&folder.join(name))))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

fn told(pack: &Pack, need: &Need) -> RenderError {
    let names = need.program.join(" or ");
    let error = RenderError::new(pack, format!("needs {names} on the PATH: not found"));
    let first = need.program.first().map(|name| format!("{name:?}")).unwrap_or_default();
    let manifest = pack.text(MANIFEST).unwrap_or_default();
    let line = manifest.lines().position(|line| line.contains("program") && line.contains(&first));
    let error = error.at(Some(MANIFEST), line.map(|line| line + 1));
    match &need.hint {
        Some(hint) => error.with_hint(hint),
        None => error.with_hint("install it, or say where it is by PATH"),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn programs_are_files_that_may_be_run() {
        let folder = tempfile::tempdir().unwrap();
        for (name, mode) in [("runs", 0o755), ("text", 0o644), ("ends.EXE", 0o755)] {
            let path = folder.path().join(name);
            std::fs::write(&path, "").unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        }
        std::fs::create_dir(folder.path().join("folder")).unwrap();
        let path = std::env::join_paths([Path::new("/nowhere"), folder.path()]).unwrap();
        for (name, found) in
            [("runs", true), ("text", false), ("folder", false), ("none", false), ("ends", true), ("", false)]
        {
            assert_eq!(is_found(name, &path, ".COM;.EXE"), found, "{name}");
        }
    }
}
