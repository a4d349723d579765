//! What is known apart from the logs: techniques, processes, countries and operators, names of services, and reasons of
//! advice that speak of facts.

use crate::program::{reports, ringback, root, run, stdout};
use calamine::{Reader, Xlsx};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// An attack from outside, three calls and a scan inside.
const EXPORT: &str = "\
Date/Time,Endpoint,Domain,Process,Local IP and Port,Remote IP and Port,Result,Detected By,Traffic Direction,Policy version
11/24/2026 05:25:53,FILE01,CORP,System,198.51.100.21:445,30.10.3.7:56185,Logged,MS17-010 - Remote Code Execution - SMB (Request),Incoming,17.2
11/24/2026 05:25:54,PC7,CORP,C:\\Users\\x\\svchost.exe,10.0.0.7:50123,30.10.3.7:443,Logged,QAKBOT - HTTP (Request),Outgoing,17.2
11/24/2026 05:25:55,PC7,CORP,C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe,10.0.0.7:50124,45.1.2.3:80,Blocked,QAKBOT - HTTP (Request),Outgoing,17.2
11/24/2026 05:25:56,PC8,CORP,scvhost.exe,10.0.0.8:50124,[2a00::5]:443,Blocked,QAKBOT - HTTP (Request),Outgoing,17.2
11/24/2026 05:25:57,PC9,CORP,nginx.exe,10.0.0.9:50124,10.0.0.7:445,Logged,MS17-010 - Remote Code Execution - SMB (Request),Outgoing,17.2
";

const PROFILE: &str = "\
schema = 1
[networks]
own = [\"198.51.100.0/24\", \"10.0.0.0/8\"]
[exposure]
complete = true
[addresses]
databases = [\"country.mmdb\", \"asn.mmdb\"]
";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let fixtures = root().join("crates/context/fixtures/addresses");
    for name in ["country.mmdb", "asn.mmdb", "ipinfo.mmdb"] {
        fs::copy(fixtures.join(name), folder.path().join(name)).unwrap();
    }
    fs::write(folder.path().join("client.toml"), PROFILE).unwrap();
    fs::write(folder.path().join("export.csv"), EXPORT).unwrap();
    folder
}

fn arguments(folder: &Path, format: &str, more: &[&str]) -> Vec<PathBuf> {
    let words = ["report", "-q", "-f", format, "-p"].map(PathBuf::from);
    let files = [folder.join("client.toml"), folder.join("export.csv")];
    words.into_iter().chain(files).chain(more.iter().map(PathBuf::from)).collect()
}

fn model(folder: &Path, more: &[&str]) -> Value {
    serde_json::from_str(&stdout(ringback(arguments(folder, "json", more)))).unwrap()
}

fn of<'m>(model: &'m Value, list: &str, key: &str, value: &str) -> &'m Value {
    let rows = model[list].as_array().unwrap();
    rows.iter().find(|row| row[key] == value).unwrap_or_else(|| panic!("{value} in {list}"))
}

#[test]
fn incidents_name_techniques_services_and_processes() {
    let folder = folder();
    let model = model(folder.path(), &[]);
    assert_eq!(model["method"]["attack"], "Enterprise ATT&CK 18.0");
    for (host, techniques, service) in [
        ("FILE01", &["T1190"][..], Some("microsoft-ds")),
        ("PC7", &["T1059.001", "T1071.001"], None),
        ("PC8", &["T1071.001"], None),
        ("PC9", &["T1210"], None),
    ] {
        let incident = of(&model, "incidents", "host", host);
        let told = incident["techniques"].as_array().unwrap();
        assert_eq!(
            told.iter().map(|one| one["id"].as_str().unwrap()).collect::<Vec<_>>(),
            techniques,
            "{host}"
        );
        assert!(told.iter().all(|one| one["name"].as_str().is_some_and(|name| !name.is_empty())));
        assert_eq!(incident["service_name"].as_str(), service, "{host}");
    }
    for (host, part) in [
        ("PC7", "The caller is a shell (powershell.exe)"),
        ("PC7", r"svchost.exe runs from C:\Users\x\svchost.exe"),
        ("PC8", "scvhost.exe is one letter away from svchost.exe"),
        ("FILE01", "The process that was reached (System)"),
    ] {
        let notes = of(&model, "incidents", "host", host)["process_notes"].to_string().replace(r"\\", r"\");
        assert!(notes.contains(part), "{part} in {notes}");
    }
    assert_eq!(of(&model, "incidents", "host", "PC9")["process_notes"], serde_json::json!([]));
    let shell = of(&model, "findings", "remote", "45.1.2.3");
    assert_eq!((&shell["process_kind"], &shell["service_name"]), (&"shell".into(), &"http".into()));
}

#[test]
fn remote_public_addresses_have_countries_and_operators() {
    let folder = folder();
    for (language, country) in [("en", "France"), ("de", "Frankreich"), ("ja", "France")] {
        let model = model(folder.path(), &["--language", language]);
        let remote = of(&model, "remotes", "remote", "30.10.3.7");
        let told = [&remote["country"], &remote["country_name"], &remote["operator"]];
        assert_eq!(told, ["FR", country, "Example Hosting <b>SARL</b>"], "{language}");
        assert_eq!(remote["asn"], 64_500);
        let finding = of(&model, "findings", "remote", "2a00::5");
        assert_eq!((&finding["remote_asn"], &finding["remote_country"]), (&64_501.into(), &"FR".into()));
        // A private address is looked up nowhere.
        assert_eq!(of(&model, "remotes", "remote", "10.0.0.7")["country"], Value::Null);
    }
    let files = model(folder.path(), &[])["method"]["data_files"].clone();
    let told: Vec<String> = files
        .as_array()
        .unwrap()
        .iter()
        .map(|file| {
            assert_eq!(file["sha256"].as_str().unwrap().len(), 64);
            format!("{} {} {} {}", file["name"], file["kind"], file["detail"], file["date"]).replace('"', "")
        })
        .collect();
    assert_eq!(
        told,
        [
            "country.mmdb address-database GeoLite2-Country 2026-11-18T11:06:40Z",
            "asn.mmdb address-database GeoLite2-ASN 2026-11-18T11:06:40Z",
        ]
    );
}

#[test]
fn every_pack_shows_them_and_escapes_them() {
    let folder = folder();
    let markdown = stdout(ringback(arguments(folder.path(), "markdown", &[]))).replace('\\', "");
    let html = stdout(ringback(arguments(folder.path(), "html", &[])));
    for text in [&markdown, &html] {
        for part in [
            "T1071.001 Application Layer Protocol: Web Protocols",
            "445 (microsoft-ds)",
            "France (FR), AS64500",
            "Enterprise ATT&amp;CK 18.0",
            "GeoLite2-ASN",
            "The caller is a shell",
        ] {
            assert!(text.contains(part), "{part}");
        }
        assert!(!text.contains("<b>SARL") && text.contains("&lt;b&gt;SARL"));
    }
    let out = folder.path().join("report.xlsx");
    let more = ["-o", out.to_str().unwrap()];
    stdout(ringback(arguments(folder.path(), "xlsx", &more)));
    let mut book: Xlsx<_> = calamine::open_workbook(&out).unwrap();
    let cells: Vec<String> = book
        .worksheets()
        .into_iter()
        .flat_map(|(_, sheet)| sheet.used_cells().map(|(_, _, cell)| cell.to_string()).collect::<Vec<_>>())
        .collect();
    for part in [
        "Country",
        "Example Hosting <b>SARL</b>",
        "T1210",
        "445 (microsoft-ds)",
        "address-database: GeoLite2-ASN",
    ] {
        assert!(cells.iter().any(|cell| cell == part), "{part}");
    }
}

#[test]
fn reasons_of_advice_speak_of_the_facts() {
    let folder = folder();
    for (language, expected) in [
        (
            "en",
            "because the profile's list of public services is complete and does not hold 445 (microsoft-ds) on FILE01",
        ),
        (
            "de",
            "weil die Liste der öffentlichen Dienste im Profil vollständig ist und den Dienst 445 (microsoft-ds) auf FILE01 nicht enthält",
        ),
        (
            "ja",
            "プロファイルの公開サービスの一覧が完全であり、FILE01のサービス445 (microsoft-ds)が含まれていないため",
        ),
    ] {
        let model = model(folder.path(), &["--language", language]);
        let advice = of(&model, "incidents", "host", "FILE01")["advice"].clone();
        let step =
            advice.as_array().unwrap().iter().find(|step| step["id"] == "inbound-why-reached").unwrap();
        assert_eq!(step["why"], expected);
    }
}

#[test]
fn databases_that_are_wrong_end_the_run_with_a_hint() {
    for (change, says) in [
        ("cut", "no database in MaxMind's format"),
        ("text", "no database in MaxMind's format"),
        ("gone", "names of files are relative to the profile's folder"),
    ] {
        let folder = folder();
        let file = folder.path().join("asn.mmdb");
        match change {
            "cut" => fs::write(&file, &fs::read(&file).unwrap()[..200]).unwrap(),
            "text" => fs::write(&file, "network,asn\n").unwrap(),
            _ => fs::remove_file(&file).unwrap(),
        }
        let output = run(ringback(arguments(folder.path(), "json", &[])));
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(
            said.contains(says) && said.contains("asn.mmdb") && said.contains("hint: "),
            "{says} in {said}"
        );
    }
}

#[test]
fn the_html_of_the_examples_stays_small() {
    let folder = reports("html", "2");
    let size = fs::metadata(folder.path().join("report.html")).unwrap().len();
    assert!(size < 1_000_000, "{size}");
}
