//! Escaping for the wiki markup of Jira and Confluence.

use crate::visible::one_line;
use std::fmt::Write;

/// Writes text so that the wiki shows it as it is: on one line, with a backslash before every sign that is markup there.
/// A backslash itself, two of which are a line break, becomes its character reference.
pub(crate) fn escape(text: &str, out: &mut impl Write) -> std::fmt::Result {
    let line = one_line(text);
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match c {
            '\\' => out.write_str("&#92;")?,
            '&' => out.write_str("&amp;")?,
            '<' => out.write_str("&lt;")?,
            '>' => out.write_str("&gt;")?,
            // A colon after letters makes a link of a scheme; one before a bracket makes a smiley.
            ':' if before.is_ascii_alphabetic() && line[at..].starts_with("://") => out.write_str("&#58;")?,
            '*' | '_' | '{' | '}' | '[' | ']' | '|' | '!' | '^' | '~' | '?' | '#' | '@' | '`' | '+' => {
                out.write_char('\\')?;
                out.write_char(c)?;
            }
            '-' if !before.is_alphanumeric() => out.write_str("\\-")?,
            'h' | 'b' if at == 0 && is_block(&line) => write!(out, "&#{};", u32::from(c))?,
            '.' if before.eq_ignore_ascii_case(&'w') && line[..at].to_ascii_lowercase().ends_with("www") => {
                out.write_str("&#46;")?;
            }
            _ => out.write_char(c)?,
        }
        before = c;
    }
    Ok(())
}

/// Whether a line begins as a heading (`h1. `) or a quotation (`bq. `).
fn is_block(line: &str) -> bool {
    line.starts_with("bq.")
        || line.as_bytes().get(1).is_some_and(u8::is_ascii_digit) && line[2..].starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_markup() {
        for (text, expected) in [
            ("plain text, 10.1.2.3", "plain text, 10.1.2.3"),
            ("WS-0042", "WS-0042"),
            ("{code}x{code} {{m}}", "\\{code\\}x\\{code\\} \\{\\{m\\}\\}"),
            ("[a|http://evil.example] !x.png!", "\\[a\\|http&#58;//evil.example\\] \\!x.png\\!"),
            ("*b* _i_ -s- +u+ ^p^ ~s~ ??c??", "\\*b\\* \\_i\\_ \\-s- \\+u\\+ \\^p\\^ \\~s\\~ \\?\\?c\\?\\?"),
            ("h1. title", "&#104;1. title"),
            ("bq. quote", "&#98;q. quote"),
            ("a\r\n# b\n- c", "a \\# b \\- c"),
            ("a\\\\b <b>&lt;", "a&#92;&#92;b &lt;b&gt;&amp;lt;"),
            ("www.evil.example @team", "www&#46;evil.example \\@team"),
            ("x\u{202e}y", "x&#92;u\\{202e\\}y"),
        ] {
            let mut out = String::new();
            escape(text, &mut out).unwrap();
            assert_eq!(out, expected, "{text:?}");
        }
    }
}
