//! The rule of overlapping exports: any way of cutting one log between instants into exports that overlap tells the same
//! as the log itself, and every row that is told twice counts once.

use crate::program::{profile, ringback, stdout};
use proptest::prelude::*;
use serde_json::Value;
use std::path::Path;

/// The columns: heading, and the cells that rows have in it. A row that has the first remote address is one that the
/// profile accepts.
const COLUMNS: [(&str, &[&str]); 9] = [
    ("Endpoint", &["DB01", "WS-7", "a \"b\"; c, d"]),
    ("User", &["CORP\\a.becker", ""]),
    ("Process", &["C:\\Users\\Public\\upd.exe", "C:\\a, b\\c.exe"]),
    ("Local IP and Port", &["10.0.0.1:51000", "10.0.0.1:51001", "10.0.0.2:445", "10.0.0.2"]),
    (
        "Remote IP and Port",
        &["22.99.0.7:80", "11.1.1.1:443", "10.0.0.3:50000", "[2600:1f18::1]:443", "c2.example.net"],
    ),
    ("Result", &["Logged", "Blocked"]),
    (
        "Detected By",
        &["Relevance Rule", "Global C&C IP List", "TCP_ETERNALBLUE_REQUEST", "NUPIC - HTTP (Request)"],
    ),
    ("Traffic Direction", &["Outgoing", "Incoming", "None"]),
    ("Count", &["", "7"]),
];

/// The instants of all logs, local time: within one hour, on both sides of its end, in other hours and on other days.
const INSTANTS: [(&str, &str); 12] = [
    ("2026-11-03", "10:00:00"),
    ("2026-11-03", "10:00:01"),
    ("2026-11-03", "10:30:00"),
    ("2026-11-03", "10:59:59"),
    ("2026-11-03", "11:00:00"),
    ("2026-11-03", "11:00:01"),
    ("2026-11-03", "23:59:59"),
    ("2026-11-04", "00:00:00"),
    ("2026-11-04", "10:00:00"),
    ("2026-11-13", "10:00:00"),
    ("2026-11-13", "10:00:01"),
    ("2026-11-28", "09:15:00"),
];

/// A row: the number of its instant and the numbers of its cells in the columns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row {
    pub(crate) instant: usize,
    cells: [usize; COLUMNS.len()],
}

/// How an export is written.
#[derive(Clone, Debug)]
pub(crate) struct Dialect {
    delimiter: char,
    end: &'static str,
    date: usize,
    /// The columns in their order; the last number stands for the time.
    order: Vec<usize>,
    wide: bool,
    quoted: bool,
    newest_first: bool,
    preamble: bool,
}

/// Which of the instants an export holds, how it is written, and what its name starts with.
pub(crate) type Cut = (std::ops::Range<usize>, Dialect, u8);

pub(crate) fn dialect() -> impl Strategy<Value = Dialect> {
    let looks = (
        prop_oneof![Just(','), Just(';'), Just('\t'), Just('|')],
        prop_oneof![Just("\n"), Just("\r\n")],
        0..3usize,
        Just((0..=COLUMNS.len()).collect::<Vec<usize>>()).prop_shuffle(),
    );
    (looks, any::<[bool; 4]>()).prop_map(|((delimiter, end, date, order), flags)| {
        let [wide, quoted, newest_first, preamble] = flags;
        Dialect { delimiter, end, date, order, wide, quoted, newest_first, preamble }
    })
}

/// A log in the order of time: a few kinds of row, each of which may stand several times at one instant.
pub(crate) fn log() -> impl Strategy<Value = Vec<Row>> {
    let cells = COLUMNS.map(|(_, cells)| 0..cells.len());
    let kinds = proptest::collection::vec(cells, 1..8);
    let rows = proptest::collection::vec((0..INSTANTS.len(), any::<prop::sample::Index>(), 1..4usize), 1..60);
    (kinds, rows).prop_map(|(kinds, rows)| {
        let row = |(instant, kind, times): (usize, prop::sample::Index, usize)| {
            std::iter::repeat_n(Row { instant, cells: *kind.get(&kinds) }, times)
        };
        let mut log: Vec<Row> = rows.into_iter().flat_map(row).collect();
        log.sort_by_key(|row| row.instant);
        log
    })
}

/// Two to five intervals of instants that overlap and cover all of them.
pub(crate) fn cuts() -> impl Strategy<Value = Vec<Cut>> {
    let last = INSTANTS.len();
    let inner = proptest::collection::vec(0..=last, 1..=4);
    let exports = proptest::collection::vec((0..6usize, 0..6usize, dialect(), any::<u8>()), 5);
    (inner, exports).prop_map(move |(mut cuts, exports)| {
        cuts.extend([0, last]);
        cuts.sort_unstable();
        let interval = |(ends, (before, after, dialect, name)): (&[usize], (usize, usize, Dialect, u8))| {
            (ends[0].saturating_sub(before)..(ends[1] + after).min(last), dialect, name)
        };
        cuts.windows(2).zip(exports).map(interval).collect()
    })
}

impl Dialect {
    /// The export that holds some rows.
    pub(crate) fn write(&self, rows: &[&Row]) -> Vec<u8> {
        let mut lines = Vec::new();
        if self.preamble {
            lines.extend(["Log export".to_owned(), String::new()]);
        }
        let heading =
            |column: &usize| COLUMNS.get(*column).map_or("Date/Time", |(heading, _)| heading).to_owned();
        lines.push(self.line(self.order.iter().map(heading)));
        let mut written: Vec<String> = rows.iter().map(|row| self.row(row)).collect();
        if self.newest_first {
            written.reverse();
        }
        lines.extend(written);
        let text: String = lines.iter().flat_map(|line| [line, self.end]).collect();
        if self.wide {
            [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
        } else {
            text.into_bytes()
        }
    }

    fn row(&self, row: &Row) -> String {
        let cell = |column: &usize| match COLUMNS.get(*column) {
            Some((_, pool)) => pool[row.cells[*column]].to_owned(),
            None => self.time(INSTANTS[row.instant]),
        };
        self.line(self.order.iter().map(cell))
    }

    fn line(&self, cells: impl Iterator<Item = String>) -> String {
        let written = |cell: String| {
            if self.quoted || cell.contains([self.delimiter, '"']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell
            }
        };
        cells.map(written).collect::<Vec<_>>().join(&self.delimiter.to_string())
    }

    /// One instant in three spellings; the profile's zone is an hour ahead of UTC in November.
    fn time(&self, (date, time): (&str, &str)) -> String {
        let [year, month, day] = [&date[..4], &date[5..7], &date[8..]];
        match self.date {
            0 => format!("{date} {time}"),
            1 => format!("{day}.{month}.{year} {time}"),
            _ => format!("{date}T{time}+01:00"),
        }
    }
}

/// The report model of a folder, with further options.
fn model(folder: &Path, options: &[&str]) -> Value {
    let mut command = ringback(["report", "-q", "-f", "json", "-p"]);
    command.arg(profile()).args(options).arg(folder);
    serde_json::from_str(&stdout(command)).unwrap()
}

/// What a report tells of the log, apart from where it was read: each piece of evidence stands for a row, and statements
/// that count what was read are left out.
fn told(mut model: Value) -> Value {
    for finding in model["findings"].as_array_mut().unwrap() {
        let evidence = finding["evidence"].as_array().unwrap().len();
        finding["evidence"] = evidence.into();
    }
    let of_reading = |text: &str| {
        ["was read", "were read", "more than one export"].iter().any(|words| text.contains(words))
    };
    let statements = model["summary"]["statements"].as_array_mut().unwrap();
    statements.retain(|statement| !of_reading(statement.as_str().unwrap()));
    let parts = [
        "period",
        "summary",
        "findings",
        "incidents",
        "hosts",
        "remotes",
        "timeline",
        "questions",
        "suppressions",
    ];
    parts.iter().map(|part| ((*part).to_owned(), model[*part].take())).collect()
}

/// The rows of each fate: read, in findings, suppressed, duplicate.
fn fates(model: &Value) -> [u64; 4] {
    ["rows", "in_findings", "suppressed", "duplicate"].map(|fate| model["accounting"][fate].as_u64().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_cut_of_a_log_tells_the_same(log in log(), whole in dialect(), cuts in cuts()) {
        let (one, several) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(one.path().join("log.csv"), whole.write(&log.iter().collect::<Vec<_>>())).unwrap();
        let mut total = 0;
        for (number, (instants, dialect, name)) in cuts.iter().enumerate() {
            let rows: Vec<&Row> = log.iter().filter(|row| instants.contains(&row.instant)).collect();
            total += rows.len() as u64;
            std::fs::write(several.path().join(format!("{name:03}-{number}.csv")), dialect.write(&rows)).unwrap();
        }
        let (log_model, model_of_cuts) = (model(one.path(), &[]), model(several.path(), &[]));
        let [rows, in_findings, suppressed, duplicate] = fates(&log_model);
        prop_assert_eq!([rows, duplicate], [log.len() as u64, 0]);
        prop_assert_eq!(rows, in_findings + suppressed);
        prop_assert_eq!(fates(&model_of_cuts), [total, in_findings, suppressed, total - rows]);
        let (log_told, told_of_cuts) = (told(log_model), told(model_of_cuts));
        for (part, log_part) in log_told.as_object().unwrap() {
            prop_assert_eq!(log_part, &told_of_cuts[part], "{}", part);
        }
        let [kept, in_findings, suppressed, duplicate] = fates(&model(several.path(), &["--keep-duplicates"]));
        prop_assert_eq!([kept, in_findings + suppressed, duplicate], [total, total, 0]);
    }
}

#[test]
fn equal_rows_count_as_often_as_in_the_export_that_has_most_of_them() {
    let headings = "Date/Time,Endpoint,Local IP,Remote IP,Result,List Source,Traffic Direction\n";
    let row = |endpoint: &str| {
        format!(
            "2026-11-03 10:00:00,{endpoint},10.0.0.5:50123,11.22.33.44:443,Logged,Relevance Rule,Outgoing\n"
        )
    };
    for (exports, most) in [
        (&[1, 1][..], 1),
        (&[2, 2], 2),
        (&[2, 3, 1], 3),
        (&[3, 2, 1], 3),
        (&[1, 2, 3], 3),
        (&[0, 4, 0, 4, 5], 5),
    ] {
        let folder = tempfile::tempdir().unwrap();
        for (number, times) in exports.iter().enumerate() {
            let text =
                [headings.to_owned(), row("DB01").repeat(*times), row(&format!("WS-{number}"))].concat();
            std::fs::write(folder.path().join(format!("{number}.csv")), text).unwrap();
        }
        let (files, equal) = (exports.len() as u64, exports.iter().sum::<usize>() as u64);
        let united = [files + equal, files + most, 0, equal - most];
        assert_eq!(fates(&model(folder.path(), &[])), united, "{exports:?}");
        let kept = [files + equal, files + equal, 0, 0];
        assert_eq!(fates(&model(folder.path(), &["--keep-duplicates"])), kept, "{exports:?}");
    }
}
