//! Giving the inputs that the fuzzer keeps to what must hold of them. The tests beside the readers have this file.

use std::path::Path;

/// Gives every input of a target that begins so to what must hold of the rest of it.
pub(super) fn replay(target: &str, beginning: &[u8], hold: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut inputs = 0;
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        if let Some(rest) = bytes.strip_prefix(beginning) {
            println!("{}", file.display());
            hold(rest);
            inputs += 1;
        }
    }
    assert!(inputs >= 10, "{inputs} inputs in {}", folder.display());
}
