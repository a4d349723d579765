//! Escaping by the format that is written.

use crate::visible::{hidden, one_line, visible_as_written};
use crate::{jira, markdown};
use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind, Output, Value};
use std::fmt::Write;

/// The format that a template writes, which decides how values are escaped. Names of files play no part in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// HTML: text and quoted attributes.
    Html,
    /// Markdown as ``CommonMark``, GitHub and GitLab read it.
    Markdown,
    /// Comma-separated values: every value is a whole cell; text that a spreadsheet would take for a formula is guarded.
    Csv,
    /// JSON: every value is a whole JSON value.
    Json,
    /// Jira's and Confluence's wiki markup.
    Jira,
    /// Nothing but hidden characters made visible.
    None,
}

impl Escape {
    /// The word in a pack's manifest.
    pub const fn as_str(self) -> &'static str {
        match self {
            Escape::Html => "html",
            Escape::Markdown => "markdown",
            Escape::Csv => "csv",
            Escape::Json => "json",
            Escape::Jira => "jira",
            Escape::None => "none",
        }
    }
}

/// Writes a value as the format wants it. Text that a macro or a block of the template made is already escaped.
pub(crate) fn write_value(mode: Escape, out: &mut Output<'_>, value: &Value) -> Result<(), Error> {
    if let Some(text) = value.as_str().filter(|_| value.is_safe()) {
        return out.write_str(text).map_err(Error::from);
    }
    if mode == Escape::Json {
        return out.write_str(&json(value)?).map_err(Error::from);
    }
    match value.kind() {
        ValueKind::Undefined | ValueKind::None if mode == Escape::Csv => Ok(()),
        ValueKind::Undefined | ValueKind::None => Ok(()),
        ValueKind::Bool => out.write_str(if value.is_true() { "true" } else { "false" }).map_err(Error::from),
        ValueKind::Number => write!(out, "{value}").map_err(Error::from),
        _ => match value.as_str() {
            Some(text) => write_text(mode, text, out).map_err(Error::from),
            None => write_text(mode, &value.to_string(), out).map_err(Error::from),
        },
    }
}

/// Writes text as the format wants it.
pub(crate) fn write_text(mode: Escape, text: &str, out: &mut impl Write) -> std::fmt::Result {
    match mode {
        Escape::Html => html(text, out),
        Escape::Markdown => markdown::escape(text, out),
        Escape::Csv => csv(text, out),
        Escape::Jira => jira::escape(text, out),
        Escape::Json | Escape::None => out.write_str(&visible_as_written(text)),
    }
}

fn html(text: &str, out: &mut impl Write) -> std::fmt::Result {
    let text = visible_as_written(text);
    let mut written = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            b'`' => "&#96;",
            _ => continue,
        };
        out.write_str(&text[written..at])?;
        out.write_str(escaped)?;
        written = at + 1;
    }
    out.write_str(&text[written..])
}

/// A cell of a CSV file, quoted. Text that starts as a formula does, after any blanks, gets an apostrophe in front.
fn csv(text: &str, out: &mut impl Write) -> std::fmt::Result {
    let line = one_line(text);
    out.write_char('"')?;
    if line.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']) {
        out.write_char('\'')?;
    }
    out.write_str(&line.replace('"', "\"\""))?;
    out.write_char('"')
}

/// A value as JSON that is also safe inside a script element and in a quoted attribute.
pub(crate) fn json(value: &Value) -> Result<String, Error> {
    let plain = serde_json::to_string(value).map_err(|error| {
        Error::new(ErrorKind::BadSerialization, format!("value can not be written as JSON: {error}"))
    })?;
    let mut text = String::with_capacity(plain.len());
    for c in plain.chars() {
        match c {
            '<' | '>' | '&' | '\'' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => {
                write!(text, "\\u{:04x}", u32::from(c)).map_err(Error::from)?;
            }
            // Whoever looks at the text itself sees what is there; whoever reads it as JSON gets the character.
            c if hidden(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(text, "\\u{unit:04x}").map_err(Error::from)?;
                }
            }
            _ => text.push(c),
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(mode: Escape, text: &str) -> String {
        let mut out = String::new();
        write_text(mode, text, &mut out).unwrap();
        out
    }

    #[test]
    fn html_text_is_only_text() {
        for (text, expected) in [
            (
                "<img src=x onerror=\"alert('1')\">",
                "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;",
            ),
            ("a & b `c`", "a &amp; b &#96;c&#96;"),
            ("x\u{202e}\u{0}", "x\\u{202e}\\u{0}"),
            ("two\nlines", "two\nlines"),
        ] {
            assert_eq!(escaped(Escape::Html, text), expected);
        }
    }

    #[test]
    fn csv_cells_are_no_formulas() {
        for (text, expected) in [
            ("plain", "\"plain\""),
            ("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""),
            ("\t@SUM(1)", "\"' @SUM(1)\""),
            ("\n+1", "\"' +1\""),
            ("＝1", "\"'＝1\""),
            ("a\"b,c", "\"a\"\"b,c\""),
            ("", "\"\""),
        ] {
            assert_eq!(escaped(Escape::Csv, text), expected);
        }
    }

    #[test]
    fn json_stays_inside_a_script() {
        let text = json(&Value::from("</script><!--'&\u{2028}\"")).unwrap();
        assert_eq!(text, "\"\\u003c/script\\u003e\\u003c!--\\u0027\\u0026\\u2028\\\"\"");
        let back: String = serde_json::from_str(&text).unwrap();
        assert_eq!(back, "</script><!--'&\u{2028}\"");
        let hidden = "a\u{202e}\u{e0041}\u{1b}ü";
        let text = json(&Value::from(hidden)).unwrap();
        assert_eq!(text, "\"a\\u202e\\udb40\\udc41\\u001bü\"");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), hidden);
    }
}
