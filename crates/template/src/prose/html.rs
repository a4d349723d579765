//! A text in Markdown as HTML: a small set of tags without attributes, but for the address of a link.

use super::{address, parser};
use crate::escape::{Escape, write_text};
use minijinja::{Error, ErrorKind};
use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, LinkType, Tag, TagEnd};
use std::fmt::{self, Write};

/// The text, its headings `below` so many levels.
pub(super) fn prose(text: &str, below: usize) -> Result<String, Error> {
    let mut writer =
        Writer { out: String::new(), below, links: Vec::new(), columns: Vec::new(), cell: 0, in_head: false };
    for event in parser(text) {
        writer.event(event).map_err(|_| Error::from(ErrorKind::WriteFailure))?;
    }
    Ok(writer.out)
}

struct Writer {
    out: String,
    below: usize,
    /// What stands at the end of each link that is open.
    links: Vec<String>,
    columns: Vec<Alignment>,
    cell: usize,
    in_head: bool,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) -> fmt::Result {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::InlineHtml(text) | Event::Html(text) => self.text(&text),
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                self.text(&text)
            }
            Event::Code(text) => {
                self.out += "<code>";
                self.text(&text)?;
                self.out.write_str("</code>")
            }
            Event::SoftBreak => self.out.write_char('\n'),
            Event::HardBreak => self.out.write_str("<br>\n"),
            Event::Rule => self.out.write_str("<hr>\n"),
            Event::TaskListMarker(done) => self.out.write_str(if done { "☑ " } else { "☐ " }),
        }
    }

    fn text(&mut self, text: &str) -> fmt::Result {
        write_text(Escape::Html, text, &mut self.out)
    }

    fn start(&mut self, tag: Tag<'_>) -> fmt::Result {
        match tag {
            Tag::Paragraph => self.out.write_str("<p>"),
            Tag::Heading { level, .. } => write!(self.out, "<h{}>", self.level(level)),
            Tag::BlockQuote(_) => self.out.write_str("<blockquote>\n"),
            Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) | Tag::HtmlBlock => {
                self.out.write_str("<pre>")
            }
            Tag::List(Some(1)) => self.out.write_str("<ol>\n"),
            Tag::List(Some(first)) => writeln!(self.out, "<ol start=\"{first}\">"),
            Tag::List(None) => self.out.write_str("<ul>\n"),
            Tag::Item => self.out.write_str("<li>"),
            Tag::Table(columns) => {
                self.columns = columns;
                self.out.write_str("<table>\n")
            }
            Tag::TableHead => {
                (self.cell, self.in_head) = (0, true);
                self.out.write_str("<thead><tr>")
            }
            Tag::TableRow => {
                self.cell = 0;
                self.out.write_str("<tr>")
            }
            Tag::TableCell => {
                let is_right = self.columns.get(self.cell) == Some(&Alignment::Right);
                self.cell += 1;
                let name = if self.in_head { "th" } else { "td" };
                write!(self.out, "<{name}{}>", if is_right { " class=\"n\"" } else { "" })
            }
            Tag::Emphasis => self.out.write_str("<em>"),
            Tag::Strong => self.out.write_str("<strong>"),
            Tag::Strikethrough => self.out.write_str("<del>"),
            Tag::Link { link_type, dest_url, .. } => {
                match address(&dest_url, link_type == LinkType::Email) {
                    Some(address) => {
                        self.out += "<a rel=\"noopener noreferrer\" href=\"";
                        self.text(&address)?;
                        self.out += "\">";
                        self.links.push("</a>".to_owned());
                    }
                    None => self.links.push(told(&dest_url)?),
                }
                Ok(())
            }
            Tag::Image { dest_url, .. } => {
                self.links.push(told(&dest_url)?);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn end(&mut self, tag: TagEnd) -> fmt::Result {
        match tag {
            TagEnd::Paragraph => self.out.write_str("</p>\n"),
            TagEnd::Heading(level) => writeln!(self.out, "</h{}>", self.level(level)),
            TagEnd::BlockQuote(_) => self.out.write_str("</blockquote>\n"),
            TagEnd::CodeBlock | TagEnd::HtmlBlock => self.out.write_str("</pre>\n"),
            TagEnd::List(true) => self.out.write_str("</ol>\n"),
            TagEnd::List(false) => self.out.write_str("</ul>\n"),
            TagEnd::Item => self.out.write_str("</li>\n"),
            TagEnd::Table => self.out.write_str("</tbody></table>\n"),
            TagEnd::TableHead => {
                self.in_head = false;
                self.out.write_str("</tr></thead>\n<tbody>")
            }
            TagEnd::TableRow => self.out.write_str("</tr>\n"),
            TagEnd::TableCell => self.out.write_str(if self.in_head { "</th>" } else { "</td>" }),
            TagEnd::Emphasis => self.out.write_str("</em>"),
            TagEnd::Strong => self.out.write_str("</strong>"),
            TagEnd::Strikethrough => self.out.write_str("</del>"),
            TagEnd::Link | TagEnd::Image => {
                let end = self.links.pop().unwrap_or_default();
                self.out.write_str(&end)
            }
            _ => Ok(()),
        }
    }

    fn level(&self, level: HeadingLevel) -> usize {
        (level as usize + self.below).min(6)
    }
}

/// An address that nothing leads to, behind what it was to be reached by.
fn told(address: &str) -> Result<String, fmt::Error> {
    let mut end = " (".to_owned();
    write_text(Escape::Html, address, &mut end)?;
    end.push(')');
    Ok(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_markup_and_never_more() {
        for (text, expected) in [
            ("# A *b*\n\nc  \nd", "<h3>A <em>b</em></h3>\n<p>c<br>\nd</p>\n"),
            ("###### deep", "<h6>deep</h6>\n"),
            ("3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n"),
            ("**a** `<b>` ~~c~~", "<p><strong>a</strong> <code>&lt;b&gt;</code> <del>c</del></p>\n"),
            (
                "[x](https://example.org/?a=1&b=\"2\" \"t\")",
                "<p><a rel=\"noopener noreferrer\" href=\"https://example.org/?a=1&amp;b=&quot;2&quot;\">x</a></p>\n",
            ),
            (
                "<help@example.org>",
                "<p><a rel=\"noopener noreferrer\" href=\"mailto:help@example.org\">help@example.org</a></p>\n",
            ),
            ("[x](javascript:alert(1))", "<p>x (javascript:alert(1))</p>\n"),
            ("[x](JAVASCRIPT&colon;alert(1))", "<p>x (JAVASCRIPT:alert(1))</p>\n"),
            ("![y<b>](https://evil.example/p.png)", "<p>y&lt;b&gt; (https://evil.example/p.png)</p>\n"),
            ("a <script>alert(1)</script>", "<p>a &lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
            ("<script>\nalert(1)\n</script>", "<pre>&lt;script&gt;\nalert(1)\n&lt;/script&gt;</pre>\n"),
            ("<!-- a\n\nb", "<pre>&lt;!-- a\n\nb</pre>\n"),
            ("``` \"><b>\n<i>\n", "<pre>&lt;i&gt;\n</pre>\n"),
            ("a\u{202e}b {{ 7*7 }}", "<p>a\\u{202e}b {{ 7*7 }}</p>\n"),
            (
                "| a | b |\n|---|--:|\n| `c` | 1 |",
                "<table>\n<thead><tr><th>a</th><th class=\"n\">b</th></tr></thead>\n<tbody><tr><td><code>c</code></td><td class=\"n\">1</td></tr>\n</tbody></table>\n",
            ),
        ] {
            assert_eq!(prose(text, 2).unwrap(), expected, "{text}");
        }
    }
}
