//! The fields of a report that are read; all others are passed over.

use super::ReportFinding;
use crate::data::Fault;
use ringback_model::{FindingId, IncidentId, Instant, ListSource, SCHEMA_VERSION, Scenario, Severity};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::io::{BufReader, Read};
use std::marker::PhantomData;
use std::net::IpAddr;
use std::str::FromStr;

/// The hint where a file is something else.
const WANTED: &str = "name a report that `ringback report -f json` wrote";

/// What is said of a report of another version of the format.
const OTHER_SCHEMA: &str = "the report has schema";

/// What a report says of itself.
#[derive(Debug, Default)]
pub(super) struct Head {
    schema: Option<u64>,
    pub(super) version: String,
    pub(super) generated_at: Option<Instant>,
    pub(super) first: Option<Instant>,
    pub(super) last: Option<Instant>,
    pub(super) redacted: bool,
    /// Incidents and findings by its summary.
    pub(super) incidents: Option<u64>,
    pub(super) findings: Option<u64>,
    /// Whether the lists are there.
    lists: (bool, bool),
}

/// An incident or a finding, as far as a baseline needs it.
#[derive(Deserialize)]
#[serde(bound = "Id: FromStr<Err: fmt::Display>")]
pub(super) struct Row<Id> {
    #[serde(deserialize_with = "parsed")]
    pub(super) id: Id,
    pub(super) scenario: Scenario,
    pub(super) severity: Severity,
    pub(super) host: String,
    pub(super) rows: u64,
    #[serde(default, deserialize_with = "time")]
    pub(super) last: Option<Instant>,
}

/// A finding with what an entry of accepted findings may be about.
#[derive(Deserialize)]
pub(super) struct Told {
    #[serde(deserialize_with = "parsed")]
    id: FindingId,
    scenario: Scenario,
    severity: Severity,
    host: String,
    local_ip: Option<IpAddr>,
    remote: String,
    remote_ip: Option<IpAddr>,
    rule: Option<String>,
    list: ListSource,
    rows: u64,
    #[serde(default, deserialize_with = "time")]
    first: Option<Instant>,
    #[serde(default, deserialize_with = "time")]
    last: Option<Instant>,
}

impl Told {
    pub(super) fn finding(self) -> ReportFinding {
        ReportFinding {
            id: self.id,
            scenario: self.scenario,
            severity: self.severity,
            host: self.host,
            local_ip: self.local_ip,
            remote: self.remote,
            remote_ip: self.remote_ip,
            rule: self.rule.unwrap_or_default(),
            list: self.list,
            rows: self.rows,
            first: self.first,
            last: self.last,
        }
    }
}

/// Takes in an element of a list, or says what is wrong with it.
type Sink<'s, T> = &'s mut dyn FnMut(T) -> Result<(), String>;

/// How a report is read: what becomes of each incident and each finding.
pub(super) struct Reading<'s, F> {
    pub(super) incident: Sink<'s, Row<IncidentId>>,
    pub(super) finding: Sink<'s, F>,
}

impl<F: for<'de> Deserialize<'de>> Reading<'_, F> {
    /// Reads a report to its end.
    pub(super) fn read(self, bytes: &mut impl Read) -> Result<Head, Fault> {
        let mut bytes = BufReader::with_capacity(1 << 16, bytes);
        check_start(&mut bytes)?;
        let mut reader = serde_json::Deserializer::from_reader(&mut bytes);
        let head = self.deserialize(&mut reader).map_err(|error| fault(&error))?;
        match head.schema {
            Some(_) if head.lists == (true, true) => {}
            _ => return Err(Fault::whole("it is JSON, and no report", WANTED)),
        }
        reader.end().map_err(|error| fault(&error))?;
        Ok(head)
    }
}

/// Refuses what does not begin as a report does, so that it is told what it is and not which letter is wrong in it.
fn check_start(bytes: &mut BufReader<impl Read>) -> Result<(), Fault> {
    use std::io::BufRead as _;
    let start = bytes.fill_buf().map_err(|error| Fault::whole(error.to_string(), ""))?;
    let mark = if start.starts_with(&[0xef, 0xbb, 0xbf]) { 3 } else { 0 };
    let first = start[mark..].iter().find(|byte| !byte.is_ascii_whitespace());
    let said = match first {
        Some(b'{') => None,
        None => Some("it is empty"),
        Some(0x1f) if start.starts_with(&[0x1f, 0x8b]) => Some("it is packed with gzip; unpack it first"),
        Some(0xff | 0xfe) => Some("it is UTF-16, and a report is UTF-8"),
        Some(_) => Some("it is not JSON, or no report"),
    };
    bytes.consume(mark);
    said.map_or(Ok(()), |said| Err(Fault::whole(said, WANTED)))
}

fn fault(error: &serde_json::Error) -> Fault {
    if error.is_io() {
        return Fault::whole(error.to_string(), WANTED);
    }
    let fault = Fault::json(error);
    let hint = if error.is_eof() {
        "the file seems to be cut off; write the report again"
    } else if fault.what.contains(OTHER_SCHEMA) {
        "compare with a report that the same version of the program wrote"
    } else {
        WANTED
    };
    Fault { hint: hint.to_owned(), ..fault }
}

impl<'de, F: Deserialize<'de>> DeserializeSeed<'de> for Reading<'_, F> {
    type Value = Head;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Head, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, F: Deserialize<'de>> Visitor<'de> for Reading<'_, F> {
    type Value = Head;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a report")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Head, A::Error> {
        let mut head = Head::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "schema" => head.schema = Some(schema(map.next_value()?)?),
                "tool" => head.version = map.next_value::<Tool>()?.version,
                "generated_at" => head.generated_at = map.next_value::<Time>()?.0,
                "period" => {
                    let period: Period = map.next_value()?;
                    (head.first, head.last) = (period.first, period.last);
                }
                "summary" => {
                    let summary: Summary = map.next_value()?;
                    (head.incidents, head.findings) = (summary.incidents, summary.findings);
                }
                "redacted" | "redaction" => head.redacted |= map.next_value::<Truthy>()?.0,
                "method" => {
                    let method: Method = map.next_value()?;
                    head.redacted |= method.redacted.0 || method.redaction.0;
                }
                "incidents" => {
                    map.next_value_seed(Each(self.incident, PhantomData))?;
                    head.lists.0 = true;
                }
                "findings" => {
                    map.next_value_seed(Each(self.finding, PhantomData))?;
                    head.lists.1 = true;
                }
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(head)
    }
}

/// A version of the format that is read here.
fn schema<E: Error>(version: u64) -> Result<u64, E> {
    if version == u64::from(SCHEMA_VERSION) {
        return Ok(version);
    }
    Err(E::custom(format!(
        "{OTHER_SCHEMA} {version}, and this version of the program reads {SCHEMA_VERSION}"
    )))
}

#[derive(Deserialize)]
struct Tool {
    #[serde(default)]
    version: String,
}

#[derive(Deserialize)]
struct Period {
    #[serde(default, deserialize_with = "time")]
    first: Option<Instant>,
    #[serde(default, deserialize_with = "time")]
    last: Option<Instant>,
}

#[derive(Deserialize)]
struct Summary {
    incidents: Option<u64>,
    findings: Option<u64>,
}

#[derive(Deserialize)]
struct Method {
    #[serde(default)]
    redacted: Truthy,
    #[serde(default)]
    redaction: Truthy,
}

#[derive(Deserialize)]
struct Time(#[serde(deserialize_with = "time")] Option<Instant>);

fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Instant>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let shown = || text.chars().take(60).collect::<String>();
    let timestamp: Result<jiff::Timestamp, _> = text.parse();
    timestamp.map(|at| Some(at.into())).map_err(|_| D::Error::custom(format!("{:?} is no time", shown())))
}

fn parsed<'de, T: FromStr<Err: fmt::Display>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

/// The elements of a list, one at a time.
struct Each<'s, T>(Sink<'s, T>, PhantomData<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Each<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Each<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(element) = list.next_element()? {
            (self.0)(element).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

/// Whether a value says yes: anything but nothing, `false`, zero and the empty text.
#[derive(Default)]
struct Truthy(bool);

impl<'de> Deserialize<'de> for Truthy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TruthyVisitor).map(Truthy)
    }
}

struct TruthyVisitor;

impl<'de> Visitor<'de> for TruthyVisitor {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_bool<E>(self, yes: bool) -> Result<bool, E> {
        Ok(yes)
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_i64<E>(self, number: i64) -> Result<bool, E> {
        Ok(number != 0)
    }

    fn visit_u64<E>(self, number: u64) -> Result<bool, E> {
        Ok(number != 0)
    }

    fn visit_f64<E>(self, number: f64) -> Result<bool, E> {
        Ok(number != 0.0)
    }

    fn visit_str<E>(self, text: &str) -> Result<bool, E> {
        Ok(!text.is_empty())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<bool, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(true)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(true)
    }
}
