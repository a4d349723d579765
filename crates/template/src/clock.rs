//! Times in the reader's time zone. Nothing here reads a clock.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ringback_model::Instant;

/// A time zone in which instants are shown.
#[derive(Clone, Debug)]
pub struct Clock {
    name: String,
    zone: TimeZone,
}

impl Default for Clock {
    fn default() -> Self {
        Clock { name: "UTC".to_owned(), zone: TimeZone::UTC }
    }
}

impl Clock {
    /// The clock of a zone by its IANA name; an empty name is UTC. `None` where there is no such zone.
    pub fn of(name: &str) -> Option<Self> {
        if name.is_empty() {
            return Some(Clock::default());
        }
        let zone = TimeZone::get(name).ok()?;
        Some(Clock { name: name.to_owned(), zone })
    }

    /// The zone's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What a clock on the wall shows at an instant: what spreadsheets, which know no zones, store. `None` outside of the
    /// years -9999 to 9999.
    pub fn civil(&self, instant: Instant) -> Option<DateTime> {
        Some(self.zone.to_datetime(instant.timestamp()?))
    }

    /// Date and time in a pattern of `strftime`, with the zone's abbreviation where asked for.
    pub(crate) fn time(&self, instant: Instant, pattern: &str, with_zone: bool) -> String {
        let Some(timestamp) = instant.timestamp() else { return instant.to_string() };
        let shown = self.zone.to_datetime(timestamp).strftime(pattern).to_string();
        if !with_zone {
            return shown;
        }
        let info = self.zone.to_offset_info(timestamp);
        format!("{shown} {}", zone_sign(info.abbreviation()))
    }
}

/// The abbreviation of a zone. Zones without one have their offset for a name: `+03` becomes `UTC+03`.
fn zone_sign(abbreviation: &str) -> String {
    if abbreviation.starts_with(['+', '-']) {
        return format!("UTC{abbreviation}");
    }
    abbreviation.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISO: &str = "%Y-%m-%d %H:%M:%S";

    #[test]
    fn instants_are_shown_in_the_zone() {
        let instant = Instant::from_seconds(1_782_000_000);
        for (zone, expected) in [
            ("", "2026-06-21 00:00:00 UTC"),
            ("Europe/Berlin", "2026-06-21 02:00:00 CEST"),
            ("America/Sao_Paulo", "2026-06-20 21:00:00 UTC-03"),
        ] {
            let clock = Clock::of(zone).unwrap();
            assert_eq!(clock.time(instant, ISO, true), expected);
            assert_eq!(clock.time(instant, ISO, false), expected[..19]);
        }
        assert!(Clock::of("Europe/Nowhere").is_none());
    }

    #[test]
    fn an_instant_beyond_the_calendar_is_still_something() {
        let far = Instant::from_micros(i64::MAX);
        assert_eq!(Clock::default().time(far, ISO, true), far.to_string());
        assert_eq!(Clock::default().civil(far), None);
    }
}
