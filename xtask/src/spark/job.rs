//! Running the job, and ending one of its workers.

use anyhow::{Context, bail};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Two workers of one core and a gigabyte.
const MASTER: &str = "local-cluster[2,1,1024]";

/// What the process of an executor is called.
const EXECUTOR: &str = "org.apache.spark.executor.CoarseGrainedExecutorBackend";

/// A job that can be run.
pub(crate) struct Job<'j> {
    pub(crate) root: &'j Path,
    /// Where Spark is.
    pub(crate) environment: &'j Path,
    pub(crate) program: &'j Path,
    pub(crate) profile: &'j Path,
    pub(crate) inputs: &'j [PathBuf],
    /// Bytes of a split.
    pub(crate) split: u64,
}

/// What is special about a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// Files are streamed through Hadoop's client, as those of HDFS are.
    Hadoop,
    /// One of the two workers is killed while it counts.
    Killing,
}

impl Job<'_> {
    /// Runs it; its reports go to a folder.
    ///
    /// # Errors
    /// It fails, or was over before a worker could be killed.
    pub(crate) fn run(&self, out: &Path, how: How, told: &mut dyn Write) -> anyhow::Result<()> {
        let mut command = Command::new(self.environment.join("bin/spark-submit"));
        command.args(["--master", MASTER, "--conf", "spark.ui.enabled=false"]);
        command.args(["--conf", "spark.ui.showConsoleProgress=false", "--files"]).arg(self.program);
        command.arg(self.root.join("deploy/spark/ringback_spark.py")).args(self.inputs);
        command.arg("-o").arg(out).args(["--split", &self.split.to_string()]);
        if how == How::Hadoop {
            command.arg("--through-hadoop");
        }
        command.args(["--", "-f", "json", "-p"]).arg(self.profile);
        command.env("PYSPARK_PYTHON", self.environment.join("bin/python"));
        // Spark gives what the job says on standard error to its standard output.
        let (said_by_job, writer) = std::io::pipe()?;
        with_clock(&mut command).stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
        let mut child = command.spawn().context("spark-submit")?;
        // It holds the pipe open.
        drop(command);
        let mut said = Vec::new();
        let mut killed = false;
        for line in BufReader::new(said_by_job).lines() {
            let line = line?;
            if let Some(text) = line.strip_prefix("ringback: ") {
                writeln!(told, "  {text}")?;
            }
            if how == How::Killing && !killed && line.starts_with("ringback: counting") {
                killed = kill_counting(child.id())?;
                writeln!(told, "  killed a worker: {killed}")?;
            }
            said.push(line);
        }
        if !child.wait()?.success() {
            let own: Vec<&str> = said.iter().map(String::as_str).filter(|line| !is_of_spark(line)).collect();
            bail!("the job failed:\n{}", own[own.len().saturating_sub(40)..].join("\n"));
        }
        if how == How::Killing && !(killed && said.iter().any(|line| line.contains("Lost executor"))) {
            bail!("the job was over before a worker was killed");
        }
        Ok(())
    }
}

/// Fixes the clock of a run.
pub(crate) fn with_clock(command: &mut Command) -> &mut Command {
    command.env("SOURCE_DATE_EPOCH", "1795500000")
}

/// Runs a command that must succeed.
///
/// # Errors
/// It does not.
pub(crate) fn succeed(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| command.get_program().display().to_string())?;
    if status.success() { Ok(()) } else { bail!("{} failed ({status})", command.get_program().display()) }
}

/// Whether Spark logged a line: with its date, or as the trace of a fault of Java's, of which there are many when a job is over.
fn is_of_spark(line: &str) -> bool {
    line.starts_with(|c: char| c.is_ascii_digit() || c == '\t') || line.starts_with("Caused by: ")
}

/// Kills the first executor of a job that is seen to count; whether there was one within two minutes.
fn kill_counting(job: u32) -> anyhow::Result<bool> {
    let until = Instant::now() + Duration::from_mins(2);
    while Instant::now() < until {
        if let Some(executor) = counting(job)? {
            succeed(Command::new("kill").args(["-9", &executor.to_string()]))?;
            return Ok(true);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(false)
}

/// An executor of a job that runs the program.
fn counting(job: u32) -> anyhow::Result<Option<u32>> {
    let (mut executors, mut programs) = (Vec::new(), Vec::new());
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let Some(process) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let line = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
        let words: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
        if words.contains(&EXECUTOR.as_bytes()) && words[0].ends_with(b"/java") {
            executors.push(process);
        } else if words.get(1) == Some(&b"tally".as_slice()) {
            programs.push(process);
        }
    }
    let counts = |executor: &u32| programs.iter().any(|program| descends(*program, *executor));
    Ok(executors.into_iter().find(|executor| descends(*executor, job) && counts(executor)))
}

/// Whether a process is a descendant of another.
fn descends(mut process: u32, from: u32) -> bool {
    while process > 1 {
        if process == from {
            return true;
        }
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let parent = status.lines().find_map(|line| line.strip_prefix("PPid:")?.trim().parse().ok());
        process = parent.unwrap_or(0);
    }
    false
}
