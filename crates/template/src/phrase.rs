//! Texts with places for arguments.

use ringback_model::Arg;

/// One piece of a text.
enum Piece<'a> {
    /// Text as it stands.
    Text(&'a str),
    /// An argument: `{name}`.
    Place(&'a str),
    /// A form that depends on a count: `{name:one|other}`.
    Forms { name: &'a str, one: &'a str, other: &'a str },
}

/// Fills the places of a text. What an argument holds is never looked at for further places. A place without an argument
/// stays visible.
pub(crate) fn fill(text: &str, args: &[(&str, Arg)], show: impl Fn(&str, &Arg) -> String) -> String {
    let find = |wanted: &str| args.iter().find(|(name, _)| *name == wanted).map(|(_, arg)| arg);
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = next(rest);
        match piece {
            Piece::Text(text) => filled.push_str(text),
            Piece::Place(name) => match find(name) {
                Some(arg) => filled.push_str(&show(name, arg)),
                None => filled.extend(["{", name, "}"]),
            },
            Piece::Forms { name, one, other } => {
                filled.push_str(if matches!(find(name), Some(Arg::Count(1))) { one } else { other });
            }
        }
        rest = after;
    }
    filled
}

/// The first piece of a text, and what follows it.
fn next(text: &str) -> (Piece<'_>, &str) {
    let Some(inner) = text.strip_prefix('{') else {
        let (before, after) = text.split_at(text.find('{').unwrap_or(text.len()));
        return (Piece::Text(before), after);
    };
    let Some((place, after)) = inner.split_once('}') else { return (Piece::Text(text), "") };
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if is_name(place) {
        return (Piece::Place(place), after);
    }
    if let Some((name, forms)) = place.split_once(':')
        && let Some((one, other)) = forms.split_once('|')
        && is_name(name)
    {
        return (Piece::Forms { name, one, other }, after);
    }
    (Piece::Text("{"), inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_once() {
        let args = [("n", Arg::Count(1)), ("who", Arg::from("{n} {{ 7*7 }}")), ("many", Arg::Count(5))];
        let show = |_: &str, arg: &Arg| match arg {
            Arg::Text(text) => text.clone(),
            Arg::Count(count) => count.to_string(),
            _ => unreachable!("no other arguments here"),
        };
        for (text, expected) in [
            ("{n} {n:row|rows}, {many} {many:row|rows}", "1 row, 5 rows"),
            ("by {who}", "by {n} {{ 7*7 }}"),
            ("{absent} {absent:one|other}", "{absent} other"),
            ("a { b } {} {A} {n", "a { b } {} {A} {n"),
            ("", ""),
        ] {
            assert_eq!(fill(text, &args, show), expected);
        }
    }
}
