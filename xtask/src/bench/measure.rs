//! One run of a program as a whole process: how long it took, and how much memory it needed.

use anyhow::{Context, bail};
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};
use wait4::Wait4;

/// How often a process is asked for the memory that is its own.
const SAMPLING: Duration = Duration::from_millis(10);

/// What one run took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Measured {
    /// Seconds on the clock, from before the start to the end.
    pub(crate) wall: f64,
    /// Seconds of processor time, user and system, with those of children that it waited for.
    pub(crate) processor: f64,
    /// The largest resident set of the process, in bytes, mapped files included. The kernel counts the moment before the
    /// program replaces ours, so a few megabytes are the least that it says.
    pub(crate) peak: u64,
    /// The largest resident set without mapped files, in bytes, of what was seen every ten milliseconds; none where the
    /// system does not tell or the run was over before.
    pub(crate) own: Option<u64>,
    /// How many bytes its reports have, where it writes any.
    pub(crate) written: Option<u64>,
}

/// Runs a command to its end, its standard output into `said`, or nowhere.
///
/// # Errors
/// It can not be started, or ends with a failure; then with the end of what it said on standard error.
pub(crate) fn run(command: &mut Command, said: Option<&Path>, errors: &Path) -> anyhow::Result<Measured> {
    let out = match said {
        Some(path) => Stdio::from(File::create(path).with_context(|| path.display().to_string())?),
        None => Stdio::null(),
    };
    let shown = command.get_program().display().to_string();
    command.stdin(Stdio::null()).stdout(out).stderr(File::create(errors)?);
    let begun = Instant::now();
    let child = command.spawn().with_context(|| shown.clone())?;
    let process = child.id();
    let (end, ended) = mpsc::channel::<()>();
    let sampler = thread::spawn(move || largest_own(process, &ended));
    let used = child.wait4().with_context(|| shown.clone())?;
    let wall = begun.elapsed().as_secs_f64();
    drop(end);
    let own = sampler.join().ok().flatten();
    if !used.status.success() {
        bail!("{shown}: {}: {}", used.status, last_words(errors))
    }
    let processor = (used.rusage.utime + used.rusage.stime).as_secs_f64();
    Ok(Measured { wall, processor, peak: used.rusage.maxrss, own, written: None })
}

/// The most memory of its own that a process was seen to have until the other end of the channel is gone.
fn largest_own(process: u32, ended: &mpsc::Receiver<()>) -> Option<u64> {
    let status = format!("/proc/{process}/status");
    let mut largest = None;
    loop {
        let seen = std::fs::read_to_string(&status).ok().and_then(|status| own_of(&status));
        largest = largest.max(seen);
        if ended.recv_timeout(SAMPLING) != Err(RecvTimeoutError::Timeout) {
            return largest;
        }
    }
}

/// The bytes of the resident set that are no mapped file's, from `/proc/PID/status`.
fn own_of(status: &str) -> Option<u64> {
    let kilobytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim_end_matches("kB").trim().parse::<u64>().ok()
    };
    Some((kilobytes("RssAnon:")? + kilobytes("RssShmem:").unwrap_or(0)) * 1024)
}

/// The end of a file, on one line.
fn last_words(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(3)..].join(" / ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn own_memory_is_what_is_no_file() {
        let status =
            "Name:\tx\nVmHWM:\t  900 kB\nRssAnon:\t     100 kB\nRssFile:\t  700 kB\nRssShmem:\t 20 kB\n";
        assert_eq!(own_of(status), Some(120 * 1024));
        assert_eq!(own_of("RssAnon:\t1 kB\n"), Some(1024));
        assert_eq!(own_of("VmHWM:\t900 kB\n"), None);
    }

    #[test]
    fn a_run_is_measured_and_its_output_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (said, errors) = (folder.path().join("said"), folder.path().join("errors"));
        let measured = run(&mut shell("echo fine; sleep 0.1"), Some(&said), &errors).unwrap();
        assert_eq!(std::fs::read_to_string(&said).unwrap(), "fine\n");
        assert!(measured.wall >= 0.1 && measured.processor < measured.wall, "{measured:?}");
        assert!(measured.peak > 100_000, "{measured:?}");
    }

    #[test]
    fn a_failure_says_what_the_program_said_last() {
        let folder = tempfile::tempdir().unwrap();
        let failed = run(&mut shell("echo oh no >&2; exit 3"), None, &folder.path().join("errors"));
        let failed = failed.unwrap_err().to_string();
        assert!(failed.contains('3') && failed.ends_with("oh no"), "{failed}");
        assert!(run(&mut Command::new("no-such-program-here"), None, &folder.path().join("e")).is_err());
    }
}
