//! All layouts of a run: those that the program carries and the user's own.

use crate::layout::{Layout, LayoutError};
use crate::layout_file::nearest;
use crate::values::Tables;
use include_dir::{Dir, include_dir};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

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

    /// No layouts, to add one's own to.
    pub fn none() -> Self {
        Layouts { layouts: Vec::new() }
    }

    /// Adds a layout of the user's. It goes before those that are carried and after the user's own that were added
    /// before; one of those that has the same name it replaces.
    #[must_use]
    pub fn with(mut self, mut layout: Layout) -> Self {
        layout.own = true;
        self.layouts.retain(|other| other.name != layout.name);
        let place = self.layouts.iter().take_while(|other| other.own).count();
        self.layouts.insert(place, Arc::new(layout));
        self
    }

    /// Every layout.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Layout>> {
        self.layouts.iter()
    }

    /// The layout of a name.
    pub fn get(&self, name: &str) -> Option<&Arc<Layout>> {
        self.layouts.iter().find(|layout| layout.name == name)
    }

    /// The name that looks most like one that no layout has.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        nearest(name, self.layouts.iter().map(|layout| layout.name.as_str()))
    }

    /// The text of a layout that is carried, to start one's own from.
    pub fn builtin_text(name: &str) -> Option<&'static str> {
        BUILTIN.get_file(format!("{name}.toml"))?.contents_utf8()
    }
}

/// The tables of words that layouts share. Only a layout that records are read with needs them.
static SHARED: LazyLock<BTreeMap<&'static str, Tables>> = LazyLock::new(|| {
    let read = |name| {
        let file = BUILTIN.get_file(format!("values/{name}.toml"))?;
        Some((name, toml::from_str(file.contents_utf8()?).expect("the words that are carried are right")))
    };
    shared_words_names().into_iter().filter_map(read).collect()
});

/// The table of words of a name that layouts share.
pub(crate) fn shared_words(name: &str) -> Option<&'static Tables> {
    SHARED.get(name)
}

/// The names of the tables of words that layouts share.
pub(crate) fn shared_words_names() -> Vec<&'static str> {
    let stem = |file: &include_dir::File<'static>| file.path().file_stem()?.to_str();
    let mut names: Vec<&str> =
        BUILTIN.get_dir("values").into_iter().flat_map(Dir::files).filter_map(stem).collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_not_there_has_a_neighbour() {
        let layouts = Layouts::builtin().unwrap();
        assert_eq!(layouts.nearest("officescan-cnc-calback"), Some("officescan-cnc-callback"));
        assert_eq!(layouts.nearest("qqq"), None);
    }

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
            assert!(layout.words.is_empty() || !layout.values().direction.is_empty(), "{}", layout.name);
        }
    }

    #[test]
    fn languages_are_those_of_the_headings() {
        let japanese = |text: &str| {
            text.chars().any(|char| matches!(char, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'))
        };
        let german = ["datum/uhrzeit", "empfangen", "protokoll", "richtung", "benutzer"];
        for layout in Layouts::builtin().unwrap().iter() {
            let headings: Vec<&String> = layout.columns().flat_map(|(_, headings)| headings).collect();
            let has = |language: &str| layout.languages.iter().any(|other| other == language);
            let words = |known: &[&str]| {
                headings.iter().any(|heading| known.contains(&crate::values::fold(heading).as_str()))
            };
            assert_eq!(has("ja"), headings.iter().any(|heading| japanese(heading)), "{}", layout.name);
            assert_eq!(has("de"), words(&german), "{}", layout.name);
            assert_eq!(layout.languages.is_empty(), !has("en"), "{}", layout.name);
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
