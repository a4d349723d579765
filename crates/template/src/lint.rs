//! What can be told of a template or an expression from its source alone: keys without a text, kinds without labels, and
//! what would pass a value of the log unescaped.

use crate::words::Catalogue;

/// Something wrong in a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// The faults of a source, by line. Keys that are put together at run time are told by a strict environment alone.
pub fn faults(source: &str, words: &Catalogue) -> Vec<Fault> {
    let source = without_comments(source);
    let mut faults = Vec::new();
    let mut fault = |at: usize, message: String| {
        faults.push(Fault { line: source[..at].matches('\n').count() + 1, message });
    };
    for (at, key) in arguments(&source, "t") {
        if !words.has(key) {
            fault(at, format!("no text for the key {key:?} in the language {:?}", words.language()));
        }
    }
    for (at, kind) in arguments(&source, "term").into_iter().chain(arguments(&source, "about")) {
        if !words.has_kind(kind) {
            fault(at, format!("there are no words of kind {kind:?}"));
        }
    }
    for (at, _) in source.match_indices('|') {
        let name = source[at + 1..].trim_start();
        if name.strip_prefix("safe").is_some_and(|rest| !rest.starts_with(is_name)) {
            fault(at, "the filter `safe` would write a text of the log unescaped".to_owned());
        }
    }
    faults.sort_by(|a, b| (a.line, &a.message).cmp(&(b.line, &b.message)));
    faults.dedup();
    faults
}

/// Whether a template binds a name by `set`, `for`, `with`, `macro`, `call`, `import` or `from`.
pub(crate) fn binds(source: &str, name: &str) -> bool {
    let tags = source.split("{%").skip(1).filter_map(|rest| rest.split_once("%}")).map(|(tag, _)| tag);
    tags.map(|tag| tag.trim_start_matches(['-', '+']).trim_start()).any(|tag| {
        let (word, rest) = tag.split_at(tag.find(|c| !is_name(c)).unwrap_or(tag.len()));
        let bound = match word {
            "for" => rest.split(" in ").next().unwrap_or_default(),
            "set" => rest.split('=').next().unwrap_or_default(),
            "macro" | "call" | "with" | "import" | "from" => rest,
            _ => return false,
        };
        bound.split(|c| !is_name(c)).any(|part| part == name)
    })
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// A source with its comments blanked out, line by line.
fn without_comments(source: &str) -> String {
    let mut clean = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("{#") {
        clean.push_str(before);
        let (comment, then) = after.split_once("#}").unwrap_or((after, ""));
        clean.extend(comment.chars().filter(|c| *c == '\n'));
        rest = then;
    }
    clean + rest
}

/// The first arguments of the calls of a function or filter, where they are whole texts, with their places.
fn arguments<'s>(source: &'s str, function: &str) -> Vec<(usize, &'s str)> {
    let call = format!("{function}(");
    let mut found = Vec::new();
    for (at, _) in source.match_indices(&call) {
        if source[..at].ends_with(|c| is_name(c) || c == '.') {
            continue;
        }
        let rest = source[at + call.len()..].trim_start();
        // In a declaration the expression may itself stand between quotes, which makes these two signs.
        let rest = rest.strip_prefix('\\').unwrap_or(rest);
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let Some((text, then)) = rest[1..].split_once(quote) else { continue };
        if then.trim_start().starts_with([')', ',']) {
            found.push((at, text.trim_end_matches('\\')));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_has_its_line() {
        let words = crate::words("en").unwrap();
        for (source, expected) in [
            ("{{ t(\"label.host\") }}", None),
            ("\n{{ t('label.hots') }}", Some((2, "label.hots"))),
            ("{{ t(\"label.rows-in\", rows=1) }}{{ t( \"nope\", rows=1) }}", Some((1, "nope"))),
            ("{{ t(\"label.\" ~ x) }}{{ point(\"x\") }}{{ a.t(\"x\") }}", None),
            ("{# t(\"nope\")\n #}\n{{ x|term(\"scenario\") }}", None),
            ("{#\n#}\n{{ x|term(\"scenarios\") }}", Some((3, "scenarios"))),
            ("a | safe words {{ x|safer }}{{ x|\n safe }}", Some((1, "`safe`"))),
            ("value = \"t(\\\"nope\\\")\"", Some((1, "nope"))),
        ] {
            let found = faults(source, &words);
            match expected {
                None => assert_eq!(found, [], "{source}"),
                Some((line, part)) => {
                    assert!(found.iter().any(|f| f.line == line && f.message.contains(part)), "{found:?}");
                }
            }
        }
    }

    #[test]
    fn names_are_bound_by_tags_alone() {
        let source =
            "{% for a, b in list %}{%- set c = d %}{% macro m(e, f=1) %}{% from \"x\" import g as h %}";
        for (name, bound) in [
            ("a", true),
            ("b", true),
            ("c", true),
            ("e", true),
            ("f", true),
            ("h", true),
            ("m", true),
            ("list", false),
            ("d", false),
        ] {
            assert_eq!(binds(source, name), bound, "{name}");
        }
    }
}
