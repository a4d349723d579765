//! What the words in a cell probably stand for.

use crate::layouts::shared_words;
use crate::rule_name;
use crate::values::{Values, fold};
use ringback_model::Threat;

/// A word, and the parts of cells that suggest it.
type Suggestion = (&'static str, &'static [&'static str]);

/// Parts of words and what they suggest, by table; the first that is in a cell is taken.
const PARTS: &[(&str, &[Suggestion])] = &[
    (
        "direction",
        &[
            ("incoming", &["inbound", "incoming", "ingress", "receive", "in"]),
            ("outgoing", &["outbound", "outgoing", "egress", "send", "out"]),
        ],
    ),
    (
        "message",
        &[
            ("request", &["to_server", "toserver", "client-to-server", "request", "c2s"]),
            ("response", &["to_client", "toclient", "server-to-client", "response", "s2c", "reply"]),
        ],
    ),
    (
        "result",
        &[
            ("logged", &["not blocked", "no action", "only"]),
            (
                "blocked",
                &[
                    "block",
                    "drop",
                    "deny",
                    "denied",
                    "reset",
                    "reject",
                    "quarantine",
                    "prevent",
                    "sinkhole",
                    "stop",
                ],
            ),
            ("logged", &["allow", "alert", "log", "pass", "permit", "monitor", "detect", "accept"]),
        ],
    ),
    (
        "risk",
        &[
            ("high", &["critical", "high", "severe", "dangerous"]),
            ("medium", &["medium", "moderate", "warning"]),
            ("low", &["low", "info", "minor"]),
        ],
    ),
    (
        "list",
        &[
            ("user-defined", &["user", "custom"]),
            ("global", &["global"]),
            ("virtual-analyzer", &["sandbox", "analyzer"]),
            ("web-reputation", &["reputation"]),
        ],
    ),
    (
        "category",
        &[
            ("callback", &["command and control", "c2", "c&c", "callback", "trojan", "spyware", "botnet"]),
            ("ransomware", &["ransom"]),
            (
                "exploit",
                &["exploit", "vulnerability", "privilege gain", "web application attack", "injection"],
            ),
            ("brute-force", &["brute"]),
            ("scan", &["scan", "recon", "probe"]),
            ("policy", &["policy", "privacy"]),
        ],
    ),
];

/// Whether the words of a table stand alone in a cell, or may be a part of what it says.
fn alone(table: &str) -> bool {
    table == "direction"
}

/// The word that a cell suggests in a table.
pub(super) fn suggested(table: &str, cell: &str) -> Option<&'static str> {
    let folded = fold(cell);
    let (_, words) = PARTS.iter().find(|(name, _)| *name == table)?;
    let says = |part: &&str| if alone(table) { folded == *part } else { folded.contains(part) };
    words.iter().find(|(_, parts)| parts.iter().any(says)).map(|(word, _)| *word)
}

/// The words that all drafts know by the shared table.
pub(super) struct Known(Values);

impl Known {
    pub(super) fn new() -> Self {
        let mut values = Values::default();
        if let Some(tables) = shared_words(SHARED) {
            // A table that is wrong would be found by the layouts that are carried; a draft knows less then.
            _ = values.add(tables);
        }
        Known(values)
    }

    /// The word that a cell stands for already.
    pub(super) fn word(&self, table: &str, cell: &str) -> Option<&'static str> {
        let folded = fold(cell);
        let values = &self.0;
        match table {
            "direction" => values.direction.get(&folded).map(|value| value.as_str()),
            "message" => values.message.get(&folded).map(|value| value.as_str()),
            "result" => values.result.get(&folded).map(|value| value.as_str()),
            "list" => values.list.get(&folded).map(|value| value.as_str()),
            "risk" => values.risk.get(&folded).map(|value| value.as_str()),
            _ => None,
        }
    }

    /// The word that a cell stands for, or suggests.
    pub(super) fn any(&self, table: &str, cell: &str) -> Option<&'static str> {
        self.word(table, cell).or_else(|| suggested(table, cell))
    }
}

/// The shared table that drafts take their words from.
pub(super) const SHARED: &str = "words";

/// Whether a cell is written as the names of rules are.
pub(super) fn is_rule_name(cell: &str) -> bool {
    let read = rule_name::read(cell);
    read.threat != Threat::Unknown && cell.contains(' ') || !read.cve.is_empty() || cell.contains("(Re")
}
