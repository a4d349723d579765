//! Formats of cells.

use crate::declaration::{Column, Kind};
use crate::plan::SheetPlan;
use ringback_model::Map;
use ringback_template::Catalogue;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline, Workbook};

/// The colour of headings where a pack sets none, or none that is one.
const ACCENT: u32 = 0x1f_3a_5f;

/// The colour of the lines between rows.
const RULE: u32 = 0xd9_de_e4;

/// The colour of what stands back.
const GREY: u32 = 0x5b_66_70;

/// The colour of links.
const LINK: u32 = 0x05_63_c1;

/// The formats of a workbook.
#[derive(Debug)]
pub(crate) struct Styles {
    /// The large text on top of a sheet.
    pub(crate) title: Format,
    /// The text above a block.
    pub(crate) block_title: Format,
    /// Lines of explanation.
    pub(crate) note: Format,
    /// The headings of columns.
    pub(crate) heading: Format,
    /// The headings of columns of numbers, which stand on the right.
    pub(crate) heading_of_numbers: Format,
    /// The row that stands for others, or for none.
    pub(crate) rest: Format,
}

/// The formats of a column's cells, by what is in them.
#[derive(Debug)]
pub(crate) struct Look<F = Format> {
    pub(crate) text: F,
    /// For text that would become a formula if somebody edited the cell.
    pub(crate) typed: F,
    pub(crate) number: F,
    pub(crate) time: F,
    pub(crate) link: F,
}

/// The number of a format in the workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StyleId(pub(crate) u32);

/// The numbers that the formats of all columns have in the workbook.
#[derive(Debug)]
pub(crate) struct StyleIds(Map<Format, StyleId>);

impl StyleIds {
    /// Makes the formats of all columns the first ones of a workbook, which numbers them in the order in which it hears of
    /// them. The plain format is number 0.
    pub(crate) fn register(plans: &[SheetPlan<'_>], workbook: &mut Workbook) -> Self {
        let mut ids = Map::default();
        ids.insert(Format::default(), StyleId(0));
        for column in plans.iter().flat_map(|plan| &plan.blocks).flat_map(|block| &block.columns) {
            let Look { text, typed, number, time, link } = &column.look;
            for format in [text, typed, number, time, link] {
                let next = StyleId(u32::try_from(ids.len()).unwrap_or(u32::MAX));
                if !ids.contains_key(format) {
                    workbook.register_format(format);
                    ids.insert(format.clone(), next);
                }
            }
        }
        StyleIds(ids)
    }

    /// The numbers of a column's formats.
    pub(crate) fn of(&self, look: &Look) -> Look<StyleId> {
        let id = |format| self.0.get(format).copied().unwrap_or(StyleId(0));
        Look {
            text: id(&look.text),
            typed: id(&look.typed),
            number: id(&look.number),
            time: id(&look.time),
            link: id(&look.link),
        }
    }
}

impl Styles {
    /// The format of a heading over values of a kind.
    pub(crate) fn heading_of(&self, kind: Kind) -> &Format {
        match kind {
            Kind::Number | Kind::Percent => &self.heading_of_numbers,
            Kind::Any | Kind::Text | Kind::Time | Kind::Date => &self.heading,
        }
    }

    /// The formats with headings in a colour.
    pub(crate) fn new(accent: &str) -> Self {
        let accent = rgb(accent).unwrap_or(ACCENT);
        let ink = if is_light(accent) { 0x1a_1a_1a } else { 0xff_ff_ff };
        let written = if is_light(accent) { 0x1a_1a_1a } else { accent };
        let heading = Format::new()
            .set_bold()
            .set_font_color(ink)
            .set_background_color(accent)
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter);
        Styles {
            title: Format::new().set_bold().set_font_size(18).set_font_color(written),
            block_title: Format::new().set_bold().set_font_size(13).set_font_color(written),
            note: Format::new().set_font_color(GREY).set_align(FormatAlign::Top).set_text_wrap(),
            heading_of_numbers: heading.clone().set_align(FormatAlign::Right).set_indent(1),
            heading,
            rest: Format::new().set_italic().set_font_color(GREY),
        }
    }
}

impl Look {
    /// The formats of a column, in the conventions of a language; `ruled` draws a line below each cell.
    pub(crate) fn of(column: &Column, ruled: bool, words: &Catalogue) -> Self {
        let mut base = Format::new().set_align(FormatAlign::Top);
        if ruled {
            base = base.set_border_bottom(FormatBorder::Thin).set_border_bottom_color(RULE);
        }
        if column.bold {
            base = base.set_bold();
        }
        let own = |usual: &str| column.format.clone().unwrap_or_else(|| usual.to_owned());
        // Numbers are written as the reader's spreadsheet does, times as the report's language does.
        let number = match column.kind {
            Kind::Percent => own("0.0%"),
            _ => own("#,##0"),
        };
        let time = match column.kind {
            Kind::Date => own(&words.phrase("format.sheet.date", &[])),
            _ => own(&words.phrase("format.sheet.time", &[])),
        };
        let text = if column.wrap || column.span > 1 { base.clone().set_text_wrap() } else { base.clone() };
        Look {
            typed: text.clone().set_quote_prefix(),
            number: base.clone().set_num_format(number).set_align(FormatAlign::Right).set_indent(1),
            time: base.clone().set_num_format(time).set_align(FormatAlign::Left),
            link: text.clone().set_font_color(LINK).set_underline(FormatUnderline::Single),
            text,
        }
    }
}

/// The colour that a text like `#1f3a5f` names.
pub(crate) fn rgb(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

/// A colour that a declaration names; it is checked when the declaration is read.
pub(crate) fn declared(text: &str) -> Color {
    Color::RGB(rgb(text).unwrap_or(ACCENT))
}

/// Whether dark text is easier to read on a colour than light text.
fn is_light(colour: u32) -> bool {
    let part = |shift: u32| f64::from((colour >> shift) & 0xff);
    0.299 * part(16) + 0.587 * part(8) + 0.114 * part(0) > 160.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_and_weighed() {
        for (text, colour) in
            [("#1f3a5f", Some(0x1f_3a_5f)), ("#FFF", None), ("1f3a5f", None), ("#+12345", None), ("", None)]
        {
            assert_eq!(rgb(text), colour, "{text:?}");
        }
        assert!(is_light(0xff_c0_00));
        assert!(!is_light(0x0b_6e_4f));
    }
}
