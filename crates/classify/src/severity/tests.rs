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
inbound-from-internet threat=exploit,exploited=yes high medium
inbound-from-internet threat=exploit,exploited=yes,raised=yes high high
inbound-from-internet threat=exploit,vulnerable=no,exploited=yes low info
inbound-from-internet threat=exploit,vulnerable=yes,exploited=yes critical medium
outbound-attack threat=scan,exploited=yes high medium
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
        exploited: false,
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
            ("exploited", word) => facts.exploited = word == "yes",
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
        assert_eq!(playbook.severity(&facts).0.as_str(), open, "{line}");
        facts.stopped = true;
        assert_eq!(playbook.severity(&facts).0.as_str(), stopped, "{line}");
    }
}

/// Every case that a playbook may be asked for.
fn every_case(mut see: impl FnMut(&Facts)) {
    let mut facts = facts("internal-activity", "threat=unknown");
    for scenario in Scenario::ALL.iter().filter(|scenario| **scenario != Scenario::Undetermined) {
        for (threat, list) in
            Threat::ALL.iter().flat_map(|threat| ListSource::ALL.iter().map(move |l| (threat, l)))
        {
            for (risk, direction) in
                Risk::ALL.iter().flat_map(|risk| Direction::ALL.iter().map(move |d| (risk, d)))
            {
                for (message, exposure) in RequestKind::ALL
                    .iter()
                    .flat_map(|m| Exposure::ALL.iter().map(move |exposure| (m, exposure)))
                {
                    for vulnerable in Vulnerable::ALL {
                        facts.scenario = *scenario;
                        (facts.threat, facts.list, facts.risk) = (*threat, *list, *risk);
                        (facts.direction, facts.message) = (*direction, *message);
                        (facts.exposure, facts.vulnerable) = (*exposure, *vulnerable);
                        see(&facts);
                    }
                }
            }
        }
    }
}

#[test]
fn every_case_has_a_severity_that_stopping_and_harmlessness_lower() {
    let playbook = Playbook::builtin().unwrap();
    let mut cases = 0;
    every_case(|facts| {
        cases += 1;
        let open = playbook.severity(facts).0;
        let stopped = playbook.severity(&Facts { stopped: true, ..*facts }).0;
        assert!(stopped >= open, "stopped is worse than open: {facts:?}");
        let raised = playbook.severity(&Facts { raised: true, ..*facts }).0;
        assert!(raised <= open, "raised is milder: {facts:?}");
        let safe = playbook.severity(&Facts { vulnerable: Vulnerable::No, ..*facts }).0;
        let weak = playbook.severity(&Facts { vulnerable: Vulnerable::Yes, ..*facts }).0;
        assert!(weak <= open && open <= safe || facts.vulnerable != Vulnerable::Unknown, "{facts:?}");
        let closed = playbook.severity(&Facts { exposure: Exposure::Closed, ..*facts }).0;
        assert!(closed <= open, "a closed service is milder: {facts:?}");
    });
    assert_eq!(cases, 8 * 11 * 8 * 4 * 4 * 3 * 3 * 3);
}

#[test]
fn playbooks_are_checked() {
    let general = |scenario: &Scenario| {
        format!(
            "[[rule]]\nname = \"{scenario}\"\nscenario = [\"{scenario}\"]\nopen = \"low\"\nstopped = \"info\"\n"
        )
    };
    let rules = |skip: usize| Scenario::ALL.iter().skip(skip).map(general).collect::<String>();
    let whole =
        |rules: &str| format!("version = \"x\"\n{rules}\n[closed]\nopen = \"high\"\nstopped = \"low\"\n");
    assert_eq!(Playbook::parse(&whole(&rules(0))).unwrap().version(), "x");
    let any = "[[rule]]\nname = \"any\"\nopen = \"low\"\nstopped = \"info\"\n";
    assert!(Playbook::parse(&whole(any)).is_ok(), "one rule may be for everything");
    let scan = "[[rule]]\nname = \"scan\"\nscenario = [\"outbound-attack\"]\nthreat = [\"scan\"]\nopen = \"low\"\nstopped = \"low\"\n";
    assert!(Playbook::parse(&whole(&(scan.to_owned() + &rules(0)))).is_ok());
    for (rules, says) in [
        (rules(1), "no rule holds for every case of outbound-callback"),
        (rules(0) + scan, "\"scan\" is never reached"),
        (any.replace("info", "high"), "\"any\" calls what was stopped worse"),
        (any.replace("name", "nome"), "unknown field `nome`"),
        (any.replace("low", "lowish"), "lowish"),
    ] {
        let error = Playbook::parse(&whole(&rules)).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}
