//! Developer tasks of Ringback: `cargo xtask --help`.

mod bench;
mod codegen;
mod conformance;
mod corpus;
mod dist;
mod fuzzed;
mod instructions;
mod scale;
mod spark;
mod survived;
mod tidy;
mod trials;
mod validators;

use clap::{Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Developer tasks of Ringback")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Check the rules of the house: arrows between crates, first lines, names
    Tidy,
    /// Make the files that are generated from the code
    Codegen {
        /// Only compare them
        #[arg(long)]
        check: bool,
    },
    /// Make the example exports and the truth about them
    Corpus {
        /// The seed; the same seed makes the same bytes
        #[arg(long, default_value_t = corpus::SEED)]
        seed: u64,
        /// Only compare them with those in the project
        #[arg(long)]
        check: bool,
    },
    /// Build the archive for people, with completions, man page, bill of materials and checksums
    Dist {
        /// The folder that it is written into
        #[arg(long, value_name = "DIR", default_value = "target/dist")]
        output: PathBuf,
        /// Build everything twice, in two folders, and compare the archives byte for byte
        #[arg(long)]
        twice: bool,
    },
    /// Measure the program and its peers on generated exports
    Bench(bench::BenchArgs),
    /// Count the instructions that reading takes, where valgrind is installed
    Instructions {
        /// Only compare them with those in the project
        #[arg(long)]
        check: bool,
    },
    /// Measure what parts cost: their size, counting, merging and reporting
    Scale(scale::ScaleArgs),
    /// Run the Spark job on two workers, one of which is killed, and hold its report to that of one run
    SparkTest(spark::SparkArgs),
    /// Install the validators of the formats of exchange and of the HTML below target/, for the tests that use them
    Validators,
    /// Hold the reading of records to public test suites
    Conformance {
        /// The folder of the suites; without it that of `RINGBACK_PUBLIC_DATA`, else ../shared/data beside the project
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
}

fn main() -> anyhow::Result<ExitCode> {
    if let Some(code) = dist::compiler()? {
        return Ok(code);
    }
    run(Cli::parse().task)?;
    Ok(ExitCode::SUCCESS)
}

fn run(task: Task) -> anyhow::Result<()> {
    let root = root();
    match task {
        Task::Tidy => tidy::run(&root),
        Task::Codegen { check } => codegen::run(&root, check),
        Task::Corpus { seed, check } => corpus::run(&root, seed, check),
        Task::Dist { output, twice } => {
            dist::run(&root, &root.join(output), twice, &mut std::io::stdout().lock())
        }
        Task::Bench(arguments) => bench::run(&root, &arguments, &mut std::io::stdout().lock()),
        Task::Instructions { check } => instructions::run(&root, check, &mut std::io::stdout().lock()),
        Task::Scale(arguments) => scale::run(&root, &arguments, &mut std::io::stdout().lock()),
        Task::SparkTest(arguments) => spark::run(&root, &arguments, &mut std::io::stdout().lock()),
        Task::Validators => validators::run(&root),
        Task::Conformance { data } => {
            let data = data.unwrap_or_else(|| conformance::data_folder(&root));
            conformance::run(&data, &mut std::io::stdout().lock())
        }
    }
}

/// The folder of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}
