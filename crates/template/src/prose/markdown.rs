//! A text in Markdown inside of a document in Markdown: as it is, but for what would reach out of its place.

use super::{address, parser};
use crate::visible::visible;
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Tag};
use std::ops::Range;

/// The text with its headings `below` so many levels, raw HTML as text, nothing that is loaded, and every block closed.
pub(super) fn prose(text: &str, below: usize) -> String {
    let text = visible(text);
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let mut open_fence = None;
    for (event, range) in parser(&text).into_offset_iter() {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => edits.push((range.clone(), as_text(&text[range]))),
            Event::Start(Tag::Heading { .. }) => edits.extend(heading(&text, &range, below)),
            Event::Start(Tag::Image { .. }) => edits.push((range.start..range.start, "\\".to_owned())),
            Event::Start(Tag::Link { link_type, dest_url, .. })
                if address(&dest_url, link_type == LinkType::Email).is_none() =>
            {
                let open = &text[range.start..=range.start];
                edits.push((
                    range.start..range.start + 1,
                    if open == "<" { "&lt;" } else { "\\[" }.to_owned(),
                ));
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
                open_fence = unclosed(&text, &range);
            }
            _ => {}
        }
    }
    let mut out = apply(&text, edits);
    if let Some(fence) = open_fence {
        out = format!("{}\n{fence}", out.trim_end());
    }
    out.trim_matches('\n').to_owned()
}

/// Raw HTML as text. Lines of it stay lines; an empty line would begin a new block, which is fine for text.
fn as_text(html: &str) -> String {
    html.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What makes a heading one that is lower: more signs before it; one that is underlined gets signs instead.
fn heading(text: &str, range: &Range<usize>, below: usize) -> Vec<(Range<usize>, String)> {
    let whole = &text[range.clone()];
    let signs = whole.bytes().take_while(|byte| *byte == b'#').count();
    if signs > 0 {
        let more = "#".repeat(below.min(6_usize.saturating_sub(signs)));
        return vec![(range.start..range.start, more)];
    }
    let Some((lines, underline)) = whole.trim_end().rsplit_once('\n') else { return Vec::new() };
    let level = if underline.trim_start_matches(['>', ' ', '\t']).starts_with('=') { 1 } else { 2 };
    let mut edits = vec![(range.start..range.start, format!("{} ", "#".repeat((level + below).min(6))))];
    let breaks =
        lines.match_indices('\n').map(|(at, _)| (range.start + at..range.start + at + 1, " ".to_owned()));
    edits.extend(breaks);
    edits.push((range.start + lines.len()..range.start + whole.trim_end().len(), String::new()));
    edits
}

/// The fence that a block of code lacks at its end.
fn unclosed(text: &str, range: &Range<usize>) -> Option<String> {
    let block = &text[range.clone()];
    let sign = block.chars().next()?;
    let length = block.chars().take_while(|c| *c == sign).count();
    let last = block.trim_end().rsplit('\n').next().unwrap_or_default().trim();
    let is_closed =
        block.trim_end().contains('\n') && last.len() >= length && last.chars().all(|c| c == sign);
    (!is_closed).then(|| sign.to_string().repeat(length))
}

fn apply(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let (mut out, mut from) = (String::with_capacity(text.len()), 0);
    for (range, new) in edits {
        // What lies in something that was replaced is gone with it.
        if range.start < from {
            continue;
        }
        out.push_str(&text[from..range.start]);
        out.push_str(&new);
        from = range.end;
    }
    out + &text[from..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::html;

    #[test]
    fn a_text_stays_in_its_place() {
        for (text, expected) in [
            (
                "A *b* `c`\n\n- d\n- [e](https://example.org)\n",
                "A *b* `c`\n\n- d\n- [e](https://example.org)",
            ),
            ("# A\n\n##### B", "### A\n\n###### B"),
            ("A\n=\n\nB b\nc\n---\nd", "### A\n\n#### B b c\nd"),
            ("```sh\n# no heading\n```", "```sh\n# no heading\n```"),
            ("a\n\n~~~~\nnever <b> closed\n", "a\n\n~~~~\nnever <b> closed\n~~~~"),
            ("```", "```\n```"),
            ("a <b>b</b>", "a &lt;b&gt;b&lt;/b&gt;"),
            ("<!-- a\n\nb", "&lt;!-- a\n\nb"),
            ("<script>\n# x", "&lt;script&gt;\n# x"),
            ("![x](https://evil.example/a.png)", "\\![x](https://evil.example/a.png)"),
            ("[x](javascript:alert(1))", "\\[x](javascript:alert(1))"),
            ("<javascript:alert(1)>", "&lt;javascript:alert(1)>"),
            ("a\u{202e}b", "a\\u{202e}b"),
        ] {
            assert_eq!(prose(text, 2), expected, "{text}");
        }
    }

    #[test]
    fn what_comes_out_holds_no_html_and_ends_with_its_place() {
        for text in [
            "<div>\n\n<p>x",
            "a <i\nb=\"c\">",
            "> <b>\n> # x",
            "- <!--\n\n  x",
            "<?php\n\nx",
            "```\n<b>",
            "* A\n  ===\n",
        ] {
            let out = format!("{}\n\n## The next *section*\n", prose(text, 2));
            let rendered = html::prose(&out, 0).unwrap();
            assert!(
                rendered.ends_with("<h2>The next <em>section</em></h2>\n"),
                "{text:?} {out:?} {rendered}"
            );
            let raw = parser(&out).any(|event| matches!(event, Event::Html(_) | Event::InlineHtml(_)));
            assert!(!raw, "{text:?} {out:?}");
        }
    }
}
