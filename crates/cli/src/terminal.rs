//! What goes to a terminal: no byte of a log reaches it unchecked.

use crate::args::Color;
use std::fmt::Write as _;
use std::io::{IsTerminal, Write, stderr, stdout};

/// Text that is safe on a terminal: control and formatting characters are written out, as `\u{1b}`.
pub(crate) fn safe(text: &str) -> String {
    written_out(text, is_unsafe)
}

/// Text on several lines that is safe on a terminal: line feeds and tabs stay.
pub(crate) fn safe_lines(text: &str) -> String {
    written_out(text, |char| !matches!(char, '\n' | '\t') && is_unsafe(char))
}

/// Text with some of its characters written out.
fn written_out(text: &str, which: impl Fn(char) -> bool) -> String {
    let mut safe = String::with_capacity(text.len());
    for char in text.chars() {
        if which(char) {
            write!(safe, "\\u{{{:x}}}", u32::from(char)).expect("writing to a string does not fail");
        } else {
            safe.push(char);
        }
    }
    safe
}

/// Controls, and what hides or turns text: zero-width and bidirectional formatting, line and paragraph separators, tags.
pub(crate) fn is_unsafe(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(char, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Says that something failed, on standard error. A hint stands on its own line.
pub(crate) fn error(text: &str) {
    say("error", text);
}

/// Says something that the user should know, on standard error.
pub(crate) fn warning(text: &str) {
    say("warning", text);
}

/// Says what was done, on standard error.
pub(crate) fn note(text: &str) {
    for line in text.lines() {
        _ = writeln!(stderr().lock(), "{}", safe(line));
    }
}

fn say(kind: &str, text: &str) {
    let lines: Vec<String> = text.lines().map(safe).collect();
    _ = writeln!(stderr().lock(), "{kind}: {}", lines.join("\n"));
}

/// Whether results on standard output may be coloured.
pub(crate) fn colours(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    }
}

/// The columns that a page on standard output may have: those of the terminal, if they are neither few nor many.
pub(crate) fn width() -> usize {
    let columns = terminal_size::terminal_size_of(stdout()).map_or(0, |(width, _)| usize::from(width.0));
    columns.clamp(80, 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_log_steers_the_terminal() {
        for (text, expected) in [
            ("plain ünïcode 漢字", "plain ünïcode 漢字"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("a\u{202e}b\r\n\u{9b}c\u{7}", "a\\u{202e}b\\u{d}\\u{a}\\u{9b}c\\u{7}"),
            ("\u{200b}\u{feff}", "\\u{200b}\\u{feff}"),
        ] {
            assert_eq!(safe(text), expected);
        }
    }
}
