//! The examples of `docs/SCALE.md` for a plain shell, run as they stand there.

use super::{report, without_hashes};
use crate::program::{exports, profile, root};
use std::fs;
use std::path::Path;
use std::process::Command;

/// The commands of the block that stands behind a mark.
fn block(mark: &str) -> String {
    let text = fs::read_to_string(root().join("docs/SCALE.md")).unwrap();
    let behind = text.split_once(&format!("<!-- test: {mark} -->")).expect("the document has the mark").1;
    let block = behind.split_once("```sh\n").expect("a block follows").1;
    block.split_once("\n```").expect("it ends").0.to_owned()
}

/// Runs a block in a folder that has the example exports and the profile.
fn run_block(mark: &str, folder: &Path) {
    let program = Path::new(env!("CARGO_BIN_EXE_ringback")).parent().unwrap();
    let path = std::env::join_paths(
        std::iter::once(program.to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let output = Command::new("sh")
        .args(["-e", "-c", &block(mark)])
        .current_dir(folder)
        .env("PATH", path.unwrap())
        .env("SOURCE_DATE_EPOCH", "1795500000")
        .env("STEP", "100000")
        .output()
        .unwrap();
    assert!(output.status.success(), "{mark}: {}", String::from_utf8_lossy(&output.stderr));
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
#[cfg(unix)]
fn the_examples_of_the_shell_make_the_report_of_one_run() {
    let folder = tempfile::tempdir().unwrap();
    for client in ["harbour", "stadtwerke", "miyako"] {
        copy(&exports().join(client), &folder.path().join("exports").join(client));
    }
    fs::copy(profile(), folder.path().join("client.toml")).unwrap();
    run_block("files", folder.path());
    let found = fs::read_to_string(folder.path().join("report.json")).unwrap();
    assert!(report("json", &[], &[folder.path().join("exports")]) == found, "files");
}

#[test]
#[cfg(unix)]
fn the_example_of_splits_makes_the_report_of_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let large = exports().join("harbour/osce02-ncie.csv");
    fs::create_dir(folder.path().join("exports")).unwrap();
    fs::copy(large, folder.path().join("exports/big.csv")).unwrap();
    fs::copy(profile(), folder.path().join("client.toml")).unwrap();
    run_block("splits", folder.path());
    let found = fs::read_to_string(folder.path().join("report.json")).unwrap();
    assert!(found.contains("Read in splits"), "it was read in splits");
    let expected = report("json", &[], &[folder.path().join("exports")]);
    assert_eq!(without_hashes(&expected), without_hashes(&found));
}
