//! How the source of an expression tells its shape.

use super::{Path, Shape, Step};
use crate::words::Catalogue;

impl Shape {
    /// The shape of an expression, if it has one. What each reader leaves of the text is read by the next; whatever is left at
    /// the end is something else.
    pub(crate) fn of(source: &str, words: &Catalogue) -> Option<Self> {
        match condition(source.trim(), words)? {
            (shape @ (Shape::Of(..) | Shape::If(..) | Shape::Joined(..)), "") => Some(shape),
            _ => None,
        }
    }
}

/// A text's start that was read, and what follows it.
type Read<'t, T> = Option<(T, &'t str)>;

/// `… if row.field else …`, or what may stand there alone.
fn condition<'t>(text: &'t str, words: &Catalogue) -> Read<'t, Shape> {
    let (yes, rest) = operand(text, words)?;
    let Some(rest) = rest.strip_prefix(" if ") else { return Some((yes, rest)) };
    let (path, rest) = path(rest)?;
    let (no, rest) = operand(rest.strip_prefix(" else ")?, words)?;
    Some((Shape::If(path, yes.into(), no.into()), rest))
}

/// `… ~ (…)`, or what may stand there alone.
fn operand<'t>(text: &'t str, words: &Catalogue) -> Read<'t, Shape> {
    let (first, rest) = single(text, words)?;
    let Some(rest) = rest.strip_prefix(" ~ ") else { return Some((first, rest)) };
    let (second, rest) = in_brackets(rest, words)?;
    Some((Shape::Joined(first.into(), second.into()), rest))
}

fn single<'t>(text: &'t str, words: &Catalogue) -> Read<'t, Shape> {
    if text.starts_with('(') {
        return in_brackets(text, words);
    }
    if let Some(rest) = text.strip_prefix("t(") {
        let (key, rest) = quoted(rest)?;
        return Some((Shape::Text(words.phrase(&key, &[])), rest.strip_prefix(')')?));
    }
    if text.starts_with('"') {
        let (text, rest) = quoted(text)?;
        return Some((Shape::Text(text), rest));
    }
    if let Some(("none", rest)) = name(text).filter(|(_, rest)| !rest.starts_with('.')) {
        return Some((Shape::Nothing, rest));
    }
    let (path, rest) = path(text)?;
    let (step, rest) = step(rest, words)?;
    Some((Shape::Of(path, step), rest))
}

fn in_brackets<'t>(text: &'t str, words: &Catalogue) -> Read<'t, Shape> {
    let (shape, rest) = condition(text.strip_prefix('(')?, words)?;
    Some((shape, rest.strip_prefix(')')?))
}

fn step<'t>(text: &'t str, words: &Catalogue) -> Read<'t, Step> {
    let argument = |start: &str| {
        let (argument, rest) = quoted(text.strip_prefix(start)?)?;
        Some((argument, rest.strip_prefix(')')?))
    };
    if let Some(rest) = text.strip_prefix("|as_time") {
        Some((Step::Time, rest))
    } else if let Some(rest) = text.strip_prefix("|length") {
        Some((Step::Length, rest))
    } else if let Some((kind, rest)) = argument("|term(") {
        Some((Step::Term(words.labels(&kind)), rest))
    } else if let Some((separator, rest)) = argument("|join(") {
        Some((Step::Join(separator), rest))
    } else if let Some(rest) = text.strip_prefix(" == ") {
        let (wanted, rest) = quoted(rest)?;
        Some((Step::Equals(wanted), rest))
    } else if let Some(rest) = text.strip_prefix(" / ") {
        let (whole, rest) = whole(rest)?;
        Some((Step::Share(whole), rest))
    } else {
        Some((Step::Plain, text))
    }
}

/// `row.field` or `row.field.within`.
fn path(text: &str) -> Read<'_, Path> {
    let (row, rest) = name(text)?;
    let (field, rest) = name(rest.strip_prefix('.')?)?;
    let (within, rest) = match rest.strip_prefix('.') {
        Some(rest) => name(rest).map(|(within, rest)| (Some(within.to_owned()), rest))?,
        None => (None, rest),
    };
    // A further step, a call or an index is something else.
    let ended = !rest.starts_with(['.', '(', '[']);
    ended.then(|| (Path { row: row.to_owned(), field: field.to_owned(), within }, rest))
}

fn name(text: &str) -> Read<'_, &str> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    name.starts_with(|c: char| c.is_ascii_lowercase()).then_some((name, rest))
}

/// A whole number that may be divided by.
fn whole(text: &str) -> Read<'_, u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    digits.parse().ok().filter(|whole| *whole != 0).map(|whole| (whole, rest))
}

/// A text in quotes. Of the escapes only the line break is known.
fn quoted(text: &str) -> Read<'_, String> {
    let (inner, rest) = text.strip_prefix('"')?.split_once('"')?;
    let plain = inner.replace("\\n", "\n");
    (!plain.contains('\\')).then_some((plain, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_simple_shapes_have_one() {
        let words = crate::words("en").unwrap();
        for source in [
            "finding.id",
            "finding.first|as_time",
            "incident.findings|length",
            "finding.severity|term(\"severity\")",
            "finding.reasons|join(\"\\n\")",
            "finding.scenario == \"undetermined\"",
            "finding.periodicity.events",
            "finding.periodicity.rhythm|term(\"rhythm\")",
            "finding.periodicity.seen_percent / 100 if finding.periodicity.gaps else none",
            "t(\"label.yes\") if finding.reached else none",
            "t(\"label.yes\") if finding.periodicity.complete else t(\"label.no\")",
            "(host.suggested_relay|term(\"relay\")) if host.suggested_relay else none",
            "finding.other_ports|join(\", \") ~ (\" …\" if finding.more_ports else \"\")",
        ] {
            assert!(Shape::of(source, &words).is_some(), "{source}");
        }
        for source in [
            "finding",
            "none",
            "\"a.b\"",
            "t(\"label.yes\")",
            "finding.first.x.y",
            "finding.first.",
            "finding.first[0]",
            "finding.first()",
            "finding.first.x()",
            "finding.first|as_time|x",
            "finding.findings|lengthy",
            "finding.cve|join(\", \") ~ \"x\"",
            "finding.cve|join(\"\\\"\")",
            "finding.rows - finding.blocked",
            "finding.rows / 0",
            "finding.rows / 1.5",
            "finding.rows / 100 * 2",
            "finding.scenario == \"a\" or true",
            "t(\"label.yes\", n=1) if finding.reached else none",
            "t(\"label.yes\") if not finding.reached else none",
            "t(\"label.yes\") if finding.reached else nonesuch",
            "t(\"label.yes\") if finding.reached",
            "(finding.id",
            "1.5",
        ] {
            assert!(Shape::of(source, &words).is_none(), "{source}");
        }
    }
}
