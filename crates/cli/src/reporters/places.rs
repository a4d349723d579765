//! Where reporter packs are looked for: never in the current directory by itself.

use anyhow::bail;
use ringback_report::Registry;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The packs of the folders that are given, of those that the profile names, of the user's data folder, and those that are
/// built in; in this order.
///
/// # Errors
/// A folder that is named and is none, or a profile that can not be read.
pub(crate) fn registry(given: &[PathBuf], profile: Option<&Path>) -> anyhow::Result<Registry> {
    let mut dirs = given.to_vec();
    if let Some(profile) = profile {
        dirs.extend(ringback_context::read_reporters(profile)?);
    }
    if let Some(missing) = dirs.iter().find(|dir| !dir.is_dir()) {
        bail!("{}: is no folder of reporter packs\nhint: each pack is a folder in it", missing.display());
    }
    dirs.extend(data_folder(&|name| std::env::var_os(name)).filter(|dir| dir.is_dir()));
    Ok(Registry::new(dirs))
}

/// The user's own folder of packs, as the system has it.
fn data_folder(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let path = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || path("HOME");
    let data = path("XDG_DATA_HOME").or_else(|| match std::env::consts::OS {
        "windows" => path("APPDATA"),
        "macos" => Some(home()?.join("Library/Application Support")),
        _ => Some(home()?.join(".local/share")),
    })?;
    Some(data.join("ringback").join("reporters"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn the_data_folder_is_that_of_the_system() {
        for (variables, expected) in [
            (&[("XDG_DATA_HOME", "/data"), ("HOME", "/home/a")][..], Some("/data/ringback/reporters")),
            (&[("HOME", "/home/a")], Some("/home/a/.local/share/ringback/reporters")),
            (
                &[("XDG_DATA_HOME", "relative"), ("HOME", "/home/a")],
                Some("/home/a/.local/share/ringback/reporters"),
            ),
            (&[("HOME", "")], None),
            (&[], None),
        ] {
            let variable = |name: &str| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
            };
            assert_eq!(data_folder(&variable).as_deref(), expected.map(Path::new), "{variables:?}");
        }
    }
}
