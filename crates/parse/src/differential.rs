//! The fast ways of reading held to the slow ones: both must tell the same of any bytes. For tests and for fuzzing.

use crate::certain::CertainRecords;
use crate::records::{Record, Records};
use crate::{Layouts, Plan, ReadOptions, RowEvent, Split, SplitReader, plan};
use std::io::{self, Read};
use std::sync::LazyLock;

/// Headings with ports in columns of their own, and behind the addresses.
pub(crate) const HEADS: [&str; 2] = [
    "Date/Time,Endpoint,User,Local IP,Local Port,Remote IP,Remote Port,Result,List Source,Traffic Direction",
    "Date/Time,Endpoint,Local IP and Port,Remote IP and Port,Result,Detected By,Traffic Direction,Note",
];

static LAYOUTS: LazyLock<Layouts> =
    LazyLock::new(|| Layouts::builtin().expect("the layouts that are built in are sound"));

/// Bytes that come so many at a time.
struct Pieces<'b>(&'b [u8], usize);

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.1.min(buffer.len());
        self.0.read(&mut buffer[..length])
    }
}

/// Reads what stands under a heading in each way; the lowest bit of the first byte tells which heading, the others how many
/// bytes come at a time.
///
/// # Panics
/// Where what is told differs.
pub fn hold_to_reference(input: &[u8]) {
    let Some((first, rows)) = input.split_first() else { return };
    let (head, piece) = (HEADS[usize::from(first & 1)], 1 + usize::from(first >> 1));
    let text = [head.as_bytes(), b"\n", rows].concat();
    assert_eq!(records_by_marks(&text, piece), records_of_reference(&text));
    if let Ok(plan) = plan(&text, true, &LAYOUTS, &ReadOptions::default()) {
        let [usual, step_by_step] = [SplitReader::new(&plan, 0), SplitReader::new(&plan, 0).step_by_step()];
        assert_eq!(rows_told(&text, &plan, usual), rows_told(&text, &plan, step_by_step));
    }
}

/// All that the fast reader of records tells, and the bytes and line ends that it consumed. As many records are read ahead
/// as bytes come at a time, or a few more.
pub(crate) fn records_by_marks(bytes: &[u8], piece: usize) -> (Vec<String>, u64, u64) {
    let mut records = CertainRecords::new(Pieces(bytes, piece), b',');
    let mut all = Vec::new();
    loop {
        let ahead = records.fill(piece).expect("bytes in memory can be read");
        if ahead.is_empty() {
            break;
        }
        all.extend(ahead.iter().map(|record| record_told(&record)));
    }
    while let Some(record) = records.next().expect("bytes in memory can be read") {
        all.push(record_told(&record));
    }
    (all, records.position(), records.lines())
}

/// The same of the reference.
pub(crate) fn records_of_reference(bytes: &[u8]) -> (Vec<String>, u64, u64) {
    let mut records = Records::new(bytes, b',');
    let mut all = Vec::new();
    while let Some(record) = records.next().expect("bytes in memory can be read") {
        all.push(record_told(&record));
    }
    (all, records.position(), records.lines())
}

/// All that a record says.
fn record_told(record: &Record<'_>) -> String {
    let cells: Vec<String> = record.iter().map(|cell| cell.escape_ascii().to_string()).collect();
    let Record { raw, byte, line, too_long, unterminated, unclosed, broken, end, .. } = *record;
    let raw = raw.escape_ascii();
    format!("{byte} {line} {cells:?} {raw} {too_long} {unterminated} {unclosed} {broken} {end:?}")
}

/// All that a reader tells of a source: each record, which of them have one spelling, and what was counted beside.
pub(crate) fn rows_told(bytes: &[u8], plan: &Plan, mut reader: SplitReader<'_>) -> (Vec<String>, String) {
    let mut all = Vec::new();
    let mut on = |event: RowEvent<'_>| {
        all.push(match event {
            RowEvent::Row(row) => {
                let (place, spelling, service, fingerprint) =
                    (row.place, row.spelling, row.service, row.fingerprint);
                let times: Vec<_> = row.times.readings().collect();
                let ports = (row.local_port, row.remote_port, row.other_port());
                let raw = row.raw().escape_ascii();
                format!("{place:?} {spelling} {service:?} {fingerprint:?} {times:?} {ports:?} {raw}")
            }
            RowEvent::Reject(reject) => {
                format!("{:?} {} {}", reject.place, reject.reason, reject.raw.escape_ascii())
            }
        });
    };
    let split = Split { from: plan.data_start().byte, to: None };
    let from = usize::try_from(plan.opening(split)).expect("a text in memory is shorter than memory");
    let summary = reader.read(&bytes[from..], split, &mut on).expect("bytes in memory can be read");
    (all, format!("{summary:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::path::Path;

    /// Every input in `fuzz/corpus/rows`: the first ones, and those that a fuzzer found to differ once.
    #[test]
    fn the_corpus_is_read_alike() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/rows");
        let mut inputs = 0;
        for entry in std::fs::read_dir(&folder).unwrap() {
            hold_to_reference(&std::fs::read(entry.unwrap().path()).unwrap());
            inputs += 1;
        }
        assert!(inputs > 0, "{} has inputs", folder.display());
    }

    const LINE: &str = "2020-06-18 09:15:02,WS1,u,10.0.0.1,50123,26.0.0.1,443,Blocked,x,Outgoing\n";

    proptest! {
        #[test]
        fn lines_with_bytes_put_in_are_read_alike(
            first in any::<u8>(),
            quoted in any::<bool>(),
            changes in prop::collection::vec(
                (any::<prop::sample::Index>(), prop::sample::select(&b",\"\r\n :0;a\xef\xbb\xbf\xff"[..]), any::<bool>()),
                0..12,
            ),
        ) {
            let line = if quoted { format!("\"{}\"\r\n", LINE.trim_end().replace(',', "\",\"")) } else { LINE.to_owned() };
            let mut text = line.repeat(6).into_bytes();
            for (at, byte, instead) in changes {
                let at = at.index(text.len());
                if instead { text[at] = byte } else { text.insert(at, byte) }
            }
            hold_to_reference(&[&[first][..], &text].concat());
        }
    }
}
