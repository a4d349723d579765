//! The table of severities, cell by cell.

use super::*;

/// Scenario, conditions, severity of what was not stopped, of what was.
const CELLS: &str = "\
authorised-activity threat=exploit info info
outbound-callback threat=logon-failure low info
outbound-callback threat=callback,list=user-defined medium low
outbound-callback threat=ransomware,list=user-defined medium low
outbound-callback threat=callback,list=global critical high
outbound-callback threat=callback,list=virtual-analyzer critical high
outbound-callback threat=callback,list=relevance-rule critical high
outbound-callback threat=ransomware,list=relevance-rule critical high
outbound-callback threat=callback,list=web-reputation,risk=high high medium
outbound-callback threat=callback,list=web-reputation,risk=low medium low
outbound-callback threat=callback,list=web-reputation medium low
outbound-callback threat=dns,list=relevance-rule medium low
outbound-callback threat=policy,list=relevance-rule medium low
outbound-callback threat=unknown,list=unknown medium low
outbound-callback threat=callback,list=unknown medium low
internal-callback threat=callback,list=global critical high
internal-callback threat=unknown,list=user-defined medium low
outbound-attack threat=exploit critical high
outbound-attack threat=brute-force critical high
outbound-attack threat=scan high medium
malicious-response threat=exploit high medium
lateral-movement threat=exploit critical high
lateral-movement threat=ransomware critical high
lateral-movement threat=scan high medium
lateral-movement threat=brute-force high medium
inbound-from-internet threat=callback,direction=outgoing,message=response high high
inbound-from-internet threat=callback,direction=incoming,message=request medium low
inbound-from-internet threat=callback,direction=incoming,message=unknown medium low
inbound-from-internet threat=callback,direction=incoming,message=request,exposure=closed high medium
inbound-from-internet threat=exploit,vulnerable=yes critical medium
inbound-from-internet threat=exploit,vulnerable=no low info
inbound-from-internet threat=exploit medium low
inbound-from-internet threat=exploit,raised=yes high high
inbound-from-internet threat=exploit,vulnerable=no,raised=yes low info
inbound-from-internet threat=exploit,vulnerable=no,exposure=closed high medium
inbound-from-internet threat=exploit,vulnerable=yes,exposure=closed critical medium
inbound-from-internet threat=scan,exposure=closed high medium
inbound-from-internet threat=scan medium low
inbound-from-internet threat=scan,exposure=published low info
inbound-from-internet threat=logon-failure,exposure=closed low info
internal-activity threat=dns low info
internal-activity threat=logon-failure low info";

fn facts(scenario: &str, conditions: &str) -> Facts {
    let mut facts = Facts {
        scenario: scenario.parse().unwrap(),
        threat: Threat::Unknown,
        list: ListSource::Unknown,
        risk: Risk::Unknown,
        direction: Direction::Unknown,
        message: RequestKind::Unknown,
        exposure: Exposure::Unknown,
        vulnerable: Vulnerable::Unknown,
        raised: false,
        stopped: false,
    };
    for condition in conditions.split(',') {
        match condition.split_once('=').unwrap() {
            ("threat", word) => facts.threat = word.parse().unwrap(),
            ("list", word) => facts.list = word.parse().unwrap(),
            ("risk", word) => facts.risk = word.parse().unwrap(),
            ("direction", word) => facts.direction = word.parse().unwrap(),
            ("message", word) => facts.message = word.parse().unwrap(),
            ("exposure", word) => facts.exposure = word.parse().unwrap(),
            ("vulnerable", word) => facts.vulnerable = word.parse().unwrap(),
            ("raised", word) => facts.raised = word == "yes",
            other => panic!("{other:?}"),
        }
    }
    facts
}

#[test]
fn every_cell() {
    let playbook = Playbook::builtin().unwrap();
    for line in CELLS.lines() {
        let [scenario, conditions, open, stopped] =
            line.split(' ').collect::<Vec<_>>().try_into().expect("four columns");
        let mut facts = facts(scenario, conditions);
        assert_eq!(playbook.severity(&facts, &[]).0.as_str(), open, "{line}");
        facts.stopped = true;
        assert_eq!(playbook.severity(&facts, &[]).0.as_str(), stopped, "{line}");
    }
}

#[test]
fn some_rule_fits_everything_but_undetermined() {
    let playbook = Playbook::builtin().unwrap();
    let mut base = facts("internal-activity", "threat=unknown");
    for scenario in Scenario::ALL.iter().filter(|scenario| **scenario != Scenario::Undetermined) {
        for threat in Threat::ALL {
            for list in ListSource::ALL {
                for message in RequestKind::ALL {
                    (base.scenario, base.threat, base.list, base.message) =
                        (*scenario, *threat, *list, *message);
                    let (open, rule) = playbook.severity(&base, &[]);
                    assert!(!rule.is_empty(), "{base:?}");
                    let stopped = playbook.severity(&Facts { stopped: true, ..base }, &[]).0;
                    assert!(stopped >= open, "stopped is worse than open: {base:?}");
                }
            }
        }
    }
}

#[test]
fn overrides_are_checked_and_the_narrowest_wins() {
    let playbook = Playbook::builtin().unwrap();
    let parse = |key: &str, severity| Override::parse(key, severity);
    let overrides = [
        parse("outbound-callback.logged", Severity::Low).unwrap(),
        parse("outbound-callback.user-defined.logged", Severity::High).unwrap(),
        parse("outbound-callback.user-defined.callback.blocked", Severity::Info).unwrap(),
    ];
    let mut facts = facts("outbound-callback", "threat=callback,list=user-defined");
    assert_eq!(playbook.severity(&facts, &overrides).0, Severity::High);
    facts.stopped = true;
    assert_eq!(playbook.severity(&facts, &overrides).0, Severity::Info);
    facts.list = ListSource::Global;
    assert_eq!(playbook.severity(&facts, &overrides).0, Severity::High);
    facts.stopped = false;
    assert_eq!(playbook.severity(&facts, &overrides).0, Severity::Low);
    for key in ["", "logged", "outbound.logged", "outbound-callback", "outbound-callback.purple.logged"] {
        assert!(parse(key, Severity::Low).is_err(), "{key}");
    }
}
