//! Symbols for text that repeats: a case holds each name, rule and path once.

use hashbrown::HashTable;
use std::hash::{BuildHasher, Hasher};

/// A symbol: the number of a text in a [`Symbols`] table. The default symbol is the empty text in every table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sym(u32);

impl Sym {
    /// The empty text.
    pub const EMPTY: Sym = Sym(0);

    /// Whether this is the empty text.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The number, below the length of its table: for what is kept beside the table.
    pub const fn number(self) -> usize {
        self.0 as usize
    }
}

/// An append-only table of distinct texts.
///
/// The order of symbols is the order of first use, so it differs between runs with other numbers of threads: artefacts
/// are never ordered by symbol.
#[derive(Clone, Debug)]
pub struct Symbols {
    bytes: String,
    ends: Vec<u32>,
    index: HashTable<u32>,
    hasher: hashbrown::DefaultHashBuilder,
}

impl Default for Symbols {
    fn default() -> Self {
        let mut symbols = Symbols {
            bytes: String::new(),
            ends: Vec::new(),
            index: HashTable::new(),
            hasher: hashbrown::DefaultHashBuilder::default(),
        };
        symbols.intern("");
        symbols
    }
}

impl Symbols {
    /// A table that holds the empty text only.
    pub fn new() -> Self {
        Self::default()
    }

    /// The symbol of a text, entered into the table if it is new.
    pub fn intern(&mut self, text: &str) -> Sym {
        if text.is_empty() && !self.is_empty() {
            return Sym::EMPTY;
        }
        let Symbols { bytes, ends, index, hasher } = self;
        let hash = hash(hasher, text.as_bytes());
        if let Some(&found) = index.find(hash, |&n| slice(bytes.as_bytes(), ends, n) == text.as_bytes()) {
            return Sym(found);
        }
        let next = u32::try_from(ends.len()).expect("fewer than 2^32 distinct texts fit a case");
        index.insert_unique(hash, next, |&n| self::hash(hasher, slice(bytes.as_bytes(), ends, n)));
        bytes.push_str(text);
        ends.push(u32::try_from(bytes.len()).expect("distinct texts of a case stay under 4 GiB"));
        Sym(next)
    }

    /// The text of a symbol of this table.
    pub fn text(&self, sym: Sym) -> &str {
        &self.bytes[place(&self.ends, sym.0)]
    }

    /// The bytes of a symbol's text.
    #[inline]
    pub fn bytes(&self, sym: Sym) -> &[u8] {
        slice(self.bytes.as_bytes(), &self.ends, sym.0)
    }

    /// The symbol of a text, if the table has it. Bytes that are no text are never found.
    #[inline]
    pub fn find(&self, text: impl AsRef<[u8]>) -> Option<Sym> {
        let text = text.as_ref();
        let same = |&n: &u32| slice(self.bytes.as_bytes(), &self.ends, n) == text;
        self.index.find(hash(&self.hasher, text), same).map(|&n| Sym(n))
    }

    /// All texts, in the order of their numbers.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|n| self.text(Sym(to_u32(n))))
    }

    /// How many distinct texts there are, the empty one included.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Never true: the empty text is always there.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Enters all texts of another table; the result turns that table's symbols into this one's.
    pub fn absorb(&mut self, other: &Symbols) -> Remap {
        let mut remap = Remap::default();
        self.absorb_more(other, &mut remap);
        remap
    }

    /// Enters the texts that another table got since `remap` was made of it.
    pub fn absorb_more(&mut self, other: &Symbols, remap: &mut Remap) {
        let new = remap.0.len()..other.ends.len();
        remap.0.extend(new.map(|n| self.intern(other.text(Sym(to_u32(n))))));
    }
}

fn to_u32(n: usize) -> u32 {
    u32::try_from(n).expect("symbol numbers are u32")
}

/// The hash of a text. Texts are compared as a whole, so that they need no mark at their end.
#[inline]
fn hash(hasher: &hashbrown::DefaultHashBuilder, text: &[u8]) -> u64 {
    let mut hasher = hasher.build_hasher();
    hasher.write(text);
    hasher.finish()
}

/// Where the text of that number stands among all.
#[inline]
fn place(ends: &[u32], n: u32) -> std::ops::Range<usize> {
    let n = n as usize;
    let start = if n == 0 { 0 } else { ends[n - 1] as usize };
    start..ends[n] as usize
}

#[inline]
fn slice<'a>(bytes: &'a [u8], ends: &[u32], n: u32) -> &'a [u8] {
    &bytes[place(ends, n)]
}

/// How the symbols of one table are written in another.
#[derive(Clone, Debug, Default)]
pub struct Remap(Vec<Sym>);

impl Remap {
    /// How many of the other table's symbols it knows: the first.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The other table's symbol for the same text.
    pub fn apply(&self, sym: Sym) -> Sym {
        self.0[sym.0 as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_symbol_and_comes_back() {
        let mut symbols = Symbols::new();
        let words = ["DB01", "", "WEB01", "DB01", "ünïcode", "db01"];
        let syms: Vec<Sym> = words.iter().map(|w| symbols.intern(w)).collect();
        assert_eq!(syms[0], syms[3]);
        assert_ne!(syms[0], syms[5]);
        assert!(syms[1].is_empty());
        for (word, sym) in words.iter().zip(&syms) {
            assert_eq!(symbols.text(*sym), *word);
            assert_eq!(symbols.find(word), Some(*sym));
        }
        assert_eq!(symbols.find("absent"), None);
        assert_eq!(symbols.len(), 5);
    }

    #[test]
    fn absorbing_keeps_every_text() {
        let (mut a, mut b) = (Symbols::new(), Symbols::new());
        a.intern("x");
        let (y, x) = (b.intern("y"), b.intern("x"));
        let remap = a.absorb(&b);
        assert_eq!(a.text(remap.apply(y)), "y");
        assert_eq!(a.text(remap.apply(x)), "x");
        assert_eq!(a.text(remap.apply(Sym::EMPTY)), "");
        assert_eq!(a.len(), 3);
    }
}
