//! Hostile texts in HTML: as tags, as attributes, as addresses, in scripts and style sheets; and what would be loaded.

use super::Raw;

/// Pieces of the sample's hostile texts that are markup where they stand as they are.
const PIECES: &[&str] = &["<script>alert(", "<img src=x", "--><!--", "</textarea></style></title>", "x=<b>"];

/// Attributes whose value is an address that is loaded at once, by a tag that loads it.
const LOADS: &[&str] = &["src", "srcset", "poster", "data", "background"];

pub(super) fn raw_texts(text: &str) -> Vec<Raw> {
    let mut found: Vec<Raw> = PIECES
        .iter()
        .filter_map(|piece| {
            Some(Raw::new(text.find(piece)?, "a text of the log is HTML here: it is not escaped"))
        })
        .collect();
    let markup = without_code(text);
    for (at, _) in markup.match_indices('<') {
        let end = at + markup[at..].find('>').unwrap_or(markup.len() - at);
        found.extend(in_tag(at, &markup[at + 1..end]));
    }
    found.extend(in_element(text, "script", "&lt;script", "write it with the filter `json`"));
    found.extend(in_element(text, "style", "alert(", "a style sheet can not be escaped into"));
    found
}

/// A page with what scripts and style sheets hold blanked out, byte by byte: signs in them are no tags.
fn without_code(text: &str) -> String {
    let mut markup = text.to_owned();
    for element in ["script", "style"] {
        let (open, close) = (format!("<{element}"), format!("</{element}"));
        let mut from = 0;
        while let Some(at) = markup[from..].find(&open).map(|at| from + at) {
            let start = at + markup[at..].find('>').map_or(markup.len() - at, |end| end + 1);
            from = start + markup[start..].find(&close).unwrap_or(markup.len() - start);
            markup.replace_range(start..from, &" ".repeat(from - start));
        }
    }
    markup
}

/// What is wrong in a tag: attributes without quotes around a text of the log, and addresses.
fn in_tag(at: usize, tag: &str) -> Vec<Raw> {
    let name =
        tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default().to_ascii_lowercase();
    let pieces: Vec<&str> = tag.split('"').collect();
    let mut found = Vec::new();
    for (number, piece) in pieces.iter().enumerate() {
        let is_value = number % 2 == 1;
        if !is_value && (piece.contains("alert(") || piece.contains("onerror=")) {
            found.push(Raw::new(at, "a text of the log stands in a tag without quotes around it"));
        }
        let before = if is_value { pieces[number - 1] } else { continue };
        let attribute = before.trim_end_matches('=').rsplit(char::is_whitespace).next().unwrap_or_default();
        found.extend(address(at, &name, &attribute.to_ascii_lowercase(), piece));
    }
    found
}

fn address(at: usize, tag: &str, attribute: &str, value: &str) -> Option<Raw> {
    let value = value.trim().to_ascii_lowercase();
    let outside = value.starts_with("http:") || value.starts_with("https:") || value.starts_with("//");
    let loads = LOADS.contains(&attribute) || (tag == "link" && attribute == "href");
    let links = matches!(attribute, "href" | "action" | "formaction" | "xlink:href");
    if loads && outside {
        return Some(Raw::new(at, format!("{tag} loads {value:?}: a report makes no network request")));
    }
    let hostile =
        value.starts_with("javascript:") || value.contains("evil.example") || value.contains("alert(");
    (links && hostile).then(|| Raw::new(at, format!("a text of the log is the address of {attribute} here")))
}

/// A mark inside of an element whose content is no text.
fn in_element(text: &str, element: &str, mark: &str, hint: &str) -> Vec<Raw> {
    let (open, close) = (format!("<{element}"), format!("</{element}"));
    let mut found = Vec::new();
    for (at, _) in text.match_indices(&open) {
        let end = at + text[at..].find(&close).unwrap_or(text.len() - at);
        if let Some(inside) = text[at..end].find(mark) {
            found.push(Raw::new(
                at + inside,
                format!("a text of the log stands in a {element} element: {hint}"),
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_into_a_page_is_seen() {
        for (html, part) in [
            ("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", None),
            ("<p title=\"&lt;script&gt;alert(1)\">", None),
            ("<p><script>alert(1)</script></p>", Some("not escaped")),
            ("<p title=&lt;script&gt;alert(1)>", Some("without quotes")),
            ("<p title='&lt;img src=x onerror=&quot;'>", Some("without quotes")),
            ("<a href=\"http://evil.example/?a=1&amp;b=2\">", Some("address of href")),
            ("<a href=\"https://www.example.org\">ours</a><a href=\"#I-1\">", None),
            ("<img src=\"https://example.org/logo.png\">", Some("no network request")),
            ("<link rel=\"stylesheet\" href=\"//example.org/a.css\">", Some("no network request")),
            ("<img src=\"data:image/png;base64,AA==\">", None),
            ("<script>var a = '&lt;script&gt;';</script>", Some("filter `json`")),
            ("<script>var a = \"\\u003cscript\\u003ealert(1)\";</script>", None),
            ("<script>if (a<b) f(\"alert(1)\"); else if (c>d) g();</script><p>x</p>", None),
            ("<style>.a::after { content: '&#39;alert(1)'; }</style>", Some("style")),
        ] {
            let found = raw_texts(html);
            assert_eq!(found.is_empty(), part.is_none(), "{html} {found:?}");
            assert!(part.is_none_or(|part| found.iter().any(|raw| raw.message.contains(part))), "{found:?}");
        }
    }
}
