//! Text of logs stays text in every artefact and on the terminal.

use crate::program::{exports, profile, reports, ringback, stdout};
use calamine::{Reader, Xlsx};

#[test]
fn html_takes_nothing_of_a_log_for_markup() {
    let folder = reports("html", "0");
    let html = std::fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(html.contains("&lt;script&gt;alert(1)"), "the hostile rows are in the report");
    for markup in
        ["<script>alert", "<img src=x", "href=\"javascript:", "href='javascript:", "\u{1b}", "\u{202e}"]
    {
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
    let folder = reports("markdown", "0");
    let markdown = std::fs::read_to_string(folder.path().join("report.md")).unwrap();
    for markup in ["<script>", "<img", "[x](javascript", "![x](http", "\u{1b}", "\u{202e}"] {
        assert!(!markdown.contains(markup), "{markup:?}");
    }
}

#[test]
fn workbooks_hold_no_formula() {
    let folder = reports("xlsx", "0");
    let mut workbook: Xlsx<_> = calamine::open_workbook(folder.path().join("report.xlsx")).unwrap();
    for sheet in workbook.sheet_names() {
        let formulas = workbook.worksheet_formula(&sheet).unwrap();
        assert!(formulas.used_cells().next().is_none(), "{sheet}");
    }
}

#[test]
fn csv_events_and_the_terminal_are_safe() {
    let mut command = ringback(["events", "-q", "-f", "csv", "-p"]);
    command.arg(profile()).arg(exports());
    let events = stdout(command);
    let mut reader = csv::Reader::from_reader(events.as_bytes());
    let mut rows = 0;
    for record in reader.records() {
        rows += 1;
        let record = record.unwrap();
        assert!(record.iter().all(|cell| !cell.starts_with(['=', '+', '@'])), "{record:?}");
    }
    assert!(rows > 20_000);
    for color in ["auto", "never"] {
        let mut command = ringback(["triage", "-q", "--top", "1000000", "--color", color, "-p"]);
        command.arg(profile()).arg(exports());
        let page = stdout(command);
        assert!(page.chars().all(|char| !char.is_control() || char == '\n'), "a control character");
    }
}
