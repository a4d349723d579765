//! The client's word, read from files: the profile and what it names.
//!
//! Everything here is checked to the end: an error names file, line and what would have been right, and all errors of a
//! file are told at once as far as its syntax allows.

mod error;
mod profile_file;
mod values;

pub use error::{Problem, ProfileError};

use ringback_model::{Instant, Profile};
use std::path::Path;

/// The commented profile that `ringback profile init` writes.
pub const TEMPLATE: &str = include_str!("../profile.template.toml");

/// A profile with the files that it was made from.
#[derive(Clone, Debug)]
pub struct LoadedProfile {
    /// The profile.
    pub profile: Profile,
    /// Files that were read for it besides the profile itself: name, date, SHA-256.
    pub data_files: Vec<(String, Option<Instant>, String)>,
}

/// Reads a profile.
///
/// # Errors
/// A file that can not be read, or everything that is wrong in it.
pub fn read_profile(path: &Path) -> Result<LoadedProfile, ProfileError> {
    let name = path.display().to_string();
    let text =
        std::fs::read_to_string(path).map_err(|source| ProfileError::Read { name: name.clone(), source })?;
    Ok(LoadedProfile { profile: parse_profile(&text, &name)?, data_files: Vec::new() })
}

/// Reads a profile from its text.
///
/// # Errors
/// Everything that is wrong in it.
pub fn parse_profile(text: &str, name: &str) -> Result<Profile, ProfileError> {
    let wrong = |problems| ProfileError::Content { name: name.to_owned(), problems };
    let file: profile_file::ProfileFile =
        toml::from_str(text).map_err(|found| wrong(vec![Problem::of_syntax(text, &found)]))?;
    let mut problems = values::Problems::new(text);
    let profile = file.into_profile(&mut problems);
    let problems = problems.into_vec();
    if problems.is_empty() { Ok(profile) } else { Err(wrong(problems)) }
}

#[cfg(test)]
mod tests;
