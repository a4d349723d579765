//! What holds an export makes no difference: gzip, zip, workbooks and pipes tell what the plain files tell, and what can
//! not be read, or not to its end, is named.

use crate::program::{exports, profile, ringback, run, stdout};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A file in memory: its name and its bytes.
type File = (String, Vec<u8>);

const HEADINGS: &str = "Date/Time,Endpoint,Local IP,Remote IP,Result,List Source,Traffic Direction\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(files: &[File]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The example exports.
fn examples() -> Vec<File> {
    let mut files = Vec::new();
    for client in ["harbour", "miyako", "stadtwerke"] {
        for entry in std::fs::read_dir(exports().join(client)).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{client}/{}", path.file_name().unwrap().to_str().unwrap());
            files.push((name, std::fs::read(path).unwrap()));
        }
    }
    files.sort();
    files
}

fn folder(files: &[File]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    folder
}

/// Runs with bytes on standard input.
fn fed(mut command: Command, bytes: Vec<u8>) -> Output {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || _ = input.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    output
}

fn report(paths: &[&Path]) -> Command {
    let mut command = ringback(["report", "-q", "-f", "json", "-p"]);
    command.arg(profile()).args(paths);
    command
}

fn parsed(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What a report tells, apart from where it was read.
fn told(mut model: Value) -> Value {
    for finding in model["findings"].as_array_mut().unwrap() {
        let evidence = finding["evidence"].as_array().unwrap().len();
        finding["evidence"] = evidence.into();
    }
    let accounting = model["accounting"].as_object_mut().unwrap();
    accounting.retain(|_, value| value.is_u64());
    let parts =
        ["period", "findings", "incidents", "hosts", "remotes", "timeline", "accounting", "suppressions"];
    parts.iter().map(|part| ((*part).to_owned(), model[*part].take())).collect()
}

fn assert_same(expected: &Value, model: Value, arrangement: &str) {
    let told = told(model);
    for (part, value) in expected.as_object().unwrap() {
        assert!(*value == told[part], "{arrangement}: {part} differs:\n{value}\n{}", told[part]);
    }
}

fn containers(model: &Value) -> Vec<(&str, &str)> {
    let inputs = model["inputs"].as_array().unwrap().iter();
    inputs.map(|input| (input["name"].as_str().unwrap(), input["container"].as_str().unwrap())).collect()
}

#[test]
fn any_container_tells_what_the_plain_files_tell() {
    let files = examples();
    let plain = folder(&files);
    let expected = told(parsed(&run(report(&[plain.path()]))));
    let packed: Vec<File> = files.iter().map(|(name, bytes)| (format!("{name}.gz"), gzip(bytes))).collect();
    let whole = zip(&files);
    for (arrangement, files, container) in [
        ("each gzipped", packed.clone(), "gzip"),
        ("all in one zip", vec![("all.zip".to_owned(), whole.clone())], "zip"),
        ("gzipped in a zip", vec![("all.zip".to_owned(), zip(&packed))], "zip+gzip"),
        ("zip in zip", vec![("all.zip".to_owned(), zip(&[("in.zip".to_owned(), whole.clone())]))], "zip+zip"),
        ("without its ending", vec![("all.log".to_owned(), whole.clone())], "zip"),
    ] {
        let folder = folder(&files);
        let model = parsed(&run(report(&[folder.path()])));
        let all = containers(&model);
        assert!(all.iter().all(|(_, one)| *one == container), "{arrangement}: {all:?}");
        assert_same(&expected, model, arrangement);
    }
    let model = parsed(&fed(report(&[Path::new("-")]), whole));
    assert_eq!(containers(&model)[0], ("-/harbour/osce01-callback.csv", "pipe+zip"));
    assert_same(&expected, model, "a zip on a pipe");
}

#[test]
fn any_export_may_come_through_a_pipe() {
    let files = examples();
    let plain = folder(&files);
    let expected = told(parsed(&run(report(&[plain.path()]))));
    for (number, (name, bytes)) in files.iter().enumerate() {
        let rest = folder(&[&files[..number], &files[number + 1..]].concat());
        let paths = [rest.path(), Path::new("-")];
        let (bytes, container) =
            if number % 2 == 0 { (bytes.clone(), "pipe") } else { (gzip(bytes), "pipe+gzip") };
        let size = bytes.len() as u64;
        let model = parsed(&fed(report(&paths), bytes));
        assert_eq!(containers(&model)[0], ("-", container), "{name}");
        let input = &model["inputs"][0];
        assert_eq!((input["size"].as_u64(), input["sha256"].as_str().map(str::len)), (Some(size), Some(64)));
        assert_same(&expected, model, name);
    }
}

#[cfg(unix)]
#[test]
fn named_pipes_are_inputs_too() {
    let files = examples();
    let plain = folder(&files);
    let expected = told(parsed(&run(report(&[plain.path()]))));
    let rest = folder(&files[3..]);
    let pipes: Vec<PathBuf> = ["one", "two"].map(|name| rest.path().join(name)).into();
    let feeders: Vec<_> = pipes
        .iter()
        .zip(&files[1..])
        .map(|(path, (_, bytes))| {
            assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
            let (path, bytes) = (path.clone(), bytes.clone());
            std::thread::spawn(move || std::fs::write(path, bytes).unwrap())
        })
        .collect();
    let paths = [rest.path(), &pipes[1], &pipes[0], Path::new("-")];
    let model = parsed(&fed(report(&paths), files[0].1.clone()));
    for feeder in feeders {
        feeder.join().unwrap();
    }
    let all = containers(&model);
    assert_eq!((all[0], all.iter().filter(|(_, one)| *one == "pipe").count()), (("-", "pipe"), 3));
    assert_same(&expected, model, "three pipes");
}

#[test]
fn events_of_a_pipe_are_those_of_the_file() {
    let (name, bytes) = &examples()[1];
    let folder = folder(&[(name.clone(), bytes.clone())]);
    let events = |path: &Path| {
        let mut command = ringback(["events", "-q", "-f", "jsonl", "-p"]);
        command.arg(profile()).arg(path);
        command
    };
    let file = stdout(events(&folder.path().join(name)));
    let pipe = fed(events(Path::new("-")), gzip(bytes));
    let base = format!("\"source\":\"{}\"", name.rsplit('/').next().unwrap());
    assert!(file.contains(&base));
    assert_eq!(String::from_utf8(pipe.stdout).unwrap(), file.replace(&base, "\"source\":\"-\""));
}

/// Rows of one detection, a second apart.
fn rows(seconds: std::ops::Range<u32>) -> String {
    let row = |second: u32| {
        let (minute, second) = (second / 60 % 60, second % 60);
        format!(
            "2026-11-03 10:{minute:02}:{second:02},DB01,10.0.0.5:50123,11.22.33.44:443,Logged,Relevance Rule,Outgoing\n"
        )
    };
    seconds.map(row).collect()
}

/// Survives: a gzip stream or archive that is cut or damaged in the middle | the rows before it are counted, and where
/// reading stopped is told
#[test]
fn rows_before_a_cut_are_counted_and_the_cut_is_named() {
    let text = [HEADINGS, &rows(0..3000)].concat();
    let packed = gzip(text.as_bytes());
    let cut = &packed[..packed.len() / 2];
    let other = [HEADINGS, &rows(0..3000)].concat().into_bytes();
    let damaged = {
        let mut archive = zip(&[("x.csv".to_owned(), text.clone().into_bytes())]);
        let directory = (0..archive.len()).rfind(|at| archive[*at..].starts_with(b"PK\x01\x02")).unwrap();
        archive[directory + 16] ^= 1;
        archive
    };
    for (name, bytes, input, told) in [
        ("cut.csv.gz", cut.to_vec(), "cut.csv.gz", "its data ends too early"),
        ("cut.zip", damaged, "cut.zip/x.csv", "its checksum does not match"),
        ("cut.log", [&packed[..], b"garbage"].concat(), "cut.log", "after its gzip data"),
    ] {
        let alone = folder(&[(name.to_owned(), bytes.clone())]);
        let output = run(report(&[alone.path()]));
        let errors = String::from_utf8(output.stderr.clone()).unwrap();
        let model = parsed(&output);
        let read = model["accounting"]["rows"].as_u64().unwrap();
        assert!((100..=3000).contains(&read), "{name}: {read} rows");
        assert_eq!(model["accounting"]["in_findings"].as_u64(), Some(read), "{name}");
        let note = format!("read up to record {read} and no further: {told}");
        assert!(errors.contains(&format!("{input}: {note}")), "{name}: {errors}");
        let notes = model["inputs"][0]["notes"].to_string().replace(',', "");
        assert!(notes.to_lowercase().contains(&note), "{name}: {notes}");
        // Read again for the union, it ends where it ended before.
        let both = folder(&[(name.to_owned(), bytes), ("a.csv".to_owned(), other.clone())]);
        let model = parsed(&run(report(&[both.path()])));
        let fates =
            ["rows", "in_findings", "duplicate"].map(|fate| model["accounting"][fate].as_u64().unwrap());
        assert_eq!(fates, [3000 + read, 3000, read], "{name}");
        let mut strict = ringback(["triage", "-q", "--strict"]);
        strict.arg(alone.path());
        assert_eq!(run(strict).status.code(), Some(3), "{name}");
    }
}

/// Survives: bombs, encrypted and empty archives, old workbooks among good files | each is named, the rest is reported
#[test]
fn what_can_not_be_read_is_named_and_the_rest_is_reported() {
    let good = [HEADINGS, &rows(0..10)].concat().into_bytes();
    let mut locked = zip(&[("secret.csv".to_owned(), good.clone()), ("more.csv".to_owned(), good.clone())]);
    for at in 0..locked.len() - 4 {
        if locked[at..].starts_with(b"PK\x01\x02") {
            locked[at + 8] |= 1;
        }
    }
    let bomb = gzip(&vec![b'0'; 80 << 20]);
    let files = [
        ("bomb.gz", bomb),
        ("empty.zip", zip(&[])),
        ("good.csv", good),
        ("locked.zip", locked),
        ("notes.zip", zip(&[("notes.pdf".to_owned(), b"1".to_vec())])),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec()),
    ];
    let folder = folder(&files.map(|(name, bytes)| (name.to_owned(), bytes)));
    let mut command = ringback(["report", "-f", "json"]);
    command.arg(folder.path());
    let output = run(command);
    let errors = String::from_utf8(output.stderr.clone()).unwrap();
    for told in [
        "bomb.gz: fits no layout",
        "empty.zip: holds no exports",
        "locked.zip/secret.csv: is encrypted",
        "locked.zip/more.csv: is encrypted",
        "notes.zip: holds no exports",
        "notes.zip/notes.pdf",
        "old.xls: is a workbook of an old Excel (.xls) or one with a password, which is not read",
        "hint: save it as CSV or xlsx",
    ] {
        let told = told.replace("fits no layout", "it fits no layout");
        assert!(errors.contains(&told), "{told} is not in\n{errors}");
    }
    assert_eq!(parsed(&output)["accounting"]["in_findings"], 10);
}

#[test]
fn a_bomb_behind_honest_rows_ends_at_the_limit() {
    let text = [HEADINGS.as_bytes(), rows(0..10).as_bytes(), &vec![b'0'; 80 << 20]].concat();
    let folder = folder(&[("x.csv.gz".to_owned(), gzip(&text))]);
    let output = run(report(&[folder.path()]));
    let errors = String::from_utf8(output.stderr.clone()).unwrap();
    let told = "x.csv.gz: read up to record 10 and no further: expands to more than 400 times its size; the limit (expansion ratio";
    assert!(errors.contains(told), "{errors}");
    assert_eq!(parsed(&output)["accounting"]["in_findings"], 10);
}

#[test]
fn an_export_saved_by_a_spreadsheet_tells_the_same() {
    let text = [HEADINGS, &rows(0..50)].concat();
    let plain = folder(&[("log.csv".to_owned(), text.clone().into_bytes())]);
    let expected = told(parsed(&run(report(&[plain.path()]))));
    let mut book = rust_xlsxwriter::Workbook::new();
    let date = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy hh:mm:ss");
    let sheet = book.add_worksheet().set_name("osce").unwrap();
    for (row, line) in (0..).zip(text.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            match rust_xlsxwriter::ExcelDateTime::parse_from_str(&cell.replace(' ', "T")) {
                Ok(at) if row > 0 && column == 0 => {
                    sheet.write_datetime_with_format(row, column, &at, &date).unwrap();
                }
                _ => _ = sheet.write_string(row, column, cell).unwrap(),
            }
        }
    }
    book.add_worksheet().set_name("Empty").unwrap();
    let book = book.save_to_buffer().unwrap();
    for (name, bytes, input, container) in [
        ("log.xlsx", book.clone(), "log.xlsx/osce", "xlsx"),
        ("log.zip", zip(&[("log.xlsx".to_owned(), book)]), "log.zip/log.xlsx/osce", "zip+xlsx"),
    ] {
        let folder = folder(&[(name.to_owned(), bytes)]);
        let model = parsed(&run(report(&[folder.path()])));
        assert_eq!(containers(&model), [(input, container)]);
        assert_same(&expected, model, name);
    }
}

#[test]
fn text_in_any_encoding_may_be_packed_and_piped() {
    let text = [HEADINGS, &rows(0..9000)].concat();
    let wide: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [wide.clone(), gzip(&wide), [gzip(&wide[..200_001]), gzip(&wide[200_001..])].concat()] {
        let model = parsed(&fed(report(&[Path::new("-")]), bytes));
        let input = &model["inputs"][0];
        assert_eq!((input["encoding"].as_str(), input["rows"].as_u64()), (Some("UTF-16LE"), Some(9000)));
    }
}
