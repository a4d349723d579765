//! Exports of any bytes: the fast ways tell what the slow ones tell, parts what the whole tells, and every record is told.

use super::LAYOUTS;
use crate::{
    DateOrder, Layouts, Plan, ReadOptions, RowEvent, Split, SplitReader, SplitSummary, Survey, decoded,
    draft, guess_splits, plan, raw_records, split_points,
};

/// All that was told of an export: its records, and what its dates tell.
type Told = (Vec<String>, String);

/// Reads an export in every way. The first byte tells how large its parts are and what the user says of it.
///
/// # Panics
/// Where the ways differ, or a record is told twice or not at all.
pub fn read_export(input: &[u8]) {
    let Some((first, bytes)) = input.split_first() else { return };
    let options = ReadOptions {
        encoding: (first & 0x40 != 0).then(|| "windows-1252".parse().expect("an encoding")),
        date_order: (first & 0x80 != 0).then_some(DateOrder::DayFirst),
        ..ReadOptions::default()
    };
    hold(bytes, &LAYOUTS, &options, 1 + 16 * u64::from(first & 0x3f));
    // A draft takes longer than all else.
    if first & 7 == 7 {
        let drafted = || draft(bytes, true, "sample", options.encoding);
        assert_eq!(drafted(), drafted(), "a draft is the same each time");
    }
    if let Ok(text) = decoded(bytes) {
        raw_records(text.as_slice(), b',', &mut |record| {
            // Each record is blank, or rejected, or has cells.
            assert!(record.is_blank() || record.reject().is_some() || record.cells().count() > 0);
        })
        .expect("bytes in memory can be read");
    }
}

/// Reads bytes whole, step by step, surveyed and in parts of about `target` bytes; all must tell the same.
pub(super) fn hold(bytes: &[u8], layouts: &Layouts, options: &ReadOptions, target: u64) {
    let plan = match plan(bytes, true, layouts, options) {
        Ok(plan) => plan,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let whole = [Split { from: plan.data_start().byte, to: None }];
    let told = read(bytes, &plan, SplitReader::new(&plan, 0), &whole, None).0;
    let step_by_step = SplitReader::new(&plan, 0).step_by_step();
    assert_eq!(read(bytes, &plan, step_by_step, &whole, None).0, told, "in few steps and step by step");
    let mut survey = Survey::default();
    let surveyed = read(bytes, &plan, SplitReader::new(&plan, 0), &whole, Some(&mut survey));
    assert_eq!(surveyed.0, told, "with a survey and without");
    if !plan.splittable() {
        return;
    }
    let (size, open) = (bytes.len() as u64, |from| Ok(&bytes[at(from)..]));
    let certified = split_points(&plan, size, target, open).expect("bytes in memory can be read");
    assert_eq!(
        read(bytes, &plan, SplitReader::new(&plan, 0), &certified, None).0,
        told,
        "in parts of {target}"
    );
    let guessed = guess_splits(&plan, size, target, open).expect("bytes in memory can be read");
    if let (guessed, true) = read(bytes, &plan, SplitReader::new(&plan, 0), &guessed, None) {
        assert_eq!(guessed, told, "in guessed parts of {target}");
    }
}

fn at(byte: u64) -> usize {
    usize::try_from(byte).expect("bytes in memory are fewer than memory has")
}

/// Reads splits one after the other; also whether each but the last ended where a record does.
fn read(
    bytes: &[u8],
    plan: &Plan,
    mut reader: SplitReader<'_>,
    splits: &[Split],
    mut survey: Option<&mut Survey>,
) -> (Told, bool) {
    let (mut all, mut right, mut dates) = (Vec::new(), true, None);
    let (mut records, mut lines) = (0, 0);
    for split in splits {
        let input = &bytes[at(plan.opening(*split))..];
        let before = all.len() as u64;
        let mut on = |event: RowEvent<'_>| all.push(told(event, records, lines));
        let summary: SplitSummary = match &mut survey {
            Some(survey) => reader.survey(input, *split, survey, &mut on),
            None => reader.read(input, *split, &mut on),
        }
        .expect("bytes in memory can be read");
        assert_eq!(summary.records, all.len() as u64 - before, "every record is told once");
        right &= split.to.is_none() || summary.whole;
        records += summary.records;
        lines += summary.lines;
        match &mut dates {
            None => dates = Some(summary.dates),
            Some(dates) => dates.merge(&summary.dates),
        }
    }
    ((all, format!("{:?}", dates.map(|dates| dates.decide()))), right)
}

/// What is told of a record, placed in its source.
fn told(event: RowEvent<'_>, records: u64, lines: u64) -> String {
    let placed = |place: ringback_model::Place| (place.byte, records + place.record, lines + place.line);
    match event {
        RowEvent::Row(mut row) => {
            let times: Vec<_> = row.times.readings().collect();
            assert!(!times.is_empty(), "a row has a time");
            let ports = (row.local_port, row.remote_port, row.other_port(), row.service);
            let (place, spelling, count) = (placed(row.place), row.spelling, row.occurrences);
            let (fingerprint, raw) = (*row.fingerprint, row.raw().escape_ascii().to_string());
            let said = row.said();
            assert_eq!(said.fingerprint(), fingerprint, "what a row says is what it is known by");
            format!("{place:?} {spelling} {count} {fingerprint:?} {times:?} {ports:?} {raw}")
        }
        RowEvent::Reject(reject) => {
            format!("{:?} {} {}", placed(reject.place), reject.reason, reject.raw.escape_ascii())
        }
    }
}
