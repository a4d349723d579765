//! The client's word, read from files: the profile and what it names.
//!
//! Everything here is checked to the end: an error names file, line and column and what would have been right, and all
//! errors of a file are told at once: those of its syntax, or, where that is right, those of its content.

mod accepted;
#[cfg(any(test, fuzzing))]
pub mod any_bytes;
mod data;
mod error;
mod named;
mod problems;
mod profile_edit;
mod profile_file;
mod report_file;
mod section;
mod values;
mod worn;

pub use data::{
    AddressDatabase, AddressDatabases, Catalogue, Facts, Fault, Scan, VulnerabilityReport,
    parse_known_exploited, parse_scan, parse_vulnerabilities,
};
pub use error::{FileFault, Problem, ProfileError};
pub use profile_edit::{Accepting, EditError, accepting};
pub use report_file::{
    ReportFault, ReportFinding, baseline_file, is_report, parse_baseline, read_baseline, read_findings,
};

use problems::Problems;
use ringback_model::Profile;
use ringback_model::brand::Brand;
use ringback_model::case::DataFile;
use std::path::{Path, PathBuf};
use toml::de::DeTable;

/// The commented profile that `ringback profile init` writes.
pub const TEMPLATE: &str = include_str!("../profile.template.toml");

/// A profile with the files that it was made from.
#[derive(Clone, Debug)]
pub struct LoadedProfile {
    /// The profile.
    pub profile: Profile,
    /// Files that were read for it besides the profile itself, as it names them.
    pub data_files: Vec<DataFile>,
    /// The databases of addresses that it names.
    pub addresses: AddressDatabases,
    /// The files of the layouts that it names.
    pub layouts: Vec<PathBuf>,
    /// What reports wear: the logo and the texts that it names.
    pub brand: Brand,
}

/// Reads a profile with the reports, scans and catalogues that it names.
///
/// # Errors
/// A file that can not be read, or everything that is wrong in it; the first thing that is wrong in each file that it names.
pub fn read_profile(path: &Path) -> Result<LoadedProfile, ProfileError> {
    let name = path.display().to_string();
    let text =
        std::fs::read_to_string(path).map_err(|source| ProfileError::Read { name: name.clone(), source })?;
    let mut profile = parse_profile(&text, &name)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let layouts = profile.layouts.iter().map(|name| folder.join(name)).collect();
    let worn = data::read_brand(&profile, folder);
    match (worn, data::read(&mut profile, folder)) {
        (Ok(brand), Ok((data_files, addresses))) => {
            Ok(LoadedProfile { profile, data_files, addresses, layouts, brand })
        }
        (worn, read) => {
            let mut faults = worn.err().unwrap_or_default();
            faults.extend(read.err().unwrap_or_default());
            Err(ProfileError::Files { name, faults })
        }
    }
}

/// The folders of reporter packs that a profile names, without reading any other file that it names.
///
/// # Errors
/// A file that can not be read, or everything that is wrong in it.
pub fn read_reporters(path: &Path) -> Result<Vec<PathBuf>, ProfileError> {
    let name = path.display().to_string();
    let text =
        std::fs::read_to_string(path).map_err(|source| ProfileError::Read { name: name.clone(), source })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok(parse_profile(&text, &name)?.reporters.iter().map(|name| folder.join(name)).collect())
}

/// Reads a profile from its text, without the files that it names. `name` is what errors call it.
///
/// # Errors
/// Everything that is wrong in it.
pub fn parse_profile(text: &str, name: &str) -> Result<Profile, ProfileError> {
    let mut problems = Problems::new(text);
    let (file, syntax) = DeTable::parse_recoverable(text);
    for error in &syntax {
        problems.at(error.span().unwrap_or(0..0), error.message().trim(), "");
    }
    problems.keep_first_of_each_line();
    if problems.is_empty() {
        let profile = profile_file::profile(&file, &mut problems);
        if problems.is_empty() {
            return Ok(profile);
        }
    }
    Err(ProfileError::Content { name: name.to_owned(), problems: problems.into_vec() })
}

#[cfg(test)]
mod tests;
