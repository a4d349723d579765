//! A row once more, with what each value of it is taken from.

use crate::field::Field;
use crate::interpret::interpret;
use crate::plan::Plan;
use crate::ports::Ports;
use crate::reader::is_in_utc;
use crate::records::Record;
use crate::row::{RejectedRecord, Row};
use crate::tables::Tables;
use crate::trace::{Ground, Trace};
use ringback_model::{DetectionRef, Log, Side};
use std::borrow::Cow;

/// A cell as it stands in a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownCell<'r> {
    /// Its column, from 0.
    pub column: usize,
    /// The column's heading; `None` where the record is longer than the heading.
    pub heading: Option<&'r str>,
    /// The field that the column is read as.
    pub field: Option<Field>,
    /// What stands there. Bytes that are no text are replaced.
    pub text: Cow<'r, str>,
}

/// A value of a row, and what it is taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told<'r> {
    /// Its name on the wire.
    pub what: &'static str,
    /// The value; empty where the row says none.
    pub value: String,
    /// What it is taken from.
    pub ground: Ground,
    /// The cell that it is taken from: of what a rule's name says, the name's.
    pub cell: Option<ShownCell<'r>>,
}

/// What a trace heard, the last of each.
#[derive(Default)]
struct Heard(Vec<(&'static str, Ground)>);

impl Trace for Heard {
    fn took(&mut self, what: &'static str, ground: Ground) {
        self.0.push((what, ground));
    }
}

impl Heard {
    fn of(&self, what: &str) -> Ground {
        let last = self.0.iter().rev().find(|(heard, _)| *heard == what);
        last.map_or(Ground::Nothing, |(_, ground)| *ground)
    }
}

impl<'r> RejectedRecord<'r> {
    /// Its cells, as far as they can be told apart.
    pub fn cells(&self) -> Vec<ShownCell<'r>> {
        shown(self.plan, self.record)
    }
}

impl<'r> Row<'r> {
    /// Its cells as they stand in the input.
    pub fn shown_cells(&self) -> Vec<ShownCell<'r>> {
        shown(self.cells.plan, self.cells.record)
    }

    /// Reads the row once more: each value that its detection has, and what it is taken from.
    pub fn told(&self) -> Vec<Told<'r>> {
        let mut heard = Heard::default();
        let (cells, mut tables) = (self.cells, Tables::default());
        let (direction, ground) = cells.direction_told();
        let sides = cells.sides(direction);
        Ports::read(cells, sides, &mut heard);
        let again = interpret(cells, self.bound, self.service, sides, &mut tables, &mut heard);
        debug_assert!(again.is_ok(), "a row that has a detection has one again");
        let detection = again.unwrap_or_default();
        let directed = detection.log != Log::Callback;
        heard.took("direction", if directed { ground } else { Ground::Nothing });
        heard.took("time", Ground::Cell(if is_in_utc(cells) { Field::TimeUtc } else { Field::Time }));
        let counted = cells.bound.column(Field::Occurrences).is_some();
        heard.took("occurrences", if counted { Ground::Cell(Field::Occurrences) } else { Ground::Nothing });
        heard.took("log", Ground::Layout);
        let served = detection.service.is_some();
        heard.took("service", if served { Ground::Ports } else { Ground::Nothing });
        heard.took("action", Ground::Cell(Field::Result));
        let values = self.values(detection.with(&tables.symbols));
        values.into_iter().map(|(what, value)| self.say(what, value, &heard)).collect()
    }

    fn say(&self, what: &'static str, value: String, heard: &Heard) -> Told<'r> {
        let (plan, record, bound) = (self.cells.plan, self.cells.record, self.cells.bound);
        // Both are read from one cell.
        let source = match what {
            "local_ip" => "local",
            "remote_ip" => "remote",
            other => other,
        };
        let ground = heard.of(source);
        let field = match ground {
            Ground::Cell(field) => Some(field),
            Ground::RuleName => match heard.of("rule") {
                Ground::Cell(field) => Some(field),
                _ => None,
            },
            _ => None,
        };
        let column = match ground {
            Ground::Column(column) => Some(column),
            _ => field.and_then(|field| bound.telling_column(record, field)),
        };
        let cell = column.map(|column| cell(plan, record, column));
        let ground =
            if cell.is_none() && matches!(ground, Ground::Cell(_)) { Ground::Nothing } else { ground };
        Told { what, value, ground, cell }
    }

    /// The values, in the order in which events have them.
    fn values(&self, said: DetectionRef<'_>) -> Vec<(&'static str, String)> {
        let detection = said.detection;
        let text = |sym| said.text(sym).to_owned();
        let ip = |ip: Option<std::net::IpAddr>| ip.map(|ip| ip.to_string()).unwrap_or_default();
        let port = |port: Option<u16>| port.map(|port| port.to_string()).unwrap_or_default();
        let service = detection.service.map_or_else(String::new, |service| {
            let side = if service.side == Side::Local { "local" } else { "remote" };
            format!("{side} {}{}", service.port, if service.sole { "" } else { " (both or neither)" })
        });
        vec![
            ("time", self.time_text().to_owned()),
            ("log", detection.log.as_str().to_owned()),
            ("endpoint", text(detection.endpoint)),
            ("domain", text(detection.domain)),
            ("user", text(detection.user)),
            ("process", text(detection.process)),
            ("product", text(detection.product)),
            ("console", text(detection.console)),
            ("local_ip", ip(said.local().ip)),
            ("local_port", port(self.local_port)),
            ("remote_ip", ip(said.remote().ip)),
            ("remote_port", port(self.remote_port)),
            ("remote", said.remote_text().into_owned()),
            ("service", service),
            ("protocol", text(detection.protocol)),
            ("direction", said.direction().as_str().to_owned()),
            ("message", detection.message.as_str().to_owned()),
            ("result", detection.result.as_str().to_owned()),
            ("action", self.action().to_owned()),
            ("list", detection.list.as_str().to_owned()),
            ("rule", text(detection.rule)),
            ("family", text(detection.family)),
            ("threat", detection.threat.as_str().to_owned()),
            ("cve", text(detection.cve)),
            ("risk", detection.risk.as_str().to_owned()),
            ("occurrences", self.occurrences.to_string()),
        ]
    }
}

fn shown<'r>(plan: &'r Plan, record: &'r Record<'r>) -> Vec<ShownCell<'r>> {
    (0..record.len()).map(|column| cell(plan, record, column)).collect()
}

fn cell<'r>(plan: &'r Plan, record: &'r Record<'r>, column: usize) -> ShownCell<'r> {
    let heading = plan.headings().nth(column);
    ShownCell {
        column,
        heading: heading.map(|(heading, _)| heading),
        field: heading.and_then(|(_, field)| field),
        text: String::from_utf8_lossy(record.get(column)),
    }
}
