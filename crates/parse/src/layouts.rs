//! All layouts of a run: those that the program carries and the user's own.

use crate::layout::{Layout, LayoutError};
use crate::values::Tables;
use include_dir::{Dir, include_dir};
use std::path::Path;
use std::sync::Arc;

static BUILTIN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/layouts");

/// All layouts that are known: the user's own first, then those that are carried, by name.
#[derive(Clone, Debug)]
pub struct Layouts {
    layouts: Vec<Arc<Layout>>,
}

impl Layouts {
    /// The layouts that the program carries.
    ///
    /// # Errors
    /// A layout file that is wrong; a test holds that none is.
    pub fn builtin() -> Result<Self, LayoutError> {
        let mut files: Vec<_> = BUILTIN.files().collect();
        files.sort_by_key(|file| file.path());
        let parse = |file: &include_dir::File<'_>| {
            let name = file.path().display().to_string();
            Layout::parse(file.contents_utf8().unwrap_or_default(), &name).map(Arc::new)
        };
        Ok(Layouts { layouts: files.into_iter().map(parse).collect::<Result<_, _>>()? })
    }

    /// Adds a layout of the user's. It goes before those that are carried; one with the same name it replaces.
    #[must_use]
    pub fn with(mut self, layout: Layout) -> Self {
        self.layouts.retain(|other| other.name != layout.name);
        self.layouts.insert(0, Arc::new(layout));
        self
    }

    /// Adds a layout of the user's from its file.
    ///
    /// # Errors
    /// What is wrong in it, or that it can not be read.
    pub fn with_file(self, path: &Path) -> Result<Self, LayoutError> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| LayoutError::Shape { file: file.clone(), message: error.to_string() })?;
        Ok(self.with(Layout::parse(&text, &file)?))
    }

    /// Every layout.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Layout>> {
        self.layouts.iter()
    }

    /// The layout of a name.
    pub fn get(&self, name: &str) -> Option<&Arc<Layout>> {
        self.layouts.iter().find(|layout| layout.name == name)
    }

    /// The text of a layout that is carried, to start one's own from.
    pub fn builtin_text(name: &str) -> Option<&'static str> {
        BUILTIN.get_file(format!("{name}.toml"))?.contents_utf8()
    }
}

/// The tables of words that layouts share, by name.
///
/// # Errors
/// A name that no table has.
pub(crate) fn shared_words(name: &str) -> Result<Tables, String> {
    let unknown = || format!("words: there is no table {name:?}");
    let file = BUILTIN.get_file(format!("values/{name}.toml")).ok_or_else(unknown)?;
    toml::from_str(file.contents_utf8().unwrap_or_default())
        .map_err(|error| format!("values/{name}.toml: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layouts_that_are_carried_are_right() {
        let layouts = Layouts::builtin().unwrap();
        let names: Vec<&str> = layouts.iter().map(|layout| layout.name.as_str()).collect();
        assert!(names.contains(&"officescan-suspicious-connection"), "{names:?}");
        assert!(names.contains(&"officescan-cnc-callback"), "{names:?}");
        for layout in layouts.iter() {
            assert!(
                Layouts::builtin_text(&layout.name).is_some(),
                "{} stands in a file of its name",
                layout.name
            );
        }
    }

    #[test]
    fn a_layout_of_the_users_goes_first_and_replaces_its_namesake() {
        let text = Layouts::builtin_text("officescan-cnc-callback")
            .unwrap()
            .replace("OfficeScan / Apex One", "Ours");
        let layouts = Layouts::builtin().unwrap();
        let count = layouts.iter().count();
        let layouts = layouts.with(Layout::parse(&text, "mine.toml").unwrap());
        assert_eq!(layouts.iter().count(), count);
        assert_eq!(layouts.iter().next().unwrap().title, "Ours: C&C Callback");
    }
}
