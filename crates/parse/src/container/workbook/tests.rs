//! Workbooks as spreadsheets save them, and as they are made to harm.

use super::*;
use crate::container::{Budget, list};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook as Written};
use std::io::Cursor;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn opened(bytes: Vec<u8>, limits: Limits) -> Result<Workbook<Cursor<Vec<u8>>>, ContainerError> {
    let mut budget = Budget::new(limits, bytes.len() as u64);
    let listing = list(Cursor::new(&bytes), &mut budget)?;
    assert!(listing.is_workbook);
    Workbook::open(Cursor::new(bytes), &listing, limits)
}

/// The text of every sheet and the error at its end.
fn told(bytes: Vec<u8>, limits: Limits) -> Vec<(String, String, String)> {
    let mut workbook = opened(bytes, limits).unwrap();
    let sheets = workbook.sheets().into_iter().map(|sheet| {
        let mut text = Vec::new();
        let error = workbook.write(&sheet, &mut text).err();
        (sheet, String::from_utf8(text).unwrap(), error.map_or_else(String::new, |error| error.to_string()))
    });
    sheets.collect()
}

/// A workbook of one sheet, made by hand.
fn by_hand(sheet: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let relation = |to: &str| {
        format!(
            "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/{to}\"/></Relationships>"
        )
    };
    let parts = [
        ("_rels/.rels", relation("officeDocument\" Target=\"xl/workbook.xml")),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        ("xl/_rels/workbook.xml.rels", relation("worksheet\" Target=\"worksheets/sheet1.xml")),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{sheet}</sheetData></worksheet>"),
        ),
    ];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn sheets_are_delimited_text() {
    let mut book = Written::new();
    let date = Format::new().set_num_format("dd.mm.yyyy hh:mm");
    let sheet = book.add_worksheet().set_name("Log 1").unwrap();
    sheet.write_string(0, 0, "Exported").unwrap();
    sheet.write_string(2, 0, "Date/Time").unwrap();
    sheet.write_string(2, 1, "Port").unwrap();
    sheet.write_string(2, 2, "Path, name").unwrap();
    let at = ExcelDateTime::from_ymd(2026, 6, 18).unwrap().and_hms(10, 46, 16).unwrap();
    sheet.write_datetime_with_format(3, 0, &at, &date).unwrap();
    sheet.write_number(3, 1, 445.0).unwrap();
    sheet.write_boolean(4, 1, true).unwrap();
    book.add_worksheet().set_name("Empty").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let text = "Exported\n\nDate/Time,Port,\"Path, name\"\n2026-06-18 10:46:16,445,\n,TRUE,\n";
    let expected = [("Log 1", text, ""), ("Empty", "", "")];
    let expected = expected.map(|(name, text, error)| (name.to_owned(), text.to_owned(), error.to_owned()));
    assert_eq!(told(bytes, Limits::default()), expected);
}

#[test]
fn what_is_wrong_with_a_sheet_is_told_after_its_rows() {
    let row = |number: u32, cells: &str| format!("<row r=\"{number}\">{cells}</row>");
    let cell = |name: &str| format!("<c r=\"{name}\"><v>1</v></c>");
    let small = Limits { rows: 10, cells: 6, row_text: 3, text: 30, ..Limits::default() };
    for (sheet, text, error) in [
        (row(1, &cell("A1")), "1\n", ""),
        (
            row(1, &cell("A1")) + &row(11, &cell("A11")),
            "",
            "has more than 10 rows; the limit (rows of a sheet) is 10",
        ),
        (
            row(1, &cell("A1")) + &row(2, &cell("XFD2")) + &row(3, &cell("A3")),
            "1\n",
            "has more than 6 cells; the limit (cells of a workbook) is 6",
        ),
        (
            row(2, "<c r=\"A2\"><v>12345</v></c>"),
            "\n",
            "row 2 holds more than 3 bytes of text; the limit (text of a row) is 3 bytes",
        ),
        (
            row(2, &cell("A2")) + &row(1, &cell("A1")),
            "\n",
            "is no readable workbook: the cells of row 1 are not in order\nhint: save it as CSV",
        ),
        (
            row(1, &(cell("B1") + &cell("A1"))),
            "",
            "is no readable workbook: the cells of row 1 are not in order\nhint: save it as CSV",
        ),
    ] {
        let told = told(by_hand(&sheet), small);
        assert_eq!(told, [("S".to_owned(), text.to_owned(), error.to_owned())], "{sheet}");
    }
    let cut = told(by_hand("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>"), small);
    assert!(cut[0].2.starts_with("is no readable workbook"), "{cut:?}");
}

/// Survives: a workbook that promises or unpacks more than it may | it is refused before it is read, with the limit
#[test]
fn caps_end_a_workbook_before_it_is_read() {
    let bytes = by_hand(&" ".repeat(5000));
    let part = opened(bytes.clone(), Limits { part: 4096, ..Limits::default() }).err().unwrap();
    let told = part.to_string();
    assert!(told.starts_with("its part xl/worksheets/sheet1.xml expands to"), "{told}");
    assert!(told.ends_with("the limit (size of a workbook's part) is 4 KiB"), "{told}");
    let sheets = opened(bytes, Limits { sheets: 0, ..Limits::default() }).err();
    assert_eq!(sheets, Some(ContainerError::Sheets { sheets: 1, limit: 0 }));
}
