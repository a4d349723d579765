//! Columns by their headings alone: in any order, some unknown, some twice; and what is kept of each.

use super::*;
use jiff::tz::TimeZone;

fn notes(plan: &Plan) -> Vec<&'static str> {
    plan.notes().iter().map(|note| note.key).collect()
}

#[test]
fn unknown_columns_are_kept_beside_and_say_nothing_of_the_detection() {
    let text = "Colour,Remote IP,List Source,Traffic Direction,Date/Time,Endpoint,,Remote IP\n\
        red,1.2.3.4,x,Incoming,2020-06-18,A,u,9.9.9.9\n\
        blue,1.2.3.4,x,Incoming,2020-06-18,A,v,8.8.8.8\n";
    let plan = planned(text.as_bytes()).unwrap();
    assert_eq!(notes(&plan), ["input.duplicate-heading", "input.extra-columns", "input.zone-assumed"]);
    let (mut extras, mut spellings) = (Vec::new(), Vec::new());
    each(text.as_bytes(), &plan, &mut |event| {
        let RowEvent::Row(mut row) = event else { panic!("{event:?}") };
        assert_eq!(row.said().remote_text(), "1.2.3.4");
        assert_eq!(row.cell(Field::Endpoint).as_deref(), Some("A"));
        assert_eq!(row.cell(Field::User), None);
        spellings.push(row.spelling);
        extras.push(
            row.extras().map(|(heading, cell)| format!("{heading}={cell}")).collect::<Vec<_>>().join(" "),
        );
    });
    assert_eq!(extras, ["Colour=red =u Remote IP=9.9.9.9", "Colour=blue =v Remote IP=8.8.8.8"]);
    assert_eq!(spellings, [0, 0]);
}

#[test]
fn the_five_columns_of_the_vendors_article_are_enough_for_a_layout() {
    let text = "Local IP/User-defined C&C list,Remote IP,Result,List Source,Traffic Direction\n\
        10.0.0.5,1.2.3.4,Blocked,MS17-010 - Remote Code Execution - SMB (Request),Incoming\n";
    let plan = planned(text.as_bytes()).unwrap();
    assert_eq!(plan.layout().name, "officescan-suspicious-connection");
    assert_eq!(notes(&plan), ["input.no-time-column", "input.zone-assumed"]);
    let (rows, rejects) = read(text.as_bytes()).unwrap();
    assert!(rows[0].starts_with("bad-time  10.0.0.5"), "no time, no place in time: {rows:?} {rejects:?}");
}

/// The values of a row that it says, each with what it is taken from.
fn heard(row: &Row<'_>) -> Vec<String> {
    let said = row.told().into_iter().filter(|told| !told.value.is_empty() && told.value != "unknown");
    said.map(|told| {
        let cell = told.cell.map(|cell| format!(" {} {:?}", cell.column, cell.text)).unwrap_or_default();
        format!("{}={} <- {}{cell}", told.what, told.value, told.ground.as_str())
    })
    .collect()
}

#[test]
fn a_row_can_be_explained() {
    let text = "Result,Remote IP and Port,Local IP and Port,List Source,Traffic Direction,Date/Time,Endpoint\n\
        Pass , [::ffff:1.2.3.4]:80,10.0.0.5:50123,ZBOT - HTTP (Request),INCOMING,2020-06-18,A\n\
        -,1.2.3.4,,Global C&C list,None,2020-06-18,10.0.0.6\n";
    let plan = planned(text.as_bytes()).unwrap();
    let mut all = Vec::new();
    each(text.as_bytes(), &plan, &mut |event| {
        let RowEvent::Row(row) = event else { panic!("{event:?}") };
        let shown: Vec<String> = row.shown_cells().iter().map(|cell| cell.text.to_string()).collect();
        assert_eq!((shown.len(), row.shown_cells()[1].heading), (7, Some("Remote IP and Port")));
        all.push(heard(&row));
    });
    assert_eq!(all[0], FIRST.lines().collect::<Vec<_>>());
    assert_eq!(all[1], SECOND.lines().collect::<Vec<_>>());
}

const FIRST: &str = r#"time=2020-06-18 <- cell 5 "2020-06-18"
log=connection <- layout
endpoint=A <- cell 6 "A"
local_ip=10.0.0.5 <- cell 2 "10.0.0.5:50123"
local_port=50123 <- cell 2 "10.0.0.5:50123"
remote_ip=1.2.3.4 <- cell 1 " [::ffff:1.2.3.4]:80"
remote_port=80 <- cell 1 " [::ffff:1.2.3.4]:80"
remote=1.2.3.4 <- cell 1 " [::ffff:1.2.3.4]:80"
service=remote 80 <- ports
protocol=HTTP <- rule-name 3 "ZBOT - HTTP (Request)"
direction=incoming <- cell 4 "INCOMING"
message=request <- rule-name 3 "ZBOT - HTTP (Request)"
result=logged <- cell 0 "Pass "
action=Pass <- cell 0 "Pass "
list=relevance-rule <- rule-name 3 "ZBOT - HTTP (Request)"
rule=ZBOT - HTTP (Request) <- cell 3 "ZBOT - HTTP (Request)"
family=ZBOT <- rule-name 3 "ZBOT - HTTP (Request)"
threat=callback <- rule-name 3 "ZBOT - HTTP (Request)"
occurrences=1 <- nothing"#;

const SECOND: &str = r#"time=2020-06-18 <- cell 5 "2020-06-18"
log=connection <- layout
local_ip=10.0.0.6 <- cell 6 "10.0.0.6"
remote_ip=1.2.3.4 <- cell 1 "1.2.3.4"
remote=1.2.3.4 <- cell 1 "1.2.3.4"
direction=none <- cell 4 "None"
list=global <- cell 3 "Global C&C list"
threat=callback <- list-hit
occurrences=1 <- nothing"#;

#[test]
fn ports_come_from_their_column_the_cell_or_the_url() {
    let head = "Date/Time,Endpoint,Local IP,Local Port,Remote IP,Remote Port,List Source,Traffic Direction\n";
    for (cells, local, remote) in [
        ("10.0.0.1,50000,1.2.3.4,443", Some(50000), Some(443)),
        ("10.0.0.1:50001,,1.2.3.4:443,-", Some(50001), Some(443)),
        ("10.0.0.1:50001,50002,[2001:db8::1]:443,8443", Some(50002), Some(8443)),
        ("10.0.0.1,,http://evil.example:8080/x,", None, Some(8080)),
        ("10.0.0.1,,http://evil.example/x:99,", None, None),
        ("fe80::1%11,99999,evil.example:81,x", None, Some(81)),
    ] {
        let text = format!("{head}2020-06-18,A,{cells},x,Outgoing\n");
        let mut ports = None;
        each(text.as_bytes(), &planned(text.as_bytes()).unwrap(), &mut |event| {
            let RowEvent::Row(row) = event else { panic!("{event:?}") };
            ports = Some((row.local_port, row.remote_port));
        });
        assert_eq!(ports, Some((local, remote)), "{cells}");
    }
}

#[test]
fn rows_that_differ_in_other_ports_and_times_are_one_spelling() {
    let mut text = HEAD.to_owned();
    for port in 50_123..50_133 {
        text.push_str(&format!("2020-06-18 09:00:{},A,10.0.0.1:{port},1.2.3.4:443,x,Outgoing\n", port % 60));
    }
    text.push_str("2020-06-18 09:00:00,A,10.0.0.1:50123,1.2.3.4:80,x,Outgoing\n");
    let (mut spellings, mut others) = (Vec::new(), Vec::new());
    each(text.as_bytes(), &planned(text.as_bytes()).unwrap(), &mut |event| {
        let RowEvent::Row(row) = event else { panic!("{event:?}") };
        spellings.push(row.spelling);
        others.push(row.other_port());
    });
    assert_eq!(spellings, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    assert_eq!((others[0], others[9]), (Some(50_123), Some(50_132)));
}

#[test]
fn zones_come_from_the_time_then_the_option_then_are_assumed() {
    let text = HEAD.to_owned() + LINE + &LINE.replace("2020-06-18", "2020-06-18T09:00:00+02:00");
    let berlin =
        ReadOptions { time_zone: Some(TimeZone::get("Europe/Berlin").unwrap()), ..ReadOptions::default() };
    for (options, expected) in [
        (ReadOptions::default(), ["2020-06-18T00:00:00Z assumed", "2020-06-18T07:00:00Z logged"]),
        (berlin, ["2020-06-17T22:00:00Z option", "2020-06-18T07:00:00Z logged"]),
    ] {
        let plan = plan(text.as_bytes(), true, &Layouts::builtin().unwrap(), &options).unwrap();
        let mut times = Vec::new();
        each(text.as_bytes(), &plan, &mut |event| {
            let RowEvent::Row(row) = event else { panic!("{event:?}") };
            let at = row.times.readings().next().unwrap().unwrap();
            times.push(format!("{at} {}", row.zone_basis()));
        });
        assert_eq!(times, expected);
        assert_eq!(notes(&plan).contains(&"input.zone-assumed"), plan.zone_basis() == "assumed");
    }
}

#[test]
fn dates_are_proven_by_the_whole_of_a_small_source_and_by_much_of_a_large_one() {
    let line = |day: &str| LINE.replacen("2020-06-18", day, 1);
    let text = |days: &[&str]| HEAD.to_owned() + &days.iter().map(|day| line(day)).collect::<String>();
    let once = text(&["06/07/2020", "06/18/2020"]);
    let contradicted = text(&["06/07/2020", "06/18/2020", "06/19/2020", "21/06/2020"]);
    let often = HEAD.to_owned() + &line("06/18/2020").repeat(100) + &line("21/06/2020");
    let layouts = Layouts::builtin().unwrap();
    for (text, complete, expected, decision) in [
        (&once, true, "2020-06-07T00:00:00Z", DateDecision::Proven(DateOrder::MonthFirst, 0)),
        (
            &once,
            false,
            "2020-06-07T00:00:00Z|2020-07-06T00:00:00Z",
            DateDecision::Proven(DateOrder::MonthFirst, 0),
        ),
        (
            &contradicted,
            true,
            "2020-06-07T00:00:00Z|2020-07-06T00:00:00Z",
            DateDecision::Proven(DateOrder::MonthFirst, 1),
        ),
        (&often, false, "2020-06-18T00:00:00Z|date-order", DateDecision::Proven(DateOrder::MonthFirst, 1)),
    ] {
        let plan = plan(text.as_bytes(), complete, &layouts, &ReadOptions::default()).unwrap();
        let mut first = None;
        let summary = each(text.as_bytes(), &plan, &mut |event| {
            let RowEvent::Row(mut row) = event else { panic!("{event:?}") };
            first = first.take().or(Some(words(&mut row)));
        });
        assert!(first.as_ref().unwrap().starts_with(expected), "{first:?}");
        assert_eq!(summary.dates.decide(), decision);
    }
    let head = &often[..often.len() - line("21/06/2020").len()];
    let plan = plan(head.as_bytes(), false, &layouts, &ReadOptions::default()).unwrap();
    let mut last = None;
    let summary = each(often.as_bytes(), &plan, &mut |event| {
        let RowEvent::Row(mut row) = event else { panic!("{event:?}") };
        last = Some(words(&mut row));
    });
    assert!(last.as_ref().unwrap().starts_with("date-order "), "{last:?}");
    assert_eq!(summary.dates.decide(), DateDecision::Proven(DateOrder::MonthFirst, 1));
}

proptest! {
    #[test]
    fn columns_may_stand_in_any_order(order in Just((0..9usize).collect::<Vec<_>>()).prop_shuffle()) {
        let unknown = |names: [&'static str; 7], more: [&'static str; 2]| [&names[..], &more].concat();
        let (names, cells) = (unknown(HEADINGS, ["Colour", "Size"]), unknown(CELLS, ["1.2.3.4", "Incoming"]));
        let line = |cells: &[&str]| order.iter().map(|at| cells[*at]).collect::<Vec<_>>().join(",") + "\n";
        let (rows, rejects) = read((line(&names) + &line(&cells)).as_bytes()).unwrap();
        prop_assert_eq!(rows, [SAID]);
        prop_assert!(rejects.is_empty());
    }
}
