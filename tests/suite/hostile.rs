//! Text of logs stays text in every artefact and on the terminal.

use crate::program::{profile, reports_of, ringback, stdout};
use calamine::{Reader, Xlsx};
use std::path::PathBuf;

/// Text that would do harm if an artefact took it for more than text.
const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "=HYPERLINK(\"http://26.0.0.1\",\"x\")",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1+1)*cmd",
    "\t=1+1",
    "[x](javascript:alert(1))",
    "![x](http://26.0.0.1/a.png)",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "a | b\u{1b}[31m red \u{9b}31m",
    "\u{1b}]8;;http://26.0.0.1\u{7}link\u{1b}]8;;\u{7}",
    "\u{202e}gpj.exe\u{200b}",
    "two\nlines, and a \"quote\"",
    "</title></style></textarea>",
    "${7*7} `id` $(id)",
];

/// An export in which every text field holds every hostile text.
pub(crate) fn hostile_export() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hostile.csv");
    let mut writer = csv::Writer::from_path(&path).unwrap();
    let headings = [
        "Date/Time",
        "Endpoint",
        "Domain",
        "User",
        "Process",
        "Local IP",
        "Remote IP",
        "Remote Port",
        "Protocol",
        "Result",
        "List Source",
        "Traffic Direction",
        "Extra",
    ];
    writer.write_record(headings).unwrap();
    for (number, text) in HOSTILE.iter().enumerate() {
        let local = format!("10.0.0.{number}");
        let cells = [
            "2026-11-01 10:00:00",
            text,
            text,
            text,
            text,
            local.as_str(),
            "11.1.1.1",
            "443",
            text,
            text,
            text,
            "Outgoing",
            text,
        ];
        writer.write_record(cells).unwrap();
    }
    writer.flush().unwrap();
    (folder, path)
}

#[test]
fn html_takes_nothing_of_a_log_for_markup() {
    let (_exports, export) = hostile_export();
    let folder = reports_of(&export, "html", "1");
    let html = std::fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(html.contains("&lt;script&gt;alert(1)"), "the hostile rows are in the report");
    assert!(html.contains("&lt;img src=x"), "as text");
    for markup in [
        "<script>alert",
        "<img src=x",
        "<svg/onload",
        "href=\"javascript:",
        "href='javascript:",
        "\u{1b}",
        "\u{202e}",
    ] {
        assert!(!html.contains(markup), "{markup:?}");
    }
    assert!(html.contains("Content-Security-Policy") && html.contains("default-src 'none'"));
    for request in [" src=\"http", "url(http", "<link rel=\"stylesheet\"", "@import"] {
        assert!(!html.contains(request), "{request}");
    }
    assert!(html.contains("{{ 7*7 }}") && !html.contains(">49<"), "data is no template");
}

#[test]
fn markdown_takes_nothing_of_a_log_for_markup() {
    let (_exports, export) = hostile_export();
    let folder = reports_of(&export, "markdown", "1");
    let markdown = std::fs::read_to_string(folder.path().join("report.md")).unwrap();
    for markup in ["<script>", "<img", "[x](javascript", "![x](http", "\u{1b}", "\u{202e}"] {
        assert!(!markdown.contains(markup), "{markup:?}");
    }
}

#[test]
fn workbooks_hold_no_formula() {
    let (_exports, export) = hostile_export();
    let folder = reports_of(&export, "xlsx", "1");
    let events = folder.path().join("events.xlsx");
    let mut command = ringback(["events", "-q", "-f", "xlsx", "-o"]);
    command.args([&events, &export]);
    stdout(command);
    for path in [folder.path().join("report.xlsx"), events] {
        let mut workbook: Xlsx<_> = calamine::open_workbook(path).unwrap();
        for sheet in workbook.sheet_names() {
            let formulas = workbook.worksheet_formula(&sheet).unwrap();
            assert!(formulas.used_cells().next().is_none(), "{sheet}");
            let range = workbook.worksheet_range(&sheet).unwrap();
            let mut texts = range.used_cells().map(|(_, _, cell)| cell.to_string());
            let steers = |text: &String| text.contains(['\u{1b}', '\u{9b}', '\u{7}', '\u{202e}', '\u{200b}']);
            assert_eq!(texts.find(steers), None, "{sheet}");
        }
    }
}

#[test]
fn csv_events_and_the_terminal_are_safe() {
    let mut command = ringback(["events", "-q", "-f", "csv", "-p"]);
    let (_exports, export) = hostile_export();
    command.arg(profile()).arg(&export);
    let events = stdout(command);
    let mut reader = csv::Reader::from_reader(events.as_bytes());
    let mut rows = 0;
    for record in reader.records() {
        rows += 1;
        let record = record.unwrap();
        assert!(record.iter().all(|cell| !cell.starts_with(['=', '+', '@'])), "{record:?}");
    }
    assert_eq!(rows, HOSTILE.len());
    for color in ["auto", "never"] {
        let mut command = ringback(["triage", "-q", "--top", "1000000", "--color", color, "-p"]);
        command.arg(profile()).arg(&export);
        let page = stdout(command);
        assert!(page.chars().all(|char| !char.is_control() || char == '\n'), "a control character");
    }
}
