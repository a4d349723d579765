//! From the cells of a row to what it says. Done once for each distinct spelling.

use crate::address::{self, Address};
use crate::cells::{Cells, Sides};
use crate::field::Field;
use crate::layout::fold;
use crate::memo::FieldMemo;
use crate::rule_memory::Said;
use crate::spoiled::{is_joined_address, is_spoiled};
use crate::tables::{Tables, Word};
use crate::trace::{Ground, Trace, first, first_word};
use ringback_model::{
    Detection, Direction, Endpoints, ListSource, Log, Map, Peer, RejectReason, RequestKind, ResultKind, Risk,
    Service, Symbols, Threat,
};
use std::sync::Arc;

/// What the list and rule columns say together.
struct Naming<'r> {
    list: Option<ListSource>,
    /// The cell that the list is told by.
    listed: Ground,
    name: Word<'r>,
    /// The cell that the name stands in.
    rule: Ground,
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
        trace: &mut impl Trace,
    ) -> Result<Self, RejectReason> {
        let layout = &cells.bound.layout;
        let (values, implied) = (layout.values(), &layout.implied);
        let naming = naming(cells, number, tables)?;
        let direction = || cells.text(Field::Direction).map(|_| ());
        tables.values.directions.of(number, Field::Direction).of(cells.bytes(Field::Direction), direction)?;
        let endpoint = endpoint(cells, sides, tables, trace)?;
        let name = endpoint.text(&tables.symbols);
        let alone = address::alone(name);
        let ends = ends(cells, sides, name.is_empty(), alone, trace)?;
        // A machine that is named by its address has no name.
        let endpoint = if alone.is_some() { Word::Instead("") } else { endpoint };
        let product = [
            (Ground::Cell(Field::Product), tables.word(cells, Field::Product)?),
            (Ground::Layout, Word::Instead(implied.product.as_str())),
        ];
        let result = value(cells, number, Field::Result, &values.result, &mut tables.values.results)?;
        let result = [(Ground::Cell(Field::Result), result), (Ground::Layout, implied.result)];
        let risk = value(cells, number, Field::Risk, &values.risk, &mut tables.values.risks)?;
        let risk = [(Ground::Cell(Field::Risk), risk)];
        Ok(Words {
            endpoint,
            domain: word(cells, Field::Domain, tables, trace)?,
            user: word(cells, Field::User, tables, trace)?,
            process: word(cells, Field::Process, tables, trace)?,
            product: first_word(trace, "product", product),
            console: word(cells, Field::Console, tables, trace)?,
            protocol: tables.word(cells, Field::Protocol)?,
            family: tables.word(cells, Field::Family)?,
            ends,
            message: message(cells, number, naming.said.as_deref(), &mut tables.values.messages, trace)?,
            naming,
            result: first(trace, "result", result).unwrap_or(ResultKind::Unknown),
            risk: first(trace, "risk", risk).unwrap_or(Risk::Unknown),
            category: value(cells, number, Field::Category, &values.category, &mut tables.values.threats)?,
        })
    }
}

/// The text of a field that nothing else stands for.
fn word<'r>(
    cells: Cells<'r>,
    field: Field,
    tables: &Tables,
    trace: &mut impl Trace,
) -> Result<Word<'r>, RejectReason> {
    Ok(first_word(trace, field.as_str(), [(Ground::Cell(field), tables.word(cells, field)?)]))
}

/// The name of the client's machine: its own cell, that of the side, or what stands for the host of a log that names none.
fn endpoint<'r>(
    cells: Cells<'r>,
    sides: Sides,
    tables: &Tables,
    trace: &mut impl Trace,
) -> Result<Word<'r>, RejectReason> {
    let side = match sides.host {
        Some(host) => cells.text(host)?,
        None => "",
    };
    let implied = cells.bound.layout.implied.endpoint.as_str();
    let given = if implied.is_empty() { "" } else { cells.plan.endpoint.as_deref().unwrap_or_default() };
    let words = [
        (Ground::Cell(Field::Endpoint), tables.word(cells, Field::Endpoint)?),
        (Ground::Cell(sides.host.unwrap_or(Field::Endpoint)), Word::Instead(side)),
        (Ground::Option, Word::Instead(given)),
        (Ground::Layout, Word::Instead(implied)),
    ];
    Ok(first_word(trace, "endpoint", words))
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
    let words = Words::read(cells, number, sides, tables, trace)?;
    let said = words.naming.said.as_deref();
    let protocol = [(Ground::Cell(Field::Protocol), words.protocol), named(said, |said| &said.protocol)];
    let family = [(Ground::Cell(Field::Family), words.family), named(said, |said| &said.family)];
    let cve = said.map_or("", |said| &said.cve);
    trace.took("cve", if cve.is_empty() { Ground::Nothing } else { Ground::RuleName });
    trace.took("rule", words.naming.rule);
    Ok(Detection {
        log: layout.log,
        endpoint: tables.enter(words.endpoint),
        domain: tables.enter(words.domain),
        user: tables.enter(words.user),
        process: tables.enter(words.process),
        product: tables.enter(words.product),
        console: tables.enter(words.console),
        endpoints: words.ends.intern(layout.log, sides.direction, &mut tables.symbols),
        service,
        protocol: tables.enter(first_word(trace, "protocol", protocol)),
        message: words.message,
        result: words.result,
        list: list(&words.naming, layout.implied.list, trace),
        rule: tables.enter(words.naming.name),
        family: tables.enter(first_word(trace, "family", family)),
        threat: threat(&words.naming, words.category, layout.implied.threat, trace),
        cve: tables.symbols.intern(cve),
        risk: words.risk,
    })
}

/// What a rule's name says of something.
fn named<'s>(said: Option<&'s Said>, text: fn(&'s Said) -> &'s str) -> (Ground, Word<'s>) {
    (Ground::RuleName, Word::Instead(said.map_or("", text)))
}

/// The list that a row comes from.
fn list(naming: &Naming<'_>, implied: Option<ListSource>, trace: &mut impl Trace) -> ListSource {
    let by_name = naming.said.as_ref().map(|said| said.list).filter(|list| *list != ListSource::Unknown);
    // That a name looks like a relevance rule's says less than the layout does; a list that it names says more.
    let by_shape = by_name.filter(|list| *list == ListSource::RelevanceRule);
    let by_name = by_name.filter(|list| *list != ListSource::RelevanceRule);
    let told = [
        (naming.listed, naming.list),
        (Ground::RuleName, by_name),
        (Ground::Layout, implied),
        (Ground::RuleName, by_shape),
    ];
    first(trace, "list", told).unwrap_or(ListSource::Unknown)
}

fn naming<'r>(cells: Cells<'r>, number: usize, tables: &mut Tables) -> Result<Naming<'r>, RejectReason> {
    let values = cells.bound.layout.values();
    let lists = &mut tables.values.lists;
    let list = value(cells, number, Field::List, &values.list, lists)?;
    let callback = value(cells, number, Field::CallbackList, &values.callback_list, lists)?;
    let rule = tables.word(cells, Field::Rule)?;
    let either = value(cells, number, Field::ListOrRule, &values.list, &mut tables.values.lists)?;
    let (field, name) = match rule {
        Word::Cell("") if either.is_none() => (Field::ListOrRule, tables.word(cells, Field::ListOrRule)?),
        rule => (Field::Rule, rule),
    };
    let listed = match (list, either) {
        (Some(_), _) => Field::List,
        (None, Some(_)) => Field::ListOrRule,
        (None, None) => Field::CallbackList,
    };
    let text = name.text(&tables.symbols);
    let said = (!text.is_empty()).then(|| tables.rules.read(text));
    Ok(Naming {
        list: list.or(either).or(callback),
        listed: Ground::Cell(listed),
        name,
        rule: if name.is_empty() { Ground::Nothing } else { Ground::Cell(field) },
        said,
    })
}

/// What a name stands for. A row of a list of command-and-control addresses is a callback, whatever else its name says
/// or does not say.
fn threat(
    naming: &Naming<'_>,
    category: Option<Threat>,
    implied: Option<Threat>,
    trace: &mut impl Trace,
) -> Threat {
    let by_list = match naming.list {
        Some(ListSource::Global | ListSource::VirtualAnalyzer | ListSource::UserDefined) => {
            Some(Threat::Callback)
        }
        _ => None,
    };
    let by_name = naming.said.as_ref().map(|said| said.threat).filter(|threat| *threat != Threat::Unknown);
    let told = [
        (Ground::RuleName, by_name),
        (Ground::Cell(Field::Category), category),
        (Ground::Layout, implied),
        (Ground::ListHit, by_list),
    ];
    first(trace, "threat", told).unwrap_or(Threat::Unknown)
}

fn message(
    cells: Cells<'_>,
    number: usize,
    said: Option<&Said>,
    memory: &mut FieldMemo<Option<RequestKind>>,
    trace: &mut impl Trace,
) -> Result<RequestKind, RejectReason> {
    let layout = &cells.bound.layout;
    let by_column = value(cells, number, Field::Message, &layout.values().message, memory)?;
    let by_name = said.map(|said| said.message).filter(|message| *message != RequestKind::Unknown);
    let told = [
        (Ground::Cell(Field::Message), by_column),
        (Ground::RuleName, by_name),
        (Ground::Layout, layout.implied.message),
    ];
    Ok(first(trace, "message", told).unwrap_or(RequestKind::Unknown))
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
    trace: &mut impl Trace,
) -> Result<Ends<'r>, RejectReason> {
    trace.took("remote", Ground::Cell(sides.remote.0));
    trace.took("local", Ground::Cell(sides.local.0));
    let must = |field| address_of(cells, field)?.ok_or(RejectReason::NoAddress);
    if sides.directed {
        return Ok(Ends::Directed { source: must(sides.local.0)?, destination: must(sides.remote.0)? });
    }
    let remote = must(sides.remote.0)?;
    match address_of(cells, sides.local.0)? {
        Some(local) => Ok(Ends::Sided { local, remote }),
        None if is_unnamed => Err(RejectReason::NoAddress),
        None => {
            trace
                .took("local", if alone.is_some() { Ground::Cell(Field::Endpoint) } else { Ground::Nothing });
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
