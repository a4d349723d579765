//! The corpora of the fuzzer: first inputs, those that reach other code, and those in which it found something once.

#[path = "../../../../fuzz/replay.rs"]
mod replay;

use super::*;
use replay::replay;

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
