//! Whole sources: every dialect, encoding and heading gives the same rows; broken ones say so.

mod columns;
mod compose;
mod corpora;
mod hostile;
pub(crate) mod layouts;
mod memory;
mod own;
mod round_trip;
mod spellings;
mod splits;
mod surveys;
mod usual;

use crate::*;
use proptest::prelude::*;
use ringback_model::{Direction, ListSource, RequestKind, ResultKind, Risk, Threat};

/// One row, written down in words.
fn words(row: &mut Row<'_>) -> String {
    let (local_port, remote_port, times) = (row.local_port, row.remote_port, row.times);
    let said = row.said();
    let port = |port: Option<u16>| port.map_or_else(String::new, |port| port.to_string());
    let time = times.readings().map(|at| at.map_or_else(|no| no.to_string(), |at| at.to_string()));
    format!(
        "{} {} {} {}:{} {}:{} {} {} {} {} {}",
        time.collect::<Vec<_>>().join("|"),
        said.text(said.detection.endpoint),
        said.host(),
        said.local().ip.map_or_else(String::new, |ip| ip.to_string()),
        port(local_port),
        said.remote_text(),
        port(remote_port),
        said.direction(),
        said.detection.message,
        said.detection.result,
        said.detection.list,
        said.detection.threat,
    )
}

/// The plan of a whole source.
fn planned(bytes: &[u8]) -> Result<Plan, PlanError> {
    plan(bytes, true, &Layouts::builtin().unwrap(), &ReadOptions::default())
}

/// Gives every record of a source that is read in one piece.
fn each(bytes: &[u8], plan: &Plan, on: &mut dyn FnMut(RowEvent<'_>)) -> SplitSummary {
    let split = Split { from: plan.data_start().byte, to: None };
    let from = usize::try_from(plan.opening(split)).unwrap();
    SplitReader::new(plan, 0).read(&bytes[from..], split, on).unwrap()
}

/// All rows of a source in words, and its rejects; their lines count from the one after the heading.
fn read(bytes: &[u8]) -> Result<(Vec<String>, Vec<String>), PlanError> {
    let (mut rows, mut rejects) = (Vec::new(), Vec::new());
    each(bytes, &planned(bytes)?, &mut |event| match event {
        RowEvent::Row(mut row) => rows.push(words(&mut row)),
        RowEvent::Reject(reject) => rejects
            .push(format!("{} at record {}, line {}", reject.reason, reject.place.record, reject.place.line)),
    });
    Ok((rows, rejects))
}

/// What the rows of most tests say.
const LINE: &str = "2020-06-18,A,10.0.0.1,1.2.3.4,x,Incoming\n";

/// The headings of those rows.
const HEAD: &str = "Date/Time,Endpoint,Local IP,Remote IP,List Source,Traffic Direction\n";

const HEADINGS: [&str; 7] = [
    "Date/Time",
    "Endpoint",
    "Local IP/User-defined C&C list",
    "Remote IP",
    "Result",
    "List Source",
    "Traffic Direction",
];

const CELLS: [&str; 7] = [
    "2020-06-18 09:15:02",
    "DB01",
    "10.0.0.5:50123",
    "11.22.33.44:443",
    "Blocked",
    "ZBOT - HTTP (Request) - Variant 4",
    "Outgoing",
];

const SAID: &str = "2020-06-18T09:15:02Z DB01 DB01 10.0.0.5:50123 11.22.33.44:443 outgoing request blocked relevance-rule callback";

/// A source in some dialect.
fn write(order: &[usize], delimiter: &str, quoted: bool, end: &str, preamble: &str) -> String {
    let cell = |text: &str| if quoted { format!("\"{text}\"") } else { text.to_owned() };
    let line = |cells: &[&str; 7]| -> String {
        order.iter().map(|at| cell(cells[*at])).collect::<Vec<_>>().join(delimiter) + end
    };
    format!("{preamble}{}{}", line(&HEADINGS), line(&CELLS))
}

fn encoded(text: &str) -> Vec<Vec<u8>> {
    let utf16 = |mark: bool, big: bool| -> Vec<u8> {
        let marked = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        marked.flat_map(|unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    vec![text.as_bytes().to_vec(), marked, utf16(true, false), utf16(true, true), utf16(false, false)]
}

#[test]
fn every_dialect_and_encoding_gives_the_same_row() {
    for delimiter in [",", ";", "\t", "|"] {
        for quoted in [false, true] {
            for end in ["\n", "\r\n"] {
                for preamble in ["", "Suspicious Connection Logs\n\nsep=,\nServer: \"X\", all agents\n"] {
                    for bytes in encoded(&write(&[6, 3, 0, 5, 2, 1, 4], delimiter, quoted, end, preamble)) {
                        let (rows, rejects) = read(&bytes).unwrap();
                        assert_eq!(rows, [SAID], "{delimiter:?} {quoted} {end:?} {preamble:?}");
                        assert!(rejects.is_empty(), "{rejects:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn list_source_may_hold_a_list_or_a_rule() {
    for (cell, list, threat, message) in [
        ("Global C&C IP List", ListSource::Global, Threat::Callback, RequestKind::Unknown),
        ("user-defined  c&c list", ListSource::UserDefined, Threat::Callback, RequestKind::Unknown),
        ("Virtual Analyzer List", ListSource::VirtualAnalyzer, Threat::Callback, RequestKind::Unknown),
        ("Relevance Rule", ListSource::RelevanceRule, Threat::Unknown, RequestKind::Unknown),
        (
            "MS17-010 - Remote Code Execution - SMB (Request)",
            ListSource::RelevanceRule,
            Threat::Exploit,
            RequestKind::Request,
        ),
        ("Malicious_CnC_access_on_TCP_blocked", ListSource::Global, Threat::Callback, RequestKind::Unknown),
        ("Some new thing", ListSource::Unknown, Threat::Unknown, RequestKind::Unknown),
        ("", ListSource::Unknown, Threat::Unknown, RequestKind::Unknown),
    ] {
        let text = format!(
            "Remote IP,Endpoint,List Source,Traffic Direction,Date/Time\n1.2.3.4,A,{cell},Incoming,2020-06-18\n"
        );
        let (rows, rejects) = read(text.as_bytes()).unwrap();
        let expected = format!("incoming {message} unknown {list} {threat}");
        assert!(rows.len() == 1 && rows[0].ends_with(&expected), "{cell}: {rows:?} {rejects:?}");
    }
}

#[test]
fn callback_logs_in_three_languages() {
    for (headings, risk, blocked) in [
        (
            "Date/Time,User,Compromised Host,IP Address,Domain,Callback Address,C&C List Source,C&C Risk Level,Protocol,Process,Action",
            "High",
            "Blocked",
        ),
        (
            "Datum/Uhrzeit,Benutzer,Infizierter Host,IP-Adresse,Domäne,Callback-Adresse,C&C-Listenquelle,C&C-Risikostufe,Protokoll,Prozess,Aktion",
            "Hoch",
            "Blockiert",
        ),
        (
            "日時,ユーザ,感染ホスト,IPアドレス,ドメイン,コールバックアドレス,C&Cリストのソース,C&Cリスクレベル,プロトコル,プロセス,処理",
            "高",
            "ブロック",
        ),
    ] {
        let text = format!(
            "{headings}\n2020-06-18 09:15,bob,PC7,10.0.0.7,corp,http://11.1.2.3/x,Global Intelligence,{risk},HTTP,a.exe,{blocked}\n"
        );
        let layouts = Layouts::builtin().unwrap();
        let plan = plan(text.as_bytes(), true, &layouts, &ReadOptions::default()).unwrap();
        assert_eq!(plan.layout().name, "officescan-cnc-callback");
        let split = Split { from: plan.data_start().byte, to: None };
        let mut rows = 0;
        SplitReader::new(&plan, 0)
            .read(&text.as_bytes()[usize::try_from(split.from).unwrap()..], split, &mut |event| {
                let RowEvent::Row(mut row) = event else { panic!("{event:?}") };
                rows += 1;
                let said = row.said();
                assert_eq!((said.detection.risk, said.detection.result), (Risk::High, ResultKind::Blocked));
                assert_eq!((said.detection.threat, said.direction()), (Threat::Callback, Direction::None));
                assert_eq!(said.remote_text(), "http://11.1.2.3/x");
                assert_eq!(said.remote().ip, "11.1.2.3".parse().ok());
            })
            .unwrap();
        assert_eq!(rows, 1);
    }
}

#[test]
fn broken_rows_say_why_and_where() {
    let text = "Date/Time,Endpoint,Local IP,Remote IP,List Source,Traffic Direction\n\
        2020-06-18,A,10.0.0.1,1.2.3.4,x,Incoming\n\
        2020-06-18,A,10.0.0.1,1.2.3.4\n\
        \n\
        2020-06-18,A,10.0.0.1,1.2.3.4,x,Incoming,,\n\
        2020-06-18,A,10.0.0.1,1.2.3.4,x,Incoming,surplus\n\
        2020-06-18,A,10.0.0.1,not an address,x,Incoming\n\
        2020-06-18,A,999.0.0.1,1.2.3.4,x,Incoming\n\
        2020-06-18,A,10.0.0.1,,x,Incoming\n\
        2020-06-18,,,1.2.3.4,x,Incoming\n\
        Date/Time,Endpoint,Local IP,Remote IP,List Source,Traffic Direction\n\
        2020-06-18,\"two\nlines\",10.0.0.1,1.2.3.4,x,Incoming\n\
        2020-06-18,A,10.0.0.1";
    let (rows, rejects) = read(text.as_bytes()).unwrap();
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert_eq!(
        rejects,
        [
            "ragged-row at record 2, line 2",
            "ragged-row at record 4, line 5",
            "bad-address at record 5, line 6",
            "bad-address at record 6, line 7",
            "no-address at record 7, line 8",
            "no-address at record 8, line 9",
            "repeated-heading at record 9, line 10",
            "truncated-row at record 11, line 13",
        ]
    );
}

#[test]
fn what_fits_no_layout_says_what_is_missing() {
    assert_eq!(read(b"").unwrap_err(), PlanError::Empty);
    assert_eq!(read(b" \n\n").unwrap_err(), PlanError::Empty);
    let error = read(b"Remote IP,Traffic Direction,Colour\n1.2.3.4,Incoming,red\n").unwrap_err().to_string();
    assert!(
        error.contains("officescan-suspicious-connection") && error.contains("\"List Source\""),
        "{error}"
    );
}

#[test]
fn dates_that_contradict_the_proof_are_rejected_later() {
    let mut text = String::from("Date/Time,Endpoint,Local IP,Remote IP,List Source,Traffic Direction\n");
    for day in ["06/18/2020", "06/07/2020", "06/19/2020", "06/20/2020", "21/06/2020"] {
        text.push_str(&format!("{day},A,10.0.0.1,1.2.3.4,x,Incoming\n"));
    }
    let (rows, _) = read(text.as_bytes()).unwrap();
    assert!(rows[1].starts_with("2020-06-07T00:00:00Z|2020-07-06T00:00:00Z"), "{rows:?}");
    assert!(rows[4].starts_with("date-order|2020-06-21"), "{rows:?}");
}
