//! Texts of the author's own in Markdown: what a report can not take is told with its line.
//!
//! Raw HTML is no fault: it comes out as the text that it is.

use super::fault::Fault;
use super::file::number_of;
use pulldown_cmark::{Event, Options, Parser, Tag};

/// Where links of a text may lead.
const SCHEMES: &[&str] = &["https:", "http:", "mailto:"];

/// Whether a report can take a text.
pub(super) fn check(text: &str) -> Result<(), Fault> {
    if text.trim().is_empty() {
        return Err(Fault::whole("there is nothing in it", "write the text in Markdown"));
    }
    let hidden = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if let Some((at, c)) = text.char_indices().find(|(_, c)| hidden(*c)) {
        let what = format!("it holds the control character U+{:04X}", u32::from(c));
        return Err(Fault::line(line(text, at), what, "save the file as plain text"));
    }
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Start(Tag::Image { .. }) => {
                let hint = "a report loads nothing; the logo is named by `logo` in [client]";
                return Err(Fault::line(line(text, range.start), "a text has no pictures", hint));
            }
            Event::Start(Tag::Link { dest_url, .. }) if !leads_out(&dest_url) => {
                let what = format!("a link leads to {:?}", dest_url.chars().take(60).collect::<String>());
                let hint = "links lead to https:, http: or mailto: addresses";
                return Err(Fault::line(line(text, range.start), what, hint));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether an address is one that a link may lead to. An address of mail without its scheme is one.
fn leads_out(address: &str) -> bool {
    let lower = address.trim().to_ascii_lowercase();
    let is_mail = !lower.contains([':', '/']) && lower.contains('@');
    is_mail || SCHEMES.iter().any(|scheme| lower.starts_with(scheme))
}

fn line(text: &str, at: usize) -> u64 {
    1 + number_of(b'\n', &text.as_bytes()[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_report_can_not_take_has_its_line() {
        for (text, expected) in [
            ("Fine, with a [link](HTTPS://example.org) and <help@example.org> and <b>tags</b>.", None),
            ("| a |\n|---|\n| [x](mailto:a@example.org) |", None),
            ("`![x](y)` and `[x](javascript:alert(1))`", None),
            (" \n\n", Some(("", "nothing in it"))),
            ("one\n\n![logo](logo.png)", Some(("line 3", "no pictures"))),
            ("one\n[x](javascript:alert(1))", Some(("line 2", "javascript:alert"))),
            ("[x](JaVaScRiPt&colon;alert(1))", Some(("line 1", "JaVaScRiPt:alert"))),
            ("[x](//example.org/a)", Some(("line 1", "//example.org"))),
            ("[x](other.html)", Some(("line 1", "other.html"))),
            ("[x](data:text/html,<b>)", Some(("line 1", "data:text/html"))),
            ("a [x]\n\n[x]: file:///etc/passwd", Some(("line 1", "file:///etc/passwd"))),
            ("<vbscript:x>", Some(("line 1", "vbscript:x"))),
            ("a\n\u{1b}[31m", Some(("line 2", "U+001B"))),
        ] {
            let found = check(text).err();
            match expected {
                None => assert_eq!(found, None, "{text}"),
                Some((place, part)) => {
                    let fault = found.unwrap_or_else(|| panic!("{text} was taken"));
                    assert!(fault.place == place && fault.what.contains(part), "{text}: {fault:?}");
                    assert!(!fault.hint.is_empty());
                }
            }
        }
    }
}
