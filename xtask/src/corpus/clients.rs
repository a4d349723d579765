//! Three clients with their exports, and the profile that speaks for all of them.

use super::dialect::{Dialect, Encoding, Kind, Language, Times};
use super::random::Random;
use super::stories::{Story, stories};
use super::{Export, Fate, Meaning, Row};
use std::collections::BTreeMap;

/// The joint profile. The clients' private networks are disjoint, so that one profile can speak for all.
pub(crate) const PROFILE: &str = include_str!("profile.toml");

/// An export to be filled: name, client, dialect.
type Slot = (&'static str, &'static str, Dialect);

fn dialect(kind: Kind, times: Times, encoding: Encoding, delimiter: char, flags: &str) -> Dialect {
    Dialect {
        kind,
        times,
        encoding,
        delimiter,
        quoted: flags.contains('q'),
        crlf: flags.contains('r'),
        preamble: flags.contains('p'),
    }
}

fn slots() -> Vec<Slot> {
    use Encoding::{Utf8, Utf8Marked, Utf16Big, Utf16Little};
    use Kind::{Callback, Connection, ConnectionPorts};
    use Times::{Dots, MonthFirst, MonthFirstHalves, Offset, Plain};
    vec![
        ("harbour/osce01-ncie.csv", "harbour", dialect(Connection, MonthFirst, Utf8, ',', "qr")),
        ("harbour/osce02-ncie.csv", "harbour", dialect(Connection, MonthFirstHalves, Utf8Marked, ',', "r")),
        ("harbour/osce03-ncie-november.csv", "harbour", dialect(Connection, Plain, Utf8, ';', "p")),
        ("harbour/osce04-ports.csv", "harbour", dialect(ConnectionPorts, Plain, Utf8, ',', "")),
        (
            "harbour/osce01-callback.csv",
            "harbour",
            dialect(Callback(Language::English), MonthFirst, Utf8, ',', "r"),
        ),
        (
            "stadtwerke/apex-nord-verbindungen.csv",
            "stadtwerke",
            dialect(ConnectionPorts, Dots, Utf8Marked, ';', "r"),
        ),
        (
            "stadtwerke/apex-nord-verbindungen-2.csv",
            "stadtwerke",
            dialect(ConnectionPorts, Dots, Utf8, ';', ""),
        ),
        ("stadtwerke/apex-sued-verbindungen.csv", "stadtwerke", dialect(Connection, Dots, Utf8, '\t', "r")),
        ("stadtwerke/apex-west.csv", "stadtwerke", dialect(Connection, Offset, Utf16Little, ',', "r")),
        (
            "stadtwerke/apex-rueckrufe.csv",
            "stadtwerke",
            dialect(Callback(Language::German), Dots, Utf8Marked, ';', "qr"),
        ),
        ("miyako/ncie-a.csv", "miyako", dialect(ConnectionPorts, Plain, Utf8, ',', "q")),
        ("miyako/ncie-b.csv", "miyako", dialect(Connection, Offset, Utf8, ',', "r")),
        ("miyako/callback.csv", "miyako", dialect(Callback(Language::Japanese), Plain, Utf16Big, ',', "")),
        ("miyako/callback-2.csv", "miyako", dialect(Callback(Language::Japanese), Plain, Utf8, '\t', "")),
    ]
}

/// Every export, filled.
pub(crate) fn exports(random: &mut Random) -> Vec<Export> {
    let slots = slots();
    let mut exports: Vec<Export> = slots
        .iter()
        .map(|(name, _, dialect)| Export { name: (*name).to_owned(), dialect: *dialect, rows: Vec::new() })
        .collect();
    for story in stories() {
        let fitting: Vec<usize> = (0..slots.len()).filter(|at| fits(&story, &slots[*at])).collect();
        for row in story.rows(random) {
            let at = random.pick(&fitting);
            exports[at].rows.push(row);
        }
    }
    for export in &mut exports {
        export.rows.sort_by_key(|row| row.at);
    }
    repeat(&mut exports, "harbour/osce01-ncie.csv", "harbour/osce02-ncie.csv");
    repeat(&mut exports, "stadtwerke/apex-nord-verbindungen-2.csv", "stadtwerke/apex-nord-verbindungen.csv");
    for export in &mut exports {
        break_some(export, random);
    }
    speak_for_callbacks(&mut exports);
    hostile(&mut exports);
    exports
}

fn fits(story: &Story, slot: &Slot) -> bool {
    let callback = matches!(slot.2.kind, Kind::Callback(_));
    story.client == slot.1 && story.callback_log == callback
}

/// The later export (by name) repeats the last quarter of the earlier one, as a console does that is asked twice.
fn repeat(exports: &mut [Export], earlier: &str, later: &str) {
    let position = |name: &str| exports.iter().position(|export| export.name == name).expect("it is there");
    let (from, to) = (position(earlier), position(later));
    let rows = &exports[from].rows;
    let repeated: Vec<Row> = rows[rows.len() * 3 / 4..]
        .iter()
        .cloned()
        .map(|mut row| {
            if let Fate::Good(_, fate) = &mut row.fate {
                *fate = "duplicate";
            }
            row
        })
        .collect();
    exports[to].rows.extend(repeated);
    exports[to].rows.sort_by_key(|row| row.at);
}

/// Breaks a few rows, each in its own way.
fn break_some(export: &mut Export, random: &mut Random) {
    let callback = matches!(export.dialect.kind, Kind::Callback(_));
    for reason in ["bad-time", "bad-address", "no-address"] {
        let at = usize::try_from(random.below(export.rows.len() as u64)).expect("an index fits");
        let mut row = export.rows[at].clone();
        match reason {
            "bad-address" => "not an address".clone_into(&mut row.remote),
            "no-address" => (row.remote, row.remote_port) = (String::new(), 0),
            _ => {}
        }
        row.fate = Fate::Rejected(reason);
        export.rows.insert(at, row);
    }
    if !callback && export.rows.len() > 10 {
        let mut row = export.rows[5].clone();
        row.fate = Fate::Rejected("ragged-row");
        export.rows.insert(5, row);
    }
    if export.name == "miyako/ncie-b.csv" {
        let mut row = export.rows[0].clone();
        row.fate = Fate::Rejected("truncated-row");
        export.rows.push(row);
    }
}

/// What a connection log says of the same host, remote end and result holds for a row of a callback log, which by itself
/// has neither direction nor rule: that which says most, strongest first.
fn speak_for_callbacks(exports: &mut [Export]) {
    const STRONG: [&str; 4] = ["direction-and-message", "callback-name", "ports", "list"];
    const SEVERITIES: [&str; 5] = ["critical", "high", "medium", "low", "info"];
    let is_callback = |export: &Export| matches!(export.dialect.kind, Kind::Callback(_));
    let rank = |said: &Meaning| {
        let basis = STRONG.iter().position(|basis| *basis == said.basis);
        (basis.unwrap_or(STRONG.len()), SEVERITIES.iter().position(|severity| *severity == said.severity))
    };
    let mut said: BTreeMap<(String, String, bool), Meaning> = BTreeMap::new();
    for row in exports.iter().filter(|export| !is_callback(export)).flat_map(|export| &export.rows) {
        let Fate::Good(meaning, _) = &row.fate else { continue };
        let known = said.entry((row.endpoint.clone(), row.remote.clone(), row.blocked));
        let known = known.or_insert_with(|| meaning.clone());
        if rank(meaning) < rank(known) {
            *known = meaning.clone();
        }
    }
    for row in exports.iter_mut().filter(|export| is_callback(export)).flat_map(|export| &mut export.rows) {
        let told = said.get(&(row.endpoint.clone(), row.remote.clone(), row.blocked));
        if let (Fate::Good(own, _), Some(told)) = (&mut row.fate, told) {
            let stronger = match own.basis {
                "none" => told.basis != "none",
                "list-no-direction" => STRONG.contains(&told.basis),
                _ => false,
            };
            if stronger {
                let Meaning { origin, scope, scenario, suspect, severity, .. } = *told;
                *own =
                    Meaning { origin, basis: "other-log", scope, scenario, suspect, severity, ..own.clone() };
            }
        }
    }
}

/// Text that would do harm if an artefact took it for more than text.
const HOSTILE: &[&str] = &[
    "C:\\Temp\\<script>alert(1)</script>.exe",
    "\"><img src=x onerror=alert(1)>",
    "=HYPERLINK(\"http://26.0.0.1\",\"x\")",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "[x](javascript:alert(1))",
    "![x](http://26.0.0.1/a.png)",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "a | b\u{1b}[31m red",
    "\u{202e}gpj.exe",
    "two\nlines, and a \"quote\"",
];

fn hostile(exports: &mut [Export]) {
    let export =
        exports.iter_mut().find(|export| export.name == "harbour/osce04-ports.csv").expect("it is there");
    let good = |row: &&Row| matches!(&row.fate, Fate::Good(meaning, "in-findings") if meaning.scenario == "outbound-callback" && meaning.list == "web-reputation");
    let sample = export.rows.iter().find(good).expect("there is such a row").clone();
    for (number, text) in HOSTILE.iter().enumerate() {
        let mut row = sample.clone();
        row.at += 60 + i64::try_from(number).expect("a few");
        (*text).clone_into(&mut row.process);
        (*text).clone_into(&mut row.user);
        export.rows.insert(20 + number * 7, row);
    }
}
