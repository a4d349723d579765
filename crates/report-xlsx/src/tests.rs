//! Workbooks are read back: every figure is the model's, and no text of the report became a formula.

use crate::WorkbookEngine;
use calamine::{Data, DataType, Reader, Xlsx};
use ringback_report::{Engine, Options, Registry, sample};
use std::io::Cursor;

fn rendered() -> Vec<u8> {
    let pack = Registry::new(Vec::new()).get("xlsx").unwrap();
    let report = sample::report(ringback_template::words("en").unwrap());
    let artefacts = WorkbookEngine.render(&report, &pack, &Options::of(&pack.manifest)).unwrap();
    artefacts[0].bytes().unwrap().into_owned()
}

fn open(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap()
}

#[test]
fn rows_and_figures_are_those_of_the_model() {
    let report = sample::report(ringback_template::words("en").unwrap());
    let mut workbook = open(rendered());
    for (sheet, rows) in [
        ("Incidents", report.case.incidents.len()),
        ("Findings", report.case.findings.len()),
        ("Hosts", report.case.hosts.len()),
        ("Remote addresses", report.case.remotes.len()),
        ("Inputs", report.case.inputs.len()),
    ] {
        let range = workbook.worksheet_range(sheet).unwrap();
        assert_eq!(range.height(), rows + 1, "{sheet}");
    }
    let findings = workbook.worksheet_range("Findings").unwrap();
    let headings: Vec<String> = findings.rows().next().unwrap().iter().map(ToString::to_string).collect();
    let column = headings.iter().position(|heading| heading == "Rows").unwrap();
    let sum: f64 = findings.rows().skip(1).filter_map(|row| row[column].as_f64()).sum();
    #[expect(clippy::cast_precision_loss, reason = "the sample's counts are small")]
    let expected = report.case.accounting.in_findings as f64;
    assert!((sum - expected).abs() < 0.5, "{sum} {expected}");
    let first = headings.iter().position(|heading| heading == "First").unwrap();
    assert!(findings.rows().skip(1).all(|row| matches!(row[first], Data::DateTime(_))));
}

#[test]
fn no_text_of_the_report_is_a_formula_or_a_link() {
    let mut workbook = open(rendered());
    for sheet in workbook.sheet_names() {
        let formulas = workbook.worksheet_formula(&sheet).unwrap();
        assert!(formulas.used_cells().next().is_none(), "{sheet}");
    }
    let text = String::from_utf8_lossy(&rendered()).into_owned();
    assert!(!text.contains("relationships/hyperlink"));
}

#[test]
fn the_same_report_makes_the_same_bytes() {
    assert_eq!(rendered(), rendered());
}
