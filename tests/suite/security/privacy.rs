//! Where bytes go: nowhere but into the output folder.
#![cfg(target_os = "linux")]

use super::corpus::{exports as filled, files};
use super::injection::packs;
use crate::program::{exports, profile, ringback, run};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

fn skipped(why: &str) {
    _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}

/// Survives: a run watched by the system's tracer | it opens files for writing in the output folder alone, and no socket
#[test]
fn a_run_writes_nowhere_else_and_calls_nobody() {
    let (folder, trace) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let log = trace.path().join("log");
    let report = ringback(["report", "-q", "-f", &packs().join(","), "-o"]);
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-e", "trace=file,network", "-o"]).arg(&log);
    command.arg(report.get_program()).args(report.get_args()).arg(folder.path());
    command.arg("-p").arg(profile()).arg(exports());
    let traced = command.output().is_ok_and(|output| output.status.success());
    let Ok(calls) = std::fs::read_to_string(&log) else { return skipped("there is no strace") };
    if !traced || calls.is_empty() {
        return skipped("nothing can be traced here");
    }
    let inside = format!("\"{}", folder.path().display());
    let changing =
        ["O_WRONLY", "O_RDWR", "O_CREAT", "mkdir", "rename", "unlink", "link", "chmod", "chown", "truncate"];
    let mut written = 0;
    // A call that another thread's comes between has its arguments on its first line alone.
    let begun = calls.lines().filter(|call| !call.contains("resumed>") && !call.contains(" = -1 "));
    for call in begun {
        let name = call.split('(').next().unwrap();
        assert!(!["socket", "connect", "sendto"].iter().any(|wrong| name.ends_with(wrong)), "{call}");
        let reads = name.ends_with("readlink") || name.ends_with("readlinkat");
        if !reads && changing.iter().any(|sign| call.contains(sign)) {
            assert!(call.contains(&inside) || call.contains("\"/dev/"), "{call}");
            written += 1;
        }
    }
    assert!(written >= packs().len(), "the trace was read");
}

/// Survives: the end of a run | no temporary file is left; files have the modes that the user's umask gives
#[test]
fn files_have_the_modes_of_the_user() {
    for (umask, mode) in [("022", 0o644), ("027", 0o640), ("077", 0o600)] {
        let folder = tempfile::tempdir().unwrap();
        let report = ringback(["report", "-q", "-f", &packs().join(","), "-o"]);
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("umask {umask}; exec \"$@\"")).arg("sh");
        command.arg(report.get_program()).args(report.get_args()).arg(folder.path()).arg(exports());
        assert!(run(command).status.success());
        let all = files(folder.path());
        assert!(all.len() >= packs().len());
        for (name, _) in all {
            let found = folder.path().join(&name).metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(found, mode, "{name} under {umask}");
            assert!(
                !Path::new(&name).file_name().unwrap().to_str().unwrap().starts_with(".ringback"),
                "{name}"
            );
        }
    }
}

/// Survives: what the program says of itself on standard error | names of files and numbers, nothing that a row holds
#[test]
fn standard_error_tells_nothing_of_a_row() {
    let secret = "Geheim4711";
    let exports = filled(&[secret.to_owned()]);
    std::fs::write(exports.path().join("broken.csv"), format!("{secret},{secret}\n{secret},{secret}\n"))
        .unwrap();
    for verb in ["triage", "inspect", "events", "report"] {
        let mut command = ringback([verb]);
        command.arg(exports.path());
        let output = run(command);
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!told.contains(secret), "{verb}: {told}");
    }
}
