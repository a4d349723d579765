//! Paper, headers and footers.

use crate::book::Book;
use crate::code;
use crate::declaration::{Margin, Paper};
use crate::failure::Failure;
use crate::plan::SheetPlan;
use crate::style;
use crate::text;
use ringback_template::Scope;
use rust_xlsxwriter::Worksheet;

/// The most UTF-16 units of one part of a header, so that three of them and their codes stay under the 255 of a header.
const LONGEST_PART: usize = 78;

/// Sets up how a sheet is shown and printed.
pub(crate) fn set_up(
    book: &Book<'_>,
    plan: &SheetPlan<'_>,
    sheet: &mut Worksheet,
    scope: &Scope,
) -> Result<(), Failure> {
    let (page, own) = (&book.declared.page, plan.sheet);
    if own.portrait {
        sheet.set_portrait();
    } else {
        sheet.set_landscape();
    }
    sheet.set_paper_size(match page.paper {
        Paper::Letter => 1,
        Paper::A3 => 8,
        Paper::A4 => 9,
    });
    sheet.set_margins(0.4, 0.4, 0.75, 0.75, 0.3, 0.3);
    sheet.set_print_fit_to_pages(own.pages_wide.max(1), own.pages_high);
    sheet.set_screen_gridlines(own.gridlines);
    if let Some(tab) = &own.tab {
        sheet.set_tab_color(style::declared(tab.get_ref()));
    }
    sheet.set_header(margin(book, &page.header, scope, "")?);
    sheet.set_footer(margin(book, &page.footer, scope, "&P / &N")?);
    freeze(plan, sheet)
}

/// Keeps headings in sight.
fn freeze(plan: &SheetPlan<'_>, sheet: &mut Worksheet) -> Result<(), Failure> {
    let own = plan.sheet;
    let rows = if own.freeze { plan.first_row() } else { 0 };
    if rows > 0 || own.freeze_columns > 0 {
        sheet.set_freeze_panes(rows, own.freeze_columns)?;
    }
    if rows > 0 {
        sheet.set_repeat_rows(rows - 1, rows - 1)?;
    }
    if own.freeze_columns > 0 {
        sheet.set_repeat_columns(0, own.freeze_columns - 1)?;
    }
    Ok(())
}

/// A header or footer; `usual` is what stands on the right where nothing is declared.
fn margin(book: &Book<'_>, margin: &Margin, scope: &Scope, usual: &str) -> Result<String, Failure> {
    let part = |source| Ok::<_, Failure>(plain(&code::text(book.environment, source, scope)?));
    let right = match &margin.right {
        Some(right) => part(Some(right))?,
        None => usual.to_owned(),
    };
    let parts = [("&L", part(margin.left.as_ref())?), ("&C", part(margin.centre.as_ref())?), ("&R", right)];
    let told = parts.iter().filter(|(_, text)| !text.is_empty());
    Ok(told.flat_map(|(code, text)| [*code, text.as_str()]).collect())
}

/// A text without the codes that fetch the path, the date or a picture into a header.
fn plain(text: &str) -> String {
    let line = text::one_line(text);
    let mut most = LONGEST_PART;
    loop {
        let escaped = text::short(&line, most).replace('&', "&&");
        if escaped.encode_utf16().count() <= LONGEST_PART {
            return escaped;
        }
        most = most * 3 / 4;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_hold_no_codes_and_stay_short() {
        assert_eq!(plain("R&D &[Path] &Z\nx"), "R&&D &&[Path] &&Z x");
        for text in ["&".repeat(500), "ä🦀".repeat(100)] {
            let plain = plain(&text);
            assert!(plain.encode_utf16().count() <= LONGEST_PART && plain.ends_with('…'), "{plain}");
            assert_eq!(plain.matches('&').count() % 2, 0);
        }
    }
}
