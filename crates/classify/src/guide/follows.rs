//! Follows the decision guide as it stands in the documentation, table by table, for every case, and holds what comes out
//! to what the code says.

use crate::{Census, Policy, judge};
use ringback_model::profile::{
    Faces, HostMatch, KnownExploited, Period, PortSpec, Published, Relay, RelayKind, Scanner, Vulnerability,
};
use ringback_model::{
    Detection, Direction, Endpoints, Instant, ListSource, Log, Peer, Profile, RequestKind, ResultKind, Risk,
    Scope, Service, Severity, Side, Sym, Symbols, Threat, Verdict,
};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

/// The words of a document, as numbers; equal words have one number.
#[derive(Default)]
struct Lexicon(RefCell<Vec<String>>);

impl Lexicon {
    fn number(&self, word: &str) -> u8 {
        let mut words = self.0.borrow_mut();
        let at = words.iter().position(|one| one == word).unwrap_or_else(|| {
            words.push(word.to_owned());
            words.len() - 1
        });
        u8::try_from(at).unwrap()
    }

    fn word(&self, number: u8) -> String {
        self.0.borrow()[usize::from(number)].clone()
    }
}

/// A table of the document.
struct Table {
    columns: Vec<String>,
    /// Of each row: the words that each cell lists; none where any will do.
    rows: Vec<Vec<Option<Vec<u8>>>>,
    /// What was looked up before: the row.
    known: RefCell<HashMap<Vec<u8>, usize>>,
}

/// The document's tables.
struct Guide {
    tables: BTreeMap<String, Table>,
    lexicon: Lexicon,
}

impl Guide {
    fn read() -> Self {
        let text =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/VERDICTS.md")).unwrap();
        let lexicon = Lexicon::default();
        let mut tables = BTreeMap::new();
        for part in text.split("<!-- table: ").skip(1) {
            let (name, rest) = part.split_once(" -->\n").unwrap();
            let (table, _) = rest.split_once("<!-- end -->").unwrap();
            let cells = |line: &str| -> Vec<String> {
                let line = line.trim_start_matches("| ").trim_end_matches(" |");
                line.split(" | ").map(str::to_owned).collect()
            };
            let mut lines = table.lines();
            let columns = cells(lines.next().unwrap_or_else(|| panic!("{name} is empty")));
            let words = |cell: &String| match cell.as_str() {
                "any" => None,
                // The names of rules and steps are no lists; what they are is not looked up.
                cell => Some(cell.split(", ").map(|word| lexicon.number(word)).collect()),
            };
            let rows: Vec<Vec<Option<Vec<u8>>>> = match name {
                "advice" => Vec::new(),
                "severity" => {
                    lines.skip(1).map(|line| cells(line).iter().skip(1).map(words).collect()).collect()
                }
                _ => lines.skip(1).map(|line| cells(line).iter().map(words).collect()).collect(),
            };
            let columns = if name == "severity" { columns[1..].to_vec() } else { columns };
            assert!(rows.iter().all(|row| row.len() == columns.len()), "{name}");
            tables.insert(name.to_owned(), Table { columns, rows, known: RefCell::default() });
        }
        Guide { tables, lexicon }
    }

    /// What a table says of facts, which are in the order of its columns: the cells behind them.
    fn look(&self, name: &str, facts: &[u8]) -> Vec<u8> {
        let table = &self.tables[name];
        let fits = |row: &Vec<Option<Vec<u8>>>| {
            row.iter().zip(facts).all(|(cell, fact)| cell.as_ref().is_none_or(|words| words.contains(fact)))
        };
        let known = table.known.borrow().get(facts).copied();
        let at = known.unwrap_or_else(|| {
            let fitting: Vec<usize> = (0..table.rows.len()).filter(|at| fits(&table.rows[*at])).collect();
            let one = fitting.len() == 1 || (name == "severity" && !fitting.is_empty());
            assert!(one, "{name}: {fitting:?} rows fit {:?} of {:?}", self.words(facts), table.columns);
            table.known.borrow_mut().insert(facts.to_vec(), fitting[0]);
            fitting[0]
        });
        // Those still possible are a list.
        let told = table.rows[at][facts.len()..].iter().flatten();
        told.flatten().copied().collect()
    }

    fn words(&self, numbers: &[u8]) -> Vec<String> {
        numbers.iter().map(|number| self.lexicon.word(*number)).collect()
    }

    fn number(&self, word: &str) -> u8 {
        self.lexicon.number(word)
    }

    fn yes(&self, yes: bool) -> u8 {
        self.number(if yes { "yes" } else { "no" })
    }
}

/// What a person reads off a row, the profile and the other rows.
#[derive(Clone, Copy)]
struct Facts {
    callback: bool,
    direction: Direction,
    message: RequestKind,
    /// The side that alone is on a server port.
    port: Option<Side>,
    list: ListSource,
    threat: Threat,
    risk: Risk,
    scope: Scope,
    result: ResultKind,
    local_private: bool,
    remote_named: bool,
    server_process: bool,
    published: &'static str,
    complete: bool,
    said: &'static str,
    worked: bool,
    exploited: bool,
    /// The sides that scan, relay for inside hosts, and face the internet.
    scans: [bool; 2],
    inside: [bool; 2],
    internet: bool,
}

/// What the guide comes to.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    origin: String,
    basis: String,
    scenario: String,
    suspect: String,
    stopped: String,
    target: String,
    exposure: String,
    vulnerable: String,
    severity: Severity,
    at_most: bool,
}

impl Told {
    fn of(verdict: &Verdict) -> Self {
        Told {
            origin: verdict.origin.to_string(),
            basis: verdict.origin_basis.to_string(),
            scenario: verdict.scenario.to_string(),
            suspect: verdict.suspect.to_string(),
            stopped: verdict.stopped.to_string(),
            target: verdict.target.to_string(),
            exposure: verdict.exposure.to_string(),
            vulnerable: verdict.vulnerable.to_string(),
            severity: verdict.severity,
            at_most: verdict.at_most,
        }
    }
}

/// Follows the guide.
struct Following<'g> {
    guide: &'g Guide,
    facts: Facts,
}

impl Following<'_> {
    fn verdict(&self) -> Told {
        let (guide, facts) = (self.guide, self.facts);
        let number = |word: &str| guide.number(word);
        let word = |number: u8| guide.lexicon.word(number);
        let told = self.origin();
        let (origin, basis) = (told[0], told[1]);
        let scope = number(facts.scope.as_str());
        let origin_scans = match word(origin).as_str() {
            "local" => facts.scans[0],
            "remote" => facts.scans[1],
            _ => false,
        };
        let authorised = [number(facts.threat.as_str()), origin, guide.yes(origin_scans)];
        let authorised = guide.look("authorised", &authorised)[0] == number("yes");
        let (scenario, suspect) = if authorised {
            (number("authorised-activity"), number("none"))
        } else {
            self.scenario(origin, scope)
        };
        let stopped =
            guide.look("stopped", &[number(facts.result.as_str()), number(facts.message.as_str())])[0];
        let counts = guide.look("counts-as-stopped", &[stopped, scenario])[0] == number("yes");
        let (target, exposure, vulnerable) = self.target(scenario, origin, scope);
        let at_most = word(scenario) == "undetermined";
        let severity = if at_most {
            self.worst(origin, scope, counts)
        } else {
            self.severity(scenario, exposure, vulnerable, counts)
        };
        Told {
            origin: word(origin),
            basis: word(basis),
            scenario: word(scenario),
            suspect: word(suspect),
            stopped: word(stopped),
            target: word(target),
            exposure: word(exposure),
            vulnerable: word(vulnerable),
            severity,
            at_most,
        }
    }

    fn origin(&self) -> Vec<u8> {
        let (guide, facts) = (self.guide, self.facts);
        let number = |word: &str| guide.number(word);
        if facts.callback {
            let named = guide.yes(facts.remote_named);
            let told = [named, number(facts.list.as_str()), guide.yes(facts.server_process)];
            return guide.look("callback-origin", &told);
        }
        let port = match facts.port {
            Some(Side::Local) => "local",
            Some(Side::Remote) => "remote",
            None => "both or neither",
        };
        let told = [
            number(facts.direction.as_str()),
            number(facts.message.as_str()),
            number(port),
            number(facts.list.as_str()),
            number(facts.threat.as_str()),
            number(facts.scope.as_str()),
            guide.yes(facts.local_private),
        ];
        guide.look("origin", &told)
    }

    fn scenario(&self, origin: u8, scope: u8) -> (u8, u8) {
        let (guide, facts) = (self.guide, self.facts);
        let number = |word: &str| guide.number(word);
        let (list, threat) = (number(facts.list.as_str()), number(facts.threat.as_str()));
        let (direction, message) = (number(facts.direction.as_str()), number(facts.message.as_str()));
        let asked = match guide.lexicon.word(origin).as_str() {
            "local" => Some(1),
            "remote" => Some(0),
            _ => None,
        };
        let through = asked.map(|asked| {
            let inside = guide.yes(facts.inside[asked]);
            let internet = guide.yes(facts.internet);
            guide.look("relay", &[inside, internet, origin, scope, list, threat, direction, message])
        });
        let through = through.filter(|told| told[2] != number("none: go on"));
        let told = through
            .unwrap_or_else(|| guide.look("scenario", &[origin, scope, threat, list, message, direction]));
        let relays = match guide.lexicon.word(told[1]).as_str() {
            "local" => facts.inside[0],
            "remote" => facts.inside[1],
            _ => false,
        };
        (told[0], guide.look("behind-relay", &[told[1], guide.yes(relays)])[0])
    }

    fn target(&self, scenario: u8, origin: u8, scope: u8) -> (u8, u8, u8) {
        let (guide, facts) = (self.guide, self.facts);
        let target = guide.look("target", &[scenario, origin])[0];
        let (own, side) = match guide.lexicon.word(target).as_str() {
            "local" => (true, Some(Side::Local)),
            "remote" => (scope == guide.number("own"), Some(Side::Remote)),
            _ => (false, None),
        };
        let port_known = facts.port.is_some() && facts.port == side;
        let asked =
            [guide.yes(own), guide.number(facts.published), guide.yes(facts.complete), guide.yes(port_known)];
        let exposure = guide.look("exposure", &asked)[0];
        let asked = [guide.yes(own), guide.number(facts.threat.as_str()), guide.number(facts.said)];
        (target, exposure, guide.look("vulnerable", &asked)[0])
    }

    fn severity(&self, scenario: u8, exposure: u8, vulnerable: u8, stopped: bool) -> Severity {
        let (guide, facts) = (self.guide, self.facts);
        let number = |word: &str| guide.number(word);
        let asked = [
            scenario,
            number(facts.threat.as_str()),
            number(facts.list.as_str()),
            number(facts.risk.as_str()),
            number(facts.direction.as_str()),
            number(facts.message.as_str()),
            exposure,
            vulnerable,
            guide.yes(facts.worked),
            guide.yes(facts.exploited),
        ];
        let pick =
            |told: &[u8]| -> Severity { guide.lexicon.word(told[usize::from(stopped)]).parse().unwrap() };
        let severity = pick(&guide.look("severity", &asked));
        let closed = &guide.tables["closed"].rows[0];
        let is = |at: usize, word: u8| closed[at].as_ref().unwrap().contains(&word);
        if is(0, scenario) && is(1, exposure) && !is(2, number(facts.threat.as_str())) {
            let told: Vec<u8> = closed[3..].iter().flatten().flatten().copied().collect();
            return severity.min(pick(&told));
        }
        severity
    }

    /// The worst of what is still possible.
    fn worst(&self, origin: u8, scope: u8, stopped: bool) -> Severity {
        let guide = self.guide;
        let scopes = guide.look("possible-scopes", &[scope]);
        let origins = guide.look("possible-origins", &[origin]);
        let pairs = origins.iter().flat_map(|origin| scopes.iter().map(move |scope| (*origin, *scope)));
        let each = pairs.map(|(origin, scope)| {
            let (scenario, _) = self.scenario(origin, scope);
            let (_, exposure, vulnerable) = self.target(scenario, origin, scope);
            self.severity(scenario, exposure, vulnerable, false)
        });
        let worst = each.min().unwrap().max(Severity::High);
        if stopped { worst.lowered() } else { worst }
    }
}

/// The policies that cases are judged by, with what a person reads off each.
struct Setting {
    policy: Policy,
    census: Census,
    published: &'static str,
    complete: bool,
    said: &'static str,
    worked: bool,
    exploited: bool,
    scans: [bool; 2],
    inside: [bool; 2],
    internet: bool,
}

const LOCALS: [(&str, bool); 2] = [("10.0.0.5", true), ("198.51.100.7", false)];

/// A remote side of each scope.
const REMOTES: [(&str, Scope); 6] = [
    ("10.0.0.6", Scope::Own),
    ("11.1.1.1", Scope::Public),
    ("100.64.0.1", Scope::Special),
    ("192.168.9.9", Scope::PrivateUnlisted),
    ("evil.example", Scope::Name),
    ("", Scope::Unknown),
];

/// What a setting has besides the client's networks.
#[derive(Clone, Copy, Default)]
struct Wish {
    published: usize,
    said: usize,
    worked: bool,
    exploited: bool,
    scans: [bool; 2],
    inside: [bool; 2],
    internet: bool,
}

impl Setting {
    fn new(wish: Wish, remote: &str) -> Self {
        let mut profile = Profile::default();
        profile.networks.own = vec!["10.0.0.0/8".parse().unwrap()];
        let entry = |ports: &[u16]| -> Vec<Published> {
            let ports: Vec<PortSpec> =
                ports.iter().map(|port| PortSpec { transport: None, port: *port }).collect();
            vec![Published { network: "0.0.0.0/0".parse().ok(), ports, ..Published::default() }]
        };
        let (published, complete) = match wish.published {
            0 => ("nothing", false),
            1 => ("the service", true),
            2 => ("nothing", true),
            3 => ("other ports of the host", true),
            _ => ("other ports of the host", false),
        };
        profile.exposure.published = match published {
            "the service" => entry(&[]),
            "other ports of the host" => entry(&[9]),
            _ => Vec::new(),
        };
        profile.exposure.complete = complete;
        let said = |vulnerable| {
            vec![Vulnerability {
                hosts: HostMatch::Any,
                cves: vec!["CVE-2020-1".to_owned()],
                vulnerable,
                since: None,
            }]
        };
        let (said_word, entries) = match wish.said {
            0 => ("neither", Vec::new()),
            1 => ("vulnerable to one", said(true)),
            _ => ("not vulnerable to all", said(false)),
        };
        profile.vulnerabilities = entries;
        if wish.exploited {
            let known = KnownExploited {
                cve: "CVE-2020-1".to_owned(),
                added: String::new(),
                due: String::new(),
                ransomware: false,
            };
            profile.known_exploited = vec![known];
        }
        let addresses = [LOCALS[0].0, remote];
        for (side, address) in addresses.iter().enumerate() {
            let (address, host) = (address.parse().ok(), (*address).to_owned());
            if let (true, Some(address)) = (wish.scans[side], address) {
                let network = ipnet::IpNet::from(address);
                profile.scanners.push(Scanner { network, name: String::new(), period: Period::default() });
            }
            let relay = |kind: RelayKind, faces| Relay {
                address,
                host: host.clone(),
                kind,
                faces,
                name: String::new(),
            };
            if wish.inside[side] {
                profile.relays.push(relay(RelayKind::Proxy, Faces::Inside));
            }
            if wish.internet && side == 1 {
                profile.relays.push(relay(RelayKind::ReverseProxy, Faces::Internet));
            }
        }
        let policy = Policy::compile(&profile).unwrap();
        let mut census = Census::default();
        if wish.worked {
            let mut symbols = Symbols::new();
            let call = Detection {
                endpoint: symbols.intern("HOST1"),
                threat: Threat::Callback,
                message: RequestKind::Request,
                endpoints: Endpoints::Sided {
                    local: Peer::default(),
                    remote: Peer::default(),
                    direction: Direction::Outgoing,
                },
                ..Detection::default()
            };
            census.take(call.with(&symbols), Instant::from_seconds(900), || true);
        }
        let has_address = remote.parse::<std::net::IpAddr>().is_ok();
        Setting {
            policy,
            census,
            published,
            complete,
            said: said_word,
            worked: wish.worked,
            exploited: wish.exploited,
            scans: [wish.scans[0], wish.scans[1] && has_address],
            inside: [wish.inside[0], wish.inside[1] && !remote.is_empty()],
            internet: wish.internet && !remote.is_empty(),
        }
    }

    /// Judges one row both ways.
    fn compare(&self, guide: &Guide, row: Row) {
        let mut symbols = Symbols::new();
        let detection = row.detection(&mut symbols);
        let (scope, local_private) = (REMOTES[row.remote].1, LOCALS[row.local].1);
        let remote_named = !detection.with(&symbols).remote().name.is_empty();
        let judged = judge(detection.with(&symbols), Instant::from_seconds(500), &self.policy, &self.census);
        let facts = Facts {
            callback: row.callback,
            direction: row.direction,
            message: row.message,
            port: row.port,
            list: row.list,
            threat: row.threat,
            risk: row.risk,
            scope,
            result: row.result,
            local_private,
            remote_named,
            server_process: row.server_process,
            published: self.published,
            complete: self.complete,
            said: self.said,
            worked: self.worked,
            exploited: self.exploited,
            scans: self.scans,
            inside: self.inside,
            internet: self.internet,
        };
        assert_eq!(judged.verdict.remote_scope, scope, "{detection:?}");
        let told = Following { guide, facts }.verdict();
        assert_eq!(told, Told::of(&judged.verdict), "{row:?} {}", self.said);
    }
}

/// A row.
#[derive(Clone, Copy, Debug)]
struct Row {
    callback: bool,
    direction: Direction,
    message: RequestKind,
    port: Option<Side>,
    list: ListSource,
    threat: Threat,
    risk: Risk,
    result: ResultKind,
    local: usize,
    remote: usize,
    server_process: bool,
}

impl Row {
    fn detection(&self, symbols: &mut Symbols) -> Detection {
        let remote = REMOTES[self.remote].0;
        let remote = match remote.parse() {
            Ok(ip) => Peer { ip: Some(ip), name: Sym::EMPTY },
            Err(_) => Peer { ip: None, name: symbols.intern(remote) },
        };
        let local = Peer { ip: LOCALS[self.local].0.parse().ok(), name: Sym::EMPTY };
        Detection {
            log: if self.callback { Log::Callback } else { Log::Connection },
            endpoint: symbols.intern("HOST1"),
            process: symbols.intern(if self.server_process { "System" } else { "a.exe" }),
            endpoints: Endpoints::Sided { local, remote, direction: self.direction },
            service: self.port.map(|side| Service { side, port: 443, sole: true }),
            message: self.message,
            result: self.result,
            list: self.list,
            threat: self.threat,
            risk: self.risk,
            cve: symbols.intern("CVE-2020-1"),
            ..Detection::default()
        }
    }
}

/// Every row of a log of connections with one remote side.
fn every_row(remote: usize, mut see: impl FnMut(Row)) {
    for direction in Direction::ALL {
        for message in RequestKind::ALL {
            for port in [Some(Side::Local), Some(Side::Remote), None] {
                for (list, threat) in
                    ListSource::ALL.iter().flat_map(|list| Threat::ALL.iter().map(move |one| (*list, *one)))
                {
                    for result in ResultKind::ALL {
                        see(Row {
                            callback: false,
                            direction: *direction,
                            message: *message,
                            port,
                            list,
                            threat,
                            risk: Risk::Unknown,
                            result: *result,
                            local: 0,
                            remote,
                            server_process: false,
                        });
                    }
                }
            }
        }
    }
}

/// Does the same for every remote side, each in a thread of its own.
fn each_remote(compare: impl Fn(usize, &str, &Guide) + Sync) {
    std::thread::scope(|scope| {
        for (number, (remote, _)) in REMOTES.iter().enumerate() {
            let compare = &compare;
            scope.spawn(move || compare(number, remote, &Guide::read()));
        }
    });
}

#[test]
fn rows_of_connection_logs() {
    each_remote(|number, remote, guide| {
        for published in 0..5 {
            let setting = Setting::new(Wish { published, ..Wish::default() }, remote);
            every_row(number, |row| setting.compare(guide, row));
        }
        let setting = Setting::new(Wish::default(), remote);
        every_row(number, |row| setting.compare(guide, Row { local: 1, ..row }));
    });
}

#[test]
fn exploits() {
    each_remote(|number, remote, guide| {
        for (published, said) in (0..5).flat_map(|published| (0..3).map(move |said| (published, said))) {
            for (worked, exploited) in [(false, false), (true, false), (false, true), (true, true)] {
                let wish = Wish { published, said, worked, exploited, ..Wish::default() };
                let setting = Setting::new(wish, remote);
                every_row(number, |row| {
                    if row.threat == Threat::Exploit {
                        setting.compare(guide, row);
                    }
                });
            }
        }
    });
}

#[test]
fn risks() {
    each_remote(|number, remote, guide| {
        let setting = Setting::new(Wish::default(), remote);
        every_row(number, |row| {
            for risk in Risk::ALL.iter().filter(|_| row.port.is_none()) {
                setting.compare(guide, Row { risk: *risk, ..row });
            }
        });
    });
}

#[test]
fn rows_of_callback_logs() {
    each_remote(|number, remote, guide| {
        for published in 0..3 {
            let setting = Setting::new(Wish { published, ..Wish::default() }, remote);
            every_row(number, |row| {
                if row.direction == Direction::None && row.port.is_none() {
                    for server_process in [true, false] {
                        setting.compare(guide, Row { callback: true, server_process, ..row });
                    }
                }
            });
        }
    });
}

#[test]
fn relays_and_scanners() {
    each_remote(|number, remote, guide| {
        for bits in 0..32 {
            let bit = |at: u32| bits >> at & 1 == 1;
            let wish = Wish {
                scans: [bit(0), bit(1)],
                inside: [bit(2), bit(3)],
                internet: bit(4),
                ..Wish::default()
            };
            let setting = Setting::new(wish, remote);
            every_row(number, |row| {
                if row.port.is_none() && row.result == ResultKind::Logged {
                    setting.compare(guide, row);
                }
            });
        }
    });
}

/// A step with its conditions, each with the words of which one must hold.
type StepOfAdvice = (String, Vec<(String, Vec<String>)>);

/// The conditions of each step of advice, as the document has them.
fn steps_of_advice() -> Vec<StepOfAdvice> {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/VERDICTS.md")).unwrap();
    let (_, table) = text.split_once("<!-- table: advice -->\n").unwrap();
    let (table, _) = table.split_once("<!-- end -->").unwrap();
    let step = |line: &str| {
        let cells: Vec<&str> = line.trim_start_matches("| ").split(" | ").collect();
        let conditions = cells[2].split("; ").filter_map(|one| one.split_once(": "));
        let words = |words: &str| words.split(", ").map(str::to_owned).collect();
        (cells[0].to_owned(), conditions.map(|(name, list)| (name.to_owned(), words(list))).collect())
    };
    table.lines().skip(2).map(step).collect()
}

#[test]
fn advice_is_given_where_the_document_says_so() {
    let steps = steps_of_advice();
    assert!(steps.len() > 50, "{steps:?}");
    let mut given = std::collections::BTreeSet::new();
    let wish = |number: usize| Wish {
        published: number % 5,
        said: number % 3,
        inside: [number % 4 == 1, number % 4 == 2],
        internet: number % 4 == 3,
        ..Wish::default()
    };
    for (remote, (address, _)) in REMOTES.iter().enumerate() {
        let settings: Vec<Setting> = (0..60).map(|number| Setting::new(wish(number), address)).collect();
        let mut number = 0;
        every_row(remote, |row| {
            number += 1;
            if number % 7 != 0 {
                return;
            }
            let row = Row { callback: number % 5 == 0, server_process: number % 2 == 0, ..row };
            let setting = &settings[number % settings.len()];
            let mut symbols = Symbols::new();
            let mut detection = row.detection(&mut symbols);
            detection.process = if number % 3 == 0 { Sym::EMPTY } else { detection.process };
            let said = detection.with(&symbols);
            let verdict = judge(said, Instant::from_seconds(500), &setting.policy, &setting.census).verdict;
            let facts = crate::IncidentFacts {
                scenario: verdict.scenario,
                suspect: verdict.suspect,
                severity: verdict.severity,
                host: "HOST1",
                service: "",
                findings: vec![crate::FindingFacts { row: said, verdict: &verdict }],
            };
            let yes_or_no = |yes: bool| if yes { "yes".to_owned() } else { "no".to_owned() };
            let is = |name: &str| -> String {
                match name {
                    "scenario" => verdict.scenario.to_string(),
                    "suspect" => verdict.suspect.to_string(),
                    "severity" => verdict.severity.to_string(),
                    "log" => detection.log.to_string(),
                    "threat" => detection.threat.to_string(),
                    "list" => detection.list.to_string(),
                    "direction" => said.direction().to_string(),
                    "message" => detection.message.to_string(),
                    "result" => detection.result.to_string(),
                    "stopped" => verdict.stopped.to_string(),
                    "exposure" => verdict.exposure.to_string(),
                    "vulnerable" => verdict.vulnerable.to_string(),
                    "scope" => verdict.remote_scope.to_string(),
                    "reached" => yes_or_no(verdict.reached),
                    "process" => yes_or_no(!detection.process.is_empty()),
                    "port" => detection.service.map(|service| service.port.to_string()).unwrap_or_default(),
                    "relay" => {
                        let relay = verdict.relay.and_then(|number| setting.policy.relay(number));
                        relay.map(|relay| relay.kind.to_string()).unwrap_or_default()
                    }
                    // There is one finding alone.
                    "every" => "yes".to_owned(),
                    other => panic!("nobody explains {other}"),
                }
            };
            let fits = |(_, conditions): &&StepOfAdvice| {
                conditions.iter().all(|(name, words)| words.contains(&is(name)))
            };
            let mut expected: Vec<&str> = steps.iter().filter(fits).map(|(id, _)| id.as_str()).collect();
            expected.sort_unstable();
            let told = crate::advise(&facts, &setting.policy, "en");
            let mut told: Vec<&str> = told.iter().map(|step| step.id.as_str()).collect();
            told.sort_unstable();
            assert_eq!(told, expected, "{row:?}");
            given.extend(expected.into_iter().map(str::to_owned));
        });
    }
    assert!(given.len() > 40, "{given:?}");
}

#[test]
fn a_table_that_says_otherwise_is_noticed() {
    let mut guide = Guide::read();
    let remote = guide.number("remote");
    let table = guide.tables.get_mut("origin").unwrap();
    let at = table.columns.iter().position(|column| column == "origin").unwrap();
    table.rows[0][at] = Some(vec![remote]);
    table.rows[1][at] = Some(vec![remote]);
    let setting = Setting::new(Wish::default(), REMOTES[1].0);
    let compared = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        every_row(1, |row| setting.compare(&guide, row));
    }));
    assert!(compared.is_err());
}

#[test]
fn the_document_holds_every_table_of_the_code() {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/VERDICTS.md")).unwrap();
    for table in super::guide_tables().unwrap() {
        let mark = format!("<!-- table: {} -->\n{}<!-- end -->", table.name, table.markdown());
        assert!(text.contains(&mark), "{} is not what the code makes: run `cargo xtask codegen`", table.name);
    }
}
