//! The file of rejected rows.

use crate::terminal;
use anyhow::Context;
use ringback_pipeline::RejectedRow;
use std::path::Path;

/// Writes every rejected row of some inputs as CSV.
///
/// # Errors
/// What the system says.
pub(crate) fn write(path: &Path, inputs: &[&str], rejected: &[RejectedRow]) -> anyhow::Result<()> {
    let text = csv(inputs, rejected, true);
    ringback_report::write_file(path, text.as_bytes(), true)
        .with_context(|| format!("writing {}", path.display()))
}

/// Every rejected row of some inputs as CSV: source, record, line, reason and, where it is asked for, text. Cells that a
/// spreadsheet would take for a formula are marked with a leading apostrophe.
pub(crate) fn csv(inputs: &[&str], rejected: &[RejectedRow], with_text: bool) -> String {
    let mut csv = format!("source,record,line,reason{}\n", if with_text { ",text" } else { "" });
    for row in rejected {
        let name = inputs.get(row.place.source as usize).copied().unwrap_or_default();
        let (record, line) = (row.place.record, row.place.line);
        let text = if with_text { format!(",{}", cell(&row.text)) } else { String::new() };
        csv.push_str(&format!("{},{record},{line},{}{text}\n", cell(name), row.reason));
    }
    csv
}

/// What spreadsheets take for the start of a formula, in both widths.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// A cell of CSV, always quoted, never a formula, whatever blanks or hidden characters it begins with; nothing in it steers a
/// terminal.
pub(crate) fn cell(text: &str) -> String {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || terminal::is_unsafe(c) || c == '"');
    let formula = start.starts_with(FORMULA) || text.starts_with(['\t', '\r']);
    let text = terminal::safe_lines(text).replace('"', "\"\"");
    format!("\"{}{text}\"", if formula { "'" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_are_text() {
        for (text, expected) in [
            ("a", "\"a\""),
            ("a\"b,c\n", "\"a\"\"b,c\n\""),
            ("=1+1", "\"'=1+1\""),
            (" \u{200b}\n=1+1", "\"' \\u{200b}\n=1+1\""),
            ("a\u{1b}[1m\u{9b}", "\"a\\u{1b}[1m\\u{9b}\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("", "\"\""),
        ] {
            assert_eq!(cell(text), expected);
        }
    }
}
