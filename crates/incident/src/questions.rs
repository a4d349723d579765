//! What only the client can answer, that which is worth most first.

use crate::asked::{self, MOST};
use crate::ground::Ground;
use ringback_model::Message;
use ringback_model::case::Question;
use ringback_model::profile::OpenService;

/// The keys of all questions, for the catalogue of words.
pub const QUESTION_KEYS: &[&str] = &[
    "question.open-though-closed",
    "question.networks",
    "question.network",
    "question.exposure-complete",
    "question.published",
    "question.published.remotes",
    "question.published.reached",
    "question.vulnerable",
    "question.target",
    "question.relay",
    "question.scanner",
    "question.scanner.attacks",
    "question.time-zone",
    "question.connection-export",
    "question.direction-export",
    "question.local-proxy",
    "question.remote-export",
    "question.hosts",
    "question.inputs",
    "question.verdicts",
    "question.worst",
    "question.replace",
    "question.on-top",
    "question.more",
];

/// Questions by kind: those of which there is one at the most, and those of which there may be many.
#[derive(Debug)]
pub(crate) struct Kinds {
    ones: Vec<Question>,
    many: Vec<Vec<Question>>,
}

/// The questions of a case, but for those about relays.
pub(crate) fn other_questions(ground: &Ground<'_>) -> Kinds {
    let ones = [
        open_though_closed(ground),
        asked::complete(ground),
        asked::networks(ground),
        asked::time_zone(ground),
    ];
    let many = [
        asked::exports(ground),
        asked::published(ground),
        asked::vulnerable(ground),
        asked::scanners(ground),
    ];
    Kinds { ones: ones.into_iter().flatten().collect(), many: many.into() }
}

/// All questions of a case, ranked by what each answer is worth ([`Question::weight`]), and how many are left out because
/// there are more than [`MOST`] of their kind.
pub(crate) fn ranked(others: Kinds, of_relays: Vec<Question>) -> (Vec<Question>, u64) {
    let Kinds { ones: mut all, many } = others;
    let mut left_out = 0;
    for mut kind in many.into_iter().chain([of_relays]) {
        kind.sort_by(by_rank);
        left_out += kind.len().saturating_sub(MOST) as u64;
        kind.truncate(MOST);
        all.append(&mut kind);
    }
    all.sort_by(by_rank);
    (all, left_out)
}

/// The order of questions: what the answer is worth, findings, id.
fn by_rank(one: &Question, other: &Question) -> std::cmp::Ordering {
    let rank = |question: &Question| (question.weight(), question.findings);
    rank(other).cmp(&rank(one)).then_with(|| one.id.cmp(&other.id))
}

/// Whether what is open is meant to be.
fn open_though_closed(ground: &Ground<'_>) -> Option<Question> {
    let open = ground.open;
    if open.is_empty() {
        return None;
    }
    let sum = ground.count_reasons(&["exposure.closed-but-open"]);
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
    Some(asked::question("open-though-closed".to_owned(), text, Vec::new(), sum, toml))
}

/// A few services, for people.
pub(crate) fn shown(open: &[&OpenService]) -> String {
    const FEW: usize = 5;
    let name = |one: &&OpenService| format!("{} {}/{}", one.address, one.transport.name(), one.port);
    let names: Vec<String> = open.iter().take(FEW).map(name).collect();
    let more = if open.len() > FEW { ", …" } else { "" };
    names.join(", ") + more
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made::ground;
    use crate::{Ends, Stories};
    use ringback_model::profile::Transport;
    use ringback_model::{Profile, Symbols};

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
        let (stories, symbols, profile) = (Stories::default(), Symbols::new(), Profile::default());
        let ends = Ends::of(&[], &symbols);
        let ground = ground(&stories, &ends, &symbols, &profile);
        assert!(open_though_closed(&ground).is_none());
        let many: Vec<OpenService> = (1..=60).map(open).collect();
        let asked = open_though_closed(&Ground { open: &many.iter().collect::<Vec<_>>(), ..ground });
        let Some(question) = &asked else { panic!("{asked:?}") };
        assert_eq!(question.toml.matches("[[exposure.published]]").count(), 50);
        assert!(question.toml.contains("\nports = [\"tcp/50\"]\n") && question.toml.ends_with("10 more.\n"));
        assert!(QUESTION_KEYS.contains(&question.text.key));
        let few = [&open(22), &open(80)];
        assert_eq!(shown(&few), "198.51.100.7 tcp/22, 198.51.100.7 tcp/80");
    }
}
