//! `layouts`: list, show, eject, check, new; and layouts of one's own by option and by profile.

use crate::program::{failed, ok, ringback, run, stderr, stdout, text};
use std::fs;
use std::path::PathBuf;

/// An export that no layout fits: a console of the user's own.
const SAMPLE: &str = "When;Machine;Agent address;Peer;Flow;Outcome;Signature;Shade\n\
    2026-11-24 10:00:01;WS-1;10.0.0.5;26.1.2.3;outbound;dropped;ZBOT - HTTP (Request) - Variant 4;red\n\
    2026-11-24 10:00:02;WS-2;10.0.0.6;26.1.2.4;inbound;noted;CVE-2021-44228 - LOG4J EXPLOIT - HTTP (Request);blue\n";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Folder(tempfile::tempdir().unwrap())
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }
}

#[test]
fn layouts_are_listed_and_shown() {
    let list = ok(&["layouts", "list"]);
    for part in ["officescan-suspicious-connection", "delimited", "callback", "unconfirmed", "Vision One"] {
        assert!(list.contains(part), "{part}");
    }
    let all: Vec<serde_json::Value> = serde_json::from_str(&ok(&["layouts", "list", "--json"])).unwrap();
    assert_eq!(all.len(), list.lines().count());
    let worry_free = all.iter().find(|layout| layout["name"] == "worry-free-suspicious-connection").unwrap();
    assert_eq!((&worry_free["confirmed"], &worry_free["format"]), (&false.into(), &"delimited".into()));
    for layout in &all {
        let name = layout["name"].as_str().unwrap();
        let page = ok(&["layouts", "show", name]);
        assert!(page.contains(layout["title"].as_str().unwrap()), "{page}");
    }
    let page = ok(&["layouts", "show", "apex-central-cef-suspicious-connection"]);
    for part in [
        "src is always the side with the agent",
        "remote            dst · SLF_DestinationIP · c6a3",
        "deviceVendor is Trend Micro · TrendAI*",
        "incoming          1 · Inbound · Incoming",
        "times without a zone are UTC",
        "list or rule",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let firewall = ok(&["layouts", "show", "deep-security-cef-firewall"]);
    assert!(firewall.contains("signatureId is a number from 10 to 99"), "{firewall}");
    assert!(firewall.contains("direction is incoming where in is there"), "{firewall}");
    let unknown = failed(&["layouts", "show", "officescan-cnc-calback"]);
    assert!(unknown.contains("did you mean officescan-cnc-callback?"), "{unknown}");
}

#[test]
fn an_ejected_layout_is_the_one_that_is_carried_and_right() {
    let folder = Folder::new();
    let file = folder.at("ours.toml");
    let printed = ok(&["layouts", "eject", "deep-security-firewall"]);
    ok(&["layouts", "eject", "deep-security-firewall", text(&file)]);
    assert_eq!(fs::read_to_string(&file).unwrap(), printed);
    assert!(failed(&["layouts", "eject", "deep-security-firewall", text(&file)]).contains("--force"));
    ok(&["layouts", "eject", "officescan-firewall", text(&file), "--force"]);
    let output = run(ringback(["layouts", "check", text(&file)]));
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).contains("takes its place"), "{}", stderr(&output));
    assert!(failed(&["layouts", "eject", "no-such-layout"]).contains("layouts list"));
}

#[test]
fn every_mistake_of_every_file_is_told() {
    let folder = Folder::new();
    let right =
        ok(&["layouts", "eject", "officescan-firewall"]).replace("\"officescan-firewall\"", "\"ours\"");
    let good = folder.file("good.toml", &right);
    let bad = folder.file("bad.toml", &right.replace("remote = ", "remot = ").replace("log = ", "lgo = "));
    let binary = folder.at("binary.toml");
    fs::write(&binary, b"name = \"\xff\"").unwrap();
    let said =
        failed(&["layouts", "check", text(&bad), text(&good), text(&binary), text(&folder.at("no.toml"))]);
    for part in [
        "did you mean \"remote\"?",
        "did you mean \"log\"?",
        "remote is required and has no headings",
        "binary.toml: it is not UTF-8\nhint: save the layout as UTF-8",
        "no.toml: No such file",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    assert!(ok(&["layouts", "check", text(&good)]).contains("good.toml is right: ours, "));
    let twice = run(ringback(["layouts", "check", text(&good), text(&good)]));
    assert!(stderr(&twice).contains("the name \"ours\" is that of a layout"), "{}", stderr(&twice));
}

#[test]
fn from_an_export_that_fits_nothing_to_its_verdicts_in_three_commands() {
    let folder = Folder::new();
    let sample = folder.file("our console.csv", SAMPLE);
    let refused = failed(&["events", text(&sample)]);
    let hint = format!("hint: `ringback layouts new '{}' -o ours.toml` drafts one", sample.display());
    assert!(refused.contains("it fits no layout; the nearest is ") && refused.contains(&hint), "{refused}");
    let within = failed(&["events", text(folder.0.path())]);
    assert!(within.contains(&hint), "{within}");

    let draft = folder.at("ours.toml");
    let output = run(ringback(["layouts", "new", text(&sample), "-o", text(&draft)]));
    assert!(stderr(&output).contains("2 of 2 records are read"), "{}", stderr(&output));
    assert!(failed(&["layouts", "new", text(&sample), "-o", text(&draft)]).contains("--force"));
    ok(&["layouts", "check", text(&draft)]);
    let written = fs::read_to_string(&draft).unwrap();
    for part in ["#   \"Shade\": \"red\"", "#blocked = [\"dropped\"]  # guess", "#unknown = [\"noted\"]"] {
        assert!(written.contains(part), "{part}\n{written}");
    }
    let finished =
        written.replace("#[values.result]", "[values.result]").replace("#blocked = ", "blocked = ");
    fs::write(&draft, finished).unwrap();

    let events = ok(&["events", "-q", text(&sample), "--layout", text(&draft)]);
    let events: Vec<serde_json::Value> =
        events.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told = |event: &serde_json::Value, names: &[&str]| -> Vec<String> {
        names.iter().map(|name| event[name].as_str().unwrap_or_default().to_owned()).collect()
    };
    let names = ["endpoint", "local_ip", "remote_ip", "scenario", "result"];
    assert_eq!(told(&events[0], &names), ["WS-1", "10.0.0.5", "26.1.2.3", "outbound-callback", "blocked"]);
    assert_eq!(
        told(&events[1], &names),
        ["WS-2", "10.0.0.6", "26.1.2.4", "inbound-from-internet", "unknown"]
    );
}

#[test]
fn drafts_come_from_standard_input_too_and_from_nothing_that_has_no_columns() {
    let folder = Folder::new();
    let sample = folder.file("x.csv", SAMPLE);
    let mut command = ringback(["layouts", "new", "-"]);
    command.stdin(fs::File::open(&sample).unwrap());
    assert!(stdout(command).contains("# Drafted from \"standard input\": 8 columns"));
    for (name, text_of, says) in
        [("empty.csv", "", "it is empty"), ("words.csv", "a\nb\n", "no line looks like the headings")]
    {
        let file = folder.file(name, text_of);
        assert!(failed(&["layouts", "new", text(&file)]).contains(says));
    }
    assert!(failed(&["layouts", "new", text(&folder.at("no.csv"))]).contains("No such file"));
}

#[test]
fn the_profile_brings_layouts_along() {
    let folder = Folder::new();
    let sample = folder.file("export.csv", SAMPLE);
    run(ringback(["layouts", "new", text(&sample), "-o", text(&folder.at("deep/ours.toml"))]));
    let profile = folder.file("client.toml", "schema = 1\nlayouts = [\"deep/ours.toml\"]\n");
    let report = ok(&["report", "-q", "-f", "json", text(&sample), "-p", text(&profile)]);
    let model: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(model["inputs"][0]["layout"], "my-export");
    assert_eq!(model["method"]["data_files"][0]["name"], "ours.toml");
    assert_eq!(model["method"]["layouts"][0]["name"], "my-export");
    assert!(ok(&["profile", "check", text(&profile)]).contains("1 layouts of its own"));
    // The same file by both ways is one; another file with the same name is a mistake.
    let deep = folder.at("deep/ours.toml");
    ok(&["triage", "-q", text(&sample), "-p", text(&profile), "--layout", text(&deep)]);
    let copy = folder.file("copy.toml", &fs::read_to_string(&deep).unwrap());
    let said = failed(&["triage", "-q", text(&sample), "-p", text(&profile), "--layout", text(&copy)]);
    assert!(said.contains("another file's layout is called \"my-export\" too"), "{said}");
    fs::write(&deep, "name = 1\n").unwrap();
    for args in [&["profile", "check", text(&profile)][..], &["triage", text(&sample), "-p", text(&profile)]]
    {
        let said = failed(args);
        assert!(said.contains("ours.toml, line 1, column 8: the value of name is no text"), "{said}");
    }
    fs::remove_file(&deep).unwrap();
    assert!(failed(&["triage", text(&sample), "-p", text(&profile)]).contains("ours.toml: No such file"));
}

#[test]
fn a_name_forces_a_file_is_preferred() {
    let folder = Folder::new();
    let known = "Date/Time,Endpoint,Local IP,Remote IP,Result,List Source,Traffic Direction\n\
        2026-10-01 09:15:02,DB01,10.0.0.5,11.22.33.44,Logged,ZBOT - HTTP (Request),Outgoing\n";
    let export = folder.file("known.csv", known);
    let ours = ok(&["layouts", "eject", "officescan-suspicious-connection"])
        .replace("\"officescan-suspicious-connection\"", "\"ours\"");
    let ours = folder.file("ours.toml", &ours);
    let layout = |args: &[&str]| -> serde_json::Value {
        let args = [&["report", "-q", "-f", "json", text(&export)], args].concat();
        serde_json::from_str::<serde_json::Value>(&ok(&args)).unwrap()
    };
    for (args, name, option) in [
        (&[][..], "officescan-suspicious-connection", None),
        (&["--layout", text(&ours)], "ours", None),
        (
            &["--layout", "officescan-suspicious-connection"],
            "officescan-suspicious-connection",
            Some("officescan-suspicious-connection"),
        ),
        (
            &["--layout", "officescan-cnc-callback", "--layout", text(&ours)],
            "ours",
            Some("officescan-cnc-callback, ours"),
        ),
    ] {
        let model = layout(args);
        assert_eq!(model["inputs"][0]["layout"], name, "{args:?}");
        assert_eq!(model["method"]["options"]["layout"].as_str(), option, "{args:?}");
    }
    let said = failed(&["triage", text(&export), "--layout", "officescan-cnc-callback"]);
    assert!(said.contains("fits no layout") && !said.contains("layouts new"), "{said}");
    let said = failed(&["triage", text(&export), "--layout", "officescan-cnc-callbak"]);
    assert!(said.contains("there is no layout") && said.contains("did you mean"), "{said}");
}
