//! The corpora of the fuzzer: first inputs, those that reach other code, and those in which it found something once.

use super::*;
use std::path::Path;

/// Gives every input of a target whose first byte is this one to what must hold of the rest, or all inputs whole.
fn replay(target: &str, kind: &[u8], hold: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut inputs = 0;
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        if let Some(rest) = bytes.strip_prefix(kind) {
            println!("{}", file.display());
            hold(rest);
            inputs += 1;
        }
    }
    assert!(inputs >= 10, "{inputs} inputs in {}", folder.display());
}

/// Survives: the corpus of the fuzz target `exports` | every way of reading tells the same of every export
#[test]
fn the_corpus_of_exports_is_read_alike() {
    replay("exports", b"", read_export);
}

/// Survives: the corpus of the fuzz target `containers` | each is opened within its limits or refused
#[test]
fn the_corpus_of_containers_stays_within_limits() {
    replay("containers", b"", open_container);
}

/// Survives: layouts in the corpus of the fuzz target `settings` | each is read, or refused with a place for each mistake
#[test]
fn the_corpus_of_layouts_is_read_or_refused() {
    replay("settings", b"l", read_layout);
}
