//! What is written comes back, merges as what was in memory does, and no bytes do harm.

use super::*;
use crate::any_bytes::read_part;
use crate::counts::Counts;
use crate::{Counted, Duplicates, Key, Rejects, Seen, Shard, SharedTally, TallyWriter, Uniting};
use proptest::prelude::*;
use ringback_model::{
    Detection, Direction, Endpoints, Instant, Peer, Place, Reject, RejectReason, Segment, Service, Side,
    Symbols,
};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

/// A row: source, what it says, segment, second, other port, events.
type Row = (u32, u8, Segment, i64, u16, u64);

fn said(symbols: &mut Symbols, number: u8) -> Detection {
    let local = Peer { ip: Some([10, 0, 0, number].into()), name: symbols.intern("PC") };
    let ip = number.is_multiple_of(2).then(|| "2001:db8::7".parse().unwrap());
    let remote = Peer { ip, name: symbols.intern(&format!("host{number}.example")) };
    let endpoints = if number.is_multiple_of(3) {
        Endpoints::Directed { source: local, destination: remote }
    } else {
        Endpoints::Sided { local, remote, direction: Direction::Outgoing }
    };
    let side = if number.is_multiple_of(2) { Side::Local } else { Side::Remote };
    Detection {
        endpoint: symbols.intern("PC"),
        rule: symbols.intern(&format!("rule {}", number % 4)),
        endpoints,
        service: (!number.is_multiple_of(5)).then_some(Service {
            side,
            port: 443 + u16::from(number),
            sole: number.is_multiple_of(2),
        }),
        ..Detection::default()
    }
}

fn seen(at: usize, (source, _, _, second, port, occurrences): Row) -> Seen {
    let (byte, record) = (at as u64 * 90, at as u64 + 1);
    let micros = second * 1_000_000 + i64::from(port % 7 == 1);
    Seen {
        at: Instant::from_micros(micros),
        place: Place { source, byte, record, line: record + byte / 400 },
        other_port: Some(port).filter(|port| *port > 2),
        occurrences,
    }
}

/// The counts of some rows, which are left for later or not.
fn counts(rows: &[(usize, Row)], leave: bool) -> Counts {
    let tally = Arc::new(SharedTally::new(2));
    let (mut writer, mut symbols) = (TallyWriter::new(Arc::clone(&tally)), Symbols::new());
    let mut left: BTreeMap<u32, Vec<LeftRow>> = BTreeMap::new();
    for (at, row) in rows {
        let detection = said(&mut symbols, row.1);
        let key = Key { fingerprint: detection.fingerprint(&symbols), segment: row.2 };
        let cell = writer.cell(row.1.into(), row.2);
        let cell = cell.unwrap_or_else(|| writer.enter(row.1.into(), key, detection.with(&symbols)));
        if leave {
            left.entry(row.0).or_default().push(LeftRow::new(cell, seen(*at, *row)));
        } else {
            writer.count_in(cell, seen(*at, *row));
        }
    }
    for (source, mut rows) in left {
        writer.leave(source, &mut rows);
        assert!(rows.is_empty());
    }
    writer.finish();
    Arc::into_inner(tally).unwrap().into_counts()
}

/// The pieces of counts, as a part of one group has them.
fn written(counts: Counts) -> Vec<Vec<u8>> {
    let (mut shards, symbols) = counts.into_shards();
    shards.iter_mut().flat_map(|shard| Piece::write(&mut [(&symbols, shard)])).collect()
}

fn merged(parts: &[Vec<Vec<u8>>]) -> Vec<Vec<u8>> {
    let import = Import::of_sources(3, 1, 2);
    let piece = |number: usize| {
        let mut piece = Piece::default();
        for part in parts {
            piece.read(&part[number], &import).unwrap();
        }
        piece.write_all(1)
    };
    (0..Piece::NUMBER).map(piece).collect()
}

/// All that is said of each cell.
type Told = BTreeMap<(u128, Segment), String>;

/// What pieces say, with the rows that were left united.
fn told(pieces: &[Vec<u8>], keep_duplicates: bool) -> (Told, Duplicates) {
    let (mut all, mut duplicates) = (Told::new(), Duplicates::new());
    for bytes in pieces {
        let mut piece = Piece::default();
        piece.read(bytes, &Import::of_sources(3, 1, 2)).unwrap();
        let (mut shard, symbols) = piece.into_first();
        let uniting = Uniting { inside: &|segment| segment > 0, keep_duplicates };
        for (who, rows) in shard.unite(uniting) {
            *duplicates.entry(who).or_default() += rows;
        }
        tell(shard, &symbols, &mut all);
    }
    (all, duplicates)
}

fn tell(shard: Shard, symbols: &Symbols, all: &mut Told) {
    let shard = shard.settle();
    for number in shard.numbers(false) {
        let one: Counted<'_> = shard.get(number);
        let said = one.detection.with(symbols);
        assert_eq!(said.fingerprint(), one.key.fingerprint, "what it says came back");
        let grid: Vec<_> = one.grid().buckets().collect();
        let text = format!("{:?} {grid:?} {} {:?}", one.cell(), one.grid().shift(), one.series());
        all.insert((one.key.fingerprint.0, one.key.segment), text);
    }
}

/// What is left of rows when duplicates are told by counting, as (source, earlier source) has them.
fn by_hand(rows: &[(usize, Row)]) -> (Vec<(usize, Row)>, Duplicates) {
    let same = |a: &Row, b: &Row| {
        let of = |row: &Row| {
            let seen = seen(0, *row);
            (row.1, row.2, seen.at, seen.other_port)
        };
        of(a) == of(b)
    };
    let (mut kept, mut duplicates) = (Vec::new(), Duplicates::new());
    for (number, (at, row)) in rows.iter().enumerate() {
        let held =
            |source: u32| rows.iter().filter(|(_, other)| other.0 == source && same(other, row)).count();
        let nth = rows[..=number].iter().filter(|(_, other)| other.0 == row.0 && same(other, row)).count();
        let earlier = (0..row.0).find(|source| row.2 > 0 && held(*source) >= nth);
        match earlier {
            Some(earlier) => *duplicates.entry((row.0, earlier)).or_default() += 1,
            None => kept.push((*at, *row)),
        }
    }
    (kept, duplicates)
}

fn rows() -> impl Strategy<Value = Vec<(usize, Row)>> {
    let row = (0u32..3, 0u8..12, 0u16..2, prop_oneof![0i64..6, -9_000i64..9_000_000], 0u16..9, 1u64..4);
    let few = prop::collection::vec(row, 1..70);
    // More instants than a grid tells apart, and more than are kept.
    let row = (0u32..2, 0u8..1, 0u16..2, prop_oneof![0i64..400, -9_000i64..9_000_000], 0u16..3, 1u64..2);
    let many = prop::collection::vec(row, 70..700);
    prop_oneof![3 => few, 1 => many].prop_map(|rows| rows.into_iter().enumerate().collect())
}

proptest! {
    #[test]
    fn parts_merge_to_what_was_counted_at_once(rows in rows(), cut in 0usize..400, keep in any::<bool>()) {
        let cut = cut.min(rows.len());
        let (united, duplicates) = by_hand(&rows);
        let expected = if keep { told(&written(counts(&rows, false)), keep) } else {
            (told(&written(counts(&united, false)), keep).0, duplicates)
        };
        let whole = written(counts(&rows, true));
        let (one, other) = (written(counts(&rows[..cut], true)), written(counts(&rows[cut..], true)));
        let mut both = merged(&[one.clone(), other.clone()]);
        prop_assert_eq!(&both, &merged(&[other, one]), "in any order");
        prop_assert_eq!(told(&both, keep), expected.clone());
        both = merged(&[both]);
        prop_assert_eq!(told(&both, keep), expected.clone());
        prop_assert_eq!(told(&whole, keep), expected);
    }

    #[test]
    fn what_was_counted_comes_back(rows in rows(), cut in 0usize..400) {
        let cut = cut.min(rows.len());
        let whole = written(counts(&rows, false));
        let parts = [written(counts(&rows[cut..], false)), written(counts(&rows[..cut], false))];
        prop_assert_eq!(merged(&parts), whole);
    }

    #[test]
    fn no_bytes_do_harm(
        noise in prop::collection::vec(any::<u8>(), 0..300),
        rows in rows(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        read_part(&noise);
        for leave in [true, false] {
            for mut piece in written(counts(&rows, leave)) {
                let at = at.index(piece.len());
                piece[at] = byte;
                read_part(&piece);
                read_part(&piece[..at]);
                let mut read = Piece::default();
                if read.read(&piece, &Import::of_sources(3, 1, 2)).is_ok() {
                    let (mut shard, symbols) = read.into_first();
                    shard.unite(Uniting { inside: &|_| true, keep_duplicates: false });
                    let shard = shard.settle();
                    for number in shard.numbers(true) {
                        _ = (shard.get(number).cell().finish(), shard.get(number).series(), shard.get(number).detection.with(&symbols).host());
                    }
                }
            }
        }
    }
}

#[test]
fn places_become_absolute_and_sources_get_other_numbers() {
    let rows = [(0, (0, 1, 0, 5, 0, 1)), (9, (1, 1, 0, 6, 0, 1))];
    for leave in [true, false] {
        let pieces = written(counts(&rows, leave));
        let shift = |number| Shift { number, bases: vec![(0, 10, 20), (800, 100, 200)] };
        let import = Import::new(vec![shift(1), shift(2)], vec![Some(0)], 2);
        let mut places = Vec::new();
        for bytes in &pieces {
            let mut piece = Piece::default();
            piece.read(bytes, &import).unwrap();
            let (mut shard, _) = piece.into_first();
            shard.unite(Uniting { inside: &|_| true, keep_duplicates: false });
            let shard = shard.settle();
            places
                .extend(shard.numbers(true).into_iter().flat_map(|n| shard.get(n).cell().finish().evidence));
        }
        let place = |source, byte, record, line| Place { source, byte, record, line };
        assert_eq!(places, [place(1, 0, 11, 21), place(2, 810, 110, 212)], "{leave}");
    }
}

#[test]
fn files_are_looked_at_before_they_are_believed() {
    let mut writer = EnvelopeWriter::new(Vec::new(), FileKind::Part).unwrap();
    writer.section(b"one").unwrap();
    writer.section(b"").unwrap();
    let file = writer.finish().unwrap();
    let open = |bytes: &[u8], kind| {
        let mut input = Cursor::new(bytes.to_vec());
        let envelope = Envelope::open(&mut input, kind)?;
        (0..envelope.sections())
            .map(|number| envelope.section(&mut input, number))
            .collect::<Result<Vec<_>, _>>()
    };
    assert_eq!(open(&file, FileKind::Part).unwrap(), [b"one".to_vec(), Vec::new()]);
    let told = |bytes: &[u8], kind| open(bytes, kind).unwrap_err().to_string();
    assert_eq!(told(&file, FileKind::Plan), "it is no plan of splits");
    assert_eq!(told(b"Date,Time", FileKind::Part), "it is no part (.tally)");
    for length in MAGIC.len()..file.len() {
        assert_eq!(told(&file[..length], FileKind::Part), "it is cut off", "{length}");
    }
    let mut newer = file.clone();
    newer[9] = 2;
    assert_eq!(told(&newer, FileKind::Part), "it has schema 2, and this version reads schema 1");
    for at in 0..file.len() {
        let mut damaged = file.clone();
        damaged[at] ^= 0x40;
        assert!(open(&damaged, FileKind::Part).is_err(), "{at}");
    }
}

#[test]
fn what_was_rejected_comes_back() {
    let mut rejects = Rejects::default();
    for record in 0..30 {
        let place = Place { source: 0, byte: record * 9, record, line: record + 2 };
        rejects.add(Reject { reason: RejectReason::BadTime, place });
    }
    let mut out = WireWriter::new();
    rejects.write(&mut out);
    let bytes = out.into_bytes();
    let mut input = WireReader::new(&bytes);
    assert_eq!(Rejects::read(&mut input).unwrap(), rejects);
    assert!(input.end().is_ok());
}

/// Writes the corpus anew, after a change of the schema: `cargo test -p ringback-tally corpus -- --ignored`.
#[test]
#[ignore = "it writes files"]
fn write_the_corpus() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/parts");
    std::fs::create_dir_all(folder).unwrap();
    let rows: Vec<(usize, Row)> =
        (0..40u8).map(|at| (at.into(), (0, at % 7, 1, i64::from(at) % 9, 40, 1))).collect();
    for (name, leave) in [("counted", false), ("left", true)] {
        let mut writer = EnvelopeWriter::new(Vec::new(), FileKind::Part).unwrap();
        let pieces = written(counts(&rows, leave));
        for piece in &pieces {
            writer.section(piece).unwrap();
        }
        let file = writer.finish().unwrap();
        let piece = pieces.iter().max_by_key(|piece| piece.len()).unwrap();
        let cut = &file[..file.len() - 40];
        for (kind, bytes) in [("file", &file[..]), ("piece", piece), ("cut", cut)] {
            std::fs::write(format!("{folder}/{name}-{kind}"), bytes).unwrap();
        }
    }
}
