//! The layouts that a command reads with: those that are carried, the profile's, those of the command line.

use anyhow::{anyhow, bail};
use ringback_model::case::DataFile;
use ringback_model::sha256;
use ringback_parse::{Layout, Layouts};
use std::io;
use std::path::{Path, PathBuf};

/// The layouts that a command reads with.
pub(crate) struct Chosen {
    /// All that are known, the user's own first.
    pub(crate) layouts: Layouts,
    /// The names of those of which one must fit; empty for all.
    pub(crate) wanted: Vec<String>,
    /// The user's files: names without folders.
    pub(crate) files: Vec<DataFile>,
}

/// A layout of the user's own.
pub(crate) struct Own {
    pub(crate) layout: Layout,
    pub(crate) text: String,
    sha256: String,
}

impl Chosen {
    /// From the values of `--layout` and the files that the profile names. The command line's go before the profile's.
    ///
    /// # Errors
    /// A file that can not be read or is wrong, two files with layouts of one name, a name that no layout has.
    pub(crate) fn of(values: &[String], profile: &[PathBuf]) -> anyhow::Result<Self> {
        let (files, names): (Vec<&String>, Vec<&String>) = values.iter().partition(|value| is_file(value));
        let mut chosen = Chosen { layouts: Layouts::builtin()?, wanted: Vec::new(), files: Vec::new() };
        let mut read: Vec<PathBuf> = Vec::new();
        let given = files.iter().map(|file| (PathBuf::from(file), true));
        let mut given_names = Vec::new();
        for (path, given) in given.chain(profile.iter().map(|path| (path.clone(), false))) {
            let same = std::fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
            if read.contains(&same) {
                continue;
            }
            read.push(same);
            let own = own(&path)?;
            given_names.extend(given.then(|| own.layout.name.clone()));
            chosen.add(own, &path)?;
        }
        if let Some(name) = names.iter().find(|name| chosen.layouts.get(name).is_none()) {
            return Err(unknown(name, &chosen.layouts));
        }
        if !names.is_empty() {
            chosen.wanted = names.into_iter().cloned().chain(given_names).collect();
            chosen.wanted.sort();
            chosen.wanted.dedup();
        }
        chosen.files.sort();
        Ok(chosen)
    }

    fn add(&mut self, own: Own, path: &Path) -> anyhow::Result<()> {
        let name = &own.layout.name;
        if self.layouts.get(name).is_some_and(|other| other.own) {
            bail!(
                "{}: another file's layout is called {name:?} too\nhint: give one of them another name",
                path.display()
            );
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.files.push(DataFile { name, sha256: own.sha256, ..DataFile::default() });
        self.layouts = std::mem::replace(&mut self.layouts, Layouts::none()).with(own.layout);
        Ok(())
    }
}

/// Whether a value of `--layout` is a file: it ends in `.toml` or has a slash. Names have neither.
pub(crate) fn is_file(value: &str) -> bool {
    value.contains(['/', '\\'])
        || Path::new(value).extension().is_some_and(|end| end.eq_ignore_ascii_case("toml"))
}

/// Reads a layout of the user's own.
///
/// # Errors
/// A file that can not be read, or everything that is wrong in it.
pub(crate) fn own(path: &Path) -> anyhow::Result<Own> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| unreadable(&name, &error))?;
    let sha256 = sha256(&bytes);
    let text = String::from_utf8(bytes)
        .map_err(|_| anyhow!("{name}: it is not UTF-8\nhint: save the layout as UTF-8"))?;
    Ok(Own { layout: Layout::parse(&text, &name)?, text, sha256 })
}

fn unreadable(name: &str, error: &io::Error) -> anyhow::Error {
    if error.kind() == io::ErrorKind::NotFound {
        return anyhow!("{name}: {error}\nhint: `ringback layouts list` names those that are built in");
    }
    anyhow!("{name}: {error}")
}

/// A name that no layout has.
pub(crate) fn unknown(name: &str, layouts: &Layouts) -> anyhow::Error {
    let hint = match layouts.nearest(name) {
        Some(nearest) => format!("did you mean {nearest}?"),
        None => "`ringback layouts list` names them; a file of your own ends in .toml".to_owned(),
    };
    anyhow!("there is no layout {name:?}\nhint: {hint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_names_are_told_apart() {
        for (value, file) in [
            ("officescan-cnc-callback", false),
            ("ours.toml", true),
            ("OURS.TOML", true),
            ("./ours", true),
            ("C:\\layouts\\ours", true),
            ("ours.txt", false),
        ] {
            assert_eq!(is_file(value), file, "{value}");
        }
    }
}
