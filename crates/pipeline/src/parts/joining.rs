//! Parts that become one: what they say of themselves must agree, and each row must be in one of them alone.

use super::frame::differing;
use super::inputs::OpenPart;
use super::meta::{Meta, RangeMeta, SourceMeta, SplitsMeta};
use crate::error::PipelineError;
use crate::source_tally::{Bases, Failure, bases};
use ringback_tally::part::{Import, Piece, Shift};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

/// Parts, with what they say together.
#[derive(Debug)]
pub(crate) struct Joined {
    pub(crate) meta: Meta,
    /// Each with the numbers of its inputs from now on.
    parts: Vec<(OpenPart, Vec<u32>)>,
}

impl Joined {
    /// Joins parts.
    ///
    /// # Errors
    /// They were counted with other cuts or options, or hold the same rows.
    pub(crate) fn of(parts: Vec<OpenPart>) -> Result<Self, PipelineError> {
        let Some(first) = parts.first() else {
            return Err(PipelineError::Parts("there are no parts".to_owned()));
        };
        let mut sources: BTreeMap<(bool, String), (SourceMeta, String)> = BTreeMap::new();
        for part in &parts {
            agree(first, part)?;
            for source in &part.meta.sources {
                match sources.entry(source.key()) {
                    Entry::Occupied(mut known) => {
                        let (known, holder) = known.get_mut();
                        known.join(source, holder, part.name())?;
                    }
                    Entry::Vacant(place) => _ = place.insert((source.clone(), part.name().to_owned())),
                }
            }
        }
        let numbers: BTreeMap<(bool, String), u32> = sources.keys().cloned().zip(0..).collect();
        let mut meta =
            Meta { cuts: first.meta.cuts.clone(), options: first.meta.options.clone(), ..Meta::default() };
        meta.sources = sources.into_values().map(|(source, _)| source).collect();
        let renumbered: Vec<Vec<u32>> = parts
            .iter()
            .map(|part| part.meta.sources.iter().map(|source| numbers[&source.key()]).collect())
            .collect();
        for (number, source) in meta.sources.iter_mut().enumerate() {
            source.renumber(u32::try_from(number).unwrap_or(u32::MAX));
        }
        for (part, numbers) in parts.iter().zip(&renumbered) {
            let groups = part.meta.groups.iter();
            meta.groups.extend(groups.map(|(source, reading)| (numbers[*source] as usize, *reading)));
        }
        meta.groups.sort_unstable();
        meta.groups.dedup();
        Ok(Joined { meta, parts: parts.into_iter().zip(renumbered).collect() })
    }

    /// How each part is read: `bases` are those of the inputs, empty where places are absolute, and `group` tells where what is
    /// not decided goes.
    pub(crate) fn imports(
        &self,
        bases: &[Bases],
        group: &dyn Fn((usize, usize)) -> Option<usize>,
    ) -> Vec<Import> {
        let segments = u16::try_from(self.meta.cuts.len() + 1).unwrap_or(u16::MAX);
        let import = |(part, numbers): &(OpenPart, Vec<u32>)| {
            let shift = |number: &u32| {
                let bases = bases.get(*number as usize).cloned().unwrap_or_default();
                Shift { number: *number, bases }
            };
            let undecided =
                part.meta.groups.iter().map(|(source, reading)| group((numbers[*source] as usize, *reading)));
            let groups = std::iter::once(Some(0)).chain(undecided).collect();
            Import::new(numbers.iter().map(shift).collect(), groups, segments)
        };
        self.parts.iter().map(import).collect()
    }

    /// The pieces of some numbers as one, of all parts.
    ///
    /// # Errors
    /// A part is damaged.
    pub(crate) fn piece(&self, numbers: Range<usize>, imports: &[Import]) -> Result<Piece, PipelineError> {
        let mut piece = Piece::default();
        for number in numbers {
            for ((part, _), import) in self.parts.iter().zip(imports) {
                part.with_piece(number, |bytes| piece.read(bytes, import))?;
            }
        }
        Ok(piece)
    }
}

/// Whether two parts were counted alike.
fn agree(first: &OpenPart, part: &OpenPart) -> Result<(), PipelineError> {
    if first.meta.cuts != part.meta.cuts {
        return Err(PipelineError::Parts(format!(
            "{} and {} were counted for other periods\nhint: tally them with the same profile, --since and --until",
            first.name(),
            part.name()
        )));
    }
    if let Some(name) = differing(&first.meta.options, &part.meta.options) {
        return Err(PipelineError::Parts(format!(
            "{} and {} were counted with another --{name}\nhint: tally them with the same options",
            first.name(),
            part.name()
        )));
    }
    Ok(())
}

impl SourceMeta {
    /// Takes in what another part says of the same input.
    fn join(&mut self, other: &SourceMeta, holder: &str, part: &str) -> Result<(), PipelineError> {
        let twice = || {
            PipelineError::Parts(format!(
                "{holder} and {part} both hold {}\nhint: inputs that are not the same need names of their own: --name, or \
                 --relative-to the folder that all of them share",
                self.name
            ))
        };
        let (Some(splits), Some(others)) = (&mut self.splits, &other.splits) else { return Err(twice()) };
        if splits.plan != others.plan {
            return Err(PipelineError::Parts(format!(
                "{holder} and {part} hold splits of {} that were read by different plans\nhint: read all splits of a \
                 file by one plan",
                self.name
            )));
        }
        splits.ranges.extend(&others.ranges);
        splits.ranges.sort_unstable();
        if let Some(pair) =
            splits.ranges.windows(2).find(|pair| pair[0].to > pair[1].from || pair[0] == pair[1])
        {
            return Err(PipelineError::Parts(format!(
                "bytes {} to {} of {} are in more than one part, such as {part}\nhint: merge each part once",
                pair[1].from, pair[1].to, self.name
            )));
        }
        self.failure = Failure::first(self.failure.take(), other.failure.clone());
        self.dates.merge(&other.dates);
        self.unread.merge(other.unread);
        self.rejects.merge(&other.rejects);
        self.records += other.records;
        if self.readings.len() < other.readings.len() {
            self.readings.resize_with(other.readings.len(), Default::default);
        }
        for (mine, theirs) in self.readings.iter_mut().zip(&other.readings) {
            mine.rejects.merge(&theirs.rejects);
            mine.first = [mine.first, theirs.first].into_iter().flatten().min();
            mine.last = [mine.last, theirs.last].into_iter().flatten().max();
            mine.active.merge(&theirs.active);
        }
        Ok(())
    }

    /// Gives the places of rejected rows another number.
    fn renumber(&mut self, number: u32) {
        self.rejects.place(|place| place.source = number);
        for reading in &mut self.readings {
            reading.rejects.place(|place| place.source = number);
        }
    }
}

impl SplitsMeta {
    /// The first bytes of an input of a size that are in none of the splits.
    pub(crate) fn gap(&self, size: u64) -> Option<(u64, u64)> {
        let mut at = 0;
        for RangeMeta { from, to, .. } in &self.ranges {
            if *from > at {
                return Some((at, *from));
            }
            at = *to;
        }
        (at < size).then_some((at, size))
    }

    /// Where the splits start, each with the records and lines before it.
    pub(crate) fn bases(&self, first_line: u64) -> Bases {
        let parts = self.ranges.iter().filter_map(|range| Some((range.start?, range.records, range.lines)));
        bases(parts, first_line)
    }
}
