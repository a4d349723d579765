//! Running the program.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The clock of all runs.
const EPOCH: &str = "1795500000";

/// The folder of the project.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The example exports.
pub(crate) fn exports() -> PathBuf {
    root().join("tests/exports")
}

/// Their profile.
pub(crate) fn profile() -> PathBuf {
    exports().join("profile.toml")
}

/// The program with arguments, its clock fixed.
pub(crate) fn ringback<A: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringback"));
    command.args(args).env("SOURCE_DATE_EPOCH", EPOCH).env_remove("NO_COLOR").stdin(Stdio::null());
    command
}

/// Runs to the end.
pub(crate) fn run(mut command: Command) -> Output {
    command.output().expect("the program starts")
}

/// What a run wrote to standard output; it must have ended with code 0.
pub(crate) fn stdout(command: Command) -> String {
    let output = run(command);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("output is UTF-8")
}

/// What a run with arguments wrote to standard output; it must have ended with code 0.
pub(crate) fn ok(args: &[&str]) -> String {
    stdout(ringback(args))
}

/// What a run with arguments wrote to standard error; it must have ended with code 1.
pub(crate) fn failed(args: &[&str]) -> String {
    let output = run(ringback(args));
    assert_eq!(output.status.code(), Some(1), "{args:?} {}", stderr(&output));
    stderr(&output)
}

/// What a run wrote to standard error.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("errors are UTF-8")
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("the path is UTF-8")
}

/// The example reports in a folder of their own.
pub(crate) fn reports(formats: &str, threads: &str) -> tempfile::TempDir {
    reports_of(&exports(), formats, threads)
}

/// The reports of some exports, with the profile of the examples.
pub(crate) fn reports_of(exports: &Path, formats: &str, threads: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = ringback(["report", "-q", "-f", formats, "--threads", threads, "-o"]);
    command.arg(folder.path()).arg("-p").arg(profile()).arg(exports);
    stdout(command);
    folder
}
