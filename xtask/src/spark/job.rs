//! Running the job, and ending one of its workers.

use anyhow::{Context, bail};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Two workers of one core and a gigabyte.
const MASTER: &str = "local-cluster[2,1,1024]";

/// What the process of an executor is called.
const EXECUTOR: &str = "CoarseGrainedExecutorBackend";

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
        command.args(["--master", MASTER, "--conf", "spark.ui.enabled=false", "--files"]).arg(self.program);
        command.arg(self.root.join("deploy/spark/ringback_spark.py")).args(self.inputs);
        command.arg("-o").arg(out).args(["--split", &self.split.to_string()]);
        if how == How::Hadoop {
            command.arg("--through-hadoop");
        }
        command.args(["--", "-f", "json", "-p"]).arg(self.profile);
        command.env("PYSPARK_PYTHON", self.environment.join("bin/python"));
        with_clock(&mut command).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().context("spark-submit")?;
        let mut said = Vec::new();
        let mut killed = false;
        let errors = child.stderr.take().context("its standard error")?;
        for line in BufReader::new(errors).lines() {
            let line = line?;
            if let Some(text) = line.strip_prefix("ringback: ") {
                writeln!(told, "  {text}")?;
            }
            if how == How::Killing && !killed && line.starts_with("ringback: counting") {
                std::thread::sleep(Duration::from_secs(1));
                killed = kill_executor(child.id())?;
                writeln!(told, "  killed a worker: {killed}")?;
            }
            said.push(line);
        }
        if !child.wait()?.success() {
            bail!("the job failed:\n{}", said[said.len().saturating_sub(40)..].join("\n"));
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

/// Kills one executor among the descendants of a process; whether there was one.
fn kill_executor(job: u32) -> anyhow::Result<bool> {
    let mut executors = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let Some(process) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let line = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
        let is_executor = String::from_utf8_lossy(&line).contains(EXECUTOR) && line.starts_with(b"/");
        if is_executor && descends(process, job) {
            executors.push(process);
        }
    }
    executors.sort_unstable();
    let Some(process) = executors.first() else { return Ok(false) };
    succeed(Command::new("kill").args(["-9", &process.to_string()]))?;
    Ok(true)
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
