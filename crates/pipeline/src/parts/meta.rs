//! The first section of a part: what it was counted with, and of which inputs.

use super::frame::{Options, read_options, write_options};
use super::notes;
use crate::active::ActiveHours;
use crate::described::{Described, DescribedLayout};
use crate::source_tally::Failure;
use ringback_model::{Instant, RejectReason};
use ringback_parse::{DateEvidence, Unread};
use ringback_tally::Rejects;
use ringback_tally::part::{PartError, WireReader, WireWriter};

/// The most that a part may say of records, lines and bytes; sums of them fit 64 bits.
pub(crate) const MOST: u64 = 1 << 48;

/// What a part says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Meta {
    /// The instants at which counts are cut.
    pub(crate) cuts: Vec<Instant>,
    /// The options that bear on what was counted, by name.
    pub(crate) options: Options,
    /// The inputs, in their order.
    pub(crate) sources: Vec<SourceMeta>,
    /// The groups of counts but the first: an input's number, and that of the reading of its dates. What the first has is
    /// decided.
    pub(crate) groups: Vec<(usize, usize)>,
}

/// What a part says of an input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SourceMeta {
    pub(crate) name: String,
    pub(crate) size: Option<u64>,
    pub(crate) sha256: Option<String>,
    pub(crate) container: String,
    /// Whether it comes before inputs with smaller names.
    pub(crate) leads: bool,
    /// What its plan says; nothing of one that could not be read.
    pub(crate) described: Option<Described>,
    pub(crate) failure: Option<Failure>,
    pub(crate) dates: DateEvidence,
    pub(crate) unread: Unread,
    pub(crate) rejects: Rejects,
    pub(crate) records: u64,
    pub(crate) readings: Vec<ReadingMeta>,
    /// Where it was read in splits: which of them the part has.
    pub(crate) splits: Option<SplitsMeta>,
}

/// What was found under a reading of the dates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ReadingMeta {
    pub(crate) first: Option<Instant>,
    pub(crate) last: Option<Instant>,
    /// The hours that it has a row in.
    pub(crate) active: ActiveHours,
    pub(crate) rejects: Rejects,
}

/// The splits of an input that a part has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SplitsMeta {
    /// The plan that they were read by.
    pub(crate) plan: String,
    /// In the order of their bytes.
    pub(crate) ranges: Vec<RangeMeta>,
}

/// A split that was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RangeMeta {
    pub(crate) from: u64,
    pub(crate) to: u64,
    /// The first record that starts in it; `None` where none does.
    pub(crate) start: Option<u64>,
    pub(crate) records: u64,
    pub(crate) lines: u64,
}

impl Meta {
    /// It as bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = WireWriter::new();
        out.count(self.cuts.len());
        self.cuts.iter().for_each(|cut| out.instant(*cut));
        write_options(&mut out, &self.options);
        out.count(self.sources.len());
        self.sources.iter().for_each(|source| source.write(&mut out));
        out.count(self.groups.len());
        for (source, reading) in &self.groups {
            out.count(*source);
            out.count(*reading);
        }
        out.into_bytes()
    }

    /// What such bytes say.
    ///
    /// # Errors
    /// They are something else.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Result<Self, PartError> {
        let mut input = WireReader::new(bytes);
        let cuts = input.list(WireReader::instant)?;
        let options = read_options(&mut input)?;
        let sources = input.list(SourceMeta::read)?;
        let groups = input.list(|input| {
            let source = index(input.below(sources.len() as u64)?);
            Ok((source, index(input.below(2)?)))
        })?;
        input.end()?;
        if sources.windows(2).any(|pair| pair[0].order() >= pair[1].order()) {
            return Err(PartError::Damaged("its inputs are out of order"));
        }
        Ok(Meta { cuts, options, sources, groups })
    }
}

impl SourceMeta {
    /// What inputs are ordered by.
    pub(crate) fn order(&self) -> (bool, &str) {
        (!self.leads, &self.name)
    }

    /// The same as a key that it is found by.
    pub(crate) fn key(&self) -> (bool, String) {
        let (last, name) = self.order();
        (last, name.to_owned())
    }

    fn write(&self, out: &mut WireWriter) {
        out.text(&self.name);
        out.option(self.size, WireWriter::number);
        out.option(self.sha256.as_deref(), WireWriter::text);
        out.text(&self.container);
        out.byte(u8::from(self.leads));
        out.option(self.described.as_ref(), |out, said| said.write(out));
        out.option(self.failure.as_ref(), |out, failure| failure.write(out));
        out.numbers(&self.dates.to_numbers());
        out.number(self.unread.ports);
        out.number(self.unread.counts);
        self.rejects.write(out);
        out.number(self.records);
        out.count(self.readings.len());
        for ReadingMeta { first, last, active, rejects } in &self.readings {
            out.option(*first, WireWriter::instant);
            out.option(*last, WireWriter::instant);
            active.write(out);
            rejects.write(out);
        }
        out.option(self.splits.as_ref(), |out, splits| {
            out.text(&splits.plan);
            out.count(splits.ranges.len());
            splits.ranges.iter().for_each(|range| range.write(out));
        });
    }

    fn read(input: &mut WireReader<'_>) -> Result<Self, PartError> {
        let text = |input: &mut WireReader<'_>| input.text().map(str::to_owned);
        Ok(SourceMeta {
            name: text(input)?,
            size: input.option(|input| input.below(MOST))?,
            sha256: input.option(text)?,
            container: text(input)?,
            leads: input.below(2)? == 1,
            described: input.option(Described::read)?,
            failure: input.option(Failure::read)?,
            dates: {
                let numbers = input.list(WireReader::number)?;
                DateEvidence::from_numbers(&numbers).ok_or(PartError::Damaged("its dates say nothing"))?
            },
            unread: Unread { ports: input.below(MOST)?, counts: input.below(MOST)? },
            rejects: Rejects::read(input)?,
            records: input.below(MOST)?,
            readings: {
                let readings = input.list(|input| {
                    let (first, last) =
                        (input.option(WireReader::instant)?, input.option(WireReader::instant)?);
                    let active = ActiveHours::read(input)?;
                    Ok(ReadingMeta { first, last, active, rejects: Rejects::read(input)? })
                })?;
                let two = readings.len() <= 2;
                if two {
                    readings
                } else {
                    return Err(PartError::Damaged("its dates have more than two readings"));
                }
            },
            splits: input.option(|input| {
                let splits = SplitsMeta { plan: text(input)?, ranges: input.list(RangeMeta::read)? };
                let ordered = splits.ranges.windows(2).all(|pair| pair[0].to <= pair[1].from);
                if ordered { Ok(splits) } else { Err(PartError::Damaged("its splits are out of order")) }
            })?,
        })
    }
}

impl RangeMeta {
    pub(crate) fn write(&self, out: &mut WireWriter) {
        out.number(self.from);
        out.number(self.to);
        out.option(self.start, WireWriter::number);
        out.number(self.records);
        out.number(self.lines);
    }

    pub(crate) fn read(input: &mut WireReader<'_>) -> Result<Self, PartError> {
        let range = RangeMeta {
            from: input.below(MOST)?,
            to: input.below(MOST)?,
            start: input.option(|input| input.below(MOST))?,
            records: input.below(MOST)?,
            lines: input.below(MOST)?,
        };
        // Where text is decoded, a record's start counts decoded bytes, and may lie behind those of the split.
        let inside = range.start.is_none_or(|start| range.from <= start);
        if range.from <= range.to && inside {
            Ok(range)
        } else {
            Err(PartError::Damaged("a split ends before it starts"))
        }
    }
}

impl Described {
    pub(crate) fn write(&self, out: &mut WireWriter) {
        let DescribedLayout { name, title, confirmed } = &self.layout;
        for text in [&self.encoding, name, title, &self.zone] {
            out.text(text);
        }
        out.byte(u8::from(*confirmed));
        out.number(self.first_line);
        out.count(self.notes.len());
        self.notes.iter().for_each(|note| notes::write(out, note));
    }

    pub(crate) fn read(input: &mut WireReader<'_>) -> Result<Self, PartError> {
        let mut text = || input.text().map(str::to_owned);
        let (encoding, name, title, zone) = (text()?, text()?, text()?, text()?);
        Ok(Described {
            encoding,
            layout: DescribedLayout { name, title, confirmed: input.below(2)? == 1 },
            zone,
            first_line: input.below(MOST)?,
            notes: input.list(notes::read)?,
        })
    }
}

impl Failure {
    fn write(&self, out: &mut WireWriter) {
        out.byte(self.reason as u8);
        out.text(&self.text);
        out.option(self.stopped, |out, (byte, records)| {
            out.number(byte);
            out.number(records);
        });
    }

    fn read(input: &mut WireReader<'_>) -> Result<Self, PartError> {
        Ok(Failure {
            reason: input.word(RejectReason::ALL)?,
            text: input.text()?.to_owned(),
            stopped: input.option(|input| Ok((input.below(MOST)?, input.below(MOST)?)))?,
        })
    }
}

/// A number that was read as an index.
fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
