//! `triage`: a summary that fits a terminal of 80 columns.

use crate::args::TriageArgs;
use crate::exit::Outcome;
use crate::request::{self, Wish};
use crate::terminal::{colours, safe};
use crate::words;
use ringback_model::report::ReportView;
use ringback_model::{Case, Incident, Report, Severity};
use ringback_template::Catalogue;
use std::io::{Write, stdout};

/// The width of the summary in columns.
const WIDTH: usize = 80;

/// The blocks of a sparkline, from low to high.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Prints the summary.
pub(crate) fn run(args: &TriageArgs) -> anyhow::Result<Outcome> {
    let mut found = request::run(
        &args.input,
        &Wish { title: None, hash_inputs: false, read_again: false, advise: false },
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
            heading(&view),
            self.severities(&view),
            timeline(&view),
            statements(&view),
            self.incidents(top),
            accounting(&view),
        ];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
    }

    fn severities(&self, view: &ReportView<'_>) -> String {
        let mut text = String::from("             incidents   findings         rows\n");
        for severity in Severity::ALL {
            let word = severity.as_str();
            let (incidents, findings, rows) = (
                view.summary.severity_incidents[word],
                view.summary.severity_findings[word],
                view.summary.severity[word],
            );
            let label = self.painted(*severity, &format!("{word:<10}"));
            text.push_str(&format!("  {label} {incidents:>9}  {findings:>9}  {rows:>11}\n"));
        }
        text
    }

    fn incidents(&self, top: usize) -> String {
        let case: &Case = &self.report.case;
        if case.incidents.is_empty() || top == 0 {
            return String::new();
        }
        let mut text = String::from("Incidents, worst first\n");
        for incident in case.incidents.iter().take(top) {
            text.push_str(&self.incident(incident));
        }
        if let Some(more) = case.incidents.len().checked_sub(top).filter(|more| *more > 0) {
            text.push_str(&format!("  … and {more} more; `ringback report` has them all\n"));
        }
        text
    }

    fn incident(&self, incident: &Incident) -> String {
        let label = format!("{:<8}", incident.severity.as_str());
        let scenario = self.words.term("scenario", incident.scenario.as_str());
        let mut subject = safe(&incident.host);
        if !incident.service.is_empty() {
            subject = format!("{subject} {}", safe(&incident.service));
        }
        let stopped = format!("{} rows, {} blocked", incident.rows, incident.blocked);
        format!(
            "  {} {}  {}\n           {}  {stopped}\n",
            self.painted(incident.severity, &label),
            fitted(&scenario, 26),
            fitted(&subject, WIDTH - 41).trim_end(),
            incident.id
        )
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

fn heading(view: &ReportView<'_>) -> String {
    let client = view.client.name.map_or_else(String::new, |name| format!(" · {}", safe(name)));
    let period = match (view.period.first, view.period.last) {
        (Some(first), Some(last)) => format!("{first} to {last}\n"),
        _ => String::new(),
    };
    let (inputs, rows) = (view.inputs.len(), view.accounting.rows);
    format!("{}{client}\n{period}{inputs} inputs, {rows} rows\n", safe(view.title))
}

fn timeline(view: &ReportView<'_>) -> String {
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
    let bar: String = heights.iter().map(|height| block(*height, most)).collect();
    format!("Rows over time\n  {bar}\n")
}

fn block(height: u64, most: u64) -> char {
    if height == 0 {
        return ' ';
    }
    let step = (height * BLOCKS.len() as u64).div_ceil(most).clamp(1, BLOCKS.len() as u64);
    BLOCKS[usize::try_from(step - 1).unwrap_or(0)]
}

fn statements(view: &ReportView<'_>) -> String {
    let mut text = String::new();
    for statement in &view.summary.statements {
        for (number, line) in wrapped(&safe(statement), WIDTH - 2).iter().enumerate() {
            text.push_str(if number == 0 { "- " } else { "  " });
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

fn accounting(view: &ReportView<'_>) -> String {
    let counts = &view.accounting;
    format!(
        "{} rows = {} in findings + {} suppressed + {} filtered + {} duplicate + {} rejected\n",
        counts.rows,
        counts.in_findings,
        counts.suppressed,
        counts.filtered,
        counts.duplicate,
        counts.rejected
    )
}

/// A text cut or filled to a number of characters.
fn fitted(text: &str, width: usize) -> String {
    let cut: String = text.chars().take(width).collect();
    if cut.len() < text.len() {
        let short: String = cut.chars().take(width - 1).collect();
        return format!("{short}…");
    }
    format!("{cut:<width$}")
}

/// A text in lines of at most so many characters, broken at blanks.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_fits_its_column() {
        assert_eq!(fitted("abc", 5), "abc  ");
        assert_eq!(fitted("abcdef", 5), "abcd…");
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(block(0, 9), ' ');
        assert_eq!((block(1, 900), block(900, 900)), ('▁', '█'));
    }
}
