//! The client's word: who owns which networks, what is public, who may scan, what is accepted.
//!
//! These are plain values. Reading and checking the file is the business of the `context` crate; every field is optional
//! in the file and has the empty value here.

use crate::brand::TextPlace;
use crate::instant::Instant;
use crate::verdict::Severity;
use ipnet::IpNet;
use std::net::IpAddr;

/// A client profile.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// The zone of logs that name none, as an IANA name; empty where it is not given.
    pub time_zone: String,
    /// The reader's language, as a BCP 47 tag; empty where it is not given.
    pub language: String,
    /// Who the client is.
    pub client: Client,
    /// What the report says of itself.
    pub report: ReportOptions,
    /// Which networks and names are the client's.
    pub networks: Networks,
    /// What is meant to be reached from outside.
    pub exposure: PublishedServices,
    /// Authorised scanners.
    pub scanners: Vec<Scanner>,
    /// Hosts that stand for others.
    pub relays: Vec<Relay>,
    /// What is known of vulnerabilities.
    pub vulnerabilities: Vec<Vulnerability>,
    /// Files of scanners and others that say more of them.
    pub vulnerability_files: VulnerabilityFiles,
    /// What a catalogue says of vulnerabilities that are exploited in the wild, by CVE id in ascending order.
    pub known_exploited: Vec<KnownExploited>,
    /// Files of databases of addresses, as the profile names them: relative to it. Those before go before those after.
    pub address_databases: Vec<String>,
    /// Accepted findings.
    pub suppressions: Vec<Suppression>,
    /// Files of layouts of the user's own, as the profile names them: relative to it.
    pub layouts: Vec<String>,
    /// Folders of reporter packs of the user's own, as the profile names them: relative to it.
    pub reporters: Vec<String>,
    /// Severity overrides: `scenario[.word…].(logged|blocked)` to severity, in the order of the file.
    pub severity: Vec<(String, Severity)>,
}

/// Who the client is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// Its name.
    pub name: String,
    /// The path of its logo, relative to the profile.
    pub logo: String,
}

/// What the report says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportOptions {
    /// The title.
    pub title: String,
    /// The author.
    pub author: String,
    /// The Traffic Light Protocol marking: red, amber+strict, amber, green, clear; empty where none is given.
    pub tlp: String,
    /// The accent colour, `#rrggbb`.
    pub accent: String,
    /// The families of type, as [`Brand::font`](crate::brand::Brand::font) has them.
    pub font: String,
    /// Files of texts of the author's own, in the order of the report.
    pub texts: Vec<OwnTextFile>,
}

/// A file with a text of the author's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnTextFile {
    /// The heading over the text.
    pub title: String,
    /// The file, as the profile names it: relative to it.
    pub file: String,
    /// Where the text stands.
    pub place: TextPlace,
    /// The language that it is in; empty where it is for reports in any.
    pub language: String,
}

/// Which networks and names are the client's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks {
    /// Networks besides the private ranges.
    pub own: Vec<IpNet>,
    /// Host names that are own, with everything below them; lower case, no leading dot.
    pub names: Vec<String>,
    /// Whether nothing but `own` is the client's.
    pub only: bool,
}

/// What is meant to be reached from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublishedServices {
    /// Whether what is not published is closed.
    pub complete: bool,
    /// The published services.
    pub published: Vec<Published>,
    /// Files of scans from outside, as the profile names them: relative to it.
    pub scans: Vec<String>,
    /// What those scans found open, by address, transport and port.
    pub open: Vec<OpenService>,
}

/// A service that a scan from outside found open.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OpenService {
    /// The address.
    pub address: IpAddr,
    /// Its transport.
    pub transport: Transport,
    /// Its port.
    pub port: u16,
    /// The host's names as the scan knows them; lower case, in order.
    pub names: Vec<String>,
    /// When it was found open, where the scan tells.
    pub seen: Option<Instant>,
}

/// Files that the profile names for vulnerabilities: relative to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VulnerabilityFiles {
    /// Reports of scanners and plain lists.
    pub files: Vec<VulnerabilityFile>,
    /// The catalogue of vulnerabilities that are known to be exploited; empty where none is named.
    pub known_exploited: String,
}

/// A file that says which hosts are vulnerable to what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VulnerabilityFile {
    /// The file.
    pub file: String,
    /// Whom it is about, where the file itself names no host.
    pub hosts: Option<HostMatch>,
    /// From when on what it says holds, instead of the dates that it holds itself.
    pub since: Option<Instant>,
}

/// A vulnerability that is known to be exploited.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KnownExploited {
    /// The CVE id, upper case.
    pub cve: String,
    /// The day on which the catalogue took it in, `YYYY-MM-DD`; empty where it does not say.
    pub added: String,
    /// The day by which the catalogue's publisher asks for it to be remedied, `YYYY-MM-DD`; empty where it does not say.
    pub due: String,
    /// Whether ransomware is known to use it.
    pub ransomware: bool,
}

/// A published service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Where: by network (an address is one of full length) …
    pub network: Option<IpNet>,
    /// … or by host name.
    pub host: String,
    /// On which ports; none means all.
    pub ports: Vec<PortSpec>,
    /// What it is called.
    pub name: String,
}

/// A port, with its transport where that is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortSpec {
    /// `tcp` or `udp`; `None` for any.
    pub transport: Option<Transport>,
    /// The port.
    pub port: u16,
}

/// A transport protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Transport {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

impl Transport {
    /// Its name, as profiles write it.
    pub fn name(self) -> &'static str {
        match self {
            Transport::Tcp => "tcp",
            Transport::Udp => "udp",
        }
    }
}

/// A stretch of time; open where an end is `None`. The end is not part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// The first instant in it.
    pub from: Option<Instant>,
    /// The first instant after it.
    pub until: Option<Instant>,
}

impl Period {
    /// Whether an instant lies in it.
    pub fn contains(&self, instant: Instant) -> bool {
        self.from.is_none_or(|from| from <= instant) && self.until.is_none_or(|until| instant < until)
    }
}

/// An authorised scanner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanner {
    /// Its address or network.
    pub network: IpNet,
    /// What it is called.
    pub name: String,
    /// When it may scan.
    pub period: Period,
}

crate::vocabulary::vocabulary! {
    /// How a relay stands for others.
    RelayKind {
        /// A resolver.
        Dns = "dns",
        /// A forward proxy.
        Proxy = "proxy",
        /// A device that translates addresses.
        Nat = "nat",
        /// A reverse proxy.
        ReverseProxy = "reverse-proxy",
        /// A load balancer.
        LoadBalancer = "load-balancer",
        /// A mail gateway.
        Mail = "mail",
        /// A VPN concentrator.
        Vpn = "vpn",
    }
}

crate::vocabulary::vocabulary! {
    /// Whom a relay stands for.
    Faces {
        /// The client's own hosts.
        Inside = "inside",
        /// The internet.
        Internet = "internet",
    }
}

impl RelayKind {
    /// Whom a relay of this kind stands for where the profile does not say.
    pub fn faces(self) -> Faces {
        match self {
            RelayKind::Dns | RelayKind::Proxy | RelayKind::Nat | RelayKind::Vpn => Faces::Inside,
            RelayKind::ReverseProxy | RelayKind::LoadBalancer | RelayKind::Mail => Faces::Internet,
        }
    }
}

/// A host that stands for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relay {
    /// Its address; `None` where the profile names a host only.
    pub address: Option<IpAddr>,
    /// Its host name; may be empty.
    pub host: String,
    /// How it stands for others.
    pub kind: RelayKind,
    /// For whom.
    pub faces: Faces,
    /// What it is called.
    pub name: String,
}

/// What is known of a vulnerability on some hosts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vulnerability {
    /// On which hosts.
    pub hosts: HostMatch,
    /// CVE ids or bulletins, upper case.
    pub cves: Vec<String>,
    /// Whether they are vulnerable to them.
    pub vulnerable: bool,
    /// From when on that is known; before, it is unknown.
    pub since: Option<Instant>,
}

/// Which hosts something holds for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HostMatch {
    /// All of them.
    Any,
    /// The one of this name; compared without case, a short name matches a full one.
    Name(String),
    /// Those in this network.
    Network(IpNet),
}

/// An accepted finding: still counted, listed in the appendix. All that is given must match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suppression {
    /// Why it is accepted.
    pub reason: String,
    /// Who accepted it.
    pub owner: String,
    /// The first instant at which it is accepted no more, whatever the times of its rows; held against the report's clock.
    pub expires: Option<Instant>,
    /// The time of the rows that it holds for.
    pub period: Period,
    /// The remote address, network, host name or URL.
    pub remote: Option<EndMatch>,
    /// The client's host, by name, address or network.
    pub host: Option<EndMatch>,
    /// The rule as logged.
    pub rule: Option<String>,
    /// The list.
    pub list: Option<crate::ListSource>,
    /// The scenario.
    pub scenario: Option<crate::Scenario>,
}

impl Suppression {
    /// Whether it has ended when a report is made. A report without a clock ends nothing.
    pub fn is_expired(&self, made: Option<Instant>) -> bool {
        matches!((self.expires, made), (Some(expires), Some(made)) if expires <= made)
    }

    /// Whether it accepts the same rows as another, for whatever reason, by whomever and for however long.
    pub fn accepts_the_same_as(&self, other: &Suppression) -> bool {
        let told = |one: &Suppression| Suppression {
            reason: String::new(),
            owner: String::new(),
            expires: None,
            ..one.clone()
        };
        told(self) == told(other)
    }
}

/// Which ends of connections something holds for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndMatch {
    /// An address or a network.
    Network(IpNet),
    /// A host name or URL as logged, in lower case; compared without case, a short name matches a full one.
    Name(String),
    /// All host names below this one, in lower case: `*.example` in the profile.
    Below(String),
}

impl std::fmt::Display for EndMatch {
    /// As the profile writes it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            EndMatch::Network(network) if network.prefix_len() == network.max_prefix_len() => {
                write!(f, "{}", network.addr())
            }
            EndMatch::Network(network) => write!(f, "{network}"),
            EndMatch::Name(name) => f.write_str(name),
            EndMatch::Below(name) => write!(f, "*.{name}"),
        }
    }
}
