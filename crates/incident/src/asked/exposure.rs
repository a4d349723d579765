//! Is this service public? Is the list of what is public complete?

use super::{question, strings};
use crate::ground::{Ground, Sum, Where, keep_smaller};
use ringback_model::case::Question;
use ringback_model::{DetectionRef, Exposure, Finding, Message, Scenario, Set, Side, Target};
use std::collections::BTreeMap;

/// Whether a finding is about traffic from outside to a host of which nobody said whether it is public.
fn is_open(finding: &Finding) -> bool {
    let verdict = &finding.verdict;
    let inbound = verdict.scenario == Scenario::InboundFromInternet && verdict.target == Target::Local;
    inbound && verdict.exposure == Exposure::Unknown
}

/// What is told of one service.
#[derive(Default)]
struct Service {
    /// The smallest of the host's names.
    host: String,
    remotes: Set<u32>,
    /// Whether a hit in an application's protocol, or a scan, shows that outside traffic reaches it.
    reached: bool,
    sum: Sum,
}

/// Whether each service that was asked from outside is public.
pub(crate) fn published(ground: &Ground<'_>) -> Vec<Question> {
    let mut services: BTreeMap<(Where, u16), Service> = BTreeMap::new();
    for (number, (finding, row)) in ground.findings().enumerate().filter(|(_, (finding, _))| is_open(finding))
    {
        let Some((at, port)) = Where::of(row, Side::Local).zip(row.port(Side::Local)) else { continue };
        let service = services.entry((at, port)).or_default();
        service.remotes.insert(ground.ends.number(number, Side::Remote));
        service.see(finding, row);
    }
    services.into_iter().map(|((at, port), service)| asked(&at, port, &service)).collect()
}

impl Service {
    fn see(&mut self, finding: &Finding, row: DetectionRef<'_>) {
        keep_smaller(&mut self.host, &row.host());
        self.reached |= finding.verdict.reached;
        self.sum.add(finding);
    }
}

fn asked(at: &Where, port: u16, service: &Service) -> Question {
    let text = Message::new("question.published")
        .with("port", port.to_string())
        .with("host", service.host.as_str())
        .with("address", at.text());
    let mut details =
        vec![Message::new("question.published.remotes").with("remotes", service.remotes.len() as u64)];
    details.extend(service.reached.then(|| Message::new("question.published.reached")));
    let toml = format!("[[exposure.published]]\n{}ports = [\"{port}\"]\n", at.toml());
    question(format!("published:{}:{port}", at.text()), text, details, service.sum, toml)
}

/// Whether the list of what is public is complete, so that the rest is closed.
pub(crate) fn complete(ground: &Ground<'_>) -> Option<Question> {
    let known = &ground.profile.exposure;
    // Of a host with a published service it stays open where no port is logged.
    let told = |row: DetectionRef<'_>| known.published.is_empty() || row.port(Side::Local).is_some();
    let sum = ground.count(|finding, row| is_open(finding) && told(row));
    if known.complete || sum.findings == 0 {
        return None;
    }
    let published = known.published.len() as u64;
    let text = Message::new("question.exposure-complete").with("services", published);
    let mut toml = "[exposure]\ncomplete = true\n".to_owned();
    let mut details = Vec::new();
    if !known.scans.is_empty() || !known.published.is_empty() {
        details.push(Message::new("question.replace").with("section", "[exposure]"));
    }
    if !known.scans.is_empty() {
        toml.push_str(&format!("scans = {}\n", strings(known.scans.iter().map(String::as_str))));
    }
    Some(question("exposure-complete".to_owned(), text, details, sum, toml))
}
