//! `--baseline`: what is new, continuing and gone since an earlier report, in every format.

use crate::program::{ringback, root, run, stdout};
use calamine::{Data, Reader, Xlsx};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

const HEADINGS: &str = "Date/Time,Endpoint,Local IP,Remote IP,Result,List Source,Traffic Direction\n";

/// Rows by host: the first is there before alone, the second in both, the third afterwards alone; the last is accepted
/// afterwards.
const BEFORE: &str = "\
2026-10-01 09:00:00,GONE01,10.0.0.1:50123,11.22.33.44:443,Logged,ZBOT - HTTP (Request) - Variant 4,Outgoing
2026-10-02 09:00:00,GONE01,10.0.0.1:50123,11.22.33.44:443,Logged,ZBOT - HTTP (Request) - Variant 4,Outgoing
2026-10-01 09:00:00,STAYS,10.0.0.2:50123,11.22.33.44:443,Logged,ZBOT - HTTP (Request) - Variant 4,Outgoing
2026-10-01 09:00:00,RIG,10.0.0.4:50123,11.22.33.44:443,Logged,ZBOT - HTTP (Request) - Variant 4,Outgoing
";

const AFTER: &str = "\
2026-11-01 09:00:00,STAYS,10.0.0.2:50123,11.22.33.44:443,Logged,ZBOT - HTTP (Request) - Variant 4,Outgoing
2026-11-02 09:00:00,STAYS,10.0.0.2:50123,11.22.33.44:443,Logged,ZBOT - HTTP (Request) - Variant 4,Outgoing
2026-11-02 09:00:00,STAYS,10.0.0.2:50123,11.22.33.55:443,Blocked,ZBOT - HTTP (Request) - Variant 4,Outgoing
2026-11-01 09:00:00,NEW01,10.0.0.3:50123,11.22.33.44:443,Logged,ZBOT - HTTP (Request) - Variant 4,Outgoing
2026-11-01 09:00:00,RIG,10.0.0.4:50123,11.22.33.44:443,Logged,ZBOT - HTTP (Request) - Variant 4,Outgoing
";

const PROFILE: &str = "schema = 1\n[[suppress]]\nreason = \"rig\"\nhost = \"RIG\"\n";

struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    /// Both logs, the profile, and the report of the first log.
    fn new() -> Self {
        let case = Case { folder: tempfile::tempdir().unwrap() };
        for (name, text) in [
            ("before.csv", format!("{HEADINGS}{BEFORE}")),
            ("after.csv", format!("{HEADINGS}{AFTER}")),
            ("client.toml", PROFILE.to_owned()),
        ] {
            fs::write(case.at(name), text).unwrap();
        }
        let mut command = ringback(["report", "-q", "-f", "json"]);
        command.arg(case.at("before.csv"));
        fs::write(case.at("old.json"), stdout(command)).unwrap();
        case
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The second log, compared with a report.
    fn command(&self, verb: &[&str], baseline: &str) -> std::process::Command {
        let mut command = ringback(verb);
        command.arg("-q").arg("-p").arg(self.at("client.toml")).arg(self.at("after.csv"));
        command.arg("--baseline").arg(self.at(baseline));
        command
    }

    fn model(&self, baseline: &str) -> Value {
        serde_json::from_str(&stdout(self.command(&["report", "-f", "json"], baseline))).unwrap()
    }

    fn text(&self, format: &str, language: &str) -> String {
        stdout(self.command(&["report", "-f", format, "--language", language], "old.json"))
    }
}

#[test]
fn the_model_marks_what_is_new_continuing_and_gone() {
    let case = Case::new();
    let model = case.model("old.json");
    let marks = |list: &str| -> Vec<String> {
        let list = model[list].as_array().unwrap().iter();
        let mut marks: Vec<String> = list
            .map(|one| {
                format!("{} {} {}->{}", one["host"], one["change"], one["rows_before"], one["rows"])
                    .replace('"', "")
            })
            .collect();
        marks.sort();
        marks
    };
    assert_eq!(marks("incidents"), ["NEW01 new null->1", "STAYS continuing 1->3"]);
    assert_eq!(marks("findings"), ["NEW01 new null->1", "STAYS continuing 1->2", "STAYS new null->1"]);
    let told = &model["comparison"];
    let counts = |list: &str| -> Vec<u64> {
        let counts = ["new", "continuing", "gone", "accepted", "rows_before", "rows"];
        counts.iter().map(|name| told[list][name].as_u64().unwrap()).collect()
    };
    assert_eq!(counts("incidents"), [1, 1, 2, 1, 4, 4]);
    assert_eq!(counts("findings"), [2, 1, 2, 1, 4, 4]);
    let gone: Vec<String> = told["gone"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let told = ["kind", "host", "rows", "last", "severity", "scenario", "accepted"];
            told.map(|name| one[name].to_string()).join(" ").replace('"', "")
        })
        .collect();
    let late = "2 2026-10-02T09:00:00Z critical outbound-callback false";
    let rig = "1 2026-10-01T09:00:00Z critical outbound-callback true";
    assert_eq!(
        gone,
        [
            format!("incident GONE01 {late}"),
            format!("incident RIG {rig}"),
            format!("finding GONE01 {late}"),
            format!("finding RIG {rig}")
        ]
    );
    let old: Value = serde_json::from_slice(&fs::read(case.at("old.json")).unwrap()).unwrap();
    let baseline = &told["baseline"];
    assert_eq!((&baseline["name"], &baseline["generated_at"]), (&"old.json".into(), &old["generated_at"]));
    assert_eq!((&baseline["redacted"], &baseline["left_out"]), (&false.into(), &0.into()));
    let file = &model["method"]["data_files"][0];
    assert_eq!(
        (&file["name"], &file["kind"], &file["sha256"]),
        (&"old.json".into(), &"baseline".into(), &baseline["sha256"])
    );
    assert_eq!(file["date"], old["generated_at"]);
    let schema = fs::read_to_string(root().join("docs/report.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&model).take(3).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert!(validator.is_valid(&old) && old.get("comparison").is_none());
    assert!(old["findings"][0].get("change").is_none());
}

#[test]
fn a_report_against_itself_continues_in_everything() {
    let case = Case::new();
    fs::write(case.at("client.toml"), "schema = 1\n").unwrap();
    fs::copy(case.at("before.csv"), case.at("after.csv")).unwrap();
    let told = &case.model("old.json")["comparison"];
    assert_eq!((&told["findings"]["continuing"], &told["gone"]), (&3.into(), &serde_json::json!([])));
    assert_eq!((&told["findings"]["new"], &told["incidents"]["new"]), (&0.into(), &0.into()));
}

#[test]
fn every_format_and_language_says_it() {
    let case = Case::new();
    for (language, sentence, new, gone, counts) in [
        (
            "en",
            "1 incident is new, 1 continues, 2 are gone",
            "New",
            "What is gone",
            "1 new, 1 continuing, 2 gone",
        ),
        (
            "de",
            "1 Vorfall ist neu, 1 dauert an, 2 sind nicht mehr da",
            "Neu",
            "Was nicht mehr da ist",
            "1 neu, 1 andauernd",
        ),
        ("ja", "新規1件、継続1件、消滅2件", "新規", "消滅したもの", "新規1件、継続1件、消滅2件"),
    ] {
        for format in ["markdown", "html"] {
            let text = case.text(format, language).replace('\\', "");
            for part in [sentence, new, gone, "GONE01", "old.json", "RIG"] {
                assert!(text.contains(part), "{format} {language}: {part}");
            }
        }
        let triage = stdout(case.command(&["triage", "--language", language], "old.json"));
        assert!(triage.contains(counts), "{triage}");
    }
    let triage = stdout(case.command(&["triage"], "old.json"));
    assert!(triage.contains("findings:  2 new, 1 continuing, 2 gone (1 accepted now)"), "{triage}");
    let out = case.at("report.xlsx");
    let mut command = case.command(&["report", "-f", "xlsx", "-o"], "old.json");
    command = {
        let args: Vec<_> = command.get_args().map(std::ffi::OsStr::to_owned).collect();
        let mut again = ringback(&args[..4]);
        again.arg(&out).args(&args[4..]);
        again
    };
    stdout(command);
    let mut book: Xlsx<_> = calamine::open_workbook(&out).unwrap();
    let texts = |range: &calamine::Range<Data>| -> Vec<String> {
        range.rows().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join("|")).collect()
    };
    let changes = texts(&book.worksheet_range("Changes").unwrap()).join("\n");
    for part in ["Incidents|1|1|2|1|4|4", "Findings|2|1|2|1|4|4", "GONE01|2"] {
        assert!(changes.contains(part), "{part} in {changes}");
    }
    let findings = texts(&book.worksheet_range("Findings").unwrap());
    assert!(findings[0].contains("|Change|Rows before|"), "{}", findings[0]);
    assert!(
        findings.iter().any(|row| row.contains("|Continuing|1|"))
            && findings.iter().any(|row| row.contains("|New||"))
    );
}

#[test]
fn without_a_baseline_nothing_of_it_is_said() {
    let case = Case::new();
    for format in ["markdown", "html", "json"] {
        let mut command = ringback(["report", "-q", "-f", format]);
        command.arg(case.at("after.csv"));
        let text = stdout(command);
        assert!(!text.contains("Continuing") && !text.contains("comparison"), "{format}");
    }
}

#[test]
fn reports_that_were_redacted_or_capped_are_said_to_be() {
    let case = Case::new();
    let old = fs::read_to_string(case.at("old.json")).unwrap();
    let mut model: Value = serde_json::from_str(&old).unwrap();
    model["findings"].as_array_mut().unwrap().pop();
    model["redaction"] = serde_json::json!({ "names": true });
    fs::write(case.at("less.json"), serde_json::to_string_pretty(&model).unwrap()).unwrap();
    let told = case.model("less.json");
    let baseline = &told["comparison"]["baseline"];
    assert_eq!((&baseline["redacted"], &baseline["left_out"]), (&true.into(), &1.into()));
    let statements = told["summary"]["statements"].to_string();
    for part in ["were replaced", "counts 1 incident or finding that its lists leave out"] {
        assert!(statements.contains(part), "{part} in {statements}");
    }
}

#[test]
fn what_is_no_baseline_ends_the_run_with_a_hint() {
    let case = Case::new();
    let old = fs::read_to_string(case.at("old.json")).unwrap();
    for (text, says) in [
        (
            HEADINGS.to_owned(),
            "it is not JSON, or no report\nhint: name a report that `ringback report -f json` wrote",
        ),
        ("{\"schema\":1}".to_owned(), "it is JSON, and no report\nhint: "),
        (
            old.replacen("\"schema\": 1", "\"schema\": 2", 1).replacen("\"schema\":1", "\"schema\":2", 1),
            "the report has schema 2",
        ),
        (old[..old.len() / 2].to_owned(), "the file seems to be cut off; write the report again"),
    ] {
        fs::write(case.at("bad.json"), text).unwrap();
        for verb in [&["report", "-f", "json"][..], &["triage"]] {
            let output = run(case.command(verb, "bad.json"));
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{said}");
            assert!(said.contains(says) && said.contains("bad.json"), "{says} in {said}");
        }
    }
    assert_eq!(run(case.command(&["triage"], "absent.json")).status.code(), Some(1));
}

#[test]
fn names_of_an_earlier_report_are_escaped_as_those_of_logs_are() {
    let case = Case::new();
    let evil = "<script>alert(1)</script> | =cmd() \\u001b[31m";
    let old = fs::read_to_string(case.at("old.json")).unwrap().replace("GONE01", evil);
    fs::write(case.at("old.json"), old).unwrap();
    let html = case.text("html", "en");
    assert!(html.contains("&lt;script"));
    for text in [html, case.text("markdown", "en"), stdout(case.command(&["triage"], "old.json"))] {
        assert!(!text.contains("<script>alert") && !text.contains('\u{1b}'));
    }
}

#[test]
fn threads_change_nothing_in_a_comparison() {
    let case = Case::new();
    for format in ["markdown", "html", "json"] {
        let told =
            |threads| stdout(case.command(&["report", "-f", format, "--threads", threads], "old.json"));
        assert!(told("1") == told("8"), "{format}");
    }
}
