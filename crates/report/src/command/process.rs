//! Running a program for a limited time, with a limited answer.

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How often it is looked whether the program has ended.
const LOOK: Duration = Duration::from_millis(5);

/// How much of what it says on standard error is kept.
const COMPLAINT: u64 = 64 << 10;

/// The variables of the environment that a program gets, where they are set: what it needs to be found and to run, and the
/// clock of runs that are to be the same. Nothing else of the user's environment is its business.
const VARIABLES: &[&str] =
    &["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "USERPROFILE", "PATHEXT", "SOURCE_DATE_EPOCH"];

/// What is run, and within which limits.
pub(crate) struct Job<'a> {
    /// Where: the folder with the pack's files.
    pub(crate) folder: &'a Path,
    /// The program and its arguments.
    pub(crate) command: &'a [String],
    /// The last argument.
    pub(crate) verb: &'static str,
    /// The most bytes of an answer.
    pub(crate) limit: u64,
    /// The most time.
    pub(crate) time: Duration,
}

/// Writes what the program reads.
pub(crate) trait Feed: FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static {}

impl<F: FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static> Feed for F {}

/// Why a program gave no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// It could not be started.
    #[error("could not be started: {0}")]
    Start(io::Error),
    /// It took too long, and was stopped.
    #[error("took more than {} s and was stopped", .0.as_secs_f32())]
    TooSlow(Duration),
    /// It answered too much, and was stopped.
    #[error("answered more than {0} bytes and was stopped")]
    TooLarge(u64),
    /// It failed.
    #[error("failed ({status}){complaint}")]
    Failed {
        /// How it ended.
        status: ExitStatus,
        /// What it said on standard error.
        complaint: String,
    },
    /// The system says no.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// Runs a program to its end and gives what it wrote to standard output. It never outlives this call, nor does what it
/// started, where the system can tell.
pub(crate) fn run(job: &Job<'_>, feed: impl Feed) -> Result<Vec<u8>, Fault> {
    let deadline = Instant::now() + job.time;
    let mut child = command(job).spawn().map_err(Fault::Start)?;
    let answer = attended(job, &mut child, feed, deadline);
    if answer.is_err() {
        stop(&mut child);
    }
    answer
}

fn command(job: &Job<'_>) -> Command {
    let (program, arguments) =
        job.command.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
    let inside = job.folder.join(program);
    let mut command = if inside.is_file() { Command::new(inside) } else { Command::new(program) };
    command.args(arguments).arg(job.verb).current_dir(job.folder).env_clear();
    command.envs(VARIABLES.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}

fn attended(job: &Job<'_>, child: &mut Child, feed: impl Feed, deadline: Instant) -> Result<Vec<u8>, Fault> {
    if let Some(mut stdin) = child.stdin.take() {
        thread::spawn(move || {
            // A program that does not read to the end has seen enough; what it makes of it shows in its answer.
            _ = feed(&mut stdin);
        });
    }
    let answer = reading(child.stdout.take(), job.limit + 1);
    let complaint = reading(child.stderr.take(), COMPLAINT);
    let bytes = loop {
        match answer.recv_timeout(LOOK) {
            Ok(bytes) => break bytes?,
            Err(RecvTimeoutError::Timeout) if Instant::now() < deadline => {}
            Err(_) => return Err(Fault::TooSlow(job.time)),
        }
    };
    if bytes.len() as u64 > job.limit {
        return Err(Fault::TooLarge(job.limit));
    }
    let status = loop {
        match child.try_wait()? {
            Some(status) => break status,
            None if Instant::now() < deadline => thread::sleep(LOOK),
            None => return Err(Fault::TooSlow(job.time)),
        }
    };
    if status.success() {
        return Ok(bytes);
    }
    let said = complaint.recv_timeout(LOOK * 20).ok().and_then(Result::ok).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let last: Vec<&str> = said.lines().rev().filter(|line| !line.trim().is_empty()).take(5).collect();
    let complaint = last.iter().rev().fold(String::new(), |all, line| all + "\n  " + line);
    Err(Fault::Failed { status, complaint })
}

/// Reads a pipe in a thread of its own, so much of it at most; what comes after that is read and dropped, so that nobody
/// waits, unless it is the answer itself, whose end is then known to be missing.
fn reading(pipe: Option<impl Read + Send + 'static>, most: u64) -> Receiver<io::Result<Vec<u8>>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let Some(mut pipe) = pipe else { return };
        let read = pipe.by_ref().take(most).read_to_end(&mut bytes).map(|_| bytes);
        // Nobody listens any more where the program was stopped.
        _ = sender.send(read);
        _ = io::copy(&mut pipe, &mut io::sink());
    });
    receiver
}

/// Stops a program and what it started.
fn stop(child: &mut Child) {
    #[cfg(unix)]
    {
        let group = rustix::process::Pid::from_child(child);
        // Where it has just ended by itself, there is nothing left to stop.
        _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    _ = child.kill();
    _ = child.wait();
}
