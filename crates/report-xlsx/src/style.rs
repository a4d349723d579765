//! Formats of cells, and text that fits one.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// The most UTF-16 units that a cell holds.
pub(crate) const LONGEST_TEXT: usize = 32_767;

/// What stands at the end of a text that was cut.
const CUT: &str = " … (cut)";

/// The formats of a workbook.
#[derive(Debug)]
pub(crate) struct Styles {
    pub(crate) title: Format,
    pub(crate) label: Format,
    pub(crate) heading: Format,
    pub(crate) text: Format,
    pub(crate) wrapped: Format,
    pub(crate) number: Format,
    pub(crate) time: Format,
    pub(crate) fact: Format,
    pub(crate) note: Format,
}

impl Styles {
    pub(crate) fn new() -> Self {
        let cell = || Format::new().set_align(FormatAlign::Top);
        Styles {
            title: Format::new().set_bold().set_font_size(16),
            label: cell().set_bold(),
            heading: Format::new()
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(Color::RGB(0x1F_3A_4D))
                .set_border_bottom(FormatBorder::Thin)
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter),
            text: cell(),
            wrapped: cell().set_text_wrap(),
            number: cell().set_num_format("#,##0"),
            time: cell().set_num_format("yyyy-mm-dd hh:mm:ss").set_align(FormatAlign::Left),
            fact: cell().set_align(FormatAlign::Left),
            note: Format::new().set_italic(),
        }
    }
}

/// Words for severities as the catalogue writes them, and their fill and font colours.
pub(crate) const SEVERITIES: &[(&str, u32, u32)] = &[
    ("critical", 0x9B_1C_1C, 0xFF_FF_FF),
    ("high", 0xE0_6C_2B, 0xFF_FF_FF),
    ("medium", 0xF4_C5_42, 0x33_2A_00),
    ("low", 0xCF_E3_F2, 0x0F_2E_44),
    ("info", 0xE6_E6_E6, 0x33_33_33),
];

/// A text of at most so many UTF-16 units, cut at a character with a mark that says so, and without the control
/// characters that XML forbids.
pub(crate) fn fitting(text: &str, most: usize) -> String {
    let clean: String =
        text.chars().filter(|char| !char.is_control() || matches!(char, '\n' | '\t')).collect();
    if clean.encode_utf16().count() <= most {
        return clean;
    }
    let room = most.saturating_sub(CUT.encode_utf16().count());
    let mut used = 0;
    let kept = clean.chars().take_while(|char| {
        used += char.len_utf16();
        used <= room
    });
    kept.collect::<String>() + CUT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_at_a_character() {
        assert_eq!(fitting("abc", 3), "abc");
        let long = "𝄞".repeat(20_000);
        let cut = fitting(&long, LONGEST_TEXT);
        assert!(cut.encode_utf16().count() <= LONGEST_TEXT);
        assert!(cut.ends_with(CUT));
        assert_eq!(fitting("a\u{1}b\nc", 9), "ab\nc");
    }
}
