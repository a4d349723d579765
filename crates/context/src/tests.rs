//! Profiles that are right, and what is said of those that are not.

use crate::*;
use ringback_model::profile::{Faces, RelayKind};

#[test]
fn the_template_is_right_as_it_is_and_with_everything_in() {
    let empty = parse_profile(TEMPLATE, "template").unwrap();
    assert_eq!(empty, Profile::default());
    let full: String = TEMPLATE
        .lines()
        .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
        .fold(String::new(), |text, line| text + line + "\n");
    let full = parse_profile(&full, "template").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(full.networks.own.len(), 2);
    assert_eq!(full.exposure.published[0].ports.len(), 3);
    assert_eq!(full.scanners[0].period.from.unwrap().to_string(), "2025-12-31T23:00:00Z");
    assert_eq!(full.scanners[0].period.until.unwrap().to_string(), "2026-12-31T23:00:00Z");
    assert_eq!((full.relays[0].kind, full.relays[0].faces), (RelayKind::Dns, Faces::Inside));
    assert!(full.vulnerabilities[0].vulnerable);
    assert_eq!(full.suppressions[0].owner, "SOC");
    assert_eq!(full.severity.len(), 1);
}

#[test]
fn each_mistake_is_told_with_its_line_and_a_hint() {
    for (rest, line, says, hints) in [
        ("[networks]\nowm = []", 3, "unknown field `owm`", "did you mean \"own\"?"),
        ("[networks]\nown = [\"10.0.0.0/33\"]", 3, "10.0.0.0/33", "10.0.0.0/8"),
        ("time_zone = \"Europe/Berln\"", 2, "not a known time zone", "IANA"),
        ("[report]\ntlp = \"ambr\"", 3, "none of", "did you mean \"amber\"?"),
        ("[report]\naccent = \"green\"", 3, "no colour", "#0b6e4f"),
        ("[[exposure.published]]\nname = \"x\"", 2, "one of address", ""),
        ("[[exposure.published]]\nhost = \"W\"\nports = [\"tpc/80\"]", 4, "no port", "tcp/443"),
        ("[[scanner]]\naddress = \"10.0.0.1\"\nfrom = \"2026-13-01\"", 4, "no date", "2026-11-24"),
        (
            "[[scanner]]\naddress = \"10.0.0.1\"\nfrom = \"2026-02-01\"\nuntil = \"2026-01-01\"",
            5,
            "ends before",
            "",
        ),
        ("[[relay]]\naddress = \"10.0.0.1\"\nkind = \"dsn\"", 4, "unknown word", "did you mean \"dns\"?"),
        ("[[relay]]\nkind = \"dns\"", 3, "needs an address", ""),
        (
            "[[vulnerability]]\nhost = \"W\"\ncve = [\"CVE-1\"]\nstate = \"vulnerable\"",
            4,
            "no CVE id",
            "CVE-2021",
        ),
        ("[[vulnerability]]\ncve = []\nstate = \"vulnerable\"", 3, "one of host", "all"),
        ("[[suppress]]\nreason = \"all\"", 3, "every finding", "at least one"),
        ("[[suppress]]\nreason = \"x\"\nremote = \"300.1.1.1\"", 4, "no address", ""),
        ("[severity]\n\"outbound-callback.logged\" = \"hihg\"", 3, "unknown word", "did you mean \"high\"?"),
        ("x = ", 2, "", ""),
    ] {
        let error = parse_profile(&format!("schema = 1\n{rest}\n"), "p.toml").unwrap_err();
        let ProfileError::Content { problems, .. } = &error else { panic!("{error}") };
        let problem = &problems[0];
        assert_eq!(problem.line, line, "{error}");
        assert!(problem.what.contains(says) && problem.hint.contains(hints), "{error}");
        assert!(error.to_string().contains("p.toml, line "), "{error}");
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let text = "schema = 2\n[networks]\nown = [\"x\", \"10.0.0.0/8\", \"y\"]\n[report]\ntlp = \"blue\"\n";
    let ProfileError::Content { problems, .. } = parse_profile(text, "p.toml").unwrap_err() else { panic!() };
    assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [1, 3, 3, 5]);
}

#[test]
fn a_file_that_is_not_there_is_said() {
    let error = read_profile(Path::new("/nowhere/p.toml")).unwrap_err().to_string();
    assert!(error.starts_with("/nowhere/p.toml: "), "{error}");
}
