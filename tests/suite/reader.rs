//! The HTML report under the hands of a reader, in one browser: search, filter, brush, sort, follow, print.

use crate::browser::{browser, skipped};
use crate::devtools::Page;
use crate::program::reports;
use serde_json::{Value, json};
use std::net::Ipv4Addr;

/// What the test asks of the page.
const READER: &str = include_str!("../browser/reader.js");

/// How many incidents of the model fit.
fn count(report: &Value, fits: impl Fn(&Value) -> bool) -> usize {
    report["incidents"].as_array().unwrap().iter().filter(|incident| fits(incident)).count()
}

/// Every incident and finding of the model is on the page or in a remainder that is counted.
fn nothing_is_lost(page: &mut Page, report: &Value) {
    for kind in ["incidents", "findings", "hosts", "remotes"] {
        let shown = page.ask("reader.shown()")[kind].as_u64().unwrap();
        let more = page.ask(&format!("reader.more('{kind}')"));
        let more: u64 = more.as_array().unwrap().iter().filter_map(Value::as_u64).sum();
        assert_eq!(shown + more, report[kind].as_array().unwrap().len() as u64, "{kind}");
    }
    for kind in ["incidents", "findings"] {
        let known = report[kind].as_array().unwrap();
        for id in page.ask(&format!("reader.ids('{kind}')")).as_array().unwrap() {
            assert!(known.iter().any(|one| one["id"] == *id), "{id} is of the model");
        }
    }
}

/// How many rows the findings have that are wanted.
fn rows(report: &Value, wanted: impl Fn(&Value) -> bool) -> u64 {
    let findings = report["findings"].as_array().unwrap().iter().filter(|finding| wanted(finding));
    findings.map(|finding| finding["rows"].as_u64().unwrap()).sum()
}

/// The figures, the tables of the summary, the timeline and the hosts against remote ends count the rows of the findings that
/// are wanted.
fn figures_count(page: &mut Page, report: &Value, wanted: impl Fn(&Value) -> bool) {
    let all = rows(report, &wanted);
    assert!(all > 0);
    assert_eq!(page.ask("reader.overview()"), all);
    let told = page.ask("reader.counted()");
    assert_eq!((&told["rows"], &told["buckets"], &told["drawn"]), (&json!(all), &json!(all), &json!(true)));
    for kind in ["scenario", "result"] {
        let told = told[kind].as_object().unwrap();
        assert!(told.len() > 2);
        for (word, shown) in told {
            let of_word = rows(report, |finding| wanted(finding) && finding[kind] == word.as_str());
            assert_eq!(*shown, of_word, "{word}");
        }
    }
    assert_eq!(told["incidents"], page.ask("reader.shown()")["incidents"]);
}

/// The rows of each bucket within a period, and of the hosts in which some words are found.
fn figures_follow_time_and_words(page: &mut Page, report: &Value) {
    let timeline = report["timeline"]["buckets"].as_array().unwrap();
    let of =
        |bucket: &Value| bucket["rows"].as_object().unwrap().values().filter_map(Value::as_u64).sum::<u64>();
    let told = page.ask("reader.counted()");
    let shown = page.ask("reader.starts()");
    let starts: Vec<String> = serde_json::from_value(shown).unwrap();
    let from = timeline.len() - starts.len();
    let runs = (0..=from).map(|at| timeline[at..at + starts.len()].iter().map(of).sum::<u64>());
    assert!(runs.into_iter().any(|rows| told["rows"] == rows && told["buckets"] == rows), "{told}");
    page.click(".tools button");
    page.ask("reader.set('Search', 'zbot')");
    let names: Vec<String> = serde_json::from_value(page.ask("reader.column('hosts', 0)")).unwrap();
    let all = report["hosts"].as_array().unwrap().len();
    assert!((1..all).contains(&names.len()));
    let found = |finding: &Value| names.iter().any(|name| finding["host"] == name.as_str());
    let told = page.ask("reader.counted()");
    assert_eq!(told["rows"], rows(report, found));
    assert!(told["notes"][0].as_str().unwrap().contains("hosts that are found"), "{told}");
    let pairs = page.ask("reader.overview()").as_u64().unwrap();
    assert!(0 < pairs && pairs < rows(report, found), "{pairs}");
    page.click(".tools button");
}

/// Filters by words, severity, scenario and period, each as a person sets it; the address keeps them.
fn filters_work_together(page: &mut Page, report: &Value) {
    figures_count(page, report, |_| true);
    page.click(".tools input[value=high]");
    assert_eq!(page.ask("reader.severities('findings')"), json!(["high"]));
    figures_count(page, report, |finding| finding["severity"] == "high");
    let others: Vec<[String; 3]> = serde_json::from_value(page.ask("reader.others()")).unwrap();
    let beats = others.iter().filter(|[section, ..]| section == "rhythms");
    assert!(
        beats.clone().count() > 0 && beats.clone().all(|[_, severity, _]| severity == "high"),
        "{others:?}"
    );
    let high = count(report, |incident| incident["severity"] == "high");
    assert_eq!(page.ask("reader.shown()")["incidents"], high);
    page.ask("reader.choose('Scenario', 'undetermined')");
    figures_count(page, report, |finding| {
        finding["severity"] == "high" && finding["scenario"] == "undetermined"
    });
    let open = |incident: &Value| incident["severity"] == "high" && incident["scenario"] == "undetermined";
    assert_eq!(page.ask("reader.shown()")["incidents"], count(report, open));
    let (shown, address) = (page.ask("reader.shown()"), page.ask("location.hash"));
    assert!(address.as_str().unwrap().contains("severity=high"), "{address}");
    page.reload();
    assert_eq!(
        (page.ask("reader.shown()"), page.ask("location.hash")),
        (shown, address),
        "the address has it all"
    );
    page.click(".tools button");
    assert_eq!(page.ask("location.hash"), "");
    let start = page.point(".chart svg", 0.4);
    page.mouse("mousePressed", start);
    let end = page.point(".chart svg", 0.6);
    page.mouse("mouseMoved", end);
    page.mouse("mouseReleased", end);
    let buckets = page.ask("reader.buckets()").as_u64().unwrap();
    let all = report["timeline"]["buckets"].as_array().unwrap().len() as u64;
    assert!(0 < buckets && buckets < all, "{buckets} of {all}");
    let address = page.ask("location.hash");
    assert!(address.as_str().is_some_and(|all| all.contains("from=") && all.contains("to=")), "{address}");
    figures_follow_time_and_words(page, report);
    page.ask("reader.set('Host', 'PC11')");
    figures_count(page, report, |finding| finding["host"] == "PC11");
    page.click(".tools input[value=critical]");
    page.ask("reader.choose('List', 'Relevance rule')");
    figures_count(page, report, |finding| {
        finding["host"] == "PC11" && finding["severity"] == "critical" && finding["list"] == "relevance-rule"
    });
    page.click(".tools button");
}

/// An address is copied so that nothing makes a link of it.
fn addresses_are_copied_cold(page: &mut Page, report: &Value) {
    page.reload();
    let remotes = report["remotes"].as_array().unwrap();
    let at = remotes.iter().position(|one| one["remote"].as_str().unwrap().parse::<Ipv4Addr>().is_ok());
    let at = at.unwrap();
    page.ask(&format!("document.querySelectorAll('.remotes .copy')[{at}].click()"));
    let cold = remotes[at]["remote"].as_str().unwrap().replace('.', "[.]");
    let said = page.ask("reader.said()");
    assert!(said.as_str().is_some_and(|said| said.ends_with(&cold)), "{said} {cold}");
}

/// The keyboard alone: past the contents, into the search, and to a heading that sorts.
fn the_keyboard_is_enough(page: &mut Page) {
    page.reload();
    page.press("Tab");
    assert_eq!(page.ask("reader.focus()")["class"], "skip");
    page.press("Enter");
    page.press("Tab");
    assert_eq!(page.ask("reader.focus()")["tag"], "input", "the search follows");
    let all = page.ask("reader.shown()")["findings"].as_u64().unwrap();
    page.write("log4j");
    let found = page.ask("reader.shown()")["findings"].as_u64().unwrap();
    assert!(0 < found && found < all, "{found} of {all}");
    assert!(page.ask("reader.status()").as_str().is_some_and(|said| !said.is_empty()));
    page.ask("document.querySelector('.listed thead th:nth-child(11) button').focus()");
    page.press("Enter");
    let rows: Vec<u64> = serde_json::from_value::<Vec<String>>(page.ask("reader.column('findings', 10)"))
        .unwrap()
        .iter()
        .map(|rows| rows.replace(',', "").parse().unwrap())
        .collect();
    assert!(rows.is_sorted(), "{rows:?}");
}

/// What is readable where no script may run.
fn no_script_is_needed(page: &mut Page, shown: &Value) {
    page.call("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    page.reload();
    page.ask(&format!("{READER};0"));
    assert_eq!(page.ask("reader.shown()"), *shown);
    assert_eq!(page.ask("reader.unseen()"), json!([]));
}

#[test]
fn a_reader_finds_the_way_through_the_report() {
    let Some(browser) = browser() else { return skipped() };
    let folder = reports("html,json", "2");
    let report: Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("report.json")).unwrap()).unwrap();
    let mut page = Page::open(&browser);
    page.call("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": READER }));
    let still = json!([{ "name": "prefers-reduced-motion", "value": "reduce" }]);
    page.call("Emulation.setEmulatedMedia", &json!({ "features": still }));
    page.go(&format!("file://{}", folder.path().join("report.html").display()));
    let shown = page.ask("reader.shown()");
    nothing_is_lost(&mut page, &report);
    filters_work_together(&mut page, &report);
    addresses_are_copied_cold(&mut page, &report);
    the_keyboard_is_enough(&mut page);
    page.click(".listed tbody tr:not([hidden]) th a");
    assert!(page.ask("reader.focus()")["id"].as_str().is_some_and(|id| id.starts_with("I-")));
    page.go("about:blank");
    page.go(&format!("file://{}", folder.path().join("report.html").display()));
    no_script_is_needed(&mut page, &shown);
    assert_eq!(page.complaints(), Vec::<String>::new());
}
