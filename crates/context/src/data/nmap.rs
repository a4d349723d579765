//! Scans from outside, as Nmap writes them in XML.
//!
//! Nothing is expanded: a document type may be named, as Nmap does, but declares nothing, and no entity but the five of XML
//! and characters by number is known. Depth and number of services are bounded.

use super::Fault;
use super::address_book::{address, host};
use super::fault::shown;
use super::file::{number_of, text};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use ringback_model::Instant;
use ringback_model::case::DataRecords;
use ringback_model::profile::{HostMatch, OpenService, Transport};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The deepest that elements may lie in each other: results of scripts are some ten deep.
const DEEPEST: usize = 64;

/// The most ports that a scan may tell of.
const MOST: usize = 1_000_000;

/// What a scan found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// When it began.
    pub date: Option<Instant>,
    /// The ports that it tells of, and those of them that were open.
    pub records: DataRecords,
    /// What was open, by address, transport and port.
    pub open: Vec<OpenService>,
}

/// Reads a scan.
///
/// # Errors
/// What is no XML, is cut short, or is none of Nmap's; a document type that declares something; an entity of its own;
/// elements that lie too deep; an address or a port that is none; a port that is told twice and otherwise.
pub fn parse_scan(bytes: &[u8]) -> Result<Scan, Fault> {
    let text = text(bytes)?;
    if !text.trim_start().starts_with('<') {
        return Err(Fault::whole("it is no XML", "save the scan with nmap -oX outside.xml"));
    }
    let mut reader = Reader::from_str(text);
    let mut reading = Reading::default();
    loop {
        let begin = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let place = || {
            let before = text.get(..begin).unwrap_or(text);
            1 + number_of(b'\n', before.as_bytes())
        };
        let at = |fault: Fault| {
            if fault.place.is_empty() { Fault { place: format!("line {}", place()), ..fault } } else { fault }
        };
        match reader.read_event() {
            Ok(Event::Eof) => return reading.finish(),
            Ok(event) => reading.take(&event).map_err(at)?,
            Err(error) => return Err(at(Fault::whole(format!("it is no XML: {error}"), ""))),
        }
    }
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    /// The elements that are open, from the outside in.
    path: Vec<String>,
    ended: bool,
    date: Option<Instant>,
    host: Host,
    ports: BTreeMap<(IpAddr, Transport, u16), Port>,
}

/// The host that is being read.
#[derive(Default)]
struct Host {
    addresses: Vec<IpAddr>,
    names: Vec<String>,
    seen: Option<Instant>,
    ports: Vec<(Transport, u16, bool)>,
    /// The port that is being read.
    port: Option<(Transport, u16)>,
}

/// What is known of a port.
struct Port {
    open: bool,
    names: Vec<String>,
    seen: Option<Instant>,
}

impl Reading {
    fn take(&mut self, event: &Event<'_>) -> Result<(), Fault> {
        match event {
            Event::Start(element) => self.open(element),
            Event::Empty(element) => {
                self.open(element)?;
                self.close()
            }
            Event::End(_) => self.close(),
            Event::DocType(kind) if kind.trim() != "nmaprun" => {
                let hint = "nmap writes <!DOCTYPE nmaprun> and nothing more";
                Err(Fault::whole("the document type declares something", hint))
            }
            Event::GeneralRef(entity) => {
                let name: &str = entity;
                let known = entity.is_char_ref() || matches!(name, "amp" | "lt" | "gt" | "quot" | "apos");
                if known { Ok(()) } else { Err(Fault::whole("it uses an entity of its own", "")) }
            }
            Event::Text(text) if self.path.is_empty() && !text.trim().is_empty() => {
                Err(Fault::whole("there is text outside of the scan", ""))
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, element: &BytesStart<'_>) -> Result<(), Fault> {
        if self.path.len() == DEEPEST {
            return Err(Fault::whole(format!("elements lie more than {DEEPEST} deep"), ""));
        }
        let name = element.name().as_ref().to_owned();
        if self.path.is_empty() && (self.ended || name != "nmaprun") {
            let what = if self.ended { "there is more behind the scan" } else { "it is no scan of Nmap's" };
            return Err(Fault::whole(what, "save the scan with nmap -oX outside.xml"));
        }
        self.path.push(name);
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        match path[..] {
            ["nmaprun"] => self.date = seconds(element, "start")?,
            ["nmaprun", "host"] => {
                self.host = Host { seen: seconds(element, "starttime")?.or(self.date), ..Host::default() };
            }
            ["nmaprun", "host", "address"] => self.host.address(element)?,
            ["nmaprun", "host", "hostnames", "hostname"] => self.host.name(element)?,
            ["nmaprun", "host", "ports", "port"] => self.host.port(element)?,
            ["nmaprun", "host", "ports", "port", "state"] => self.host.state(element)?,
            ["nmaprun", "runstats", "finished"] => finished(element)?,
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fault> {
        let closed = self.path.pop();
        self.ended = self.path.is_empty();
        if self.path.len() == 1 && closed.as_deref() == Some("host") {
            let host = std::mem::take(&mut self.host);
            return self.keep(&host);
        }
        Ok(())
    }

    /// Keeps the ports of a host that was read to its end.
    fn keep(&mut self, host: &Host) -> Result<(), Fault> {
        if host.addresses.is_empty() && !host.ports.is_empty() {
            return Err(Fault::whole("a host has ports and no address", ""));
        }
        for address in &host.addresses {
            for (transport, port, open) in &host.ports {
                let new = Port { open: *open, names: host.names.clone(), seen: host.seen };
                let known = self.ports.entry((*address, *transport, *port)).or_insert(new);
                if known.open != *open {
                    let (is, was) = if *open { ("open", "not") } else { ("not open", "open") };
                    let what =
                        format!("{address} {}/{port} is {is} here and was {was} before", transport.name());
                    return Err(Fault::whole(what, "name each run of the scanner as a file of its own"));
                }
                known.seen = known.seen.max(host.seen);
            }
            if self.ports.len() > MOST {
                return Err(Fault::whole(format!("it tells of more than {MOST} ports"), ""));
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Scan, Fault> {
        if !self.ended {
            let hint = "the file seems to be cut short, or the scan was broken off; scan again";
            return Err(Fault::whole("it ends within the scan", hint));
        }
        let all = self.ports.len() as u64;
        let open: Vec<OpenService> = self
            .ports
            .into_iter()
            .filter(|(_, known)| known.open)
            .map(|((address, transport, port), Port { mut names, seen, .. })| {
                names.sort();
                names.dedup();
                OpenService { address, transport, port, names, seen }
            })
            .collect();
        Ok(Scan { date: self.date, records: DataRecords { all, used: open.len() as u64 }, open })
    }
}

impl Host {
    fn address(&mut self, element: &BytesStart<'_>) -> Result<(), Fault> {
        if attribute(element, "addrtype")?.as_deref() == Some("mac") {
            return Ok(());
        }
        let text = attribute(element, "addr")?.unwrap_or_default();
        let Some(address) = address(&text) else {
            let shown = shown(&text);
            return Err(Fault::whole(format!("{shown:?} is no address"), ""));
        };
        self.addresses.push(address);
        Ok(())
    }

    fn name(&mut self, element: &BytesStart<'_>) -> Result<(), Fault> {
        let name = attribute(element, "name")?.unwrap_or_default();
        // Names come from the DNS, where anything may stand: what is no host's name names nobody.
        if let Ok(Some(HostMatch::Name(name))) = host(&name, "") {
            self.names.push(name);
        }
        Ok(())
    }

    fn port(&mut self, element: &BytesStart<'_>) -> Result<(), Fault> {
        let transport = match attribute(element, "protocol")?.as_deref() {
            Some("tcp") => Some(Transport::Tcp),
            Some("udp") => Some(Transport::Udp),
            // SCTP and the numbers of protocols: no log tells of them.
            _ => None,
        };
        let text = attribute(element, "portid")?.unwrap_or_default();
        let port = text.parse::<u16>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
        let Some(port) = port else {
            let shown = shown(&text);
            return Err(Fault::whole(format!("{shown:?} is no port"), ""));
        };
        self.port = transport.map(|transport| (transport, port));
        Ok(())
    }

    fn state(&mut self, element: &BytesStart<'_>) -> Result<(), Fault> {
        let Some(state) = attribute(element, "state")? else {
            return Err(Fault::whole("a port has no state", ""));
        };
        // "open|filtered" is no proof.
        self.ports.extend(self.port.take().map(|(transport, port)| (transport, port, state == "open")));
        Ok(())
    }
}

/// Whether the scan came to its end.
fn finished(element: &BytesStart<'_>) -> Result<(), Fault> {
    match attribute(element, "exit")?.as_deref() {
        None | Some("success") => Ok(()),
        Some(_) => Err(Fault::whole("the scan ended in an error", "scan again")),
    }
}

/// An attribute's value.
fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, Fault> {
    let fault = |error: String| Fault::whole(format!("an attribute can not be read: {error}"), "");
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| fault(error.to_string()))?;
        if attribute.key.as_ref() == name {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            return value.map(|value| Some(value.into_owned())).map_err(|error| fault(error.to_string()));
        }
    }
    Ok(None)
}

/// An attribute that is an instant in seconds since 1970.
fn seconds(element: &BytesStart<'_>, name: &str) -> Result<Option<Instant>, Fault> {
    let Some(text) = attribute(element, name)?.filter(|text| !text.is_empty()) else { return Ok(None) };
    let seconds = text.parse::<i64>().ok().map(Instant::from_seconds);
    match seconds.filter(|at| at.timestamp().is_some()) {
        Some(at) => Ok(Some(at)),
        None => Err(Fault::whole(format!("{:?} is no time", shown(&text)), "")),
    }
}
