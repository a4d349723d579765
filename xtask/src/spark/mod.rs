//! `cargo xtask spark-test`: the job of `deploy/spark/` on a real Spark of two workers, one of which is killed on the way.

mod compare;
mod job;

use crate::bench::{DATASETS, SEED, build, target_folder};
use anyhow::{Context, bail};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the test needs.
const REQUIREMENTS: &str = "deploy/spark/requirements.txt";

/// The rows of the data set `plain` in the small half, and of it all.
const SMALL: u64 = 300_000;
const FULL: u64 = 10_000_000;

/// Options of the test.
#[derive(clap::Args)]
pub(crate) struct SparkArgs {
    /// Only 50 MB of generated exports, instead of 2 GB
    #[arg(long)]
    small: bool,
}

/// Runs the job and holds its report to that of one run over the same inputs.
///
/// # Errors
/// Spark can not be installed, the job fails, or its report says something else.
pub(crate) fn run(root: &Path, arguments: &SparkArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let target = target_folder(root)?;
    let environment = installed(root, &target.join("spark"))?;
    let program = build(root)?;
    let (rows, split) = if arguments.small { (SMALL, 4 << 20) } else { (FULL, 128 << 20) };
    let inputs = inputs(root, &target.join("bench-data"), rows)?;
    let work = tempfile::tempdir_in(&target).context("a folder for the reports")?;
    let profile = root.join("tests/exports/profile.toml");
    let expected = work.path().join("expected");
    writeln!(out, "one run over {} inputs", inputs.len())?;
    let mut whole = Command::new(&program);
    whole.args(["report", "-q", "-f", "json", "-o"]).arg(&expected).arg("-p").arg(&profile).args(&inputs);
    job::succeed(job::with_clock(&mut whole))?;
    let job = job::Job {
        root,
        environment: &environment,
        program: &program,
        profile: &profile,
        inputs: &inputs,
        split,
    };
    for (about, how) in
        [("whole files through Hadoop's client", job::How::Hadoop), ("a worker is killed", job::How::Killing)]
    {
        if !arguments.small && how == job::How::Hadoop {
            continue;
        }
        let found = work.path().join(format!("{how:?}"));
        let begun = std::time::Instant::now();
        job.run(&found, how, out)?;
        let split = compare::same(&expected.join("report.json"), &found.join("report.json"))?;
        let seconds = begun.elapsed().as_secs_f64();
        writeln!(out, "{about}: the same report, {split} inputs in splits, {seconds:.0} s")?;
    }
    Ok(())
}

/// The example exports, and generated ones.
fn inputs(root: &Path, folder: &Path, rows: u64) -> anyhow::Result<Vec<PathBuf>> {
    let mut inputs = vec![root.join("tests/exports")];
    for name in ["plain", "gzip"] {
        let dataset = DATASETS.iter().find(|dataset| dataset.name == name);
        let made = dataset.with_context(|| format!("no data set {name}"))?.make(folder, Some(rows), SEED)?;
        inputs.extend(made.files);
    }
    Ok(inputs)
}

/// An environment with Spark, below `target/`; nothing is done where it is there already.
fn installed(root: &Path, folder: &Path) -> anyhow::Result<PathBuf> {
    let done = folder.join("installed.txt");
    let wanted = std::fs::read_to_string(root.join(REQUIREMENTS)).with_context(|| REQUIREMENTS.to_owned())?;
    if std::fs::read_to_string(&done).ok().as_deref() != Some(wanted.as_str()) {
        job::succeed(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
        let mut install = Command::new(folder.join("bin/python"));
        install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]);
        job::succeed(install.arg(root.join(REQUIREMENTS)))?;
        std::fs::write(&done, wanted).with_context(|| done.display().to_string())?;
    }
    if Command::new("java").arg("-version").output().is_err() {
        bail!("there is no Java here\nhint: Spark needs one, version 17 or later");
    }
    Ok(folder.to_owned())
}
