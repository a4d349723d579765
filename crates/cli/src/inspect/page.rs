//! A page of labelled entries that fits the terminal. All text that goes into it is made harmless here.

use crate::columns::{cut, wrapped};
use crate::terminal::safe;
use unicode_width::UnicodeWidthStr;

/// Where labels start and how much room they have.
const LABEL: (usize, usize) = (2, 11);

/// How a text is shown where colours may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As it is.
    Plain,
    /// A name that stands above others.
    Title,
    /// Something less important.
    Faint,
    /// Something to look at.
    Warning,
    /// Something that is lost.
    Bad,
}

impl Tone {
    fn code(self) -> &'static str {
        match self {
            Tone::Plain => "",
            Tone::Title => "1",
            Tone::Faint => "2",
            Tone::Warning => "33",
            Tone::Bad => "31",
        }
    }
}

/// A page in the making.
pub(crate) struct Page {
    text: String,
    width: usize,
    coloured: bool,
}

impl Page {
    /// An empty page of so many columns.
    pub(crate) fn new(width: usize, coloured: bool) -> Self {
        Page { text: String::new(), width, coloured }
    }

    /// The text of the page.
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// Columns that an entry has beside its label.
    pub(crate) fn room(&self) -> usize {
        self.width - LABEL.0 - LABEL.1
    }

    /// An empty line.
    pub(crate) fn gap(&mut self) {
        self.text.push('\n');
    }

    /// A line across the page.
    pub(crate) fn title(&mut self, text: &str) {
        for line in wrapped(&safe(text), self.width) {
            self.paint(&line, Tone::Title);
            self.text.push('\n');
        }
    }

    /// A label and its text; an empty label continues the entry before.
    pub(crate) fn entry(&mut self, label: &str, text: &str, tone: Tone) {
        self.indented(label, 0, text, tone);
    }

    /// The same with the text set in by some columns.
    pub(crate) fn indented(&mut self, label: &str, by: usize, text: &str, tone: Tone) {
        for (number, line) in wrapped(&safe(text), self.room() - by).iter().enumerate() {
            self.label(if number == 0 { label } else { "" });
            self.text.push_str(&" ".repeat(by));
            self.paint(line, tone);
            self.text.push('\n');
        }
    }

    /// A line of cells, each cut or filled to its columns; those of no columns are not cut.
    pub(crate) fn cells(&mut self, label: &str, cells: &[(&str, Align)], tone: Tone) {
        self.label(label);
        let shown: Vec<String> = cells.iter().map(|(cell, align)| align.set(&safe(cell))).collect();
        self.paint(shown.join("  ").trim_end(), tone);
        self.text.push('\n');
    }

    /// A text in lines that start at a column, those after the first at another.
    pub(crate) fn paragraph(&mut self, (first, others): (usize, usize), text: &str, tone: Tone) {
        let room = self.width - first.max(others);
        for (number, line) in wrapped(&safe(text), room).iter().enumerate() {
            self.text.push_str(&" ".repeat(if number == 0 { first } else { others }));
            self.paint(line, tone);
            self.text.push('\n');
        }
    }

    fn label(&mut self, label: &str) {
        self.text.push_str(&" ".repeat(LABEL.0));
        if label.is_empty() {
            self.text.push_str(&" ".repeat(LABEL.1));
        } else {
            self.paint(label, Tone::Faint);
            self.text.push_str(&" ".repeat(LABEL.1.saturating_sub(label.width()).max(1)));
        }
    }

    fn paint(&mut self, text: &str, tone: Tone) {
        if self.coloured && tone != Tone::Plain && !text.is_empty() {
            self.text.push_str(&format!("\u{1b}[{}m{text}\u{1b}[0m", tone.code()));
        } else {
            self.text.push_str(text);
        }
    }
}

/// How a cell stands in its columns.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Align {
    /// At their left.
    Left(usize),
    /// At their right.
    Right(usize),
}

impl Align {
    fn set(self, text: &str) -> String {
        let (Align::Left(columns) | Align::Right(columns)) = self;
        let cut = cut(text, columns);
        let fill = " ".repeat(columns - cut.width());
        match self {
            Align::Left(_) => cut + &fill,
            Align::Right(_) => fill + &cut,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_fill_their_columns() {
        assert_eq!(Align::Left(4).set("日") + "|", "日  |");
        assert_eq!(Align::Right(4).set("7"), "   7");
    }

    #[test]
    fn nothing_steers_the_terminal() {
        let hostile = "\u{1b}[2Ja\u{202e}b\r\n\u{9b}c".repeat(40);
        let mut page = Page::new(80, false);
        page.title(&hostile);
        page.entry("Notes", &hostile, Tone::Bad);
        page.cells("", &[(&hostile, Align::Left(20))], Tone::Warning);
        let text = page.into_text();
        assert!(text.chars().all(|char| char == '\n' || !char.is_control()), "{text:?}");
        assert!(!text.contains('\u{202e}'));
        assert!(text.lines().all(|line| line.width() <= 80), "{text}");
    }
}
