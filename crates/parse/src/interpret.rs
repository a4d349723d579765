//! From the cells of a row to what it says. Done once for each distinct spelling.

use crate::address::{self, Address};
use crate::bound::{Bound, says_nothing};
use crate::field::Field;
use crate::layout::fold;
use crate::plan::Plan;
use crate::records::Record;
use crate::rule_memory::{RuleMemory, Said};
use crate::spoiled::{is_joined_address, is_spoiled};
use ringback_model::{
    Detection, DetectionRef, Direction, Endpoints, ListSource, Log, Peer, RejectReason, RequestKind,
    ResultKind, Risk, Service, Symbols, Threat,
};
use std::borrow::Cow;
use std::sync::Arc;

/// A cell that says who or what with more bytes than this is rejected: neither a spreadsheet's cell nor a path is longer.
const LONGEST_CELL: usize = 32 * 1024;

/// Hears how each field came about. The hot path passes `()`, which hears nothing; there is one code path.
pub trait Trace {
    /// Whether it hears anything at all.
    const HEARS: bool = true;

    /// A field was read: from which column (counted from 0), spelled how, and taken for what.
    fn field(&mut self, field: Field, column: usize, spelling: &str, value: &str) {
        _ = (field, column, spelling, value);
    }
}

impl Trace for () {
    const HEARS: bool = false;
}

/// The cells of one row, by field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cells<'r> {
    pub(crate) plan: &'r Plan,
    pub(crate) bound: &'r Bound,
    pub(crate) record: &'r Record<'r>,
}

/// The columns of the two sides, as far as the record's direction tells them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sides {
    /// The columns of the local side and its port, or of the source.
    pub(crate) local: (Field, Field),
    /// The columns of the remote side and its port, or of the destination.
    pub(crate) remote: (Field, Field),
    /// Whether they are source and destination, and nothing tells which of them is the client's.
    pub(crate) directed: bool,
    /// The column of the local side's name, where both sides have one.
    host: Option<Field>,
    /// Where the packet went.
    pub(crate) direction: Direction,
}

impl<'r> Cells<'r> {
    /// The bytes of a field's cell; empty where there is no such column.
    #[inline]
    pub(crate) fn bytes(&self, field: Field) -> &'r [u8] {
        self.bound.cell(self.record, field)
    }

    /// The text of a field's cell, trimmed. What stands for nothing is empty.
    ///
    /// # Errors
    /// Bytes that are not text, or more of them than a cell may have.
    pub(crate) fn text(&self, field: Field) -> Result<&'r str, RejectReason> {
        let bytes = self.bytes(field);
        if bytes.len() > LONGEST_CELL {
            return Err(RejectReason::TooLong);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| RejectReason::Undecodable)?.trim();
        if !self.plan.splittable() && text.contains(char::REPLACEMENT_CHARACTER) {
            return Err(RejectReason::Undecodable);
        }
        Ok(if says_nothing(text.as_bytes()) { "" } else { text })
    }

    /// Where the packet went, by column or by layout.
    pub(crate) fn direction(&self) -> Direction {
        let layout = &self.bound.layout;
        let implied = layout.implied.direction.unwrap_or(Direction::Unknown);
        if let Some(direction) = self.bound.present_direction(self.record) {
            return direction;
        }
        if self.bound.column(Field::Direction).is_none() {
            return implied;
        }
        let spelled = String::from_utf8_lossy(self.bytes(Field::Direction));
        layout.values.direction.get(&fold(&spelled)).copied().unwrap_or(Direction::Unknown)
    }

    /// Which columns hold the two sides. Where a log has a source and a destination, the direction tells the client's side;
    /// where it names those of the session, what comes back goes from the destination to the source.
    pub(crate) fn sides(&self, direction: Direction) -> Sides {
        let (local, remote) = ((Field::Local, Field::LocalPort), (Field::Remote, Field::RemotePort));
        if !self.bound.directed {
            return Sides { local, remote, directed: false, host: None, direction };
        }
        let back = self.bound.layout.session && self.message_kind() == RequestKind::Response;
        let (source, destination) =
            ((Field::Source, Field::SourcePort), (Field::Destination, Field::DestinationPort));
        let own = self.own_side();
        let (local, remote) = match (own, direction) {
            (Some(Field::Destination), _) | (None, Direction::Incoming) => (destination, source),
            (Some(_), _) | (None, Direction::Outgoing) => (source, destination),
            _ if back => (destination, source),
            _ => (source, destination),
        };
        let directed = own.is_none() && !matches!(direction, Direction::Incoming | Direction::Outgoing);
        let host = match (directed, local.0) {
            (true, _) => None,
            (false, Field::Source) => Some(Field::SourceHost),
            (false, _) => Some(Field::DestinationHost),
        };
        let direction = if back { direction.back() } else { direction };
        Sides { local, remote, directed, host, direction }
    }

    /// The side that has the address of the machine that logged, where the log names that beside both sides.
    fn own_side(&self) -> Option<Field> {
        let address = |field| address::cut_port(self.bytes(field).trim_ascii()).0;
        let own = Some(address(Field::Local)).filter(|own| !own.is_empty())?;
        [Field::Source, Field::Destination].into_iter().find(|side| address(*side) == own)
    }

    /// What the message column says alone.
    fn message_kind(&self) -> RequestKind {
        let spelled = String::from_utf8_lossy(self.bytes(Field::Message));
        self.bound.layout.values.message.get(&fold(&spelled)).copied().unwrap_or(RequestKind::Unknown)
    }
}

/// What is remembered from row to row.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) symbols: Symbols,
    pub(crate) rules: RuleMemory,
}

/// What the list and rule columns say together.
struct Naming<'r> {
    list: Option<ListSource>,
    name: &'r str,
    said: Option<Arc<Said>>,
}

/// The two ends as their cells say them.
enum Ends<'r> {
    Sided { local: Address<'r>, remote: Address<'r> },
    Directed { source: Address<'r>, destination: Address<'r> },
}

/// All that can be wrong in a row, read before any of it is entered into the table of symbols: rows that are rejected
/// leave nothing there.
struct Words<'r> {
    endpoint: &'r str,
    domain: &'r str,
    user: &'r str,
    process: &'r str,
    product: &'r str,
    console: &'r str,
    protocol: &'r str,
    family: &'r str,
    ends: Ends<'r>,
    naming: Naming<'r>,
    message: RequestKind,
    result: ResultKind,
    risk: Risk,
    category: Option<Threat>,
}

impl<'r> Words<'r> {
    fn read(cells: Cells<'r>, sides: Sides, rules: &mut RuleMemory) -> Result<Self, RejectReason> {
        let layout = &cells.bound.layout;
        let values = &layout.values;
        let naming = naming(cells, rules)?;
        cells.text(Field::Direction)?;
        let side = sides.host.map_or(Ok(""), |host| cells.text(host))?;
        let endpoint = named(named(cells.text(Field::Endpoint)?, side), implied_endpoint(cells));
        let ends = ends(cells, sides, endpoint)?;
        // A machine that is named by its address has no name.
        let endpoint = if address_alone(endpoint).is_some() { "" } else { endpoint };
        Ok(Words {
            endpoint,
            domain: cells.text(Field::Domain)?,
            user: cells.text(Field::User)?,
            process: cells.text(Field::Process)?,
            product: named(cells.text(Field::Product)?, &layout.implied.product),
            console: cells.text(Field::Console)?,
            protocol: cells.text(Field::Protocol)?,
            family: cells.text(Field::Family)?,
            ends,
            message: message(cells, naming.said.as_deref())?,
            naming,
            result: value(cells, Field::Result, &values.result)?
                .or(layout.implied.result)
                .unwrap_or(ResultKind::Unknown),
            risk: value(cells, Field::Risk, &values.risk)?.unwrap_or(Risk::Unknown),
            category: value(cells, Field::Category, &values.category)?,
        })
    }
}

/// What is logged, or else what stands for it.
fn named<'t>(logged: &'t str, instead: &'t str) -> &'t str {
    if logged.is_empty() { instead } else { logged }
}

/// The host of a log that names none.
fn implied_endpoint(cells: Cells<'_>) -> &str {
    let implied = cells.bound.layout.implied.endpoint.as_str();
    if implied.is_empty() { implied } else { cells.plan.endpoint.as_deref().unwrap_or(implied) }
}

/// Reads what a row says.
///
/// # Errors
/// Why it says nothing that can be used.
pub(crate) fn interpret<T: Trace>(
    cells: Cells<'_>,
    service: Option<Service>,
    sides: Sides,
    tables: &mut Tables,
    trace: &mut T,
) -> Result<Detection, RejectReason> {
    let layout = &cells.bound.layout;
    let words = Words::read(cells, sides, &mut tables.rules)?;
    let symbols = &mut tables.symbols;
    let said = words.naming.said.as_deref();
    let by_name = said.map(|said| said.list).filter(|list| *list != ListSource::Unknown);
    // That a name looks like a relevance rule's says less than the layout does; a list that it names says more.
    let by_shape = by_name.filter(|list| *list == ListSource::RelevanceRule);
    let by_name = by_name.filter(|list| *list != ListSource::RelevanceRule);
    let list = words.naming.list.or(by_name).or(layout.implied.list).or(by_shape);
    let detection = Detection {
        log: layout.log,
        endpoint: symbols.intern(words.endpoint),
        domain: symbols.intern(words.domain),
        user: symbols.intern(words.user),
        process: symbols.intern(words.process),
        product: symbols.intern(words.product),
        console: symbols.intern(words.console),
        endpoints: words.ends.intern(layout.log, sides.direction, symbols),
        service,
        protocol: symbols.intern(named(words.protocol, said.map_or("", |said| &said.protocol))),
        message: words.message,
        result: words.result,
        list: list.unwrap_or(ListSource::Unknown),
        rule: symbols.intern(words.naming.name),
        family: symbols.intern(named(words.family, said.map_or("", |said| &said.family))),
        threat: threat(&words.naming, words.category, layout.implied.threat),
        cve: symbols.intern(said.map_or("", |said| &said.cve)),
        risk: words.risk,
    };
    if T::HEARS {
        tell(&detection, cells, symbols, trace);
    }
    Ok(detection)
}

/// Tells a trace what became of each column.
fn tell(detection: &Detection, cells: Cells<'_>, symbols: &Symbols, trace: &mut impl Trace) {
    for (column, field) in cells.bound.columns.iter().enumerate() {
        let Some(field) = *field else { continue };
        if let Some(value) = taken_for(field, detection.with(symbols)) {
            trace.field(field, column, cells.text(field).unwrap_or_default(), &value);
        }
    }
}

/// What a field was taken for; `None` for those that are no part of a detection.
fn taken_for(field: Field, said: DetectionRef<'_>) -> Option<Cow<'_, str>> {
    let detection = said.detection;
    let end = |peer: Peer| match peer.ip {
        Some(ip) => Cow::Owned(ip.to_string()),
        None => Cow::Borrowed(said.text(peer.name)),
    };
    Some(match field {
        Field::Endpoint | Field::SourceHost | Field::DestinationHost => said.text(detection.endpoint).into(),
        Field::Domain => said.text(detection.domain).into(),
        Field::User => said.text(detection.user).into(),
        Field::Process => said.text(detection.process).into(),
        Field::Product => said.text(detection.product).into(),
        Field::Console => said.text(detection.console).into(),
        Field::Protocol => said.text(detection.protocol).into(),
        Field::Family => said.text(detection.family).into(),
        Field::Local | Field::Source => end(said.local()),
        Field::Remote | Field::Destination => end(said.remote()),
        Field::Direction => said.direction().as_str().into(),
        Field::Message => detection.message.as_str().into(),
        Field::Result => detection.result.as_str().into(),
        Field::Risk => detection.risk.as_str().into(),
        Field::ListOrRule if !detection.rule.is_empty() => detection.threat.as_str().into(),
        Field::List | Field::CallbackList | Field::ListOrRule => detection.list.as_str().into(),
        Field::Rule | Field::Category => detection.threat.as_str().into(),
        Field::Time
        | Field::TimeUtc
        | Field::ZoneMinutes
        | Field::DaylightMinutes
        | Field::Received
        | Field::LocalPort
        | Field::RemotePort
        | Field::SourcePort
        | Field::DestinationPort
        | Field::Port
        | Field::Occurrences => return None,
    })
}

fn naming<'r>(cells: Cells<'r>, rules: &mut RuleMemory) -> Result<Naming<'r>, RejectReason> {
    let lists = &cells.bound.layout.values.list;
    let mut list = value(cells, Field::List, lists)?;
    let callback = value(cells, Field::CallbackList, &cells.bound.layout.values.callback_list)?;
    let mut name = cells.text(Field::Rule)?;
    let either = cells.text(Field::ListOrRule)?;
    match lists.get(&fold(either)) {
        Some(known) => list = list.or(Some(*known)),
        None if name.is_empty() => name = either,
        None => {}
    }
    let said = (!name.is_empty()).then(|| rules.read(name));
    Ok(Naming { list: list.or(callback), name, said })
}

/// What a name stands for. A row of a list of command-and-control addresses is a callback, whatever else its name says
/// or does not say.
fn threat(naming: &Naming<'_>, category: Option<Threat>, implied: Option<Threat>) -> Threat {
    let by_list = match naming.list {
        Some(ListSource::Global | ListSource::VirtualAnalyzer | ListSource::UserDefined) => {
            Some(Threat::Callback)
        }
        _ => None,
    };
    let by_name = naming.said.as_ref().map(|said| said.threat).filter(|threat| *threat != Threat::Unknown);
    by_name.or(category).or(implied).or(by_list).unwrap_or(Threat::Unknown)
}

fn message(cells: Cells<'_>, said: Option<&Said>) -> Result<RequestKind, RejectReason> {
    let layout = &cells.bound.layout;
    let by_column = value(cells, Field::Message, &layout.values.message)?;
    let by_name = said.map(|said| said.message).filter(|message| *message != RequestKind::Unknown);
    Ok(by_column.or(by_name).or(layout.implied.message).unwrap_or(RequestKind::Unknown))
}

fn value<T: Copy>(
    cells: Cells<'_>,
    field: Field,
    spellings: &ringback_model::Map<String, T>,
) -> Result<Option<T>, RejectReason> {
    Ok(spellings.get(&fold(cells.text(field)?)).copied())
}

/// An address that no cell gives.
const NO_ADDRESS: Address<'static> = Address { ip: None, name: "", port: None };

fn ends<'r>(cells: Cells<'r>, sides: Sides, endpoint: &'r str) -> Result<Ends<'r>, RejectReason> {
    let must = |field| address_of(cells, field)?.ok_or(RejectReason::NoAddress);
    if sides.directed {
        return Ok(Ends::Directed { source: must(sides.local.0)?, destination: must(sides.remote.0)? });
    }
    let remote = must(sides.remote.0)?;
    match address_of(cells, sides.local.0)? {
        Some(local) => Ok(Ends::Sided { local, remote }),
        None if endpoint.is_empty() => Err(RejectReason::NoAddress),
        None => Ok(Ends::Sided { local: address_alone(endpoint).unwrap_or(NO_ADDRESS), remote }),
    }
}

/// The address that a machine's name is; `None` for a name that is one.
fn address_alone(endpoint: &str) -> Option<Address<'_>> {
    address::read(endpoint).filter(|address| address.ip.is_some() && address.name.is_empty())
}

fn address_of(cells: Cells<'_>, field: Field) -> Result<Option<Address<'_>>, RejectReason> {
    match cells.text(field)? {
        "" => Ok(None),
        cell if is_spoiled(cell) || is_joined_address(cell) => Err(RejectReason::SpreadsheetNumber),
        cell => address::read(cell).map(Some).ok_or(RejectReason::BadAddress),
    }
}

impl Ends<'_> {
    fn intern(&self, log: Log, direction: Direction, symbols: &mut Symbols) -> Endpoints {
        let mut peer = |address: &Address<'_>| Peer { ip: address.ip, name: symbols.intern(address.name) };
        match self {
            Ends::Directed { source, destination } => {
                Endpoints::Directed { source: peer(source), destination: peer(destination) }
            }
            Ends::Sided { local, remote } => Endpoints::Sided {
                local: peer(local),
                remote: peer(remote),
                direction: if log == Log::Callback { Direction::None } else { direction },
            },
        }
    }
}
