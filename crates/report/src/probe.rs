//! Whether the hostile texts of the sample came out of an artefact as mere text.

mod csv;
mod html;

use crate::manifest::Escape;

/// A place where a text of the log is more than text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// The byte of the artefact.
    pub at: usize,
    /// What is wrong there.
    pub message: String,
}

impl Raw {
    fn new(at: usize, message: impl Into<String>) -> Self {
        Raw { at, message: message.into() }
    }
}

/// Pieces of the sample's hostile texts that are markup in Markdown where they stand as they are.
const MARKDOWN: &[&str] = &[
    "<script>alert(",
    "<img src=x",
    "[x](javascript:",
    "![y](",
    "`code` *bold*",
    "cell | cell",
    "--><!--",
    "http://evil.example",
    "http://update.evil.example",
];

/// The same for the wiki markup of Jira.
const JIRA: &[&str] = &["[x](", "{{ 7*7 }}", "*bold* _it_", "cell | cell", "http://evil.example"];

/// Every place of an artefact made from the sample where a text of the log is more than text. The kind of artefact is told
/// by its name's ending, whatever the manifest says, and else by how the manifest has it escaped.
pub fn raw_texts(file: &str, escape: Option<Escape>, text: &str) -> Vec<Raw> {
    let ending = file.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let in_lines = matches!(ending.as_str(), "jsonl" | "ndjson");
    let escape = match ending.as_str() {
        "html" | "htm" | "xhtml" => Some(Escape::Html),
        "md" | "markdown" => Some(Escape::Markdown),
        "csv" => Some(Escape::Csv),
        "json" | "jsonl" | "ndjson" => Some(Escape::Json),
        _ => escape,
    };
    let mut found = controls(text);
    found.extend(match escape {
        Some(Escape::Html) => html::raw_texts(text),
        Some(Escape::Markdown) => pieces(text, MARKDOWN, "Markdown", true),
        Some(Escape::Csv) => csv::raw_texts(text),
        Some(Escape::Json) if in_lines => json_lines(text),
        Some(Escape::Json) => json(text, 0),
        Some(Escape::Jira) => pieces(text, JIRA, "wiki markup", false),
        Some(Escape::None) | None => Vec::new(),
    });
    found.sort_by(|a, b| (a.at, &a.message).cmp(&(b.at, &b.message)));
    found
}

/// Characters of the sample that steer a terminal or hide text.
fn controls(text: &str) -> Vec<Raw> {
    let hidden = |c: char| matches!(c, '\u{1b}' | '\u{7}' | '\u{202e}' | '\u{200b}');
    let at = text.char_indices().filter(|(_, c)| hidden(*c));
    at.map(|(at, c)| {
        Raw::new(at, format!("the hidden character \\u{{{:x}}} is written as it is", u32::from(c)))
    })
    .collect()
}

/// Where one of some pieces stands as it is. What a fenced block holds is only text.
fn pieces(text: &str, pieces: &[&str], format: &str, fences: bool) -> Vec<Raw> {
    let mut found = Vec::new();
    let (mut at, mut fence) = (0, None);
    for line in text.split_inclusive('\n') {
        let mark = line.trim_end().trim_end_matches(char::is_alphanumeric);
        let is_fence = fences && mark.len() >= 3 && mark.bytes().all(|b| b == b'`');
        match fence {
            Some(open) if is_fence && mark == open => fence = None,
            Some(_) => {}
            None if is_fence => fence = Some(mark),
            None => {
                let raw = pieces.iter().filter_map(|piece| Some((line.find(piece)?, piece)));
                found.extend(raw.map(|(column, piece)| {
                    Raw::new(
                        at + column,
                        format!("a text of the log is {format} here: {piece:?} is not escaped"),
                    )
                }));
                if line.starts_with("# heading") || line.starts_with("- item") {
                    found.push(Raw::new(at, "a text of the log begins a line of its own here"));
                }
            }
        }
        at += line.len();
    }
    found
}

fn json(text: &str, from: usize) -> Vec<Raw> {
    let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) else { return Vec::new() };
    let before = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    let at = (from + before + error.column().saturating_sub(1)).min(from + text.len());
    let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    let near: String = line.chars().skip(error.column().saturating_sub(30)).take(40).collect();
    vec![Raw::new(at, format!("this is no JSON: {error}, near {near:?}"))]
}

fn json_lines(text: &str) -> Vec<Raw> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        found.extend(json(line.trim_end(), at));
        at += line.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_has_its_own_dangers() {
        for (file, escape, text, part) in [
            ("a.md", None, "x <script>alert(1)</script>", Some("Markdown")),
            ("a.md", None, "````\n<script>alert(1)\n```\n[x](javascript:\n````\n", None),
            ("a.md", None, "\n# heading\n", Some("a line of its own")),
            ("a.txt", Some(Escape::None), "<script>alert(1)", None),
            ("a.txt", Some(Escape::None), "\u{1b}[31m", Some("\\u{1b}")),
            ("a.txt", Some(Escape::Jira), "{{ 7*7 }}", Some("wiki markup")),
            ("a.json", Some(Escape::None), "{\"a\": \"<script>\"}", None),
            ("a.json", Some(Escape::None), "{\"a\": \"\"\"}", Some("no JSON")),
            ("a.jsonl", None, "{}\n{]\n", Some("no JSON")),
        ] {
            let found = raw_texts(file, escape, text);
            assert_eq!(found.is_empty(), part.is_none(), "{file} {text:?} {found:?}");
            assert!(part.is_none_or(|part| found[0].message.contains(part)), "{found:?}");
        }
        assert_eq!(raw_texts("a.jsonl", None, "{}\n{]\n")[0].at, 4);
    }
}
