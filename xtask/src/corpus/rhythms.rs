//! What the stories, which happen at random, do not tell: a program that calls home by the clock, and a console that receives
//! many rows at once.

use super::random::Random;
use super::{Export, Fate, Row};

/// The export that they are written to.
const EXPORT: &str = "harbour/osce03-ncie-november.csv";

/// The first second of 9 November 2026 in Berlin.
const START: i64 = 1_794_178_800;

/// Adds them to the exports. They have a generator of their own, so that all else stays what it is.
pub(super) fn add(exports: &mut [Export], seed: u64) {
    let export = exports.iter_mut().find(|export| export.name == EXPORT).expect("it is there");
    let mut random = Random::new(seed ^ 0x7268_7974_686d);
    let sample = export.rows.iter().find(|row| is_sample(row)).expect("there is such a row").clone();
    let mut rows = beacon(&sample, &mut random);
    rows.extend(batches(&sample));
    // The broken rows of the export keep their neighbours: only times order them.
    export.rows.extend(rows);
    export.rows.sort_by_key(|row| row.at);
}

fn is_sample(row: &Row) -> bool {
    let known = row.process.ends_with("svch0st.exe") && !row.blocked;
    known && matches!(&row.fate, Fate::Good(meaning, "in-findings") if meaning.severity == "critical")
}

/// Each ten minutes within 8 %, a tenth of them lost: let through for a day and a half, then blocked.
fn beacon(sample: &Row, random: &mut Random) -> Vec<Row> {
    let (mut at, mut rows) = (START + 8 * 3_600, Vec::new());
    for beat in 0..330 {
        at += 552 + i64::try_from(random.below(97)).expect("it is below 97");
        if !random.percent(10) {
            rows.push(row(sample, "PC11=10.10.4.11", "11.22.44.90", at, beat >= 210));
        }
    }
    rows
}

/// A laptop that was away: its agent hands in what it has noted, all with the time at which it does.
fn batches(sample: &Row) -> Vec<Row> {
    let uploads = [(0, 31), (9 * 3_600, 12), (86_400 + 1_800, 27)];
    let upload = |(after, count): (i64, usize)| {
        std::iter::repeat_n(
            row(sample, "PC14=10.10.4.14", "11.22.44.91", START + 28_800 + after, false),
            count,
        )
    };
    uploads.into_iter().flat_map(upload).collect()
}

fn row(sample: &Row, host: &str, remote: &str, at: i64, blocked: bool) -> Row {
    let (endpoint, local) = host.split_once('=').expect("a host is NAME=address");
    let mut row = sample.clone();
    (row.at, row.blocked) = (at, blocked);
    (row.endpoint, row.local, row.remote) = (endpoint.to_owned(), local.to_owned(), remote.to_owned());
    "CORP\\j.okafor".clone_into(&mut row.user);
    if let Fate::Good(meaning, _) = &mut row.fate {
        (meaning.result, meaning.severity) =
            if blocked { ("blocked", "high") } else { ("logged", "critical") };
    }
    row
}
