//! Artefacts as a parser of their format sees them.

use calamine::{Data, Reader, Xlsx};
use html5gum::{Token, Tokenizer};
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{Cursor, Read};

/// What an artefact has besides text: elements with attributes, scripts, links, parts of a package.
pub(super) type Shape = BTreeSet<String>;

/// The ending of a name.
pub(super) fn ending(name: &str) -> &str {
    name.rsplit('.').next().unwrap()
}

/// The shape of an artefact.
pub(super) fn shape(name: &str, bytes: &[u8]) -> Shape {
    match ending(name) {
        "html" => html(&text(name, bytes)),
        "md" => markdown(&text(name, bytes)),
        "xlsx" => package(bytes),
        _ => Shape::new(),
    }
}

/// Holds an artefact to what must hold whatever it says: it parses, steers no terminal and holds no formula.
///
/// # Panics
/// Where it does not.
pub(super) fn assert_inert(name: &str, bytes: &[u8]) {
    match ending(name) {
        "xlsx" => return workbook(name, bytes),
        "csv" => cells(name, &text(name, bytes)),
        "json" => _ = value(name, &text(name, bytes)),
        "jsonl" => text(name, bytes).lines().for_each(|line| _ = value(name, line)),
        "html" | "md" | "txt" => {}
        other => panic!("{name}: nothing checks {other:?}"),
    }
    let text = text(name, bytes);
    let json = matches!(ending(name), "json" | "jsonl");
    // Programs read JSON, which keeps what is hidden as it was logged; that it can not steer a terminal holds there too.
    let strange = |c: &char| c.is_control() && !"\n\t\r".contains(*c) || !json && is_hidden(*c);
    if let Some((at, c)) = text.char_indices().find(|(_, c)| strange(c)) {
        let near: String = text[..at].chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
        panic!("{name}: {c:?} after {near:?}");
    }
}

/// What turns or hides text.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn text(name: &str, bytes: &[u8]) -> String {
    let text = String::from_utf8(bytes.to_vec()).unwrap_or_else(|error| panic!("{name}: {error}"));
    text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)
}

fn value(name: &str, text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Cells of a table: as many in each row, none of them a formula.
fn cells(name: &str, text: &str) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    for record in reader.records() {
        let record = record.unwrap_or_else(|error| panic!("{name}: {error}"));
        for cell in &record {
            let start =
                cell.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || is_hidden(c));
            let formula =
                start.starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
            assert!(!formula || start.parse::<f64>().is_ok(), "{name}: {cell:?} is a formula");
        }
    }
}

/// Elements with each attribute, addresses that attributes lead to, and scripts; data in scripts only has to be JSON.
fn html(text: &str) -> Shape {
    let mut shape = Shape::new();
    let mut script = None;
    for token in Tokenizer::new(text) {
        match token.unwrap() {
            Token::StartTag(tag) => {
                let name = lossy(&tag.name);
                let mut data = false;
                shape.insert(format!("<{name}>"));
                for (attribute, value) in &tag.attributes {
                    let (attribute, value) = (lossy(attribute), lossy(value));
                    shape.insert(format!("<{name} {attribute}>"));
                    if matches!(attribute.as_str(), "href" | "src" | "xlink:href" | "action" | "srcdoc") {
                        let kind = if value.starts_with('#') { "#" } else { value.as_str() };
                        shape.insert(format!("{attribute}={kind:.80}"));
                    }
                    data |= attribute == "type" && value.contains("json");
                }
                script = (name == "script").then_some(data);
            }
            Token::EndTag(_) => script = None,
            Token::String(text) => match script {
                Some(true) => _ = value("data of a page", &lossy(&text)),
                Some(false) => _ = shape.insert(format!("script {}", lossy(&text))),
                None => {}
            },
            Token::Comment(comment) => _ = shape.insert(format!("<!--{}-->", lossy(&comment))),
            _ => {}
        }
    }
    shape
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Kinds of blocks and spans, raw HTML, and where links and images lead.
fn markdown(text: &str) -> Shape {
    let kind = |event: Event<'_>| match event {
        Event::Start(Tag::Link { dest_url, .. }) if dest_url.starts_with('#') => "link to #".to_owned(),
        Event::Start(Tag::Link { dest_url, .. }) => format!("link to {dest_url}"),
        Event::Start(Tag::Image { dest_url, .. }) => format!("image {dest_url}"),
        Event::Start(Tag::Heading { level, .. }) => format!("heading {level}"),
        Event::Start(tag) => format!("{:?}", tag.to_end()),
        Event::Html(html) | Event::InlineHtml(html) => format!("HTML {}", without_ids(&html)),
        Event::Rule => "rule".to_owned(),
        Event::FootnoteReference(to) => format!("footnote {to}"),
        Event::InlineMath(_) | Event::DisplayMath(_) => "formula".to_owned(),
        Event::Code(_) => "code".to_owned(),
        Event::TaskListMarker(_) => "task".to_owned(),
        Event::End(_) | Event::Text(_) | Event::SoftBreak | Event::HardBreak => String::new(),
    };
    Parser::new_ext(text, Options::all()).map(kind).collect()
}

/// A piece of HTML without the ids of findings and incidents, which differ with what they are of.
fn without_ids(html: &str) -> String {
    html.split('"').enumerate().filter(|(number, _)| number % 2 == 0).map(|(_, part)| part).collect()
}

/// The kinds of parts of a workbook's package, and what lies outside of it that they refer to. Parts are told apart without
/// their numbers: a list that has rows is one more table.
fn package(bytes: &[u8]) -> Shape {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut shape = Shape::new();
    for number in 0..archive.len() {
        let mut part = archive.by_index(number).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        for outside in ["TargetMode=\"External\"", "<f>", "<f ", "ddeLink", "<hyperlink r:id"] {
            if text.contains(outside) {
                shape.insert(format!("{name} has {outside}"));
            }
        }
        assert!(
            !text.contains(|c: char| c.is_control() && !"\n\r\t".contains(c)),
            "{name}: a control character"
        );
        shape.insert(name.replace(|c: char| c.is_ascii_digit(), ""));
    }
    shape
}

fn workbook(name: &str, bytes: &[u8]) {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap_or_else(|error| panic!("{name}: {error}"));
    for sheet in book.sheet_names() {
        let formulas = book.worksheet_formula(&sheet).unwrap();
        assert!(formulas.used_cells().next().is_none(), "{name}: {sheet} has a formula");
        for (row, column, cell) in book.worksheet_range(&sheet).unwrap().used_cells() {
            let Data::String(text) = cell else { continue };
            assert!(!text.chars().any(is_hidden), "{name}: {sheet} {row},{column}: {text:?}");
        }
    }
}

#[test]
fn the_parsers_see_what_they_look_for() {
    for (name, bad) in [
        ("x.html", "<p>x<img src=x onerror=alert(1)>"),
        ("x.html", "<p>x<a href=javascript:x>y</a>"),
        ("x.html", "<p>x<script>alert(1)</script>"),
        ("x.md", "x\n\n[x](javascript:alert(1))"),
        ("x.md", "x <b>y</b>"),
        ("x.md", "x\n\n# y"),
    ] {
        let allowed = shape(name, if name == "x.md" { b"x" } else { b"<p>x" });
        assert!(shape(name, bad.as_bytes()).difference(&allowed).next().is_some(), "{bad}");
    }
    for (name, bad) in
        [("x.csv", "a,=1+1\n"), ("x.txt", "a\u{1b}[1m"), ("x.json", "{"), ("x.csv", "a\n1,2\n")]
    {
        assert!(std::panic::catch_unwind(|| assert_inert(name, bad.as_bytes())).is_err(), "{bad}");
    }
}
