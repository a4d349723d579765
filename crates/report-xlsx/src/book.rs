//! A workbook in the making.

use crate::chart;
use crate::code::{self, Code};
use crate::declaration::{Declaration, Expr, Properties};
use crate::failure::Failure;
use crate::links::Links;
use crate::package::Package;
use crate::picture;
use crate::plan::{self, ColumnPlan, SheetPlan};
use crate::shared_texts::Shared;
use crate::sheet::{self, Written};
use crate::splice;
use crate::style::{self, StyleIds, Styles};
use crate::text;
use ringback_model::Instant;
use ringback_template::{Environment, Scope, Value, value_of};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};
use std::collections::{BTreeMap, BTreeSet};

/// The most UTF-16 units of a property.
const LONGEST_PROPERTY: usize = 255;

/// What all sheets are written with.
#[derive(Debug)]
pub(crate) struct Book<'b> {
    pub(crate) environment: &'b Environment,
    pub(crate) declared: &'b Declaration,
    pub(crate) scope: &'b Scope,
    pub(crate) styles: Styles,
    pub(crate) ids: StyleIds,
    pub(crate) shared: Shared,
    pub(crate) links: Links,
    pub(crate) tones: Tones<'b>,
    pub(crate) more: Option<Code<'b>>,
    pub(crate) cut: Option<Code<'b>>,
}

/// The words of each palette as cells have them, with their format.
type Tones<'b> = BTreeMap<&'b str, Vec<(String, Format)>>;

/// What became of a sheet, for those that are written after it.
#[derive(Debug, serde::Serialize)]
struct Told<'b> {
    id: &'b str,
    name: &'b str,
    rows: u64,
    left_out: u64,
    cut: u64,
}

/// Makes the workbook of a declaration; its bytes depend on nothing else.
pub(crate) fn package(
    environment: &Environment,
    declared: &Declaration,
    scope: &Scope,
    made: Option<Instant>,
) -> Result<Package, Failure> {
    let plans = plan::sheets(environment, declared, scope)?;
    let mut workbook = Workbook::new();
    let book = Book {
        environment,
        declared,
        scope,
        styles: Styles::new(&code::text(environment, declared.accent.as_ref(), scope)?),
        ids: StyleIds::register(&plans, &mut workbook),
        shared: Shared::register(&plans, &mut workbook),
        links: Links::of(environment, &plans, scope)?,
        tones: tones(environment, declared, scope)?,
        more: Code::some(environment, declared.more.as_ref())?,
        cut: Code::some(environment, declared.cut.as_ref())?,
    };
    workbook.set_properties(&properties(&book, &declared.properties, made)?);
    let mut written = book.sheets(&plans)?;
    chart::insert(&book, &plans, &mut written)?;
    picture::insert(&book, &plans, &mut written)?;
    let (mut streamed, mut tables) = (Vec::new(), Vec::new());
    for sheet in written {
        tables.extend(sheet.table);
        workbook.push_worksheet(sheet.sheet);
        streamed.push(sheet.streamed);
    }
    // What the library makes is small, and compressed again.
    workbook.set_zip_compression_level(1);
    splice::package(&workbook.save_to_buffer()?, streamed, &tables)
}

impl Book<'_> {
    /// Writes the sheets, those last that tell of the others.
    fn sheets(&self, plans: &[SheetPlan<'_>]) -> Result<Vec<Written>, Failure> {
        let whole = read_by_charts(plans);
        let (last, first): (Vec<usize>, Vec<usize>) =
            (0..plans.len()).partition(|number| plans[*number].sheet.last);
        let mut done: BTreeMap<usize, Written> = BTreeMap::new();
        let mut scope = self.scope.clone();
        for numbers in [first, last] {
            for number in numbers {
                let sheet = sheet::write(self, &plans[number], whole.contains(&number), &scope)?;
                done.insert(number, sheet);
            }
            scope = self.scope.with("sheets", told(plans, &done));
        }
        Ok(done.into_values().collect())
    }

    /// The address that a column's cell leads to, if it does.
    pub(crate) fn link(&self, column: &ColumnPlan<'_>, scope: &Scope) -> Result<Option<String>, Failure> {
        let (Some(link), Some(key)) = (&column.column.link, &column.key) else { return Ok(None) };
        let sheet = link.to.as_ref().map(|to| to.get_ref().as_str());
        Ok(self.links.to(sheet, &key.text(scope)?))
    }
}

/// The sheets that charts read from.
fn read_by_charts(plans: &[SheetPlan<'_>]) -> BTreeSet<usize> {
    let charts = plans.iter().flat_map(|plan| &plan.sheet.chart);
    let read: BTreeSet<&str> =
        charts.filter_map(|chart| chart.of.get_ref().split_once('.')).map(|(sheet, _)| sheet).collect();
    (0..plans.len()).filter(|number| read.contains(plans[*number].sheet.id.get_ref().as_str())).collect()
}

fn told(plans: &[SheetPlan<'_>], done: &BTreeMap<usize, Written>) -> Value {
    let told = done.iter().map(|(number, written)| Told {
        id: plans[*number].sheet.id.get_ref(),
        name: &plans[*number].name,
        rows: written.shown,
        left_out: written.left_out,
        cut: written.cut,
    });
    value_of(told.collect::<Vec<_>>())
}

fn tones<'b>(
    environment: &Environment,
    declared: &'b Declaration,
    scope: &Scope,
) -> Result<Tones<'b>, Failure> {
    let mut tones = BTreeMap::new();
    for (name, palette) in &declared.palette {
        let label = Code::new(environment, &palette.label)?;
        let mut words = Vec::new();
        for (word, tone) in &palette.words {
            let format = Format::new()
                .set_background_color(style::declared(tone.fill.get_ref()))
                .set_font_color(style::declared(tone.ink.get_ref()));
            let text = label.text(&scope.with("word", Value::from(word.as_str())))?;
            words.push((text::one_line(&text), format));
        }
        tones.insert(name.as_str(), words);
    }
    Ok(tones)
}

/// The properties. The time of creation is the report's: a clock would make every file another.
fn properties(
    book: &Book<'_>,
    declared: &Properties,
    made: Option<Instant>,
) -> Result<DocProperties, Failure> {
    let text = |source: &Option<Expr>| -> Result<String, Failure> {
        let text = code::text(book.environment, source.as_ref(), book.scope)?;
        Ok(text::short(&text, LONGEST_PROPERTY))
    };
    let created = ExcelDateTime::from_timestamp(made.map_or(0, Instant::seconds)).unwrap_or_default();
    Ok(DocProperties::new()
        .set_title(text(&declared.title)?)
        .set_subject(text(&declared.subject)?)
        .set_author(text(&declared.author)?)
        .set_company(text(&declared.company)?)
        .set_comment(text(&declared.comment)?)
        .set_creation_datetime(&created))
}
