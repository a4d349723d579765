//! Files that a profile names: reports of scanners, scans from outside, the catalogue of what is exploited.

use crate::program::{ringback, run, stdout};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// Attacks on five hosts from outside, as a console logged them.
const EXPORT: &str = "\
Date/Time,Endpoint,Domain,Process,Local IP and Port,Remote IP and Port,Result,Detected By,Traffic Direction,Policy version
11/24/2026 05:25:53,FILE01,CORP,System,198.51.100.21:445,30.10.3.7:56185,Logged,MS17-010 - Remote Code Execution - SMB (Request),Incoming,17.2
11/24/2026 05:25:54,FILE02,CORP,System,198.51.100.22:445,30.10.3.7:56186,Logged,MS17-010 - Remote Code Execution - SMB (Request),Incoming,17.2
11/24/2026 05:25:55,FILE03,CORP,System,198.51.100.23:445,30.10.3.7:56187,Blocked,MS17-010 - Remote Code Execution - SMB (Request),Incoming,17.2
11/24/2026 05:25:56,WEB02,CORP,nginx.exe,198.51.100.24:443,30.10.3.7:56188,Logged,CVE-2017-5638 - APACHE STRUTS EXPLOIT - HTTP (Request),Incoming,17.2
11/24/2026 05:25:57,WEB03,CORP,nginx.exe,198.51.100.25:443,30.10.3.7:56189,Logged,CVE-2017-5638 - APACHE STRUTS EXPLOIT - HTTP (Request),Incoming,17.2
";

const PROFILE: &str = "\
schema = 1
[networks]
own = [\"198.51.100.0/24\"]
[exposure]
complete = true
scans = [\"scans/outside.xml\"]
[[exposure.published]]
network = \"198.51.100.24/31\"
ports = [\"tcp/443\"]
[vulnerabilities]
files = [\"scans/nessus.csv\", \"scans/list.csv\", { file = \"scans/trivy.json\", host = \"WEB02\" }]
known_exploited = \"kev.json\"
";

const FILES: &[(&str, &str)] = &[
    ("client.toml", PROFILE),
    ("export.csv", EXPORT),
    // The scanner names a CVE id and the full name, the rule a bulletin, the log the short name.
    (
        "scans/nessus.csv",
        "Plugin ID,CVE,Risk,Host\n1,CVE-2017-0144,Critical,file01.corp.example\n2,,None,file01\n",
    ),
    ("scans/list.csv", "host,cve,state\n198.51.100.22,MS17-010,not-vulnerable\n"),
    (
        "scans/trivy.json",
        r#"{"SchemaVersion":2,"ArtifactName":"shop:1","ArtifactType":"container_image",
        "Results":[{"Vulnerabilities":[{"VulnerabilityID":"CVE-2017-5638"}]}]}"#,
    ),
    (
        "kev.json",
        r#"{"catalogVersion":"2026.11.20","dateReleased":"2026-11-20T15:00:00Z","count":2,"vulnerabilities":[
        {"cveID":"CVE-2017-0144","dateAdded":"2022-02-10","dueDate":"2022-08-10","knownRansomwareCampaignUse":"Known"},
        {"cveID":"CVE-2017-5638","dateAdded":"2021-11-03","dueDate":"2022-05-03","knownRansomwareCampaignUse":"Unknown"}]}"#,
    ),
    (
        "scans/outside.xml",
        r#"<?xml version="1.0"?><!DOCTYPE nmaprun><nmaprun start="1795000000"><host><address addr="198.51.100.21"/><ports>
        <port protocol="tcp" portid="445"><state state="open"/></port></ports></host></nmaprun>"#,
    ),
];

/// A folder with all files; a text of one of them is replaced.
fn folder(change: Option<(&str, &str, &str)>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("scans")).unwrap();
    for (name, text) in FILES {
        let text = match change {
            Some((changed, from, to)) if changed == *name => {
                assert!(text.contains(from), "{from}");
                text.replace(from, to)
            }
            _ => (*text).to_owned(),
        };
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn arguments(folder: &tempfile::TempDir, format: &str) -> Vec<PathBuf> {
    let at = |name: &str| folder.path().join(name);
    let words = ["report", "-q", "-f", format, "-p"].map(PathBuf::from);
    words.into_iter().chain([at("client.toml"), at("export.csv")]).collect()
}

fn model(folder: &tempfile::TempDir) -> Value {
    serde_json::from_str(&stdout(ringback(arguments(folder, "json")))).unwrap()
}

fn finding<'m>(model: &'m Value, endpoint: &str) -> &'m Value {
    let findings = model["findings"].as_array().unwrap();
    findings.iter().find(|finding| finding["endpoint"] == endpoint).unwrap()
}

#[test]
fn what_tools_say_reaches_verdicts_and_reasons() {
    let model = model(&folder(None));
    for (endpoint, vulnerable, severity, due, key) in [
        ("FILE01", "yes", "critical", "2022-08-10", "exposure.closed-but-open"),
        ("FILE02", "no", "high", "2022-08-10", "exposure.closed-but-reached"),
        ("FILE03", "unknown", "medium", "2022-08-10", "known-exploited.ransomware"),
        ("WEB02", "yes", "critical", "2022-05-03", "known-exploited.due"),
        ("WEB03", "unknown", "high", "2022-05-03", "exposure.published"),
    ] {
        let found = finding(&model, endpoint);
        let told = [&found["vulnerable"], &found["severity"], &found["known_exploited_due"]];
        assert_eq!(told, [vulnerable, severity, due], "{endpoint} {:#}", found["reasons"]);
        assert!(found["reason_keys"].as_array().unwrap().contains(&key.into()), "{endpoint} {found:#}");
        let ransomware = endpoint.starts_with("FILE");
        assert_eq!(found["known_exploited_ransomware"], ransomware, "{endpoint}");
    }
    assert_eq!(finding(&model, "FILE01")["known_exploited"], serde_json::json!(["CVE-2017-0144"]));
}

#[test]
fn a_scan_that_contradicts_the_profile_is_a_statement_and_a_question() {
    let told = model(&folder(None));
    let statements = told["summary"]["statements"].to_string();
    assert!(statements.contains("1 more service open: 198.51.100.21 tcp/445"), "{statements}");
    assert!(
        statements.contains("5 rows aim at vulnerabilities that are known to be exploited"),
        "{statements}"
    );
    let asked = |model: &Value| {
        let questions = model["questions"].as_array().unwrap();
        questions.iter().find(|question| question["id"] == "open-though-closed").cloned()
    };
    let question = asked(&told).unwrap();
    assert_eq!(question["settles"]["rows"], 1);
    // The answer settles it: what is published contradicts nothing.
    let answer = format!("ports = [\"tcp/443\"]\n{}", question["toml"].as_str().unwrap());
    let answered = model(&folder(Some(("client.toml", "ports = [\"tcp/443\"]\n", &answer))));
    assert_eq!(asked(&answered), None);
    assert_eq!(finding(&answered, "FILE01")["exposure"], "published");
    // A list that is not complete closes nothing; what is open is said of the finding alone.
    let partial = model(&folder(Some(("client.toml", "complete = true", "complete = false"))));
    let found = finding(&partial, "FILE01");
    assert_eq!((&found["exposure"], &found["reached"]), (&"unknown".into(), &true.into()));
    assert!(found["reason_keys"].as_array().unwrap().contains(&"exposure.open".into()), "{found:#}");
    assert_eq!(asked(&partial), None);
}

#[test]
fn the_method_names_every_file_with_its_hash() {
    let folder = folder(None);
    let model = model(&folder);
    let told: Vec<String> = model["method"]["data_files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| {
            assert_eq!(file["sha256"].as_str().unwrap().len(), 64);
            format!("{} {} {}/{} {}", file["name"], file["kind"], file["used"], file["records"], file["date"])
        })
        .collect();
    assert_eq!(
        told.join("\n").replace('"', ""),
        "scans/nessus.csv nessus-csv 1/2 null\nscans/list.csv host-list 1/1 null\n\
         scans/trivy.json trivy-json 1/1 null\nkev.json known-exploited 2/2 2026-11-20T15:00:00Z\n\
         scans/outside.xml nmap-xml 1/1 2026-11-18T11:06:40Z"
    );
    for format in ["markdown", "html"] {
        let text = stdout(ringback(arguments(&folder, format)));
        for part in
            ["scans/nessus.csv", "1 of 2 records used", "the catalogue asks for its remedy by 2022-08-10"]
        {
            let plain = text.replace('\\', "");
            assert!(plain.contains(part), "{format} {part}");
        }
    }
    let checked = stdout(ringback(["profile", "check", folder.path().join("client.toml").to_str().unwrap()]));
    for part in ["1 services found open", "2 vulnerabilities known", "nessus-csv, 1 of 2 records used"] {
        assert!(checked.contains(part), "{part} in {checked}");
    }
}

#[test]
fn files_that_are_wrong_end_the_run_with_their_place() {
    for (name, from, to, says) in [
        ("scans/nessus.csv", "CVE-2017-0144", "n/a", "line 2: \"n/a\" is no CVE id"),
        ("scans/list.csv", "not-vulnerable", "safe", "line 2: \"safe\" is no state"),
        ("scans/trivy.json", "}]}]}", "", "the file seems to be cut short"),
        ("kev.json", "\"count\":2", "\"count\":7", "it says that it has 7 entries, and has 2"),
        ("scans/outside.xml", "<!DOCTYPE nmaprun>", "<!DOCTYPE x [<!ENTITY e \"x\">]>", "declares something"),
        ("client.toml", "kev.json", "vek.json", "hint: names of files are relative to the profile's folder"),
    ] {
        let folder = folder(Some((name, from, to)));
        let output = run(ringback(arguments(&folder, "json")));
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}: {said}");
        assert!(said.contains(says) && said.contains("client.toml)"), "{says:?} in {said}");
    }
}
