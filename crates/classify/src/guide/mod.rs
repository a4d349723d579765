//! The tables of the decision guide, made by asking the code that judges for every case.

mod probe;
mod tree;

pub use tree::GuideTable;

use crate::advice::step_guides;
use crate::policy::PolicyError;
use crate::severity::{Playbook, RuleRow};
use ringback_model::{
    Basis, Direction, ListSource, Origin, RequestKind, ResultKind, Scenario, Scope, Threat,
};
use tree::{ANY, Input, table};

/// The vendor's solution that states who started what.
const SOLUTION: &str = "Trend Micro 000256626";

/// What follows from it by turning its case round.
const SYMMETRY: &str = "by symmetry";

/// Where the rule for an origin comes from: the vendor's solution, or by symmetry with it; empty where it is Ringback's
/// own.
pub fn origin_reference(basis: Basis, direction: Option<&str>, message: Option<&str>) -> &'static str {
    let outgoing_response =
        direction == Some(Direction::Outgoing.as_str()) && message == Some(RequestKind::Response.as_str());
    match (basis, outgoing_response) {
        (Basis::DirectionAndMessage, true) => SOLUTION,
        (Basis::DirectionAndMessage, false) => SYMMETRY,
        _ => "",
    }
}

/// All tables, in the order of the guide.
///
/// # Errors
/// A playbook that is wrong.
pub fn guide_tables() -> Result<Vec<GuideTable>, PolicyError> {
    let playbook = Playbook::builtin()?;
    Ok(vec![
        origin(),
        callback_origin(),
        authorised()?,
        relay()?,
        scenario()?,
        behind_relay()?,
        stopped(),
        counts(),
        target(),
        exposure(),
        vulnerable()?,
        severity(&playbook),
        closed(&playbook),
        possible_origins(),
        possible_scopes(),
        advice(),
    ])
}

/// The words of a vocabulary as an input.
macro_rules! input {
    ($name:literal, $vocabulary:ident) => {
        Input::new($name, &$vocabulary::ALL.iter().map(|word| word.as_str()).collect::<Vec<&'static str>>())
    };
}

const PORTS: [&str; 3] = ["local", "remote", "both or neither"];

fn origin() -> GuideTable {
    let inputs = [
        input!("direction", Direction),
        input!("message", RequestKind),
        Input::new("server port", &PORTS),
        input!("list", ListSource),
        input!("threat", Threat),
        input!("scope", Scope),
        Input::yes_or_no("local private"),
    ];
    table("origin", &inputs, &["origin", "basis", "source"], &|case| {
        let (origin, basis) = probe::origin(case);
        let direction = Direction::ALL[case[0]].as_str();
        let message = RequestKind::ALL[case[1]].as_str();
        let source = match origin_reference(basis, Some(direction), Some(message)) {
            "" => "Ringback",
            source => source,
        };
        vec![origin.to_string(), basis.to_string(), source.to_owned()]
    })
}

fn callback_origin() -> GuideTable {
    let inputs =
        [Input::yes_or_no("remote named"), input!("list", ListSource), Input::yes_or_no("server process")];
    table("callback-origin", &inputs, &["origin", "basis"], &|case| {
        let (origin, basis) = probe::callback_origin(case);
        vec![origin.to_string(), basis.to_string()]
    })
}

fn authorised() -> Result<GuideTable, PolicyError> {
    let probe = probe::Probe::new()?;
    let inputs = [input!("threat", Threat), input!("origin", Origin), Input::yes_or_no("origin scans")];
    Ok(table("authorised", &inputs, &["authorised"], &|case| vec![probe.authorised(case).to_owned()]))
}

fn relay() -> Result<GuideTable, PolicyError> {
    let probe = probe::Probe::new()?;
    let inputs = [
        Input::yes_or_no("asked relays inside"),
        Input::yes_or_no("remote relays internet"),
        Input::new("origin", &["local", "remote"]),
        input!("scope", Scope),
        input!("list", ListSource),
        input!("threat", Threat),
        input!("direction", Direction),
        input!("message", RequestKind),
    ];
    Ok(table("relay", &inputs, &["scenario", "suspect", "relay"], &|case| probe.relay(case)))
}

fn scenario() -> Result<GuideTable, PolicyError> {
    let probe = probe::Probe::new()?;
    let inputs = [
        input!("origin", Origin),
        input!("scope", Scope),
        input!("threat", Threat),
        input!("list", ListSource),
        input!("message", RequestKind),
        input!("direction", Direction),
    ];
    Ok(table("scenario", &inputs, &["scenario", "suspect"], &|case| probe.scenario(case)))
}

fn behind_relay() -> Result<GuideTable, PolicyError> {
    let probe = probe::Probe::new()?;
    let inputs =
        [Input::new("suspect", &["local", "remote", "none"]), Input::yes_or_no("suspect relays inside")];
    Ok(table("behind-relay", &inputs, &["suspect in the end"], &|case| vec![probe.behind(case)]))
}

fn stopped() -> GuideTable {
    let inputs = [input!("result", ResultKind), input!("message", RequestKind)];
    table("stopped", &inputs, &["stopped"], &|case| vec![probe::stopped(case)])
}

fn counts() -> GuideTable {
    let words: Vec<&str> = ringback_model::Stopped::ALL.iter().map(|word| word.as_str()).collect();
    let inputs = [Input::new("stopped", &words), input!("scenario", Scenario)];
    table("counts-as-stopped", &inputs, &["counts as stopped"], &|case| vec![probe::counts(case).to_owned()])
}

fn target() -> GuideTable {
    let inputs = [input!("scenario", Scenario), input!("origin", Origin)];
    table("target", &inputs, &["target"], &|case| vec![probe::target(case).to_owned()])
}

fn exposure() -> GuideTable {
    let inputs = [
        Input::yes_or_no("target is the client's"),
        Input::new("published", &probe::PUBLISHED),
        Input::yes_or_no("list complete"),
        Input::yes_or_no("port known"),
    ];
    table("exposure", &inputs, &["exposure"], &|case| vec![probe::exposure(case)])
}

fn vulnerable() -> Result<GuideTable, PolicyError> {
    let inputs = [
        Input::yes_or_no("target is the client's"),
        input!("threat", Threat),
        Input::new("said of the ids", &probe::SAID),
    ];
    let probes = probe::vulnerability_policies()?;
    Ok(table("vulnerable", &inputs, &["vulnerable"], &|case| vec![probe::vulnerable(case, &probes)]))
}

/// The rules of the playbook. They go in order: the first row that fits counts.
fn severity(playbook: &Playbook) -> GuideTable {
    let rows = playbook.rows();
    let names = rows.first().map_or_else(Vec::new, |(_, conditions, ..)| {
        conditions.iter().map(|(name, _)| *name).collect::<Vec<_>>()
    });
    let columns = [&["rule"], names.as_slice(), &["not stopped", "stopped"]].concat();
    let row = |(name, conditions, open, stopped): &RuleRow<'_>| {
        let cells = conditions.iter().map(|(_, words)| match words.as_str() {
            "" => ANY.to_owned(),
            words => words.to_owned(),
        });
        std::iter::once((*name).to_owned())
            .chain(cells)
            .chain([open.to_string(), stopped.to_string()])
            .collect()
    };
    GuideTable { name: "severity", columns, rows: rows.iter().map(row).collect() }
}

fn closed(playbook: &Playbook) -> GuideTable {
    let (open, stopped) = playbook.closed();
    let rows = vec![vec![
        Scenario::InboundFromInternet.to_string(),
        "closed".to_owned(),
        Threat::LogonFailure.to_string(),
        open.to_string(),
        stopped.to_string(),
    ]];
    let columns = vec!["scenario", "exposure", "threat is not", "not stopped", "stopped"];
    GuideTable { name: "closed", columns, rows }
}

fn possible_origins() -> GuideTable {
    let inputs = [input!("origin", Origin)];
    table("possible-origins", &inputs, &["still possible"], &|case| {
        let possible = crate::judge::possible_origins(Origin::ALL[case[0]]);
        vec![crate::severity::words(possible)]
    })
}

fn possible_scopes() -> GuideTable {
    let inputs = [input!("scope", Scope)];
    table("possible-scopes", &inputs, &["still possible"], &|case| {
        let possible = crate::judge::possible_scopes(Scope::ALL[case[0]]);
        vec![crate::severity::words(possible)]
    })
}

/// The steps of the playbook with their conditions.
fn advice() -> GuideTable {
    let rows = step_guides().into_iter().map(|step| {
        let conditions: Vec<String> =
            step.conditions.iter().map(|(name, words)| format!("{name}: {words}")).collect();
        let conditions =
            if conditions.is_empty() { "every incident".to_owned() } else { conditions.join("; ") };
        let reference = if step.reference.is_empty() { "–" } else { step.reference };
        vec![
            step.id.to_owned(),
            step.phase.to_string(),
            conditions,
            step.why.to_owned(),
            reference.to_owned(),
        ]
    });
    let columns = vec!["step", "phase", "applies where", "because", "source"];
    GuideTable { name: "advice", columns, rows: rows.collect() }
}

impl GuideTable {
    /// The table in Markdown.
    pub fn markdown(&self) -> String {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let head = line(self.columns.iter().map(|name| (*name).to_owned()).collect());
        let rule = format!("|{}\n", "---|".repeat(self.columns.len()));
        let escaped = |cell: &String| cell.replace('|', "\\|");
        let rows = self.rows.iter().map(|row| line(row.iter().map(escaped).collect()));
        [head, rule].into_iter().chain(rows).collect()
    }
}

#[cfg(test)]
mod follows;
