//! What a report could not tell: each with why, and with the column, setting, profile entry or other log that would settle
//! it. What no log of this kind shows is told every time.

mod incomplete;
mod undetermined;

use crate::ground::{Ground, Sum};
use crate::{Open, Skew};
use ringback_model::case::{Question, Unknown, UnknownKind};
use ringback_model::{Arg, Log, Message, Sym, Symbols};

/// What can be unknown: its id, and the keys of what is not told, why, and what would settle it.
struct Known {
    id: &'static str,
    keys: [&'static str; 3],
}

/// Writes the table of what can be unknown: the keys follow from the ids.
macro_rules! known {
    ($($name:ident = $id:literal,)+) => {
        $(const $name: Known = Known {
            id: $id,
            keys: [concat!("unknown.", $id, ".what"), concat!("unknown.", $id, ".why"), concat!("unknown.", $id, ".settle")],
        };)+

        /// All that can be unknown.
        const ALL: &[&Known] = &[$(&$name,)+];
    };
}

known! {
    CONNECTION_LOG = "connection-log",
    DIRECTION = "direction",
    NETWORKS = "networks",
    PROXY = "proxy",
    REMOTE = "remote",
    EXPOSURE = "exposure",
    VULNERABLE = "vulnerable",
    WEAK = "weak",
    RESULT = "result",
    RELAY = "relay",
    PRIVATE = "private",
    RULE = "rule",
    ZONE = "zone",
    OUTSIDE = "outside",
    SHARED = "shared-address",
    SKEW = "skew",
    ROW_LIMIT = "row-limit",
    CUT = "cut",
    SILENCE = "silence",
    UNLISTED = "unlisted",
    NO_AGENT = "no-agent",
    RETENTION = "retention",
}

/// The keys of details.
const DETAIL_KEYS: &[&str] = &[
    "unknown.detail.skew",
    "unknown.detail.input-rows",
    "unknown.detail.input",
    "unknown.detail.silence",
    "unknown.detail.host",
    "unknown.detail.address",
    "unknown.detail.more",
];

/// The keys of all texts, for the catalogue of words.
pub fn unknown_keys() -> Vec<&'static str> {
    ALL.iter().flat_map(|known| known.keys).chain(DETAIL_KEYS.iter().copied()).collect()
}

/// What the case could not tell, in the order in which it is read: what bears on most rows first, then what exports may
/// lack, then what no log shows.
pub(crate) fn unknowns(ground: &Ground<'_>, open: &Open) -> Vec<Unknown> {
    let mut told = undetermined::undetermined(ground, open);
    told.sort_by(|one, other| (other.rows, other.findings, one.id).cmp(&(one.rows, one.findings, other.id)));
    told.extend(incomplete::incomplete(ground));
    let invisible = [&UNLISTED, &NO_AGENT, &RETENTION];
    told.extend(invisible.map(|known| known.told(UnknownKind::Invisible, Sum::default())));
    told
}

impl Known {
    fn told(&self, kind: UnknownKind, sum: Sum) -> Unknown {
        let [text, why, settle] = self.keys.map(Message::new);
        let question = String::new();
        Unknown {
            id: self.id,
            kind,
            text,
            why,
            settle,
            details: Vec::new(),
            rows: sum.rows,
            findings: sum.findings,
            question,
        }
    }
}

/// The id of the first question whose id starts so; they are ranked.
fn question_like(questions: &[Question], start: &str) -> String {
    questions
        .iter()
        .find(|question| question.id.starts_with(start))
        .map_or_else(String::new, |one| one.id.clone())
}

/// Cuts a list of details.
fn cut(mut details: Vec<Message>) -> Vec<Message> {
    const MOST: usize = 20;
    if details.len() > MOST {
        let more = (details.len() - MOST) as u64;
        details.truncate(MOST);
        details.push(Message::new("unknown.detail.more").with("n", more));
    }
    details
}

/// Which log's clock is ahead of which, and by how much.
pub(crate) fn skewed(skew: &Skew, symbols: &Symbols) -> Message {
    let product = |(_, product): (Log, Sym)| match symbols.text(product) {
        "" => String::new(),
        product => format!(" ({product})"),
    };
    Message::new("unknown.detail.skew")
        .with("log", Arg::Term(skew.ahead.0.as_str()))
        .with("log_product", product(skew.ahead))
        .with("other_log", Arg::Term(skew.behind.0.as_str()))
        .with("other_product", product(skew.behind))
        .with("minutes", skew.minutes)
        .with("pairs", skew.pairs)
        .with("of", skew.of)
}
