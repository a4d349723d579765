//! Which export is missing, and in which time zone are the times?

use super::{of_verdicts, question};
use crate::ground::{Ground, Sum, few};
use ringback_model::case::{Input, Question};
use ringback_model::report::SETTLING;
use ringback_model::{Arg, Finding, Message};
use std::collections::BTreeSet;

/// The note of an input whose log names no time zone.
const ASSUMED: &str = "input.zone-assumed";

/// The questions for other exports, each of undetermined findings that it would settle. No profile answers them.
pub(crate) fn exports(ground: &Ground<'_>) -> Vec<Question> {
    let asked = SETTLING.iter().filter(|(_, id)| *id != "networks");
    asked.filter_map(|(settle, id)| export(ground, settle, id)).collect()
}

/// The text of the question with an id.
fn text_of(id: &str) -> &'static str {
    match id {
        "connection-export" => "question.connection-export",
        "direction-export" => "question.direction-export",
        "local-proxy" => "question.local-proxy",
        _ => "question.remote-export",
    }
}

fn export(ground: &Ground<'_>, settle: &str, id: &str) -> Option<Question> {
    let lists = ground.lists_with(&[settle]);
    let (mut sum, mut hosts) = (Sum::default(), BTreeSet::new());
    let mut period = None;
    let mut worst = ringback_model::Severity::Info;
    for (finding, row) in ground.findings() {
        if !lists.get(finding.reasons as usize).copied().unwrap_or_default() {
            continue;
        }
        let (first, last) = (finding.tally.first, finding.tally.last);
        let (from, to) = period.unwrap_or((first, last));
        period = Some((first.min(from), last.max(to)));
        worst = worst.worse(finding.verdict.severity);
        hosts.insert(row.host().into_owned());
        sum.add(finding);
    }
    let (first, last) = period?;
    let text = Message::new(text_of(id)).with("first", first).with("last", last);
    let which = few(hosts.iter().map(String::as_str));
    let hosts = Message::new("question.hosts").with("hosts", hosts.len() as u64).with("which", which);
    let worst = Message::new("question.worst").with("severity", Arg::Term(worst.as_str()));
    Some(of_verdicts(id.to_owned(), text, vec![hosts, worst], sum, String::new()))
}

/// Whether an input's times were taken for UTC because nothing says otherwise.
pub(crate) fn is_assumed(input: &Input) -> bool {
    input.notes.iter().any(|note| note.key == ASSUMED)
}

/// The rows of inputs whose zone is assumed, and the findings that are known to have some of them.
pub(crate) fn in_assumed_zone(ground: &Ground<'_>) -> Sum {
    let rows = ground
        .inputs
        .iter()
        .filter(|input| is_assumed(input))
        .map(|input| input.rows.saturating_sub(input.rejected))
        .sum();
    let assumed: Vec<bool> = ground.inputs.iter().map(is_assumed).collect();
    let from = |finding: &Finding| {
        finding
            .tally
            .evidence
            .iter()
            .any(|place| assumed.get(place.source as usize).copied().unwrap_or_default())
    };
    Sum { rows, ..ground.count(|finding, _| from(finding)) }
}

/// Which zone the times of logs are in that name none.
pub(crate) fn time_zone(ground: &Ground<'_>) -> Option<Question> {
    let sum = in_assumed_zone(ground);
    if sum.rows == 0 || !ground.profile.time_zone.is_empty() {
        return None;
    }
    let inputs: Vec<&str> =
        ground.inputs.iter().filter(|input| is_assumed(input)).map(|input| input.name.as_str()).collect();
    let text = Message::new("question.time-zone").with("inputs", inputs.len() as u64);
    let mut details = vec![Message::new("question.inputs").with("which", few(inputs.iter().copied()))];
    details.extend(ground.skews.iter().map(|skew| crate::unknowns::skewed(skew, ground.symbols)));
    details.push(Message::new("question.on-top"));
    Some(question("time-zone".to_owned(), text, details, sum, "time_zone = \"UTC\"\n".to_owned()))
}
