//! A program that fails in judging one detection judges the others.

use super::tests::{Case, detection, profile};
use super::*;
use crate::Judgements;
use ringback_model::Symbols;

const CALL: &str = "connection outgoing 10.0.0.5/50123 11.1.1.1/443 callback request global logged a.exe";
const SCAN: &str =
    "connection outgoing 10.0.0.5/50123 11.1.1.1/445 scan request relevance-rule blocked a.exe";

fn failing(row: DetectionRef<'_>, at: Instant, policy: &Policy, census: &Census) -> Judgement {
    assert!(row.detection.threat != Threat::Callback, "told to fail");
    judge(row, at, policy, census)
}

/// Survives: a panic while a detection is judged | it is undetermined, at most of the highest severity, and says why; the
/// others are judged, and all rows are counted
#[test]
fn a_fault_in_judging_costs_one_verdict() {
    let (policy, census) = (Policy::compile(&profile()).unwrap(), Census::default());
    let mut symbols = Symbols::new();
    let [call, scan] = [CALL, SCAN].map(|text| detection(&Case(text), &mut symbols));
    let at = Instant::from_seconds(500);
    let mut judgements = Judgements::new(&policy, &census);
    judgements.by = failing;
    for (number, one, fails) in [(0, &call, true), (1, &scan, false), (0, &call, true), (1, &scan, false)] {
        let (told, judgement) = judgements.judge(one.with(&symbols), at);
        assert_eq!(told, number, "numbers are dense");
        if fails {
            assert_eq!(judgement.reasons, [Message::new("judging.fault")]);
            let verdict = judgement.verdict;
            assert_eq!((verdict.scenario, verdict.severity), (Scenario::Undetermined, Severity::Critical));
            assert!(verdict.at_most);
        } else {
            assert_eq!(*judgement, judge(one.with(&symbols), at, &policy, &census));
        }
    }
}
