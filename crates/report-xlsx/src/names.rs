//! Names of sheets.

use crate::text;

/// The most UTF-16 units of a name.
const LONGEST: usize = 31;

/// A name that a sheet may have, made of a text, and that none of the others has (which are in lower case).
pub(crate) fn sheet_name(wanted: &str, taken: &[String]) -> String {
    let allowed: String = text::one_line(wanted)
        .chars()
        .map(|c| if matches!(c, '*' | '?' | ':' | '[' | ']' | '\\' | '/') { ' ' } else { c })
        .collect();
    let trimmed = |name: &str| name.trim_matches(['\'', ' ']).to_owned();
    let base = match trimmed(&allowed) {
        name if name.is_empty() => "Sheet".to_owned(),
        // The one name that is reserved.
        name if name.eq_ignore_ascii_case("history") => format!("{name}_"),
        name => name,
    };
    let mut name = trimmed(&text::short(&base, LONGEST));
    let mut number = 2;
    while taken.contains(&name.to_lowercase()) {
        let end = format!(" ({number})");
        name = trimmed(&text::short(&base, LONGEST - end.len())) + &end;
        number += 1;
    }
    name
}

/// The address of the first cell of a row.
pub(crate) fn address(sheet: &str, row: u32) -> String {
    format!("'{}'!A{}", sheet.replace('\'', "''"), row + 1)
}

/// The link to an address within the workbook, as the library wants it.
pub(crate) fn internal(address: &str) -> String {
    format!("internal:{address}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_valid_and_unlike() {
        let taken = ["findings".to_owned(), "findings (2)".to_owned()];
        for (wanted, name) in [
            ("Hosts", "Hosts"),
            ("Findings", "Findings (3)"),
            ("a/b:c[d]*?\\", "a b c d"),
            ("'quoted'", "quoted"),
            ("", "Sheet"),
            ("History", "History_"),
            ("x\ny", "x y"),
        ] {
            assert_eq!(sheet_name(wanted, &taken), name, "{wanted:?}");
        }
        let long = sheet_name(&"ä🦀".repeat(20), &[]);
        assert!(long.encode_utf16().count() <= LONGEST && long.ends_with('…'), "{long}");
        assert_eq!(internal(&address("it's", 4)), "internal:'it''s'!A5");
    }
}
