//! Writing one sheet.

use crate::declaration::{ChartKind, ChartSpec, Column, Sheet};
use crate::style::{LONGEST_TEXT, SEVERITIES, Styles, fitting};
use ringback_model::Report;
use ringback_template::{Cell, Environment, Expression, Scope, TemplateError, Value, ValueKind};
use rust_xlsxwriter::{
    Chart, ChartType, Color, ConditionalFormatCell, ConditionalFormatCellRule, ExcelDateTime, Format, Table,
    TableColumn, TableStyle, Workbook, Worksheet, XlsxError,
};
use toml::Spanned;

/// The most rows that a sheet holds, its heading not counted.
const MOST_ROWS: u64 = 1_000_000;

/// What went wrong, and in which line of the declaration.
pub(crate) struct Failure {
    pub(crate) message: String,
    pub(crate) line: Option<usize>,
}

impl From<XlsxError> for Failure {
    fn from(error: XlsxError) -> Self {
        Failure { message: error.to_string(), line: None }
    }
}

/// A sheet in the making.
struct Writer<'w> {
    sheet: &'w mut Worksheet,
    environment: &'w Environment,
    styles: Styles,
    row: u32,
}

/// An expression with the text that it was made from, for messages.
struct Compiled<'e> {
    expression: Expression<'e>,
    source: &'e Spanned<String>,
}

impl<'e> Compiled<'e> {
    fn new(environment: &'e Environment, source: &'e Spanned<String>) -> Result<Self, Failure> {
        let expression = environment.expression(source.get_ref()).map_err(|error| failure(source, &error))?;
        Ok(Compiled { expression, source })
    }

    fn cell(&self, scope: &Scope) -> Result<Cell, Failure> {
        self.expression.eval(scope).map_err(|error| failure(self.source, &error))
    }

    fn value(&self, scope: &Scope) -> Result<Value, Failure> {
        self.expression.value(scope).map_err(|error| failure(self.source, &error))
    }
}

fn failure(source: &Spanned<String>, error: &TemplateError) -> Failure {
    Failure { message: format!("{:?}: {}", source.get_ref(), error.message), line: None }
}

/// Writes a sheet of the declaration.
pub(crate) fn write(
    workbook: &mut Workbook,
    declared: &Sheet,
    environment: &Environment,
    scope: &Scope,
    report: &Report,
) -> Result<(), Failure> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(&declared.name)?;
    page(sheet, report);
    let mut writer = Writer { sheet, environment, styles: Styles::new(), row: 0 };
    writer.top(declared, scope)?;
    writer.table(declared, scope)
}

/// Paper, header and footer. The marking stands on every page.
fn page(sheet: &mut Worksheet, report: &Report) {
    let heading = &report.case.heading;
    let plain = |text: &str| text.replace('&', "&&");
    let marking =
        if heading.tlp.is_empty() { String::new() } else { format!("TLP:{}", heading.tlp.to_uppercase()) };
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_header(fitting(&format!("&L{}&R{}", plain(&heading.title), plain(&marking)), 250));
    sheet.set_footer(fitting(&format!("&L{}&C&P / &N&R&A", plain(&marking)), 250));
}

impl Writer<'_> {
    /// The title, and lines of labels and values.
    fn top(&mut self, declared: &Sheet, scope: &Scope) -> Result<(), Failure> {
        if let Some(title) = &declared.title {
            let cell = Compiled::new(self.environment, title)?.cell(scope)?;
            let format = self.styles.title.clone();
            self.cell(self.row, 0, &cell, &format)?;
            self.row += 2;
        }
        for fact in &declared.fact {
            let value = Compiled::new(self.environment, &fact.value)?.value(scope)?;
            self.sheet.write_string_with_format(self.row, 0, &fact.label, &self.styles.label)?;
            let lines: Vec<Value> =
                if value.kind() == ValueKind::Seq { items(&value).collect() } else { vec![value] };
            let format = self.styles.fact.clone();
            for line in lines {
                self.cell(self.row, 1, &Cell::of(&line), &format)?;
                self.row += 1;
            }
        }
        if !declared.fact.is_empty() {
            self.sheet.set_column_width(0, 42)?.set_column_width(1, 22)?;
            self.row += 1;
        }
        Ok(())
    }

    fn table(&mut self, declared: &Sheet, scope: &Scope) -> Result<(), Failure> {
        let Some(rows) = &declared.rows else { return Ok(()) };
        let top = self.row;
        let columns = declared.column.iter().map(|column| Compiled::new(self.environment, &column.value));
        let columns: Vec<Compiled<'_>> = columns.collect::<Result<_, _>>()?;
        let list = Compiled::new(self.environment, rows)?.value(scope)?;
        let left_out = self.rows(declared, &columns, &list, scope)?;
        self.finish_table(declared, top)?;
        if left_out > 0 {
            let text = format!("… and {left_out} more rows, left out by the cap of this sheet");
            self.sheet.write_string_with_format(self.row, 0, text, &self.styles.note)?;
        }
        Ok(())
    }

    /// Writes the rows below the heading; gives the number of those that the cap left out.
    fn rows(
        &mut self,
        declared: &Sheet,
        columns: &[Compiled<'_>],
        list: &Value,
        scope: &Scope,
    ) -> Result<u64, Failure> {
        let cap = cap(declared, scope);
        let only = declared.only.as_ref().map(|only| Compiled::new(self.environment, only)).transpose()?;
        let each = declared.each.as_ref().map(|each| Compiled::new(self.environment, each)).transpose()?;
        let (mut written, mut left_out) = (0, 0);
        self.row += 1;
        for row in items(list) {
            let scope = scope.with("row", row);
            if only
                .as_ref()
                .map(|only| only.value(&scope))
                .transpose()?
                .is_some_and(|wanted| !wanted.is_true())
            {
                continue;
            }
            let inner = match &each {
                Some(each) => items(&each.value(&scope)?).map(|item| scope.with("item", item)).collect(),
                None => vec![scope],
            };
            for scope in inner {
                if written == cap {
                    left_out += 1;
                    continue;
                }
                self.one_row(declared, columns, &scope)?;
                written += 1;
            }
        }
        Ok(left_out)
    }

    fn one_row(&mut self, declared: &Sheet, columns: &[Compiled<'_>], scope: &Scope) -> Result<(), Failure> {
        for (number, (column, compiled)) in declared.column.iter().zip(columns).enumerate() {
            let format = if column.wrap { self.styles.wrapped.clone() } else { self.styles.text.clone() };
            self.cell(self.row, column_number(number), &compiled.cell(scope)?, &format)?;
        }
        self.row += 1;
        Ok(())
    }

    /// A cell of its own kind. Text is only ever written as text.
    fn cell(&mut self, row: u32, column: u16, cell: &Cell, text: &Format) -> Result<(), Failure> {
        match cell {
            Cell::Empty => {}
            Cell::Text(value) => {
                self.sheet.write_string_with_format(row, column, fitting(value, LONGEST_TEXT), text)?;
            }
            Cell::Number(number) => {
                self.sheet.write_number_with_format(row, column, *number, &self.styles.number)?;
            }
            Cell::Bool(value) => {
                self.sheet.write_string_with_format(row, column, if *value { "yes" } else { "no" }, text)?;
            }
            Cell::Time(instant) => match self.environment.words().clock().civil(*instant).and_then(excel) {
                Some(time) => {
                    self.sheet.write_datetime_with_format(row, column, &time, &self.styles.time)?;
                }
                None => {
                    self.sheet.write_string_with_format(row, column, instant.to_string(), text)?;
                }
            },
        }
        Ok(())
    }

    /// Heading, table, widths, colours and charts, now that the last row is known.
    fn finish_table(&mut self, declared: &Sheet, top: u32) -> Result<(), Failure> {
        let last_row = (self.row - 1).max(top + 1);
        let last_column = column_number(declared.column.len().max(1) - 1);
        let headings: Vec<TableColumn> =
            declared.column.iter().map(|column| TableColumn::new().set_header(&column.heading)).collect();
        let name = format!("T_{}", declared.name.replace(|char: char| !char.is_ascii_alphanumeric(), "_"));
        let table = Table::new().set_name(name).set_columns(&headings).set_style(TableStyle::Light1);
        self.sheet.add_table(top, 0, last_row, last_column, &table)?;
        for (number, column) in declared.column.iter().enumerate() {
            let at = column_number(number);
            self.sheet.write_string_with_format(top, at, &column.heading, &self.styles.heading)?;
            if declared.fact.is_empty() || number > 1 {
                self.sheet.set_column_width(at, column.width)?;
            }
            if column.severity {
                self.colours(top + 1, last_row, at)?;
            }
        }
        if declared.fact.is_empty() {
            self.sheet.set_freeze_panes(top + 1, 1)?;
            self.sheet.set_repeat_rows(top, top)?;
        }
        self.row = self.row.max(top + 2);
        let mut below = self.row + 1;
        for chart in &declared.chart {
            self.chart(declared, chart, (top + 1, last_row), below)?;
            below += 18;
        }
        Ok(())
    }

    fn colours(&mut self, first: u32, last: u32, column: u16) -> Result<(), Failure> {
        for (word, fill, font) in SEVERITIES {
            let label = self.environment.words().term("severity", word);
            let format =
                Format::new().set_background_color(Color::RGB(*fill)).set_font_color(Color::RGB(*font));
            let rule = ConditionalFormatCellRule::EqualTo(label);
            let coloured = ConditionalFormatCell::new().set_rule(rule).set_format(format);
            self.sheet.add_conditional_format(first, column, last, column, &coloured)?;
        }
        Ok(())
    }

    fn chart(
        &mut self,
        declared: &Sheet,
        spec: &ChartSpec,
        rows: (u32, u32),
        at: u32,
    ) -> Result<(), Failure> {
        let kind = match spec.kind {
            ChartKind::Column => ChartType::Column,
            ChartKind::Bar => ChartType::Bar,
            ChartKind::Stacked => ChartType::ColumnStacked,
        };
        let categories = position(&declared.column, &spec.categories)?;
        let mut chart = Chart::new(kind);
        chart.title().set_name(&spec.title);
        for heading in &spec.values {
            let values = position(&declared.column, heading)?;
            chart
                .add_series()
                .set_name(heading.as_str())
                .set_categories((declared.name.as_str(), rows.0, categories, rows.1, categories))
                .set_values((declared.name.as_str(), rows.0, values, rows.1, values));
        }
        if spec.values.len() == 1 {
            chart.legend().set_hidden();
        }
        chart.set_width(860).set_height(320);
        self.sheet.insert_chart(at, 0, &chart)?;
        Ok(())
    }
}

fn items(list: &Value) -> impl Iterator<Item = Value> {
    list.try_iter().into_iter().flatten()
}

fn position(columns: &[Column], heading: &str) -> Result<u16, Failure> {
    let found = columns.iter().position(|column| column.heading == heading);
    found
        .map(column_number)
        .ok_or_else(|| Failure { message: format!("a chart names no column {heading:?}"), line: None })
}

fn column_number(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

/// The cap of a sheet: its option's value, never more than a sheet holds.
fn cap(declared: &Sheet, scope: &Scope) -> u64 {
    let options = Value::from(scope.clone()).get_attr("options").ok();
    let option = declared.cap.as_ref().and_then(|name| options?.get_attr(name).ok());
    option.and_then(|value| u64::try_from(value).ok()).unwrap_or(MOST_ROWS).min(MOST_ROWS)
}

fn excel(civil: jiff::civil::DateTime) -> Option<ExcelDateTime> {
    let small = |number: i8| u8::try_from(number).ok();
    let year = u16::try_from(civil.year()).ok().filter(|year| (1900..=9999).contains(year))?;
    let date = ExcelDateTime::from_ymd(year, small(civil.month())?, small(civil.day())?).ok()?;
    let millis = u16::try_from(civil.millisecond()).ok()?;
    date.and_hms_milli(
        u16::from(small(civil.hour())?),
        small(civil.minute())?,
        small(civil.second())?,
        millis,
    )
    .ok()
}
