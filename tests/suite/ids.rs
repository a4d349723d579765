//! Ids of findings and incidents stay the same when exports are added, reordered or split.

use crate::program::{exports, profile, ringback, stdout};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The ids of the findings and of the incidents of some exports.
fn ids(paths: &[PathBuf]) -> [BTreeSet<String>; 2] {
    let mut command = ringback(["report", "-q", "-f", "json", "-p"]);
    command.arg(profile()).args(paths);
    let model: Value = serde_json::from_str(&stdout(command)).unwrap();
    ["findings", "incidents"].map(|list| {
        let list = model[list].as_array().unwrap().iter();
        list.map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    })
}

/// The example exports, with the number of the line of their headings.
fn examples() -> BTreeMap<PathBuf, usize> {
    let mut command = ringback(["inspect", "--json", "-q"]);
    command.arg(exports());
    let told: Value = serde_json::from_str(&stdout(command)).unwrap();
    let inputs = told["inputs"].as_array().unwrap().iter();
    let inputs = inputs.filter_map(|input| {
        let line = usize::try_from(find(input, "heading_line")?.as_u64()?).unwrap();
        Some((exports().join(input["name"].as_str()?), line))
    });
    inputs.collect()
}

/// The value of a key, however deep it stands.
fn find<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    match value {
        Value::Object(map) => map.get(key).or_else(|| map.values().find_map(|value| find(value, key))),
        Value::Array(list) => list.iter().find_map(|value| find(value, key)),
        _ => None,
    }
}

/// The records of a text, each with its line end: an odd number of quotes goes on in the next line.
fn records(text: &str) -> Vec<String> {
    let mut records: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.split_inclusive('\n') {
        match records.last_mut().filter(|_| open) {
            Some(record) => record.push_str(line),
            None => records.push(line.to_owned()),
        }
        open ^= line.matches('"').count() % 2 == 1;
    }
    records
}

/// How a text is written.
#[derive(Clone, Copy)]
enum Written {
    Utf8,
    Utf16Le,
    /// Bytes that stand for themselves.
    Bytes,
}

impl Written {
    fn read(bytes: &[u8]) -> (Self, String) {
        if let Some(wide) = bytes.strip_prefix(&[0xff, 0xfe]) {
            let units = wide.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
            return (Written::Utf16Le, char::decode_utf16(units).map(Result::unwrap).collect());
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => (Written::Utf8, text.to_owned()),
            Err(_) => (Written::Bytes, bytes.iter().map(|byte| char::from(*byte)).collect()),
        }
    }

    fn write(self, text: &str) -> Vec<u8> {
        match self {
            Written::Utf8 => text.as_bytes().to_vec(),
            Written::Utf16Le => {
                [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
            }
            Written::Bytes => text.chars().map(|char| u8::try_from(u32::from(char)).unwrap()).collect(),
        }
    }
}

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

/// Writes an export in two or three pieces, each with all that stands down to the headings.
fn split(path: &Path, heading: usize, folder: &Path, chance: &mut Chance) {
    let (written, text) = Written::read(&fs::read(path).unwrap());
    let records = records(&text);
    let (head, rows) = records.split_at(heading);
    // The pieces are large enough for their dates to prove the order of day and month.
    let mut cuts = vec![0, rows.len() * (40 + chance.below(20)) / 100, rows.len()];
    if chance.below(2) == 0 {
        cuts.insert(2, rows.len() * (70 + chance.below(9)) / 100);
    }
    for (number, cut) in cuts.windows(2).enumerate() {
        let piece: String = head.iter().chain(&rows[cut[0]..cut[1]]).map(String::as_str).collect();
        let mut name = path.file_name().unwrap().to_os_string();
        // Their names are in another order than their rows.
        name.push(format!(".{}.csv", [5, 2, 8][number]));
        let folder = folder.join(path.parent().unwrap().file_name().unwrap());
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), written.write(&piece)).unwrap();
    }
}

#[test]
fn ids_stay_the_same_when_exports_are_split_anywhere() {
    let examples = examples();
    assert!(examples.len() >= 12, "{examples:?}");
    let paths: Vec<PathBuf> = examples.keys().cloned().collect();
    let whole = ids(&paths);
    assert!(whole.iter().all(|ids| ids.len() > 100), "{} {}", whole[0].len(), whole[1].len());
    for seed in 1..=3 {
        let (folder, mut chance) = (tempfile::tempdir().unwrap(), Chance(seed));
        for (path, heading) in &examples {
            split(path, *heading, folder.path(), &mut chance);
        }
        let pieces = ids(&[folder.path().to_owned()]);
        for (whole, pieces) in whole.iter().zip(&pieces) {
            let differ: Vec<&String> = whole.symmetric_difference(pieces).take(5).collect();
            assert!(differ.is_empty(), "seed {seed}: {differ:?}");
        }
    }
}

#[test]
fn ids_stay_the_same_when_exports_are_added_or_reordered() {
    let mut paths: Vec<PathBuf> = examples().into_keys().collect();
    let all = ids(&paths);
    let mut chance = Chance(7);
    for _ in 0..paths.len() {
        let (one, other) = (chance.below(paths.len()), chance.below(paths.len()));
        paths.swap(one, other);
    }
    assert!(ids(&paths) == all, "reordered");
    let mut before: [BTreeSet<String>; 2] = [BTreeSet::new(), BTreeSet::new()];
    for some in [1, paths.len() / 3, paths.len() - 1] {
        let now = ids(&paths[..some]);
        for ((before, now), all) in before.iter().zip(&now).zip(&all) {
            assert!(before.is_subset(now) && now.is_subset(all), "{some} of the exports");
        }
        before = now;
    }
}
