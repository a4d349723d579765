//! Characters that can not be seen, made visible.

use std::borrow::Cow;

/// Whether a character is invisible, changes the direction of text, or controls the display: those with which a log's
/// author could make a reader see something else than what is there. Line breaks and tabs are for the caller to judge.
pub(crate) fn hidden(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character ends a line.
pub(crate) fn breaks_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a text is nothing but printable ASCII, as most are: then there is nothing to look for in it.
pub(crate) fn is_plain(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'))
}

/// The same with line breaks and tabs, which are not hidden.
fn is_plain_lines(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~' | b'\n' | b'\t'))
}

/// A text with hidden characters written as `\u{202e}`. Tabs stay, and line breaks of every kind: for those who write them as
/// one kind.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    shown_as_code(text, hidden)
}

/// The same for text that is written as it stands: what breaks a line for some programs and not for others is hidden too.
pub(crate) fn visible_as_written(text: &str) -> Cow<'_, str> {
    shown_as_code(text, |c| hidden(c) || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}'))
}

fn shown_as_code(text: &str, as_code: impl Fn(char) -> bool) -> Cow<'_, str> {
    if is_plain_lines(text) || !text.contains(&as_code) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if as_code(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown.into()
}

/// A text on one line: hidden characters visible, every run of line breaks and tabs one blank.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    let folds = |c: char| breaks_line(c) || c == '\t';
    if is_plain(text) || !text.contains(|c| folds(c) || hidden(c)) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut folded = false;
    for c in text.chars() {
        let fold = folds(c);
        if hidden(c) {
            shown.extend(c.escape_unicode());
        } else if !fold {
            shown.push(c);
        } else if !folded {
            shown.push(' ');
        }
        folded = fold;
    }
    shown.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_shown() {
        for (text, expected) in [
            ("plain ünïcode 漢字 🦀", "plain ünïcode 漢字 🦀"),
            ("a\u{202e}gpj.exe", "a\\u{202e}gpj.exe"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("a\u{0}b\u{7f}\u{9b}", "a\\u{0}b\\u{7f}\\u{9b}"),
            ("x\u{200b}\u{feff}\u{e0041}y", "x\\u{200b}\\u{feff}\\u{e0041}y"),
            ("two\r\n\tlines\u{2028}x", "two lines x"),
        ] {
            assert_eq!(one_line(text), expected);
        }
        assert_eq!(visible("a\n\tb\u{8}\u{2028}\u{85}"), "a\n\tb\\u{8}\u{2028}\u{85}");
        assert_eq!(visible_as_written("a\n\tb\u{8}\u{2028}\u{85}"), "a\n\tb\\u{8}\\u{2028}\\u{85}");
    }
}
