//! The shapes in which exports come, and how the first line tells them.

/// The shape of a source's records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// Delimited text with a heading.
    #[default]
    Delimited,
    /// `ArcSight` Common Event Format, one event a line, with or without a syslog header.
    Cef,
    /// IBM Log Event Extended Format, one event a line, with or without a syslog header.
    Leef,
    /// JSON objects: one a line, one after the other, or in one array.
    Json,
    /// Lines without a heading, in which cells have fixed places and stand between `<;>`.
    Positions,
    /// `Name: value` lines, as in notifications by mail.
    Mail,
}

/// What stands between the cells of an agent's files.
pub(crate) const SEPARATOR: &[u8] = b"<;>";

/// How many lines are looked at for events behind a preamble.
const WITHIN: usize = 64;

impl Format {
    /// The word that stands for it in layouts.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Delimited => "delimited",
            Format::Cef => "cef",
            Format::Leef => "leef",
            Format::Json => "json",
            Format::Positions => "positions",
            Format::Mail => "mail",
        }
    }

    /// Whether cells are found by a key of their own in each record and not by a heading.
    pub(crate) fn is_keyed(self) -> bool {
        self != Format::Delimited
    }

    /// Whether each line is a record, whatever stands in it: then one starts behind every line feed.
    pub(crate) fn is_by_line(self) -> bool {
        matches!(self, Format::Cef | Format::Leef | Format::Positions)
    }

    /// The format that the first line of a text tells; delimited where it tells none. Only the first line counts: those
    /// after it may hold what an attacker wrote.
    pub(crate) fn of(text: &[u8]) -> Format {
        let first = lines(text).next().unwrap_or_default();
        if first.starts_with(b"{") || first.starts_with(b"[") {
            return Format::Json;
        }
        event(first).unwrap_or_default()
    }

    /// The formats to try where no line is a heading: events behind a preamble, then a notification.
    pub(crate) fn behind_preamble(text: &[u8]) -> Format {
        lines(text).take(WITHIN).find_map(event).unwrap_or(Format::Mail)
    }
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty())
}

/// The format of a line that is one event.
fn event(line: &[u8]) -> Option<Format> {
    if header(line, b"CEF:").is_some() {
        Some(Format::Cef)
    } else if header(line, b"LEEF:").is_some() {
        Some(Format::Leef)
    } else {
        memchr::memmem::find(line, SEPARATOR).map(|_| Format::Positions)
    }
}

/// The place of an event's header in its line: the name of the format, a version, a bar.
pub(crate) fn header(line: &[u8], name: &[u8]) -> Option<usize> {
    memchr::memmem::find_iter(line, name).find(|at| {
        let version = line[at + name.len()..].iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b'.'));
        let after = at + name.len() + version.count();
        after > at + name.len() && line.get(after) == Some(&b'|')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_tells() {
        for (text, format) in [
            ("Date/Time,Remote IP\nCEF:0|a|b\n", Format::Delimited),
            ("\n<134>Nov 1 host CEF:0|Trend Micro|x\n", Format::Cef),
            ("kiwi\tthing\tCEF:1|a", Format::Cef),
            ("LEEF:2.0|Trend Micro|x", Format::Leef),
            ("CEF: a,b\n", Format::Delimited),
            ("  {\"a\": 1}", Format::Json),
            ("[\n{\"a\": 1}]", Format::Json),
            ("20180123<;>1316<;>1", Format::Positions),
            ("", Format::Delimited),
        ] {
            assert_eq!(Format::of(text.as_bytes()), format, "{text:?}");
        }
        assert_eq!(Format::behind_preamble(b"# log\n\nCEF:0|a|b"), Format::Cef);
        assert_eq!(Format::behind_preamble(b"Dear all\n"), Format::Mail);
    }
}
