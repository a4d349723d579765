//! Times as text, cheap for rows that come in order: the text of the last minute is kept.

use jiff::Timestamp;
use std::io::Write;

/// Writes times of one form.
pub(super) struct Clock {
    form: &'static str,
    after: &'static str,
    minute: Option<i64>,
    text: Vec<u8>,
}

impl Clock {
    /// `2026-10-01 00:42:59`.
    pub(super) fn iso() -> Self {
        Clock { form: "%Y-%m-%d %H:%M:", after: "", minute: None, text: Vec::new() }
    }

    /// `Oct 01 2026 00:42:59 GMT+00:00`, as Apex Central has it.
    pub(super) fn apex_central() -> Self {
        Clock { form: "%b %d %Y %H:%M:", after: " GMT+00:00", minute: None, text: Vec::new() }
    }

    /// Appends the text of a second since 1970, UTC.
    pub(super) fn write(&mut self, seconds: i64, out: &mut Vec<u8>) {
        let minute = seconds.div_euclid(60);
        if self.minute != Some(minute) {
            self.text.clear();
            let at = Timestamp::from_second(minute * 60).unwrap_or_default();
            write!(self.text, "{}", at.strftime(self.form)).expect("a vector takes everything");
            self.minute = Some(minute);
        }
        out.extend_from_slice(&self.text);
        let second = u8::try_from(seconds.rem_euclid(60)).expect("it is below 60");
        out.extend_from_slice(&[b'0' + second / 10, b'0' + second % 10]);
        out.extend_from_slice(self.after.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        for (mut clock, seconds, expected) in [
            (Clock::iso(), 1_790_815_379, "2026-10-01 00:42:59"),
            (Clock::iso(), 0, "1970-01-01 00:00:00"),
            (Clock::apex_central(), 1_790_815_379, "Oct 01 2026 00:42:59 GMT+00:00"),
        ] {
            let mut out = Vec::new();
            clock.write(seconds + 60, &mut out);
            out.clear();
            clock.write(seconds, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
