//! A text in Markdown as plain texts, one for each heading, paragraph, item, row or block of code.

use super::{address, parser};
use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

/// The paragraphs of a text.
pub(super) fn prose(text: &str) -> Vec<String> {
    let mut writer = Writer::default();
    for event in parser(text) {
        writer.event(event);
    }
    writer.end_line();
    writer.lines
}

#[derive(Default)]
struct Writer {
    lines: Vec<String>,
    line: String,
    /// The number of the next item of each list that is open; none where it has no numbers.
    lists: Vec<Option<u64>>,
    /// What stands behind each link that is open, and where the link's text starts.
    links: Vec<(String, usize)>,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::List(first)) => {
                self.end_line();
                self.lists.push(first);
            }
            Event::End(TagEnd::List(_)) => _ = self.lists.pop(),
            Event::Start(Tag::Item) => self.item(),
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                let shown = address(&dest_url, link_type == LinkType::Email);
                let is_itself = matches!(link_type, LinkType::Autolink | LinkType::Email);
                let behind =
                    if is_itself { String::new() } else { shown.unwrap_or_else(|| dest_url.to_string()) };
                self.links.push((behind, self.line.len()));
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                self.links.push((dest_url.to_string(), self.line.len()));
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if let Some((behind, from)) = self.links.pop()
                    && !behind.is_empty()
                    && self.line.get(from..) != Some(behind.as_str())
                {
                    self.line += &format!(" ({behind})");
                }
            }
            Event::End(TagEnd::TableCell) => self.line += " | ",
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => {
                self.line.truncate(self.line.trim_end_matches(" | ").len());
                self.end_line();
            }
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock | TagEnd::HtmlBlock,
            ) => self.end_line(),
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.line += &text;
            }
            Event::SoftBreak => self.line.push(' '),
            Event::HardBreak => self.line.push('\n'),
            _ => {}
        }
    }

    /// Begins an item with its sign, as deep as its list lies.
    fn item(&mut self) {
        self.end_line();
        self.line = "   ".repeat(self.lists.len().saturating_sub(1));
        match self.lists.last_mut() {
            Some(Some(number)) => {
                self.line += &format!("{number}. ");
                *number += 1;
            }
            _ => self.line += "• ",
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if !line.trim().is_empty() {
            self.lines.push(line.trim_end().to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_lost() {
        for (text, expected) in [
            ("# A *b*\n\nc\nd `e`", &["A b", "c d e"][..]),
            ("- a\n- b\n  1. c\n  2. d\n\ne", &["• a", "• b", "   1. c", "   2. d", "e"]),
            ("[x](https://example.org) <a@example.org>", &["x (https://example.org) a@example.org"]),
            ("[x](javascript:a) ![y](p.png)", &["x (javascript:a) y (p.png)"]),
            ("| a | b |\n|---|---|\n| c | d |", &["a | b", "c | d"]),
            ("<b>x</b>\n\n```\na\n  b\n```", &["<b>x</b>", "a\n  b"]),
            ("=1+1", &["=1+1"]),
            ("", &[]),
        ] {
            assert_eq!(prose(text), expected, "{text}");
        }
    }
}
