//! The built-in workbook says what the model says.

use super::*;
use calamine::DataType as _;
use ringback_model::{Instant, Scenario, Severity};
use ringback_template::words;

#[test]
fn lists_are_those_of_the_model() {
    let report = report(sample::case());
    let mut book = open(rendered(sample::case(), &[]));
    let ids = |range: &Range<Data>, heading| texts(range, heading);
    let incidents = cells(&mut book, "Incidents");
    let expected: Vec<String> = report.incidents().iter().map(|one| one.id.to_string()).collect();
    assert_eq!(ids(&incidents, "Incident"), expected);
    let rows: Vec<Data> = report.incidents().iter().map(|one| number(one.rows)).collect();
    assert_eq!(column(&incidents, "Rows"), rows);
    let open_rows: Vec<Data> = report.incidents().iter().map(|one| number(one.rows - one.blocked)).collect();
    assert_eq!(column(&incidents, "Not blocked"), open_rows);

    let findings = cells(&mut book, "Findings");
    let expected: Vec<String> = report.findings().iter().map(|one| one.id.to_string()).collect();
    assert_eq!(ids(&findings, "Finding"), expected);
    for (n, one) in report.findings().iter().enumerate() {
        let same = |heading, text: Option<&str>| {
            let told = texts(&findings, heading)[n].clone();
            let text = text.unwrap_or_default().replace("\r\n", "\n");
            assert!(told == text || told.contains("\\u{"), "{heading}: {told:?} {text:?}");
        };
        same("Host", Some(&one.host));
        same("Remote", Some(&one.remote));
        same("Rule", one.rule);
        same("Process", one.process);
        same("User", one.user);
        same("Local address", one.local_ip.as_deref());
        assert_eq!(column(&findings, "Rows")[n], number(one.rows));
        assert_eq!(column(&findings, "Events")[n], number(one.occurrences));
        let port = one.remote_port.map_or(Data::Empty, |port| number(port.into()));
        assert_eq!(column(&findings, "Remote port")[n], port);
    }
    for (sheet, rows) in [
        ("Hosts", report.case.hosts.len()),
        ("Remote addresses", report.case.remotes.len()),
        ("Inputs", report.case.inputs.len()),
        ("Questions", report.case.questions.len()),
        ("Accepted findings", report.case.suppressions.len()),
        ("Findings taken out", report.case.suppressions.iter().map(|one| one.taken.len()).sum()),
        ("Evidence", report.case.findings.iter().map(|one| one.tally.evidence.len()).sum()),
        ("Advice", report.case.incidents.iter().map(|one| one.advice.len()).sum()),
        ("Rejected rows", report.case.accounting.rejects.iter().map(|one| one.places.len()).sum()),
    ] {
        assert_eq!(cells(&mut book, sheet).height(), rows + 1, "{sheet}");
    }
}

#[test]
fn figures_are_those_of_the_model() {
    let report = report(sample::case());
    let view = report.view();
    let mut book = open(rendered(sample::case(), &[]));
    let summary = cells(&mut book, "Summary");
    for severity in Severity::ALL {
        let word = severity.as_str();
        let label = format!("{}{}", word[..1].to_uppercase(), &word[1..]);
        let told = beside(&summary, &label);
        let counts =
            [&view.summary.severity_incidents, &view.summary.severity_findings, &view.summary.severity];
        for (told, counts) in told.iter().zip(counts) {
            assert_eq!(*told, number(counts[word]), "{word}");
        }
    }
    for (label, count) in [
        ("Incidents", view.summary.incidents),
        ("Findings", view.summary.findings),
        ("Rows", view.summary.rows),
        ("Events", view.summary.occurrences),
        ("Read", view.accounting.rows),
    ] {
        assert_eq!(beside(&summary, label)[0], number(count), "{label}");
    }
    for statement in &view.summary.statements {
        assert!(summary.rows().any(|row| row[0] == **statement), "{statement}");
    }
    let accounting = cells(&mut book, "Accounting");
    for (label, count) in [
        ("In findings", view.accounting.in_findings),
        ("Accepted", view.accounting.suppressed),
        ("Outside of the period asked for", view.accounting.filtered),
        ("In an earlier export too", view.accounting.duplicate),
        ("Rejected", view.accounting.rejected),
        ("Read", view.accounting.rows),
    ] {
        assert_eq!(beside(&accounting, label)[0], number(count), "{label}");
    }
    let timeline = cells(&mut book, "Timeline");
    let sum: f64 =
        timeline.rows().flat_map(|row| row.iter().skip(1)).filter_map(calamine::DataType::as_f64).sum();
    assert_eq!(Data::Float(sum), number(view.summary.rows));
    let headings = timeline.rows().find(|row| row[0].to_string().starts_with("Start (")).unwrap();
    assert_eq!(headings.len(), 1 + Scenario::ALL.len());
}

#[test]
fn times_are_dates_in_the_zone_of_the_report() {
    let report = report(sample::case());
    let words = words("en").unwrap().in_zone("Europe/Berlin").unwrap();
    let mut book = open(rendered(sample::case(), &[]));
    let findings = cells(&mut book, "Findings");
    assert!(findings.rows().next().unwrap().iter().any(|text| *text == *"First (Europe/Berlin)"));
    for (told, one) in column(&findings, "First").iter().zip(report.findings().iter()) {
        let Data::DateTime(date) = told else { panic!("{told:?} is no date") };
        let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
        let shown = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
        assert_eq!(shown, words.time(one.first, false));
    }
}

#[test]
fn times_that_no_spreadsheet_knows_are_text() {
    let mut case = sample::case();
    case.findings[0].tally.first = Instant::from_seconds(-3_000_000_000);
    let mut book = open(rendered(case, &[]));
    let told = column(&cells(&mut book, "Findings"), "First");
    assert_eq!(told[0], Data::String("1874-12-07T18:40:00Z".to_owned()));
    assert!(told[1].is_datetime());
}

#[test]
fn what_caps_leave_out_is_counted_twice() {
    let caps = [("findings_rows", "4"), ("hosts_rows", "3"), ("incidents_rows", "0")];
    let mut book = open(rendered(sample::case(), &caps));
    for (sheet, shown, total) in [
        ("Findings", 4, 10),
        ("Evidence", 4, 29),
        ("Hosts", 3, 8),
        ("Remote addresses", 3, 10),
        ("Incidents", 0, 9),
        ("Advice", 0, 45),
    ] {
        let range = cells(&mut book, sheet);
        assert_eq!(range.height(), shown + 2, "{sheet}");
        let last = range.rows().next_back().unwrap()[0].to_string();
        let left_out = total - shown;
        assert_eq!(
            last,
            format!("… and {left_out} more rows, which the cap of this sheet left out."),
            "{sheet}"
        );
        let summary = cells(&mut book, "Summary");
        let found = summary.rows().rfind(|row| row[0] == *sheet).unwrap();
        assert_eq!(found[1..3], [number(shown as u64), number(left_out as u64)], "{sheet}");
    }
}

#[test]
fn long_texts_are_cut_marked_and_counted() {
    let mut case = sample::case();
    case.hosts[0].host = "𝄞".repeat(20_000);
    case.hosts[1].host = "x".repeat(32_767);
    let mut book = open(rendered(case, &[]));
    let hosts = texts(&cells(&mut book, "Hosts"), "Host");
    assert!(hosts[0].encode_utf16().count() <= 32_767);
    let kept = hosts[0].chars().filter(|c| *c == '𝄞').count();
    assert!(hosts[0].ends_with(&format!(
        "… [{},{:03} characters left out]",
        (20_000 - kept) / 1000,
        (20_000 - kept) % 1000
    )));
    assert_eq!(hosts[1].len(), 32_767);
    let summary = cells(&mut book, "Summary");
    let told = summary.rows().rfind(|row| row[0] == *"Hosts").unwrap();
    assert_eq!(told[3], number(1));
}

#[test]
fn a_case_of_nothing_says_so() {
    let case = Case { heading: sample::case().heading, ..Case::default() };
    let mut book = open(rendered(case, &[]));
    for (sheet, text) in [
        ("Incidents", "There are no incidents."),
        ("Findings", "There are no findings."),
        ("Undetermined", "Every finding could be determined."),
        ("Rejected rows", "Every row could be read."),
        ("Accepted findings", "No findings were accepted."),
    ] {
        assert!(cells(&mut book, sheet).rows().any(|row| row[0] == *text), "{sheet}");
    }
    assert_eq!(beside(&cells(&mut book, "Accounting"), "Read")[0], number(0));
}

#[test]
fn the_same_report_makes_the_same_bytes() {
    assert_eq!(rendered(sample::case(), &[]), rendered(sample::case(), &[]));
    let mut timeless = sample::case();
    timeless.heading.generated_at = None;
    assert_eq!(rendered(timeless.clone(), &[]), rendered(timeless, &[]));
}

#[test]
fn long_texts_make_their_rows_as_high_as_their_column_lets_them() {
    for (lines, height) in
        [("", Some("ht=\"180\"")), (", lines = 3", Some("ht=\"45\"")), (", lines = 1", None)]
    {
        let text = r#"range(20)|join("\n")"#;
        let declared = format!(
            "schema = 1\n[[sheet]]\nid = \"one\"\nname = '\"One\"'\n[[sheet.block]]\nid = \"list\"\nrows = 'findings'\n\
             columns = [{{ heading = '\"Text\"', value = '{text}', wrap = true{lines} }}]\n"
        );
        let parts = parts(&of_declaration(&declared).unwrap());
        let sheet = &parts["xl/worksheets/sheet1.xml"];
        let second = sheet.split("<row ").nth(2).unwrap();
        let told = second.split_whitespace().find(|part| part.starts_with("ht="));
        assert_eq!(told, height, "{lines}: {}", second.split('>').next().unwrap());
    }
}
