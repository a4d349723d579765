//! Hostile texts in comma-separated values: cells that a spreadsheet takes for a formula, and rows that fall apart.

use super::Raw;

/// What starts a formula, in the usual width and the wide one of Japanese keyboards.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

pub(super) fn raw_texts(text: &str) -> Vec<Raw> {
    let mut found = Vec::new();
    let mut width = None;
    let mut row = 0;
    for (at, cell, ends) in cells(text) {
        row += 1;
        let cell = cell.trim();
        if cell.starts_with(FORMULA) && cell.parse::<f64>().is_err() {
            found.push(Raw::new(at, "a text of the log is a formula here"));
        }
        if ends {
            if *width.get_or_insert(row) != row {
                found.push(Raw::new(
                    at,
                    format!("this row has {row} cells and the first one {}", width.unwrap_or(0)),
                ));
            }
            row = 0;
        }
    }
    found
}

/// The cells with the byte where each begins and whether it is the last one of its row; RFC 4180.
fn cells(text: &str) -> Vec<(usize, String, bool)> {
    let mut cells = Vec::new();
    let (mut start, mut cell, mut quoted) = (0, String::new(), false);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' if quoted && chars.peek().is_some_and(|(_, next)| *next == '"') => {
                chars.next();
                cell.push('"');
            }
            '"' if quoted || at == start => quoted = !quoted,
            ',' | '\n' if !quoted => {
                cells.push((start, std::mem::take(&mut cell), c == '\n'));
                start = at + 1;
            }
            '\r' if !quoted => {}
            c => cell.push(c),
        }
    }
    if !cell.is_empty() || start < text.len() {
        cells.push((start, cell, true));
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_and_broken_rows_are_seen() {
        for (text, part) in [
            ("a,b\n\"'=1\",\"x \"\"y\"\", z\"\n-5,\n", None),
            ("a,b\n\" =cmd\",1\n", Some("formula")),
            ("a,b\n＝1,2\n", Some("formula")),
            ("a,b\nx,y,z\n", Some("3 cells")),
            ("a\nx\"\ny,z\n", Some("2 cells")),
        ] {
            let found = raw_texts(text);
            assert_eq!(found.is_empty(), part.is_none(), "{text:?} {found:?}");
            assert!(part.is_none_or(|part| found[0].message.contains(part)), "{found:?}");
        }
    }
}
