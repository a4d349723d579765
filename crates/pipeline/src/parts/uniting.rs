//! From parts to what a case is made of: all rows are known now, and each counts once.

use super::frame::{differing, options};
use super::inputs::PartFile;
use super::joining::Joined;
use super::meta::SourceMeta;
use super::writing::{Content, write};
use crate::bytes::{Bytes, Store};
use crate::error::PipelineError;
use crate::in_window;
use crate::progress::Progress;
use crate::reading::Aim;
use crate::request::Request;
use crate::source::{Origin, Source};
use crate::source_tally::{Bases, Counted, Places, Reading, SourceTally};
use crate::united::{United, read_united};
use rayon::prelude::*;
use ringback_model::{Cuts, Message, Segment};
use ringback_tally::part::Piece;
use ringback_tally::{Counts, Duplicates, Union, Uniting};
use std::io::Write;

/// Reads exports, and parts as if the exports that they were counted from were read with them.
///
/// # Errors
/// A part that is damaged, or was counted with other options than those of the request.
pub(crate) fn read_with_parts(
    exports: Vec<Source>,
    parts: Vec<PartFile>,
    request: &Request,
    cuts: &Cuts,
    progress: &dyn Progress,
) -> Result<United, PipelineError> {
    let mut open = parts.into_iter().map(PartFile::open).collect::<Result<Vec<_>, _>>()?;
    for part in &open {
        if part.meta.cuts != cuts.instants() {
            return Err(PipelineError::Parts(format!(
                "{} was counted for other periods than are asked for\nhint: --since, --until and the profile with its \
                 periods must be the same as for `ringback tally`",
                part.name()
            )));
        }
        let asked = options(request);
        if let Some(name) = differing(&asked, &part.meta.options) {
            return Err(PipelineError::Parts(format!(
                "{} was counted with another --{name}\nhint: options of reading must be the same as for `ringback tally`",
                part.name()
            )));
        }
    }
    let store = Store::default();
    if !exports.is_empty() {
        open.push(counted_now(exports, request, cuts, &store, progress)?.open()?);
    }
    progress.judging();
    unite(&Joined::of(open)?, request, cuts)
}

/// Counts exports into a part that is kept for this run.
fn counted_now(
    exports: Vec<Source>,
    request: &Request,
    cuts: &Cuts,
    store: &Store,
    progress: &dyn Progress,
) -> Result<PartFile, PipelineError> {
    let read = read_united(exports, request, cuts, request.window, Aim::Part, progress)?;
    let content = Content::of_whole(read, request, cuts);
    let keep = |out: &mut dyn Write| write(content, out);
    let (bytes, written): (Bytes, _) =
        store.keep(keep).map_err(|error| PipelineError::part("the exports' counts", error.into()))?;
    written?;
    Ok(PartFile { name: "an export".to_owned(), bytes })
}

fn unite(joined: &Joined, request: &Request, cuts: &Cuts) -> Result<United, PipelineError> {
    let mut bases = Vec::new();
    let mut counted = Vec::new();
    for source in &joined.meta.sources {
        let (one, base) = complete(source, request.hash_inputs)?;
        counted.push(one);
        bases.push(base);
    }
    let holds = |(source, reading): (usize, usize)| (counted[source].chosen == reading).then_some(0);
    let imports = joined.imports(&bases, &holds);
    let inside = |segment: Segment| in_window(cuts, request.window, segment);
    let uniting = Uniting { inside: &inside, keep_duplicates: request.keep_duplicates };
    let pieces: Vec<(Piece, Duplicates)> = (0..Counts::SHARDS)
        .into_par_iter()
        .with_max_len(1)
        .map(|number| {
            let mut piece = joined.piece(Piece::of_shard(number), &imports)?;
            let duplicates = piece.unite(uniting);
            Ok((piece, duplicates))
        })
        .collect::<Result<_, PipelineError>>()?;
    let (pieces, duplicates): (Vec<Piece>, Vec<Duplicates>) = pieces.into_iter().unzip();
    for ((source, earlier), rows) in duplicates.into_iter().flatten() {
        *counted[source as usize].duplicates.entry(earlier).or_default() += rows;
    }
    let union = Union::none(counted.len());
    Ok(United { counted, common: Counts::of_pieces(pieces), union })
}

/// An input with where its splits start, once all of them are there.
fn complete(meta: &SourceMeta, hash: bool) -> Result<(Counted, Bases), PipelineError> {
    let first_line = meta.described.as_ref().map_or(1, |said| said.first_line);
    let mut bases = Bases::new();
    if let Some(splits) = &meta.splits {
        if let Some((from, to)) = splits.gap(meta.size.unwrap_or_default()) {
            return Err(PipelineError::Parts(format!(
                "bytes {from} to {to} of {} are in no part\nhint: tally them too, with --bytes {from}-{to}, or merge the \
                 part that has them",
                meta.name
            )));
        }
        bases = splits.bases(first_line);
    }
    let mut tally = SourceTally {
        rejects: meta.rejects.clone(),
        dates: meta.dates.clone(),
        unread: meta.unread,
        records: meta.records,
        ..SourceTally::default()
    };
    tally.readings = meta
        .readings
        .iter()
        .map(|one| Reading {
            rejects: one.rejects.clone(),
            first: one.first,
            last: one.last,
            active: one.active.clone(),
            ..Reading::default()
        })
        .collect();
    let source = Source {
        name: meta.name.clone(),
        size: meta.size,
        container: meta.container.clone(),
        leads: meta.leads,
        from: Origin::Unreadable("its rows are not in its part".to_owned()),
        original: None,
    };
    let mut counted = Counted { sha256: meta.sha256.clone(), ..Counted::new(source) };
    counted.failure.clone_from(&meta.failure);
    counted.tally = tally;
    if let Some(said) = &meta.described {
        counted.decide(&said.zone);
    }
    if meta.splits.is_some() {
        let places = Places::of(bases.clone());
        counted.tally.place_rejects(&places);
        counted.place_failure_with(&places);
        counted.notes.extend(hash.then(|| Message::new("input.no-hash")));
    }
    counted.described.clone_from(&meta.described);
    Ok((counted, bases))
}
