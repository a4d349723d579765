//! Disks, folders and pipes that fail, and runs that are told to end: no artefact is ever half a file.
#![cfg(unix)]

use super::corpus::files;
use crate::program::{exports, profile, ringback, run};
use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// All formats that are written in one run here.
const FORMATS: &str = "markdown,html,json,xlsx,csv";

/// A report of the example exports into a folder.
fn report(folder: &Path) -> Command {
    let mut command = ringback(["report", "-q", "-f", FORMATS, "-p"]);
    command.arg(profile()).arg("-o").arg(folder).arg(exports());
    command
}

/// The same command under a shell that says something first.
fn after(first: &str, command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!("{first}; \"$@\"")).arg("sh").arg(command.get_program());
    shell.args(command.get_args()).stdin(Stdio::null());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}

fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn skipped(why: &str) {
    _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}

/// Every file of a folder is whole: it is byte for byte that of an undisturbed run.
fn assert_whole(folder: &Path) -> usize {
    static WHOLE: std::sync::OnceLock<Vec<(String, Vec<u8>)>> = std::sync::OnceLock::new();
    let whole = WHOLE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        assert!(run(report(folder.path())).status.success());
        files(folder.path())
    });
    let found = files(folder);
    for file in &found {
        assert!(whole.contains(file), "{} is no whole artefact", file.0);
    }
    found.len()
}

/// Survives: a disk that is full (no file may grow beyond 64 KiB) | code 1, the path and the reason are told, and only whole
/// files are left
#[test]
fn a_limit_on_the_size_of_files_leaves_no_half() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(after("trap '' XFSZ; ulimit -f 64", &report(folder.path())));
    assert_eq!(output.status.code(), Some(1), "{}", errors(&output));
    assert!(errors(&output).contains("report."), "{}", errors(&output));
    assert!(assert_whole(folder.path()) < FORMATS.split(',').count());
}

/// Survives: a full file system (256 KiB) | code 1, the reason is told, and only whole files are left
#[test]
fn a_full_file_system_leaves_no_half() {
    let folder = tempfile::tempdir().unwrap();
    let kept = tempfile::tempdir().unwrap();
    let mount = format!("mount -t tmpfs -o size=256k none '{}' || exit 77", folder.path().display());
    let mut shell = Command::new("unshare");
    let inner = after(&mount, &report(folder.path()));
    let copy =
        format!("; code=$?; cp -a '{}/.' '{}/'; exit $code", folder.path().display(), kept.path().display());
    let mut args: Vec<_> = inner.get_args().map(OsStr::to_owned).collect();
    args[1].push(copy);
    shell.args(["-rm", "sh"]).args(args).env("SOURCE_DATE_EPOCH", "1795500000");
    let Ok(output) = shell.output() else { return skipped("there is no unshare") };
    if output.status.code() == Some(77) || errors(&output).contains("unshare") {
        return skipped("no file system can be mounted here");
    }
    assert_eq!(output.status.code(), Some(1), "{}", errors(&output));
    assert!(errors(&output).contains("No space left"), "{}", errors(&output));
    assert!(assert_whole(kept.path()) < FORMATS.split(',').count());
}

/// Survives: standard output that is full | code 1 and the reason
#[test]
fn a_full_standard_output_is_told() {
    for verb in [&["triage", "-q"][..], &["events", "-q"], &["report", "-q", "-f", "json"], &["inspect"]] {
        let mut command = ringback(verb);
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command.arg(exports()).stdout(full).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{verb:?} {}", errors(&output));
        assert!(errors(&output).contains("No space left"), "{verb:?} {}", errors(&output));
    }
}

/// Survives: a folder that can not be written to, or is a file | code 1, the path is told, nothing is left
#[test]
fn a_folder_that_takes_no_files_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "x").unwrap();
    for target in [folder.path().join("file/below"), "/proc/ringback".into()] {
        let output = run(report(&target));
        assert_eq!(output.status.code(), Some(1), "{}", errors(&output));
        assert!(errors(&output).contains(target.to_str().unwrap()), "{}", errors(&output));
    }
    assert_eq!(files(folder.path()), [("file".to_owned(), b"x".to_vec())]);
}

/// Survives: a link in place of an artefact | without --force nothing is written; with it the link gives way, and what it
/// led to is untouched
#[test]
fn a_link_is_never_written_through() {
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let victim = outside.path().join("victim");
    fs::write(&victim, "precious").unwrap();
    symlink(&victim, folder.path().join("report.md")).unwrap();
    symlink(outside.path().join("absent"), folder.path().join("report.html")).unwrap();
    let output = run(report(folder.path()));
    assert_eq!(output.status.code(), Some(1));
    assert!(errors(&output).contains("is there already\nhint: --force"), "{}", errors(&output));
    let mut forced = report(folder.path());
    forced.arg("--force");
    assert!(run(forced).status.success());
    assert_eq!(files(outside.path()), [("victim".to_owned(), b"precious".to_vec())]);
    assert!(folder.path().join("report.md").symlink_metadata().unwrap().is_file());
    assert_whole(folder.path());
}

/// Survives: an input that gives an error when it is read | it is named, the others are reported in full
#[test]
fn an_input_that_fails_is_named() {
    // The memory of a process reads as a file whose first page is not there.
    if !Path::new("/proc/self/mem").exists() {
        return skipped("there is no file that fails");
    }
    let mut command = ringback(["report", "-f", "json", "/proc/self/mem"]);
    command.arg(exports());
    let output = run(command);
    assert!(errors(&output).contains("mem: Input/output error"), "{}", errors(&output));
    let model: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(model["accounting"]["in_findings"].as_u64().unwrap() > 10_000);
}

/// Waits until something holds; whether it came to hold within a minute.
fn wait(mut holds: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    while !holds() {
        if start.elapsed() > Duration::from_mins(1) {
            return false;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    true
}

/// The signal of Ctrl-C, or, where whoever started the tests has it ignored, that to terminate.
fn interrupt() -> &'static str {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.map_or(0, |mask| u64::from_str_radix(mask.trim(), 16).unwrap());
    if ignored & 2 == 0 { "-INT" } else { "-TERM" }
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

/// Survives: Ctrl-C and a request to terminate while files are written | code 130; files that were finished stay whole,
/// nothing is left of the others
#[test]
fn a_run_that_is_told_to_end_leaves_no_half() {
    let mut caught = 0;
    for (number, name) in [interrupt(), "-TERM"].into_iter().cycle().take(6).enumerate() {
        let folder = tempfile::tempdir().unwrap();
        let mut child = report(folder.path()).stderr(Stdio::piped()).spawn().unwrap();
        let written = |name: &str| name.starts_with(".ringback-");
        let begun = || {
            fs::read_dir(folder.path()).is_ok_and(|mut all| {
                all.any(|entry| entry.is_ok_and(|entry| written(&entry.file_name().to_string_lossy())))
            })
        };
        let ended = wait(|| begun() || child.try_wait().unwrap().is_some());
        assert!(ended, "nothing was written");
        std::thread::sleep(Duration::from_millis(10 * number as u64));
        if child.try_wait().unwrap().is_none() {
            signal(&child, name);
        }
        let code = child.wait().unwrap().code();
        assert!(matches!(code, Some(0 | 130)), "{code:?}");
        caught += usize::from(code == Some(130));
        assert_whole(folder.path());
    }
    assert!(caught > 0, "no run was caught while it wrote");
}

/// Survives: Ctrl-C while a pipe is read that never ends | code 130 at once, in bounded memory; nothing is written
#[test]
fn a_pipe_without_end_can_be_left() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = ringback(["report", "-f", FORMATS, "-o"]);
    command.arg(folder.path()).arg("-").stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || {
        let mut rows =
            String::from("Date/Time,Endpoint,Local IP,Remote IP,Result,List Source,Traffic Direction\n");
        while pipe.write_all(rows.as_bytes()).is_ok() {
            rows = "2026-11-03 10:00:00,A,10.0.0.5,11.22.33.44,Logged,Relevance Rule,Outgoing\n".repeat(1000);
        }
    });
    std::thread::sleep(Duration::from_secs(3));
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.map(|peak| peak.trim().trim_end_matches(" kB").parse::<u64>().unwrap());
    assert!(peak.is_none_or(|kib| kib < 256 * 1024), "{peak:?} KiB");
    signal(&child, interrupt());
    let start = Instant::now();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(start.elapsed() < Duration::from_secs(5));
    feeder.join().unwrap();
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert!(told.contains("interrupted"), "{told}");
    assert!(files(folder.path()).is_empty());
}

/// Survives: a reader of standard output that closes early | code 0 and no complaint
#[test]
fn a_reader_that_leaves_is_no_failure() {
    for verb in [
        &["triage", "-q", "--top", "100000"][..],
        &["events", "-q"],
        &["report", "-q", "-f", "json"],
        &["inspect", "-q"],
    ] {
        let mut command = ringback(verb);
        let mut child = command.arg(exports()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = [0; 1];
        _ = child.stdout.take().unwrap().read(&mut first);
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), errors(&output).as_str()), (Some(0), ""), "{verb:?}");
    }
}

/// Survives: several runs into one folder at once | every file is whole; of each, one run wrote it and the others are told
/// that it is there
#[test]
fn runs_into_one_folder_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let children: Vec<Child> =
        (0..3).map(|_| report(folder.path()).stderr(Stdio::piped()).spawn().unwrap()).collect();
    let outputs: Vec<Output> = children.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    for output in outputs.iter().filter(|output| !output.status.success()) {
        assert!(errors(output).contains("is there already"), "{}", errors(output));
    }
    assert_eq!(assert_whole(folder.path()), FORMATS.split(',').count());
}
