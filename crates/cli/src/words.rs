//! The words of the report's language.

use ringback_model::Case;
use ringback_template::Catalogue;
use std::sync::Arc;

/// The words in which a case is told.
///
/// # Errors
/// A language that the program has no words for.
pub(crate) fn of(case: &Case) -> anyhow::Result<Arc<Catalogue>> {
    Ok(Catalogue::of_case(case)?)
}
