//! Parts: any way of cutting inputs into files and byte splits, counting each by itself and merging them in any tree tells
//! byte for byte what one run over the whole tells.

mod commands;
mod property;
mod shell;
mod splits;

use crate::program::{profile, ringback, run, stderr, stdout};
use serde_json::Value;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How a file is counted.
#[derive(Clone, Debug)]
pub(crate) enum How {
    /// As a whole.
    Whole,
    /// As a whole, through a pipe.
    Piped,
    /// In byte splits that start at these thousandths of the file, every other one through a pipe.
    Split(Vec<u16>),
}

/// Runs a command that must succeed.
fn succeed(command: Command) {
    let output = run(command);
    assert!(output.status.success(), "{}", stderr(&output));
}

/// A command with the profile of the examples.
fn with_profile(verb: &str) -> Command {
    let mut command = ringback([verb, "-q", "-p"]);
    command.arg(profile());
    command
}

/// The parts of a file of a folder.
pub(crate) fn parts_of(folder: &Path, name: &str, how: &How, out: &Path) -> Vec<PathBuf> {
    let file = folder.join(name);
    let out = out.join(name.replace('/', "_"));
    fs::create_dir(&out).unwrap();
    if let How::Split(starts) = how {
        return split_parts(folder, &file, name, starts, &out);
    }
    let part = out.join("whole.tally");
    let mut command = with_profile("tally");
    command.arg("-o").arg(&part);
    match how {
        How::Piped => command.args(["-", "--name", name]).stdin(File::open(&file).unwrap()),
        _ => command.arg(&file).arg("--relative-to").arg(folder),
    };
    succeed(command);
    vec![part]
}

/// The byte ranges of a file of a size that start at some thousandths of it.
fn ranges(size: u64, starts: &[u16]) -> Vec<(u64, u64)> {
    let mut ends: Vec<u64> = starts.iter().map(|start| size * u64::from(*start) / 1000).collect();
    ends.extend([0, size]);
    ends.sort_unstable();
    ends.dedup();
    ends.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

fn split_parts(folder: &Path, file: &Path, name: &str, starts: &[u16], out: &Path) -> Vec<PathBuf> {
    let text = fs::read(file).unwrap();
    let ranges = ranges(text.len() as u64, starts);
    let mut plan = with_profile("plan");
    for (number, (from, to)) in ranges.iter().enumerate().rev() {
        let scan = out.join(format!("{number}.scan"));
        let mut command = ringback(["scan", "--bytes", &format!("{from}-{to}"), "-o"]);
        command.arg(&scan);
        if number % 2 == 0 {
            command.arg(file)
        } else {
            command.arg("-").stdin(from_byte(file, *from))
        };
        succeed(command);
        plan.arg(scan);
    }
    let planned = out.join("splits.plan");
    plan.arg("--json").arg("-o").arg(&planned);
    let listed: Value = serde_json::from_str(&stdout(plan)).unwrap();
    assert_eq!(listed["splits"].as_array().unwrap().len(), ranges.len());
    let part = |(number, (from, to)): (usize, &(u64, u64))| {
        let part = out.join(format!("{number}.tally"));
        let mut command = with_profile("tally");
        command.arg("-o").arg(&part).arg("--plan").arg(&planned);
        command.args(["--bytes", &format!("{from}-{to}")]);
        match number % 2 {
            0 => command.arg(file).arg("--relative-to").arg(folder),
            _ => command.args(["-", "--name", name]).stdin(from_byte(file, *from)),
        };
        succeed(command);
        part
    };
    ranges.iter().enumerate().map(part).collect()
}

/// A file from a byte on.
fn from_byte(file: &Path, from: u64) -> Stdio {
    use std::io::{Seek, SeekFrom};
    let mut file = File::open(file).unwrap();
    file.seek(SeekFrom::Start(from)).unwrap();
    file.into()
}

/// Merges parts in a tree that choices make; gives what is left, one part or several.
pub(crate) fn merged(mut parts: Vec<PathBuf>, choices: &[u8], out: &Path) -> Vec<PathBuf> {
    for (number, choice) in choices.iter().enumerate() {
        if parts.len() < 2 {
            break;
        }
        let by = usize::from(*choice) % parts.len();
        parts.rotate_left(by);
        let rest = parts.split_off((2 + by).min(parts.len()));
        let part = out.join(format!("merged-{number}.tally"));
        let mut command = ringback(["merge", "-q", "-o"]);
        command.arg(&part).args(&parts);
        succeed(command);
        parts = rest;
        parts.push(part);
    }
    parts
}

/// A report over paths.
pub(crate) fn report(format: &str, options: &[&str], paths: &[PathBuf]) -> String {
    let mut command = with_profile("report");
    command.args(["-f", format]).args(options).args(paths);
    stdout(command)
}

/// The same as JSON without what a part of a split can not know: the hash of its file, and that it was not made.
pub(crate) fn without_hashes(report: &str) -> String {
    let mut model: Value = serde_json::from_str(report).unwrap();
    for input in model["inputs"].as_array_mut().unwrap() {
        input["sha256"] = Value::Null;
        let notes = input["notes"].as_array_mut().unwrap();
        notes.retain(|note| !note.to_string().contains("SHA-256"));
    }
    serde_json::to_string_pretty(&model).unwrap()
}
