//! Texts with a client in them.

use super::*;
use crate::redact::key::Key;

fn scanner() -> Scanner {
    let key = Key::new(&[9; 32]);
    let names = Names::new(key.clone());
    let known = ["web01", "corp", "corp.example", "müller", "web01.corp.example"];
    let known = known.iter().map(|name| ((*name).to_owned(), names.host(name))).collect();
    let clients = Clients {
        networks: vec!["8.8.8.0/24".parse().unwrap(), "2a00:1234::/32".parse().unwrap()],
        addresses: ["9.9.9.9".parse().unwrap()].into(),
    };
    Scanner::new(Addresses::new(key), names, clients, known)
}

/// Survives: addresses and names of a client in free text, in any spelling | each is found and replaced under `--redact`
#[test]
fn what_is_the_clients_is_replaced() {
    let scanner = scanner();
    for (text, gone) in [
        ("from 10.1.2.3:445", "10.1.2.3"),
        ("010.001.002.003", "010.001.002.003"),
        ("10[.]1[.]2[.]3", "10[.]1[.]2[.]3"),
        ("ip-10-1-2-3.internal", "10-1-2-3"),
        ("http://8.8.8.8/x", "8.8.8.8"),
        ("to 9.9.9.9.", "9.9.9.9"),
        ("http://167838211/", "167838211"),
        ("http://0x0A010203/", "0x0A010203"),
        ("[FD00:0:0::1]:443", "FD00:0:0::1"),
        ("fe80::211:22ff:fe33:4455%eth0", "211:22ff:fe33:4455"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("64:ff9b::a01:203", "a01:203"),
        ("2a00:1234:0:0:0:0:0:9", "2a00:1234"),
        (r"C:\Users\alice\x.exe", "alice"),
        (r#""C:\Documents and Settings\Alice Smith\x.exe" -o"#, "Alice Smith"),
        ("/home/alice/.x", "alice"),
        (r"\\FILES\Payroll\x.exe", "Payroll"),
        ("http://evil.example/?h=WEB01&u=x", "WEB01"),
        ("http://evil.example/?h=%57EB01%2ecorp.example", "%57EB01"),
        ("http://evil.example/?h=%2557EB01", "%2557EB01"),
        ("web01_backup", "web01"),
        ("to Müller@corp.example", "corp.example"),
        ("bob.builder@evil.example", "bob.builder"),
        ("10.1.0.0/16", "10.1.0.0"),
    ] {
        let made = scanner.text(text);
        assert!(!made.contains(gone), "{text} {made}");
        assert!(!made.to_lowercase().contains("web01"), "{text} {made}");
    }
}

#[test]
fn what_is_not_stays() {
    let scanner = scanner();
    for text in [
        "http://203.0.113.7/a?b=1%20c",
        "1.2.3.4:80 at 12:30:45",
        "2001:db8::1",
        "corporate webmail",
        r"C:\Users\Public\x.exe",
        "C:\\Windows\\System32\\svchost.exe",
        "2026-10-01 12:00:00",
        "",
        "%",
        "%zz 100%",
        "é%c3",
    ] {
        assert_eq!(scanner.text(text), text);
    }
}

#[test]
fn a_network_stays_a_network() {
    let scanner = scanner();
    let made: ipnet::IpNet = scanner.text("10.20.0.0/16").parse().unwrap();
    assert_eq!(made, made.trunc());
    let inside: IpAddr = scanner.text("10.20.7.7").parse().unwrap();
    assert!(made.contains(&inside));
    let made: ipnet::IpNet = scanner.text("fd12:3456::/32").parse().unwrap();
    assert_eq!(made, made.trunc());
}
