//! An explanation as a page for people.

use crate::inspect::page::{Page, Tone};
use ringback_model::Arg;
use ringback_model::explanation::{
    ExplainedAdvice, ExplainedCell, ExplainedField, ExplainedRow, ExplainedStep, Explanation,
};
use ringback_template::Catalogue;

/// How many characters of a cell are shown.
const SHOWN: usize = 300;

/// A page in the making.
struct Sheet<'w> {
    page: Page,
    words: &'w Catalogue,
}

/// The page of an explanation.
pub(super) fn of(explanation: &Explanation, words: &Catalogue, width: usize, coloured: bool) -> String {
    let mut sheet = Sheet { page: Page::new(width, coloured), words };
    sheet.head(explanation);
    if let Some(row) = &explanation.row {
        sheet.row(row);
    }
    if !explanation.fields.is_empty() {
        sheet.fields(&explanation.fields);
    }
    if !explanation.steps.is_empty() {
        sheet.heading(&words.phrase("explain.steps", &[]));
        explanation.steps.iter().for_each(|step| sheet.step(step));
    }
    if !explanation.settles.is_empty() {
        sheet.heading(&words.phrase("explain.settles", &[]));
        for reason in &explanation.settles {
            sheet.page.paragraph((2, 2), &reason.text, Tone::Plain);
        }
    }
    if !explanation.advice.is_empty() {
        sheet.heading(&words.phrase("explain.advice", &[]));
        explanation.advice.iter().for_each(|step| sheet.advice(step));
    }
    sheet.page.into_text()
}

impl Sheet<'_> {
    fn heading(&mut self, text: &str) {
        self.page.gap();
        self.page.title(text);
    }

    fn head(&mut self, explanation: &Explanation) {
        let title = match (&explanation.row, &explanation.finding) {
            (Some(row), _) => self.words.phrase(
                "explain.place",
                &[
                    ("source", Arg::Text(row.source.clone())),
                    ("record", Arg::Count(row.record)),
                    ("line", Arg::Count(row.line)),
                ],
            ),
            (None, id) => self
                .words
                .phrase("explain.finding", &[("finding", Arg::Text(id.clone().unwrap_or_default()))]),
        };
        self.page.title(&title);
        let bad = explanation.fate == "rejected";
        self.page.paragraph((2, 2), &explanation.fate_text, if bad { Tone::Bad } else { Tone::Plain });
        if explanation.inputs.len() > 1 && explanation.row.is_some() {
            let more = [("inputs", Arg::Count(explanation.inputs.len() as u64 - 1))];
            self.page.paragraph((2, 2), &self.words.phrase("explain.context", &more), Tone::Faint);
        }
        for note in &explanation.notes {
            self.page.paragraph((2, 2), note, Tone::Faint);
        }
    }

    fn row(&mut self, row: &ExplainedRow) {
        let layout = [("layout", Arg::Text(row.layout.clone()))];
        self.heading(&self.words.phrase("explain.row", &layout));
        for cell in &row.cells {
            let text = format!("{:>2}  {}: {}", cell.column, self.cell_heading(cell), self.shown(&cell.text));
            let tone = if cell.field.is_none() { Tone::Faint } else { Tone::Plain };
            self.page.paragraph((2, 6), &text, tone);
        }
    }

    fn cell_heading(&self, cell: &ExplainedCell) -> String {
        match &cell.heading {
            Some(heading) => self.shown(heading),
            None => self.words.phrase("explain.no-heading", &[]),
        }
    }

    /// A text as far as it is shown.
    fn shown(&self, text: &str) -> String {
        if text.trim().is_empty() {
            return self.words.phrase("explain.empty", &[]);
        }
        let count = text.chars().count();
        if count <= SHOWN {
            return text.to_owned();
        }
        let start: String = text.chars().take(SHOWN).collect();
        let cut = [("text", Arg::Text(start)), ("count", Arg::Count(count as u64))];
        self.words.phrase("explain.cut", &cut)
    }

    fn fields(&mut self, fields: &[ExplainedField]) {
        self.heading(&self.words.phrase("explain.fields", &[]));
        let mut unsaid = Vec::new();
        for field in fields {
            match field.value.as_deref() {
                None | Some("unknown") => unsaid.push(field.name.as_str()),
                Some(value) => {
                    let from = match field.from.as_str() {
                        "report" => String::new(),
                        _ => format!(" – {}", self.taken_from(field, value)),
                    };
                    let text = format!("{}: {}{from}", field.name, self.shown(value));
                    self.page.paragraph((2, 6), &text, Tone::Plain);
                }
            }
        }
        if !unsaid.is_empty() {
            let names = [("names", Arg::Text(unsaid.join(", ")))];
            self.page.paragraph((2, 6), &self.words.phrase("explain.unsaid", &names), Tone::Faint);
        }
    }

    /// Where a value comes from.
    fn taken_from(&self, field: &ExplainedField, value: &str) -> String {
        let text = |text: &Option<String>| {
            Arg::Text(text.as_deref().map_or_else(String::new, |one| self.shown(one)))
        };
        let column = Arg::Count(field.column.unwrap_or_default() as u64);
        let mut args = vec![("column", column), ("heading", text(&field.heading))];
        let spelled = field.spelling.as_deref().is_some_and(|spelling| spelling.trim() != value);
        let key = match field.from.as_str() {
            "cell" if spelled => "explain.from.cell-spelled",
            "cell" => "explain.from.cell",
            "rule-name" => "explain.from.rule-name",
            "list-hit" => "explain.from.list-hit",
            "ports" => "explain.from.ports",
            "networks" => "explain.from.networks",
            "layout" => "explain.from.layout",
            "option" => "explain.from.option",
            _ => "explain.from.nothing",
        };
        args.push(("spelling", text(&field.spelling)));
        self.words.phrase(key, &args)
    }

    fn step(&mut self, step: &ExplainedStep) {
        let mut value = self.value(&step.step, &step.value);
        if step.at_most {
            value = self.words.phrase("explain.at-most", &[("value", Arg::Text(value))]);
        }
        let label = self.words.phrase(&format!("explain.step.{}", step.step), &[]);
        self.page.paragraph((2, 4), &format!("{label}: {value}"), Tone::Title);
        for reason in &step.reasons {
            self.page.paragraph((4, 4), &reason.text, Tone::Plain);
        }
        if !step.rule.is_empty() {
            let mut text = self.words.phrase("explain.rule", &[("rule", Arg::Text(step.rule.clone()))]);
            match step.reference.as_str() {
                "" => {}
                "by symmetry" => text += &format!(" ({})", self.words.phrase("explain.by-symmetry", &[])),
                reference => text += &format!(" ({reference})"),
            }
            self.page.paragraph((4, 6), &text, Tone::Faint);
        }
        for change in &step.changes {
            let premises: Vec<&str> = change.premises.iter().map(|one| one.text.as_str()).collect();
            let args = [
                ("value", Arg::Text(self.value(&step.step, &change.value))),
                ("premises", Arg::Text(premises.join("; "))),
            ];
            self.page.paragraph((4, 6), &self.words.phrase("explain.would-be", &args), Tone::Faint);
        }
    }

    /// The label of a step's value.
    fn value(&self, step: &str, value: &str) -> String {
        match (step, value) {
            ("authorised", "yes") => self.words.phrase("explain.yes", &[]),
            ("authorised", _) => self.words.phrase("explain.no", &[]),
            ("relay", "none") => self.words.phrase("explain.none", &[]),
            _ => self.words.term(step, value),
        }
    }

    fn advice(&mut self, step: &ExplainedAdvice) {
        let phase = self.words.term("phase", step.phase.as_str());
        self.page.paragraph((2, 4), &format!("{phase}: {}", step.text), Tone::Plain);
        let reference = match step.reference.as_str() {
            "" => String::new(),
            reference => format!(" ({reference})"),
        };
        self.page.paragraph((4, 6), &format!("{}{reference}", step.why), Tone::Plain);
        let each = step.conditions.iter().map(|one| format!("{} = {}", one.name, one.words));
        let mut conditions: Vec<String> = each.collect();
        if !step.by_this_row {
            conditions.push(self.words.phrase("explain.other-rows", &[]));
        }
        if !conditions.is_empty() {
            let args = [("conditions", Arg::Text(conditions.join("; ")))];
            self.page.paragraph((4, 6), &self.words.phrase("explain.applies", &args), Tone::Faint);
        }
    }
}
