//! Logos as SVG, which can hold scripts and load things: only shapes, texts and colours are taken.
//!
//! What is not known to be harmless is refused and told with its line, rather than taken out: a logo from which something
//! was taken would be another logo. Inside of a page it is an image, which runs no script and loads nothing; this holds
//! for whoever takes it out of there.

use super::fault::Fault;
use super::file::number_of;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// The deepest that elements may lie in each other.
const DEEPEST: usize = 64;

/// What would be right.
const HINT: &str = "export it as plain SVG, with texts as paths, or as PNG";

/// Elements that draw. `style` may hold rules that name nothing outside.
const ELEMENTS: &[&str] = &[
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "title",
    "desc",
    "style",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "textPath",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "pattern",
    "marker",
    "filter",
    "feGaussianBlur",
    "feOffset",
    "feBlend",
    "feColorMatrix",
    "feFlood",
    "feComposite",
    "feMerge",
    "feMergeNode",
    "feDropShadow",
];

/// Whether an SVG is nothing but a drawing.
pub(super) fn check(svg: &str) -> Result<(), Fault> {
    let mut reader = Reader::from_str(svg);
    let mut path: Vec<String> = Vec::new();
    let mut roots = 0;
    loop {
        let begin = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let at = |what: String| {
            let before = svg.get(..begin).unwrap_or(svg);
            Fault::line(1 + number_of(b'\n', before.as_bytes()), what, HINT)
        };
        let event = reader.read_event().map_err(|error| at(format!("it is no SVG: {error}")))?;
        match &event {
            Event::Start(element) | Event::Empty(element) => {
                roots += usize::from(path.is_empty());
                let name = element.name().as_ref().to_owned();
                let is_root = path.is_empty();
                if roots > 1 || is_root != (name == "svg" && is_root) || path.len() == DEEPEST {
                    return Err(at("it is no SVG: one element `svg` holds everything".to_owned()));
                }
                drawing(element).map_err(at)?;
                if matches!(event, Event::Start(_)) {
                    path.push(name);
                }
            }
            Event::End(_) => _ = path.pop(),
            Event::Text(text) => inside(&path, text).map_err(at)?,
            Event::CData(text) => inside(&path, text).map_err(at)?,
            Event::GeneralRef(entity) => {
                let name: &str = entity;
                let known = entity.is_char_ref() || matches!(name, "amp" | "lt" | "gt" | "quot" | "apos");
                if !known || path.last().is_some_and(|name| name == "style") {
                    return Err(at(format!("it uses the entity {name:?}")));
                }
            }
            Event::DocType(kind) if kind.contains('[') => {
                return Err(at("its document type declares something".to_owned()));
            }
            Event::PI(_) => return Err(at("it holds an instruction for programs".to_owned())),
            Event::Eof if path.is_empty() && roots == 1 => return Ok(()),
            Event::Eof => return Err(at("it is no SVG: it is cut short".to_owned())),
            Event::Decl(_) | Event::DocType(_) | Event::Comment(_) => {}
        }
    }
}

/// Whether an element draws, and its attributes name nothing outside and run nothing.
fn drawing(element: &BytesStart<'_>) -> Result<(), String> {
    let name = element.name().as_ref().to_owned();
    if !ELEMENTS.contains(&name.as_str()) {
        return Err(format!("the element `{}` is no part of a drawing", short(&name)));
    }
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| format!("it is no SVG: {error}"))?;
        let key = attribute.key.as_ref().to_ascii_lowercase();
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| format!("the attribute `{}` can not be read: {error}", short(&key)))?;
        if key.starts_with("on") {
            return Err(format!("the attribute `{}` runs a script", short(&key)));
        }
        if key == "href" || key.ends_with(":href") {
            if !value.trim_start().starts_with('#') {
                return Err(format!("`{}` leads out of the drawing: {:?}", short(&key), short(&value)));
            }
            continue;
        }
        // Names of namespaces are addresses that nobody asks for anything.
        if key != "xmlns" && !key.starts_with("xmlns:") {
            harmless(&value)?;
        }
    }
    Ok(())
}

/// Whether what stands in an element is harmless there: rules of style name nothing outside.
fn inside(path: &[String], text: &str) -> Result<(), String> {
    if path.last().is_some_and(|name| name == "style") { harmless(text) } else { Ok(()) }
}

/// Whether a value or rules of style load nothing and run nothing. A backslash could spell either in another way.
fn harmless(value: &str) -> Result<(), String> {
    let lower = value.to_ascii_lowercase();
    let outside = lower.match_indices("url(").any(|(at, found)| {
        let address = lower[at + found.len()..].trim_start_matches([' ', '\t', '\n', '\r', '"', '\'']);
        !address.starts_with('#')
    });
    let calls = ["javascript:", "@import", "expression(", "image(", "image-set(", "src("];
    if outside || calls.iter().any(|call| lower.contains(call)) || lower.contains('\\') {
        return Err(format!("it names something outside of the drawing: {:?}", short(value)));
    }
    Ok(())
}

fn short(text: &str) -> String {
    text.trim().chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_drawings_are_taken() {
        for (inside, expected) in [
            ("<path d=\"M0 0h9\" fill=\"url(#a)\" style=\"stroke:#fff\"/>", None),
            ("<style>.a{fill:url('#g')}</style><use xlink:href=\"#a\"/><text>A &amp; &#66;</text>", None),
            ("<style><![CDATA[.a{fill:red}]]></style><!-- a remark -->", None),
            ("\n<script>alert(1)</script>", Some(("line 2", "`script`"))),
            ("<SCRIPT/>", Some(("line 1", "`SCRIPT`"))),
            ("<s:script xmlns:s=\"http://www.w3.org/2000/svg\"/>", Some(("line 1", "`s:script`"))),
            ("<foreignObject/>", Some(("line 1", "foreignObject"))),
            ("<image href=\"https://evil.example/a.png\"/>", Some(("line 1", "`image`"))),
            ("<animate attributeName=\"href\" to=\"javascript:a\"/>", Some(("line 1", "animate"))),
            ("<a href=\"#x\"/>", Some(("line 1", "`a`"))),
            ("<g onload=\"alert(1)\"/>", Some(("line 1", "runs a script"))),
            ("<g oNcLick='a'/>", Some(("line 1", "runs a script"))),
            ("<use href=\"https://evil.example/a.svg#x\"/>", Some(("line 1", "leads out"))),
            ("<use xlink:href=\"data:image/svg+xml,a\"/>", Some(("line 1", "leads out"))),
            ("<g fill=\"url(https://evil.example/a)\"/>", Some(("line 1", "outside"))),
            ("<g fill=\"&#117;rl( 'https://evil.example/a')\"/>", Some(("line 1", "outside"))),
            ("<g style=\"fill:u\\72l(https://evil.example)\"/>", Some(("line 1", "outside"))),
            ("<style>@import 'https://evil.example/a.css';</style>", Some(("line 1", "outside"))),
            ("<style><![CDATA[@import 'a']]></style>", Some(("line 1", "outside"))),
            ("<style>&#64;import 'a'</style>", Some(("line 1", "entity"))),
            ("<text>&xxe;</text>", Some(("line 1", "entity"))),
            ("<?xml-stylesheet href=\"a.css\"?>", Some(("line 1", "instruction"))),
            ("<g>", Some(("line 1", "no SVG"))),
        ] {
            let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inside}</svg>");
            let found = check(&svg).err();
            match expected {
                None => assert_eq!(found, None, "{inside}"),
                Some((place, part)) => {
                    let fault = found.unwrap_or_else(|| panic!("{inside} was taken"));
                    assert!(fault.place == place && fault.what.contains(part), "{inside}: {fault:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_around_the_drawing_is_looked_at_too() {
        for (svg, right) in [
            ("<?xml version=\"1.0\"?>\n<!DOCTYPE svg PUBLIC \"a\" \"b\">\n<svg/>", true),
            ("<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>", false),
            ("<svg onload=\"a\"/>", false),
            ("<html><svg/></html>", false),
            ("<svg/><script/>", false),
            ("<svg/><svg/>", false),
            ("<svg><svg/></svg>", true),
            ("<svg>", false),
            ("< not xml", false),
            ("", false),
        ] {
            assert_eq!(check(svg).is_ok(), right, "{svg}");
        }
        let deep = format!("<svg>{}{}</svg>", "<g>".repeat(100), "</g>".repeat(100));
        assert!(check(&deep).is_err());
    }
}
