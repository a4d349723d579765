//! The sample is as consistent as a real case.

use super::*;
use ringback_model::message::Keys;

#[test]
fn figures_add_up() {
    let case = case();
    let rows: u64 = case.findings.iter().map(|finding| finding.tally.rows).sum();
    let told = &case.accounting;
    assert_eq!(rows, told.in_findings);
    let fates = told.in_findings + told.suppressed + told.filtered + told.duplicate + told.rejected;
    assert_eq!(told.rows, fates);
    assert_eq!(told.rejects.iter().map(|tally| tally.rows).sum::<u64>(), told.rejected);
    let over_time: u64 = case.timeline.series.iter().flat_map(|one| &one.rows).map(|(_, rows)| rows).sum();
    assert_eq!(over_time, rows);
    let in_incidents: u64 = case.incidents.iter().map(|incident| incident.rows).sum();
    assert_eq!(in_incidents, rows);
    assert_eq!(case.inputs.iter().map(|input| input.rows).sum::<u64>(), told.rows);
    assert_eq!(case.inputs.iter().map(|input| input.rejected).sum::<u64>(), told.rejected);
    assert_eq!(case.hosts.iter().map(|host| host.rows).sum::<u64>(), rows);
    assert_eq!(case.overview.pairs.iter().map(|pair| pair.rows).sum::<u64>(), rows);
    assert_eq!(case.suppressions.iter().map(|used| used.rows).sum::<u64>(), told.suppressed);
}

#[test]
fn every_scenario_and_every_hostile_text_is_there() {
    let report = report(Arc::new(Keys));
    let told = serde_json::to_value(report.view()).unwrap();
    for scenario in Scenario::ALL {
        assert!(told["summary"]["scenario"][scenario.as_str()].as_u64() > Some(0), "{scenario}");
    }
    let text = told.to_string();
    for hostile in HOSTILE {
        let quoted = serde_json::to_string(hostile).unwrap();
        assert!(text.contains(quoted.trim_matches('"')), "{hostile}");
    }
}
