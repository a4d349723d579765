//! The file of rejected rows.

use anyhow::Context;
use ringback_pipeline::RejectedRow;
use std::io::Write;
use std::path::Path;

/// Writes every rejected row of some inputs as CSV: source, record, line, reason, text. Cells that a spreadsheet would take for a
/// formula are marked with a leading apostrophe.
///
/// # Errors
/// What the system says.
pub(crate) fn write(path: &Path, inputs: &[&str], rejected: &[RejectedRow]) -> anyhow::Result<()> {
    let mut text = Vec::new();
    writeln!(text, "source,record,line,reason,text")?;
    for row in rejected {
        let name = inputs.get(row.place.source as usize).copied().unwrap_or_default();
        let (record, line) = (row.place.record, row.place.line);
        writeln!(text, "{},{record},{line},{},{}", cell(name), row.reason, cell(&row.text))?;
    }
    ringback_report::write_file(path, &text, true).with_context(|| format!("writing {}", path.display()))
}

/// A cell of CSV, always quoted, never a formula.
pub(crate) fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
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
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("", "\"\""),
        ] {
            assert_eq!(cell(text), expected);
        }
    }
}
