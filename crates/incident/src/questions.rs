//! What only the client can answer.

use crate::Stories;
use ringback_model::case::Question;
use ringback_model::profile::OpenService;
use ringback_model::{Finding, Message};

/// The keys of all questions, for the catalogue of words.
pub const QUESTION_KEYS: &[&str] = &["question.open-though-closed"];

/// The most services that a question's answer names; the report names how many there are.
const MOST: usize = 50;

/// The questions of a case. `open` are the services that the profile's list closes and that scans from outside found open.
pub fn questions(stories: &Stories, open: &[&OpenService]) -> Vec<Question> {
    open_though_closed(stories, open).into_iter().collect()
}

/// Whether what is open is meant to be.
fn open_though_closed(stories: &Stories, open: &[&OpenService]) -> Option<Question> {
    if open.is_empty() {
        return None;
    }
    let about = |finding: &&Finding| has_reason(stories, finding, &["exposure.closed-but-open"]);
    let (mut rows, mut findings) = (0, 0);
    for finding in stories.findings.iter().filter(about) {
        rows += finding.tally.rows;
        findings += 1;
    }
    let text = Message::new("question.open-though-closed")
        .with("services", open.len() as u64)
        .with("which", shown(open));
    let mut toml = String::from("# Keep what is meant to be public; close the rest at the firewall.\n");
    for service in open.iter().take(MOST) {
        let (address, transport, port) = (service.address, service.transport.name(), service.port);
        toml.push_str(&format!(
            "\n[[exposure.published]]\naddress = \"{address}\"\nports = [\"{transport}/{port}\"]\n"
        ));
    }
    if open.len() > MOST {
        toml.push_str(&format!("\n# … and {} more.\n", open.len() - MOST));
    }
    Some(Question { id: "open-though-closed".to_owned(), text, rows, findings, toml })
}

/// A few services, for people.
pub(crate) fn shown(open: &[&OpenService]) -> String {
    const FEW: usize = 5;
    let name = |one: &&OpenService| format!("{} {}/{}", one.address, one.transport.name(), one.port);
    let names: Vec<String> = open.iter().take(FEW).map(name).collect();
    let more = if open.len() > FEW { ", …" } else { "" };
    names.join(", ") + more
}

/// Whether a finding is judged for one of some reasons.
pub(crate) fn has_reason(stories: &Stories, finding: &Finding, keys: &[&str]) -> bool {
    let reasons = stories.reasons.get(finding.reasons as usize);
    reasons.is_some_and(|reasons| reasons.iter().any(|reason| keys.contains(&reason.key)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringback_model::profile::Transport;

    fn open(port: u16) -> OpenService {
        OpenService {
            address: "198.51.100.7".parse().unwrap(),
            transport: Transport::Tcp,
            port,
            names: Vec::new(),
            seen: None,
        }
    }

    #[test]
    fn nothing_open_asks_nothing_and_long_lists_are_counted() {
        assert!(questions(&Stories::default(), &[]).is_empty());
        let many: Vec<OpenService> = (1..=60).map(open).collect();
        let asked = questions(&Stories::default(), &many.iter().collect::<Vec<_>>());
        let [question] = &asked[..] else { panic!("{asked:?}") };
        assert_eq!(question.toml.matches("[[exposure.published]]").count(), 50);
        assert!(question.toml.contains("\nports = [\"tcp/50\"]\n") && question.toml.ends_with("10 more.\n"));
        assert!(QUESTION_KEYS.contains(&question.text.key));
        let few = [&open(22), &open(80)];
        assert_eq!(shown(&few), "198.51.100.7 tcp/22, 198.51.100.7 tcp/80");
    }
}
