//! Reports that are read, and what is said of those that are not.

use super::*;
use proptest::prelude::*;

/// A report with one incident and two findings, and more fields than are read.
const REPORT: &str = r#"{"schema":1,"tool":{"name":"Ringback","version":"0.1.0"},"generated_at":"2026-11-24T06:00:00Z",
"period":{"first":"2026-10-01T00:00:00Z","last":"2026-11-20T07:08:09.5Z","time_zone":"UTC"},
"summary":{"rows":12,"findings":2,"incidents":1,"statements":["\"}],[{\""]},
"incidents":[{"id":"I-0000000001","scenario":"outbound-callback","severity":"critical","host":"PC7","rows":12,
"last":"2026-11-20T07:08:09.5Z","findings":["F-0000000001","F-0000000002"],"advice":[{"text":"x"}]}],
"findings":[{"id":"F-0000000001","scenario":"outbound-callback","severity":"critical","host":"PC7","local_ip":"10.0.0.5",
"remote":"c2.example","remote_ip":null,"rule":null,"list":"global","rows":10,"first":null,"last":null},
{"rows":2,"host":"pc7.corp.example","severity":"high","scenario":"outbound-callback","id":"F-0000000002",
"local_ip":null,"remote":"203.0.113.7","remote_ip":"203.0.113.7","rule":"ZBOT","list":"relevance-rule"}],
"method":{"options":{}},"later":{"x":[1,2,{"y":null}]}}
"#;

#[test]
fn what_is_asked_for_is_read_and_the_rest_passed_over() {
    let baseline = parse_baseline(REPORT.as_bytes()).unwrap();
    let about = &baseline.about;
    assert_eq!(about.generated_at.unwrap().to_string(), "2026-11-24T06:00:00Z");
    assert_eq!(about.last.unwrap().to_string(), "2026-11-20T07:08:09.5Z");
    assert_eq!((about.version.as_str(), about.redacted, about.left_out), ("0.1.0", false, 0));
    let told: Vec<String> = baseline
        .findings
        .iter()
        .map(|one| format!("{} {} {} {}", one.id, one.severity, baseline.hosts.text(one.host), one.rows))
        .collect();
    assert_eq!(told, ["F-0000000001 critical PC7 10", "F-0000000002 high pc7.corp.example 2"]);
    assert_eq!(baseline.incidents[0].last, about.last);
    assert_eq!(baseline.hosts.text(baseline.incidents[0].host), "PC7");
}

#[test]
fn the_order_of_fields_does_not_matter() {
    // serde_json's maps are sorted by name, so that the schema comes after the findings.
    let sorted: serde_json::Value = serde_json::from_str(REPORT).unwrap();
    let pretty = serde_json::to_string_pretty(&sorted).unwrap();
    assert!(pretty.find("\"findings\"") < pretty.find("\"schema\""));
    let (one, two) = (parse_baseline(REPORT.as_bytes()).unwrap(), parse_baseline(pretty.as_bytes()).unwrap());
    assert_eq!((one.about, one.findings.len()), (two.about, two.findings.len()));
    let marked = [&[0xef, 0xbb, 0xbf], REPORT.as_bytes()].concat();
    assert!(parse_baseline(&marked).is_ok());
}

#[test]
fn what_a_report_lacks_is_known() {
    for (from, to, redacted, left_out) in [
        ("\"findings\":2,\"incidents\":1", "\"findings\":7,\"incidents\":2", false, 6),
        ("\"summary\":", "\"redacted\":true,\"summary\":", true, 0),
        ("\"summary\":", "\"redaction\":{\"names\":true},\"summary\":", true, 0),
        ("\"options\":{}", "\"redaction\":null,\"redacted\":false", false, 0),
        ("\"options\":{}", "\"redaction\":\"names\"", true, 0),
    ] {
        let about = parse_baseline(REPORT.replace(from, to).as_bytes()).unwrap().about;
        assert_eq!((about.redacted, about.left_out), (redacted, left_out), "{to}");
    }
}

#[test]
fn what_is_no_report_is_told() {
    let changed = |from: &str, to: &str| {
        assert!(REPORT.contains(from), "{from}");
        REPORT.replace(from, to).into_bytes()
    };
    for (bytes, place, says, hints) in [
        (Vec::new(), "", "it is empty", "-f json"),
        (b"Date/Time,Endpoint\n".to_vec(), "", "not JSON", "-f json"),
        (b"[1]".to_vec(), "", "no report", "-f json"),
        (b"{}".to_vec(), "", "it is JSON, and no report", "-f json"),
        (b"{\"schema\": 1}".to_vec(), "", "it is JSON, and no report", "-f json"),
        (b"{\"source\":\"a\"}\n{\"source\":\"b\"}\n".to_vec(), "", "it is JSON, and no report", "-f json"),
        (b"\x1f\x8b\x08\0".to_vec(), "", "gzip", "-f json"),
        (b"\xff\xfe{\0".to_vec(), "", "UTF-16", "-f json"),
        (changed("\"schema\":1", "\"schema\":2"), "line 1", "schema 2, and this version", "same version"),
        (changed("\"schema\":1", "\"schema\":\"x\""), "line 1", "invalid type", "-f json"),
        (changed("F-0000000002\",\n", "F-2\",\n"), "line 8", "\"F-2\" is no id", "-f json"),
        (changed("F-0000000002\",\n", "F-0000000001\",\n"), "line 9", "F-0000000001 stands in it twice", ""),
        (changed("\"severity\":\"high\"", "\"severity\":\"huge\""), "line 8", "huge", "-f json"),
        (changed("\"rows\":2,", "\"rows\":-2,"), "line 8", "invalid value", "-f json"),
        (changed("2026-11-24T06:00:00Z", "noon"), "line 1", "\"noon\" is no time", "-f json"),
        (changed("\"later\":{", "\"later\":{{"), "line 10", "key must be", "-f json"),
        ([REPORT, "{"].concat().into_bytes(), "line 11", "trailing", "-f json"),
    ] {
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(40)]).into_owned();
        let fault = parse_baseline(&bytes).unwrap_err();
        assert!(
            fault.place.starts_with(place) && fault.place.is_empty() == place.is_empty(),
            "{shown} {fault}"
        );
        assert!(fault.what.contains(says) && fault.hint.contains(hints), "{shown} {fault:?}");
    }
}

#[test]
fn a_report_that_is_cut_off_is_never_taken_for_a_short_one() {
    let end = REPORT.trim_end().len();
    for cut in (1..end).filter(|cut| REPORT.is_char_boundary(*cut)) {
        let fault = parse_baseline(&REPORT.as_bytes()[..cut]).unwrap_err();
        assert!(fault.hint.contains("cut off"), "{cut} {fault}");
    }
}

#[test]
fn files_are_told_with_their_name_and_hash() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.json");
    std::fs::write(&path, REPORT).unwrap();
    let baseline = read_baseline(&path).unwrap();
    let mut bytes = Bounded::new(REPORT.as_bytes());
    io::copy(&mut bytes, &mut io::sink()).unwrap();
    let hash = bytes.sha256();
    assert_eq!((baseline.about.name.as_str(), baseline.about.sha256.as_str()), ("old.json", hash.as_str()));
    let file = baseline_file(&baseline);
    assert_eq!((file.records.unwrap().all, file.sha256), (3, hash));
    let mut findings = Vec::new();
    read_findings(&path, |finding| findings.push(finding)).unwrap();
    assert_eq!((findings[1].remote_ip, findings[1].rule.as_str()), ("203.0.113.7".parse().ok(), "ZBOT"));
    assert!(is_report(&path));
    for (text, report) in [("{ \"schema\" : 1", true), ("{\"schema_version\":1}", false), ("", false)] {
        std::fs::write(&path, text).unwrap();
        assert_eq!(is_report(&path), report, "{text}");
    }
    for (path, says) in
        [(folder.path().join("absent"), "absent: "), (folder.path().to_owned(), "it is no file")]
    {
        let error = read_baseline(&path).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(at in 0..REPORT.len(), length in 0..40usize, with in prop::collection::vec(any::<u8>(), 0..8)) {
        let mut bytes = REPORT.as_bytes().to_vec();
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, with);
        crate::any_bytes::read_baseline(&bytes);
    }
}
