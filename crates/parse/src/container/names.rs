//! Names that stand in archives: decoded, and made harmless. They are shown and compared, and never opened.

use std::borrow::Cow;
use std::collections::BTreeSet;

/// The upper half of code page 437, in which archives without the flag for UTF-8 are written.
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// A part of a name is cut in its middle beyond so many characters.
const LONGEST_PART: usize = 200;

/// What stands for a character that could mislead.
const REPLACED: char = '\u{fffd}';

/// A name as it stands in an archive. `utf8` says that the archive calls it UTF-8; without that, bytes that are UTF-8 are
/// taken for it, and others for code page 437.
pub(crate) fn decoded(raw: &[u8], utf8: bool) -> Cow<'_, str> {
    match std::str::from_utf8(raw) {
        Ok(name) => Cow::Borrowed(name),
        Err(_) if utf8 => String::from_utf8_lossy(raw),
        Err(_) => Cow::Owned(raw.iter().map(|byte| cp437(*byte)).collect()),
    }
}

fn cp437(byte: u8) -> char {
    match byte.checked_sub(0x80) {
        Some(upper) => CP437.chars().nth(usize::from(upper)).unwrap_or(REPLACED),
        None => char::from(byte),
    }
}

/// A path that stands in an archive as a name: relative, without `..`, with `/` between its parts, each of which is
/// harmless.
///
/// ```
/// use ringback_parse::container::harmless;
///
/// assert_eq!(harmless(r"C:\logs\..\..\x.csv"), "C/logs/x.csv");
/// assert_eq!(harmless("/etc//./passwd"), "etc/passwd");
/// ```
pub fn harmless(path: &str) -> String {
    let parts = path.split(['/', '\\']).filter(|part| !matches!(part.trim(), "" | "." | ".."));
    let parts: Vec<String> = parts.map(|part| harmless_part(without_drive(part))).collect();
    if parts.is_empty() { "unnamed".to_owned() } else { parts.join("/") }
}

/// A drive's letter without its colon.
fn without_drive(part: &str) -> &str {
    part.strip_suffix(':').filter(|letter| letter.len() == 1).unwrap_or(part)
}

/// One part of a name without characters that control a terminal, turn the direction of text, or separate parts; cut in
/// its middle where it is long.
pub fn harmless_part(part: &str) -> String {
    let shown: Vec<char> = part.chars().map(harmless_char).collect();
    if shown.len() <= LONGEST_PART {
        return shown.into_iter().collect();
    }
    let (start, end) = (&shown[..LONGEST_PART - 61], &shown[shown.len() - 60..]);
    start.iter().chain(&['…']).chain(end).collect()
}

fn harmless_char(char: char) -> char {
    match char {
        '/' => '_',
        _ if char.is_control() => REPLACED,
        '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => REPLACED,
        _ => char,
    }
}

/// The names in one archive: equal ones are told apart by a number, in the order of the entries.
#[derive(Clone, Debug, Default)]
pub struct Names(BTreeSet<String>);

impl Names {
    /// The name, or, where it is taken, the name with the first number that is not: `x.csv (2)`.
    pub fn unique(&mut self, name: &str) -> String {
        let mut unique = name.to_owned();
        let mut number = 2_u64;
        while !self.0.insert(unique.clone()) {
            unique = format!("{name} ({number})");
            number += 1;
        }
        unique
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_decoded() {
        assert_eq!(CP437.chars().count(), 128);
        for (raw, utf8, name) in [
            (&b"gr\x94\xe1e.csv"[..], false, "größe.csv"),
            ("größe.csv".as_bytes(), false, "größe.csv"),
            ("größe.csv".as_bytes(), true, "größe.csv"),
            (b"gr\x94.csv", true, "gr\u{fffd}.csv"),
            (b"\xff", false, "\u{a0}"),
        ] {
            assert_eq!(decoded(raw, utf8), name);
        }
    }

    #[test]
    fn names_are_harmless() {
        for (path, name) in [
            ("x.csv", "x.csv"),
            ("a/b/x.csv", "a/b/x.csv"),
            ("../../x.csv", "x.csv"),
            ("/etc/passwd", "etc/passwd"),
            ("C:\\Users\\x.csv", "C/Users/x.csv"),
            ("at 10:30.csv", "at 10:30.csv"),
            ("a\\..\\x.csv", "a/x.csv"),
            ("a/ .. /x.csv", "a/x.csv"),
            ("..", "unnamed"),
            ("", "unnamed"),
            ("a\u{1b}[31m.csv", "a\u{fffd}[31m.csv"),
            ("a\u{202e}vsc.exe", "a\u{fffd}vsc.exe"),
            ("a\nb\0.csv", "a\u{fffd}b\u{fffd}.csv"),
        ] {
            assert_eq!(harmless(path), name, "{path:?}");
        }
        let long = harmless(&format!("{}.csv", "x".repeat(5000)));
        assert_eq!(long.chars().count(), LONGEST_PART);
        assert!(long.ends_with("x.csv"));
    }

    #[test]
    fn equal_names_are_numbered() {
        let mut names = Names::default();
        let unique: Vec<String> = ["x", "x (2)", "x", "x", "y"].map(|name| names.unique(name)).into();
        assert_eq!(unique, ["x", "x (2)", "x (3)", "x (4)", "y"]);
    }
}
