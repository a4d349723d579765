//! What rows say: detections.

use crate::fingerprint::{Digest, Fingerprint};
use crate::service::{Service, Side};
use crate::symbols::{Remap, Sym, Symbols};
use crate::vocabulary::vocabulary;
use std::net::IpAddr;

vocabulary! {
    /// Where the packet went. It describes the packet, not the conversation.
    Direction {
        /// Remote to local.
        Incoming = "incoming",
        /// Local to remote.
        Outgoing = "outgoing",
        /// The log says that it has no direction, or its kind has none.
        None = "none",
        /// The log does not say, or says something that is not known.
        Unknown = "unknown",
    }
}

impl Direction {
    /// The direction of what answers.
    #[must_use]
    pub const fn back(self) -> Direction {
        match self {
            Direction::Incoming => Direction::Outgoing,
            Direction::Outgoing => Direction::Incoming,
            other => other,
        }
    }
}

vocabulary! {
    /// Which half of a conversation the packet is.
    RequestKind {
        /// It asks.
        Request = "request",
        /// It answers.
        Response = "response",
        /// The log does not say.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// What the product did.
    ResultKind {
        /// The packet or connection was stopped.
        Blocked = "blocked",
        /// It was noted and let through.
        Logged = "logged",
        /// The log does not say; it counts as not blocked.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// What the detection came from.
    ListSource {
        /// The vendor's list of known command-and-control addresses.
        Global = "global",
        /// The vendor's network fingerprints; they include exploits and scans.
        RelevanceRule = "relevance-rule",
        /// The company's own list from sandboxing.
        VirtualAnalyzer = "virtual-analyzer",
        /// The administrator's block list.
        UserDefined = "user-defined",
        /// The vendor's web reputation.
        WebReputation = "web-reputation",
        /// A rule of an intrusion prevention system.
        IpsRule = "ips-rule",
        /// A rule of a firewall.
        FirewallRule = "firewall-rule",
        /// The log does not say.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// What a rule's name stands for.
    Threat {
        /// A call to a command-and-control server.
        Callback = "callback",
        /// The use of a vulnerability.
        Exploit = "exploit",
        /// Ransomware at work.
        Ransomware = "ransomware",
        /// A search for open services.
        Scan = "scan",
        /// Guessing of passwords.
        BruteForce = "brute-force",
        /// A logon that failed.
        LogonFailure = "logon-failure",
        /// Suspicious name resolution.
        Dns = "dns",
        /// Suspicious mail.
        Mail = "mail",
        /// A service or habit that a policy may forbid.
        Policy = "policy",
        /// The vendor's self-test.
        Test = "test",
        /// A name that nobody has explained.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// The console's own view of the risk.
    Risk {
        /// High.
        High = "high",
        /// Medium.
        Medium = "medium",
        /// Low.
        Low = "low",
        /// The log does not say.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// The kind of log that the row stood in. It decides which columns exist, so it is part of what a row says.
    Log {
        /// Connections judged by network content inspection: direction, rule, both sides.
        Connection = "connection",
        /// C&C callbacks: neither direction nor rule.
        Callback = "callback",
        /// Blocked or rated web accesses.
        Web = "web",
        /// A host firewall's events.
        Firewall = "firewall",
        /// An intrusion prevention system's events.
        Intrusion = "intrusion",
    }
}

/// One end of a connection as logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Peer {
    /// The address, canonical (no IPv4-mapped IPv6, no zone id): the cell's own or that inside a URL.
    pub ip: Option<IpAddr>,
    /// The host name or URL as logged; empty where the cell is a plain address or empty.
    pub name: Sym,
}

impl Peer {
    /// Whether the log says nothing about this end.
    pub fn is_empty(&self) -> bool {
        self.ip.is_none() && self.name.is_empty()
    }

    fn remap(self, remap: &Remap) -> Self {
        Peer { ip: self.ip, name: remap.apply(self.name) }
    }

    fn digest(&self, symbols: &Symbols, digest: &mut Digest) {
        digest.part(symbols.bytes(self.name));
        match self.ip {
            Some(ip) => digest.ip(ip),
            None => digest.text(""),
        };
    }

    fn text<'a>(&self, symbols: &'a Symbols) -> std::borrow::Cow<'a, str> {
        match (self.name.is_empty(), self.ip) {
            (false, _) => symbols.text(self.name).into(),
            (true, Some(ip)) => ip.to_string().into(),
            (true, None) => "".into(),
        }
    }
}

/// The two ends of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoints {
    /// The log says which end has the agent.
    Sided {
        /// The end with the agent, always the client's.
        local: Peer,
        /// The other end.
        remote: Peer,
        /// Where the packet went.
        direction: Direction,
    },
    /// The log has a true source and destination; the client's networks tell the sides, later.
    Directed {
        /// Where the packet came from.
        source: Peer,
        /// Where it went.
        destination: Peer,
    },
}

/// What all rows that say the same thing say: typed, normalised, with symbols for text.
///
/// Times, the ports other than the service, occurrences, extras and the console's own word for the action are not part
/// of it. In a [`Endpoints::Directed`] detection the service's local side stands for the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Detection {
    /// The kind of log.
    pub log: Log,
    /// The name of the client's machine.
    pub endpoint: Sym,
    /// Its domain.
    pub domain: Sym,
    /// The user at the time.
    pub user: Sym,
    /// The process, as a path or a name.
    pub process: Sym,
    /// The product that logged.
    pub product: Sym,
    /// The console or server that the log came from.
    pub console: Sym,
    /// The two ends.
    pub endpoints: Endpoints,
    /// The port that says which service was spoken to.
    pub service: Option<Service>,
    /// The protocol: the column's text, else the one in the rule's name.
    pub protocol: Sym,
    /// Request or response.
    pub message: RequestKind,
    /// Blocked or logged.
    pub result: ResultKind,
    /// The source of the detection.
    pub list: ListSource,
    /// The rule or threat name as logged.
    pub rule: Sym,
    /// The malware family that the name or the log gives.
    pub family: Sym,
    /// What the name stands for.
    pub threat: Threat,
    /// The CVE ids and bulletins in the name, sorted, joined with one blank.
    pub cve: Sym,
    /// The console's view of the risk.
    pub risk: Risk,
}

impl Detection {
    /// The same detection with its text as another table's symbols.
    #[must_use]
    pub fn remap(mut self, remap: &Remap) -> Self {
        for sym in [
            &mut self.endpoint,
            &mut self.domain,
            &mut self.user,
            &mut self.process,
            &mut self.product,
            &mut self.console,
            &mut self.protocol,
            &mut self.rule,
            &mut self.family,
            &mut self.cve,
        ] {
            *sym = remap.apply(*sym);
        }
        self.endpoints = match self.endpoints {
            Endpoints::Sided { local, remote, direction } => {
                Endpoints::Sided { local: local.remap(remap), remote: remote.remap(remap), direction }
            }
            Endpoints::Directed { source, destination } => {
                Endpoints::Directed { source: source.remap(remap), destination: destination.remap(remap) }
            }
        };
        self
    }

    /// The identity of the detection: the same for the same content in any run, table or order.
    pub fn fingerprint(&self, symbols: &Symbols) -> Fingerprint {
        let mut digest = Digest::of("detection 1");
        for word in [
            self.log.as_str(),
            self.message.as_str(),
            self.result.as_str(),
            self.list.as_str(),
            self.threat.as_str(),
            self.risk.as_str(),
        ] {
            digest.text(word);
        }
        for sym in [
            self.endpoint,
            self.domain,
            self.user,
            self.process,
            self.product,
            self.console,
            self.protocol,
            self.rule,
            self.family,
            self.cve,
        ] {
            digest.part(symbols.bytes(sym));
        }
        self.digest_endpoints(symbols, &mut digest);
        digest.fingerprint()
    }

    fn digest_endpoints(&self, symbols: &Symbols, digest: &mut Digest) {
        let (first, second, way) = match &self.endpoints {
            Endpoints::Sided { local, remote, direction } => (local, remote, direction.as_str()),
            Endpoints::Directed { source, destination } => (source, destination, "directed"),
        };
        digest.text(way);
        first.digest(symbols, digest);
        second.digest(symbols, digest);
        if let Some(Service { side, port, sole }) = self.service {
            digest.part(&port.to_be_bytes()).part(&[u8::from(side == Side::Remote), u8::from(sole)]);
        }
    }

    /// The detection beside the table of its symbols.
    pub fn with<'a>(&'a self, symbols: &'a Symbols) -> DetectionRef<'a> {
        DetectionRef { detection: self, symbols }
    }
}

/// A detection whose text can be read.
#[derive(Clone, Copy, Debug)]
pub struct DetectionRef<'a> {
    /// The detection.
    pub detection: &'a Detection,
    /// The table of its symbols.
    pub symbols: &'a Symbols,
}

impl<'a> DetectionRef<'a> {
    /// The text of one of the detection's symbols.
    pub fn text(&self, sym: Sym) -> &'a str {
        self.symbols.text(sym)
    }

    /// The identity of the detection.
    pub fn fingerprint(&self) -> Fingerprint {
        self.detection.fingerprint(self.symbols)
    }

    /// The end with the agent; the source, where the sides are not yet told apart.
    pub fn local(&self) -> Peer {
        match self.detection.endpoints {
            Endpoints::Sided { local, .. } => local,
            Endpoints::Directed { source, .. } => source,
        }
    }

    /// The other end; the destination, where the sides are not yet told apart.
    pub fn remote(&self) -> Peer {
        match self.detection.endpoints {
            Endpoints::Sided { remote, .. } => remote,
            Endpoints::Directed { destination, .. } => destination,
        }
    }

    /// Where the packet went; unknown, where the sides are not yet told apart.
    pub fn direction(&self) -> Direction {
        match self.detection.endpoints {
            Endpoints::Sided { direction, .. } => direction,
            Endpoints::Directed { .. } => Direction::Unknown,
        }
    }

    /// The remote end as text: host name or URL as logged, else the address.
    pub fn remote_text(&self) -> std::borrow::Cow<'a, str> {
        self.remote().text(self.symbols)
    }

    /// The local address, unless it says nothing about the host: unspecified, loopback and link-local addresses do not.
    pub fn telling_local_ip(&self) -> Option<IpAddr> {
        self.local().ip.filter(|ip| match ip {
            IpAddr::V4(v4) => !(v4.is_unspecified() || v4.is_loopback() || v4.is_link_local()),
            IpAddr::V6(v6) => !(v6.is_unspecified() || v6.is_loopback() || v6.is_unicast_link_local()),
        })
    }

    /// The client's host as people name it: the endpoint's name, else its address, else what the log has of either.
    pub fn host(&self) -> std::borrow::Cow<'a, str> {
        let detection = self.detection;
        if !detection.endpoint.is_empty() {
            return self.text(detection.endpoint).into();
        }
        match self.telling_local_ip() {
            Some(ip) => ip.to_string().into(),
            None => self.local().text(self.symbols),
        }
    }

    /// The CVE ids and bulletins.
    pub fn cves(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.text(self.detection.cve).split_ascii_whitespace()
    }

    /// The service port on a side, if it is there.
    pub fn port(&self, side: Side) -> Option<u16> {
        self.detection.service.filter(|service| service.side == side).map(|service| service.port)
    }
}

impl Default for Detection {
    fn default() -> Self {
        Detection {
            log: Log::Connection,
            endpoint: Sym::EMPTY,
            domain: Sym::EMPTY,
            user: Sym::EMPTY,
            process: Sym::EMPTY,
            product: Sym::EMPTY,
            console: Sym::EMPTY,
            endpoints: Endpoints::Sided {
                local: Peer::default(),
                remote: Peer::default(),
                direction: Direction::Unknown,
            },
            service: None,
            protocol: Sym::EMPTY,
            message: RequestKind::Unknown,
            result: ResultKind::Unknown,
            list: ListSource::Unknown,
            rule: Sym::EMPTY,
            family: Sym::EMPTY,
            threat: Threat::Unknown,
            cve: Sym::EMPTY,
            risk: Risk::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_do_not_depend_on_the_table() {
        let (mut a, mut b) = (Symbols::new(), Symbols::new());
        b.intern("something else first");
        let make = |symbols: &mut Symbols| Detection {
            endpoint: symbols.intern("DB01"),
            rule: symbols.intern("X - HTTP (Request)"),
            ..Detection::default()
        };
        let (in_a, in_b) = (make(&mut a), make(&mut b));
        assert_ne!(in_a, in_b);
        assert_eq!(in_a.fingerprint(&a), in_b.fingerprint(&b));
        let moved = in_a.remap(&b.absorb(&a));
        assert_eq!(moved, in_b);
    }

    #[test]
    fn addresses_that_say_nothing_leave_the_name() {
        let mut symbols = Symbols::new();
        let name = symbols.intern("LAPTOP7");
        for (ip, named, host) in [
            ("10.0.0.5", true, "LAPTOP7"),
            ("10.0.0.5", false, "10.0.0.5"),
            ("127.0.0.1", true, "LAPTOP7"),
            ("169.254.9.9", false, "169.254.9.9"),
        ] {
            let local = Peer { ip: Some(ip.parse().unwrap()), name: Sym::EMPTY };
            let detection = Detection {
                endpoint: if named { name } else { Sym::EMPTY },
                endpoints: Endpoints::Sided { local, remote: Peer::default(), direction: Direction::None },
                ..Detection::default()
            };
            assert_eq!(detection.with(&symbols).host(), host);
        }
    }
}
