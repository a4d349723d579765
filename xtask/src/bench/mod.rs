//! `cargo xtask bench`: the program and its peers as whole processes on generated exports, in turn, with the targets.

mod commands;
mod data;
mod figures;
mod floors;
pub(crate) mod machine;
pub(crate) mod measure;
mod program;
mod targets;
mod written;

pub(crate) use data::{DATASETS, SEED};
pub(crate) use program::{build, target_folder};

use anyhow::{Context, bail};
use commands::{Measurable, Places};
use data::{Dataset, Made};
use figures::Figures;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use written::Run;

/// Options of the benchmark.
#[derive(clap::Args)]
pub(crate) struct BenchArgs {
    /// Only these data sets
    #[arg(long, value_name = "DATASET", value_delimiter = ',')]
    only: Vec<String>,
    /// How often each command runs
    #[arg(long, value_name = "N", default_value_t = 5)]
    runs: usize,
    /// A trial: how many rows `plain` has, instead of ten million; the other data sets in proportion
    #[arg(long, value_name = "N")]
    rows: Option<u64>,
    /// A Python that has what benches/peers/requirements.txt names
    #[arg(long, value_name = "PYTHON")]
    peers: Option<PathBuf>,
    /// With the pandas script too, which takes minutes and runs once
    #[arg(long)]
    slow: bool,
    /// What each stage of reading takes in one thread, beside whole processes, instead of the benchmark; of `plain`, or of
    /// what --only names, of which the first file is read
    #[arg(long)]
    floors: bool,
    /// Only make the data sets
    #[arg(long)]
    data_only: bool,
    /// List data sets, commands and targets instead
    #[arg(long)]
    list: bool,
}

/// Runs the benchmark, writes it down and says which targets are met.
///
/// # Errors
/// A data set that is not known or can not be made, or a program that can not be built. A command that fails is written
/// down as such.
pub(crate) fn run(root: &Path, arguments: &BenchArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let targets = targets::read(&root.join("benches/targets.toml"))?;
    if arguments.list {
        return list(&targets, out);
    }
    if arguments.floors {
        return floors::run(root, arguments, out);
    }
    let datasets = chosen(&arguments.only)?;
    let target = target_folder(root)?;
    let data = make(&datasets, arguments, &target.join("bench-data"), out)?;
    if arguments.data_only {
        return Ok(());
    }
    let work = target.join("bench-work");
    fs::create_dir_all(&work).with_context(|| work.display().to_string())?;
    let program = build(root)?;
    let places = Places { root: root.to_owned(), program, python: arguments.peers.clone(), work };
    let figures = measured(&datasets, &data, arguments, &places, out)?;
    let run = Run {
        date: jiff::Timestamp::now().strftime("%Y-%m-%d").to_string(),
        scaled: arguments.rows,
        runs: arguments.runs,
        machine: machine::machine(),
        versions: machine::versions(&places),
        data,
        figures,
    };
    write!(out, "\n{}", written::verdicts(&run, &targets))?;
    let folder = if run.scaled.is_some() { target.join("bench-runs") } else { root.join("benches/runs") };
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let path = written::file_of(&folder, &run.date);
    fs::write(&path, written::markdown(&run, &targets)).with_context(|| path.display().to_string())?;
    writeln!(out, "\nwritten to {}", path.display())?;
    Ok(())
}

fn list(targets: &[targets::Target], out: &mut dyn Write) -> anyhow::Result<()> {
    for dataset in DATASETS {
        writeln!(out, "{:<13} {}", dataset.name, dataset.about)?;
        writeln!(out, "{:<13} {}", "", commands::commands_on(dataset.name).join(", "))?;
    }
    writeln!(out)?;
    for command in commands::COMMANDS {
        writeln!(out, "{:<16} {}", command.name, command.shown)?;
    }
    writeln!(out)?;
    for target in targets {
        writeln!(out, "{} ({} on {})", target.name, target.command, target.dataset)?;
    }
    Ok(())
}

/// The data sets of these names, in the order of the list; all without names.
fn chosen(names: &[String]) -> anyhow::Result<Vec<&'static Dataset>> {
    if let Some(unknown) = names.iter().find(|name| DATASETS.iter().all(|dataset| dataset.name != **name)) {
        let known: Vec<&str> = DATASETS.iter().map(|dataset| dataset.name).collect();
        bail!("no data set {unknown}\nhint: there are {}", known.join(", "))
    }
    let wanted = |dataset: &&Dataset| names.is_empty() || names.iter().any(|name| name == dataset.name);
    Ok(DATASETS.iter().filter(wanted).collect())
}

fn make(
    datasets: &[&'static Dataset],
    arguments: &BenchArgs,
    folder: &Path,
    out: &mut dyn Write,
) -> anyhow::Result<BTreeMap<&'static str, Made>> {
    let mut data = BTreeMap::new();
    for dataset in datasets {
        let begun = std::time::Instant::now();
        let made = dataset.make(folder, arguments.rows, SEED)?;
        let Made { files, rows, distinct, bytes } = &made;
        let (files, seconds) = (files.len(), begun.elapsed().as_secs_f64());
        let name = dataset.name;
        writeln!(
            out,
            "{name}: {rows} rows, {distinct} distinct, {bytes} bytes in {files} files; {seconds:.1} s"
        )?;
        data.insert(name, made);
    }
    Ok(data)
}

/// Every command on every data set, in rounds.
fn measured(
    datasets: &[&'static Dataset],
    data: &BTreeMap<&'static str, Made>,
    arguments: &BenchArgs,
    places: &Places,
    out: &mut dyn Write,
) -> anyhow::Result<Figures> {
    let mut figures = Figures::default();
    for round in 0..arguments.runs.max(1) {
        for dataset in datasets {
            let made = &data[dataset.name];
            warm(made)?;
            for command in commands::in_turn(dataset.name).filter(|command| runs(command, arguments, round)) {
                let job = (dataset.name, command.name);
                if figures.failed.contains_key(&job) {
                    continue;
                }
                match once(command, made, places) {
                    Ok(run) => {
                        writeln!(out, "{} {:<12} {:<15} {:.3} s", round + 1, job.0, job.1, run.wall)?;
                        figures.runs.entry(job).or_default().push(run);
                    }
                    Err(why) => {
                        writeln!(out, "{} {:<12} {:<15} failed: {why:#}", round + 1, job.0, job.1)?;
                        figures.failed.insert(job, format!("{why:#}"));
                    }
                }
            }
        }
    }
    Ok(figures)
}

/// Whether a command runs in a round, counted from 0.
fn runs(command: &Measurable, arguments: &BenchArgs, round: usize) -> bool {
    let there = !command.python || arguments.peers.is_some();
    there && (!command.slow || arguments.slow && round == 0)
}

/// One run of a command, which must have read every row.
fn once(command: &Measurable, made: &Made, places: &Places) -> anyhow::Result<measure::Measured> {
    // What the command before wrote is on the disk first, or this one would wait for it. Where there is no such command, it does.
    _ = Command::new("sync").status();
    let said = places.work.join("said");
    let kept = (command.tells != commands::Tells::Nothing).then_some(said.as_path());
    let measured = measure::run(&mut places.process(command.name, made)?, kept, &places.work.join("errors"))?;
    if kept.is_some() {
        commands::check(command.tells, &fs::read_to_string(&said)?, made)?;
    }
    Ok(measure::Measured { written: places.written(command.name), ..measured })
}

/// Reads the files of a data set, so that they are in the page cache.
fn warm(made: &Made) -> anyhow::Result<()> {
    for path in &made.files {
        let mut file = fs::File::open(path).with_context(|| path.display().to_string())?;
        std::io::copy(&mut file, &mut std::io::sink())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        bench: BenchArgs,
    }

    #[test]
    fn data_sets_are_chosen_by_name_in_the_order_of_the_list() {
        let names = |only: &str| {
            let line = Line::parse_from(["bench", "--only", only]);
            chosen(&line.bench.only).map(|some| some.iter().map(|dataset| dataset.name).collect::<Vec<_>>())
        };
        assert_eq!(names("quoted,plain").unwrap(), ["plain", "quoted"]);
        assert_eq!(chosen(&[]).unwrap().len(), DATASETS.len());
        let unknown = names("plane").unwrap_err().to_string();
        assert!(unknown.starts_with("no data set plane") && unknown.contains("many-apart"), "{unknown}");
    }

    #[test]
    fn peers_run_where_they_are_and_the_slow_one_once_on_request() {
        let runs_of = |line: &[&str], name: &str| {
            let line = Line::parse_from([&["bench"], line].concat());
            let command = commands::COMMANDS.iter().find(|command| command.name == name).unwrap();
            (0..3).filter(|round| runs(command, &line.bench, *round)).count()
        };
        for (line, name, expected) in [
            (&[][..], "triage", 3),
            (&[], "polars", 0),
            (&["--peers", "python"], "polars", 3),
            (&["--peers", "python"], "pandas", 0),
            (&["--peers", "python", "--slow"], "pandas", 1),
            (&["--slow"], "pandas", 0),
        ] {
            assert_eq!(runs_of(line, name), expected, "{line:?} {name}");
        }
    }
}
