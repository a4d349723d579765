//! Workbooks are read back: by a reader of workbooks, and as the XML that they are made of.

mod broken;
mod hostile;
mod read_back;

use crate::WorkbookEngine;
use calamine::{Data, Range, Reader, Xlsx};
use ringback_model::{Case, Report};
use ringback_report::{Engine, Options, Origin, Pack, PackFile, Registry, RenderError, sample};
use ringback_template::Catalogue;
use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

/// A report of a case in the words of its language.
fn report(case: Case) -> Report {
    let words = Catalogue::of_case(&case).unwrap();
    Report::new(case, words)
}

fn built_in() -> Pack {
    Registry::default().get("xlsx").unwrap()
}

/// The workbook of the built-in pack with some options. With `RINGBACK_SHOW=FILE` it is also written there, to be looked at.
fn rendered(case: Case, set: &[(&str, &str)]) -> Vec<u8> {
    let pack = built_in();
    let mut options = Options::of(&pack.manifest);
    for (name, value) in set {
        options.set(name, value).unwrap();
    }
    let made = WorkbookEngine.render(&report(case), &pack, &options).unwrap_or_else(|e| panic!("{e}"));
    let bytes = made[0].bytes().unwrap().into_owned();
    if let Some(file) = std::env::var_os("RINGBACK_SHOW") {
        std::fs::write(file, &bytes).unwrap();
    }
    bytes
}

/// What comes of a pack with this declaration on the sample report.
fn of_declaration(declaration: &str) -> Result<Vec<u8>, RenderError> {
    let manifest = "schema = 1\nname = \"mine\"\ntitle = \"Mine\"\nengine = \"workbook\"\n\
                    [[outputs]]\nfile = \"mine.xlsx\"\nentry = \"workbook.toml\"\n";
    let file = |text: &str| PackFile { bytes: text.as_bytes().to_vec().into(), origin: Origin::BuiltIn };
    let files = BTreeMap::from([
        ("reporter.toml".to_owned(), file(manifest)),
        ("workbook.toml".to_owned(), file(declaration)),
    ]);
    let pack = Pack::new("mine", files).unwrap();
    let made = WorkbookEngine.render(&report(sample::case()), &pack, &Options::of(&pack.manifest))?;
    Ok(made[0].bytes().unwrap().into_owned())
}

type Book = Xlsx<Cursor<Vec<u8>>>;

fn open(bytes: Vec<u8>) -> Book {
    calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap()
}

fn cells(book: &mut Book, sheet: &str) -> Range<Data> {
    book.worksheet_range(sheet).unwrap()
}

/// The column below a heading in the first row; headings with a zone are found by what is before it.
fn column(range: &Range<Data>, heading: &str) -> Vec<Data> {
    let headings: Vec<String> = range.rows().next().unwrap().iter().map(ToString::to_string).collect();
    let found = headings.iter().position(|text| text == heading || text.starts_with(&format!("{heading} (")));
    let at = found.unwrap_or_else(|| panic!("no {heading:?} in {headings:?}"));
    range.rows().skip(1).map(|row| row[at].clone()).collect()
}

fn texts(range: &Range<Data>, heading: &str) -> Vec<String> {
    column(range, heading).iter().map(ToString::to_string).collect()
}

/// The values beside a label in the first column.
fn beside(range: &Range<Data>, label: &str) -> Vec<Data> {
    let found = range.rows().find(|row| row[0] == *label);
    found.unwrap_or_else(|| panic!("no {label:?}"))[1..].to_vec()
}

#[expect(clippy::cast_precision_loss, reason = "the counts of tests are small")]
fn number(count: u64) -> Data {
    Data::Float(count as f64)
}

/// The parts of a file by name, but for pictures.
fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = BTreeMap::new();
    for n in 0..archive.len() {
        let mut file = archive.by_index(n).unwrap();
        let name = file.name().unwrap().into_owned();
        if name.starts_with("xl/media/") {
            continue;
        }
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        parts.insert(name, text);
    }
    parts
}
