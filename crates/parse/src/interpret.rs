//! From the cells of a row to what it says. Done once for each distinct spelling.

use crate::address::{self, Address};
use crate::field::Field;
use crate::layout::fold;
use crate::plan::Plan;
use crate::records::Record;
use crate::rule_name::{self, RuleName};
use ringback_model::{
    Detection, Direction, Endpoints, ListSource, Log, Peer, RejectReason, RequestKind, ResultKind, Risk,
    Service, Sym, Symbols, Threat,
};

/// Hears how each field came about. The hot path passes `()`, which hears nothing; there is one code path.
pub trait Trace {
    /// A field was read: from which column, spelled how, and taken for what.
    fn field(&mut self, field: Field, column: usize, spelling: &str, value: &str) {
        _ = (field, column, spelling, value);
    }
}

impl Trace for () {}

/// The cells of one row, by field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cells<'r> {
    pub(crate) plan: &'r Plan,
    pub(crate) record: Record<'r>,
}

impl<'r> Cells<'r> {
    /// The bytes of a field's cell; empty where there is no such column.
    pub(crate) fn bytes(&self, field: Field) -> &'r [u8] {
        self.plan.column(field).map_or(&[], |column| self.record.get(column))
    }

    /// The text of a field's cell, trimmed. What stands for nothing is empty.
    ///
    /// # Errors
    /// Bytes that are not text.
    pub(crate) fn text(&self, field: Field) -> Result<&'r str, RejectReason> {
        let text = std::str::from_utf8(self.bytes(field)).map_err(|_| RejectReason::Undecodable)?.trim();
        Ok(if matches!(text, "-" | "N/A" | "n/a") { "" } else { text })
    }

    /// Where the packet went, by column or by layout.
    pub(crate) fn direction(&self) -> Direction {
        let implied = self.plan.layout.implied.direction.unwrap_or(Direction::Unknown);
        if self.plan.column(Field::Direction).is_none() {
            return implied;
        }
        let spelled = String::from_utf8_lossy(self.bytes(Field::Direction));
        self.plan.layout.values.direction.get(&fold(&spelled)).copied().unwrap_or(Direction::Unknown)
    }
}

/// What the list and rule columns say together.
struct Naming<'r> {
    list: Option<ListSource>,
    name: &'r str,
    said: Option<RuleName<'r>>,
}

/// Reads what a row says.
///
/// # Errors
/// Why it says nothing that can be used.
pub(crate) fn interpret(
    cells: Cells<'_>,
    service: Option<Service>,
    direction: Direction,
    symbols: &mut Symbols,
    trace: &mut impl Trace,
) -> Result<Detection, RejectReason> {
    let layout = &cells.plan.layout;
    let naming = naming(cells)?;
    let said = naming.said.as_ref();
    let protocol = match cells.text(Field::Protocol)? {
        "" => said.map_or("", |said| said.protocol),
        logged => logged,
    };
    let family = match cells.text(Field::Family)? {
        "" => said.map_or("", |said| said.family),
        logged => logged,
    };
    let mut text = |field: Field| -> Result<Sym, RejectReason> {
        let logged = cells.text(field)?;
        if let Some(column) = cells.plan.column(field) {
            trace.field(field, column, logged, logged);
        }
        Ok(symbols.intern(logged))
    };
    let detection = Detection {
        log: layout.log,
        endpoint: text(Field::Endpoint)?,
        domain: text(Field::Domain)?,
        user: text(Field::User)?,
        process: text(Field::Process)?,
        product: text(Field::Product)?,
        console: text(Field::Console)?,
        endpoints: endpoints(cells, direction, symbols)?,
        service,
        protocol: symbols.intern(protocol),
        message: message(cells, said)?,
        result: value(cells, Field::Result, &layout.values.result)?.unwrap_or(ResultKind::Unknown),
        list: naming
            .list
            .or(said.map(|said| said.list))
            .or(layout.implied.list)
            .unwrap_or(ListSource::Unknown),
        rule: symbols.intern(naming.name),
        family: symbols.intern(family),
        threat: threat(&naming, layout.implied.threat),
        cve: symbols.intern(said.map_or("", |said| &said.cve)),
        risk: value(cells, Field::Risk, &layout.values.risk)?.unwrap_or(Risk::Unknown),
    };
    trace_values(&detection, cells, trace);
    Ok(detection)
}

fn trace_values(detection: &Detection, cells: Cells<'_>, trace: &mut impl Trace) {
    let naming = cells.plan.column(Field::Rule).map_or(Field::ListOrRule, |_| Field::Rule);
    for (field, value) in [
        (Field::Result, detection.result.as_str()),
        (Field::Risk, detection.risk.as_str()),
        (Field::List, detection.list.as_str()),
        (naming, detection.threat.as_str()),
    ] {
        if let Some(column) = cells.plan.column(field) {
            trace.field(field, column, cells.text(field).unwrap_or_default(), value);
        }
    }
}

fn naming(cells: Cells<'_>) -> Result<Naming<'_>, RejectReason> {
    let lists = &cells.plan.layout.values.list;
    let mut list = value(cells, Field::List, lists)?;
    let mut name = cells.text(Field::Rule)?;
    let either = cells.text(Field::ListOrRule)?;
    match lists.get(&fold(either)) {
        Some(known) => list = list.or(Some(*known)),
        None if name.is_empty() => name = either,
        None => {}
    }
    let said = (!name.is_empty()).then(|| rule_name::read(name));
    Ok(Naming { list, name, said })
}

/// What a name stands for. A row of a list of command-and-control addresses is a callback, whatever else its name says
/// or does not say.
fn threat(naming: &Naming<'_>, implied: Option<Threat>) -> Threat {
    let by_list = match naming.list {
        Some(ListSource::Global | ListSource::VirtualAnalyzer | ListSource::UserDefined) => {
            Some(Threat::Callback)
        }
        _ => None,
    };
    let by_name = naming.said.as_ref().map(|said| said.threat).filter(|threat| *threat != Threat::Unknown);
    by_name.or(implied).or(by_list).unwrap_or(Threat::Unknown)
}

fn message(cells: Cells<'_>, said: Option<&RuleName<'_>>) -> Result<RequestKind, RejectReason> {
    let layout = &cells.plan.layout;
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

fn endpoints(
    cells: Cells<'_>,
    direction: Direction,
    symbols: &mut Symbols,
) -> Result<Endpoints, RejectReason> {
    if cells.plan.column(Field::Source).is_some() {
        let source = peer(cells.text(Field::Source)?, symbols)?.ok_or(RejectReason::NoAddress)?;
        let destination = peer(cells.text(Field::Destination)?, symbols)?.ok_or(RejectReason::NoAddress)?;
        return Ok(Endpoints::Directed { source, destination });
    }
    let remote = peer(cells.text(Field::Remote)?, symbols)?.ok_or(RejectReason::NoAddress)?;
    let local = match peer(cells.text(Field::Local)?, symbols)? {
        Some(local) => local,
        None if cells.text(Field::Endpoint)?.is_empty() => return Err(RejectReason::NoAddress),
        None => Peer::default(),
    };
    let direction = if cells.plan.layout.log == Log::Callback { Direction::None } else { direction };
    Ok(Endpoints::Sided { local, remote, direction })
}

fn peer(cell: &str, symbols: &mut Symbols) -> Result<Option<Peer>, RejectReason> {
    if cell.is_empty() {
        return Ok(None);
    }
    let Address { ip, name, .. } = address::read(cell).ok_or(RejectReason::BadAddress)?;
    Ok(Some(Peer { ip, name: symbols.intern(name) }))
}
