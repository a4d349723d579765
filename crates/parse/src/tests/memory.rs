//! What a row says does not depend on the rows before it, of which much is remembered.

use super::*;

const HEAD: &str = "Date/Time,Endpoint,Domain,User,Process,Local IP,Local Port,Remote IP,Remote Port,Protocol,Traffic Direction,List Source,Result";

/// What is told of each row of an export: what it says, or why it says nothing.
fn told(rows: &[String]) -> Vec<String> {
    let bytes = format!("{HEAD}\n{}", rows.concat()).into_bytes();
    let plan = planned(&bytes).unwrap();
    let mut all = Vec::new();
    each(&bytes, &plan, &mut |event| {
        all.push(match event {
            RowEvent::Row(mut row) => format!("{} {:?}", words(&mut row), row.fingerprint),
            RowEvent::Reject(reject) => reject.reason.to_string(),
        });
    });
    all
}

/// A cell that comes again and again, plainly, dressed, or as something that is none.
fn cell(plain: &'static [&'static str]) -> impl Strategy<Value = String> {
    let of = |weight: u32, before: &'static str, after: &'static str| {
        (weight, prop::sample::select(plain).prop_map(move |text| format!("{before}{text}{after}")).boxed())
    };
    let rest = ["", "N/A", "-", "null", " ", "\u{a0}", "DB01", "TCP", "10.0.0.1", "NULL:80", "\u{feff}x"];
    let rest = prop::sample::select(rest.to_vec()).prop_map(str::to_owned).boxed();
    prop::strategy::Union::new_weighted(vec![of(8, "", ""), of(1, " ", ""), of(1, "", "\u{a0}"), (2, rest)])
}

fn row() -> impl Strategy<Value = String> {
    let kept: [&'static [&'static str]; 9] = [
        &["DB01", "WEB01", "10.0.0.7", "26.1.2.3:80"],
        &["CORP", "corp"],
        &["CORP\\a", "b"],
        &["C:\\a.exe", "System"],
        &["10.0.0.5", "26.1.2.3", "010.1.2.3", "evil.example:80", "http://26.1.2.3/x", "2001:db8::1"],
        &["TCP", "tcp", "HTTP"],
        &["Incoming", "outgoing", "None"],
        &["ZBOT - HTTP (Request)", "Global C&C IP List", "CVE-2017-0144 - SMB (Response)"],
        &["Blocked", "LOGGED", "Pass"],
    ];
    let [endpoint, domain, user, process, end, protocol, direction, rule, result] = kept.map(cell);
    let remote = cell(&["26.1.2.3", "26.1.2.4", "evil.example", "1.2.3.256"]);
    ((endpoint, domain, user, process, end), (remote, protocol, direction, rule, result)).prop_map(
        |((endpoint, domain, user, process, local), (remote, protocol, direction, rule, result))| {
            format!(
                "2020-06-18 09:15:02,{endpoint},{domain},{user},{process},{local},50123,{remote},80,{protocol},{direction},{rule},{result}\n"
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn a_row_says_the_same_alone(rows in prop::collection::vec(row(), 1..12)) {
        let alone: Vec<String> = rows.iter().flat_map(|row| told(std::slice::from_ref(row))).collect();
        prop_assert_eq!(told(&rows), alone);
    }
}
