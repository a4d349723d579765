//! What is asked of an investigation.

use crate::error::PipelineError;
use ringback_classify::Policy;
use ringback_context::AddressDatabases;
use ringback_model::case::{DataFile, Heading};
use ringback_model::{Baseline, Cuts, Instant, Profile};
use ringback_parse::{Layouts, ReadOptions};
use std::path::PathBuf;

/// What is asked of an investigation. The order of paths and the number of threads have no influence on the result.
#[derive(Debug)]
pub struct Request {
    /// Files, folders, archives, patterns, or `-` for standard input.
    pub paths: Vec<PathBuf>,
    /// How inputs are read.
    pub read: ReadOptions,
    /// The layouts that are known: those that are carried, and the user's own.
    pub layouts: Layouts,
    /// The stretch of time that is looked at.
    pub window: Window,
    /// The client's word.
    pub profile: Profile,
    /// What the report says of itself.
    pub heading: Heading,
    /// Options to print in the report's method section, by name.
    pub shown_options: Vec<(String, String)>,
    /// The user's own layouts that were read: what is counted with others does not merge.
    pub layout_files: Vec<DataFile>,
    /// Files that were read for context.
    pub data_files: Vec<DataFile>,
    /// Databases that tell of remote public addresses where they are and who operates their network.
    pub addresses: AddressDatabases,
    /// Number of threads; 0 for one per core.
    pub threads: usize,
    /// Whether the SHA-256 of each input is worked out.
    pub hash_inputs: bool,
    /// Whether the rows are asked for again once the case is made, as [`crate::Investigation::events`] does: pipes are kept
    /// then.
    pub read_again: bool,
    /// Whether incidents get the advice of the playbook and what is known apart from the logs, which only reports show.
    pub advise: bool,
    /// An earlier report that the case is held against.
    pub baseline: Option<Baseline>,
    /// Whether rows that several exports hold are counted every time.
    pub keep_duplicates: bool,
    /// Whether the text of rejected rows is kept.
    pub keep_rejected: bool,
}

impl Request {
    /// The profile as a policy, and the cuts in time that it and the window make.
    ///
    /// # Errors
    /// The profile can not be compiled, or has too many dates.
    pub(crate) fn policy_and_cuts(&self) -> Result<(Policy, Cuts), PipelineError> {
        let policy = Policy::compile(&self.profile).map_err(PipelineError::Policy)?;
        let policy = policy.made_at(self.heading.generated_at);
        let cuts = Cuts::new(policy.cuts().into_iter().chain(self.window.cuts()));
        Ok((policy, cuts.map_err(PipelineError::Cuts)?))
    }

    /// A request for paths that are read by these layouts, with nothing known of the client and nothing more asked.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn of(paths: Vec<PathBuf>, layouts: Layouts) -> Self {
        Request {
            paths,
            read: ReadOptions::default(),
            layouts,
            window: Window::default(),
            profile: Profile::default(),
            heading: Heading::default(),
            shown_options: Vec::new(),
            layout_files: Vec::new(),
            data_files: Vec::new(),
            addresses: AddressDatabases::default(),
            baseline: None,
            threads: 0,
            hash_inputs: false,
            read_again: false,
            advise: false,
            keep_duplicates: false,
            keep_rejected: false,
        }
    }
}

/// The stretch of time that is looked at; open where an end is `None`. The end is not part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// The first instant in it.
    pub since: Option<Instant>,
    /// The first instant after it.
    pub until: Option<Instant>,
}

impl Window {
    /// The cuts that the window makes.
    pub(crate) fn cuts(self) -> impl Iterator<Item = Instant> {
        self.since.into_iter().chain(self.until)
    }
}
