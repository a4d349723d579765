//! Who is present when, as bytes.

use super::wire::{PartError, WireReader, WireWriter};
use crate::Presence;

/// Hours before and after 1970.
const HOURS: i64 = 1 << 40;

impl Presence {
    /// Writes it.
    pub fn write(&self, out: &mut WireWriter) {
        out.count(self.hours.len());
        let mut before = 0;
        for (hour, endpoints) in &self.hours {
            out.signed(hour - before);
            before = *hour;
            let mut endpoints: Vec<u64> = endpoints.iter().copied().collect();
            endpoints.sort_unstable();
            out.count(endpoints.len());
            let mut before = 0;
            for endpoint in endpoints {
                out.number(endpoint - before);
                before = endpoint;
            }
        }
    }

    /// Reads what was written.
    ///
    /// # Errors
    /// The bytes are something else.
    pub fn read(input: &mut WireReader<'_>) -> Result<Self, PartError> {
        let (mut presence, mut hour) = (Presence::default(), 0_i64);
        for _ in 0..input.count()? {
            let next = hour.checked_add(input.signed()?).filter(|hour| (-HOURS..HOURS).contains(hour));
            hour = next.ok_or(PartError::Damaged("an hour is out of bounds"))?;
            let mut endpoint = 0_u64;
            for _ in 0..input.count()? {
                endpoint = endpoint.wrapping_add(input.number()?);
                presence.add(hour, endpoint);
            }
        }
        Ok(presence)
    }
}
