//! Detections that are written in any dialect, encoding, order of columns and form of date are read back equal.

use super::compose::{Cells, Style, source, usual};
use super::*;

/// Text of the languages that an encoding can write.
const TEXTS: [(&str, &[&str]); 6] = [
    ("utf-8", &["WS-1", "müller", "田中", "a,b;c\td|e", "say \"hi\"", "two\nlines"]),
    ("utf-16le", &["WS-1", "Łódź", "田中", "a,b;c"]),
    ("windows-1252", &["WS-1", "müller", "Größe", "a,b;c"]),
    ("shift_jis", &["WS-1", "田中一郎", "営業部", "a,b;c"]),
    ("big5", &["WS-1", "王小明", "資訊部門", "a,b;c"]),
    ("gbk", &["WS-1", "王小明", "信息部门", "a,b;c"]),
];

/// Forms of the same date, with the order of day and month where it is open.
const DATES: [&str; 9] = [
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p",
    "%b %d %Y %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S+00:00",
    "%Y年%m月%d日 %H:%M:%S",
];

#[derive(Clone, Debug)]
struct Case {
    encoding: usize,
    date: usize,
    style: Style,
    order: usize,
    alias: usize,
    rows: Vec<(usize, usize, u8, u16, u8, bool, i64)>,
}

fn case() -> impl Strategy<Value = Case> {
    let style = (
        prop_oneof![Just(','), Just(';'), Just('\t'), Just('|')],
        any::<bool>(),
        prop_oneof![Just("\n"), Just("\r\n")],
    )
        .prop_map(|(delimiter, quoted, end)| Style { delimiter, quoted, end });
    let row = (0..6_usize, 0..6_usize, any::<u8>(), 1..u16::MAX, 0..3_u8, any::<bool>(), 0..20_000_000_i64);
    (0..TEXTS.len(), 0..DATES.len(), style, 0..20_usize, 0..4_usize, prop::collection::vec(row, 1..12))
        .prop_map(|(encoding, date, style, order, alias, rows)| Case {
            encoding,
            date,
            style,
            order,
            alias,
            rows,
        })
}

fn encoded_as(label: &str, text: &str) -> Option<Vec<u8>> {
    if label == "utf-16le" {
        return Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
    let (bytes, _, lost) = encoding.encode(text);
    (!lost).then(|| bytes.into_owned())
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(case in case()) {
        let layouts = Layouts::builtin().unwrap();
        let layout = layouts.get("officescan-suspicious-connection").unwrap();
        let (label, texts) = TEXTS[case.encoding];
        let directions = ["Incoming", "Outgoing", "None"];
        let mut expected = Vec::new();
        let mut rows: Vec<Cells> = Vec::new();
        for (name, user, last, port, direction, blocked, seconds) in &case.rows {
            let at = jiff::Timestamp::from_second(1_767_300_000 + seconds).unwrap();
            let civil = jiff::tz::TimeZone::UTC.to_datetime(at);
            let (name, user) = (texts[name % texts.len()], texts[user % texts.len()]);
            let mut row = usual(layout);
            row.insert(Field::Time, civil.strftime(DATES[case.date]).to_string());
            row.insert(Field::Endpoint, name.to_owned());
            row.insert(Field::User, user.to_owned());
            row.insert(Field::Local, format!("10.0.0.{last}"));
            row.insert(Field::LocalPort, port.to_string());
            row.insert(Field::Remote, format!("26.0.{last}.1:443"));
            row.insert(Field::Direction, directions[usize::from(*direction)].to_owned());
            row.insert(Field::Result, if *blocked { "Blocked" } else { "Logged" }.to_owned());
            row.insert(Field::ListOrRule, "ZBOT - HTTP (Request) - Variant 4".to_owned());
            rows.push(row);
            expected.push(format!(
                "{at} {name:?} {user:?} 10.0.0.{last}:{port} 26.0.{last}.1:443 {} {}",
                directions[usize::from(*direction)].to_lowercase(),
                if *blocked { "blocked" } else { "logged" },
            ));
        }
        let alias = |headings: &[String]| {
            let ascii: Vec<&String> = headings.iter().filter(|heading| heading.is_ascii()).collect();
            ascii[case.alias % ascii.len()].clone()
        };
        let text = source(layout, &rows, case.order, case.style, &alias);
        let Some(bytes) = encoded_as(label, &text) else { return Ok(()) };
        let open = DATES[case.date].contains("/%Y");
        let day_first = DATES[case.date].starts_with("%d/");
        let order = if day_first { DateOrder::DayFirst } else { DateOrder::MonthFirst };
        let options = ReadOptions {
            encoding: (label != "utf-16le").then(|| label.parse().unwrap()),
            date_order: open.then_some(order),
            ..ReadOptions::default()
        };
        let plan = plan(&bytes, true, &layouts, &options).unwrap();
        let mut read = Vec::new();
        each(&bytes, &plan, &mut |event| match event {
            RowEvent::Row(mut row) => {
                let at = row.times.readings().next().unwrap();
                let ports = [row.local_port.unwrap(), row.remote_port.unwrap()];
                let said = row.said();
                read.push(format!(
                    "{} {:?} {:?} {}:{} {}:{} {} {}",
                    at.map_or_else(|no| no.to_string(), |at| at.to_string()),
                    said.text(said.detection.endpoint),
                    said.text(said.detection.user),
                    said.local().ip.unwrap(),
                    ports[0],
                    said.remote_text(),
                    ports[1],
                    said.direction(),
                    said.detection.result,
                ));
            }
            RowEvent::Reject(reject) => read.push(reject.reason.to_string()),
        });
        prop_assert_eq!(read, expected, "{:?}\n{}", case, text);
    }
}

#[test]
fn legacy_encodings_are_found_by_their_bytes() {
    let head = "日時,エンドポイント,ローカルIP,リモートIP,結果,リストのソース,方向\n";
    let japanese = format!("{head}2026/06/18 21:15:02,営業部,10.0.0.5,26.1.2.3,ブロック,関連ルール,送信\n");
    let chinese = |names: &str| {
        format!(
            "Date/Time,Endpoint,User,Local IP,Remote IP,Result,List Source,Traffic Direction\n{}",
            names.repeat(8)
        )
    };
    let traditional = chinese(
        "2026-06-18 21:15:02,資訊部門的電腦,王小明和他的同事們,10.0.0.5,26.1.2.3,Blocked,x,Incoming\n",
    );
    let simplified = chinese(
        "2026-06-18 21:15:02,信息部门的电脑,王小明和他的同事们,10.0.0.5,26.1.2.3,Blocked,x,Incoming\n",
    );
    let german = "Datum/Uhrzeit;Endpunkt;Benutzer;Lokale IP;Remote-IP;Ergebnis;Listenquelle;Richtung\n\
        18.06.2026 21:15:02;Büro-Köln;Jürgen Müßig;10.0.0.5;26.1.2.3;Blockiert;x;Eingehend\n";
    for (label, text, name) in [
        ("shift_jis", japanese.as_str(), "Shift_JIS"),
        ("big5", &traditional, "Big5"),
        ("gbk", &simplified, "GBK"),
        ("windows-1252", german, "windows-1252"),
    ] {
        let bytes = encoded_as(label, text).unwrap();
        let plan = planned(&bytes).unwrap();
        assert_eq!(plan.encoding(), name);
        assert!(
            plan.encoding_guessed() && plan.notes().iter().any(|note| note.key == "input.encoding-guessed")
        );
        let (rows, rejects) = read(&bytes).unwrap();
        assert!(rejects.is_empty(), "{rejects:?}");
        assert!(rows[0].contains("26.1.2.3"), "{rows:?}");
    }
}
