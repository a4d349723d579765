//! What recurs, spreads and follows in the example exports: a program that calls by the clock, an upload of many rows at once,
//! remote ends of many hosts, and hosts that were attacked first.

use crate::program::{exports, profile, reports, ringback, stdout};
use serde_json::Value;

fn model() -> Value {
    let mut command = ringback(["report", "-q", "-f", "json", "-p"]);
    command.arg(profile()).arg(exports());
    serde_json::from_str(&stdout(command)).unwrap()
}

/// The findings of a host and a remote address.
fn findings<'m>(model: &'m Value, host: &str, remote: &str) -> Vec<&'m Value> {
    let all = model["findings"].as_array().unwrap().iter();
    all.filter(|one| one["host"] == host && one["remote"] == remote).collect()
}

#[test]
fn a_program_that_calls_by_the_clock_is_told_from_other_traffic() {
    let model = model();
    let beacon = findings(&model, "PC11", "11.22.44.90");
    assert_eq!(beacon.len(), 2, "what was blocked and what was let through are series of their own");
    for finding in &beacon {
        let told = &finding["periodicity"];
        assert_eq!((&finding["rhythm"], &told["rhythm"]), (&"regular".into(), &"regular".into()));
        assert!(told["score"].as_u64() > Some(85), "{told}");
        assert!(told["period_seconds"].as_u64().unwrap().abs_diff(600) < 10, "{told}");
        assert_eq!(told["events"], finding["rows"]);
        assert!(told["jitter_percent"].as_u64() < Some(12), "{told}");
    }
    let ids: Vec<&Value> = beacon.iter().map(|one| &one["id"]).collect();
    let first: Vec<&Value> = model["rhythms"].as_array().unwrap().iter().take(2).collect();
    assert!(ids.iter().all(|id| first.contains(id)), "{first:?}");
    assert_eq!(model["summary"]["rhythm"]["regular"], 2);
    let [batch] = findings(&model, "PC14", "11.22.44.91")[..] else { panic!("one finding") };
    assert_eq!(batch["rhythm"], "batch-upload");
    let told = &batch["periodicity"];
    assert_eq!((&told["score"], &told["events"], &told["instants"]), (&Value::Null, &70.into(), &3.into()));
    assert_eq!(told["equal_percent"], 100);
    let few = findings(&model, "WEB01", "30.8.1.1");
    assert!(few.iter().any(|one| one["rhythm"].is_null()), "what comes from outside has no rhythm");
}

#[test]
fn campaigns_and_sequences_are_told_with_their_times() {
    let model = model();
    let campaigns = model["campaigns"].as_array().unwrap();
    assert_eq!(model["summary"]["campaigns"], campaigns.len());
    let zbot = campaigns.iter().find(|one| one["remote"] == "11.22.33.7").unwrap();
    assert_eq!(zbot["hosts"], 18);
    let times: Vec<&str> =
        zbot["contacts"].as_array().unwrap().iter().map(|one| one["first"].as_str().unwrap()).collect();
    assert_eq!((times.len(), times[0]), (18, zbot["first"].as_str().unwrap()));
    assert!(times.is_sorted());
    // A relay of the profile is the remote end of all that goes through it, and no campaign.
    assert!(campaigns.iter().all(|one| one["remote"] != "10.20.0.8" && one["remote"] != "10.10.0.53"));
    let sequence = &model["sequences"][0];
    assert_eq!((&sequence["host"], &sequence["called_before"]), (&"APP07".into(), &false.into()));
    let (attack, next) = (&sequence["attack"], &sequence["next"][0]);
    assert_eq!((&attack["threat"], &next["scenario"]), (&"exploit".into(), &"outbound-callback".into()));
    assert!(attack["at"].as_str() < next["at"].as_str());
    let known =
        |step: &Value| model["findings"].as_array().unwrap().iter().any(|one| one["id"] == step["finding"]);
    assert!(known(attack) && known(next));
    let host = model["hosts"].as_array().unwrap().iter().find(|one| one["host"] == "APP07").unwrap();
    let hours: u64 = host["hours"].as_array().unwrap().iter().map(|rows| rows.as_u64().unwrap()).sum();
    assert_eq!((Some(hours), &host["timed_rows"]), (host["rows"].as_u64(), &host["rows"]));
    assert!(host["active_days"].as_u64() <= Some(31), "{host}");
}

#[test]
fn every_format_shows_them_and_the_page_stays_small() {
    let folder = reports("markdown,html", "0");
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let (markdown, html) = (read("report.md"), read("report.html"));
    for text in [&markdown, &html] {
        for shown in ["Batch upload", "Median absolute deviation", "Beats seen", "Campaigns", "Sequences"] {
            assert!(text.contains(shown), "{shown}");
        }
    }
    assert!(html.contains("Attack, and what followed: APP07"), "the timeline marks sequences");
    assert!(html.contains("Start of a campaign: 11"), "the timeline marks campaigns");
    assert!(html.len() < 1_000_000, "{} bytes", html.len());
}
