//! The one place that reads the clock.

use anyhow::Context;
use ringback_model::Instant;

/// The time of the run: that of `SOURCE_DATE_EPOCH` (seconds since 1970), else now.
///
/// # Errors
/// A `SOURCE_DATE_EPOCH` that is no number of seconds.
pub(crate) fn now() -> anyhow::Result<Instant> {
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => {
            let seconds =
                text.trim().parse().with_context(|| format!("SOURCE_DATE_EPOCH is {text:?}, not seconds"))?;
            Ok(Instant::from_seconds(seconds))
        }
        Err(_) => Ok(Instant::from_seconds(jiff::Timestamp::now().as_second())),
    }
}
