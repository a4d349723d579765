//! The arguments of `suppress`.

use crate::args::{Color, InputArgs, Order};
use clap::{Args, ValueEnum};
use ringback_parse::TextEncodingName;
use std::path::PathBuf;

/// What stands below the help.
pub(crate) const EXAMPLES: &str = "\
Examples:
  ringback suppress F-0h3m1k9x2c report.json -p client.toml --reason \"test rig\" --owner SOC --expires 2027-01-31
      Accepts a finding of a report: rows with its remote address, host and rule, until that day.
  ringback suppress F-0h3m1k9x2c exports/ -p client.toml --by remote --reason \"sinkhole\" --owner SOC --expires 2027-01-31 --dry-run
      What accepting its remote address on every host would take out of the exports.";

/// Arguments of `suppress`.
#[derive(Debug, Args)]
pub(crate) struct SuppressArgs {
    /// The findings by their ids, and where they stand: a report that was written as JSON, or the exports themselves
    #[arg(value_name = "F-…|REPORT.json|PATH", required = true)]
    pub(crate) given: Vec<PathBuf>,
    /// The client's profile, to which the entries are added
    #[arg(short, long, value_name = "FILE")]
    pub(crate) profile: PathBuf,
    /// Why it is accepted
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Who accepts it
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: String,
    /// The last day on which it is accepted, or an instant
    #[arg(long, value_name = "DATE")]
    pub(crate) expires: String,
    /// What has to be as in the finding for a row to be accepted. Without it: remote, host and rule, as far as the finding
    /// has them
    #[arg(long, value_name = "KEYS", value_delimiter = ',')]
    pub(crate) by: Vec<Key>,
    /// Accept rows from this day or instant on only
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,
    /// Accept rows up to this day or instant only
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
    /// Print the entries and what they would take out, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// As for report
    #[arg(long, value_name = "ZONE", help_heading = "Reading exports")]
    time_zone: Option<String>,
    /// As for report
    #[arg(long, value_name = "ORDER", help_heading = "Reading exports")]
    date_order: Option<Order>,
    /// As for report
    #[arg(long, value_name = "NAME", help_heading = "Reading exports")]
    encoding: Option<TextEncodingName>,
    /// As for report
    #[arg(long, value_name = "NAME", help_heading = "Reading exports")]
    endpoint: Option<String>,
    /// As for report
    #[arg(long, value_name = "NAME|FILE", help_heading = "Reading exports")]
    layout: Vec<String>,
    /// How many threads to use; 0 for one per core
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Running")]
    threads: usize,
    /// Say nothing but errors and the entries
    #[arg(short, long, help_heading = "Running")]
    pub(crate) quiet: bool,
}

/// What has to be as in a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Key {
    /// The remote address, host name or URL
    Remote,
    /// The client's host
    Host,
    /// The rule or threat name
    Rule,
    /// The list that the detection came from
    List,
    /// What happened
    Scenario,
}

impl SuppressArgs {
    /// The arguments with which exports are read as a report reads them.
    pub(crate) fn reading(&self, paths: &[PathBuf]) -> InputArgs {
        InputArgs {
            paths: paths.to_vec(),
            profile: Some(self.profile.clone()),
            language: None,
            time_zone: self.time_zone.clone(),
            date_order: self.date_order,
            encoding: self.encoding,
            endpoint: self.endpoint.clone(),
            layout: self.layout.clone(),
            keep_duplicates: false,
            since: None,
            until: None,
            rejects: None,
            strict: false,
            fail_on: None,
            threads: self.threads,
            quiet: self.quiet,
            color: Color::Never,
        }
    }
}
