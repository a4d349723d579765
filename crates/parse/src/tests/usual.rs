//! Rows that are taken as usual say what they say to the reader that looks at every row step by step.

use super::*;
use crate::differential::{HEADS, rows_told};

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop_oneof![Just("2020-06-18 09:15:02"), Just("06/18/2020 09:15:02"), Just("2020-06-18 09:59:59")]
            .prop_map(str::to_owned),
        4 => (0u32..70_000).prop_map(|port| port.to_string()),
        4 => (0u8..3, 0u8..3).prop_map(|(a, b)| format!("10.0.{a}.{b}")),
        3 => (0u8..3, 0u32..70_000).prop_map(|(a, port)| format!("26.0.0.{a}:{port}")),
        2 => prop_oneof![
            Just("Incoming"), Just("Outgoing"), Just("Blocked"), Just("WS1"), Just("[2001:db8::1]:443"),
            Just("http://a.example:80/x"), Just("2001:db8::1"), Just("x"), Just("Total"), Just("445 ")
        ].prop_map(str::to_owned),
        1 => "[ \t0-9:.a]{0,4}",
        1 => Just("\"a\"\"b\"".to_owned()),
        2 => Just(String::new()),
    ]
}

/// A row that is right but for what is put into a few of its cells.
fn row(head: usize) -> impl Strategy<Value = String> {
    let right: Vec<&str> = match head {
        0 => vec![
            "2020-06-18 09:15:02",
            "WS1",
            "u",
            "10.0.0.1",
            "50123",
            "26.0.0.1",
            "443",
            "Blocked",
            "x",
            "Outgoing",
        ],
        _ => vec![
            "2020-06-18 09:15:02",
            "WS1",
            "10.0.0.1:445",
            "26.0.0.1:50123",
            "Blocked",
            "x",
            "Incoming",
            "",
        ],
    };
    let width = right.len();
    (prop::collection::vec((0..width, cell(), any::<bool>()), 0..3), 0usize..12).prop_map(
        move |(changes, end)| {
            let mut cells: Vec<String> = right.iter().map(|cell| (*cell).to_owned()).collect();
            for (at, cell, quoted) in changes {
                cells[at] = if quoted && !cell.contains('"') { format!("\"{cell}\"") } else { cell };
            }
            match end {
                0 => cells.truncate(2),
                1 => cells.push(String::new()),
                2 => return HEADS[head].to_owned(),
                3 => return String::new(),
                4 => return ",".repeat(width - 1),
                _ => {}
            }
            cells.join(",")
        },
    )
}

proptest! {
    #[test]
    fn they_say_what_they_say_step_by_step(
        (head, rows) in (0usize..2).prop_flat_map(|head| (Just(head), prop::collection::vec(row(head), 1..40))),
    ) {
        let text = format!("{}\n{}\n", HEADS[head], rows.join("\n"));
        let plan = planned(text.as_bytes()).unwrap();
        let usual = rows_told(text.as_bytes(), &plan, SplitReader::new(&plan, 0));
        let step_by_step = rows_told(text.as_bytes(), &plan, SplitReader::new(&plan, 0).step_by_step());
        prop_assert_eq!(usual, step_by_step);
    }
}

#[test]
fn both_headings_have_usual_rows() {
    for head in HEADS {
        let text = format!("{head}\n");
        let plan = planned(text.as_bytes()).unwrap();
        assert!(SplitReader::new(&plan, 0).knows_usual_rows(), "{head}");
    }
}
