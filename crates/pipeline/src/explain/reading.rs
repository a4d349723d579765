//! Reading an input up to a record, and what led to its verdict.

use super::fields::{cell, fields};
use super::{JudgedBy, RowExplained, RowFate};
use crate::Investigation;
use crate::advice::facts;
use crate::hands::hash;
use crate::in_window;
use crate::judging::Found;
use crate::reading::{each_record, source_number};
use crate::source_tally::{Counted, Part};
use ringback_classify::{advise, explain, orient};
use ringback_model::explanation::ExplainedRow;
use ringback_model::{Endpoints, Finding, Instant, Place, RejectReason};
use ringback_parse::{Plan, Row, RowEvent, ShownCell, SplitReader};
use ringback_tally::{DuplicateFilter, Key};
use std::io;

/// Reading one input up to a record.
pub(super) struct Reading<'r> {
    pub(super) investigation: &'r Investigation,
    pub(super) by: &'r JudgedBy,
    pub(super) counted: &'r Counted,
    pub(super) plan: &'r Plan,
    pub(super) input: usize,
    pub(super) record: u64,
}

impl Reading<'_> {
    /// The row, from the parts that have to be read for it: the one that it lies in, and where the input has duplicates
    /// those before it, since which of equal rows is one depends on their order.
    pub(super) fn row(&self) -> io::Result<Option<RowExplained>> {
        let (parts, number) = (self.counted.parts(), source_number(self.input));
        let union = &self.investigation.union;
        let mut filter = union.has_duplicates(self.input).then(|| union.filter(number));
        let holding = self.holding(&parts);
        let first = if filter.is_some() { 0 } else { holding };
        let mut reader = SplitReader::new(self.plan, number);
        let mut found = None;
        for part in parts.iter().take(holding + 1).skip(first) {
            self.part(*part, &mut reader, filter.as_mut(), &mut found)?;
        }
        Ok(found)
    }

    /// The number of the part that the record lies in.
    fn holding(&self, parts: &[Part]) -> usize {
        let extents = &self.counted.tally.extents;
        if parts.len() != extents.len() {
            return 0;
        }
        let mut before = 0;
        let after = |records: &u64| {
            before += records;
            before >= self.record
        };
        extents.iter().map(|extent| extent.records).collect::<Vec<u64>>().iter().position(after).unwrap_or(0)
    }

    fn part(
        &self,
        part: Part,
        reader: &mut SplitReader<'_>,
        mut filter: Option<&mut DuplicateFilter<'_>>,
        found: &mut Option<RowExplained>,
    ) -> io::Result<()> {
        let read = each_record(self.counted, reader, part, &mut |event, before| match event {
            RowEvent::Reject(reject) => {
                let place = before.place(reject.place);
                if place.record == self.record {
                    *found = Some(self.rejected(reject.reason, place, &reject.cells()));
                }
            }
            RowEvent::Row(mut row) => {
                let place = before.place(row.place);
                let earlier = self.earlier(&row, filter.as_deref_mut());
                if place.record == self.record {
                    *found = Some(self.usable(&mut row, place, earlier));
                }
            }
        });
        // What follows the row that is explained is of no concern.
        if found.is_some() { Ok(()) } else { read }
    }

    /// When a row was, under the reading of the dates that holds.
    fn at(&self, row: &Row<'_>) -> Option<Result<Instant, RejectReason>> {
        row.times.readings().nth(self.counted.chosen)
    }

    fn key(&self, row: &Row<'_>, at: Instant) -> Key {
        Key { fingerprint: *row.fingerprint, segment: self.investigation.cuts.segment(at) }
    }

    /// The earlier input that holds a row too. Every row up to the one that is explained must be asked for.
    fn earlier(&self, row: &Row<'_>, filter: Option<&mut DuplicateFilter<'_>>) -> Option<u32> {
        let filter = filter?;
        let at = self.at(row)?.ok()?;
        self.investigation.lookup.get(&self.key(row, at))?;
        filter.earlier(hash(row, at))
    }

    fn shown(&self, place: Place, cells: &[ShownCell<'_>]) -> ExplainedRow {
        ExplainedRow {
            source: self.counted.source.name.clone(),
            layout: self.plan.layout().name.as_str().to_owned(),
            record: place.record,
            line: place.line,
            cells: cells.iter().map(cell).collect(),
        }
    }

    fn rejected(&self, reason: RejectReason, place: Place, cells: &[ShownCell<'_>]) -> RowExplained {
        RowExplained {
            row: self.shown(place, cells),
            fate: RowFate::Rejected(reason),
            time: None,
            fields: Vec::new(),
            explained: None,
            finding: None,
            incident: None,
            own_advice: Vec::new(),
        }
    }

    fn usable(&self, row: &mut Row<'_>, place: Place, earlier: Option<u32>) -> RowExplained {
        let at = match self.at(row) {
            Some(Ok(at)) => at,
            Some(Err(reason)) => return self.rejected(reason, place, &row.shown_cells()),
            None => return self.rejected(RejectReason::BadTime, place, &row.shown_cells()),
        };
        let mut shown = self.shown(place, &row.shown_cells());
        row.layout().name.as_str().clone_into(&mut shown.layout);
        let found = self.investigation.lookup.get(&self.key(row, at)).copied();
        let by = self.by;
        let told = row.told();
        let said = row.said();
        let oriented = orient(said, &by.policy);
        let directed = matches!(said.detection.endpoints, Endpoints::Directed { .. });
        let fields = fields(told, directed, oriented.with(said.symbols));
        let mut explained = RowExplained {
            row: shown,
            fate: RowFate::Filtered,
            time: Some(at),
            fields,
            explained: None,
            finding: None,
            incident: None,
            own_advice: Vec::new(),
        };
        let inside = in_window(&self.investigation.cuts, by.window, self.investigation.cuts.segment(at));
        let Some((finding, entry)) = found.filter(|_| inside).and_then(|found| self.finding(found)) else {
            explained.explained = Some(explain(oriented.with(said.symbols), at, &by.policy, &by.census));
            return explained;
        };
        explained.fate = match (earlier, entry) {
            (Some(earlier), _) => RowFate::Duplicate(earlier),
            (None, Some(entry)) => RowFate::Suppressed(entry),
            (None, None) => RowFate::InFindings,
        };
        let case = &self.investigation.case;
        let said = finding.detection.with(&case.symbols);
        explained.explained = Some(explain(said, finding.tally.first, &by.policy, &by.census));
        explained.finding = Some(finding.id);
        if entry.is_none() {
            explained.incident = Some(finding.incident);
            explained.own_advice = self.own_advice(finding);
        }
        explained
    }

    /// The finding that a row is in, and the number of the profile's entry that accepts it.
    fn finding(&self, found: Found) -> Option<(&Finding, Option<usize>)> {
        let investigation = self.investigation;
        match found {
            Found::Finding(id) => {
                investigation.case.findings.iter().find(|finding| finding.id == id).map(|one| (one, None))
            }
            Found::Suppressed(id) => {
                let accepted = investigation.suppressed.iter().find(|one| one.finding.id == id);
                accepted.map(|one| (&one.finding, Some(one.entry)))
            }
        }
    }

    fn own_advice(&self, finding: &Finding) -> Vec<String> {
        let case = &self.investigation.case;
        let Some(incident) = case.incidents.get(finding.incident as usize) else { return Vec::new() };
        let facts = facts(incident, [finding], &case.symbols);
        advise(&facts, &self.by.policy, "en").into_iter().map(|step| step.id).collect()
    }
}
