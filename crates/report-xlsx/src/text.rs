//! Text as cells can hold it.

use std::borrow::Cow;

/// The most UTF-16 units that a cell holds.
pub(crate) const LONGEST: usize = 32_767;

/// The most line breaks that a cell holds.
const MOST_BREAKS: usize = 253;

/// What stands for a line break beyond [`MOST_BREAKS`].
const BREAK_SIGN: char = '↵';

/// A text whose line breaks are all alike, and in which the characters that XML forbids, and other controls, are visible.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return text.into();
    }
    let breaks = text.bytes().filter(|byte| *byte == b'\n').count();
    let plain = text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~' | b'\n'));
    if breaks <= MOST_BREAKS && (plain || !text.contains(needs_care)) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut breaks = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                breaks += 1;
                shown.push(if breaks <= MOST_BREAKS { '\n' } else { BREAK_SIGN });
            }
            c if needs_care(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown.into()
}

/// Whether a text is nothing but printable ASCII, as most are: then there is nothing to look for in it.
pub(crate) fn is_plain(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'))
}

fn needs_care(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}')
        || (u32::from(c) & 0xfffe) == 0xfffe
}

/// A cleaned text on one line.
pub(crate) fn one_line(text: &str) -> String {
    clean(text).replace(['\n', '\t'], " ")
}

/// The start of a text and the number of characters left out, where it is longer than so many UTF-16 units. `room` is kept
/// free for a mark.
pub(crate) fn cut(text: &str, most: usize, room: usize) -> Option<(&str, usize)> {
    // A UTF-8 text has at least as many bytes as UTF-16 units.
    if text.len() <= most || text.encode_utf16().count() <= most {
        return None;
    }
    let mut units = 0;
    let end = text
        .char_indices()
        .find(|(_, c)| {
            units += c.len_utf16();
            units > most.saturating_sub(room)
        })
        .map_or(text.len(), |(at, _)| at);
    Some((&text[..end], text[end..].chars().count()))
}

/// A text of at most so many UTF-16 units on one line, the last an ellipsis where it was longer.
pub(crate) fn short(text: &str, most: usize) -> String {
    let line = one_line(text);
    match cut(&line, most, 1) {
        Some((start, _)) => format!("{start}…"),
        None => line,
    }
}

/// Whether a spreadsheet would take a text for a formula if it were typed in.
pub(crate) fn looks_typed(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@'])
}

/// A text that the library, which has markup of its own, takes for text.
pub(crate) fn no_markup(text: String) -> String {
    if text.starts_with("<r>") && text.ends_with("</r>") { text + " " } else { text }
}

/// About how many lines a text takes in so many characters of width.
pub(crate) fn lines(text: &str, width: f64) -> u32 {
    let width = width.max(1.0);
    let ascii = text.is_ascii();
    let line = |line: &str| {
        // Wide characters take two places.
        let places = if ascii {
            u32::try_from(line.len()).unwrap_or(u32::MAX)
        } else {
            line.chars().map(|c| if c >= '\u{1100}' { 2 } else { 1 }).sum()
        };
        (f64::from(places) * 1.1 / width).ceil().max(1.0)
    };
    let sum: f64 = text.trim_end().split('\n').map(line).sum();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is clamped to a small number"
    )]
    let sum = sum.clamp(1.0, 10_000.0) as u32;
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_visible_and_line_breaks_alike() {
        for (text, expected) in [
            ("plain ünï 漢字 🦀", "plain ünï 漢字 🦀"),
            ("a\r\nb\rc\nd\u{2028}e\u{85}f", "a\nb\nc\nd\ne\nf"),
            ("a\u{0}b\u{1b}[31m\u{7f}\u{9b}", "a\\u{0}b\\u{1b}[31m\\u{7f}\\u{9b}"),
            ("a\u{fffe}b\u{ffff}c\u{1fffe}\u{fffd}", "a\\u{fffe}b\\u{ffff}c\\u{1fffe}\u{fffd}"),
            ("tab\tstays", "tab\tstays"),
        ] {
            assert_eq!(clean(text), expected, "{text:?}");
        }
        assert_eq!(one_line("a\r\n\tb"), "a  b");
    }

    #[test]
    fn line_breaks_are_bounded() {
        let many = clean(&"x\n".repeat(300)).into_owned();
        assert_eq!(many.matches('\n').count(), MOST_BREAKS);
        assert_eq!(many.matches(BREAK_SIGN).count(), 300 - MOST_BREAKS);
    }

    #[test]
    fn long_text_is_cut_at_a_character() {
        assert_eq!(cut("abc", 3, 1), None);
        assert_eq!(cut("abcd", 3, 1), Some(("ab", 2)));
        // Four bytes each, two units each.
        assert_eq!(cut("𝄞𝄞𝄞", 6, 1), None);
        assert_eq!(cut("𝄞𝄞𝄞𝄞", 6, 1), Some(("𝄞𝄞", 2)));
        assert_eq!(short("a\nbcdef", 4), "a b…");
        let long = "é".repeat(LONGEST + 1);
        let (start, left_out) = cut(&long, LONGEST, 40).unwrap();
        assert_eq!((start.chars().count(), left_out), (LONGEST - 40, 41));
    }

    #[test]
    fn lines_are_estimated() {
        for (text, width, expected) in
            [("", 10.0, 1), ("abc", 10.0, 1), ("abcdefghijkl", 10.0, 2), ("a\nb\n", 10.0, 2)]
        {
            assert_eq!(lines(text, width), expected, "{text:?}");
        }
        assert_eq!(lines("漢字漢字漢字", 10.0), 2);
    }
}
