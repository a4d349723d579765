//! Is the target vulnerable to this?

use super::{MOST, strings};
use crate::ground::{Ground, Sum, Where};
use ringback_model::case::Question;
use ringback_model::{
    DetectionRef, Finding, Message, Scenario, Scope, Side, Sym, Target, Threat, Vulnerable,
};
use std::collections::BTreeMap;

/// Whether each id that an exploit names is true of the hosts that it was aimed at.
pub(crate) fn vulnerable(ground: &Ground<'_>) -> Vec<Question> {
    let mut by_ids: BTreeMap<&str, BTreeMap<Where, Sum>> = BTreeMap::new();
    for (finding, row) in ground.findings() {
        if finding.detection.cve != Sym::EMPTY
            && let Some(at) = open_target(finding, row)
        {
            let ids = row.text(finding.detection.cve);
            by_ids.entry(ids).or_default().entry(at).or_default().add(finding);
        }
    }
    by_ids.into_iter().filter_map(|(ids, targets)| asked(ids, targets)).collect()
}

/// The host that an exploit was aimed at, where nobody said whether it is vulnerable and it is the client's.
fn open_target(finding: &Finding, row: DetectionRef<'_>) -> Option<Where> {
    let verdict = &finding.verdict;
    let aimed = matches!(
        verdict.scenario,
        Scenario::InboundFromInternet | Scenario::LateralMovement | Scenario::MaliciousResponse
    );
    let open =
        aimed && finding.detection.threat == Threat::Exploit && verdict.vulnerable == Vulnerable::Unknown;
    let side = match verdict.target {
        Target::Local => Side::Local,
        Target::Remote if verdict.remote_scope == Scope::Own => Side::Remote,
        Target::Remote | Target::None => return None,
    };
    Where::of(row, side).filter(|_| open)
}

fn asked(ids: &str, targets: BTreeMap<Where, Sum>) -> Option<Question> {
    let names: Vec<&str> = ids.split_ascii_whitespace().collect();
    if names.is_empty() || !names.iter().all(|id| is_id(id)) {
        return None;
    }
    let hosts = targets.len();
    let mut ranked: Vec<(Where, Sum)> = targets.into_iter().collect();
    ranked.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
    ranked.truncate(MOST);
    let (mut sum, mut toml, mut details) = (Sum::default(), String::new(), Vec::new());
    for (at, one) in &ranked {
        (sum.rows, sum.findings) = (sum.rows + one.rows, sum.findings + one.findings);
        let gap = if toml.is_empty() { "" } else { "\n" };
        let (whom, cve) = (at.toml(), strings(names.iter().copied()));
        toml.push_str(&format!("{gap}[[vulnerability]]\n{whom}cve = {cve}\nstate = \"vulnerable\"\n"));
        details.push(Message::new("question.target").with("host", at.text()).with("rows", one.rows));
    }
    if hosts > ranked.len() {
        details.push(Message::new("question.more").with("n", (hosts - ranked.len()) as u64));
    }
    let text = Message::new("question.vulnerable").with("hosts", hosts as u64).with("cve", names.join(", "));
    Some(Question {
        id: format!("vulnerable:{}", names.join("+")),
        text,
        details,
        rows: sum.rows,
        undetermined: 0,
        findings: sum.findings,
        toml,
    })
}

/// Whether a profile takes an id: what a log says may be anything.
fn is_id(id: &str) -> bool {
    let digits = |text: &str, least: usize, most: usize| {
        (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    match id.to_ascii_uppercase().split('-').collect::<Vec<_>>()[..] {
        ["CVE", year, number] => digits(year, 4, 4) && digits(number, 4, 19),
        [bulletin, number] => {
            bulletin.strip_prefix("MS").is_some_and(|year| digits(year, 2, 2)) && digits(number, 3, 3)
        }
        _ => false,
    }
}
