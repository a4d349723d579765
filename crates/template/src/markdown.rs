//! Text inside Markdown, safe for ``CommonMark``, GitHub and GitLab.

use crate::visible::{one_line, visible_as_written};
use std::fmt::Write;

/// Escapes a text so that it can not form markup in a paragraph, a list item, a heading or a table's cell. The text is
/// put on one line. What is harmless where it stands is left alone, so that the source stays readable.
pub(crate) fn escape(text: &str, out: &mut impl Write) -> std::fmt::Result {
    let line = one_line(text);
    let line = line.trim();
    let marker = marker(line);
    // Most of a text is harmless; it is written in stretches, up to what may need care.
    let mut written = 0;
    let cares = |at: usize, byte: u8| may_matter(byte) || marker == Some(at);
    for (at, byte) in line.bytes().enumerate().filter(|(at, byte)| cares(*at, *byte)) {
        let escaped = match byte {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'&' => "&amp;",
            _ if marker == Some(at) || is_markup(char::from(byte), &line[..at], &line[at + 1..]) => {
                out.write_str(&line[written..at])?;
                out.write_char('\\')?;
                written = at;
                continue;
            }
            _ => continue,
        };
        out.write_str(&line[written..at])?;
        out.write_str(escaped)?;
        written = at + 1;
    }
    out.write_str(&line[written..])
}

/// Whether a byte is a character that could be escaped anywhere but as a line's marker. All of them are ASCII, so that no
/// byte of another character is taken for one.
fn may_matter(byte: u8) -> bool {
    byte.is_ascii_punctuation()
}

/// Whether a character could be markup between what is before and after it.
fn is_markup(c: char, before: &str, after: &str) -> bool {
    let starts = |text: &str| text.starts_with(|c: char| c.is_ascii_alphanumeric());
    let ends = |text: &str| text.ends_with(|c: char| c.is_ascii_alphanumeric());
    match c {
        // A dot as `defang` writes it: what follows a bracket's end in a link is never a letter or a digit.
        '[' => !(ends(before) && after.strip_prefix(".]").is_some_and(starts)),
        ']' => !(before.strip_suffix("[.").is_some_and(ends) && starts(after)),
        '\\' | '`' | '*' | '{' | '}' | '|' | '~' | '$' | '#' | '!' | '@' | '^' => true,
        // Between letters an underscore is never emphasis.
        '_' => !(ends(before) && starts(after)),
        // Addresses that would become links on their own.
        ':' => after.starts_with('/') && !before.ends_with("hxxp") && !before.ends_with("hxxps"),
        '.' => before.len() >= 3 && before.as_bytes()[before.len() - 3..].eq_ignore_ascii_case(b"www"),
        _ => false,
    }
}

/// The place of the character by which a line would become a list item, a quote, a rule or a heading's underline.
fn marker(line: &str) -> Option<usize> {
    if line.starts_with(['-', '+', '=', ':']) {
        return Some(0);
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let ends_number = line[digits..].starts_with(['.', ')']);
    let then = line[digits..].chars().nth(1);
    (digits > 0 && ends_number && then.is_none_or(|c| c == ' ')).then_some(digits)
}

/// A fenced block of a text that keeps its lines. The fence is longer than any run of backticks in the text.
pub(crate) fn fence(text: &str, info: &str) -> String {
    let text = visible_as_written(text);
    let mut longest = 2;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let info: String = info.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{fence}{info}\n{}\n{fence}", text.trim_end_matches(['\n', '\r']).replace('\r', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_taken_apart() {
        for (text, expected) in [
            ("plain text, 10.1.2.3 (ok)", "plain text, 10.1.2.3 (ok)"),
            ("LAP_TOP-7.corp.example", "LAP_TOP-7.corp.example"),
            ("_x_ *y* ~~z~~ `c`", "\\_x\\_ \\*y\\* \\~\\~z\\~\\~ \\`c\\`"),
            ("[x](javascript:alert(1))", "\\[x\\](javascript:alert(1))"),
            ("![x](https://a/b)", "\\!\\[x\\](https\\://a/b)"),
            ("<script>alert('1')</script>", "&lt;script&gt;alert('1')&lt;/script&gt;"),
            ("a|b", "a\\|b"),
            ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
            ("{{ 7*7 }}", "\\{\\{ 7\\*7 \\}\\}"),
            ("http://evil.example/x", "http\\://evil.example/x"),
            ("see WWW.evil.example", "see WWW\\.evil.example"),
            ("a\\b", "a\\\\b"),
            ("hxxps://evil[.]example/x", "hxxps://evil[.]example/x"),
            ("a[.](http://x) a[.][b] [.]b a[.]", "a\\[.\\](http\\://x) a\\[.\\]\\[b\\] \\[.\\]b a\\[.\\]"),
            ("# title", "\\# title"),
            ("- item", "\\- item"),
            ("+ item", "\\+ item"),
            ("1. item", "1\\. item"),
            ("12) item", "12\\) item"),
            ("1.", "1\\."),
            ("---", "\\---"),
            ("===", "\\==="),
            ("> quote", "&gt; quote"),
            ("    code", "code"),
            ("two\n\n# lines", "two \\# lines"),
            ("a\u{202e}b", "a\\\\u\\{202e\\}b"),
            ("@team #12 !3 $x$", "\\@team \\#12 \\!3 \\$x\\$"),
            ("www.é.example éww.x", "www\\.é.example éww.x"),
        ] {
            let mut out = String::new();
            escape(text, &mut out).unwrap();
            assert_eq!(out, expected, "{text:?}");
        }
    }

    #[test]
    fn every_character_that_may_be_markup_is_looked_at() {
        for c in (0..=0x2ff).filter_map(char::from_u32) {
            let always = is_markup(c, "", "") || is_markup(c, "", "/") || is_markup(c, "www", "");
            let looked_at = u8::try_from(c).is_ok_and(|byte| byte.is_ascii() && may_matter(byte));
            assert!(looked_at || !always, "{c:?}");
        }
    }

    #[test]
    fn a_fence_can_not_be_closed_from_inside() {
        let block = fence("a\n````\n<b>\u{1b}", "to`ml");
        assert_eq!(block, "`````toml\na\n````\n<b>\\u{1b}\n`````");
    }
}
