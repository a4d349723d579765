//! `reporters`: list, show, eject, check, new; packs of one's own by folder, by profile and by data folder.

use crate::program::{exports, failed, ok, profile, ringback, run, stderr, stdout, text};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The program with arguments and paths.
fn on(args: &[&str], paths: &[PathBuf]) -> Command {
    let mut command = ringback(args);
    command.args(paths);
    command
}

/// A new pack in a folder of packs; the folder, and the pack's.
fn new_pack(name: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let pack = folder.path().join(name);
    ok(&["reporters", "new", name, text(&pack)]);
    (folder, pack)
}

/// Writes a file of a pack anew with a piece of it replaced.
fn spoil(pack: &Path, file: &str, from: &str, to: &str) {
    let path = pack.join(file);
    let source = fs::read_to_string(&path).unwrap();
    assert!(source.contains(from), "{file}: {from}");
    fs::write(path, source.replacen(from, to, 1)).unwrap();
}

#[test]
fn packs_are_listed_and_shown() {
    let list = ok(&["reporters", "list"]);
    let all: Vec<serde_json::Value> = serde_json::from_str(&ok(&["reporters", "list", "--json"])).unwrap();
    assert_eq!(all.len(), list.lines().count());
    for pack in &all {
        let name = pack["name"].as_str().unwrap();
        assert!(list.contains(name) && pack["origins"][0] == "built in", "{pack}");
        let page = ok(&["reporters", "show", name]);
        assert!(page.contains(pack["title"].as_str().unwrap()) && page.contains("reporter.toml"), "{page}");
    }
    let page = ok(&["reporters", "show", "markdown"]);
    assert!(page.contains("findings_rows") && page.contains("report.md from "), "{page}");
    let unknown = failed(&["reporters", "show", "markdwn"]);
    assert!(unknown.contains("did you mean \"markdown\"?"), "{unknown}");
}

#[test]
fn every_built_in_pack_is_right() {
    let all: Vec<serde_json::Value> = serde_json::from_str(&ok(&["reporters", "list", "--json"])).unwrap();
    let names: Vec<&str> = all.iter().map(|pack| pack["name"].as_str().unwrap()).collect();
    let output = run(ringback([&["reporters", "check"], &names[..]].concat()));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), names.len());
}

#[test]
fn an_ejected_pack_is_right_and_nothing_is_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("html");
    ok(&["reporters", "eject", "html", text(&dir)]);
    assert!(ok(&["reporters", "check", text(&dir)]).contains("html is right"));
    assert!(failed(&["reporters", "eject", "html", text(&dir)]).contains("is there already"));
    let list = ok(&["reporters", "list", "--reporters", text(folder.path())]);
    assert!(list.lines().any(|line| line.starts_with("html ") && line.contains(text(&dir))), "{list}");
}

#[test]
fn a_new_pack_is_right_and_makes_reports_from_wherever_it_is_found() {
    let (folder, pack) = new_pack("ours");
    assert!(ok(&["reporters", "check", text(&pack)]).contains("ours is right"));
    assert!(failed(&["reporters", "new", "ours", text(&pack)]).contains("is there already"));
    assert!(failed(&["reporters", "new", "Our Pack", text(&pack)]).contains("lower-case letters"));
    let html = |command: Command| {
        let html = stdout(command);
        assert!(html.contains("data:image/svg+xml;base64,") && html.contains("Our company"), "{html:.300}");
    };
    let command = |args: &[&str]| on(&[&["report", "-q", "-f", "ours"], args].concat(), &[exports()]);
    html(command(&["--reporters", text(folder.path())]));

    let data = folder.path().join("data");
    fs::create_dir_all(data.join("ringback/reporters")).unwrap();
    let mut with_data = command(&[]);
    with_data.env("XDG_DATA_HOME", &data);
    let refused = run(with_data);
    assert!(stderr(&refused).contains("no pack is named \"ours\""), "{}", stderr(&refused));
    fs::rename(&pack, data.join("ringback/reporters/ours")).unwrap();
    if cfg!(target_os = "linux") {
        let mut with_data = command(&[]);
        with_data.env("XDG_DATA_HOME", &data);
        html(with_data);
    }

    let client = data.join("ringback/client.toml");
    fs::write(&client, "schema = 1\nreporters = [\"reporters\"]\n").unwrap();
    html(command(&["-p", text(&client)]));
    fs::write(&client, "schema = 1\nreporters = [\"absent\"]\n").unwrap();
    let refused = run(command(&["-p", text(&client)]));
    assert!(stderr(&refused).contains("absent: is no folder of reporter packs"), "{}", stderr(&refused));
}

#[test]
fn an_overlay_changes_one_file_and_its_words() {
    let folder = tempfile::tempdir().unwrap();
    let pack = folder.path().join("markdown");
    fs::create_dir_all(pack.join("words")).unwrap();
    fs::write(pack.join("words/en.toml"), "\"label.advice\" = \"Our advice\"\n").unwrap();
    fs::write(pack.join("words/de.toml"), "\"label.advice\" = \"Unser Rat\"\n").unwrap();
    fs::write(pack.join("words/ja.toml"), "\"label.advice\" = \"当社の助言\"\n").unwrap();
    fs::write(pack.join("timeline.md.j2"), "our timeline\n").unwrap();
    ok(&["reporters", "check", text(&pack)]);
    for (language, advice) in [("en", "Our advice"), ("de", "Unser Rat"), ("ja", "当社の助言")] {
        let args = ["report", "-q", "--language", language, "--reporters", text(folder.path())];
        let report = stdout(on(&args, &[exports()]));
        assert!(
            report.contains(&format!("#### {advice}\n")) && report.contains("our timeline"),
            "{language}"
        );
    }
}

#[test]
fn every_kind_of_fault_is_told_with_file_and_line() {
    for (file, from, to, place, says) in [
        ("incident.html.j2", "incident.host", "incident.hots", "incident.html.j2, line 2", "undefined"),
        (
            "report.html.j2",
            "</main>",
            "{% if false %}\n{{ nobody.knows }}{% endif %}</main>",
            "line ",
            "nobody.knows",
        ),
        (
            "report.html.j2",
            "</main>",
            "{% if false %}{{ summary.rowz }}{% endif %}</main>",
            "line ",
            "summary.rowz",
        ),
        ("report.html.j2", "{% endfor %}", "{% endfro %}", "report.html.j2, line 2", "syntax error"),
        ("incident.html.j2", "label.advice", "label.advise", "incident.html.j2, line 10", "label.advise"),
        (
            "incident.html.j2",
            "term(\"scenario\")",
            "term(\"scene\")",
            "incident.html.j2, line 2",
            "kind \"scene\"",
        ),
        ("incident.html.j2", "incident.host", "incident.host|safe", "incident.html.j2, line 2", "unescaped"),
        ("reporter.toml", "escape = \"html\"", "escape = \"none\"", "html.j2, line ", "not escaped"),
        ("incident.html.j2", "<section>", "<section title={{ incident.host }}>", "html.j2, line ", "quotes"),
        (
            "incident.html.j2",
            "<section>",
            "<a href=\"{{ incident.reasons[0] }}\">x</a>",
            "html.j2, line ",
            "address",
        ),
        ("words/de.toml", "\"ours.brand\"", "\"ours.bland\"", "words/de.toml, line 1", "ours.brand"),
        ("words/de.toml", "\"ours.brand\" =", "\"ours.brand\"", "words/de.toml, line 1", ""),
        ("incident.html.j2", "{{ finding.id }}", "", "incident.html.j2, line ", "findings are forgotten"),
        (
            "report.html.j2",
            "more-incidents",
            "more-hosts",
            "report.html.j2, line ",
            "incidents are forgotten",
        ),
        ("reporter.toml", "entry =", "entri =", "reporter.toml, line ", "unknown field"),
    ] {
        let (_folder, pack) = new_pack("ours");
        spoil(&pack, file, from, to);
        let said = failed(&["reporters", "check", text(&pack)]);
        let line = said.lines().find(|line| line.contains(place) && line.contains(says));
        assert!(line.is_some_and(|line| line.starts_with("error: pack ")), "{file}: {to}\n{said}");
    }
}

#[test]
fn what_a_partial_pack_leaves_out_is_its_business() {
    let (_folder, pack) = new_pack("ours");
    spoil(&pack, "incident.html.j2", "{{ finding.id }}", "");
    spoil(&pack, "reporter.toml", "engine =", "partial = true\nengine =");
    ok(&["reporters", "check", text(&pack)]);
}

#[test]
fn options_are_set_for_one_pack_or_for_all_that_have_them() {
    let report = |args: &[&str]| run(on(&[&["report", "-q"], args].concat(), &[exports()]));
    let told = |args: &[&str]| String::from_utf8(report(args).stdout).unwrap();
    let whole = told(&["-p", text(&profile())]);
    let short = told(&["-p", text(&profile()), "--set", "markdown.findings_rows=3"]);
    assert_eq!(short, told(&["-p", text(&profile()), "--set", "findings_rows=3"]));
    assert!(short.len() < whole.len() && short.contains("more findings"));
    for (set, says) in [
        ("findings_row=3", "did you mean \"findings_rows\"?"),
        ("findings_rows=many", "takes a count"),
        ("findings_rows", "there is no ="),
        ("html.findings_rows=3", "no format that is asked for is called \"html\""),
    ] {
        let output = report(&["--set", set]);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains(says), "{set}: {}", stderr(&output));
    }
}
