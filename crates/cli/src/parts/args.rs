//! The arguments of the commands that make and join parts.

use crate::args::InputArgs;
use clap::Args;
use ringback_pipeline::ByteRange;
use std::path::PathBuf;

pub(crate) const EXAMPLES: &str = "\
Examples:
  ringback tally exports/monday/ --relative-to exports -o monday.tally
      One part; its inputs are named as a report over all of exports/ names them.
  ringback merge monday.tally tuesday.tally -o week.tally
      Parts merge in any order and grouping.
  ringback report week.tally wednesday.tally exports/thursday/ -f html -o report.html
      Reports take parts and exports alike.
  hadoop fs -cat /logs/big.csv | ringback tally - --name big.csv -o big.tally
      Through a pipe, under the name that the file has.

A part is reported with the options of reading, and the profile's periods, that it was counted with.
How large files are read in splits, and what all of this costs: docs/SCALE.md";

/// Arguments of `tally`.
#[derive(Debug, Args)]
pub(crate) struct TallyArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) out: OutArgs,
    /// The name of the only input, whatever it is called here
    #[arg(long, value_name = "NAME", help_heading = "Parts")]
    pub(crate) name: Option<String>,
    /// Name inputs relative to this folder, as a report over all that lies in it would
    #[arg(long, value_name = "DIR", help_heading = "Parts")]
    pub(crate) relative_to: Option<PathBuf>,
    /// The plan of the file's splits, as `ringback plan` wrote it
    #[arg(long, value_name = "FILE", requires = "bytes", help_heading = "Parts")]
    pub(crate) plan: Option<PathBuf>,
    /// Read the records that start in this split of the plan, the byte TO not among it. Standard input must begin with
    /// byte FROM, and may end where the plan says that reading ends
    #[arg(long, value_name = "FROM-TO", requires = "plan", value_parser = byte_range, help_heading = "Parts")]
    pub(crate) bytes: Option<ByteRange>,
}

/// Arguments of `merge`.
#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    /// Parts: files, folders of them, patterns, or - for standard input
    #[arg(value_name = "PART", required = true)]
    pub(crate) parts: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) out: OutArgs,
    /// How many threads to use; 0 for one per core
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Running")]
    pub(crate) threads: usize,
    /// Say nothing but errors
    #[arg(short, long, help_heading = "Running")]
    pub(crate) quiet: bool,
}

/// Arguments of `scan`.
#[derive(Debug, Args)]
pub(crate) struct ScanArgs {
    /// The file, or - for standard input, which then begins with byte FROM
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The split, the byte TO not among it
    #[arg(long, value_name = "FROM-TO", value_parser = byte_range)]
    pub(crate) bytes: ByteRange,
    #[command(flatten)]
    pub(crate) out: OutArgs,
}

/// Arguments of `plan`.
#[derive(Debug, Args)]
#[command(mut_arg("paths", |paths| paths.value_name("SCAN").help(SCANS_HELP)))]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) out: OutArgs,
    /// Write the plan's splits to standard output as JSON, for programs
    #[arg(long)]
    pub(crate) json: bool,
}

/// What the paths of `plan` are.
const SCANS_HELP: &str =
    "What `ringback scan` wrote of all splits of one file: files or a folder of them, in any order";

/// Where a file for other runs goes.
#[derive(Debug, Args)]
pub(crate) struct OutArgs {
    /// The file to write; - for standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Write over an existing file
    #[arg(long)]
    pub(crate) force: bool,
}

/// A stretch of bytes as two numbers.
fn byte_range(text: &str) -> Result<ByteRange, String> {
    let numbers = text.split_once('-').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    match numbers {
        Some((from, to)) if from < to => Ok(ByteRange { from, to }),
        _ => Err("write the first byte and the one behind the last, such as 0-67108864".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_two_numbers() {
        for (text, expected) in [
            ("0-10", Some((0, 10))),
            ("7-9", Some((7, 9))),
            ("9-7", None),
            ("7-7", None),
            ("-7", None),
            ("7", None),
            ("a-b", None),
            ("1-2-3", None),
        ] {
            assert_eq!(byte_range(text).ok().map(|range| (range.from, range.to)), expected, "{text}");
        }
    }
}
