//! A pack's own words: `words/en.toml`, `words/de.toml` and so on, flat tables from key to text.

use crate::engine::RenderError;
use crate::pack::Pack;
use ringback_model::LANGUAGES;
use std::collections::{BTreeMap, BTreeSet};

/// The texts of one file by key.
type Texts = BTreeMap<String, String>;

impl Pack {
    /// The pack's own words in a language; where a language lacks one, or all of them, those in English.
    ///
    /// # Errors
    ///
    /// A file of words is not a flat table of texts.
    pub fn words(&self, language: &str) -> Result<Texts, RenderError> {
        let mut texts = Texts::new();
        for language in [LANGUAGES[0], language] {
            let file = file_of(language);
            if self.files.contains_key(&file) {
                texts.extend(self.read_words(&file)?);
            }
        }
        Ok(texts)
    }

    /// What is wrong with the files of words: that one can not be read, is of a language that there is not, or lacks a key
    /// that another has. A language without any file is told in English.
    pub(crate) fn words_faults(&self) -> Vec<RenderError> {
        let mut faults = Vec::new();
        let mut read: Vec<(&String, Texts)> = Vec::new();
        for file in self.files.keys().filter(|file| file.starts_with("words/")) {
            if !LANGUAGES.iter().any(|language| *file == file_of(language)) {
                let known = LANGUAGES.iter().map(|language| file_of(language)).collect::<Vec<_>>().join(", ");
                let error = RenderError::new(self, "is no file of words").at(Some(file), None);
                faults.push(error.with_hint(format!("they are called {known}")));
                continue;
            }
            match self.read_words(file) {
                Ok(texts) => read.push((file, texts)),
                Err(error) => faults.push(error),
            }
        }
        let keys: BTreeSet<&String> = read.iter().flat_map(|(_, texts)| texts.keys()).collect();
        for (file, texts) in &read {
            for key in keys.iter().filter(|key| !texts.contains_key(**key)) {
                let message = format!("no text for the key {key:?}, which another language has");
                faults.push(RenderError::new(self, message).at(Some(file), Some(1)));
            }
        }
        faults
    }

    fn read_words(&self, file: &str) -> Result<Texts, RenderError> {
        let source = self.text(file).map_err(|error| RenderError::new(self, error.to_string()))?;
        toml::from_str(source).map_err(|error| {
            let line = error.span().map(|span| source[..span.start].matches('\n').count() + 1);
            RenderError::new(self, error.message()).at(Some(file), line)
        })
    }
}

fn file_of(language: &str) -> String {
    format!("words/{language}.toml")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::{Origin, PackFile};

    fn pack(files: &[(&str, &str)]) -> Pack {
        let manifest =
            "schema = 1\nname = \"mine\"\ntitle = \"Mine\"\nengine = \"json\"\n[[outputs]]\nfile = \"a\"\n";
        let all = [("reporter.toml", manifest)];
        let files = all.iter().chain(files).map(|(name, text)| {
            let bytes = text.as_bytes().to_vec().into();
            ((*name).to_owned(), PackFile { bytes, origin: Origin::BuiltIn })
        });
        Pack::new("mine", files.collect()).unwrap()
    }

    #[test]
    fn a_language_falls_back_to_english_key_by_key() {
        let pack = pack(&[
            ("words/en.toml", "\"my.a\" = \"A\"\n\"my.b\" = \"B\"\n"),
            ("words/de.toml", "\"my.a\" = \"Ä\"\n"),
        ]);
        let texts = |language| pack.words(language).unwrap().into_values().collect::<Vec<_>>();
        assert_eq!(texts("de"), ["Ä", "B"]);
        assert_eq!(texts("ja"), ["A", "B"]);
    }

    #[test]
    fn gaps_and_broken_files_have_their_place() {
        let pack = pack(&[
            ("words/en.toml", "\"my.a\" = \"A\"\n\"my.b\" = \"B\"\n"),
            ("words/de.toml", "\"my.a\" = \"Ä\"\n"),
            ("words/fr.toml", ""),
            ("words/ja.toml", "\"my.a\" = \"A\"\n\"my.b\" = 1\n"),
        ]);
        let told: Vec<String> = pack.words_faults().iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told.iter().any(|one| one.contains("words/de.toml, line 1: no text for the key \"my.b\"")));
        assert!(told.iter().any(|one| one.contains("words/fr.toml: is no file of words")));
        assert!(told.iter().any(|one| one.contains("words/ja.toml, line 2")));
    }
}
