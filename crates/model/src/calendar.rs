//! Days and hours of a time zone, for those who ask for very many instants.

use crate::instant::Instant;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Years for which changes of a zone's offset are looked up; beyond them the nearest offset holds.
const YEARS: (i64, i64) = (-946_771_200, 4_102_444_800);

/// The offsets of a time zone by time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// From which second on, and by how many seconds the clocks are ahead of UTC. The first entry holds before it, too.
    offsets: Vec<(i64, i64)>,
}

impl Calendar {
    /// The calendar of a zone by its IANA name, from 1940 to 2100; that of UTC where there is none of that name.
    pub fn of(name: &str) -> Self {
        let zone = TimeZone::get(name).unwrap_or(TimeZone::UTC);
        let start = Timestamp::from_second(YEARS.0).unwrap_or(Timestamp::UNIX_EPOCH);
        let first = (YEARS.0, i64::from(zone.to_offset(start).seconds()));
        let changes = zone
            .following(start)
            .map(|change| (change.timestamp().as_second(), i64::from(change.offset().seconds())))
            .take_while(|(second, _)| *second < YEARS.1);
        Calendar { offsets: std::iter::once(first).chain(changes).collect() }
    }

    /// The day, counted from 1970-01-01, and the hour that a clock on the wall shows.
    pub fn day_and_hour(&self, at: Instant) -> (i64, usize) {
        let second = at.seconds();
        let after = self.offsets.partition_point(|(from, _)| *from <= second);
        let (_, offset) = self.offsets[after.saturating_sub(1)];
        let shown = second + offset;
        (shown.div_euclid(DAY), usize::try_from(shown.rem_euclid(DAY) / 3_600).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_hours_are_those_on_the_wall() {
        for (zone, second, day, hour) in [
            ("UTC", 0, 0, 0),
            ("UTC", -1, -1, 23),
            ("Nowhere/At-All", 3_600, 0, 1),
            // 2026-10-25, the end of summer time: 02:30 comes twice.
            ("Europe/Berlin", 1_792_888_200, 20_751, 2),
            ("Europe/Berlin", 1_792_891_800, 20_751, 2),
            ("Asia/Kolkata", 1_792_888_200, 20_751, 6),
            ("America/New_York", 1_792_888_200, 20_750, 20),
        ] {
            let shown = Calendar::of(zone).day_and_hour(Instant::from_seconds(second));
            assert_eq!(shown, (day, hour), "{zone} {second}");
        }
    }
}
