//! Hearing what each value of a detection is taken from.

use crate::field::Field;
use crate::tables::Word;

/// What a value of a detection is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The cell of a field.
    Cell(Field),
    /// A column that tells by being there, by its number from 0.
    Column(usize),
    /// The rule's name.
    RuleName,
    /// That the row is of a list of command-and-control addresses.
    ListHit,
    /// The ports of both sides.
    Ports,
    /// What the layout says of all of its records.
    Layout,
    /// What the user said of logs that do not tell.
    Option,
    /// Nothing: the log does not say.
    Nothing,
}

impl Ground {
    /// The word that stands for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Ground::Cell(_) | Ground::Column(_) => "cell",
            Ground::RuleName => "rule-name",
            Ground::ListHit => "list-hit",
            Ground::Ports => "ports",
            Ground::Layout => "layout",
            Ground::Option => "option",
            Ground::Nothing => "nothing",
        }
    }
}

/// Hears what each value is taken from, at the place where that is decided. The hot path passes `()`, which hears nothing
/// and costs nothing; there is one code path.
pub(crate) trait Trace {
    /// A value was settled: its name on the wire, and what it is taken from.
    fn took(&mut self, what: &'static str, ground: Ground) {
        _ = (what, ground);
    }
}

impl Trace for () {}

/// The first of some values that says something.
pub(crate) fn first<V: Copy, const N: usize>(
    trace: &mut impl Trace,
    what: &'static str,
    values: [(Ground, Option<V>); N],
) -> Option<V> {
    let found = values.iter().find_map(|(ground, value)| value.map(|value| (*ground, value)));
    trace.took(what, found.map_or(Ground::Nothing, |(ground, _)| ground));
    found.map(|(_, value)| value)
}

/// The first of some words that says something, else the last.
pub(crate) fn first_word<'r, const N: usize>(
    trace: &mut impl Trace,
    what: &'static str,
    words: [(Ground, Word<'r>); N],
) -> Word<'r> {
    let found = words.iter().find(|(_, word)| !word.is_empty());
    trace.took(what, found.map_or(Ground::Nothing, |(ground, _)| *ground));
    found.or(words.last()).map_or(Word::Instead(""), |(_, word)| *word)
}
