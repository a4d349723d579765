//! The corpora of the fuzzer: first inputs, those that reach other code, and those in which it found something once.

use super::*;
use std::path::Path;

/// Gives every input of a target to what must hold of it.
fn replay(target: &str, hold: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 10, "{} has inputs", folder.display());
    for file in files {
        println!("{}", file.display());
        hold(&std::fs::read(&file).unwrap());
    }
}

/// Survives: the corpus of the fuzz target `exports` | every way of reading tells the same of every export
#[test]
fn the_corpus_of_exports_is_read_alike() {
    replay("exports", read_export);
}

/// Survives: the corpus of the fuzz target `containers` | each is opened within its limits or refused
#[test]
fn the_corpus_of_containers_stays_within_limits() {
    replay("containers", open_container);
}

/// Survives: the corpus of the fuzz target `layouts` | each is read, or refused with a place for each mistake
#[test]
fn the_corpus_of_layouts_is_read_or_refused() {
    replay("layouts", read_layout);
}
