//! A survey of a source: what stands in its columns, how it is quoted, how its lines end, how its times are written. It is
//! made where somebody wants to see what was recognised; reading for a report makes none.

use crate::dates::DateOrder;
use crate::events::{self, OnPair};
use crate::field::Field;
use crate::format::Format;
use crate::forms::Form;
use crate::interpret::Cells;
use crate::plan::Plan;
use crate::quotes::cells_by_quotes;
use crate::reader::time;
use crate::records::{LineEnd, Record};
use crate::written::{open_date, written};
use ringback_model::Place;
use std::collections::BTreeMap;

/// How many distinct values of a column that is not read are kept: those that come first in the source.
pub const SAMPLES: usize = 3;

/// The longest value that is kept, in characters; a longer one is cut and ends in `…`.
const LONGEST_SAMPLE: usize = 60;

/// How many keys that no layout reads are kept: the first in the order of the alphabet.
const MOST_KEYS: usize = 200;

/// How many forms of times are kept.
const MOST_FORMS: usize = 32;

/// Hears each record that is read. The hot path passes `()`, which hears nothing; there is one code path.
pub(crate) trait Watch {
    /// A record was read; `shaped` says whether it has the shape of a row.
    fn record(&mut self, plan: &Plan, record: &Record<'_>, place: Place, shaped: bool) {
        _ = (plan, record, place, shaped);
    }
}

impl Watch for () {}

/// What stands in a source. Merges in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// The columns of the plan, in its order.
    pub columns: Vec<ColumnSurvey>,
    /// The keys of records that no layout reads, in formats whose records have keys.
    pub unread: BTreeMap<String, ColumnSurvey>,
    /// Whether there are more of them than are kept.
    pub more_unread: bool,
    /// The cells by their quotes.
    pub quoting: Quoting,
    /// The ends of records' last lines.
    pub line_ends: LineEnds,
    /// How the times of rows are written.
    pub forms: BTreeMap<Form, FormSurvey>,
    /// The times in no form that is known.
    pub unknown_times: ColumnSurvey,
    /// Rows whose time names its own offset, or has it in another cell.
    pub with_offset: u64,
    /// The first date that proves an order of day and month, by the number of the reading.
    pub proofs: [Option<Place>; 2],
    /// Records by the layout that applies to them, in the plan's order.
    pub layouts: Vec<u64>,
}

/// What stands in a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnSurvey {
    /// Records of which the cell says something.
    pub filled: u64,
    /// The first distinct values with the bytes at which their records start. None of a column that is read.
    samples: Vec<(u64, String)>,
}

/// Cells of delimited text by their quotes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quoting {
    /// Cells in quotes.
    pub quoted: u64,
    /// Cells without quotes that hold something.
    pub bare: u64,
    /// Cells without quotes that hold nothing.
    pub empty: u64,
}

/// What ends the last lines of records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineEnds {
    /// Line feeds.
    pub lf: u64,
    /// Carriage returns with line feeds.
    pub crlf: u64,
    /// Carriage returns alone.
    pub cr: u64,
}

/// Times of one form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormSurvey {
    /// Rows.
    pub rows: u64,
    /// The first of them.
    pub first: Place,
}

impl ColumnSurvey {
    /// The first distinct values.
    pub fn samples(&self) -> impl Iterator<Item = &str> {
        self.samples.iter().map(|(_, value)| value.as_str())
    }

    fn see(&mut self, cell: &[u8], byte: u64, keep: bool) {
        let cell = cell.trim_ascii();
        if cell.is_empty() {
            return;
        }
        self.filled += 1;
        if keep && (self.samples.len() < SAMPLES || self.samples[SAMPLES - 1].0 > byte) {
            self.keep(byte, sample(cell));
        }
    }

    /// Keeps a value, if it is among the first.
    fn keep(&mut self, byte: u64, value: String) {
        match self.samples.iter().position(|(_, known)| *known == value) {
            Some(at) => self.samples[at].0 = self.samples[at].0.min(byte),
            None => self.samples.push((byte, value)),
        }
        self.samples.sort_unstable();
        self.samples.truncate(SAMPLES);
    }

    fn merge(&mut self, other: ColumnSurvey) {
        self.filled += other.filled;
        for (byte, value) in other.samples {
            self.keep(byte, value);
        }
    }
}

/// A value, cut in whole characters.
fn sample(cell: &[u8]) -> String {
    let text = String::from_utf8_lossy(&cell[..cell.len().min(8 * LONGEST_SAMPLE)]);
    match text.char_indices().nth(LONGEST_SAMPLE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}

impl Survey {
    /// Adds what another split of the same source holds.
    pub fn merge(&mut self, other: Survey) {
        grow(&mut self.columns, other.columns.len());
        for (mine, theirs) in self.columns.iter_mut().zip(other.columns) {
            mine.merge(theirs);
        }
        for (key, column) in other.unread {
            self.unread.entry(key).or_default().merge(column);
        }
        self.more_unread |= other.more_unread;
        for (form, theirs) in other.forms {
            self.form(form, theirs);
        }
        self.cap();
        grow(&mut self.layouts, other.layouts.len());
        for (mine, theirs) in self.layouts.iter_mut().zip(other.layouts) {
            *mine += theirs;
        }
        for (mine, theirs) in self.proofs.iter_mut().zip(other.proofs) {
            *mine = mine.iter().copied().chain(theirs).min();
        }
        self.quoting.quoted += other.quoting.quoted;
        self.quoting.bare += other.quoting.bare;
        self.quoting.empty += other.quoting.empty;
        self.line_ends.lf += other.line_ends.lf;
        self.line_ends.crlf += other.line_ends.crlf;
        self.line_ends.cr += other.line_ends.cr;
        self.unknown_times.merge(other.unknown_times);
        self.with_offset += other.with_offset;
    }

    /// Makes places absolute; `change` must keep their order.
    pub fn place(&mut self, mut change: impl FnMut(&mut Place)) {
        self.forms.values_mut().for_each(|form| change(&mut form.first));
        self.proofs.iter_mut().flatten().for_each(change);
    }

    fn form(&mut self, form: Form, seen: FormSurvey) {
        let mine = self.forms.entry(form).or_insert(FormSurvey { rows: 0, first: seen.first });
        mine.rows += seen.rows;
        mine.first = mine.first.min(seen.first);
    }

    /// Leaves out what is more than is kept; what stays is the same whichever way splits are merged.
    fn cap(&mut self) {
        while self.unread.len() > MOST_KEYS {
            self.unread.pop_last();
            self.more_unread = true;
        }
        while self.forms.len() > MOST_FORMS {
            self.forms.pop_last();
        }
    }

    fn line_end(&mut self, end: LineEnd) {
        match end {
            LineEnd::None => {}
            LineEnd::Lf => self.line_ends.lf += 1,
            LineEnd::CrLf => self.line_ends.crlf += 1,
            LineEnd::Cr => self.line_ends.cr += 1,
        }
    }

    fn quotes(&mut self, plan: &Plan, record: &Record<'_>) {
        if plan.format() == Format::Delimited && plan.dialect.quoting && !record.too_long {
            let [quoted, bare, empty] = cells_by_quotes(record.raw, plan.dialect.delimiter);
            self.quoting.quoted += quoted;
            self.quoting.bare += bare;
            self.quoting.empty += empty;
        }
    }

    fn cells(&mut self, plan: &Plan, record: &Record<'_>, byte: u64) {
        grow(&mut self.columns, plan.headings.len());
        for ((number, column), (_, field)) in self.columns.iter_mut().enumerate().zip(plan.headings()) {
            column.see(record.get(number), byte, field.is_none());
        }
        let labelled = if plan.format() == Format::Cef { labelled(record.raw) } else { Vec::new() };
        let unread = &mut self.unread;
        pairs(plan.format(), record.raw, &mut |key, value| {
            if plan.keys.find(key).is_none() && !labelled.iter().any(|other| other == key) {
                unread.entry(sample(key.trim_ascii())).or_default().see(value, byte, true);
            }
        });
        self.cap();
    }

    fn times(&mut self, plan: &Plan, record: &Record<'_>, place: Place) {
        let Some(at) = plan.bound_of(record) else { return };
        grow(&mut self.layouts, plan.bounds.len());
        self.layouts[at] += 1;
        let bound = &plan.bounds[at];
        if bound.column(Field::Time).is_none() && bound.column(Field::TimeUtc).is_none() {
            return;
        }
        let (bytes, beside) = time(Cells { plan, bound, record });
        let cell = std::str::from_utf8(bytes.trim_ascii()).unwrap_or_default();
        let form = Form::of(cell, bound.layout.epoch);
        let logged = beside.is_some() || written(cell).is_some_and(|read| read.offset.is_some());
        self.with_offset += u64::from(form.is_read() && (logged || matches!(form, Form::Since1970(_))));
        if form == Form::Unknown {
            self.unknown_times.see(bytes, place.byte, true);
        }
        self.form(form, FormSurvey { rows: 1, first: place });
        self.cap();
        let Some((first, second)) = open_date(cell).filter(|_| bound.layout.date_order.is_none()) else {
            return;
        };
        let proof = match (first > 12, second > 12) {
            (true, false) => DateOrder::DayFirst,
            (false, true) => DateOrder::MonthFirst,
            _ => return,
        };
        let known = &mut self.proofs[proof as usize];
        *known = Some(known.map_or(place, |known| known.min(place)));
    }
}

impl Watch for Survey {
    fn record(&mut self, plan: &Plan, record: &Record<'_>, place: Place, shaped: bool) {
        self.line_end(record.end);
        self.quotes(plan, record);
        if shaped {
            self.cells(plan, record, place.byte);
            self.times(plan, record, place);
        }
    }
}

/// The keys and values of a record that has keys.
fn pairs(format: Format, record: &[u8], on: &mut OnPair<'_>) {
    _ = match format {
        Format::Delimited => None,
        Format::Cef => events::cef(record, on),
        Format::Leef => events::leef(record, on),
        Format::Json => events::json(record, on),
        Format::Positions => events::positions(record, on),
        Format::Mail => {
            record.split(|byte| *byte == b'\n').for_each(|line| _ = events::mail(line, on));
            None
        }
    };
}

/// The keys of a CEF event that are told by their label, and those of the labels.
fn labelled(record: &[u8]) -> Vec<Vec<u8>> {
    let mut keys = Vec::new();
    events::cef(record, &mut |key, _| {
        if let Some(labelled) = key.strip_suffix(b"Label") {
            keys.extend([labelled.to_vec(), key.to_vec()]);
        }
    });
    keys
}

fn grow<T: Clone + Default>(list: &mut Vec<T>, length: usize) {
    if list.len() < length {
        list.resize(length, T::default());
    }
}
