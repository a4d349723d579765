//! Developer tasks of Ringback: `cargo xtask --help`.

mod bench;
mod codegen;
mod conformance;
mod corpus;
mod instructions;
mod tidy;
mod trials;

use clap::{Parser, Subcommand};
use std::path::{Path, PathBuf};

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
    /// Measure the program and its peers on generated exports
    Bench(bench::BenchArgs),
    /// Count the instructions that reading takes, where valgrind is installed
    Instructions {
        /// Only compare them with those in the project
        #[arg(long)]
        check: bool,
    },
    /// Hold the reading of records to public test suites
    Conformance {
        /// The folder of the suites; without it that of `RINGBACK_PUBLIC_DATA`, else ../shared/data beside the project
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
}

fn main() -> anyhow::Result<()> {
    let root = root();
    match Cli::parse().task {
        Task::Tidy => tidy::run(&root),
        Task::Codegen { check } => codegen::run(&root, check),
        Task::Corpus { seed, check } => corpus::run(&root, seed, check),
        Task::Bench(arguments) => bench::run(&root, &arguments, &mut std::io::stdout().lock()),
        Task::Instructions { check } => instructions::run(&root, check, &mut std::io::stdout().lock()),
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
