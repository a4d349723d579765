//! Instants in UTC, to the microsecond.

use std::fmt;

/// Microseconds per second.
const MICROS: i64 = 1_000_000;

/// An instant in UTC: microseconds since 1970-01-01T00:00:00Z, before or after.
///
/// It is written as `2026-06-18T09:15:02Z`, with a fraction only where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Instant(i64);

impl Instant {
    /// The instant so many microseconds after the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Instant(micros)
    }

    /// The instant so many whole seconds after the epoch; saturates at the ends of the range.
    pub const fn from_seconds(seconds: i64) -> Self {
        Instant(seconds.saturating_mul(MICROS))
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(MICROS)
    }

    /// The same instant as a `jiff` timestamp; `None` outside of its range (years -9999 to 9999).
    pub fn timestamp(self) -> Option<jiff::Timestamp> {
        jiff::Timestamp::from_microsecond(self.0).ok()
    }
}

impl From<jiff::Timestamp> for Instant {
    fn from(timestamp: jiff::Timestamp) -> Self {
        Instant(timestamp.as_microsecond())
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.timestamp() {
            Some(timestamp) => write!(f, "{timestamp}"),
            None => write!(f, "{}us", self.0),
        }
    }
}

impl serde::Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl schemars::JsonSchema for Instant {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Instant".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "format": "date-time",
            "description": "An instant in UTC, ISO 8601 with a Z."
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_in_utc() {
        for (micros, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (1_592_471_702_000_000, "2020-06-18T09:15:02Z"),
            (1_592_471_702_250_000, "2020-06-18T09:15:02.25Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
        ] {
            assert_eq!(Instant::from_micros(micros).to_string(), text);
        }
        assert_eq!(Instant::from_micros(-1).seconds(), -1);
    }
}
