//! The names of hosts and remote ends, numbered, so that each is folded once and not for every finding.

use ringback_model::{DetectionRef, Finding, Map, Side, Sym, Symbols};
use std::net::IpAddr;

/// What names an end of a detection: quick to compare, and the same for the same text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Name {
    /// A name or URL as logged; the empty one where the log says nothing.
    Text(Sym),
    /// An address.
    Address(IpAddr),
}

impl Name {
    /// What people call the client's host; see [`DetectionRef::host`].
    pub(crate) fn of_host(row: DetectionRef<'_>) -> Self {
        match row.telling_local_ip() {
            _ if !row.detection.endpoint.is_empty() => Name::Text(row.detection.endpoint),
            Some(ip) => Name::Address(ip),
            None => Name::of_peer(row.local().name, row.local().ip),
        }
    }

    /// The remote end; see [`DetectionRef::remote_text`].
    pub(crate) fn of_remote(row: DetectionRef<'_>) -> Self {
        Name::of_peer(row.remote().name, row.remote().ip)
    }

    /// The name of a side.
    pub(crate) fn of_side(row: DetectionRef<'_>, side: Side) -> Self {
        match side {
            Side::Local => Name::of_host(row),
            Side::Remote => Name::of_remote(row),
        }
    }

    fn of_peer(name: Sym, ip: Option<IpAddr>) -> Self {
        ip.filter(|_| name.is_empty()).map_or(Name::Text(name), Name::Address)
    }

    /// The name as text.
    pub(crate) fn text(self, symbols: &Symbols) -> String {
        match self {
            Name::Text(sym) => symbols.text(sym).to_owned(),
            Name::Address(ip) => ip.to_string(),
        }
    }
}

/// Numbers for names; spellings of one name that differ in case alone have one number.
pub(crate) struct Names<'s> {
    symbols: &'s Symbols,
    /// By symbol.
    of_texts: Vec<Option<u32>>,
    of_addresses: Map<IpAddr, u32>,
    folded: Map<String, u32>,
}

impl<'s> Names<'s> {
    /// No names yet.
    pub(crate) fn new(symbols: &'s Symbols) -> Self {
        let (of_addresses, folded) = (Map::default(), Map::default());
        Names { symbols, of_texts: vec![None; symbols.len()], of_addresses, folded }
    }

    /// The number of a name.
    #[inline]
    pub(crate) fn number(&mut self, name: Name) -> u32 {
        let known = match name {
            Name::Text(sym) => self.of_texts[sym.number()],
            Name::Address(ip) => self.of_addresses.get(&ip).copied(),
        };
        known.unwrap_or_else(|| self.enter(name))
    }

    fn enter(&mut self, name: Name) -> u32 {
        let next = u32::try_from(self.folded.len()).expect("there are fewer names than 2^32");
        let number = *self.folded.entry(name.text(self.symbols).to_lowercase()).or_insert(next);
        match name {
            Name::Text(sym) => self.of_texts[sym.number()] = Some(number),
            Name::Address(ip) => _ = self.of_addresses.insert(ip, number),
        }
        number
    }
}

/// The names of both ends of findings, by number: each is looked up once, for all that is told of hosts, remote addresses
/// and incidents.
#[derive(Debug)]
pub struct Ends {
    /// The host and the remote end of each finding.
    numbers: Vec<(u32, u32)>,
    /// How many names there are.
    names: usize,
    /// How many names stand at the other end of each, by number: of hosts, of remote ends.
    others: [Vec<u64>; 2],
}

impl Ends {
    /// The names of the ends of findings.
    pub fn of(findings: &[Finding], symbols: &Symbols) -> Self {
        let mut names = Names::new(symbols);
        let ends = |finding: &Finding| {
            let row = finding.detection.with(symbols);
            (names.number(Name::of_host(row)), names.number(Name::of_remote(row)))
        };
        let numbers: Vec<(u32, u32)> = findings.iter().map(ends).collect();
        let names = names.folded.len();
        let mut others = [vec![0; names], vec![0; names]];
        let mut pairs = numbers.clone();
        pairs.sort_unstable();
        pairs.dedup();
        for (host, remote) in pairs {
            others[0][host as usize] += 1;
            others[1][remote as usize] += 1;
        }
        Ends { numbers, names, others }
    }

    /// How many names there are.
    pub(crate) fn names(&self) -> usize {
        self.names
    }

    /// The number of the name at a side of a finding.
    #[inline]
    pub(crate) fn number(&self, finding: usize, side: Side) -> u32 {
        let (host, remote) = self.numbers[finding];
        match side {
            Side::Local => host,
            Side::Remote => remote,
        }
    }

    /// How many names stand at the other end of one that stands at a side.
    pub(crate) fn others(&self, name: u32, side: Side) -> u64 {
        self.others[usize::from(side == Side::Remote)][name as usize]
    }
}

/// The smallest of the spellings of a name, so that the choice among them does not depend on any order. The empty one
/// comes last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spelled {
    last: Option<Name>,
    text: String,
}

impl Spelled {
    /// Takes in a spelling.
    pub(crate) fn see(&mut self, name: Name, symbols: &Symbols) {
        if self.last == Some(name) {
            return;
        }
        self.last = Some(name);
        let text = name.text(symbols);
        if self.text.is_empty() || (!text.is_empty() && text < self.text) {
            self.text = text;
        }
    }

    /// The smallest spelling.
    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_have_one_number() {
        let mut symbols = Symbols::new();
        let [upper, lower, address] =
            ["DB01", "db01", "10.0.0.5"].map(|text| Name::Text(symbols.intern(text)));
        let mut names = Names::new(&symbols);
        assert_eq!(names.number(upper), names.number(lower));
        assert_eq!(names.number(address), names.number(Name::Address("10.0.0.5".parse().unwrap())));
        assert_ne!(names.number(upper), names.number(address));
        for order in [[upper, lower], [lower, upper]] {
            let mut spelled = Spelled::default();
            spelled.see(Name::Text(Sym::EMPTY), &symbols);
            for name in order {
                spelled.see(name, &symbols);
            }
            assert_eq!(spelled.into_text(), "DB01");
        }
    }
}
