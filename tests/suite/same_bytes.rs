//! One thread or many, inputs in any order: the same bytes, for every format.

use crate::program::{exports, profile, reports, ringback, stdout};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.file_name().unwrap().into(), std::fs::read(&path).unwrap())).collect()
}

#[test]
fn one_thread_and_eight_write_the_same_bytes() {
    let (one, eight) = (reports("markdown,html,xlsx,json", "1"), reports("markdown,html,xlsx,json", "8"));
    let (one, eight) = (contents(one.path()), contents(eight.path()));
    assert_eq!(one.len(), 4);
    assert_eq!(one.keys().collect::<Vec<_>>(), eight.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(bytes == &eight[name], "{}", name.display());
    }
}

#[test]
fn the_order_of_inputs_changes_nothing() {
    let mut files: Vec<PathBuf> = Vec::new();
    for client in ["harbour", "stadtwerke", "miyako"] {
        let entries = std::fs::read_dir(exports().join(client)).unwrap();
        files.extend(entries.map(|entry| entry.unwrap().path()));
    }
    files.sort();
    let told = |files: &[PathBuf]| {
        let mut command = ringback(["report", "-q", "-f", "json", "-p"]);
        command.arg(profile()).args(files);
        stdout(command)
    };
    let forward = told(&files);
    files.reverse();
    assert!(forward == told(&files));
    files.rotate_left(5);
    files.push(files[0].clone());
    assert!(forward == told(&files));
    let mut command = ringback(["report", "-q", "-f", "json", "-p"]);
    command.arg(profile()).arg(exports());
    assert!(forward == stdout(command), "files by name and their folder");
}

#[test]
fn events_do_not_depend_on_threads() {
    let told = |threads: &str| {
        let mut command = ringback(["events", "-q", "--threads", threads, "-p"]);
        command.arg(profile()).arg(exports());
        stdout(command)
    };
    assert!(told("1") == told("8"));
}
