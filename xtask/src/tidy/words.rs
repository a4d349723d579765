//! Every language says everything that English says, with the same places for arguments, and nothing is left in English by
//! oversight.

use anyhow::Context;
use ringback_model::LANGUAGES;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Where the catalogues lie, one folder for each language.
const WORDS: &str = "crates/template/words";

/// Where the playbook lies, whose English texts stand beside the conditions.
const PLAYBOOK: &str = "crates/classify/playbook";

/// The texts that are rightly the same as in English: proper names, and words that the language has borrowed.
const SAME: &str = "same.toml";

/// Texts by key.
type Texts = BTreeMap<String, String>;

/// What is missing, left over or left in English.
///
/// # Errors
/// A file that can not be read.
pub(super) fn breaches(root: &Path) -> anyhow::Result<Vec<String>> {
    let same: BTreeMap<String, BTreeSet<String>> = toml::from_str(&read(&root.join(WORDS).join(SAME))?)?;
    let mut breaches = folders(&root.join(WORDS))?;
    let (english, advice) =
        (catalogue(root, LANGUAGES[0])?, playbook(&root.join(PLAYBOOK).join("advice.toml"))?);
    let none = BTreeSet::new();
    for language in LANGUAGES.iter().skip(1) {
        let same = same.get(*language).unwrap_or(&none);
        breaches.extend(compared(language, &english, &catalogue(root, language)?, same));
        let told = playbook(&root.join(PLAYBOOK).join(format!("advice.{language}.toml")))?;
        breaches.extend(compared(language, &advice, &told, &none));
    }
    Ok(breaches)
}

/// Folders of words for languages that the program does not offer, and languages without a folder.
fn folders(words: &Path) -> anyhow::Result<Vec<String>> {
    let mut there = BTreeSet::new();
    for entry in std::fs::read_dir(words).with_context(|| words.display().to_string())? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            there.insert(entry.file_name().to_string_lossy().into_owned());
        }
    }
    let offered: BTreeSet<String> = LANGUAGES.iter().map(|language| (*language).to_owned()).collect();
    let differ = there.symmetric_difference(&offered);
    Ok(differ.map(|name| format!("{WORDS}/{name}: is not both a folder of words and a language")).collect())
}

/// What differs between the English texts and those of a language.
fn compared(language: &str, english: &Texts, told: &Texts, same: &BTreeSet<String>) -> Vec<String> {
    let mut breaches = Vec::new();
    let mut breach = |key: &str, what: &str| breaches.push(format!("{language}: {key}: {what}"));
    for key in told.keys().filter(|key| !english.contains_key(*key)) {
        breach(key, "is no key of English");
    }
    for key in same.iter().filter(|key| !english.contains_key(*key)) {
        breach(key, "is allowed to be as in English and is no key of it");
    }
    for (key, source) in english {
        let Some(text) = told.get(key) else {
            breach(key, "is missing");
            continue;
        };
        if text.trim().is_empty() {
            breach(key, "is empty");
        }
        if (text == source) != same.contains(key) {
            let what =
                if text == source { "is as in English" } else { "is allowed to be as in English and is not" };
            breach(key, what);
        }
        let (wanted, found) = (places(source), places(text));
        if wanted.filled != found.filled {
            breach(key, &format!("has the places {:?} instead of {:?}", found.filled, wanted.filled));
        }
        for name in found.counted.difference(&wanted.all()) {
            breach(key, &format!("has forms by {name:?}, which the text is not given"));
        }
    }
    breaches
}

/// The places of a text.
#[derive(Default)]
struct Places<'t> {
    /// Where an argument is written: `{name}`.
    filled: BTreeSet<&'t str>,
    /// Where a form is chosen by a count: `{name:one|other}`. Languages need them in different places, or not at all.
    counted: BTreeSet<&'t str>,
}

impl<'t> Places<'t> {
    fn all(&self) -> BTreeSet<&'t str> {
        self.filled.union(&self.counted).copied().collect()
    }
}

fn places(text: &str) -> Places<'_> {
    let mut places = Places::default();
    for part in text.split('{').skip(1) {
        let Some((place, _)) = part.split_once('}') else { continue };
        match place.split_once(':') {
            Some((name, _)) => places.counted.insert(name),
            None => places.filled.insert(place),
        };
    }
    places
}

/// The texts of a language's folder.
fn catalogue(root: &Path, language: &str) -> anyhow::Result<Texts> {
    let folder = root.join(WORDS).join(language);
    let mut texts = Texts::new();
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .with_context(|| folder.display().to_string())?
        .map(|entry| Ok(entry?.path()))
        .collect::<anyhow::Result<_>>()?;
    files.sort();
    for file in files {
        let table: Texts = toml::from_str(&read(&file)?).with_context(|| file.display().to_string())?;
        texts.extend(table);
    }
    Ok(texts)
}

/// The texts of a playbook: those of steps in a list, as in English, or in a table by their ids.
fn playbook(file: &Path) -> anyhow::Result<Texts> {
    let table: toml::Table = toml::from_str(&read(file)?).with_context(|| file.display().to_string())?;
    let mut texts = Texts::new();
    let mut take = |kind: &str, id: &str, said: &toml::Value| {
        if let Some(text) = said.as_str() {
            texts.insert(format!("advice.{kind}.{id}"), text.to_owned());
        }
    };
    for (name, said) in table.get("otherwise").and_then(toml::Value::as_table).into_iter().flatten() {
        take("otherwise", name, said);
    }
    let mut steps: Vec<(&str, &toml::Value)> = Vec::new();
    match table.get("step") {
        Some(toml::Value::Array(list)) => {
            steps.extend(list.iter().filter_map(|step| Some((step.get("id")?.as_str()?, step))));
        }
        Some(toml::Value::Table(by_id)) => steps.extend(by_id.iter().map(|(id, step)| (id.as_str(), step))),
        _ => {}
    }
    for (id, step) in steps {
        for part in ["text", "why"] {
            if let Some(said) = step.get(part) {
                take(id, part, said);
            }
        }
    }
    Ok(texts)
}

fn read(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| file.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(entries: &[(&str, &str)]) -> Texts {
        entries.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn the_words_of_the_project_are_whole() {
        assert_eq!(breaches(&crate::root()).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn each_kind_of_gap_is_told() {
        let english = texts(&[("a", "{n} {n:row|rows} of {host}"), ("name", "TLP:RED"), ("b", "Yes")]);
        let same = BTreeSet::from(["name".to_owned()]);
        let whole = [("a", "{host}: {n}行"), ("name", "TLP:RED"), ("b", "はい")];
        assert_eq!(compared("ja", &english, &texts(&whole), &same), Vec::<String>::new());
        for (key, text, expected) in [
            ("a", Some("{n}行"), "a: has the places"),
            ("a", Some("{host} {n} {rows:a|b}"), "a: has forms by \"rows\""),
            ("b", None, "b: is missing"),
            ("b", Some(" "), "b: is empty"),
            ("b", Some("Yes"), "b: is as in English"),
            ("name", Some("TLP:ROT"), "name: is allowed to be as in English and is not"),
            ("c", Some("x"), "c: is no key of English"),
        ] {
            let mut told = texts(&whole);
            told.remove(key);
            told.extend(text.map(|text| (key.to_owned(), text.to_owned())));
            let breaches = compared("ja", &english, &told, &same);
            assert!(matches!(&breaches[..], [one] if one.contains(expected)), "{expected}: {breaches:?}");
        }
        let stale = BTreeSet::from(["name".to_owned(), "gone".to_owned()]);
        assert_eq!(compared("ja", &english, &texts(&whole), &stale).len(), 1);
    }
}
