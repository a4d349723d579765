//! What one column seems to hold, by its name and by its cells.

use super::names::by_name;
use super::sample::Sample;
use super::spelled::{Known, is_rule_name};
use crate::address;
use crate::field::Field;
use crate::layout::{Layout, fold};
use crate::written::written;
use std::collections::BTreeSet;

/// A column with more different cells than this is none of a few words.
const FEW: usize = 24;

/// Why a column is taken for a field, the better reason first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    /// Its name says so.
    Name,
    /// It has the heading of a layout that is carried.
    Known,
    /// Its cells look like it.
    Cells,
}

impl Why {
    /// For people, after "guess: ".
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Why::Name => "by its name",
            Why::Known => "another console calls it so",
            Why::Cells => "by its cells",
        }
    }
}

/// The cells of a column, counted by what they look like.
#[derive(Debug, Default)]
pub(super) struct Looks {
    pub(super) cells: usize,
    pub(super) addresses: usize,
    /// Addresses of ranges that are private.
    pub(super) private: usize,
    /// URLs and host names with a dot.
    names: usize,
    dates: usize,
    pub(super) epochs: usize,
    ports: usize,
    pub(super) numbers: usize,
    rules: usize,
    directions: usize,
    messages: usize,
    results: usize,
    /// Cells that suggest a result, though no known word does.
    actions: usize,
    lists: usize,
    /// How many different cells there are, as far as they matter.
    pub(super) distinct: usize,
}

impl Looks {
    pub(super) fn of(sample: &Sample, column: usize, known: &Known) -> Self {
        let mut looks = Looks::default();
        let mut distinct = BTreeSet::new();
        for cell in sample.cells(column) {
            looks.see(cell, known);
            if distinct.len() <= FEW {
                distinct.insert(fold(cell));
            }
        }
        looks.distinct = distinct.len();
        looks
    }

    fn see(&mut self, cell: &str, known: &Known) {
        let read = address::read(cell);
        let ip = read.filter(|read| read.name.is_empty()).and_then(|read| read.ip);
        let named = read.is_some_and(|read| {
            read.name.contains("://") || (read.name.contains('.') && read.name.contains(char::is_alphabetic))
        });
        let digits = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
        self.cells += 1;
        self.addresses += usize::from(ip.is_some());
        self.private += usize::from(ip.is_some_and(is_private));
        self.names += usize::from(named);
        self.dates += usize::from(written(cell).is_some());
        self.epochs += usize::from(is_epoch(cell));
        self.ports += usize::from(digits && cell.parse::<u16>().is_ok());
        self.numbers += usize::from(digits);
        self.rules += usize::from(is_rule_name(cell));
        self.directions += usize::from(known.any("direction", cell).is_some());
        self.messages += usize::from(known.any("message", cell).is_some() && !cell.contains(' '));
        self.results += usize::from(known.word("result", cell).is_some());
        self.actions += usize::from(known.any("result", cell).is_some());
        self.lists += usize::from(known.word("list", cell).is_some());
    }

    /// Whether most of the cells are of a kind; so are those of a column that says nothing.
    fn mostly(&self, count: usize) -> bool {
        count * 5 >= self.cells * 3
    }

    /// The same, with cells that show it.
    fn clearly(&self, count: usize) -> bool {
        count > 0 && count * 5 >= self.cells * 4
    }

    /// Whether all of the cells are numbers: what they mean, no name tells.
    pub(super) fn are_codes(&self) -> bool {
        self.cells > 0 && self.numbers == self.cells
    }

    /// What of a field that the name suggests, the cells let stand.
    fn allows(&self, field: Field) -> Option<Field> {
        let few = self.distinct <= FEW && !self.clearly(self.addresses) && !self.clearly(self.dates);
        let text = !self.clearly(self.dates) && !self.clearly(self.epochs);
        let allowed = match field {
            Field::Source | Field::Destination | Field::Local => {
                self.addresses > 0 && self.mostly(self.addresses)
            }
            Field::Remote => self.cells > 0 && self.mostly(self.addresses + self.names),
            Field::Time | Field::TimeUtc | Field::Received => self.mostly(self.dates + self.epochs),
            Field::LocalPort
            | Field::RemotePort
            | Field::SourcePort
            | Field::DestinationPort
            | Field::Port => self.mostly(self.ports),
            Field::Occurrences => self.mostly(self.numbers),
            Field::Direction | Field::Message => return self.flow(field),
            Field::List | Field::ListOrRule => return self.list(field),
            Field::Result | Field::Risk | Field::Category => few,
            Field::Protocol => text,
            _ => text && !self.are_codes(),
        };
        allowed.then_some(field)
    }

    /// Direction or message, as the cells say.
    fn flow(&self, named: Field) -> Option<Field> {
        if self.cells == 0 || self.are_codes() {
            return Some(named).filter(|field| *field == Field::Direction && self.distinct <= FEW);
        }
        if self.mostly(self.directions) {
            return Some(Field::Direction);
        }
        self.mostly(self.messages).then_some(Field::Message)
    }

    /// A list, or a list or a rule, as the cells say.
    fn list(&self, named: Field) -> Option<Field> {
        match (self.lists, self.rules) {
            (0, 0) if self.cells == 0 => Some(named),
            (0, 0) => None,
            (_, 0) => Some(Field::List),
            _ => Some(Field::ListOrRule),
        }
    }

    /// What the cells alone suggest. Sides of a connection are told by comparing columns, and not here.
    fn alone(&self) -> Option<Field> {
        if self.clearly(self.directions) && self.distinct <= FEW {
            Some(Field::Direction)
        } else if self.clearly(self.messages) && self.distinct <= FEW {
            Some(Field::Message)
        } else if self.clearly(self.results) && self.distinct <= FEW {
            Some(Field::Result)
        } else if self.rules * 3 >= self.cells && self.rules > 0 {
            Some(if self.lists > 0 { Field::ListOrRule } else { Field::Rule })
        } else if self.clearly(self.lists) {
            Some(Field::List)
        } else if self.clearly(self.dates + self.epochs) {
            Some(Field::Time)
        } else {
            None
        }
    }

    /// How many cells speak for a field, where several columns have a name for it.
    pub(super) fn speak_for(&self, field: Field) -> usize {
        match field {
            Field::Rule => self.rules,
            Field::Result => self.actions,
            _ => 0,
        }
    }

    /// Whether the cells are addresses.
    pub(super) fn are_addresses(&self) -> bool {
        self.clearly(self.addresses)
    }

    /// Whether the cells are URLs or host names.
    pub(super) fn are_names(&self) -> bool {
        self.clearly(self.names)
    }
}

/// What a column seems to hold, and why.
pub(super) fn guess(heading: &str, looks: &Looks, layouts: &[&Layout]) -> Option<(Field, Why)> {
    let named = by_name(heading).find_map(|field| looks.allows(field)).map(|field| (field, Why::Name));
    let known = || {
        let field = layouts.iter().find_map(|layout| layout.field(heading))?;
        Some((looks.allows(field)?, Why::Known))
    };
    named.or_else(known).or_else(|| Some((looks.alone()?, Why::Cells)))
}

fn is_private(ip: std::net::IpAddr) -> bool {
    match ip {
        std::net::IpAddr::V4(ip) => ip.is_private(),
        std::net::IpAddr::V6(ip) => ip.is_unique_local(),
    }
}

/// Whether a cell is a number since 1970, of seconds, milliseconds or microseconds, of our days.
fn is_epoch(cell: &str) -> bool {
    let whole = cell.split_once('.').map_or(cell, |(whole, _)| whole);
    let digits = cell.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    digits && matches!(whole.len(), 10 | 13 | 16) && whole.starts_with('1')
}
