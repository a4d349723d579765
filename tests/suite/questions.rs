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
        assert_eq!(told["rows"].as_u64(), Some(settled), "{id}\n{answer}");
        let asked_again = list(&after, "questions").iter().any(|one| one["id"] == id);
        assert!(!asked_again, "{id} is asked again");
        answered.insert(kind(question));
    }
    let kinds = ["exposure-complete", "networks", "published", "relay", "scanner", "time-zone", "vulnerable"];
    assert_eq!(answered.into_iter().collect::<Vec<_>>(), kinds);
}

#[test]
fn questions_are_ranked_by_what_they_settle_and_stay_the_same() {
    let model = model(EMPTY, &exports());
    let ranks: Vec<(u64, u64)> = list(&model, "questions")
        .iter()
        .map(|one| (one["settles"]["rows"].as_u64().unwrap(), one["settles"]["findings"].as_u64().unwrap()))
        .collect();
    assert!(ranks.is_sorted_by(|one, other| one >= other), "{ranks:?}");
    let ids: BTreeSet<&str> = list(&model, "questions").iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), ranks.len(), "ids are distinct");
}

#[test]
fn little_is_undetermined_and_five_answers_bring_it_down() {
    let before = model(EMPTY, &exports());
    let all = before["summary"]["rows"].as_u64().unwrap();
    let undetermined = |model: &Value| count(model, |finding| finding["scenario"] == "undetermined");
    assert!(undetermined(&before) > 0 && 10 * undetermined(&before) < all, "{} of {all}", undetermined(&before));
    let asked: BTreeSet<&str> = list(&before, "questions").iter().map(|one| one["id"].as_str().unwrap()).collect();
    for finding in list(&before, "findings").iter().filter(|finding| finding["scenario"] == "undetermined") {
        assert_eq!(finding["at_most"], true, "{finding:#}");
        assert!(has_reason(finding, &["severity.at-most"]), "its worst case is told: {finding:#}");
        assert!(asked.contains(finding["question"].as_str().unwrap()), "{finding:#}");
    }
    let open = |model: &Value| [undetermined(model), still_open(model, "published"), still_open(model, "vulnerable")];
    let mut profile = EMPTY.to_owned();
    for question in list(&before, "questions").iter().filter(|one| one["toml"] != "").take(5) {
        profile = pasted(&profile, question["toml"].as_str().unwrap());
    }
    let after = model(&profile, &exports());
    let (was, is) = (open(&before), open(&after));
    println!("undetermined, exposure unknown, vulnerability unknown: {was:?} of {all}, then {is:?}");
    assert!(2 * is.iter().sum::<u64>() < was.iter().sum::<u64>(), "{was:?} {is:?}");
    assert!(is.iter().zip(was).all(|(is, was)| *is <= was), "{was:?} {is:?}");
}
