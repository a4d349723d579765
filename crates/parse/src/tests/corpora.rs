//! Public samples, where they are at hand: delimited text, and what vendors' documents and forensic tools show of logs.

use super::layouts::told;
use crate::Layouts;
use crate::records::Records;
use std::path::{Path, PathBuf};

/// Samples of logs: the file, and the lines that what was read of it must have, in this order.
const SAMPLES: &[(&str, &[&str])] = &[
    (
        "vendor-docs-samples/apex-central-cef.log",
        &[
            "cef UTF-8 None heading in line 0 zone layout",
            "row apex-central-cef-cnc-callback 2017-10-11T06:34:09Z",
            "  10.201.86.187 -> 10.201.86.195; none unknown blocked",
            "  virtual-analyzer callback risk low rule \"\" cve \"\" family \"\"",
            "row apex-central-cef-suspicious-connection 2017-10-11T06:34:06Z",
            "  10.201.86.152 port 54594 -> 10.69.81.64 port 80; none request logged",
            "  user-defined callback risk unknown rule \"Malicious_identified_CnC_querying_on_UDP_detected\" cve \"\" family \"\"",
        ],
    ),
    (
        // Its addresses are masked, so that the notification is recognised and its only row rejected.
        "vendor-docs-samples/officescan-email-notification.txt",
        &["mail UTF-8 None heading in line 0 zone assumed", "reject bad-address record 1 "],
    ),
    (
        "plaso/test_data/OfcUrlf.log",
        &[
            "positions UTF-8 None heading in line 0 zone assumed",
            "row officescan-agent-web-reputation 2018-01-23T13:16:04Z",
            "  - -> http://www.eicar.org/download/eicar.com; outgoing request unknown",
            "  web-reputation callback risk unknown rule \"Malware Accomplice\" cve \"\" family \"\"",
            "row officescan-agent-web-reputation 2018-01-23T13:16:22Z",
            "row officescan-agent-web-reputation 2018-01-23T13:17:02Z",
            "row officescan-agent-web-reputation 2018-01-23T13:17:42Z",
        ],
    ),
    // The agent's virus log is another log in the same format.
    (
        "plaso/test_data/pccnt35.log",
        &["error it fits no layout; the nearest is officescan-agent-web-reputation"],
    ),
];

/// The folder of the samples, where it is there: that of `RINGBACK_PUBLIC_DATA`, else the one beside the project.
fn samples() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("RINGBACK_PUBLIC_DATA").map_or_else(beside, PathBuf::from);
    if !folder.is_dir() {
        println!("skipped: no samples at {}", folder.display());
        return None;
    }
    Some(folder)
}

#[test]
fn public_samples_of_logs_are_read() {
    let Some(folder) = samples() else { return };
    let layouts = Layouts::builtin().unwrap();
    for (name, lines) in SAMPLES {
        let told = told(&std::fs::read(folder.join(name)).unwrap(), &layouts);
        let mut rest = told.lines();
        for line in *lines {
            assert!(rest.any(|said| said.starts_with(line)), "{name} says {line:?} in its place:\n{told}");
        }
        let rows = lines.iter().filter(|line| line.starts_with("row ")).count();
        assert_eq!(told.lines().filter(|line| line.starts_with("row ")).count(), rows, "{name}:\n{told}");
    }
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "csv") {
            found.push(path);
        }
    }
}

#[test]
fn records_of_public_samples_are_those_of_csv() {
    let Some(folder) = samples() else { return };
    let mut found = Vec::new();
    files(&folder, &mut found);
    assert!(!found.is_empty(), "there are samples");
    for path in found {
        let bytes = std::fs::read(&path).unwrap();
        for delimiter in *b",;\t|" {
            let mut reader = csv::ReaderBuilder::new();
            let mut reader =
                reader.has_headers(false).flexible(true).delimiter(delimiter).from_reader(&bytes[..]);
            let mut theirs = reader.byte_records();
            let mut ours = Records::new(&bytes[..], delimiter);
            while let Some(record) = ours.next().unwrap() {
                let their = theirs.next().expect("csv has as many records").unwrap();
                assert!(record.iter().eq(their.iter()), "{} at line {}", path.display(), record.line);
            }
            assert!(theirs.next().is_none(), "{}", path.display());
        }
    }
}
