//! What must hold whatever the bytes are: of manifests of packs and of what external reporters answer. For tests and for
//! fuzzing.

use crate::command::{answered, described};
use crate::{ArtefactName, MANIFEST, Manifest, Options, Pack, PackFile};
use std::collections::BTreeMap;

/// Whether the pack of a manifest has a file: so that some are there and others are not.
fn is_there(file: &str) -> bool {
    file.ends_with("j2")
}

/// A manifest is read, or refused with something said and the line where it has one; what is read can be set and written.
///
/// # Panics
/// Where that does not hold.
pub fn read_manifest(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match Manifest::read(&text, is_there) {
        Ok(manifest) => {
            for output in &manifest.outputs {
                assert!(ArtefactName::new(&output.file).is_ok());
            }
            let mut options = Options::of(&manifest);
            let names: Vec<String> = options.names().map(str::to_owned).collect();
            for name in names {
                drop(options.set(&name, &text));
                options.lower(&name, 1);
                assert!(options.count(&name).is_none_or(|count| count <= 1));
            }
            let again = toml::to_string(&manifest).expect("a manifest can be written");
            let again = Manifest::read(&again, is_there).expect("what was written can be read");
            assert_eq!(format!("{again:?}"), format!("{manifest:?}"));
        }
        Err(error) => {
            assert!(!error.message.is_empty());
            assert!(error.line.is_none_or(|line| (1..=text.split('\n').count()).contains(&line)));
        }
    }
    // The same as a file of a pack, which names what is wrong by its place.
    let file = PackFile { bytes: bytes.to_vec().into(), origin: crate::Origin::BuiltIn };
    if let Err(error) = Pack::new("mine", BTreeMap::from([(MANIFEST.to_owned(), file)])) {
        assert!(!error.to_string().is_empty());
    }
}

/// An answer of an external reporter is taken with names that stay in their folder, or refused with something said.
///
/// # Panics
/// Where that does not hold.
pub fn read_answer(bytes: &[u8]) {
    match answered(bytes) {
        Ok(artefacts) => {
            assert!(!artefacts.is_empty());
            for (number, artefact) in artefacts.iter().enumerate() {
                assert!(ArtefactName::new(artefact.name()).is_ok());
                let taken = artefacts[..number].iter();
                assert!(
                    taken
                        .map(crate::Artefact::name)
                        .all(|other| !other.eq_ignore_ascii_case(artefact.name()))
                );
                assert!(artefact.bytes().is_ok());
            }
        }
        Err(problem) => assert!(!problem.is_empty()),
    }
    if let Err(problem) = described(bytes, "mine") {
        assert!(!problem.is_empty());
    }
}

#[cfg(test)]
#[path = "../../../fuzz/replay.rs"]
mod replay;

#[cfg(test)]
mod tests {
    use super::replay::replay;
    use super::*;

    /// Survives: manifests of packs in the corpus of the fuzz target `settings` | each is read or refused, and what is read can be written
    #[test]
    fn the_corpus_of_manifests_is_read_or_refused() {
        replay("settings", b"m", read_manifest);
    }

    /// Survives: answers of reporters in the corpus of the fuzz target `settings` | each is taken with names that stay in their
    /// folder, or refused
    #[test]
    fn the_corpus_of_answers_is_taken_or_refused() {
        replay("settings", b"a", read_answer);
    }
}
