//! Rows of a sheet as the file has them.

use crate::style::StyleId;
use std::fmt::Write;

/// The letters of a column, from 0.
pub(crate) fn letters(column: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = u32::from(column) + 1;
    while rest > 0 {
        letters.push(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().copied().map(char::from).collect()
}

/// The sheet's rows in the making.
#[derive(Debug, Default)]
pub(crate) struct RowWriter {
    /// The rows that are done.
    pub(crate) text: String,
    /// The number of the row, from 1, as text.
    number: String,
    /// The cells of the row.
    cells: String,
}

impl RowWriter {
    /// Begins the row of a number from 0.
    pub(crate) fn begin(&mut self, row: u32) {
        self.number.clear();
        push_number(&mut self.number, u64::from(row) + 1);
        self.cells.clear();
    }

    /// Ends the row. It is so many points high; none where it has the usual height.
    pub(crate) fn end(&mut self, height: Option<u32>) {
        self.text.extend(["<row r=\"", &self.number]);
        if let Some(height) = height {
            self.text.push_str("\" ht=\"");
            push_number(&mut self.text, u64::from(height));
            self.text.push_str("\" customHeight=\"1");
        }
        self.text.extend(["\">", &self.cells, "</row>"]);
    }

    /// A cell without content.
    pub(crate) fn blank(&mut self, column: &str, style: StyleId) {
        self.open(column, style);
        self.cells.push_str("/>");
    }

    /// A number.
    pub(crate) fn number(&mut self, column: &str, style: StyleId, number: f64) {
        self.open(column, style);
        self.cells.push_str("><v>");
        push_float(&mut self.cells, number);
        self.cells.push_str("</v></c>");
    }

    /// Yes or no.
    pub(crate) fn boolean(&mut self, column: &str, style: StyleId, value: bool) {
        self.open(column, style);
        self.cells.push_str(if value { " t=\"b\"><v>1</v></c>" } else { " t=\"b\"><v>0</v></c>" });
    }

    /// Text.
    pub(crate) fn string(&mut self, column: &str, style: StyleId, text: &str) {
        self.open(column, style);
        let edge = ['\t', '\n', ' '];
        let kept = text.starts_with(edge) || text.ends_with(edge);
        self.cells.push_str(if kept {
            " t=\"inlineStr\"><is><t xml:space=\"preserve\">"
        } else {
            " t=\"inlineStr\"><is><t>"
        });
        push_escaped(&mut self.cells, text);
        self.cells.push_str("</t></is></c>");
    }

    /// Text that stands in the file's table, by its number there.
    pub(crate) fn shared(&mut self, column: &str, style: StyleId, number: u32) {
        self.open(column, style);
        self.cells.push_str(" t=\"s\"><v>");
        push_number(&mut self.cells, u64::from(number));
        self.cells.push_str("</v></c>");
    }

    /// The address of a cell of the row, such as `B7`.
    pub(crate) fn address(&self, column: &str) -> String {
        [column, &self.number].concat()
    }

    fn open(&mut self, column: &str, style: StyleId) {
        self.cells.extend(["<c r=\"", column, &self.number, "\" s=\""]);
        push_number(&mut self.cells, u64::from(style.0));
        self.cells.push('"');
    }
}

/// A link from a cell to another one of the workbook.
pub(crate) fn push_link(out: &mut String, cell: &str, to: &str, shown: &str) {
    out.extend(["<hyperlink ref=\"", cell, "\" location=\""]);
    push_attribute(out, to);
    out.push_str("\" display=\"");
    push_attribute(out, shown);
    out.push_str("\"/>");
}

fn push_number(out: &mut String, mut number: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.push_str(std::str::from_utf8(&digits[at..]).unwrap_or_default());
}

fn push_float(out: &mut String, number: f64) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what was lost is looked at")]
    let whole = number as u32;
    if f64::from(whole).to_bits() == number.to_bits() {
        push_number(out, u64::from(whole));
    } else {
        // Writing to a string does not fail.
        let _ = write!(out, "{number}");
    }
}

/// Text between tags. What looks like the format's own escape for a character, `_x0041_`, is escaped too.
fn push_escaped(out: &mut String, text: &str) {
    let special = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'_');
    if !text.bytes().fold(false, |found, byte| found | special(byte)) {
        out.push_str(text);
        return;
    }
    for (at, c) in text.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '_' if is_escape(&text.as_bytes()[at..]) => out.push_str("_x005F_"),
            c => out.push(c),
        }
    }
}

/// Whether bytes start with `_x`, four hexadecimal digits and `_`.
fn is_escape(bytes: &[u8]) -> bool {
    matches!(bytes, [b'_', b'x', digits @ .., ] if digits.len() >= 5
        && digits[..4].iter().all(u8::is_ascii_hexdigit) && digits[4] == b'_')
}

fn push_attribute(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#xA;"),
            '\t' => out.push_str("&#x9;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLES: [StyleId; 4] = [StyleId(0), StyleId(1), StyleId(2), StyleId(3)];

    #[test]
    fn columns_have_letters() {
        for (column, expected) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (51, "AZ"),
            (52, "BA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16_383, "XFD"),
        ] {
            assert_eq!(letters(column), expected);
        }
    }

    #[test]
    fn a_row_is_what_the_format_wants() {
        let mut rows = RowWriter::default();
        rows.begin(8);
        rows.blank("A", STYLES[1]);
        rows.number("B", STYLES[2], 12.0);
        rows.number("C", STYLES[2], -0.5);
        rows.boolean("D", STYLES[0], true);
        rows.string("E", STYLES[3], "a<b>&\"'_x0041_ _x41_");
        rows.string("F", STYLES[3], " ä_x000g_");
        rows.shared("G", STYLES[1], 40);
        rows.end(Some(30));
        rows.begin(9);
        rows.end(None);
        assert_eq!(
            rows.text,
            "<row r=\"9\" ht=\"30\" customHeight=\"1\"><c r=\"A9\" s=\"1\"/><c r=\"B9\" s=\"2\"><v>12</v></c>\
             <c r=\"C9\" s=\"2\"><v>-0.5</v></c><c r=\"D9\" s=\"0\" t=\"b\"><v>1</v></c>\
             <c r=\"E9\" s=\"3\" t=\"inlineStr\"><is><t>a&lt;b&gt;&amp;\"'_x005F_x0041_ _x41_</t></is></c>\
             <c r=\"F9\" s=\"3\" t=\"inlineStr\"><is><t xml:space=\"preserve\"> ä_x000g_</t></is></c>\
             <c r=\"G9\" s=\"1\" t=\"s\"><v>40</v></c></row>\
             <row r=\"10\"></row>"
        );
        for (number, expected) in [
            (0.0, "0"),
            (4_294_967_295.0, "4294967295"),
            (4_294_967_296.0, "4294967296"),
            (0.1, "0.1"),
            (-3.0, "-3"),
        ] {
            let mut text = String::new();
            push_float(&mut text, number);
            assert_eq!(text, expected);
        }
        let mut link = String::new();
        push_link(&mut link, "A1", "'a\"b'!A2", "x\n<y>");
        assert_eq!(link, "<hyperlink ref=\"A1\" location=\"'a&quot;b'!A2\" display=\"x&#xA;&lt;y&gt;\"/>");
    }
}
