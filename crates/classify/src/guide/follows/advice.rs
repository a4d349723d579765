//! Advice by the conditions that the document has, held to what the playbook gives.

use super::rows::{REMOTES, Row, Setting, Wish, every_row};
use crate::judge;
use ringback_model::{Instant, Sym, Symbols};

/// A step with its conditions, each with the words of which one must hold.
type StepOfAdvice = (String, Vec<(String, Vec<String>)>);

/// The conditions of each step of advice, as the document has them.
fn steps_of_advice() -> Vec<StepOfAdvice> {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/VERDICTS.md")).unwrap();
    let (_, table) = text.split_once("<!-- table: advice -->\n").unwrap();
    let (table, _) = table.split_once("<!-- end -->").unwrap();
    let step = |line: &str| {
        let cells: Vec<&str> = line.trim_start_matches("| ").split(" | ").collect();
        let conditions = cells[2].split("; ").filter_map(|one| one.split_once(": "));
        let words = |words: &str| words.split(", ").map(str::to_owned).collect();
        (cells[0].to_owned(), conditions.map(|(name, list)| (name.to_owned(), words(list))).collect())
    };
    table.lines().skip(2).map(step).collect()
}

#[test]
fn advice_is_given_where_the_document_says_so() {
    let steps = steps_of_advice();
    assert!(steps.len() > 50, "{steps:?}");
    let mut given = std::collections::BTreeSet::new();
    let wish = |number: usize| Wish {
        published: number % 5,
        said: number % 3,
        exploited: number.is_multiple_of(2),
        inside: [number % 4 == 1, number % 4 == 2],
        internet: number % 4 == 3,
        ..Wish::default()
    };
    for (remote, (address, _)) in REMOTES.iter().enumerate() {
        let settings: Vec<Setting> = (0..60).map(|number| Setting::new(wish(number), address)).collect();
        let mut number = 0;
        every_row(remote, |row| {
            number += 1;
            if number % 7 != 0 {
                return;
            }
            let row = Row { callback: number % 5 == 0, server_process: number % 2 == 0, ..row };
            let setting = &settings[number % settings.len()];
            let mut symbols = Symbols::new();
            let mut detection = row.detection(&mut symbols);
            detection.process = if number % 3 == 0 { Sym::EMPTY } else { detection.process };
            let said = detection.with(&symbols);
            let verdict = judge(said, Instant::from_seconds(500), &setting.policy, &setting.census).verdict;
            let facts = crate::IncidentFacts {
                scenario: verdict.scenario,
                suspect: verdict.suspect,
                severity: verdict.severity,
                host: "HOST1",
                service: "",
                findings: vec![crate::FindingFacts { row: said, verdict: &verdict }],
            };
            let yes_or_no = |yes: bool| if yes { "yes".to_owned() } else { "no".to_owned() };
            let is = |name: &str| -> String {
                match name {
                    "scenario" => verdict.scenario.to_string(),
                    "suspect" => verdict.suspect.to_string(),
                    "severity" => verdict.severity.to_string(),
                    "log" => detection.log.to_string(),
                    "threat" => detection.threat.to_string(),
                    "list" => detection.list.to_string(),
                    "direction" => said.direction().to_string(),
                    "message" => detection.message.to_string(),
                    "result" => detection.result.to_string(),
                    "stopped" => verdict.stopped.to_string(),
                    "exposure" => verdict.exposure.to_string(),
                    "vulnerable" => verdict.vulnerable.to_string(),
                    "scope" => verdict.remote_scope.to_string(),
                    "reached" => yes_or_no(verdict.reached),
                    "exploited" => yes_or_no(setting.around.exploited),
                    "process" => yes_or_no(!detection.process.is_empty()),
                    "port" => detection.service.map(|service| service.port.to_string()).unwrap_or_default(),
                    "relay" => {
                        let relay = verdict.relay.and_then(|number| setting.policy.relay(number));
                        relay.map(|relay| relay.kind.to_string()).unwrap_or_default()
                    }
                    // There is one finding alone.
                    "every" => "yes".to_owned(),
                    other => panic!("nobody explains {other}"),
                }
            };
            let fits = |(_, conditions): &&StepOfAdvice| {
                conditions.iter().all(|(name, words)| words.contains(&is(name)))
            };
            let mut expected: Vec<&str> = steps.iter().filter(fits).map(|(id, _)| id.as_str()).collect();
            expected.sort_unstable();
            let told = crate::advise(&facts, &setting.policy, "en");
            let mut told: Vec<&str> = told.iter().map(|step| step.id.as_str()).collect();
            told.sort_unstable();
            assert_eq!(told, expected, "{row:?}");
            given.extend(expected.into_iter().map(str::to_owned));
        });
    }
    assert!(given.len() > 40, "{given:?}");
}
