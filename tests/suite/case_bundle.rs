//! `case`: the bundle for a vendor's support, whole and redacted.

use crate::program::{exports, profile, ringback, run, stderr, stdout};
use aho_corasick::AhoCorasick;
use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A key of no one.
const KEY: &str = "6b6579206f66206120746573742c206e6f7420666f7220616e796f6e65207265";

/// What a redacted bundle must not hold, to be looked for at once.
struct Originals(AhoCorasick);

/// The bundle of some exports, made with more arguments.
fn bundle(paths: &[PathBuf], more: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.zip");
    let mut command = ringback(["case", "-q", "-o"]);
    command.arg(&path).arg("-p").arg(profile()).args(more).args(paths);
    stdout(command);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is written");
    fs::read(path).unwrap()
}

/// Every file of an archive by name.
fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|number| {
            let mut file = archive.by_index(number).unwrap();
            let mut content = Vec::new();
            let name = file.name().unwrap().into_owned();
            file.read_to_end(&mut content).unwrap();
            (name, content)
        })
        .collect()
}

fn file<'f>(files: &'f [(String, Vec<u8>)], name: &str) -> &'f [u8] {
    &files.iter().find(|(other, _)| other == name).unwrap_or_else(|| panic!("no {name}")).1
}

fn key_file() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.key");
    fs::write(&path, KEY).unwrap();
    (folder, path)
}

#[test]
fn a_bundle_holds_all_and_its_manifest_is_right() {
    let bytes = bundle(&[exports()], &["--threads", "1"]);
    assert_eq!(bytes, bundle(&[exports()], &["--threads", "4"]), "the same bytes again");
    let files = unpacked(&bytes);
    let manifest: serde_json::Value = serde_json::from_slice(file(&files, "manifest.json")).unwrap();
    let told = manifest["files"].as_array().unwrap();
    assert_eq!(told.len() + 1, files.len());
    let readable = String::from_utf8(file(&files, "MANIFEST.txt").to_vec()).unwrap();
    for one in told {
        let name = one["name"].as_str().unwrap();
        let content = file(&files, name);
        let sha256 = ringback_model::sha256(content);
        assert_eq!(
            (&one["sha256"], &one["bytes"]),
            (&sha256.clone().into(), &content.len().into()),
            "{name}"
        );
        assert!(name == "MANIFEST.txt" || readable.contains(&sha256), "{name}");
    }
    for name in ["report.md", "report.html", "report.xlsx", "case.txt", "findings.csv", "rejects.csv"] {
        assert!(file(&files, name).len() > 20, "{name}");
    }
    let export = "harbour/osce01-ncie.csv";
    assert_eq!(file(&files, &format!("exports/{export}")), fs::read(exports().join(export)).unwrap());
}

#[test]
fn of_exports_all_some_or_none_is_in_it() {
    let harbour = [exports().join("harbour")];
    let rows = |files: &[(String, Vec<u8>)]| {
        csv::Reader::from_reader(file(files, "exports/rows.csv")).records().count()
    };
    let none = unpacked(&bundle(&harbour, &["--exports", "none", "-f", "json"]));
    assert!(none.iter().all(|(name, _)| !name.starts_with("exports/")));
    let report: serde_json::Value = serde_json::from_slice(file(&none, "report.json")).unwrap();
    let matching = unpacked(&bundle(&harbour, &["--exports", "matching", "-f", "json"]));
    assert_eq!(rows(&matching) as u64, report["accounting"]["in_findings"].as_u64().unwrap());
    let whole = unpacked(&bundle(&harbour, &["--redact", "-f", "json"]));
    let accounting = &report["accounting"];
    let expected = ["in_findings", "suppressed", "duplicate"].map(|key| accounting[key].as_u64().unwrap());
    assert_eq!(rows(&whole) as u64, expected.iter().sum::<u64>());
}

/// Exports with names and addresses in every spelling and place.
fn nasty() -> TempDir {
    const HEADING: &str = "Date/Time,User,Compromised Host,IP Address,Domain,Callback Address,C&C List Source,C&C Risk Level,Protocol,Process,Action";
    const ROWS: &[&str] = &[
        r"10/02/2026 05:21:44,ZEBRADOM\q.zebrauser,ZEBRAHOST.zebra.example,fd00:dead:0:0::77,ZEBRADOM,http://evil.example/?h=zebrahost&u=q.zebrauser&ip=10.77.66.55,Global Intelligence,Medium,TCP,C:\Users\okapiuser\AppData\x.exe,Blocked",
        r"10/02/2026 06:21:44,q.zebrauser@zebra.example,zebrahost,10.77.66.55,zebra.example,http://evil.example/%5AEBRAHOST/%31%30.77.66.55/10-77-66-55,Global Intelligence,Medium,TCP,\\ZEBRAFILES\ZEBRASHARE\run.exe,Logged",
        r"10/02/2026 07:21:44,ZEBRADOM\ZEBRAHOST$,Zebrahost,::ffff:10.77.66.55,ZEBRADOM,http://zebra-intern.corp.example/okapi@zebra.example,Global Intelligence,High,TCP,/home/okapiuser/x,Logged",
        r"not a time,ZEBRADOM\giraffeuser,GIRAFFEHOST,10.77.66.44,ZEBRADOM,evil.example,Global Intelligence,High,TCP,x,Logged",
    ];
    let folder = tempfile::tempdir().unwrap();
    let text = |from: &str, to: &str| [&[HEADING], ROWS].concat().join("\r\n").replace(from, to) + "\r\n";
    fs::create_dir(folder.path().join("gnufolder")).unwrap();
    fs::write(folder.path().join("gnufolder/gnufile callbacks.csv"), text("", "")).unwrap();
    let utf16 = text("ZEBRAHOST", "YAKHOST").replace("zebrahost", "yakhost").replace("Zebrahost", "Yakhost");
    let bytes: Vec<u8> =
        std::iter::once(0xfeff).chain(utf16.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("gnufolder/wide.csv"), bytes).unwrap();
    folder
}

/// What of the nasty exports must be gone.
const GONE: &[&str] = &[
    "zebradom",
    "q.zebrauser",
    "zebrauser",
    "zebrahost",
    "zebra",
    "yakhost",
    "zebrafiles",
    "zebrashare",
    "okapiuser",
    "okapi",
    "giraffehost",
    "giraffeuser",
    "gnufolder",
    "gnufile",
    "fd00:dead::77",
    "fd00:dead:0:0::77",
    "10.77.66.55",
    "10-77-66-55",
    "10.77.66.44",
    // Of the profile and of the example exports.
    "harbour",
    "stadtwerke",
    "miyako",
    "example consulting",
    "corp.example",
    "osce01-ncie",
    "apex-west",
];

/// What the program reads of exports as the client's.
fn originals(paths: &[PathBuf]) -> BTreeSet<String> {
    let mut command = ringback(["events", "-q", "-p"]);
    command.arg(profile()).args(paths);
    let mut all: BTreeSet<String> = GONE.iter().map(|gone| (*gone).to_owned()).collect();
    for line in stdout(command).lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        let own = event["remote_scope"] == "own";
        for key in ["endpoint", "domain", "user", "console", "local_ip"]
            .into_iter()
            .chain(own.then_some("remote_ip"))
        {
            let text = event[key].as_str().unwrap_or_default().to_lowercase();
            all.extend(text.split(['\\', '@']).map(str::to_owned));
            all.insert(text);
        }
    }
    let nobody = ["", "system", "nt authority", "0.0.0.0", "127.0.0.1", "::1"];
    all.retain(|text| !nobody.contains(&text.as_str()) && text.len() > 1);
    all
}

/// The first original that stands in a text by itself, with what is before it.
fn found(text: &str, originals: &Originals) -> Option<String> {
    let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let alone = |at: usize, end: usize| {
        let after = &text[end..];
        let goes_on =
            after.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        !joins(text[..at].chars().next_back()) && !joins(after.chars().next()) && !goes_on
    };
    let matches = &mut originals.0.find_overlapping_iter(text);
    matches.find(|one| alone(one.start(), one.end())).map(|one| {
        let before: Vec<char> = text[..one.start()].chars().rev().take(80).collect();
        format!("{:?} after {:?}", &text[one.range()], before.iter().rev().collect::<String>())
    })
}

/// Every text in some bytes: as they are, as UTF-16, without percent encoding, and what base64 in it holds.
fn texts(bytes: &[u8]) -> Vec<String> {
    let plain = String::from_utf8_lossy(bytes).to_lowercase();
    let wide = |from: usize| {
        let units: Vec<u16> = bytes[from.min(bytes.len())..]
            .chunks_exact(2)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
            .collect();
        String::from_utf16_lossy(&units).to_lowercase()
    };
    let mut texts = vec![wide(0), wide(1)];
    let decoded = plain.replace("%2e", ".").replace("%31", "1").replace("%30", "0").replace("%5a", "z");
    texts.extend([decoded, plain]);
    texts
}

/// Looks into every file, archives in it too.
fn assert_gone(name: &str, bytes: &[u8], originals: &Originals) {
    if bytes.starts_with(b"PK\x03\x04") {
        for (inner, content) in unpacked(bytes) {
            assert_gone(&format!("{name}!{inner}"), &content, originals);
        }
        return;
    }
    for text in texts(name.as_bytes()).iter().chain(&texts(bytes)) {
        if let Some(found) = found(text, originals) {
            panic!("{name} holds {found}");
        }
    }
}

/// Survives: names and addresses of a client in any field, spelling or encoding of an export, in a redacted bundle | no byte of
/// any file in it, through all archives, holds one; remote public addresses are as logged
#[test]
fn a_redacted_bundle_names_nobody() {
    let nasty = nasty();
    let paths = [exports(), nasty.path().to_owned()];
    let (_folder, key) = key_file();
    let formats = "markdown,html,xlsx,json,brief,jira,ioc,stix,misp,ocsf";
    let originals = originals(&paths);
    assert!(originals.len() > 60, "{originals:?}");
    let told = format!("of {}, too", originals.first().unwrap());
    let originals = Originals(AhoCorasick::new(&originals).unwrap());
    assert!(found(&told, &originals).is_some() && found(&told.replace(',', "9"), &originals).is_none());
    let args = ["--redact", "--key-file", key.to_str().unwrap(), "-f", formats];
    let bytes = bundle(&paths, &args);
    assert_eq!(bytes, bundle(&paths, &[&args[..], &["--threads", "1"]].concat()));
    for (name, content) in unpacked(&bytes) {
        assert_gone(&name, &content, &originals);
        if name == "report.json" {
            let text = String::from_utf8(content).unwrap();
            assert!(text.contains("11.22.33.5") && text.contains("evil.example"));
        }
    }
}

#[test]
fn figures_stay_and_the_key_decides() {
    let harbour = [exports().join("harbour")];
    let (_folder, key) = key_file();
    let json = |more: &[&str]| -> serde_json::Value {
        let files = unpacked(&bundle(&harbour, &[&["-f", "json", "--exports", "none"], more].concat()));
        serde_json::from_slice(file(&files, "report.json")).unwrap()
    };
    let plain = json(&[]);
    let kept = json(&["--redact", "--key-file", key.to_str().unwrap()]);
    assert_eq!(plain["period"], kept["period"]);
    let over_time = |report: &serde_json::Value| {
        let mut timeline = report["timeline"].clone();
        for (host, listed) in
            timeline["hosts"].as_array_mut().unwrap().iter_mut().zip(report["hosts"].as_array().unwrap())
        {
            assert_eq!(host["host"], listed["host"]);
            host["host"] = serde_json::Value::Null;
        }
        timeline
    };
    assert_eq!(over_time(&plain), over_time(&kept));
    let figures = |report: &serde_json::Value| {
        let mut summary = report["summary"].clone();
        summary["statements"] = serde_json::Value::Null;
        summary
    };
    assert_eq!(figures(&plain), figures(&kept));
    let other = json(&["--redact"]);
    assert_ne!(kept["hosts"][0]["host"], other["hosts"][0]["host"]);
    assert_eq!(kept, json(&["--redact", "--key-file", key.to_str().unwrap()]));
}

/// Survives: a run for a bundle that fails | no half archive is left, and one that was there stays
#[test]
fn a_bundle_is_whole_or_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.zip");
    let failing = |more: &[&str], input: &Path| {
        let mut command = ringback(["case", "-q", "-o"]);
        command.arg(&path).args(more).arg(input);
        let output = run(command);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        stderr(&output)
    };
    failing(&[], Path::new("/nowhere/at/all"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    fs::write(&path, "old").unwrap();
    assert!(failing(&[], &exports()).contains("--force"));
    failing(&["--redact", "--key-file", path.to_str().unwrap(), "--force"], &exports());
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
