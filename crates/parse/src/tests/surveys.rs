//! Surveys: what stands in a source, the same in one piece and in splits; what spreadsheets spoiled is counted.

use super::*;

/// The survey of a source that is read in one piece.
fn surveyed(bytes: &[u8], plan: &Plan) -> (Survey, SplitSummary) {
    let whole = Split { from: plan.data_start().byte, to: None };
    in_split(bytes, plan, whole)
}

fn in_split(bytes: &[u8], plan: &Plan, split: Split) -> (Survey, SplitSummary) {
    let from = usize::try_from(plan.opening(split)).unwrap();
    let mut survey = Survey::default();
    let summary = SplitReader::new(plan, 0).survey(&bytes[from..], split, &mut survey, &mut |_| {}).unwrap();
    (survey, summary)
}

/// A column as a text: how many cells are filled, and the samples.
fn column(column: &ColumnSurvey) -> String {
    format!("{} {}", column.filled, column.samples().collect::<Vec<_>>().join("|"))
}

#[test]
fn columns_quotes_line_ends_and_forms_are_told() {
    let text = "Date/Time,Endpoint,Local IP,Remote IP,List Source,Traffic Direction,Colour\r\n\
        \"2020-06-18 09:15\",\"A\",10.0.0.1,1.2.3.4,x,Incoming,red\r\n\
        18.06.2020,A,10.0.0.1,1.2.3.4,x,Incoming, \n\
        2020-06-18 09:16,,10.0.0.1,1.2.3.4,x,Incoming,green\r\n\
        2020-06-18 09:16,A,10.0.0.1,1.2.3.4,x\r\n\
        soon,A,10.0.0.1,1.2.3.4,x,Incoming,red\r\n\
        45000.5,A,10.0.0.1,1.2.3.4,x,Incoming,blue\r\n\
        ,A,10.0.0.1,1.2.3.4,x,Incoming,white";
    let plan = planned(text.as_bytes()).unwrap();
    let (survey, _) = surveyed(text.as_bytes(), &plan);
    let columns: Vec<String> = survey.columns.iter().map(column).collect();
    assert_eq!(columns, ["5 ", "5 ", "6 ", "6 ", "6 ", "6 ", "5 red|green|blue"]);
    let Quoting { quoted, bare, empty } = survey.quoting;
    assert_eq!((quoted, bare, empty), (2, 43, 2), "the cells of the ragged row and blanks count too");
    let LineEnds { lf, crlf, cr } = survey.line_ends;
    assert_eq!((lf, crlf, cr), (1, 5, 0));
    let forms: Vec<(String, u64, u64)> =
        survey.forms.iter().map(|(form, seen)| (form.told(None), seen.rows, seen.first.record)).collect();
    let expected = [
        ("DD.MM.YYYY", 1, 2),
        ("YYYY-MM-DD hh:mm", 2, 1),
        ("empty", 1, 7),
        ("what a spreadsheet put there", 1, 6),
        ("unknown", 1, 5),
    ];
    assert_eq!(forms, expected.map(|(form, rows, first)| (form.to_owned(), rows, first)));
    assert_eq!(column(&survey.unknown_times), "1 soon");
}

#[test]
fn keys_that_no_layout_reads_are_told_by_their_labels() {
    let event = "CEF:0|Trend Micro|Apex Central|2019|NCIE:Pass|x|3|rt=Nov 11 2026 06:34:09 GMT+00:00 \
        src=10.0.0.1 dst=1.2.3.4 cn2=1 cn2Label=SLF_PatternType cn1=1 cn1Label=Whatever cs9=odd mine=a deviceDirection=1\n";
    let text = format!("{event}{}no event\n", event.replace("mine=a", "mine=b"));
    let plan = planned(text.as_bytes()).unwrap();
    let (survey, _) = surveyed(text.as_bytes(), &plan);
    let unread: Vec<String> =
        survey.unread.iter().map(|(key, seen)| format!("{key} {}", column(seen))).collect();
    assert_eq!(unread, ["Whatever 2 1", "cefVersion 2 0", "cs9 2 odd", "deviceVersion 2 2019", "mine 2 a|b"]);
    let matches = plan.matches(&survey);
    assert_eq!(matches.len(), 1);
    assert_eq!(matches[0].layout.name, "apex-central-cef-suspicious-connection");
    assert_eq!((matches[0].records, survey.line_ends.lf), (2, 3));
    let required: Vec<usize> = matches[0].required.iter().map(|group| group.found.len()).collect();
    assert!(required.iter().all(|found| *found > 0), "{required:?}");
    let (runner_up, lacks) = plan.runner_up().unwrap();
    assert_eq!(runner_up, "apex-central-cef-cnc-callback");
    assert!(
        lacks.len() == 1 && lacks[0].contains("CnC:*") && !lacks[0].contains("deviceVendor"),
        "{lacks:?}"
    );
}

#[test]
fn what_a_spreadsheet_spoiled_is_rejected_or_counted() {
    let head = "Date/Time,Endpoint,Local IP,Remote IP,Remote Port,List Source,Traffic Direction,Count\n";
    for (row, outcome, ports, counts) in [
        ("2020-06-18,A,10.0.0.1,1.2.3.4,443,x,Incoming,7", "", 0, 0),
        ("2020-06-18,A,10.0.0.1,1.2.3.4,,x,Incoming,", "", 0, 0),
        ("2020-06-18,A,10.0.0.1,1.2.3.4,-,x,Incoming,N/A", "", 0, 0),
        ("2020-06-18,A,10.0.0.1,1.2.3.4,1.2E+04,x,Incoming,1.23457E+11", "", 1, 1),
        ("2020-06-18,A,10.0.0.1,1.2.3.4,443.0,x,Incoming,\"1,234\"", "", 1, 1),
        ("2020-06-18,A,10.0.0.1,1.2.3.4,70000,x,Incoming,0", "", 1, 0),
        ("45123.5,A,10.0.0.1,1.2.3.4,443,x,Incoming,1", "spreadsheet-number", 0, 0),
        ("15:02.0,A,10.0.0.1,1.2.3.4,443,x,Incoming,1", "spreadsheet-number", 0, 0),
        ("########,A,10.0.0.1,1.2.3.4,443,x,Incoming,1", "spreadsheet-number", 0, 0),
        ("2020-06-18,A,10.0.0.1,1.92168E+11,443,x,Incoming,1", "spreadsheet-number", 0, 0),
        ("2020-06-18,A,192168100100,1.2.3.4,443,x,Incoming,1", "spreadsheet-number", 0, 0),
        ("2020-06-18,A,10.0.0.1,#NAME?,443,x,Incoming,1", "spreadsheet-number", 0, 0),
        ("2020-06-18,A,10.0.0.1,no name,1.2E+04,x,Incoming,1", "bad-address", 0, 0),
    ] {
        let text = format!("{head}{row}\n");
        let plan = planned(text.as_bytes()).unwrap();
        let mut rejects = String::new();
        let summary = each(text.as_bytes(), &plan, &mut |event| match event {
            RowEvent::Row(row) => {
                rejects.extend(row.times.readings().filter_map(Result::err).map(|no| no.to_string()));
            }
            RowEvent::Reject(reject) => rejects.push_str(reject.reason.as_str()),
        });
        assert_eq!(rejects, outcome, "{row}");
        assert_eq!(summary.unread, Unread { ports, counts }, "{row}");
        assert_eq!(summary.unread.notes().count() as u64, ports + counts, "{row}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn splits_tell_what_the_whole_tells(
        rows in prop::collection::vec((0usize..7, 0usize..5, any::<bool>()), 1..60),
        target in 40u64..400,
        backwards: bool,
    ) {
        const TIMES: [&str; 7] =
            ["06/07/2020", "13/06/2020 10:00", "06/13/2020 10:00:01 PM", "2020-06-18", "soon", "", "45123.5"];
        const COLOURS: [&str; 5] = ["red", "", "\"two\r\nlines\"", "blue", "green"];
        let mut text = HEAD.replace("Traffic Direction\n", "Traffic Direction,Colour\n");
        for (time, colour, crlf) in rows {
            let end = if crlf { "\r\n" } else { "\n" };
            text.push_str(&format!("{},A,10.0.0.1,1.2.3.4,x,Incoming,{}{end}", TIMES[time], COLOURS[colour]));
        }
        let plan = planned(text.as_bytes()).unwrap();
        let size = text.len() as u64;
        let open = |offset: u64| Ok(&text.as_bytes()[usize::try_from(offset).unwrap()..]);
        let mut splits = split_points(&plan, size, target, open).unwrap();
        if backwards {
            splits.reverse();
        }
        let (mut joined, mut unread) = (Survey::default(), Unread::default());
        for split in splits {
            let (survey, summary) = in_split(text.as_bytes(), &plan, split);
            joined.merge(survey);
            unread.merge(summary.unread);
        }
        let (mut whole, summary) = surveyed(text.as_bytes(), &plan);
        for survey in [&mut joined, &mut whole] {
            survey.place(|place| (place.record, place.line) = (0, 0));
        }
        prop_assert_eq!(joined, whole);
        prop_assert_eq!(unread, summary.unread);
    }
}
