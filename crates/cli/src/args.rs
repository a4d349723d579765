//! The arguments. Help, man page, completions and reference are made from this one tree.

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use ringback_model::LANGUAGES;
use ringback_parse::TextEncodingName;
use std::path::PathBuf;

/// Reads the logs of suspicious connections that security consoles export, works out who really started the traffic, and
/// writes the report.
#[derive(Debug, Parser)]
#[command(name = "ringback", version, about, max_term_width = 100, after_long_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  ringback triage exports/
      What is in these exports, in the terminal.
  ringback report exports/ -p client.toml -f markdown,html,xlsx -o reports/
      The incident report for a client, in three formats.
  ringback events export.csv --since 2026-11-01 | jq 'select(.severity == \"critical\")'
      Every row, normalised, with its verdict, for other programs.
  ringback inspect export.csv
      What was recognised in a file, and why rows were rejected.
  ringback profile init client.toml
      A commented profile to fill in: networks, public services, scanners, relays.
  ringback layouts new export.csv -o ours.toml
      A first draft of how to read an export that is not known.
  ringback tally exports/monday/ --relative-to exports -o monday.tally
      Monday's counts in a file; `ringback report *.tally` reports over the week.

Exit codes:
  0  done
  1  failed
  2  wrong usage
  3  done, but some input was rejected and --strict was given
  4  done, and --fail-on was met";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the incident report: the main job
    #[command(after_long_help = REPORT_EXAMPLES)]
    Report(ReportArgs),
    /// Show a summary in the terminal
    Triage(TriageArgs),
    /// Put what a vendor's support needs into one archive: reports, findings, exports, a manifest
    #[command(after_long_help = CASE_EXAMPLES)]
    Case(CaseArgs),
    /// Write every row, normalised, with its verdict
    Events(EventsArgs),
    /// Explain why one row, or one finding of a report, was judged as it was
    #[command(after_long_help = EXPLAIN_EXAMPLES)]
    Explain(ExplainArgs),
    /// Show what was recognised in every input: encoding, layout, columns, dates, rejected rows
    #[command(after_long_help = INSPECT_EXAMPLES)]
    Inspect(InspectArgs),
    /// Count exports into a part, which merges with others: for logs that outgrow one machine
    #[command(after_long_help = crate::parts::args::EXAMPLES)]
    Tally(crate::parts::args::TallyArgs),
    /// Join parts, in any order and grouping
    Merge(crate::parts::args::MergeArgs),
    /// Look at a split of a large file, for `ringback plan`
    Scan(crate::parts::args::ScanArgs),
    /// Plan how the splits of a large file are read, from what `ringback scan` saw of them
    Plan(crate::parts::args::PlanArgs),
    /// List, show, copy, check or draft layouts: how exports are read
    #[command(after_long_help = LAYOUTS_EXAMPLES)]
    Layouts(LayoutsArgs),
    /// List, show, copy, check or begin reporter packs: what reports look like
    #[command(after_long_help = REPORTERS_EXAMPLES)]
    Reporters(ReportersArgs),
    /// Make or check a client profile
    Profile(ProfileArgs),
    /// Accept findings of a report in the client profile
    #[command(after_long_help = crate::suppress::args::EXAMPLES)]
    Suppress(crate::suppress::args::SuppressArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the man page
    Man(ManArgs),
}

const REPORT_EXAMPLES: &str = "\
Examples:
  ringback report exports/ -f markdown
      Markdown to standard output.
  ringback report exports/ -p client.toml -f html -o report.html
      One format to one file.
  ringback report exports/ --language de -f html,xlsx
      In German; ja is Japanese. In the client profile: language = \"de\"
  ringback report a.csv b.csv -f markdown,html,xlsx,json -o reports/ --force
      Several formats into a folder, over an earlier report.";

const CASE_EXAMPLES: &str = "\
Examples:
  ringback case exports/ -p client.toml -o case.zip
      Reports, findings, rejected rows and the exports themselves.
  ringback case exports/ -p client.toml -o case.zip --redact --key-file client.key
      The same with pseudonyms for the client's addresses, hosts, users and domains. Who has the key can tell whom they
      stand for by making them again; the next bundle with it has the same ones.
  ringback case exports/ -o case.zip --exports matching
      Of the exports only the rows that findings were made of.";

const INSPECT_EXAMPLES: &str = "\
Examples:
  ringback inspect export.csv
      What was recognised, why, and what became of every record.
  ringback inspect exports/ --json | jq '.inputs[] | select(.recognised == null).name'
      The files that fit no layout.

Every record is read: --since, --until and --fail-on have no meaning here.";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  ringback explain export.csv:12 -p client.toml
      The twelfth record: what it says, each step of its verdict, and what would have changed it.
  ringback explain harbour/june.csv:12 exports/ -p client.toml
      The same in the context of all exports, named as the report names it.
  ringback explain week.zip/monday.csv:3
      A record of a file in an archive.
  ringback explain --finding F-3c1 report.json exports/
      A finding of a report that was written with -f json; the start of its id is enough.

The context of a row is what is read with it: name the paths of the report for the verdict of the report.";

const LAYOUTS_EXAMPLES: &str = "\
Examples:
  ringback layouts list
      Every console's export that is known.
  ringback layouts new export.csv -o ours.toml
      A first draft for an export that none of them fits; every guess is marked.
  ringback layouts check ours.toml
      Whether it is right, and what is wrong with it.
  ringback report exports/ --layout ours.toml
      The report, with it. In the client profile: layouts = [\"ours.toml\"]";

const REPORTERS_EXAMPLES: &str = "\
Examples:
  ringback reporters list
      Every pack that -f takes.
  ringback reporters new ours packs/ours
      A small pack of your own that works as it is.
  ringback reporters check packs/ours
      Whether it is right, told on a sample report with hostile texts.
  ringback report exports/ -f ours --reporters packs
      The report, with it. In the client profile: reporters = [\"packs\"]
  ringback reporters eject html packs/html
      The built-in HTML report's files, to change what you want to look different; delete the others.";

/// Options of every command that reads exports.
#[derive(Clone, Debug, Args)]
pub(crate) struct InputArgs {
    /// Exports: files, folders (read to the bottom), zip, gzip and Excel files of them, patterns such as "*.csv", or - for
    /// standard input; for report and triage also parts that `ringback tally` wrote
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// The client's profile: networks, public services, scanners, relays, accepted findings
    #[arg(short, long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
    /// The language of what is written, instead of the profile's; English where neither names one
    #[arg(long, value_name = "LANGUAGE", value_parser = PossibleValuesParser::new(LANGUAGES))]
    pub(crate) language: Option<String>,
    /// The zone of logs that name none, and of the times in the report, such as Europe/Berlin
    #[arg(long, value_name = "ZONE", help_heading = "Reading")]
    pub(crate) time_zone: Option<String>,
    /// The order of day and month in dates like 06/07/2026, where the log does not prove it
    #[arg(long, value_name = "ORDER", help_heading = "Reading")]
    pub(crate) date_order: Option<Order>,
    /// The encoding of text that is not UTF-8 and has no byte order mark, such as `shift_jis`, big5, gbk or windows-1252
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    pub(crate) encoding: Option<TextEncodingName>,
    /// The host of logs that name none, such as an agent's own files
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    pub(crate) endpoint: Option<String>,
    /// A layout. NAME: read every input with it instead of finding the one that fits; of several, with the one that
    /// fits. FILE (ends in .toml, or has a slash): a layout of your own; it goes before the built-in ones wherever it
    /// fits, and is among those that fit where names are given too. Can be given several times
    #[arg(long, value_name = "NAME|FILE", help_heading = "Reading")]
    pub(crate) layout: Vec<String>,
    /// Count rows that several exports hold every time
    #[arg(long, help_heading = "Reading")]
    pub(crate) keep_duplicates: bool,
    /// Leave out what was before: a date, or a date and time
    #[arg(long, value_name = "TIME", help_heading = "Reading")]
    pub(crate) since: Option<String>,
    /// Leave out what came after: a date (that day is still in), or a date and time
    #[arg(long, value_name = "TIME", help_heading = "Reading")]
    pub(crate) until: Option<String>,
    /// Write every rejected row, with its reason and place, to this CSV file
    #[arg(long, value_name = "FILE", help_heading = "Reading")]
    pub(crate) rejects: Option<PathBuf>,
    /// End with code 3 if any input was rejected
    #[arg(long, help_heading = "Running")]
    pub(crate) strict: bool,
    /// End with code 4 if a finding is of this severity or worse
    #[arg(long, value_name = "SEVERITY", help_heading = "Running")]
    pub(crate) fail_on: Option<FailOn>,
    /// How many threads to use; 0 for one per core
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Running")]
    pub(crate) threads: usize,
    /// Say nothing but errors
    #[arg(short, long, help_heading = "Running")]
    pub(crate) quiet: bool,
    /// Whether to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Running")]
    pub(crate) color: Color,
}

/// Arguments of `report`.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Formats, separated by commas: markdown, html, xlsx, json, or the name of a reporter pack (`ringback reporters list`)
    #[arg(short, long, value_name = "FORMATS", value_delimiter = ',', default_value = "markdown")]
    pub(crate) format: Vec<String>,
    /// A folder, or a file where there is one format. Without it, one format of text goes to standard output and
    /// everything else into the folder ringback-report
    #[arg(short, long, value_name = "DIR|FILE")]
    pub(crate) output: Option<PathBuf>,
    /// A folder of reporter packs that come before the built-in ones; can be given several times
    #[arg(long, value_name = "DIR")]
    pub(crate) reporters: Vec<PathBuf>,
    /// Set an option of a pack: PACK.OPTION=VALUE, or OPTION=VALUE for every pack that has it; can be given several times
    #[arg(long, value_name = "OPTION=VALUE")]
    pub(crate) set: Vec<String>,
    /// Short, to be pasted into a ticket: the option `brief` of every pack that has it, such as markdown
    #[arg(long)]
    pub(crate) brief: bool,
    /// An earlier report as JSON (-f json): incidents and findings are marked as new, continuing or gone since
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// The title, instead of the profile's
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Write over existing reports
    #[arg(long)]
    pub(crate) force: bool,
}

/// Arguments of `triage`.
#[derive(Debug, Args)]
pub(crate) struct TriageArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// An earlier report as JSON (-f json): what is new, continuing and gone since
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// How many incidents to list
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) top: usize,
}

/// Arguments of `case`.
#[derive(Debug, Args)]
pub(crate) struct CaseArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// The archive
    #[arg(short, long, value_name = "FILE", default_value = "case.zip")]
    pub(crate) output: PathBuf,
    /// Formats of the report in it, separated by commas; the support case as text and the findings as CSV are always there
    #[arg(short, long, value_name = "FORMATS", value_delimiter = ',', default_value = "markdown,html,xlsx")]
    pub(crate) format: Vec<String>,
    /// What of the exports is in it
    #[arg(long, value_name = "WHAT", default_value = "whole")]
    pub(crate) exports: ExportsWanted,
    /// Let pseudonyms stand for addresses of the client's networks and for names of hosts, users and domains. Exports are
    /// told row by row then, in the columns that are known; what can not be told to be harmless is left out
    #[arg(long)]
    pub(crate) redact: bool,
    /// The key of the pseudonyms; made where the file is not there. Without it, a key is used that nobody keeps
    #[arg(long, value_name = "FILE", requires = "redact")]
    pub(crate) key_file: Option<PathBuf>,
    /// A folder of reporter packs that come before the built-in ones; can be given several times
    #[arg(long, value_name = "DIR")]
    pub(crate) reporters: Vec<PathBuf>,
    /// The title, instead of the profile's
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Write over an existing file
    #[arg(long)]
    pub(crate) force: bool,
}

/// What of the exports is in a case bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportsWanted {
    /// All of them: as they were found; redacted, every row that could be read
    Whole,
    /// The rows that findings were made of
    Matching,
    /// Nothing
    None,
}

/// Arguments of `events`.
#[derive(Debug, Args)]
pub(crate) struct EventsArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// The format
    #[arg(short, long, value_name = "FORMAT", default_value = "jsonl")]
    pub(crate) format: EventFormat,
    /// A file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Write over an existing file
    #[arg(long)]
    pub(crate) force: bool,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(mut_arg("paths", |paths| paths.required(false).help(CONTEXT_HELP)))]
pub(crate) struct ExplainArgs {
    /// The row: an input, as a path or as the report names it, and the number of its record. With --finding the report
    /// as JSON
    #[arg(value_name = "FILE:RECORD|REPORT")]
    pub(crate) target: String,
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// A finding of the report: its id, or the start of it
    #[arg(long, value_name = "ID")]
    pub(crate) finding: Option<String>,
    /// Write JSON, for programs
    #[arg(long)]
    pub(crate) json: bool,
}

/// What the paths of `explain` are.
const CONTEXT_HELP: &str = "Exports that are read with it, so that it has the context of a report over them; the file \
alone where none are named";

/// Arguments of `inspect`.
#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Write JSON, for programs
    #[arg(long)]
    pub(crate) json: bool,
}

/// Arguments of `profile`.
#[derive(Debug, Args)]
pub(crate) struct ProfileArgs {
    #[command(subcommand)]
    pub(crate) command: ProfileCommand,
}

/// What to do with a profile.
#[derive(Debug, Subcommand)]
pub(crate) enum ProfileCommand {
    /// Write a commented profile to fill in
    Init {
        /// Where to; - for standard output
        #[arg(value_name = "FILE", default_value = "profile.toml")]
        file: PathBuf,
        /// Write over an existing file
        #[arg(long)]
        force: bool,
    },
    /// Say whether a profile is right, and what is wrong with it
    Check {
        /// The profile
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// Arguments of `layouts`.
#[derive(Debug, Args)]
pub(crate) struct LayoutsArgs {
    #[command(subcommand)]
    pub(crate) command: LayoutsCommand,
}

/// What to do with layouts.
#[derive(Debug, Subcommand)]
pub(crate) enum LayoutsCommand {
    /// List the layouts that are known
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what a layout says: headings, values, conditions
    Show {
        /// A name, or a file of your own
        #[arg(value_name = "NAME|FILE")]
        layout: String,
    },
    /// Write a built-in layout to a file, to start your own from
    Eject {
        /// The layout
        #[arg(value_name = "NAME")]
        name: String,
        /// Where to; standard output where it is left out
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        /// Write over an existing file
        #[arg(long)]
        force: bool,
    },
    /// Say whether layout files are right, and what is wrong with them
    Check {
        /// The files
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
    /// Draft a layout from a sample export, every guess marked
    New {
        /// The sample: delimited text with headings, JSON Lines, CEF or LEEF; - for standard input
        #[arg(value_name = "SAMPLE")]
        sample: PathBuf,
        /// A file instead of standard output
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// The encoding of a sample that is not UTF-8 and has no byte order mark
        #[arg(long, value_name = "NAME")]
        encoding: Option<TextEncodingName>,
        /// Write over an existing file
        #[arg(long)]
        force: bool,
    },
}

/// Arguments of `reporters`.
#[derive(Debug, Args)]
pub(crate) struct ReportersArgs {
    #[command(subcommand)]
    pub(crate) command: ReportersCommand,
}

/// Where packs are looked for, besides the user's data folder and those that are built in.
#[derive(Debug, Args)]
pub(crate) struct PackPlaces {
    /// A folder of reporter packs that come first; can be given several times
    #[arg(long, value_name = "DIR")]
    pub(crate) reporters: Vec<PathBuf>,
    /// The client's profile, which may name more of them
    #[arg(short, long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
}

/// What to do with reporter packs.
#[derive(Debug, Subcommand)]
pub(crate) enum ReportersCommand {
    /// List the packs that are known
    List {
        #[command(flatten)]
        places: PackPlaces,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what a pack is: its outputs, options, files and where they come from
    Show {
        /// The pack
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        places: PackPlaces,
    },
    /// Write a pack's files into a folder, to start your own from
    Eject {
        /// The pack
        #[arg(value_name = "NAME")]
        name: String,
        /// Where to
        #[arg(value_name = "DIR")]
        dir: PathBuf,
        #[command(flatten)]
        places: PackPlaces,
    },
    /// Say whether packs are right, and what is wrong with them: each is rendered from a sample report
    Check {
        /// Folders of packs, or names. A pack that is a program is run
        #[arg(value_name = "DIR|NAME", required = true)]
        packs: Vec<PathBuf>,
        #[command(flatten)]
        places: PackPlaces,
    },
    /// Write a small pack of your own that works as it is
    New {
        /// What it is called: lower-case letters, digits and hyphens
        #[arg(value_name = "NAME")]
        name: String,
        /// Where to; a folder of its name where it is left out
        #[arg(value_name = "DIR")]
        dir: Option<PathBuf>,
    },
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

/// Arguments of `man`.
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Write the pages of all commands into this folder instead
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}

/// The order of day and month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Order {
    /// Day before month
    Dmy,
    /// Month before day
    Mdy,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The formats of `events`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EventFormat {
    /// One JSON object per line
    Jsonl,
    /// Comma-separated values with a heading
    Csv,
    /// An Excel workbook, on as many sheets as it takes; needs -o
    Xlsx,
}

/// The severities of `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Critical only
    Critical,
    /// High or worse
    High,
    /// Medium or worse
    Medium,
    /// Low or worse
    Low,
    /// Any finding
    Info,
}

impl FailOn {
    /// The severity meant.
    pub(crate) fn severity(self) -> ringback_model::Severity {
        use ringback_model::Severity;
        match self {
            FailOn::Critical => Severity::Critical,
            FailOn::High => Severity::High,
            FailOn::Medium => Severity::Medium,
            FailOn::Low => Severity::Low,
            FailOn::Info => Severity::Info,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_tree_is_sound() {
        Cli::command().debug_assert();
    }
}
