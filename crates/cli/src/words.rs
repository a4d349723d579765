//! The words of the report's language.

use ringback_model::{Case, Words};
use std::sync::Arc;

/// The words in which a case is told.
///
/// # Errors
/// A language that the program has no words for.
pub(crate) fn of(case: &Case) -> anyhow::Result<Arc<dyn Words>> {
    Ok(ringback_template::words(&case.heading.language, &case.heading.time_zone)?)
}
