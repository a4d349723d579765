//! Bytes that were damaged, joined or written to deceive.

use super::*;

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

/// Survives: a heading and made-up rows inside a quoted cell | they stay the text of that cell
#[test]
fn a_heading_inside_a_cell_is_not_taken() {
    let names = HEADINGS.join(",") + ",User,Process,Protocol,Local Port,Remote Port,Domain";
    for (delimiter, cell) in [(";", names.clone()), (",", format!("\"\n{names}\n\"")), ("\t", names)] {
        let head = ["Remote IP", "Traffic Direction", "List Source", "Date/Time", "Local IP", "Process"];
        let row = ["1.2.3.4", "Incoming", "x", "2020-06-18", "10.0.0.1", &cell];
        let text = [head.join(delimiter), row.join(delimiter), String::new()].join("\n");
        let plan = planned(text.as_bytes()).unwrap();
        assert_eq!((plan.delimiter().unwrap().to_string().as_str(), plan.heading_line()), (delimiter, 1));
        let (rows, rejects) = read(text.as_bytes()).unwrap();
        assert_eq!((rows.len(), rejects.len()), (1, 0), "{rows:?} {rejects:?}");
    }
}

#[test]
fn joined_exports_are_read_on() {
    for head in [
        HEAD.to_owned(),
        format!("\u{feff}{HEAD}"),
        format!("\u{feff}\"{}\"\n", HEAD.trim().replace(',', "\",\"")),
    ] {
        let (rows, rejects) = read([&head, LINE, &head, LINE].concat().as_bytes()).unwrap();
        assert_eq!(rows.len(), 2, "{rows:?}");
        assert_eq!(rejects, ["repeated-heading at record 2, line 2"], "{head}");
    }
}

#[test]
fn broken_bytes_cost_their_row_alone() {
    let bytes = joined(&[
        "\u{feff}Pr\u{fc}fbericht ".as_bytes(),
        b"\xff\xfe\n",
        HEAD.as_bytes(),
        "2020-06-18,日本語,10.0.0.1,1.2.3.4,x,Incoming\n".as_bytes(),
        b"2020-06-18,A\xff,10.0.0.1,1.2.3.4,x,Incoming\n",
        b"2020-06-18,A,10.0.0.1,1.2.3.4,x,Incom\xffing\n",
        b"2020-06-18\xff,A,10.0.0.1,1.2.3.4,x,Incoming\n",
    ]);
    assert_eq!(planned(&bytes).unwrap().encoding(), "UTF-8");
    let (rows, rejects) = read(&bytes).unwrap();
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows[0].contains("日本語") && rows[1].starts_with("bad-time"), "{rows:?}");
    assert_eq!(rejects, ["undecodable at record 2, line 2", "undecodable at record 3, line 3"]);
}

#[test]
fn the_last_row_may_lack_its_line_end() {
    for (last, rejected) in [
        ("2020-06-18,A,10.0.0.1,1.2.3.4,x,Incoming", ""),
        ("2020-06-18,A\" b,10.0.0.1,1.2.3.4,x,Incoming", ""),
        ("2020-06-18,\"A\"\" b\",10.0.0.1,1.2.3.4,x,\"Incoming\"", ""),
        ("2020-06-18,A,10.0.0.1,1.2.3.4,x,\"Incom", "truncated-row"),
        ("2020-06-18,A,10.0.0.1,1.2", "truncated-row"),
        (
            "2020-06-18,A,10.0.0.1,1.2.3.4,x,\"Incoming\n2020-06-18,A,10.0.0.1,1.2.3.4,x,Incoming\n",
            "truncated-row",
        ),
        ("\"", "truncated-row"),
    ] {
        let (rows, rejects) = read([HEAD, LINE, last].concat().as_bytes()).unwrap();
        assert_eq!(rows.len(), 1 + usize::from(rejected.is_empty()), "{last}: {rows:?} {rejects:?}");
        assert!(rejects.iter().all(|reject| reject.starts_with(rejected)), "{last}: {rejects:?}");
    }
}

#[test]
fn lines_of_nothing_are_no_rows() {
    let text =
        [HEAD, "\n", "   \n", ",,,,,\r\n", LINE, " , ,\n", "\t\n", LINE, "\"\",\"\",\"\",\"\",\"\",\"\"\n"]
            .concat();
    let (rows, rejects) = read(text.as_bytes()).unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rejects, ["no-address at record 3, line 8"]);
}

#[test]
fn records_and_cells_without_end_are_rejected() {
    let long = "x".repeat(40_000);
    let endless = "x".repeat(2 << 20);
    let row = |name: &str| LINE.replacen('A', name, 1);
    let text = [HEAD, &row(&long), LINE, &row(&format!("\"{endless}")), "\",1,2\n", LINE].concat();
    let (rows, rejects) = read(text.as_bytes()).unwrap();
    assert_eq!(rows.len(), 2, "{}", rows.len());
    assert_eq!(rejects, ["too-long at record 1, line 1", "too-long at record 3, line 3"]);
}

#[test]
fn rejected_rows_leave_nothing_behind() {
    let mut text = HEAD.to_owned();
    for number in 0..500 {
        text.push_str(&format!(
            "2020-06-18,HOST{number},10.0.0.1,not an address {number},rule {number},Incoming\n"
        ));
    }
    let plan = planned(text.as_bytes()).unwrap();
    let split = Split { from: plan.data_start().byte, to: None };
    let mut reader = SplitReader::new(&plan, 0);
    let summary = reader.read(&text.as_bytes()[HEAD.len()..], split, &mut |_| ()).unwrap();
    assert_eq!(summary.records, 500);
    assert_eq!(summary.bytes, (text.len() - HEAD.len()) as u64);
    assert_eq!(reader.symbols().len(), 1, "only the empty text");
}

#[test]
fn a_heading_of_very_many_columns_is_none() {
    let text = "Remote IP,Traffic Direction,List Source,".repeat(2000) + "\n";
    assert!(matches!(planned(text.as_bytes()), Err(PlanError::NoLayout { .. })));
}

/// Pieces that break readers, put together at random below a heading that fits.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(LINE.as_bytes().to_vec()),
        Just(HEAD.as_bytes().to_vec()),
        Just("\u{feff}".as_bytes().to_vec()),
        Just(b"\"".to_vec()),
        Just(b"\"\"".to_vec()),
        Just(b",".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\xff".to_vec()),
        Just(b"\0".to_vec()),
        Just(b"99/99/9999 99:99".to_vec()),
        Just(b"[::ffff:1.2.3.4%x]:99999".to_vec()),
        prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), headed in any::<bool>()) {
        let head = if headed { HEADINGS.join(",") + "\n" } else { String::new() };
        let _ = read(&[head.as_bytes(), &bytes].concat());
    }

    #[test]
    fn no_pieces_panic_and_every_record_has_a_fate(bytes in pieces()) {
        let bytes = [HEAD.as_bytes(), &bytes].concat();
        let plan = planned(&bytes).unwrap();
        let mut seen = 0;
        let summary = each(&bytes, &plan, &mut |event| {
            seen += 1;
            if let RowEvent::Row(row) = event {
                assert!(row.times.readings().count() > 0);
                assert_eq!(row.place.record, seen);
            }
        });
        prop_assert_eq!(seen, summary.records);
    }
}
