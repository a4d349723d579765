//! What the sample report leaves open: questions, unknowns, candidates, suggestions.

use super::hostile;
use ringback_model::case::{LogRows, Question, SuggestedRelay, Unknown, UnknownKind};
use ringback_model::profile::RelayKind;
use ringback_model::{Case, Log, Message, Sym};
use std::collections::BTreeMap;

/// Adds all of it to a case whose hosts and remote ends are there.
pub(super) fn add(case: &mut Case) {
    case.questions = questions();
    case.unasked = 3;
    case.unknowns = unknowns();
    case.suggested_relays = suggested_relays(case);
    let ends =
        case.hosts.iter().map(|host| &host.host).chain(case.remotes.iter().map(|remote| &remote.remote));
    let addresses = ends.filter_map(|name| name.parse().ok());
    case.address_book = addresses.map(|ip| (ip, vec![hostile(1), hostile(5)])).collect();
    case.outside = case.hosts.iter().flat_map(|host| host.addresses.iter().copied()).collect();
}

/// Rows of an incident in two logs.
pub(super) fn logs(rows: u64, product: Sym) -> Vec<LogRows> {
    let log = |(log, rows)| LogRows { log, product, rows, blocked: rows / 3 };
    [(Log::Connection, rows - rows / 4), (Log::Callback, rows / 4)].map(log).to_vec()
}

fn questions() -> Vec<Question> {
    vec![
        Question {
            id: "published".to_owned(),
            text: Message::new("sample.question").with("host", hostile(0)),
            details: vec![Message::new("sample.question").with("host", hostile(3))],
            rows: 120,
            undetermined: 20,
            findings: 2,
            toml: "[[exposure.published]]\naddress = \"192.0.2.10\"\nports = [\"tcp/443\"]\n".to_owned(),
        },
        Question {
            id: "hostile".to_owned(),
            text: Message::new("sample.question").with("host", hostile(7)),
            details: Vec::new(),
            rows: 1,
            undetermined: 0,
            findings: 1,
            toml: "# ```\n# </pre><script>alert(4)</script>\n".to_owned(),
        },
    ]
}

fn unknowns() -> Vec<Unknown> {
    let say = |n| Message::new("sample.question").with("host", hostile(n));
    let unknown = |kind: &UnknownKind| Unknown {
        id: kind.as_str(),
        kind: *kind,
        text: say(1),
        why: say(2),
        settle: say(4),
        details: vec![say(6)],
        rows: 3,
        findings: 1,
        question: "hostile".to_owned(),
    };
    UnknownKind::ALL.iter().map(unknown).collect()
}

/// The remote end of the first finding may be a relay, and so may its host.
fn suggested_relays(case: &Case) -> BTreeMap<String, SuggestedRelay> {
    let reasons = vec![Message::new("sample.question").with("host", hostile(9))];
    let relay = SuggestedRelay { kind: RelayKind::Proxy, reasons };
    let names =
        case.hosts.iter().map(|host| &host.host).chain(case.remotes.iter().map(|remote| &remote.remote));
    names.take(1).map(|name| (name.clone(), relay.clone())).collect()
}
