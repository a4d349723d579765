//! `triage`: a summary that fits a terminal of 80 columns.

use crate::args::TriageArgs;
use crate::columns::{fitted, set_right, wrapped};
use crate::exit::Outcome;
use crate::request::{self, Wish};
use crate::terminal::{colours, safe};
use crate::words;
use ringback_model::case::UnknownKind;
use ringback_model::report::ReportView;
use ringback_model::{Arg, Case, Incident, Report, Severity};
use ringback_template::Catalogue;
use std::io::{Write, stdout};
use unicode_width::UnicodeWidthStr;

/// The width of the summary in columns.
const WIDTH: usize = 80;

/// How many questions are shown.
const QUESTIONS: usize = 3;

/// The blocks of a sparkline, from low to high.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Prints the summary.
pub(crate) fn run(args: &TriageArgs) -> anyhow::Result<Outcome> {
    let mut found = request::run(
        &args.input,
        &Wish {
            title: None,
            hash_inputs: false,
            read_again: false,
            advise: false,
            baseline: args.baseline.as_deref(),
        },
    )?;
    let words = words::of(&found.case)?;
    let report = Report::new(std::mem::take(&mut found.case), words.clone());
    let page = Page { report: &report, words: &words, coloured: colours(args.input.color) };
    let text = page.text(args.top);
    let mut out = stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    found.case = std::sync::Arc::unwrap_or_clone(report.case);
    Ok(request::end(&args.input, found))
}

/// A summary in the making.
struct Page<'r> {
    report: &'r Report,
    words: &'r Catalogue,
    coloured: bool,
}

impl Page<'_> {
    fn text(&self, top: usize) -> String {
        let view = self.report.view();
        let parts = [
            self.heading(&view),
            self.severities(&view),
            self.comparison(&view),
            self.timeline(&view),
            statements(&view),
            self.incidents(top),
            self.open_points(&view, top),
            self.accounting(&view),
        ];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
    }

    /// A text of the catalogue with counts.
    fn counted(&self, key: &str, counts: &[(&str, u64)]) -> String {
        let args: Vec<(&str, Arg)> = counts.iter().map(|(name, count)| (*name, Arg::Count(*count))).collect();
        self.words.phrase(key, &args)
    }

    fn heading(&self, view: &ReportView<'_>) -> String {
        let period = match (view.period.first, view.period.last) {
            (Some(first), Some(last)) => {
                let args = [("first", Arg::Time(first)), ("last", Arg::Time(last))];
                self.words.phrase("triage.period", &args) + "\n"
            }
            _ => String::new(),
        };
        let counts = [("inputs", view.inputs.len() as u64), ("rows", view.accounting.rows)];
        let inputs = self.counted("triage.inputs", &counts);
        format!("{}{period}{inputs}\n", titled(&safe(view.title), view.client.name))
    }

    fn severities(&self, view: &ReportView<'_>) -> String {
        let columns = [("incidents", 11), ("findings", 11), ("rows", 13)];
        let headings: String = columns
            .iter()
            .map(|(name, columns)| set_right(&self.words.phrase(&format!("triage.{name}"), &[]), *columns))
            .collect();
        let mut text = format!("{}{headings}\n", " ".repeat(12));
        for severity in Severity::ALL {
            let word = severity.as_str();
            let counts = [
                view.summary.severity_incidents[word],
                view.summary.severity_findings[word],
                view.summary.severity[word],
            ];
            let label = self.painted(*severity, &fitted(&self.words.term("severity", word), 10));
            let counts = counts.iter().zip(columns);
            let counts: String =
                counts.map(|(count, (_, columns))| set_right(&self.words.count(*count), columns)).collect();
            text.push_str(&format!("  {label}{counts}\n"));
        }
        text
    }

    /// What changed since an earlier report, in figures.
    fn comparison(&self, view: &ReportView<'_>) -> String {
        let Some(changes) = &view.comparison else { return String::new() };
        let name = Arg::Text(safe(changes.baseline.name));
        let mut text = lines(&self.words.phrase("triage.compared", &[("name", name)]));
        for (key, counts) in [
            ("triage.compared-incidents", &changes.incidents),
            ("triage.compared-findings", &changes.findings),
        ] {
            let counts = [
                ("new", counts.new),
                ("continuing", counts.continuing),
                ("gone", counts.gone),
                ("accepted", counts.accepted),
            ];
            text.push_str(&format!("  {}\n", self.counted(key, &counts)));
        }
        text
    }

    fn timeline(&self, view: &ReportView<'_>) -> String {
        let bar = bars(view);
        if bar.is_empty() { bar } else { format!("{}\n  {bar}\n", self.words.phrase("triage.timeline", &[])) }
    }

    fn incidents(&self, top: usize) -> String {
        let case: &Case = &self.report.case;
        if case.incidents.is_empty() || top == 0 {
            return String::new();
        }
        let mut text = self.words.phrase("triage.worst", &[]) + "\n";
        for incident in case.incidents.iter().take(top) {
            text.push_str(&self.incident(incident));
        }
        if let Some(more) = case.incidents.len().checked_sub(top).filter(|more| *more > 0) {
            text.push_str(&format!("  {}\n", self.counted("triage.more", &[("n", more as u64)])));
        }
        text
    }

    fn incident(&self, incident: &Incident) -> String {
        let label = fitted(&self.words.term("severity", incident.severity.as_str()), 8);
        let scenario = self.words.term("scenario", incident.scenario.as_str());
        let mut subject = safe(&incident.host);
        if !incident.service.is_empty() {
            subject = format!("{subject} {}", safe(&incident.service));
        }
        let counts = [("rows", incident.rows), ("blocked", incident.blocked)];
        format!(
            "  {} {}  {}\n           {}  {}\n",
            self.painted(incident.severity, &label),
            fitted(&scenario, 26),
            fitted(&subject, WIDTH - 41).trim_end(),
            incident.id,
            self.counted("triage.blocked", &counts)
        )
    }

    /// The questions that settle most, and how much could not be told.
    fn open_points(&self, view: &ReportView<'_>, top: usize) -> String {
        let mut text = String::new();
        if top > 0 && !view.questions.is_empty() {
            text.push_str(&format!("{}\n", self.words.phrase("triage.questions", &[])));
        }
        for question in view.questions.iter().take(top.min(QUESTIONS)) {
            let rows = self.counted("triage.settles", &[("rows", question.settles.rows)]);
            let told = format!("{rows}: {}", safe(&question.text));
            text.push_str(&listed(&told));
        }
        let kinds = |kind| view.unknowns.iter().filter(|one| one.kind == kind).count() as u64;
        let counts = [
            ("undetermined", kinds(UnknownKind::Undetermined)),
            ("incomplete", kinds(UnknownKind::Incomplete)),
        ];
        if counts.iter().any(|(_, count)| *count > 0) {
            text.push_str(&lines(&self.counted("triage.unknowns", &counts)));
        }
        text
    }

    fn accounting(&self, view: &ReportView<'_>) -> String {
        let counts = &view.accounting;
        let text = self.counted(
            "triage.accounting",
            &[
                ("rows", counts.rows),
                ("in_findings", counts.in_findings),
                ("suppressed", counts.suppressed),
                ("filtered", counts.filtered),
                ("duplicate", counts.duplicate),
                ("rejected", counts.rejected),
            ],
        );
        lines(&text)
    }

    fn painted(&self, severity: Severity, text: &str) -> String {
        if !self.coloured {
            return text.to_owned();
        }
        let code = match severity {
            Severity::Critical => "1;31",
            Severity::High => "31",
            Severity::Medium => "33",
            Severity::Low => "36",
            Severity::Info => "2",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// A bar of text for each stretch of time; empty where nothing happened.
fn bars(view: &ReportView<'_>) -> String {
    let buckets: Vec<(i64, u64)> = view
        .timeline
        .buckets
        .iter()
        .map(|bucket| (bucket.start.seconds(), bucket.rows.values().sum()))
        .collect();
    let (Some(first), Some(last)) = (buckets.first(), buckets.last()) else { return String::new() };
    let width = i64::try_from(view.timeline.bucket_seconds).unwrap_or(i64::MAX).max(1);
    let columns = usize::try_from((last.0 - first.0) / width).unwrap_or(0) + 1;
    let shown = columns.min(WIDTH - 4);
    let mut heights = vec![0u64; shown];
    for (start, rows) in &buckets {
        let column = usize::try_from((start - first.0) / width).unwrap_or(0);
        heights[column * shown / columns] += rows;
    }
    let most = heights.iter().copied().max().unwrap_or(0).max(1);
    heights.iter().map(|height| block(*height, most)).collect()
}

fn block(height: u64, most: u64) -> char {
    if height == 0 {
        return ' ';
    }
    let step = (height * BLOCKS.len() as u64).div_ceil(most).clamp(1, BLOCKS.len() as u64);
    BLOCKS[usize::try_from(step - 1).unwrap_or(0)]
}

/// The title and the client: in one line where both fit, else below each other.
fn titled(title: &str, client: Option<&str>) -> String {
    let Some(client) = client.map(safe) else { return lines(title) };
    let both = format!("{title} · {client}");
    if both.width() <= WIDTH { both + "\n" } else { lines(title) + &lines(&client) }
}

/// A text in as many lines as it takes.
fn lines(text: &str) -> String {
    wrapped(text, WIDTH).join("\n") + "\n"
}

fn statements(view: &ReportView<'_>) -> String {
    let mut text = String::new();
    for statement in &view.summary.statements {
        text.push_str(&listed(&safe(statement)));
    }
    text
}

/// A point of a list.
fn listed(point: &str) -> String {
    let mut text = String::new();
    for (number, line) in wrapped(point, WIDTH - 2).iter().enumerate() {
        text.push_str(if number == 0 { "- " } else { "  " });
        text.push_str(line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_fill_their_blocks() {
        assert_eq!(block(0, 9), ' ');
        assert_eq!((block(1, 900), block(900, 900)), ('▁', '█'));
    }
}
