//! What was recognised in every input, as plain data.

mod recognised;

use crate::assemble::{notes, rejected_rows};
use crate::error::PipelineError;
use crate::progress::Progress;
use crate::reading::Aim;
use crate::request::{Request, Window};
use crate::source_tally::Counted;
use crate::threads::by_threads;
use crate::united::{United, read_united};
use crate::{Opening, RejectedRow, discover};
use ringback_model::case::RejectTally;
use ringback_model::inspection::{
    Failure, INSPECTION_SCHEMA_VERSION, InspectedDuplicates, InspectedInput, InspectedNote, InspectedReject,
    Inspection, Nearest,
};
use ringback_model::{Cuts, Message, RejectReason, Words};
use std::path::PathBuf;

/// An inspection with what does not belong into it.
#[derive(Debug)]
pub struct Inspected {
    /// What was recognised.
    pub inspection: Inspection,
    /// Every rejected row with its text, where the request asked for them.
    pub rejected: Vec<RejectedRow>,
    /// Files in folders that were left aside because they do not look like exports.
    pub ignored: Vec<PathBuf>,
}

/// Reads every input to its end and tells what was recognised in it, in the words given. Nothing is judged, so profile,
/// window and heading of the request have no influence.
///
/// # Errors
/// What the request itself gets wrong: a path that is not there, or no input at all. An input that can not be read is part
/// of the result.
pub fn inspect(
    request: &Request,
    words: &dyn Words,
    progress: &dyn Progress,
) -> Result<Inspected, PipelineError> {
    let cuts = Cuts::new([]).map_err(PipelineError::Cuts)?;
    by_threads(request.threads, || {
        let found = discover(&request.paths, Opening::default())?;
        if let Some(part) = found.parts.first() {
            return Err(PipelineError::NoRows(part.name.clone()));
        }
        let United { counted, .. } =
            read_united(found.sources, request, &cuts, Window::default(), Aim::Survey, progress)?;
        let inputs = counted.iter().map(|one| input(one, &counted, words)).collect();
        Ok(Inspected {
            inspection: Inspection { schema: INSPECTION_SCHEMA_VERSION, inputs },
            rejected: rejected_rows(&counted),
            ignored: found.ignored,
        })
    })?
}

fn input(one: &Counted, all: &[Counted], words: &dyn Words) -> InspectedInput {
    let rejects = one.rejects();
    let name = |source: u32| all.get(source as usize).map_or_else(String::new, |one| one.source.name.clone());
    let duplicates = one.duplicates.iter();
    InspectedInput {
        name: one.source.name.clone(),
        size: one.source.size,
        container: one.source.container.clone(),
        failure: failure(one),
        recognised: one.plan.as_ref().map(|plan| recognised::recognised(one, plan)),
        records: one.tally.records,
        rows: one.tally.records - rejects.rows(),
        rejected: rejects.rows(),
        rejects: rejects.finish().iter().map(|tally| reject(tally, words)).collect(),
        duplicates: duplicates
            .map(|(source, rows)| InspectedDuplicates { input: name(*source), rows: *rows })
            .collect(),
        notes: notes(one)
            .iter()
            .map(|note| InspectedNote { key: note.key.to_owned(), text: words.text(note) })
            .collect(),
    }
}

fn failure(one: &Counted) -> Option<Failure> {
    let failure = one.failure.as_ref()?;
    let nearest =
        |(layout, lacks): &(String, Vec<String>)| Nearest { layout: layout.clone(), lacks: lacks.clone() };
    Some(Failure {
        reason: failure.reason,
        error: failure.told(),
        nearest: one.nearest.as_ref().map(nearest),
    })
}

fn reject(tally: &RejectTally, words: &dyn Words) -> InspectedReject {
    InspectedReject {
        reason: tally.reason,
        records: tally.rows,
        meaning: words.text(&Message::new(meaning(tally.reason))),
        places: tally.places.iter().map(|place| (*place).into()).collect(),
    }
}

/// The key of the sentence that says what a reason means and what to do.
pub(crate) const fn meaning(reason: RejectReason) -> &'static str {
    match reason {
        RejectReason::RaggedRow => "about.reject.ragged-row",
        RejectReason::BadTime => "about.reject.bad-time",
        RejectReason::DateOrder => "about.reject.date-order",
        RejectReason::BadAddress => "about.reject.bad-address",
        RejectReason::NoAddress => "about.reject.no-address",
        RejectReason::TruncatedRow => "about.reject.truncated-row",
        RejectReason::RepeatedHeading => "about.reject.repeated-heading",
        RejectReason::Footer => "about.reject.footer",
        RejectReason::Undecodable => "about.reject.undecodable",
        RejectReason::TooLong => "about.reject.too-long",
        RejectReason::BadRecord => "about.reject.bad-record",
        RejectReason::OtherEvent => "about.reject.other-event",
        RejectReason::SpreadsheetNumber => "about.reject.spreadsheet-number",
        RejectReason::NoLayout => "about.reject.no-layout",
        RejectReason::Unreadable => "about.reject.unreadable",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_key_of_its_own_word() {
        for reason in RejectReason::ALL {
            assert_eq!(meaning(*reason), format!("about.reject.{reason}"));
        }
    }
}
