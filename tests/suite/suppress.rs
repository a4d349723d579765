//! Accepted findings: what entries match, what becomes of them, and `suppress`, which writes them into a profile.

use crate::program::{ringback, run, stdout};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// Callbacks of three hosts, two of them to one address; one finding goes on for three days.
const EXPORT: &str = "\
Date/Time,Endpoint,Local IP,Remote IP,Result,List Source,Traffic Direction
2026-11-01 09:00:00,DB01,10.0.0.5:50123,11.22.33.44:443,Logged,ZBOT - HTTP (Request) - Variant 4,Outgoing
2026-11-02 09:00:00,DB01,10.0.0.5:50124,11.22.33.44:443,Logged,ZBOT - HTTP (Request) - Variant 4,Outgoing
2026-11-03 09:00:00,DB01,10.0.0.5:50125,11.22.33.44:443,Logged,ZBOT - HTTP (Request) - Variant 4,Outgoing
2026-11-02 10:00:00,PC7.lab.example,10.0.0.7:50123,11.22.33.44:443,Blocked,ZBOT - HTTP (Request) - Variant 4,Outgoing
2026-11-02 11:00:00,PC8.lab.example,10.0.0.8:50123,http://a.c2.example/x,Logged,Global C&C List,Outgoing
";

/// A profile with comments in all places.
const PROFILE: &str = "\
# Our client.
schema = 1   # the first

[client]     # who
name = \"A\"   # short

[[suppress]] # first of all
reason = \"old\" # why
#remote = \"1.2.3.4\"
host = \"OLD01\"

[networks]
own = [ \"198.51.100.0/24\" ]   # ours
# the end";

struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    fn new(profile: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("export.csv"), EXPORT).unwrap();
        fs::write(folder.path().join("client.toml"), profile).unwrap();
        Case { folder }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn report(&self, format: &str) -> String {
        let mut command = ringback(["report", "-q", "-f", format, "-p"]);
        command.arg(self.at("client.toml")).arg(self.at("export.csv"));
        stdout(command)
    }

    fn model(&self) -> Value {
        serde_json::from_str(&self.report("json")).unwrap()
    }

    /// The report as a file; gives the id of the finding of a host.
    fn finding(&self, host: &str) -> String {
        let text = self.report("json");
        fs::write(self.at("report.json"), &text).unwrap();
        let model: Value = serde_json::from_str(&text).unwrap();
        let findings = model["findings"].as_array().unwrap();
        let finding = findings.iter().find(|finding| finding["host"] == host).unwrap();
        finding["id"].as_str().unwrap().to_owned()
    }

    fn suppress(&self, id: &str, source: &str, more: &[&str]) -> std::process::Output {
        let mut command = ringback(["suppress", id]);
        command.arg(self.at(source)).arg("-p").arg(self.at("client.toml"));
        command.args(["--owner", "SOC"]).args(more);
        if !more.contains(&"--reason") {
            command.args(["--reason", "rig"]);
        }
        if !more.contains(&"--expires") {
            command.args(["--expires", "2027-01-31"]);
        }
        run(command)
    }

    fn profile(&self) -> String {
        fs::read_to_string(self.at("client.toml")).unwrap()
    }
}

fn said(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The report of a profile with some entries: hosts that are left, and the entries.
fn told(entries: &str) -> (Vec<String>, Value) {
    let model = Case::new(&format!("schema = 1\n{entries}")).model();
    let findings = model["findings"].as_array().unwrap().iter();
    let mut hosts: Vec<String> =
        findings.map(|one| format!("{} {}", one["host"].as_str().unwrap(), one["rows"])).collect();
    hosts.sort();
    let accounting = &model["accounting"];
    let sum = |name: &str| accounting[name].as_u64().unwrap();
    assert_eq!(sum("rows"), sum("in_findings") + sum("suppressed"));
    (hosts, model["suppressions"].clone())
}

#[test]
fn every_combination_takes_out_what_fits_all_of_it() {
    let (db, pc7, pc8) = ("DB01 3", "PC7.lab.example 1", "PC8.lab.example 1");
    for (entry, left) in [
        ("remote = \"11.22.33.44\"", vec![pc8]),
        ("remote = \"11.22.0.0/16\"", vec![pc8]),
        ("remote = \"*.example\"", vec![db, pc7]),
        ("remote = \"*.c2.example\"", vec![db, pc7]),
        ("remote = \"*.a.c2.example\"", vec![db, pc7, pc8]),
        ("remote = \"a.c2.example\"", vec![db, pc7]),
        ("remote = \"HTTP://A.C2.example/x\"", vec![db, pc7]),
        ("host = \"*.lab.example\"", vec![db]),
        ("host = \"pc7\"", vec![db, pc8]),
        ("host = \"10.0.0.0/29\"", vec![pc8]),
        ("host = \"PC7\"\nremote = \"11.22.33.44\"", vec![db, pc8]),
        ("host = \"PC8\"\nremote = \"11.22.33.44\"", vec![db, pc7, pc8]),
        ("list = \"global\"", vec![db, pc7]),
        ("scenario = \"outbound-callback\"", vec![]),
        ("rule = \"ZBOT - HTTP (Request) - Variant 4\"\nhost = \"DB01\"", vec![pc7, pc8]),
        (
            "host = \"DB01\"\nfrom = \"2026-11-02\"\nuntil = \"2026-11-02\"",
            vec!["DB01 1", "DB01 1", pc7, pc8],
        ),
        ("host = \"DB01\"\nfrom = \"2026-11-02\"", vec!["DB01 1", pc7, pc8]),
        ("from = \"2026-11-02\"\nuntil = \"2026-11-02\"", vec!["DB01 1", "DB01 1"]),
        // What has ended is accepted no more, and what ends later is, whatever the times of its rows.
        ("host = \"DB01\"\nexpires = \"2026-11-23\"", vec![db, pc7, pc8]),
        ("host = \"DB01\"\nexpires = \"2026-11-24\"", vec![pc7, pc8]),
    ] {
        let (hosts, used) = told(&format!("[[suppress]]\nreason = \"x\"\n{entry}\n"));
        assert_eq!(hosts, left, "{entry}");
        let rows =
            5 - left.iter().map(|host| host.rsplit_once(' ').unwrap().1.parse::<u64>().unwrap()).sum::<u64>();
        let state = match (entry.contains("11-23"), rows) {
            (true, _) => "expired",
            (false, 0) => "unused",
            (false, _) => "used",
        };
        assert_eq!((&used[0]["rows"], &used[0]["state"]), (&rows.into(), &state.into()), "{entry}");
        let taken: u64 =
            used[0]["taken"].as_array().unwrap().iter().map(|one| one["rows"].as_u64().unwrap()).sum();
        assert_eq!(taken, rows, "{entry}");
    }
}

#[test]
fn the_first_entry_in_the_profiles_order_gets_the_row() {
    let wide = "[[suppress]]\nreason = \"wide\"\nremote = \"11.22.33.44\"\n";
    let narrow = "[[suppress]]\nreason = \"narrow\"\nhost = \"PC7\"\n";
    let over = "[[suppress]]\nreason = \"over\"\nremote = \"11.0.0.0/8\"\nexpires = \"2026-11-01\"\n";
    for (order, rows) in [([narrow, wide, over], [1, 3, 0]), ([over, wide, narrow], [0, 4, 0])] {
        let (_, used) = told(&order.concat());
        let taken: Vec<u64> =
            used.as_array().unwrap().iter().map(|one| one["rows"].as_u64().unwrap()).collect();
        assert_eq!(taken, rows);
    }
}

#[test]
fn a_finding_of_a_report_is_accepted_and_the_profile_keeps_its_text() {
    for source in ["report.json", "export.csv"] {
        let case = Case::new(PROFILE);
        let id = case.finding("DB01");
        let dry = case.suppress(&id, source, &["--dry-run"]);
        assert_eq!((dry.status.code(), case.profile().as_str()), (Some(0), PROFILE), "{}", said(&dry));
        let done = case.suppress(&id, source, &[]);
        assert_eq!(done.status.code(), Some(0), "{}", said(&done));
        assert_eq!(done.stdout, dry.stdout);
        let entry = String::from_utf8(done.stdout.clone()).unwrap();
        let expected = format!(
            "[[suppress]]\n# {id}\nreason = \"rig\"\nowner = \"SOC\"\nexpires = \"2027-01-31\"\nremote = \"11.22.33.44\"\n\
             host = \"DB01\"\nrule = \"ZBOT - HTTP (Request) - Variant 4\"\n"
        );
        assert_eq!(entry, expected);
        assert_eq!(case.profile(), format!("{PROFILE}\n\n{entry}"));
        let told = said(&done);
        for part in
            ["takes out 3 rows in 1 finding:", "before: 5 rows in 3 findings; after: 2 rows in 2 findings"]
        {
            assert!(told.contains(part), "{source}: {told}");
        }
        let model = case.model();
        assert_eq!(model["suppressions"][0]["state"], "unused");
        let used = &model["suppressions"][1];
        assert_eq!(
            (&used["rows"], &used["findings"], &used["taken"][0]["id"]),
            (&3.into(), &1.into(), &id.as_str().into())
        );
        assert!(case.report("json") == case.report("json"));
        let days = (used["expires"].as_str().unwrap(), used["last"].as_str().unwrap());
        assert_eq!(days, ("2027-02-01T00:00:00Z", "2027-01-31T23:59:59Z"));
        assert!(case.report("html").contains("<td><bdi>2027-01-31</bdi></td>"));
        let again = case.suppress(&id, source, &[]);
        assert_eq!(again.status.code(), Some(1));
        assert!(said(&again).contains("already") && said(&again).contains("hint: "), "{}", said(&again));
        assert_eq!(case.profile(), format!("{PROFILE}\n\n{entry}"));
    }
}

#[test]
fn entries_go_by_what_is_asked_and_by_time() {
    for (more, matches, effect) in [
        (&["--by", "remote"][..], "remote = \"11.22.33.44\"\n", "takes out 4 rows in 2 findings:"),
        (
            &["--by", "scenario,list"],
            "list = \"relevance-rule\"\nscenario = \"outbound-callback\"\n",
            "takes out 4 rows",
        ),
        (
            &["--by", "host", "--from", "2026-11-02", "--until", "2026-11-02"],
            "from = \"2026-11-02\"\nuntil = \"2026-11-02\"\nhost = \"DB01\"\n",
            "takes out at most 3 rows in 1 finding:",
        ),
        (
            &["--by", "host", "--from", "2026-11-02T08:30:00+01:00"],
            "from = \"2026-11-02T07:30:00Z\"\nhost = \"DB01\"\n",
            "takes out at most 3 rows in 1 finding:",
        ),
    ] {
        let case = Case::new("schema = 1\r\n");
        let id = case.finding("DB01");
        let exact = case.suppress(&id, "export.csv", &[more, &["--dry-run"]].concat());
        let done = case.suppress(&id, "report.json", more);
        assert!(said(&done).contains(effect), "{}", said(&done));
        let entry = String::from_utf8(done.stdout).unwrap();
        assert!(entry.ends_with(&format!("expires = \"2027-01-31\"\n{matches}")), "{entry}");
        assert_eq!(case.profile(), format!("schema = 1\r\n\r\n{}", entry.replace('\n', "\r\n")));
        // What the exports foretell is what the next report says.
        let rows = case.model()["suppressions"][0]["rows"].as_u64().unwrap();
        assert!(said(&exact).contains(&format!("takes out {rows} row")), "{rows} {}", said(&exact));
    }
}

#[test]
fn findings_that_are_accepted_alike_share_an_entry() {
    let case = Case::new(PROFILE);
    let (db, pc7) = (case.finding("DB01"), case.finding("PC7.lab.example"));
    let done = case.suppress(&db, "report.json", &["--by", "remote,rule", pc7.as_str(), db.as_str()]);
    let entry = String::from_utf8(done.stdout.clone()).unwrap();
    assert!(
        entry.contains(&format!("# {db}, {pc7}\n")) && entry.matches("[[suppress]]").count() == 1,
        "{entry}"
    );
    let case = Case::new(PROFILE);
    case.finding("DB01");
    let done = case.suppress(&db, "report.json", &[pc7.as_str()]);
    let entry = String::from_utf8(done.stdout.clone()).unwrap();
    assert_eq!(entry.matches("[[suppress]]").count(), 2, "{entry}");
    assert_eq!(case.model()["accounting"]["suppressed"], 4);
}

#[test]
fn what_is_wrong_is_told_and_nothing_is_written() {
    let case = Case::new(PROFILE);
    let id = case.finding("DB01");
    fs::write(case.at("cut.json"), &fs::read(case.at("report.json")).unwrap()[..900]).unwrap();
    for (id, source, more, says) in [
        ("F-0000000000", "report.json", &[][..], "F-0000000000 is not in "),
        ("F-0000000000", "export.csv", &[], "is not in these exports\nhint: "),
        ("F-12", "report.json", &[], "\"F-12\" is no finding's id\nhint: "),
        ("I-0000000000", "report.json", &[], "an incident is accepted by its findings"),
        (&id, "cut.json", &[], "seems to be cut off"),
        (&id, "report.json", &["--expires", "2026-11-01"], "is over already\nhint: "),
        (&id, "report.json", &["--expires", "soon"], "--expires: \"soon\" is no time"),
        (&id, "report.json", &["--reason", " "], "--reason says nothing"),
        (&id, "report.json", &["--from", "2026-11-03", "--until", "2026-11-01"], "--until is before --from"),
        (&id, "report.json", &["--by", "host", "-"], "can not come through a pipe\nhint: "),
    ] {
        let output = case.suppress(id, source, more);
        assert_eq!(output.status.code(), Some(1), "{says}");
        assert!(said(&output).contains(says), "{says} in {}", said(&output));
        assert_eq!(case.profile(), PROFILE);
    }
    assert_eq!(case.suppress(&id, "report.json", &["--by", "colour"]).status.code(), Some(2));
}

#[test]
fn hostile_texts_stay_texts_in_profile_terminal_and_reports() {
    let evil = "\"\"\"\n[[suppress]]\nhost = \"*\" # \u{1b}[31m\u{202e} <script>alert(1)</script> | {{ 7*7 }} =cmd()";
    let case = Case::new(PROFILE);
    let id = case.finding("DB01");
    let done = case.suppress(&id, "report.json", &["--reason", evil, "--owner", evil]);
    // The option of an owner is given twice, which is wrong use; once is right.
    assert_eq!(done.status.code(), Some(2));
    let done = case.suppress(&id, "report.json", &["--reason", evil]);
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    let shown = [done.stdout.clone(), done.stderr.clone()].concat();
    assert!(!shown.contains(&0x1b) && !String::from_utf8_lossy(&shown).contains('\u{202e}'));
    let profile = case.profile();
    assert!(profile.starts_with(PROFILE) && !profile.contains('\u{1b}'));
    let model = case.model();
    assert_eq!(model["suppressions"].as_array().unwrap().len(), 2);
    assert_eq!(model["suppressions"][1]["reason"], evil);
    let html = case.report("html");
    assert!(html.contains("&lt;script") && !html.contains("<script>alert"));
    assert!(!case.report("markdown").contains("<script>alert"));
}

#[test]
fn what_a_log_writes_is_never_taken_for_a_pattern() {
    let case = Case::new(PROFILE);
    let export = EXPORT.replace("PC8.lab.example", "*.lab.example");
    fs::write(case.at("export.csv"), export).unwrap();
    let id = case.finding("*.lab.example");
    let output = case.suppress(&id, "report.json", &[]);
    assert_eq!((output.status.code(), case.profile().as_str()), (Some(1), PROFILE));
    assert!(said(&output).contains("pattern") && said(&output).contains("--by"), "{}", said(&output));
    assert_eq!(case.suppress(&id, "report.json", &["--by", "remote,list"]).status.code(), Some(0));
}

#[test]
fn expired_and_unused_entries_are_named_in_every_format() {
    let entries = "schema = 1\n[[suppress]]\nreason = \"over\"\nhost = \"DB01\"\nexpires = \"2026-11-01\"\n\
                   [[suppress]]\nreason = \"idle\"\nhost = \"OLD01\"\n";
    let case = Case::new(entries);
    for (format, parts) in [
        ("markdown", ["Expired, not applied", "Unused: no row fits it"]),
        ("html", ["Expired, not applied", "Unused: no row fits it"]),
        ("json", ["\"state\":\"expired\"", "\"state\":\"unused\""]),
    ] {
        let text = case.report(format).replace('\\', "").replace("\": ", "\":");
        for part in parts.iter().chain(&["1 entry of accepted findings in the profile has expired"]) {
            assert!(text.contains(part), "{format}: {part}");
        }
    }
    let mut command = ringback(["triage", "-q", "-p"]);
    command.arg(case.at("client.toml")).arg(case.at("export.csv"));
    assert!(stdout(command).contains("has expired"));
}

#[cfg(unix)]
#[test]
fn a_linked_profile_stays_linked_and_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let case = Case::new(PROFILE);
    let id = case.finding("DB01");
    fs::rename(case.at("client.toml"), case.at("real.toml")).unwrap();
    std::os::unix::fs::symlink(case.at("real.toml"), case.at("client.toml")).unwrap();
    fs::set_permissions(case.at("real.toml"), fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(case.suppress(&id, "report.json", &[]).status.code(), Some(0));
    assert!(case.at("client.toml").symlink_metadata().unwrap().is_symlink());
    assert_eq!(fs::metadata(case.at("real.toml")).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::read_to_string(case.at("real.toml")).unwrap().len() > PROFILE.len());
    let left = fs::read_dir(case.folder.path()).unwrap().count();
    assert_eq!(left, 4, "no temporary file is left");
}
