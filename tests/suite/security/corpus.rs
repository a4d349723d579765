//! The hostile texts and the inputs that carry them: `tests/hostile/`.

use crate::program::root;
use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// What stands in an input for the place of a hostile text.
const PLACE: &str = "@@";

/// The hostile texts, in the order of the file.
pub(super) fn hostile() -> Vec<String> {
    let file = fs::read_to_string(root().join("tests/hostile/strings.tsv")).unwrap();
    let lines = file.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| serde_json::from_str(line.split('\t').nth(2).unwrap()).unwrap()).collect()
}

/// As many texts of no interest.
pub(super) fn harmless() -> Vec<String> {
    (0..hostile().len()).map(|number| format!("word{number}")).collect()
}

/// A folder of exports: each input once for each text, which stands in all of its places.
pub(super) fn exports(texts: &[String]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut inputs: Vec<_> = fs::read_dir(root().join("tests/hostile/inputs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    inputs.sort();
    for input in inputs {
        let source = fs::read_to_string(&input).unwrap();
        let filled = match input.extension().and_then(|ending| ending.to_str()) {
            Some("csv") => delimited(&source, texts),
            Some("jsonl") => objects(&source, texts),
            other => panic!("no way to fill {other:?}"),
        };
        fs::write(folder.path().join(input.file_name().unwrap()), filled).unwrap();
    }
    folder
}

fn delimited(source: &str, texts: &[String]) -> Vec<u8> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(source.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&records[0]).unwrap();
    for text in texts {
        for record in &records[1..] {
            let cells = record.iter().map(|cell| if cell == PLACE { text } else { cell });
            writer.write_record(cells).unwrap();
        }
    }
    writer.into_inner().unwrap()
}

fn objects(source: &str, texts: &[String]) -> Vec<u8> {
    let objects: Vec<Value> = source.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let filled = texts.iter().flat_map(|text| objects.iter().map(move |object| fill(object, text)));
    filled.flat_map(|object| (object.to_string() + "\n").into_bytes()).collect()
}

fn fill(value: &Value, text: &str) -> Value {
    match value {
        Value::String(place) if place == PLACE => text.into(),
        Value::Array(items) => items.iter().map(|item| fill(item, text)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), fill(member, text))).collect()
        }
        other => other.clone(),
    }
}

/// Every file below a folder, by its path in it.
pub(super) fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                all.push((name, fs::read(&path).unwrap()));
            }
        }
    }
    all.sort();
    all
}
