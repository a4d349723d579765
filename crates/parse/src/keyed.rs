//! Records whose cells are found by keys of their own: events, objects, agents' lines, mails.

use crate::chunks::{Chunks, Unit};
use crate::events::{self, OnPair};
use crate::format::Format;
use crate::layout::fold;
use crate::records::{LineEnd, Places, Record, Span};
use ringback_model::Map;
use std::io::{self, Read};

/// How many spellings of keys are remembered.
const REMEMBERED: usize = 4096;

/// The keys that layouts ask for; each has a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keys {
    names: Vec<String>,
    columns: Map<String, usize>,
}

impl Keys {
    /// The column of a key, which is added where it is new.
    pub(crate) fn column(&mut self, key: &str) -> usize {
        let next = self.names.len();
        let column = *self.columns.entry(fold(key)).or_insert(next);
        if column == next {
            self.names.push(key.to_owned());
        }
        column
    }

    /// The keys in the order of their columns.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The column of a key that layouts ask for.
    pub(crate) fn find(&self, key: &[u8]) -> Option<usize> {
        self.columns.get(&fold(std::str::from_utf8(key).ok()?)).copied()
    }
}

/// Reads records from bytes.
pub(crate) struct KeyedRecords<'k, R> {
    chunks: Chunks<R>,
    format: Format,
    row: Cells<'k>,
    mail: Block,
    count: usize,
}

/// The cells of the record at hand.
struct Cells<'k> {
    keys: &'k Keys,
    /// The spellings of keys that were met, each with its column, and their numbers.
    met: Vec<(Box<[u8]>, Option<usize>)>,
    numbers: Map<Box<[u8]>, usize>,
    /// The numbers of the keys of the record before, in their order: most records have the same ones.
    before: Vec<usize>,
    /// How many keys the record at hand had so far.
    at: usize,
    /// What was read, in the order of reading.
    text: Vec<u8>,
    /// Where in it each column's cell stands.
    spans: Vec<Span>,
}

/// A record of a mail, put together from its lines.
struct Block {
    raw: Vec<u8>,
    byte: u64,
    line: u64,
    end: LineEnd,
    /// The first line of the next record.
    next: Option<(Vec<u8>, u64, u64)>,
}

impl<'k, R: Read> KeyedRecords<'k, R> {
    pub(crate) fn new(input: R, format: Format, keys: &'k Keys) -> Self {
        let unit = if format == Format::Json { Unit::Object } else { Unit::Line };
        KeyedRecords {
            chunks: Chunks::new(input, unit),
            format,
            row: Cells::new(keys),
            mail: Block { raw: Vec::new(), byte: 0, line: 0, end: LineEnd::None, next: None },
            count: 0,
        }
    }

    /// Bytes consumed so far.
    pub(crate) fn position(&self) -> u64 {
        self.chunks.position()
    }

    /// Line ends consumed so far.
    pub(crate) fn lines(&self) -> u64 {
        self.chunks.lines()
    }

    /// The next record.
    ///
    /// # Errors
    /// What the input says.
    pub(crate) fn next(&mut self) -> io::Result<Option<Record<'_>>> {
        self.count += 1;
        self.row.clear();
        if self.format == Format::Mail {
            return self.next_of_mail();
        }
        let Some(chunk) = self.chunks.next()? else { return Ok(None) };
        let read = match self.format {
            Format::Cef => events::cef,
            Format::Leef => events::leef,
            Format::Json => events::json,
            Format::Positions | Format::Delimited | Format::Mail => events::positions,
        };
        let cells = &mut self.row;
        let whole =
            !chunk.too_long && read(chunk.raw, &mut |key, value| _ = cells.take(key, value)).is_some();
        Ok(Some(Record {
            raw: chunk.raw,
            places: Places::Apart { bytes: &cells.text, cells: &cells.spans },
            byte: chunk.byte,
            line: chunk.line,
            too_long: chunk.too_long,
            unterminated: chunk.unterminated,
            unclosed: chunk.unterminated,
            broken: !whole,
            end: chunk.end,
        }))
    }

    /// The next record of a mail: it ends where a name that it already has comes again.
    fn next_of_mail(&mut self) -> io::Result<Option<Record<'_>>> {
        let block = &mut self.mail;
        block.raw.clear();
        let mut started = false;
        if let Some((line, byte, number)) = block.next.take() {
            let cells = &mut self.row;
            events::mail(&line, &mut |key, value| _ = cells.take(key, value));
            (block.raw, block.byte, block.line, started) = (line, byte, number, true);
        }
        while let Some(chunk) = self.chunks.next()? {
            let mut taken = Taken::Unknown;
            let cells = &mut self.row;
            let on: &mut OnPair<'_> = &mut |key, value| taken = cells.take(key, value);
            events::mail(chunk.raw, on);
            block.end = chunk.end;
            match taken {
                Taken::Unknown if !started => continue,
                Taken::Again => {
                    block.next = Some((chunk.raw.to_vec(), chunk.byte, chunk.line));
                    break;
                }
                Taken::New if !started => {
                    (block.byte, block.line, started) = (chunk.byte, chunk.line, true);
                }
                Taken::New | Taken::Unknown => block.raw.push(b'\n'),
            }
            block.raw.extend_from_slice(chunk.raw);
        }
        if !started {
            return Ok(None);
        }
        Ok(Some(Record {
            raw: &self.mail.raw,
            places: Places::Apart { bytes: &self.row.text, cells: &self.row.spans },
            byte: self.mail.byte,
            line: self.mail.line,
            too_long: self.mail.raw.len() > crate::records::LONGEST_RECORD,
            unterminated: false,
            unclosed: false,
            broken: false,
            end: self.mail.end,
        }))
    }
}

/// What became of a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// No layout asks for it.
    Unknown,
    /// It is the first of its name in the record.
    New,
    /// The record has one of this name.
    Again,
}

impl<'k> Cells<'k> {
    fn new(keys: &'k Keys) -> Self {
        Cells {
            keys,
            met: Vec::new(),
            numbers: Map::default(),
            before: Vec::new(),
            at: 0,
            text: Vec::new(),
            spans: Vec::new(),
        }
    }

    fn clear(&mut self) {
        self.at = 0;
        self.text.clear();
        self.spans.clear();
        self.spans.resize(self.keys.names.len(), Span::NONE);
    }

    /// Keeps a value for its column; the first one that says something stays.
    fn take(&mut self, key: &[u8], value: &[u8]) -> Taken {
        let Some(column) = self.column(key) else { return Taken::Unknown };
        let before = self.spans[column];
        if before != Span::NONE && !before.range().is_empty() {
            return Taken::Again;
        }
        let start = self.text.len();
        self.text.extend_from_slice(value);
        self.spans[column] = Span::new(start, self.text.len());
        if before == Span::NONE { Taken::New } else { Taken::Again }
    }

    /// The column of the record's next key.
    #[inline]
    fn column(&mut self, key: &[u8]) -> Option<usize> {
        let at = self.at;
        self.at += 1;
        match self.before.get(at).map(|number| &self.met[*number]) {
            Some((same, column)) if **same == *key => *column,
            _ => self.other_column(key, at),
        }
    }

    /// The same of a key that the record before did not have in that place.
    fn other_column(&mut self, key: &[u8], at: usize) -> Option<usize> {
        let number = match self.numbers.get(key) {
            Some(number) => *number,
            None if self.met.len() < REMEMBERED => self.meet(key),
            None => return self.keys.find(key),
        };
        if at < self.before.len() {
            self.before[at] = number;
        } else if at == self.before.len() {
            self.before.push(number);
        }
        self.met[number].1
    }

    fn meet(&mut self, key: &[u8]) -> usize {
        let number = self.met.len();
        self.met.push((key.into(), self.keys.find(key)));
        self.numbers.insert(key.into(), number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(format: Format, keys: &[&str], text: &str) -> Vec<(String, u64, bool)> {
        let mut known = Keys::default();
        for key in keys {
            known.column(key);
        }
        let mut records = KeyedRecords::new(text.as_bytes(), format, &known);
        let mut all = Vec::new();
        while let Some(record) = records.next().unwrap() {
            let cells: Vec<String> =
                record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
            all.push((cells.join("|"), record.line, record.broken));
        }
        all
    }

    #[test]
    fn cells_stand_in_the_order_of_the_keys() {
        let text = "{\"b\":1,\"a\":{\"c\":\"x\"}}\nnoise\n{\"A\":{\"C\":\"y\"}}";
        let expected = [("x|1", 1, false), ("|", 2, true), ("y|", 3, false)];
        assert_eq!(
            rows(Format::Json, &["a.c", "b"], text),
            expected.map(|(cells, line, broken)| (cells.to_owned(), line, broken))
        );
    }

    #[test]
    fn keys_are_known_in_any_order() {
        let lines = ["a=1 b=2 x=0", "b=3 a=4", "x=0 a=5 c=6 b=7", "a=8", "", "a=9 b=10 x=0"];
        let text: String = lines.map(|line| format!("CEF:0|V|P|1|7|N|3|{line}\n")).concat();
        let cells: Vec<String> =
            rows(Format::Cef, &["a", "b", "c"], &text).into_iter().map(|(cells, ..)| cells).collect();
        assert_eq!(cells, ["1|2|", "4|3|", "5|7|6", "8||", "||", "9|10|"]);
    }

    #[test]
    fn a_mail_may_hold_several_notifications() {
        let text = "Dear all,\nwe saw:\n\nHost: A\nIP: 1\nNote: x\n\nHost: B\nIP:\n\nbye";
        let expected = [("A|1", 4, false), ("B|", 8, false)];
        assert_eq!(
            rows(Format::Mail, &["Host", "IP"], text),
            expected.map(|(cells, line, broken)| (cells.to_owned(), line, broken))
        );
        assert!(rows(Format::Mail, &["Host"], "no such thing").is_empty());
    }
}
