//! External reporters: the samples, and that none runs without being named.

use crate::program::{exports, ringback, root, run, stdout};
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

fn samples() -> String {
    root().join("samples/reporters").display().to_string()
}

/// Whether a program is there; where it is not, that the test skips is said.
fn has(program: &str) -> bool {
    let there = Command::new(program).arg("--version").output().is_ok();
    if !there {
        _ = writeln!(std::io::stderr(), "SKIPPED: no {program}");
    }
    there
}

fn small() -> PathBuf {
    exports().join("miyako")
}

fn made(format: &str) -> (tempfile::TempDir, serde_json::Value) {
    let folder = tempfile::tempdir().unwrap();
    let formats = format!("{format},json");
    let mut command = ringback(["report", "-q", "-f", &formats, "--reporters", &samples(), "-o"]);
    command.arg(folder.path()).arg(small());
    let output = run(command);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let model = serde_json::from_slice(&fs::read(folder.path().join("report.json")).unwrap()).unwrap();
    (folder, model)
}

#[test]
fn the_sample_in_python_draws_the_timeline() {
    if !has("python3") {
        return;
    }
    let (folder, model) = made("timeline-svg");
    let svg = fs::read_to_string(folder.path().join("timeline.svg")).unwrap();
    let bars = model["timeline"]["buckets"].as_array().unwrap().len();
    assert!(bars > 10 && svg.matches("<rect ").count() == bars, "{svg:.500}");
    assert!(svg.contains(model["title"].as_str().unwrap()));
    assert!(
        stdout(ringback(["reporters", "check", &format!("{}/timeline-svg", samples())])).contains("is right")
    );
}

#[cfg(unix)]
#[test]
fn the_sample_in_shell_names_everything() {
    let (folder, model) = made("finding-ids");
    let ids = fs::read_to_string(folder.path().join("ids.txt")).unwrap();
    let told: Vec<&str> = ids.lines().collect();
    let count = |list: &str| model[list].as_array().unwrap().len();
    assert_eq!(told.len(), count("incidents") + count("findings"));
    assert!(
        stdout(ringback(["reporters", "check", &format!("{}/finding-ids", samples())])).contains("is right")
    );
}

#[cfg(unix)]
/// Survives: a pack of a program that nobody named | it is not run
#[test]
fn a_program_runs_only_when_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (pack, trace) = (folder.path().join("packs/spy"), folder.path().join("trace"));
    fs::create_dir_all(&pack).unwrap();
    let manifest =
        "schema = 1\nname = \"spy\"\ntitle = \"Spy\"\nengine = \"command\"\ncommand = [\"sh\", \"spy.sh\"]\n";
    fs::write(pack.join("reporter.toml"), manifest).unwrap();
    fs::write(pack.join("spy.sh"), format!("touch '{}'\nexit 1\n", trace.display())).unwrap();
    let packs = folder.path().join("packs").display().to_string();
    for args in [
        &["reporters", "list", "--reporters", &packs][..],
        &["reporters", "show", "spy", "--reporters", &packs],
        &["reporters", "check", "json", "--reporters", &packs],
        &["report", "-q", "-f", "ioc", "--reporters", &packs],
    ] {
        let mut command = ringback(args);
        if args[0] == "report" {
            command.arg(small());
        }
        assert!(run(command).status.success(), "{args:?}");
        assert!(!trace.exists(), "{args:?}");
    }
    let mut named = ringback(["report", "-q", "-f", "spy", "--reporters", &packs]);
    named.arg(small());
    let output = run(named);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("pack spy: sh spy.sh describe: failed (exit status: 1)") && trace.exists(),
        "{said}"
    );
}
