//! The tables of origins, cell by cell.

use super::*;
use ringback_model::{Detection, Endpoints, Peer, Service, Sym, Symbols};

/// Direction, message, which side alone is on a server port => origin and basis, for an attack that no list names.
const CONNECTION: &str = "\
outgoing request neither => local direction-and-message
outgoing request local   => local direction-and-message
outgoing request remote  => local direction-and-message
outgoing response neither => remote direction-and-message
outgoing response local   => remote direction-and-message
outgoing response remote  => remote direction-and-message
incoming request neither => remote direction-and-message
incoming request local   => remote direction-and-message
incoming request remote  => remote direction-and-message
incoming response neither => local direction-and-message
incoming response local   => local direction-and-message
incoming response remote  => local direction-and-message
outgoing unknown neither => local direction-only
outgoing unknown local   => remote ports
outgoing unknown remote  => local ports
incoming unknown neither => remote direction-only
incoming unknown local   => remote ports
incoming unknown remote  => local ports
none request neither => undetermined none
none request local   => remote ports
none request remote  => local ports
none response neither => undetermined none
none response local   => remote ports
none response remote  => local ports
none unknown neither => undetermined none
none unknown local   => remote ports
none unknown remote  => local ports
unknown request neither => undetermined none
unknown request local   => remote ports
unknown request remote  => local ports
unknown response neither => undetermined none
unknown response local   => remote ports
unknown response remote  => local ports
unknown unknown neither => undetermined none
unknown unknown local   => remote ports
unknown unknown remote  => local ports";

/// Without direction and ports: message, list, threat, scope, whether the local address is private => origin and basis.
const UNDIRECTED: &str = "\
request global unknown own public => local list
request virtual-analyzer unknown public public => local list
request user-defined exploit special public => local list
request relevance-rule callback public private => local weak
request relevance-rule callback name private => local weak
request relevance-rule callback public public => undetermined none
request relevance-rule callback own private => undetermined none
request relevance-rule callback special private => undetermined none
request relevance-rule callback private-unlisted private => undetermined none
request relevance-rule callback unknown private => undetermined none
request web-reputation callback public private => local weak
unknown global callback public private => local weak
unknown global callback public public => undetermined none
unknown unknown ransomware public private => local weak
unknown relevance-rule exploit public private => undetermined none
unknown relevance-rule scan public private => undetermined none
unknown relevance-rule brute-force public private => undetermined none
unknown relevance-rule logon-failure public private => local weak
response relevance-rule callback public private => undetermined none
response global callback public private => undetermined none";

/// Callback logs: remote cell, list, process => origin and basis.
const CALLBACK: &str = "\
http://11.1.1.1/x relevance-rule a.exe => local callback-name
evil.example unknown w3wp.exe => local callback-name
11.1.1.1 global a.exe => local list-no-direction
11.1.1.1 virtual-analyzer a.exe => local list-no-direction
11.1.1.1 user-defined a.exe => local list-no-direction
11.1.1.1 web-reputation a.exe => local list-no-direction
11.1.1.1 global w3wp.exe => undetermined none
11.1.1.1 virtual-analyzer System => undetermined none
11.1.1.1 user-defined httpd.exe => undetermined none
11.1.1.1 web-reputation dns.exe => undetermined none
11.1.1.1 relevance-rule a.exe => undetermined none
11.1.1.1 ips-rule a.exe => undetermined none
11.1.1.1 firewall-rule a.exe => undetermined none
11.1.1.1 unknown a.exe => undetermined none";

fn cells(table: &str) -> impl Iterator<Item = (Vec<&str>, &str)> {
    table.lines().map(|line| {
        let (case, expected) = line.split_once("=> ").unwrap();
        (case.split_whitespace().collect(), expected)
    })
}

fn check(
    line: &[&str],
    expected: &str,
    detection: &Detection,
    symbols: &Symbols,
    scope: Scope,
    private: bool,
) {
    let (origin, basis) = origin(detection.with(symbols), scope, private);
    assert_eq!(format!("{origin} {basis}"), expected, "{line:?}");
}

#[test]
fn every_cell_of_direction_message_and_ports() {
    let symbols = Symbols::new();
    let mut seen = 0;
    for (line, expected) in cells(CONNECTION) {
        let service = |side| Some(Service { side, port: 80, sole: true });
        let detection = Detection {
            endpoints: Endpoints::Sided {
                local: Peer::default(),
                remote: Peer::default(),
                direction: line[0].parse().unwrap(),
            },
            message: line[1].parse().unwrap(),
            service: match line[2] {
                "local" => service(Side::Local),
                "remote" => service(Side::Remote),
                _ => Some(Service { side: Side::Remote, port: 80, sole: false }),
            },
            threat: Threat::Exploit,
            ..Detection::default()
        };
        check(&line, expected, &detection, &symbols, Scope::Public, true);
        seen += 1;
    }
    assert_eq!(seen, Direction::ALL.len() * RequestKind::ALL.len() * 3, "the table is total");
}

#[test]
fn every_cell_without_direction_and_ports() {
    let symbols = Symbols::new();
    for (line, expected) in cells(UNDIRECTED) {
        let detection = Detection {
            message: line[0].parse().unwrap(),
            list: line[1].parse().unwrap(),
            threat: line[2].parse().unwrap(),
            ..Detection::default()
        };
        check(&line, expected, &detection, &symbols, line[3].parse().unwrap(), line[4] == "private");
    }
}

#[test]
fn every_cell_of_callback_logs() {
    for (line, expected) in cells(CALLBACK) {
        let mut symbols = Symbols::new();
        let ip = line[0].parse().ok();
        let name = if ip.is_some() { Sym::EMPTY } else { symbols.intern(line[0]) };
        let detection = Detection {
            log: Log::Callback,
            endpoints: Endpoints::Sided {
                local: Peer::default(),
                remote: Peer { ip, name },
                direction: Direction::None,
            },
            list: line[1].parse().unwrap(),
            process: symbols.intern(line[2]),
            threat: Threat::Callback,
            ..Detection::default()
        };
        check(&line, expected, &detection, &symbols, Scope::Public, true);
    }
    assert_eq!(ListSource::ALL.len(), 8, "a new list needs cells");
}

#[test]
fn servers_by_their_names() {
    assert!(SERVERS.is_sorted());
    for (process, serves) in [
        ("System", true),
        ("C:\\Windows\\System32\\inetsrv\\w3wp.exe", true),
        ("/usr/sbin/nginx", true),
        ("C:\\Windows\\System32\\svchost.exe", false),
        ("svchost.exe -k termservice", true),
        ("C:\\x\\dnsclient.exe", false),
        ("java.exe", false),
        ("\"C:\\Program Files\\Apache\\bin\\httpd.exe\" -k runservice", true),
        ("C:\\nginx\\nginx.exe -c C:\\conf\\x.conf", true),
        ("c:\\dns.exe.d\\bad.exe", false),
        ("nginx: worker process", true),
        ("/usr/sbin/sshd -D", true),
        ("powershell.exe -f C:\\x\\httpd.exe", false),
        ("\\", false),
        ("", false),
    ] {
        assert_eq!(is_server(process), serves, "{process}");
    }
}
