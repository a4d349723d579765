//! `--since` and `--until`.

use anyhow::{Context, bail};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use ringback_model::Instant;

/// Which end of a stretch of time a text stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The start: a date stands for its first instant.
    Since,
    /// The end: a date stands for the first instant of the next day.
    Until,
}

/// The instant that a text stands for: a date, a date and time in the zone, or an instant with an offset.
///
/// # Errors
/// A text in no such form.
pub(crate) fn instant(text: &str, end: End, zone: &TimeZone) -> anyhow::Result<Instant> {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Ok(timestamp.into());
    }
    let civil = if text.len() <= "2026-11-24".len() {
        let date: Date = text.parse().with_context(|| wrong(text))?;
        match end {
            End::Since => date.to_datetime(jiff::civil::Time::midnight()),
            End::Until => date.checked_add(1.day())?.to_datetime(jiff::civil::Time::midnight()),
        }
    } else {
        text.parse::<DateTime>().with_context(|| wrong(text))?
    };
    match zone.to_ambiguous_timestamp(civil).compatible() {
        Ok(timestamp) => Ok(timestamp.into()),
        Err(error) => bail!("{text:?} is not a time in this zone: {error}"),
    }
}

fn wrong(text: &str) -> String {
    format!("{text:?} is no time; write 2026-11-24, 2026-11-24T09:15:00 or 2026-11-24T09:15:00Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_in_the_zone() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        for (text, end, expected) in [
            ("2026-11-24", End::Since, "2026-11-23T23:00:00Z"),
            ("2026-11-24", End::Until, "2026-11-24T23:00:00Z"),
            ("2026-11-24T09:15:00", End::Since, "2026-11-24T08:15:00Z"),
            ("2026-11-24 09:15:00", End::Until, "2026-11-24T08:15:00Z"),
            ("2026-11-24T09:15:00Z", End::Until, "2026-11-24T09:15:00Z"),
        ] {
            assert_eq!(instant(text, end, &zone).unwrap().to_string(), expected, "{text}");
        }
        for text in ["", "24.11.2026", "2026-13-01", "yesterday"] {
            assert!(instant(text, End::Since, &zone).is_err(), "{text}");
        }
    }
}
