//! Layouts of the user's own go before those that are carried, wherever they fit.

use super::layouts::told;
use super::*;

fn layouts(texts: &[&str]) -> Layouts {
    texts.iter().fold(Layouts::builtin().unwrap(), |layouts, text| {
        layouts.with(Layout::parse(text, "own.toml").unwrap_or_else(|error| panic!("{error}")))
    })
}

/// What reads the records: the layout of each row.
fn readers(text: &str, layouts: &Layouts) -> Vec<String> {
    let told = told(text.as_bytes(), layouts);
    told.lines().filter_map(|line| Some(line.strip_prefix("row ")?.split(' ').next()?.to_owned())).collect()
}

const OWN: &str = r#"
name = "own"
title = "Ours"
confirmed = true
log = "connection"
required = [["remote"], ["direction"]]
[columns]
time = ["Date/Time"]
endpoint = ["Endpoint"]
remote = ["Remote IP"]
direction = ["Traffic Direction"]
[values.direction]
outgoing = ["Incoming"]
"#;

#[test]
fn an_own_layout_is_preferred_though_another_knows_more_columns() {
    let text = HEAD.to_owned() + LINE;
    assert_eq!(readers(&text, &layouts(&[])), ["officescan-suspicious-connection"]);
    assert_eq!(readers(&text, &layouts(&[OWN])), ["own"]);
    let second = OWN.replace("\"own\"", "\"own-2\"");
    assert_eq!(readers(&text, &layouts(&[&second, OWN])), ["own-2"], "the one that was added first");
    let other = "Date/Time,Compromised Host,Callback Address,C&C List Source\n2020-06-18,A,1.2.3.4,Global Intelligence\n";
    assert_eq!(readers(other, &layouts(&[OWN])), ["officescan-cnc-callback"], "where it does not fit");
}

#[test]
fn a_heading_that_comes_earlier_is_the_heading_also_for_an_own_layout() {
    let hidden = "Date/Time,Endpoint,Local IP,Remote IP,List Source,Traffic Direction,Comment\n\
        2020-06-18,A,10.0.0.1,1.2.3.4,x,Incoming,\"\nWhen,Peer\n2020-06-18,6.6.6.6\n\"\n";
    let own = "name = \"own\"\ntitle = \"Ours\"\nconfirmed = true\nlog = \"connection\"\nrequired = [[\"remote\"]]\n\
        [columns]\ntime = [\"When\"]\nremote = [\"Peer\"]\n";
    assert_eq!(readers(hidden, &layouts(&[own])), ["officescan-suspicious-connection"]);
}

#[test]
fn own_layouts_of_events_share_a_file_with_others() {
    let own = |when: &str| {
        format!(
            "name = \"own\"\ntitle = \"Ours\"\nconfirmed = true\nlog = \"connection\"\nformat = \"json\"\nepoch = true\n\
             required = [[\"remote\"]]\n[columns]\ntime = [\"t\", \"eventTime\"]\nendpoint = [\"h\"]\nremote = [\"r\"]\n{when}"
        )
    };
    let ours = "{\"t\":1763978400,\"h\":\"A\",\"r\":\"1.2.3.4\",\"kind\":\"ours\"}\n";
    let theirs = "{\"eventTime\":1763978400000,\"pname\":\"Apex One\",\"src\":\"10.0.0.5\",\"dst\":\"26.1.2.3\",\
        \"ruleName\":\"Possible DGA\"}\n";
    let when = "[[when]]\nkey = \"kind\"\nis = [\"ours\"]\n";
    let mixed = format!("{theirs}{ours}");
    assert_eq!(readers(&mixed, &layouts(&[&own(when)])), ["vision-one-detections", "own"]);
    assert_eq!(readers(&mixed, &layouts(&[&own("")])), ["own"], "without conditions it claims every record");
    assert_eq!(
        readers(theirs, &layouts(&[&own("")])),
        ["vision-one-detections"],
        "and none where it fits none"
    );
}

#[test]
fn names_limit_what_may_fit() {
    let text = HEAD.to_owned() + LINE;
    let layouts = layouts(&[OWN]);
    for (names, reads) in [
        (&[][..], Ok("own")),
        (&["officescan-suspicious-connection"], Ok("officescan-suspicious-connection")),
        (
            &["officescan-cnc-callback", "officescan-suspicious-connection"],
            Ok("officescan-suspicious-connection"),
        ),
        (&["vision-one-detections", "own"], Ok("own")),
        (&["officescan-cnc-callback"], Err("it fits no layout; the nearest is officescan-cnc-callback")),
        (&["own", "nothing"], Err("there is no layout \"nothing\"")),
    ] {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let plan =
            plan(text.as_bytes(), true, &layouts, &ReadOptions { layouts: names, ..ReadOptions::default() });
        match (plan, reads) {
            (Ok(plan), Ok(name)) => assert_eq!(plan.layout().name, name),
            (Err(error), Err(says)) => assert!(error.to_string().starts_with(says), "{error}"),
            (plan, _) => panic!("{plan:?} {reads:?}"),
        }
    }
}
