//! Profiles that are right, and what is said of those that are not.

use crate::*;
use ringback_model::profile::{EndMatch, Faces, HostMatch, RelayKind, Transport};
use ringback_model::{ListSource, Scenario, Severity};

#[test]
fn the_template_is_right_as_it_is_and_with_everything_in() {
    let empty = parse_profile(TEMPLATE, "template").unwrap();
    assert_eq!(empty, Profile::default());
    let full: String = TEMPLATE
        .lines()
        .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
        .fold(String::new(), |text, line| text + line + "\n");
    let full = parse_profile(&full, "template").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(full.time_zone, "Europe/Berlin");
    assert_eq!(full.layouts, ["our-console.toml"]);
    assert_eq!(full.client.name, "Example GmbH");
    assert_eq!(full.report.tlp, "amber");
    assert_eq!(full.networks.own.len(), 2);
    assert_eq!(full.networks.names, ["corp.example"]);
    assert!(full.exposure.complete);
    assert_eq!(full.exposure.published[0].ports.len(), 3);
    assert_eq!(full.scanners[0].period.from.unwrap().to_string(), "2025-12-31T23:00:00Z");
    assert_eq!(full.scanners[0].period.until.unwrap().to_string(), "2026-12-31T23:00:00Z");
    assert_eq!((full.relays[0].kind, full.relays[0].faces), (RelayKind::Dns, Faces::Inside));
    assert!(full.vulnerabilities[0].vulnerable);
    assert_eq!(full.vulnerability_files.files.len(), 2);
    assert_eq!(full.vulnerability_files.known_exploited, "known_exploited_vulnerabilities.json");
    assert_eq!(full.exposure.scans, ["outside.xml"]);
    assert_eq!(full.suppressions[0].owner, "SOC");
    assert_eq!(full.severity, [("outbound-callback.user-defined.logged".to_owned(), Severity::High)]);
}

#[test]
fn values_are_read_as_they_are_meant() {
    let text = r#"
        schema = 1
        time_zone = "America/Sao_Paulo"
        [networks]
        own = ["10.1.2.3/8", "::ffff:192.0.2.1", "2001:DB8::/32"]
        names = [".Corp.Example."]
        only = true
        [exposure]
        published = [{ host = "WEB01", ports = [443, "udp/53"] }, { network = "198.51.100.0/30" }]
        [[scanner]]
        address = "203.0.113.0/28"
        from = 2018-11-04                      # midnight does not exist on this day
        until = "2018-11-05T12:00:00+01:00"
        [[relay]]
        host = "MX1"
        kind = "mail"
        [[relay]]
        address = "10.0.0.8"
        kind = "proxy"
        faces = "internet"
        [[vulnerability]]
        host = "*"
        cve = "ms17-010"
        state = "not-vulnerable"
        [[suppress]]
        reason = "lab"
        from = "2018-11-01"
        expires = "2018-11-02"
        remote = "2001:db8::1"
        list = "user-defined"
        scenario = "outbound-callback"
        [[suppress]]
        reason = "page"
        remote = "http://lab.example/x"
        [severity]
        "undetermined.logged" = "low"
        "inbound-from-internet.exploit.closed.high.blocked" = "critical"
    "#;
    let profile = parse_profile(text, "p").unwrap_or_else(|error| panic!("{error}"));
    let own: Vec<String> = profile.networks.own.iter().map(ToString::to_string).collect();
    assert_eq!(own, ["10.0.0.0/8", "192.0.2.1/32", "2001:db8::/32"]);
    assert_eq!(profile.networks.names, ["corp.example"]);
    let published = &profile.exposure.published;
    assert_eq!((published[0].host.as_str(), published[0].ports[0].transport), ("WEB01", None));
    assert_eq!((published[0].ports[1].transport, published[0].ports[1].port), (Some(Transport::Udp), 53));
    assert!(published[1].ports.is_empty() && published[1].network.is_some());
    let scanner = &profile.scanners[0];
    assert_eq!(scanner.name, "203.0.113.0/28");
    assert_eq!(scanner.period.from.unwrap().to_string(), "2018-11-04T03:00:00Z");
    assert_eq!(scanner.period.until.unwrap().to_string(), "2018-11-05T11:00:00Z");
    assert_eq!(profile.relays.iter().map(|relay| relay.faces).collect::<Vec<_>>(), [Faces::Internet; 2]);
    assert_eq!(profile.vulnerabilities[0].hosts, HostMatch::Any);
    assert_eq!(
        (profile.vulnerabilities[0].cves.join(" ").as_str(), profile.vulnerabilities[0].vulnerable),
        ("MS17-010", false)
    );
    let [first, second] = &profile.suppressions[..] else { panic!() };
    assert_eq!(first.remote, Some(EndMatch::Network("2001:db8::1/128".parse().unwrap())));
    assert_eq!(
        (first.list, first.scenario),
        (Some(ListSource::UserDefined), Some(Scenario::OutboundCallback))
    );
    assert_eq!(first.expires.unwrap().to_string(), "2018-11-03T03:00:00Z");
    assert_eq!(second.remote, Some(EndMatch::Name("http://lab.example/x".to_owned())));
    assert_eq!(profile.severity[0].0, "undetermined.logged", "in the order of the file");
}

/// What stands below `schema = 1`, the line and column that are told, what is said, what is hinted.
const MISTAKES: &[(&str, usize, usize, &str, &str)] = &[
    ("networs = 1", 2, 1, "unknown key \"networs\"", "did you mean \"networks\"?"),
    ("[networks]\nowm = []", 3, 1, "unknown key \"owm\" in networks", "did you mean \"own\"?"),
    ("[networks]\nqqqqqqqq = []", 3, 1, "unknown key", "known here: own, names, only"),
    ("[networks]\nown = [\"10.0.0.0/33\"]", 3, 8, "10.0.0.0/33", "10.0.0.0/8"),
    ("[networks]\nown = [true]", 3, 8, "no text", "own = "),
    ("[networks]\nnames = [\"http://corp.example\"]", 3, 10, "no host name", "corp.example"),
    ("[networks]\nnames = [\"\"]", 3, 10, "no host name", "corp.example"),
    ("[networks]\nonly = \"true\"", 3, 8, "neither true nor false", "without quotes"),
    ("[[networks]]\nonly = true", 2, 1, "no table", "[networks]"),
    ("networks = 5", 2, 12, "no table", "[networks]"),
    ("time_zone = \"Europe/Berln\"", 2, 13, "not a known time zone", "IANA"),
    ("layouts = [\"a.toml\", \"a.toml\"]", 2, 22, "named twice", "once"),
    ("layouts = \" \"", 2, 11, "without a name", "mine.toml"),
    ("layout = [\"a.toml\"]", 2, 1, "unknown key", "did you mean \"layouts\"?"),
    ("language = \"xx\"", 2, 12, "not known here", "en, de, ja"),
    ("[report]\ntlp = \"ambr\"", 3, 7, "not known here", "did you mean \"amber\"?"),
    ("[report]\naccent = \"green\"", 3, 10, "no colour", "#0b6e4f"),
    ("[[exposure.published]]\nname = \"x\"", 2, 1, "exactly one of address", "host"),
    ("[[exposure.published]]\nhost = \"W\"\naddress = \"10.0.0.1\"", 2, 1, "exactly one of", ""),
    ("[[exposure.published]]\naddress = \"10.0.0.0/8\"", 3, 11, "no address", "one address"),
    ("[[exposure.published]]\nhost = \"*\"", 2, 1, "not every host", "name the hosts"),
    ("[[exposure.published]]\nhost = \"W\"\nports = [\"tpc/80\"]", 4, 10, "no port", "tcp/443"),
    ("[[exposure.published]]\nhost = \"W\"\nports = [\"+80\"]", 4, 10, "no port", ""),
    ("[[exposure.published]]\nhost = \"W\"\nports = [0]", 4, 10, "no port", ""),
    ("[[exposure.published]]\nhost = \"W\"\nports = [65536]", 4, 10, "no port", ""),
    ("[exposure]\nscans = [\"a.xml\", \"a.xml\"]", 3, 19, "named twice", "once"),
    ("[exposure]\nscan = \"a.xml\"", 3, 1, "unknown key", "did you mean \"scans\"?"),
    ("[vulnerabilities]\nfile = \"a.csv\"", 3, 1, "unknown key", "did you mean \"files\"?"),
    ("[[vulnerabilities]]\nhost = \"W\"", 2, 1, "no table", "[vulnerabilities]"),
    ("[vulnerabilities]\nfiles = [7, \"\"]", 3, 13, "without a name", "scan.csv"),
    ("[vulnerabilities]\nfiles = [true]", 3, 10, "no text", "files = "),
    ("[vulnerabilities]\nfiles = [{ host = \"W\" }]", 3, 10, "needs file", "scan.json"),
    ("[vulnerabilities]\nfiles = [{ file = \"a\", hosts = \"W\" }]", 3, 24, "unknown key", "host"),
    (
        "[vulnerabilities]\nfiles = [{ file = \"a\", host = \"W\", address = \"10.0.0.1\" }]",
        3,
        10,
        "exactly one",
        "",
    ),
    ("[vulnerabilities]\nfiles = [\"a\", { file = \"a\" }]", 3, 24, "named twice", "once"),
    ("[vulnerabilities]\nknown_exploited = \" \"", 3, 19, "without a name", "kev.json"),
    ("[scanner]\naddress = \"10.0.0.1\"", 2, 1, "list of tables", "[[scanner]]"),
    ("scanner = [7]", 2, 12, "list of tables", "[[scanner]]"),
    ("[[scanner]]\nname = \"x\"", 2, 1, "scanner needs address", "10.0.9.9"),
    ("[[scanner]]\naddress = \"10.0.0.1\"\nfrom = \"2026-13-01\"", 4, 8, "no date", "2026-11-24"),
    ("[[scanner]]\naddress = \"10.0.0.1\"\nfrom = \"2026-01-01T10:00:00\"", 4, 8, "no date", "00Z"),
    (
        "[[scanner]]\naddress = \"10.0.0.1\"\nfrom = \"2026-02-01\"\nuntil = \"2026-01-01\"",
        5,
        9,
        "ends before",
        "",
    ),
    ("[[relay]]\naddress = \"10.0.0.1\"\nkind = \"dsn\"", 4, 8, "not known", "did you mean \"dns\"?"),
    ("[[relay]]\naddress = \"10.0.0.1\"\nkind = \"dns\"\nfaces = \"in\"", 5, 9, "not known", "inside"),
    ("[[relay]]\naddress = \"10.0.0.1\"", 2, 1, "relay needs kind", "kind = "),
    ("[[relay]]\nkind = \"dns\"", 2, 1, "needs an address", ""),
    (
        "[[relay]]\naddress = \"10.0.0.1\"\nkind = \"dns\"\n[[relay]]\naddress = \"10.0.0.1\"\nkind = \"nat\"",
        6,
        11,
        "declared twice",
        "merge",
    ),
    (
        "[[vulnerability]]\nhost = \"W\"\ncve = [\"CVE-1\"]\nstate = \"vulnerable\"",
        4,
        8,
        "no CVE id",
        "CVE-2021",
    ),
    ("[[vulnerability]]\nhost = \"W\"\ncve = []\nstate = \"vulnerable\"", 2, 1, "needs the ids", "cve ="),
    ("[[vulnerability]]\ncve = [\"MS17-010\"]\nstate = \"vulnerable\"", 2, 1, "exactly one of", ""),
    (
        "[[vulnerability]]\nhost = \"W\"\ncve = [\"MS17-010\"]\nstate = \"vulnerably\"",
        5,
        9,
        "not known",
        "did you mean \"vulnerable\"?",
    ),
    ("[[suppress]]\nreason = \"all\"", 2, 1, "every finding", "at least one"),
    ("[[suppress]]\nhost = \"W\"", 2, 1, "suppress needs reason", ""),
    ("[[suppress]]\nreason = \"x\"\nremote = \"300.1.1.1\"", 4, 10, "no address", ""),
    ("[[suppress]]\nreason = \"x\"\nlist = \"gobal\"", 4, 8, "not known", "did you mean \"global\"?"),
    ("[[suppress]]\nreason = \"x\"\nscenario = \"inbound\"", 4, 12, "not known", "inbound-from-internet"),
    ("[[suppress]]\nreason = \"x\"\nhost = \"10.0.0.0/40\"", 4, 8, "no address and no network", "10.0.0.0/8"),
    ("[[suppress]]\nreason = \"x\"\nhost = \"\"", 4, 8, "no host", "leave it out"),
    ("[[suppress]]\nreason = \"x\"\nremote = \"*\"", 4, 10, "no name", "*.example"),
    ("[[suppress]]\nreason = \"x\"\nremote = \"c2.*.example\"", 4, 10, "no name", "*.example"),
    ("[[suppress]]\nreason = \"x\"\nrule = \"\"", 4, 8, "no rule", "leave it out"),
    ("[[suppress]]\nreason = \"x\"\nfrom = \"2026-11-01\"", 2, 1, "every finding from then on", "until"),
    (
        "[[suppress]]\nreason = \"x\"\nhost = \"W\"\nfrom = \"2026-11-02\"\nuntil = \"2026-11-01\"",
        6,
        9,
        "ends before it starts",
        "still in",
    ),
    (
        "[[suppress]]\nreason = \"x\"\nhost = \"W\"\n[[suppress]]\nreason = \"y\"\nhost = \"w\"",
        5,
        1,
        "accepts the same as that on line 2",
        "remove one",
    ),
    ("[severity]\n\"outbound-callback.logged\" = \"hihg\"", 3, 30, "not known", "did you mean \"high\"?"),
    ("[severity]\n\"outbound-calback.logged\" = \"high\"", 3, 1, "not known", "\"outbound-callback\""),
    ("[severity]\n\"outbound-callback.loged\" = \"high\"", 3, 1, "not known", "\"logged\""),
    ("[severity]\n\"outbound-callback\" = \"high\"", 3, 1, "not known", "user-defined.logged"),
    (
        "[severity]\n\"outbound-callback.gobal.logged\" = \"high\"",
        3,
        1,
        "\"gobal\" is not known",
        "did you mean \"global\"?",
    ),
    ("x = ", 2, 5, "", ""),
    ("time_zone = \"UTC\"\ntime_zone = \"UTC\"", 3, 1, "duplicate", ""),
];

#[test]
fn each_mistake_is_told_with_its_place_and_a_hint() {
    for (rest, line, column, says, hints) in MISTAKES {
        let error = parse_profile(&format!("schema = 1\n{rest}\n"), "p.toml").unwrap_err();
        let ProfileError::Content { problems, .. } = &error else { panic!("{error}") };
        let problem = &problems[0];
        assert_eq!((problem.line, problem.column), (*line, *column), "{rest}\n{error}");
        assert!(problem.what.contains(says) && problem.hint.contains(hints), "{error}");
        assert!(error.to_string().starts_with("p.toml, line "), "{error}");
        assert_eq!(problems.len(), 1, "one mistake is told once: {error}");
    }
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let lines = |text: &str| match parse_profile(text, "p.toml").unwrap_err() {
        ProfileError::Content { problems, .. } => {
            problems.iter().map(|problem| problem.line).collect::<Vec<_>>()
        }
        ProfileError::Read { .. } | ProfileError::Files { .. } => Vec::new(),
    };
    let text = "schema = 2\n[networks]\nown = [\"x\", \"10.0.0.0/8\", \"y\"]\nfoo = 1\n[report]\ntlp = \"blue\"\nbar = 2\n\
        [[relay]]\nkind = \"dsn\"\n";
    assert_eq!(lines(text), [1, 3, 3, 4, 6, 7, 8, 9]);
    assert_eq!(lines("[client]\nname = \"x\"\n"), [1]);
    assert_eq!(lines("schema = 1\na = \nb = 2\nc = = 3\n"), [2, 4]);
}

#[test]
fn broken_profiles_are_told_and_never_panic() {
    let full = TEMPLATE.replace("\n#", "\n");
    for (cut, _) in full.char_indices() {
        for text in [&full[..cut], &full[cut..]] {
            if let Err(error) = parse_profile(text, "p") {
                assert!(error.to_string().contains("line "), "{error}");
            }
        }
    }
}

#[test]
fn a_file_that_can_not_be_read_is_said() {
    let error = read_profile(Path::new("/nowhere/p.toml")).unwrap_err().to_string();
    assert!(error.starts_with("/nowhere/p.toml: "), "{error}");
    let file = std::env::temp_dir().join(format!("ringback-profile-{}.toml", std::process::id()));
    std::fs::write(&file, b"\xff\xfes\0c\0").unwrap();
    let error = read_profile(&file).unwrap_err().to_string();
    let text = "\u{feff}schema = 1\r\nlanguage = \"ja\"\r\nlayouts = [\"ours/a.toml\", \"/b.toml\"]\r\n";
    std::fs::write(&file, text).unwrap();
    let read = read_profile(&file);
    std::fs::remove_file(&file).unwrap();
    assert!(error.contains("UTF-8"), "{error}");
    let read = read.unwrap();
    assert_eq!(read.profile.language, "ja");
    let relative = std::env::temp_dir().join("ours/a.toml");
    assert_eq!(read.layouts, [relative.as_path(), Path::new("/b.toml")]);
}
