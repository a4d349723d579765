//! Reading in splits of any size gives what one pass gives.

use super::*;

/// What is told of every record, with its place in the source.
fn told(event: &mut RowEvent<'_>, records: u64, lines: u64) -> String {
    let (place, what) = match event {
        RowEvent::Row(row) => (row.place, words(row)),
        RowEvent::Reject(reject) => {
            (reject.place, format!("{} {}", reject.reason, String::from_utf8_lossy(reject.raw)))
        }
    };
    format!("{} {} {} {what}", place.byte, records + place.record, lines + place.line)
}

/// All that is told of a source, and what its dates tell.
type Told = (Vec<String>, DateDecision);

/// Reads a source in splits of about a size.
fn in_splits(bytes: &[u8], plan: &Plan, target: u64) -> Told {
    let at = |byte: u64| usize::try_from(byte).unwrap();
    let size = bytes.len() as u64;
    let splits = split_points(plan, size, target, |from| Ok(&bytes[at(from)..])).unwrap();
    let scanned = |range: Split| scan(plan, range, &bytes[at(range.from)..]).unwrap();
    let scans: Vec<QuoteScan> = ranges(plan, size, target).into_iter().map(scanned).collect();
    assert_eq!(join(plan, size, &scans), splits, "scans that know nothing of each other find the same");
    read_in(bytes, plan, splits).0
}

/// Reads a source in guessed splits; `None` where the guess was wrong.
fn in_guesses(bytes: &[u8], plan: &Plan, target: u64) -> Option<Told> {
    let at = |byte: u64| usize::try_from(byte).unwrap();
    let splits = guess_splits(plan, bytes.len() as u64, target, |from| Ok(&bytes[at(from)..])).unwrap();
    let (told, right) = read_in(bytes, plan, splits);
    right.then_some(told)
}

/// Reads a source in splits; also whether each but the last ended where a record does.
fn read_in(bytes: &[u8], plan: &Plan, splits: Vec<Split>) -> (Told, bool) {
    let at = |byte: u64| usize::try_from(byte).unwrap();
    let mut right = true;
    let (mut all, mut records, mut lines) = (Vec::new(), 0, 0);
    let mut dates: Option<DateEvidence> = None;
    for split in splits {
        let input = &bytes[at(split.from)..];
        let mut on = |mut event: RowEvent<'_>| all.push(told(&mut event, records, lines));
        let summary = SplitReader::new(plan, 0).read(input, split, &mut on).unwrap();
        right &= split.to.is_none() || summary.whole;
        records += summary.records;
        lines += summary.lines;
        match &mut dates {
            Some(dates) => dates.merge(&summary.dates),
            None => dates = Some(summary.dates),
        }
    }
    ((all, dates.unwrap().decide()), right)
}

fn in_one_pass(bytes: &[u8], plan: &Plan) -> Told {
    let mut all = Vec::new();
    let summary = each(bytes, plan, &mut |mut event| all.push(told(&mut event, 0, 0)));
    (all, summary.dates.decide())
}

/// Survives: made-up rows inside a cell of a file that is read in parts | no part begins inside the cell
#[test]
fn no_split_lets_made_up_rows_in() {
    let mut text =
        String::from("Date/Time,Endpoint,Process,Local IP,Remote IP,List Source,Traffic Direction\n");
    for _ in 0..20 {
        text.push_str("2020-06-18,DB01,C:\\a\" b.exe,10.0.0.1,1.2.3.4,x,Incoming\n");
        text.push_str("2020-06-18,DB01,\"\n2020-06-18,FORGED,y,10.6.6.6,6.6.6.6,x,Outgoing\n");
        text.push_str("2020-06-18,FORGED,y,10.6.6.6,6.6.6.6,x,Outgoing\n\",10.0.0.1,1.2.3.4,x,Incoming\n");
    }
    let plan = planned(text.as_bytes()).unwrap();
    let whole = in_one_pass(text.as_bytes(), &plan);
    assert_eq!(whole.0.len(), 40);
    assert!(whole.0.iter().all(|row| row.contains("DB01 DB01 10.0.0.1")), "{:?}", whole.0);
    for target in 1..text.len() as u64 / 2 {
        assert_eq!(in_splits(text.as_bytes(), &plan, target), whole, "target {target}");
        let guessed = in_guesses(text.as_bytes(), &plan, target);
        assert!(guessed.is_none_or(|guessed| guessed == whole), "target {target}");
    }
}

#[test]
fn sources_are_split_where_they_can_be() {
    let text = HEAD.to_owned() + &LINE.repeat(100);
    let plan = planned(text.as_bytes()).unwrap();
    let at = |byte: u64| usize::try_from(byte).unwrap();
    let splits =
        split_points(&plan, text.len() as u64, 400, |from| Ok(&text.as_bytes()[at(from)..])).unwrap();
    assert!(splits.len() >= 9, "{splits:?}");
    assert!(splits.windows(2).all(|pair| pair[0].to == Some(pair[1].from)));
    assert_eq!((splits[0].from, splits[splits.len() - 1].to), (HEAD.len() as u64, None));
}

/// Lines of every kind that a source may hold.
fn lines() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        4 => "[a-c\"]{0,3}".prop_map(|name| LINE.replacen('A', &name, 1)),
        4 => "[a-c\"\n,]{0,5}".prop_map(|name| LINE.replacen('A', &format!("\"{}\"", name.replace('"', "\"\"")), 1)),
        2 => (1..13, 1..30).prop_map(|(a, b)| LINE.replacen("2020-06-18", &format!("{a}/{b}/2020"), 1)),
        1 => Just(LINE.replace('\n', "\r\n")),
        1 => Just(LINE.replacen('A', "\"A", 1)),
        1 => Just(HEAD.to_owned()),
        1 => Just(format!("\u{feff}{HEAD}")),
        1 => Just("\n \r\n".to_owned()),
        1 => Just("ragged,row\n".to_owned()),
        1 => Just("cut,\"off".to_owned()),
    ];
    prop::collection::vec(line, 0..20).prop_map(|lines| lines.concat())
}

/// Lines of CEF and others that may stand between them. Quotes mean nothing in them.
fn events() -> impl Strategy<Value = String> {
    let event = |(word, day): (String, u32)| {
        format!(
            "CEF:0|Trend Micro|Apex Central|2019|NCIE:Pass|{word}|3|rt=Nov {day} 2026 06:34:09 GMT+00:00 \
             dvchost={word} act=Block src=10.0.0.1 spt=50000 dst=26.17.17.227 dpt=80 deviceDirection=Outbound\n"
        )
    };
    let line = prop_oneof![
        6 => ("[a-c\"]{1,3}", 10u32..30).prop_map(event),
        1 => Just(event(("x".to_owned(), 11)).replace('\n', "\r\n")),
        1 => Just("\n \r\n\t".to_owned()),
        1 => Just("no event, \"but a line\n".to_owned()),
        1 => Just("CEF:0|cut off\n".to_owned()),
    ];
    prop::collection::vec(line, 1..12).prop_map(move |lines| event(("A".to_owned(), 10)) + &lines.concat())
}

proptest! {
    #[test]
    fn splits_of_lines_are_never_wrong(text in events(), cut in 0usize..3, target in 1u64..900) {
        let text = &text[..text.len() - cut];
        let plan = planned(text.as_bytes()).unwrap();
        prop_assert!(plan.splittable());
        let whole = in_one_pass(text.as_bytes(), &plan);
        prop_assert_eq!(in_guesses(text.as_bytes(), &plan, target), Some(whole));
    }

    #[test]
    fn splits_give_the_records_of_one_pass(lines in lines(), target in 1u64..300) {
        let text = HEAD.to_owned() + &lines;
        let plan = planned(text.as_bytes()).unwrap();
        let whole = in_one_pass(text.as_bytes(), &plan);
        if let Some(guessed) = in_guesses(text.as_bytes(), &plan, target) {
            prop_assert_eq!(&guessed, &whole);
        } else {
            prop_assert!(text.contains('"'), "without quotes every line is a record's");
        }
        prop_assert_eq!(in_splits(text.as_bytes(), &plan, target), whole);
    }
}

/// Reads a source in parts that were scanned by themselves, each from the first record that starts in it to the next's.
fn in_scanned_parts(bytes: &[u8], plan: &Plan, cuts: &[usize], head: u64) -> Told {
    let mut cuts: Vec<usize> =
        cuts.iter().map(|cut| (*cut).min(bytes.len())).chain([0, bytes.len()]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let scanned = |pair: &[usize]| {
        let mut scan = SplitScan::new(pair[0] as u64, head);
        bytes[pair[0]..pair[1]].chunks(7).for_each(|block| scan.follow(block));
        let carried =
            SplitScan::of(scan.from(), head, scan.head().to_vec(), scan.quotes().to_vec(), scan.last());
        assert_eq!(carried.as_ref(), Some(&scan));
        scan
    };
    let scans: Vec<SplitScan> = cuts.windows(2).map(scanned).collect();
    let found = split_starts(plan, &scans);
    for (scan, start) in scans.iter().zip(&found.starts) {
        assert!(start.is_none_or(|start| scan.from() <= start && start < scan.to()));
    }
    let starts: Vec<u64> = found.starts.iter().copied().flatten().collect();
    let ends = starts.iter().skip(1).map(|start| Some(*start)).chain([None]);
    let splits: Vec<Split> = starts.iter().zip(ends).map(|(from, to)| Split { from: *from, to }).collect();
    if splits.is_empty() {
        let end = Split { from: bytes.len() as u64, to: None };
        return read_in(bytes, plan, vec![end]).0;
    }
    read_in(bytes, plan, splits).0
}

proptest! {
    #[test]
    fn parts_that_know_nothing_of_each_other_give_the_records_of_one_pass(
        lines in lines(),
        cuts in prop::collection::vec(0usize..2000, 0..6),
        more in 0u64..100,
    ) {
        let text = HEAD.to_owned() + &lines;
        let plan = planned(text.as_bytes()).unwrap();
        let head = plan.data_start().byte + more;
        let whole = in_one_pass(text.as_bytes(), &plan);
        prop_assert_eq!(in_scanned_parts(text.as_bytes(), &plan, &cuts, head), whole);
    }
}

#[test]
fn a_record_is_of_the_part_in_which_it_starts() {
    let text = HEAD.to_owned() + &LINE.repeat(6);
    let plan = planned(text.as_bytes()).unwrap();
    let (head, line) = (HEAD.len() as u64, LINE.len() as u64);
    let scan = |from: u64, to: u64| {
        let mut scan = SplitScan::new(from, 80);
        scan.follow(&text.as_bytes()[usize::try_from(from).unwrap()..usize::try_from(to).unwrap()]);
        scan
    };
    let (one, two, size) = (head + line, head + 3 * line - 2, text.len() as u64);
    let found =
        split_starts(&plan, &[scan(0, one), scan(one, two), scan(two, size - 1), scan(size - 1, size)]);
    assert_eq!(found.starts, [Some(head), Some(one), Some(head + 3 * line), None]);
    assert_eq!(found.one_piece, None);
    let stray = text.replacen('A', "A\" ", 1);
    let size = stray.len() as u64;
    let mut scans = vec![SplitScan::new(0, 80), SplitScan::new(size / 2, 80)];
    scans[0].follow(&stray.as_bytes()[..usize::try_from(size / 2).unwrap()]);
    scans[1].follow(&stray.as_bytes()[usize::try_from(size / 2).unwrap()..]);
    assert_eq!(split_starts(&plan, &scans).one_piece, Some(head));
}
