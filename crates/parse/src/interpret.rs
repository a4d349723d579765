//! From the cells of a row to what it says. Done once for each distinct spelling.

use crate::address::{self, Address};
use crate::bound::{Bound, says_nothing};
use crate::field::Field;
use crate::layout::fold;
use crate::memo::FieldMemo;
use crate::plan::Plan;
use crate::records::Record;
use crate::rule_memory::{RuleMemory, Said};
use crate::spoiled::{is_joined_address, is_spoiled};
use ringback_model::{
    Detection, DetectionRef, Direction, Endpoints, ListSource, Log, Map, Peer, RejectReason, RequestKind,
    ResultKind, Risk, Service, Sym, Symbols, Threat,
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
        if bytes.is_empty() {
            return Ok("");
        }
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
        layout.values().direction.get(&fold(&spelled)).copied().unwrap_or(Direction::Unknown)
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
        self.bound.layout.values().message.get(&fold(&spelled)).copied().unwrap_or(RequestKind::Unknown)
    }
}

/// What is remembered from row to row.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) symbols: Symbols,
    rules: RuleMemory,
    /// By symbol: whether it was the text of a cell. A cell of just these bytes has the same text, which need not be
    /// looked through again.
    cells: Vec<bool>,
    values: ValueMemory,
}

/// What is remembered of the cells that hold one of a few values.
#[derive(Debug, Default)]
struct ValueMemory {
    directions: FieldMemo<()>,
    lists: FieldMemo<Option<ListSource>>,
    messages: FieldMemo<Option<RequestKind>>,
    results: FieldMemo<Option<ResultKind>>,
    risks: FieldMemo<Option<Risk>>,
    threats: FieldMemo<Option<Threat>>,
}

/// The text of a cell, or what stands for it.
#[derive(Clone, Copy, Debug)]
enum Word<'r> {
    /// One that a cell had before.
    Known(Sym),
    /// The text of a cell.
    Cell(&'r str),
    /// Text that is no cell's.
    Instead(&'r str),
}

impl<'r> Word<'r> {
    fn text<'t>(self, symbols: &'t Symbols) -> &'t str
    where
        'r: 't,
    {
        match self {
            Word::Known(sym) => symbols.text(sym),
            Word::Cell(text) | Word::Instead(text) => text,
        }
    }

    /// The word, or what stands for it where it says nothing.
    fn or(self, instead: &'r str) -> Self {
        match self {
            Word::Cell("") | Word::Instead("") => Word::Instead(instead),
            word => word,
        }
    }
}

impl Tables {
    /// The text of a field's cell.
    #[inline]
    fn word<'r>(&self, cells: Cells<'r>, field: Field) -> Result<Word<'r>, RejectReason> {
        let bytes = cells.bytes(field);
        if bytes.is_empty() {
            return Ok(Word::Cell(""));
        }
        let known = self.symbols.find(bytes);
        match known.filter(|sym| self.cells.get(sym.number()).is_some_and(|cell| *cell)) {
            Some(known) => Ok(Word::Known(known)),
            None => cells.text(field).map(Word::Cell),
        }
    }

    /// The symbol of a word.
    fn enter(&mut self, word: Word<'_>) -> Sym {
        match word {
            Word::Known(sym) => sym,
            Word::Instead(text) | Word::Cell(text @ "") => self.symbols.intern(text),
            Word::Cell(text) => {
                let sym = self.symbols.intern(text);
                self.cells.resize(self.symbols.len(), false);
                self.cells[sym.number()] = true;
                sym
            }
        }
    }
}

/// What the list and rule columns say together.
struct Naming<'r> {
    list: Option<ListSource>,
    name: Word<'r>,
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
    endpoint: Word<'r>,
    domain: Word<'r>,
    user: Word<'r>,
    process: Word<'r>,
    product: Word<'r>,
    console: Word<'r>,
    protocol: Word<'r>,
    family: Word<'r>,
    ends: Ends<'r>,
    naming: Naming<'r>,
    message: RequestKind,
    result: ResultKind,
    risk: Risk,
    category: Option<Threat>,
}

impl<'r> Words<'r> {
    /// Reads a record of the layout of that number.
    fn read(
        cells: Cells<'r>,
        number: usize,
        sides: Sides,
        tables: &mut Tables,
    ) -> Result<Self, RejectReason> {
        let layout = &cells.bound.layout;
        let values = layout.values();
        let naming = naming(cells, number, tables)?;
        let direction = || cells.text(Field::Direction).map(|_| ());
        tables.values.directions.of(number, Field::Direction).of(cells.bytes(Field::Direction), direction)?;
        let side = match sides.host {
            Some(host) => cells.text(host)?,
            None => "",
        };
        let endpoint = tables.word(cells, Field::Endpoint)?.or(side).or(implied_endpoint(cells));
        let name = endpoint.text(&tables.symbols);
        let alone = address::alone(name);
        let ends = ends(cells, sides, name.is_empty(), alone)?;
        // A machine that is named by its address has no name.
        let endpoint = if alone.is_some() { Word::Instead("") } else { endpoint };
        Ok(Words {
            endpoint,
            domain: tables.word(cells, Field::Domain)?,
            user: tables.word(cells, Field::User)?,
            process: tables.word(cells, Field::Process)?,
            product: tables.word(cells, Field::Product)?.or(&layout.implied.product),
            console: tables.word(cells, Field::Console)?,
            protocol: tables.word(cells, Field::Protocol)?,
            family: tables.word(cells, Field::Family)?,
            ends,
            message: message(cells, number, naming.said.as_deref(), &mut tables.values.messages)?,
            naming,
            result: value(cells, number, Field::Result, &values.result, &mut tables.values.results)?
                .or(layout.implied.result)
                .unwrap_or(ResultKind::Unknown),
            risk: value(cells, number, Field::Risk, &values.risk, &mut tables.values.risks)?
                .unwrap_or(Risk::Unknown),
            category: value(cells, number, Field::Category, &values.category, &mut tables.values.threats)?,
        })
    }
}

/// The host of a log that names none.
fn implied_endpoint(cells: Cells<'_>) -> &str {
    let implied = cells.bound.layout.implied.endpoint.as_str();
    if implied.is_empty() { implied } else { cells.plan.endpoint.as_deref().unwrap_or(implied) }
}

/// Reads what a row says. `number` is that of its layout among those that the source mixes.
///
/// # Errors
/// Why it says nothing that can be used.
pub(crate) fn interpret<T: Trace>(
    cells: Cells<'_>,
    number: usize,
    service: Option<Service>,
    sides: Sides,
    tables: &mut Tables,
    trace: &mut T,
) -> Result<Detection, RejectReason> {
    let layout = &cells.bound.layout;
    let words = Words::read(cells, number, sides, tables)?;
    let said = words.naming.said.as_deref();
    let by_name = said.map(|said| said.list).filter(|list| *list != ListSource::Unknown);
    // That a name looks like a relevance rule's says less than the layout does; a list that it names says more.
    let by_shape = by_name.filter(|list| *list == ListSource::RelevanceRule);
    let by_name = by_name.filter(|list| *list != ListSource::RelevanceRule);
    let list = words.naming.list.or(by_name).or(layout.implied.list).or(by_shape);
    let detection = Detection {
        log: layout.log,
        endpoint: tables.enter(words.endpoint),
        domain: tables.enter(words.domain),
        user: tables.enter(words.user),
        process: tables.enter(words.process),
        product: tables.enter(words.product),
        console: tables.enter(words.console),
        endpoints: words.ends.intern(layout.log, sides.direction, &mut tables.symbols),
        service,
        protocol: tables.enter(words.protocol.or(said.map_or("", |said| &said.protocol))),
        message: words.message,
        result: words.result,
        list: list.unwrap_or(ListSource::Unknown),
        rule: tables.enter(words.naming.name),
        family: tables.enter(words.family.or(said.map_or("", |said| &said.family))),
        threat: threat(&words.naming, words.category, layout.implied.threat),
        cve: tables.symbols.intern(said.map_or("", |said| &said.cve)),
        risk: words.risk,
    };
    if T::HEARS {
        tell(&detection, cells, &tables.symbols, trace);
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

fn naming<'r>(cells: Cells<'r>, number: usize, tables: &mut Tables) -> Result<Naming<'r>, RejectReason> {
    let values = cells.bound.layout.values();
    let lists = &mut tables.values.lists;
    let list = value(cells, number, Field::List, &values.list, lists)?;
    let callback = value(cells, number, Field::CallbackList, &values.callback_list, lists)?;
    let rule = tables.word(cells, Field::Rule)?;
    let either = value(cells, number, Field::ListOrRule, &values.list, &mut tables.values.lists)?;
    let name = match rule {
        Word::Cell("") if either.is_none() => tables.word(cells, Field::ListOrRule)?,
        rule => rule,
    };
    let text = name.text(&tables.symbols);
    let said = (!text.is_empty()).then(|| tables.rules.read(text));
    Ok(Naming { list: list.or(either).or(callback), name, said })
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

fn message(
    cells: Cells<'_>,
    number: usize,
    said: Option<&Said>,
    memory: &mut FieldMemo<Option<RequestKind>>,
) -> Result<RequestKind, RejectReason> {
    let layout = &cells.bound.layout;
    let by_column = value(cells, number, Field::Message, &layout.values().message, memory)?;
    let by_name = said.map(|said| said.message).filter(|message| *message != RequestKind::Unknown);
    Ok(by_column.or(by_name).or(layout.implied.message).unwrap_or(RequestKind::Unknown))
}

/// The value of a field's cell, by the spellings of the layout of that number.
fn value<T: Copy>(
    cells: Cells<'_>,
    number: usize,
    field: Field,
    spellings: &Map<String, T>,
    memory: &mut FieldMemo<Option<T>>,
) -> Result<Option<T>, RejectReason> {
    let read = || Ok(spellings.get(&fold(cells.text(field)?)).copied());
    memory.of(number, field).of(cells.bytes(field), read)
}

/// An address that no cell gives.
const NO_ADDRESS: Address<'static> = Address { ip: None, name: "", port: None };

/// The two ends. Where no cell has the local address, the endpoint may be named by it.
fn ends<'r>(
    cells: Cells<'r>,
    sides: Sides,
    is_unnamed: bool,
    alone: Option<Address<'_>>,
) -> Result<Ends<'r>, RejectReason> {
    let must = |field| address_of(cells, field)?.ok_or(RejectReason::NoAddress);
    if sides.directed {
        return Ok(Ends::Directed { source: must(sides.local.0)?, destination: must(sides.remote.0)? });
    }
    let remote = must(sides.remote.0)?;
    match address_of(cells, sides.local.0)? {
        Some(local) => Ok(Ends::Sided { local, remote }),
        None if is_unnamed => Err(RejectReason::NoAddress),
        None => {
            let local = alone.map_or(NO_ADDRESS, |Address { ip, port, .. }| Address { ip, name: "", port });
            Ok(Ends::Sided { local, remote })
        }
    }
}

fn address_of(cells: Cells<'_>, field: Field) -> Result<Option<Address<'_>>, RejectReason> {
    if let Some(plain) = address::plain_v4(cells.bytes(field)) {
        return Ok(Some(Address { ip: Some(plain.into()), ..NO_ADDRESS }));
    }
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
