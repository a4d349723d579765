//! The truth, written down: a table of meanings, then the meaning of every row.

use super::{Export, Fate, Row};
use std::collections::BTreeMap;

/// What a line of the first part says after its number.
const COLUMNS: &str =
    "fate\torigin\torigin_basis\tremote_scope\tscenario\tsuspect\tmessage\tthreat\tlist\tresult\tseverity";

/// The truth about exports (in the order of their names). `meaning` lines number the meanings; a `rows` line holds, for
/// one file, the numbers of its records' meanings in order, `7*3` for three in a row.
pub(crate) fn write(exports: &[Export]) -> String {
    let truths: Vec<Vec<String>> =
        exports.iter().map(|export| export.rows.iter().map(truth).collect()).collect();
    let mut numbers: BTreeMap<&str, usize> =
        truths.iter().flatten().map(|truth| (truth.as_str(), 0)).collect();
    for (number, entry) in numbers.values_mut().enumerate() {
        *entry = number;
    }
    let mut text = format!("# meaning\tnumber\t{COLUMNS}\n# rows\tfile\tnumbers of meanings\n");
    for (truth, number) in &numbers {
        text += &format!("meaning\t{number}\t{truth}\n");
    }
    for (export, truths) in exports.iter().zip(&truths) {
        let run = |run: &[String]| {
            let number = numbers[run[0].as_str()];
            if run.len() == 1 { number.to_string() } else { format!("{number}*{}", run.len()) }
        };
        let runs: Vec<String> = truths.chunk_by(|a, b| a == b).map(run).collect();
        text += &format!("rows\t{}\t{}\n", export.name, runs.join(" "));
    }
    text
}

fn truth(row: &Row) -> String {
    match &row.fate {
        Fate::Rejected(reason) => format!("rejected:{reason}"),
        Fate::Good(m, fate) => [
            fate, m.origin, m.basis, m.scope, m.scenario, m.suspect, m.message, m.threat, m.list, m.result,
            m.severity,
        ]
        .join("\t"),
    }
}
