//! Numbers of some hosts, by which their rows are told apart.

use crate::names::Name;
use ringback_model::{DetectionRef, Map, Symbols};

/// The numbers of some hosts: each name is folded once.
#[derive(Debug)]
pub struct NumberedHosts<'s> {
    symbols: &'s Symbols,
    numbers: Map<&'s str, u32>,
    known: Map<Name, Option<u32>>,
}

impl<'s> NumberedHosts<'s> {
    /// Hosts by their names in lower case: each has the number of its place.
    pub fn new(names: &[&'s str], symbols: &'s Symbols) -> Self {
        NumberedHosts { symbols, numbers: names.iter().copied().zip(0..).collect(), known: Map::default() }
    }

    /// The number of a detection's host; none where it is not one of them.
    pub fn number(&mut self, row: DetectionRef<'_>) -> Option<u32> {
        if self.numbers.is_empty() {
            return None;
        }
        let NumberedHosts { symbols, numbers, known } = self;
        let name = Name::of_host(row);
        *known.entry(name).or_insert_with(|| numbers.get(name.text(symbols).to_lowercase().as_str()).copied())
    }
}
