//! The cells of some fingerprints as bytes: a quarter of a shard, of all groups of a part.
//!
//! ```text
//! texts: number, each with its length · groups: number, for each its cells: number, in the order of their keys
//! cell:  fingerprint (16) · segment · detection · what was counted · rows that are left: runs
//! ```
//! Each such section has the texts of its own cells, once, so that pieces can be merged one after the other: whoever merges
//! parts holds one piece of them at a time.

use super::import::Import;
use super::wire::{PartError, WireReader, WireWriter};
use super::{detections, figures};
use crate::counts::{Key, SHARDS};
use crate::hot::Hot;
use crate::part::Run;
use crate::shard::Shard;
use crate::{Duplicates, Uniting};
use ringback_model::{Fingerprint, Remap, Segment, Sym, Symbols};
use std::ops::Range;

/// How many pieces a shard is written in: a power of two.
const OF_SHARD: usize = 4;

/// The cells of some fingerprints, of several groups of counts.
#[derive(Clone, Debug, Default)]
pub struct Piece {
    symbols: Symbols,
    groups: Vec<Shard>,
}

impl Piece {
    /// How many pieces counts are written in: fewer and larger ones would need more memory where many parts are merged.
    pub const NUMBER: usize = SHARDS * OF_SHARD;

    /// The numbers of the pieces that a shard is written in.
    pub fn of_shard(shard: usize) -> Range<usize> {
        shard * OF_SHARD..(shard + 1) * OF_SHARD
    }

    /// Adds what a section holds, as an import says.
    ///
    /// # Errors
    /// The bytes are something else. What was added before that stays.
    pub fn read(&mut self, bytes: &[u8], import: &Import) -> Result<(), PartError> {
        let mut input = WireReader::new(bytes);
        let mut texts = vec![Sym::EMPTY];
        for _ in 0..input.count()? {
            texts.push(self.symbols.intern(input.text()?));
        }
        if self.groups.len() < import.targets() {
            self.groups.resize_with(import.targets(), Shard::default);
        }
        if input.count()? != import.groups().len() {
            return Err(PartError::Damaged("a group is missing"));
        }
        let mut none = Shard::default();
        for group in import.groups() {
            let shard = match group {
                Some(number) => &mut self.groups[*number],
                None => &mut none,
            };
            for _ in 0..input.count()? {
                read_cell(&mut input, shard, &texts, import)?;
            }
            // What is dropped takes no room.
            none = Shard::default();
        }
        input.end()
    }

    /// Writes the shards of one number of some groups, each beside the table of its symbols, as their pieces.
    pub fn write(groups: &mut [(&Symbols, &mut Shard)]) -> Vec<Vec<u8>> {
        let ordered: Vec<Vec<usize>> = groups.iter_mut().map(|(_, shard)| shard.in_order()).collect();
        let piece = |number: usize| {
            let cells: Vec<&[usize]> = groups
                .iter()
                .zip(&ordered)
                .map(|((_, shard), cells)| shard.of_piece(cells, number))
                .collect();
            section(groups, &cells)
        };
        (0..OF_SHARD).map(piece).collect()
    }

    /// Writes what it holds, in so many groups, as one piece.
    pub fn write_all(&mut self, groups: usize) -> Vec<u8> {
        self.groups.resize_with(groups.max(self.groups.len()), Shard::default);
        let symbols = &self.symbols;
        let mut groups: Vec<(&Symbols, &mut Shard)> =
            self.groups.iter_mut().map(|shard| (symbols, shard)).collect();
        let ordered: Vec<Vec<usize>> = groups.iter_mut().map(|(_, shard)| shard.in_order()).collect();
        let cells: Vec<&[usize]> = ordered.iter().map(Vec::as_slice).collect();
        section(&groups, &cells)
    }

    /// Counts the rows of its first group that were left, each once; gives the duplicates.
    pub fn unite(&mut self, uniting: Uniting<'_>) -> Duplicates {
        self.groups.first_mut().map_or_else(Duplicates::new, |shard| shard.unite(uniting))
    }

    /// The first of its groups, with the table of its symbols.
    pub fn into_first(mut self) -> (Shard, Symbols) {
        let first = if self.groups.is_empty() { Shard::default() } else { self.groups.swap_remove(0) };
        (first, self.symbols)
    }
}

/// Writes some cells of each of some shards.
fn section(groups: &[(&Symbols, &mut Shard)], cells: &[&[usize]]) -> Vec<u8> {
    let (texts, tables) = used(groups, cells);
    let mut out = WireWriter::new();
    out.count(texts.len());
    for text in &texts {
        out.text(text);
    }
    out.count(groups.len());
    for (((_, shard), cells), table) in groups.iter().zip(cells).zip(&tables) {
        let number = |sym: Sym| table[sym.number()];
        out.count(cells.len());
        for cell in *cells {
            write_cell(&mut out, shard, *cell, &number);
        }
    }
    out.into_bytes()
}

/// The distinct texts of some cells in order, and for each shard the numbers of its symbols: 0 is the empty text.
fn used<'s>(groups: &[(&'s Symbols, &mut Shard)], cells: &[&[usize]]) -> (Vec<&'s str>, Vec<Vec<u32>>) {
    let mut texts: Vec<&str> = Vec::new();
    let mut seen: Vec<Vec<bool>> = Vec::new();
    for ((symbols, shard), cells) in groups.iter().zip(cells) {
        let mut met = vec![false; symbols.len()];
        for cell in *cells {
            let detection = &shard.whose[*cell].1;
            let all = detections::texts(detection).into_iter().chain(detections::names(detection));
            for sym in all.filter(|sym| !sym.is_empty()) {
                if !std::mem::replace(&mut met[sym.number()], true) {
                    texts.push(symbols.text(sym));
                }
            }
        }
        seen.push(met);
    }
    texts.sort_unstable();
    texts.dedup();
    let number = |text: &str| texts.binary_search(&text).map_or(0, |at| at + 1);
    let table = |((symbols, _), met): (&(&Symbols, &mut Shard), Vec<bool>)| {
        let numbers = symbols.all().zip(met).map(|(text, met)| if met { number(text) } else { 0 });
        numbers.map(|number| u32::try_from(number).unwrap_or_default()).collect()
    };
    let tables = groups.iter().zip(seen).map(table).collect();
    (texts, tables)
}

fn write_cell(out: &mut WireWriter, shard: &Shard, cell: usize, number: &dyn Fn(Sym) -> u32) {
    let (Key { fingerprint, segment }, detection) = &shard.whose[cell];
    out.wide(fingerprint.0);
    out.number((*segment).into());
    detections::write(out, detection, number);
    figures::write(out, &shard.cold[cell]);
    let runs = shard.left.get(cell).map_or(&[][..], Vec::as_slice);
    out.count(runs.len());
    for run in runs {
        run.write(out);
    }
}

fn read_cell(
    input: &mut WireReader<'_>,
    shard: &mut Shard,
    texts: &[Sym],
    import: &Import,
) -> Result<(), PartError> {
    let fingerprint = Fingerprint(input.wide()?);
    let segment = Segment::try_from(input.below(import.segments().into())?).unwrap_or_default();
    let detection = detections::read(input, texts)?;
    let counted = figures::read(input, import)?;
    let runs = input.list(|input| Run::read(input, import))?;
    if counted.is_none() && runs.is_empty() {
        return Err(PartError::Damaged("a detection has no rows"));
    }
    let cell = shard.cell(Key { fingerprint, segment }, || detection);
    if let Some(cold) = counted {
        shard.hot[cell].merge(&mut shard.cold[cell], Hot::default(), cold);
    }
    for run in runs {
        shard.leave(cell, run);
    }
    Ok(())
}

impl Shard {
    /// The numbers of its cells in the order of their keys, with nothing left to be counted but what parts left.
    fn in_order(&mut self) -> Vec<usize> {
        for number in 0..self.hot.len() {
            self.hot[number].settle(&mut self.cold[number]);
        }
        let mut cells: Vec<usize> = (0..self.len()).collect();
        cells.sort_unstable_by_key(|cell| self.whose[*cell].0);
        cells
    }

    /// Of its cells in order, those of its piece of a number.
    fn of_piece<'c>(&self, cells: &'c [usize], number: usize) -> &'c [usize] {
        let piece = |cell: &usize| self.whose[*cell].0.piece_of_shard(OF_SHARD);
        let from = cells.partition_point(|cell| piece(cell) < number);
        let to = cells.partition_point(|cell| piece(cell) <= number);
        &cells[from..to]
    }

    /// Writes the symbols of its detections as another table has them.
    pub fn remap(&mut self, remap: &Remap) {
        for number in 0..self.whose.len() {
            self.whose[number].1 = self.whose[number].1.remap(remap);
        }
    }
}
