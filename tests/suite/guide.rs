//! The guide to reporters: its commands do what it says.

use crate::program::{exports, root};
use std::fs;
use std::process::Command;

/// The shell commands of a document, one block after the other.
fn commands(text: &str) -> String {
    let blocks = text.split("```sh\n").skip(1).filter_map(|rest| rest.split_once("```"));
    blocks.map(|(block, _)| block).collect()
}

#[cfg(unix)]
#[test]
fn the_guide_to_reporters_can_be_followed() {
    let guide = fs::read_to_string(root().join("docs/REPORTERS.md")).unwrap();
    let commands = commands(&guide);
    assert!(commands.lines().filter(|line| line.starts_with("ringback ")).count() > 8, "{commands}");
    let folder = tempfile::tempdir().unwrap();
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_ringback")).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path =
        std::env::join_paths(std::iter::once(binary.to_owned()).chain(std::env::split_paths(&path))).unwrap();
    std::os::unix::fs::symlink(exports().join("miyako"), folder.path().join("exports")).unwrap();
    let output = Command::new("sh")
        .args(["-euc", &commands])
        .current_dir(folder.path())
        .env("PATH", path)
        .env("HOME", folder.path())
        .env_remove("XDG_DATA_HOME")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stdout));
    let branded = fs::read_to_string(folder.path().join("branded.html")).unwrap();
    for part in ["#0b6e4f", "data:image/svg+xml;base64,", "for the eyes of the client alone", "Example GmbH"]
    {
        assert!(branded.contains(part), "{part}");
    }
    for file in ["first.html", "report.md"] {
        assert!(folder.path().join(file).is_file(), "{file}");
    }
}

#[test]
fn every_built_in_pack_is_in_the_guide() {
    let guide = fs::read_to_string(root().join("docs/REPORTERS.md")).unwrap();
    for entry in fs::read_dir(root().join("templates")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(guide.contains(&format!("`{name}`")), "{name}");
    }
}
