//! What a report leaves open: questions whose answers settle what they say, what could not be told, one event in several
//! logs, the log as an address book, hosts that may be relays, hosts on the road, logs whose clocks differ.

use crate::program::{exports, ringback, run, stdout};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A profile that says nothing.
const EMPTY: &str = "schema = 1\n";

/// The report on some inputs under a profile, as the wire format. The profile has to pass its check.
fn model(profile: &str, inputs: &Path) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("client.toml");
    fs::write(&path, profile).unwrap();
    let checked = run(ringback([PathBuf::from("profile"), "check".into(), path.clone()]));
    assert!(checked.status.success(), "{profile}\n{}", String::from_utf8_lossy(&checked.stderr));
    let words = ["report", "-q", "-f", "json", "-p"].map(PathBuf::from);
    let arguments = words.into_iter().chain([path, inputs.to_path_buf()]);
    serde_json::from_str(&stdout(ringback(arguments))).unwrap()
}

/// The same of exports that are counted each by itself first.
fn model_of_parts(inputs: &Path) -> Value {
    let parts = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(inputs).unwrap() {
        let export = entry.unwrap().path();
        let part = parts.path().join(export.file_name().unwrap()).with_extension("tally");
        let words = ["tally", "-q", "--relative-to"].map(PathBuf::from);
        stdout(ringback(words.into_iter().chain([inputs.to_path_buf(), "-o".into(), part, export])));
    }
    model(EMPTY, parts.path())
}

/// The profile with an answer pasted in: lines of no section go above the first one, the rest below.
fn pasted(profile: &str, answer: &str) -> String {
    if answer.starts_with('[') {
        return format!("{profile}\n{answer}");
    }
    let (top, sections) = profile.split_at(profile.find("\n[").map_or(profile.len(), |at| at + 1));
    format!("{top}{answer}{sections}")
}

fn list<'m>(model: &'m Value, name: &str) -> &'m [Value] {
    model[name].as_array().unwrap()
}

fn rows<'m>(findings: impl Iterator<Item = &'m Value>) -> u64 {
    findings.map(|finding| finding["rows"].as_u64().unwrap()).sum()
}

/// The rows of findings that a condition holds for.
fn count(model: &Value, holds: impl Fn(&Value) -> bool) -> u64 {
    rows(list(model, "findings").iter().filter(|finding| holds(finding)))
}

fn has_reason(finding: &Value, keys: &[&str]) -> bool {
    finding["reason_keys"].as_array().unwrap().iter().any(|key| keys.contains(&key.as_str().unwrap()))
}

/// The rows that questions of a kind are about and that are still open.
fn still_open(model: &Value, kind: &str) -> u64 {
    let inbound = |finding: &Value| finding["scenario"] == "inbound-from-internet";
    match kind {
        "networks" => count(model, |finding| finding["question"] == "networks"),
        "exposure-complete" | "published" => {
            count(model, |finding| inbound(finding) && finding["exposure"] == "unknown")
        }
        "vulnerable" => count(model, |finding| has_reason(finding, &["vulnerable.unknown"])),
        "relay" => count(model, |finding| !has_reason(finding, &["relay.through", "relay.behind"])),
        "scanner" => count(model, |finding| finding["scenario"] != "authorised-activity"),
        "time-zone" => {
            let assumed = |input: &&Value| input["notes"].to_string().contains("UTC was assumed");
            let read = |input: &Value| input["rows"].as_u64().unwrap() - input["rejected"].as_u64().unwrap();
            list(model, "inputs").iter().filter(assumed).map(read).sum()
        }
        kind => panic!("no question is of the kind {kind}"),
    }
}

fn kind(question: &Value) -> &str {
    let id = question["id"].as_str().unwrap();
    id.split(':').next().unwrap()
}

/// The first question of each kind.
fn one_of_each(model: &Value) -> Vec<&Value> {
    let mut kinds = BTreeSet::new();
    list(model, "questions").iter().filter(|question| kinds.insert(kind(question))).collect()
}

#[test]
fn every_kind_of_answer_settles_what_its_question_says() {
    let before = model(EMPTY, &exports());
    let mut answered = BTreeSet::new();
    for question in one_of_each(&before) {
        let answer = question["toml"].as_str().unwrap();
        let (told, id) = (&question["settles"], question["id"].as_str().unwrap());
        assert!(told["rows"].as_u64() > Some(0) && told["findings"].as_u64() > Some(0), "{id}");
        if answer.is_empty() {
            continue;
        }
        let after = model(&pasted(EMPTY, answer), &exports());
        let settled = still_open(&before, kind(question)) - still_open(&after, kind(question));
        // A service's answer settles what another log tells of it too, without its port.
        let more = kind(question) == "published" && told["rows"].as_u64() < Some(settled);
        assert!(more || told["rows"].as_u64() == Some(settled), "{id}: {settled} of {told}\n{answer}");
        let asked_again = list(&after, "questions").iter().any(|one| one["id"] == id);
        assert!(!asked_again, "{id} is asked again");
        answered.insert(kind(question));
    }
    // In any order: a section may follow the lists that belong to it.
    let published = list(&before, "questions").iter().find(|one| kind(one) == "published").unwrap();
    let profile = pasted(EMPTY, published["toml"].as_str().unwrap());
    assert_eq!(
        still_open(&model(&pasted(&profile, "[exposure]\ncomplete = true\n"), &exports()), "published"),
        0
    );
    let kinds = ["exposure-complete", "networks", "published", "relay", "scanner", "time-zone", "vulnerable"];
    assert_eq!(answered.into_iter().collect::<Vec<_>>(), kinds);
}

#[test]
fn questions_are_ranked_by_what_their_answers_are_worth_and_stay_the_same() {
    let model = model(EMPTY, &exports());
    let settled = |one: &Value, what: &str| one["settles"][what].as_u64().unwrap();
    let worth = |one: &Value| settled(one, "rows") + 9 * settled(one, "undetermined");
    let ranks: Vec<(u64, u64)> =
        list(&model, "questions").iter().map(|one| (worth(one), settled(one, "findings"))).collect();
    assert!(ranks.is_sorted_by(|one, other| one >= other), "{ranks:?}");
    let ids: BTreeSet<&str> =
        list(&model, "questions").iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), ranks.len(), "ids are distinct");
    let verdicts: u64 = list(&model, "questions").iter().map(|one| settled(one, "undetermined")).sum();
    assert_eq!(
        verdicts,
        count(&model, |finding| finding["scenario"] == "undetermined"),
        "each is asked for once"
    );
}

#[test]
fn little_is_undetermined_and_five_answers_bring_it_down() {
    let before = model(EMPTY, &exports());
    let all = before["summary"]["rows"].as_u64().unwrap();
    let undetermined = |model: &Value| count(model, |finding| finding["scenario"] == "undetermined");
    assert!(
        undetermined(&before) > 0 && 10 * undetermined(&before) < all,
        "{} of {all}",
        undetermined(&before)
    );
    let asked: BTreeSet<&str> =
        list(&before, "questions").iter().map(|one| one["id"].as_str().unwrap()).collect();
    for finding in list(&before, "findings").iter().filter(|finding| finding["scenario"] == "undetermined") {
        assert_eq!(finding["at_most"], true, "{finding:#}");
        assert!(has_reason(finding, &["severity.at-most"]), "its worst case is told: {finding:#}");
        assert!(asked.contains(finding["question"].as_str().unwrap()), "{finding:#}");
    }
    let open = |model: &Value| {
        [undetermined(model), still_open(model, "published"), still_open(model, "vulnerable")]
    };
    let answered = |questions: usize| {
        let answers = list(&before, "questions").iter().map(|one| one["toml"].as_str().unwrap());
        let answers = answers.filter(|answer| !answer.is_empty()).take(questions);
        let profile = answers.fold(EMPTY.to_owned(), |profile, answer| pasted(&profile, answer));
        open(&model(&profile, &exports()))
    };
    let (was, five, every) = (open(&before), answered(5), answered(usize::MAX));
    println!(
        "undetermined, exposure unknown, vulnerability unknown: {was:?} of {all}, then {five:?}, then {every:?}"
    );
    assert!(
        3 * five[0] < 2 * was[0] && 2 * five.iter().sum::<u64>() < was.iter().sum::<u64>(),
        "{was:?} {five:?}"
    );
    for (was, is) in was.iter().zip(five).chain(five.iter().zip(every)) {
        assert!(is <= *was, "{was} {is}");
    }
    assert!(every[0] <= was[0] / 2 + 1 && every[1] == 0 && 2 * every[2] < was[2], "{was:?} {every:?}");
}

/// The headings of a connection log and of a callback log.
const CONNECTIONS: &str = "Date/Time,Endpoint,Domain,Process,Local IP and Port,Remote IP and Port,Result,Detected By,Traffic Direction";
const CALLBACKS: &str = "Date/Time,User,Compromised Host,IP Address,Domain,Callback Address,C&C List Source,C&C Risk Level,Protocol,Process,Action";

/// A folder with exports of these names, headings and rows.
fn folder(files: &[(&str, &str, Vec<String>)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, heading, rows) in files {
        fs::write(folder.path().join(name), format!("{heading}\n{}\n", rows.join("\n"))).unwrap();
    }
    folder
}

/// An attack from outside on WEB01, as the connection log has it, and as the callback log has it some hours later.
fn attacks(hours: u64) -> [Vec<String>; 2] {
    let rule = "CVE-2017-5638 - APACHE STRUTS EXPLOIT - HTTP (Request)";
    let connection = |n: u64| {
        format!(
            "2026-10-0{} 05:0{n}:00,WEB01,CORP,nginx.exe,10.0.1.10:443,30.8.1.{n}:50001,Blocked,{rule},Incoming",
            n + 1
        )
    };
    let callback = |n: u64| {
        format!(
            "2026-10-0{} {:02}:0{n}:20,CORP\\x,WEB01,10.0.1.10,CORP,30.8.1.{n},Relevance Rule,High,TCP,nginx.exe,Blocked",
            n + 1,
            5 + hours
        )
    };
    [(0..8).map(connection).collect(), (0..8).map(callback).collect()]
}

#[test]
fn one_event_in_two_logs_is_one_incident_and_the_fuller_record_speaks() {
    let [connections, callbacks] = attacks(0);
    let alone = model(EMPTY, folder(&[("b.csv", CALLBACKS, callbacks.clone())]).path());
    assert_eq!(list(&alone, "findings")[0]["question"], "connection-export");
    let question = &list(&alone, "questions").iter().find(|one| one["id"] == "connection-export").unwrap();
    assert_eq!((&question["settles"]["rows"], &question["toml"]), (&8.into(), &"".into()));
    let both = folder(&[("a.csv", CONNECTIONS, connections), ("b.csv", CALLBACKS, callbacks)]);
    let told = model(EMPTY, both.path());
    assert_eq!(model_of_parts(both.path()), told);
    let [incident] = list(&told, "incidents") else { panic!("{:#}", told["incidents"]) };
    assert_eq!(incident["scenario"], "inbound-from-internet");
    assert_eq!(incident["service"], "443");
    assert_eq!(
        (&incident["rows"], &incident["rows_once"], &incident["blocked_once"]),
        (&16.into(), &8.into(), &8.into())
    );
    let logs: Vec<String> = incident["logs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|log| format!("{} {}", log["log"], log["rows"]))
        .collect();
    assert_eq!(logs, ["\"connection\" 8", "\"callback\" 8"]);
    let ids = |model: &Value| -> BTreeSet<String> {
        list(model, "findings").iter().map(|finding| finding["id"].to_string()).collect()
    };
    assert!(ids(&told).is_superset(&ids(&alone)), "ids of findings do not depend on what stands beside them");
    for finding in list(&told, "findings").iter().filter(|finding| finding["log"] == "callback") {
        assert_eq!((&finding["origin"], &finding["origin_basis"]), (&"remote".into(), &"other-log".into()));
        assert_eq!(finding["scenario"], "inbound-from-internet");
        assert!(has_reason(finding, &["origin.other-log"]), "{finding:#}");
    }
    let statements = told["summary"]["statements"].to_string();
    assert!(statements.contains("asked from the internet: 8 rows, 8 blocked"), "{statements}");
    assert!(statements.contains("8 rows tell of events that another log tells of too"), "{statements}");
    assert!(!statements.contains("time zone"), "{statements}");
}

#[test]
fn a_log_whose_clock_is_off_is_told_and_nothing_is_shifted() {
    let [connections, callbacks] = attacks(2);
    let both = folder(&[("a.csv", CONNECTIONS, connections), ("b.csv", CALLBACKS, callbacks)]);
    let told = model(EMPTY, both.path());
    assert_eq!(model_of_parts(both.path()), told);
    let statements = told["summary"]["statements"].to_string();
    let said = "the C&C callback log is 120 minutes ahead of the Suspicious connection log on 8 of 8 pairs";
    assert!(statements.contains(said), "{statements}");
    let skew = list(&told, "unknowns").iter().find(|one| one["id"] == "skew").unwrap();
    assert_eq!((&skew["kind"], &skew["details"].as_array().unwrap().len()), (&"incomplete".into(), &1));
    let callback =
        list(&told, "findings").iter().find(|one| one["log"] == "callback" && one["remote"] == "30.8.1.0");
    assert_eq!(callback.unwrap()["first"], "2026-10-01T07:00:20Z");
}

#[test]
fn the_log_names_hosts_behind_addresses_and_hosts_on_the_road() {
    let row = |minute: u64, host: &str, local: &str, remote: &str| {
        let rule = "MS17-010 - Remote Code Execution - SMB (Request)";
        format!(
            "2026-10-01 05:{minute:02}:00,{host},CORP,System,{local}:50001,{remote}:445,Logged,{rule},Outgoing"
        )
    };
    let rows = vec![
        row(1, "PC1", "10.0.0.1", "10.0.0.2"),
        row(2, "PC2", "10.0.0.2", "10.0.0.3"),
        row(3, "PC3", "10.0.0.3", "10.0.0.1"),
        row(4, "PC4", "10.0.0.3", "10.0.0.9"),
        row(5, "LAPTOP5", "192.168.178.20", "192.168.178.1"),
        row(6, "", "10.0.0.1", "10.0.0.9"),
    ];
    let exports = folder(&[("a.csv", CONNECTIONS, rows)]);
    let told = model("schema = 1\n[networks]\nown = [\"10.0.0.0/8\"]\n", exports.path());
    let names = |list_name: &str, key: &str, value: &str| {
        let found = list(&told, list_name).iter().find(|one| one[key] == value).unwrap();
        found["names"].to_string()
    };
    assert_eq!(names("remotes", "remote", "10.0.0.2"), "[\"PC2\"]");
    assert_eq!(names("remotes", "remote", "10.0.0.3"), "[\"PC3\",\"PC4\"]");
    assert_eq!(names("remotes", "remote", "10.0.0.9"), "[]");
    assert_eq!(names("hosts", "host", "10.0.0.1"), "[\"PC1\"]");
    let laptop = list(&told, "hosts").iter().find(|host| host["host"] == "LAPTOP5").unwrap();
    assert_eq!(laptop["outside"].to_string(), "[\"192.168.178.20\"]");
    let statements = told["summary"]["statements"].to_string();
    assert!(
        statements.contains("1 host was logged with an address outside of the client's networks: LAPTOP5"),
        "{statements}"
    );
    let ids: Vec<&str> = list(&told, "unknowns").iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert!(
        ids.contains(&"outside") && ids.contains(&"shared-address") && ids.contains(&"networks"),
        "{ids:?}"
    );
    // The neighbour is not the client's, and the question shows what the profile says already.
    let question = list(&told, "questions").iter().find(|one| one["id"] == "networks").unwrap();
    assert_eq!(question["toml"], "[networks]\nown = [\"10.0.0.0/8\", \"192.168.178.1\"]\n");
}

#[test]
fn limits_and_silences_of_exports_are_told() {
    let row = |n: usize| {
        let hour = if n < 500 { n } else { n + 60 };
        let (day, hour) = (hour / 24, hour % 24);
        let month = if day < 31 { format!("10-{:02}", day + 1) } else { format!("11-{:02}", day - 30) };
        format!(
            "2026-{month} {hour:02}:30:00,PC1,CORP,a.exe,10.0.0.1:50001,30.1.1.{}:443,Logged,ZBOT - HTTP (Request),Outgoing",
            n % 7
        )
    };
    let full: Vec<String> = (0..1000).map(|n| row(n % 700)).collect();
    let exports =
        folder(&[("full.csv", CONNECTIONS, full), ("short.csv", CONNECTIONS, (0..30).map(row).collect())]);
    let told = model(EMPTY, exports.path());
    let details = |id: &str| -> String {
        let unknowns = list(&told, "unknowns");
        unknowns.iter().find(|one| one["id"] == id).map_or_else(String::new, |one| one["details"].to_string())
    };
    assert_eq!(details("row-limit"), "[\"full.csv: 1,000 rows.\"]");
    assert!(
        details("silence").contains("full.csv: 60 hours, from 2026-10-21 20:00:00"),
        "{}",
        details("silence")
    );
    assert_eq!(model_of_parts(exports.path()), told);
    let full = &list(&told, "inputs")[0];
    assert_eq!(full["silences"][0]["from"], "2026-10-21T20:00:00Z");
    for id in ["unlisted", "no-agent", "retention"] {
        let known = list(&told, "unknowns").iter().find(|one| one["id"] == id).unwrap();
        assert_eq!((&known["kind"], &known["rows"]), (&"invisible".into(), &0.into()), "{id}");
    }
}

#[test]
fn every_format_and_language_tells_questions_and_unknowns() {
    let [connections, callbacks] = attacks(2);
    let both = folder(&[("a.csv", CONNECTIONS, connections), ("b.csv", CALLBACKS, callbacks)]);
    for (language, said) in
        [("en", "What we could not tell"), ("de", "Was sich nicht sagen ließ"), ("ja", "判明しなかったこと")]
    {
        let out = tempfile::tempdir().unwrap();
        let mut command =
            ringback(["report", "-q", "--language", language, "-f", "markdown,html,xlsx", "-o"]);
        command.arg(out.path()).arg(both.path());
        stdout(command);
        let markdown = fs::read_to_string(out.path().join("report.md")).unwrap();
        let html = fs::read_to_string(out.path().join("report.html")).unwrap();
        for (format, text) in [("markdown", &markdown), ("html", &html)] {
            assert!(text.contains(said), "{language} {format}");
            assert!(
                text.contains("time_zone = \"UTC\"") || text.contains("time_zone = &quot;UTC&quot;"),
                "{language} {format}"
            );
        }
        let mut command = ringback(["triage", "-q", "--language", language]);
        command.arg(both.path());
        let summary = stdout(command);
        assert!(summary.contains("120"), "{language} {summary}");
    }
}
