//! The report in every language: what is said in English is said in it, figures are written as it writes them, and nothing
//! else changes.
//!
//! `tests/languages` holds a small case with its Markdown report and its summary in each language.
//! `UPDATE_LANGUAGES=1` writes them anew: they are then to be read by somebody who speaks the language.

use crate::program::{exports, profile, ringback, root, run, stdout};
use calamine::{Reader, Xlsx};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::Path;
use unicode_width::UnicodeWidthStr;

/// The languages besides English.
const TRANSLATED: &[&str] = &["de", "ja"];

/// The shortest piece of a text that is looked for, in bytes: shorter ones are part of other texts by chance.
const PIECE: usize = 16;

/// The reports on the example exports in a language, as plain text by format.
fn told(language: &str) -> BTreeMap<&'static str, String> {
    let folder = tempfile::tempdir().unwrap();
    let mut command =
        ringback(["report", "-q", "--language", language, "-f", "markdown,html,xlsx,json", "-o"]);
    // The title is the profile's, which is told as it stands.
    command.arg(folder.path()).args(["--title", "X", "-p"]).arg(profile()).arg(exports());
    stdout(command);
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let html = read("report.html");
    assert!(html.contains(&format!("<html lang=\"{language}\">")), "{language}");
    let mut json: Value = serde_json::from_str(&read("report.json")).unwrap();
    assert_eq!(json["language"], language);
    // Ten thousand findings say the same few reasons.
    json["findings"].as_array_mut().unwrap().truncate(1_000);
    BTreeMap::from([
        ("markdown", once(&unescaped(&read("report.md").replace('\\', "")))),
        ("html", once(&unescaped(&html))),
        ("xlsx", once(&workbook(&folder.path().join("report.xlsx")))),
        ("json", once(&texts(&json))),
    ])
}

/// Every line once and without digits: a report says most of its texts many times, of other counts, times and places.
fn once(text: &str) -> String {
    let text = without_digits(text);
    let lines: BTreeSet<&str> = text.lines().filter(|line| line.len() >= PIECE).collect();
    lines.into_iter().collect::<Vec<_>>().join("\n")
}

fn without_digits(text: &str) -> String {
    text.replace(|char: char| char.is_ascii_digit(), "")
}

/// Text without the escapes of markup.
fn unescaped(text: &str) -> String {
    let pairs =
        [("&lt;", "<"), ("&gt;", ">"), ("&#39;", "'"), ("&#x27;", "'"), ("&quot;", "\""), ("&#x2f;", "/")];
    let mut text = text.to_owned();
    for (escaped, plain) in pairs {
        text = text.replace(escaped, plain);
    }
    text.replace("&amp;", "&")
}

/// Every text in a workbook, and the names of its sheets.
fn workbook(path: &Path) -> String {
    let mut workbook: Xlsx<_> = calamine::open_workbook(path).unwrap();
    let mut text = workbook.sheet_names().join("\n");
    for name in workbook.sheet_names().clone() {
        let range = workbook.worksheet_range(&name).unwrap();
        for cell in range.rows().flatten().filter(|cell| !matches!(cell, calamine::Data::Empty)) {
            text.push('\n');
            text.push_str(&cell.to_string());
        }
    }
    text
}

/// Every text in a value, one on a line.
fn texts(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text}\n"),
        Value::Array(list) => list.iter().map(texts).collect(),
        Value::Object(fields) => fields.values().map(texts).collect(),
        _ => String::new(),
    }
}

/// The texts of a language by key: its catalogue and its advice.
fn catalogue(language: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for file in fs::read_dir(root().join("crates/template/words").join(language)).unwrap() {
        let table: BTreeMap<String, String> =
            toml::from_str(&fs::read_to_string(file.unwrap().path()).unwrap()).unwrap();
        all.extend(table);
    }
    let name = if language == "en" { "advice.toml".to_owned() } else { format!("advice.{language}.toml") };
    let file = root().join("crates/classify/playbook").join(name);
    let playbook: toml::Table = toml::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let mut step = |id: &str, step: &toml::Value| {
        for part in ["text", "why"] {
            all.insert(format!("advice.{id}.{part}"), step[part].as_str().unwrap().to_owned());
        }
    };
    match &playbook["step"] {
        toml::Value::Array(steps) => steps.iter().for_each(|one| step(one["id"].as_str().unwrap(), one)),
        steps => steps.as_table().unwrap().iter().for_each(|(id, one)| step(id, one)),
    }
    all
}

/// What a text says between its places.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    for part in text.split('{') {
        pieces.push(part.split_once('}').map_or(part, |(_, after)| after));
    }
    pieces.retain(|piece| {
        piece.len() >= PIECE && piece.trim().contains(|char: char| !char.is_ascii_punctuation())
    });
    pieces
}

#[test]
fn what_is_said_in_english_is_said_in_the_language_and_in_it_alone() {
    let plain = |language| -> BTreeMap<String, String> {
        let texts = catalogue(language).into_iter();
        texts.map(|(key, text)| (key, without_digits(&text))).collect()
    };
    let (english, said) = (plain("en"), told("en"));
    let sources = english.values().cloned().collect::<Vec<_>>();
    let of_none_other = |piece: &&str| sources.iter().filter(|text| text.contains(*piece)).count() == 1;
    for language in TRANSLATED {
        let (own, told) = (plain(language), told(language));
        let mut checked = 0;
        for (key, source) in &english {
            let wanted = pieces(source);
            if wanted.is_empty() || own[key] == *source {
                continue;
            }
            let telling = wanted.iter().all(of_none_other);
            for (format, text) in &told {
                for piece in &wanted {
                    assert!(!text.contains(piece), "{language} {format}: {key} is told in English: {piece}");
                }
                if !telling || !wanted.iter().all(|piece| said[format].contains(piece)) {
                    continue;
                }
                checked += 1;
                for piece in pieces(&own[key]) {
                    assert!(text.contains(piece), "{language} {format}: {key} is not told: {piece}");
                }
            }
        }
        assert!(checked > 400, "{language}: {checked} texts");
    }
}

/// The keys of the model whose values are texts for people.
const TEXTS: &[&str] = &[
    "language",
    "reasons",
    "text",
    "why",
    "statements",
    "notes",
    "process_notes",
    "details",
    "settle",
    "suggested_relay_reasons",
];

/// Takes the texts for people out of a report.
fn without_texts(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(without_texts),
        Value::Object(fields) => {
            fields.retain(|name, _| !TEXTS.contains(&name.as_str()));
            fields.values_mut().for_each(without_texts);
        }
        _ => {}
    }
}

#[test]
fn ids_words_and_figures_are_the_same_in_every_language() {
    let model = |language: &str| {
        let mut command = ringback(["report", "-q", "-f", "json", "--language", language, "-p"]);
        command.arg(profile()).arg(exports());
        let mut model: Value = serde_json::from_str(&stdout(command)).unwrap();
        without_texts(&mut model);
        model
    };
    let english = model("en");
    for language in TRANSLATED {
        assert!(model(language) == english, "{language} differs in more than its texts");
    }
}

#[test]
fn figures_and_times_are_written_as_the_language_writes_them() {
    for (language, wanted, unwanted) in [
        ("en", ["23,025", "2026-11-24 22:51:30", "47%", "1,235"], ["23.025", "24.11.2026"]),
        ("de", ["23.025", "24.11.2026 22:51:30", "47\u{a0}%", "1.235"], ["23,025", "2026-11-24 "]),
        ("ja", ["23,025", "2026年11月24日 22:51:30", "47%", "1,235"], ["23.025", "2026-11-24 "]),
    ] {
        for format in ["markdown", "html"] {
            let mut command = ringback(["report", "-q", "-f", format, "--language", language, "-p"]);
            command.arg(profile()).arg(exports());
            let text = stdout(command);
            for figure in &wanted[..3] {
                assert!(text.contains(figure), "{language} {format}: no {figure}");
            }
            for figure in unwanted {
                assert!(!text.contains(figure), "{language} {format}: {figure}");
            }
        }
        let mut command = ringback(["report", "-q", "-f", "markdown", "--language", language]);
        command.arg(root().join("tests/languages/exports"));
        assert!(stdout(command).contains(wanted[3]), "{language}: no {}", wanted[3]);
    }
}

#[test]
fn cells_of_workbooks_show_days_as_the_language_writes_them() {
    for (language, format) in
        [("en", "yyyy-mm-dd hh:mm:ss"), ("de", "dd.mm.yyyy hh:mm:ss"), ("ja", "yyyy/mm/dd hh:mm:ss")]
    {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report.xlsx");
        let mut command = ringback(["report", "-q", "-f", "xlsx", "--language", language, "-o"]);
        command.arg(&file).arg(root().join("tests/languages/exports"));
        stdout(command);
        let mut archive = zip::ZipArchive::new(fs::File::open(&file).unwrap()).unwrap();
        let mut styles = String::new();
        archive.by_name("xl/styles.xml").unwrap().read_to_string(&mut styles).unwrap();
        assert!(styles.contains(&format!("\"{format}\"")), "{language}: {styles}");
    }
}

#[test]
fn the_option_goes_before_the_profile_and_unknown_languages_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let german = folder.path().join("german.toml");
    fs::write(&german, "schema = 1\nlanguage = \"de\"\n").unwrap();
    let french = folder.path().join("french.toml");
    fs::write(&french, "schema = 1\nlanguage = \"fr\"\n").unwrap();
    for (given, profile, expected) in [
        (None, None, "# Suspicious connections: incident report"),
        (None, Some(&german), "# Verdächtige Verbindungen: Vorfallsbericht"),
        (Some("ja"), Some(&german), "# 不審接続インシデントレポート"),
        (Some("en"), Some(&german), "# Suspicious connections: incident report"),
        (Some("de"), None, "# Verdächtige Verbindungen: Vorfallsbericht"),
    ] {
        let mut command = ringback(["report", "-q", "-f", "markdown"]);
        if let Some(language) = given {
            command.args(["--language", language]);
        }
        if let Some(profile) = profile {
            command.arg("-p").arg(profile);
        }
        command.arg(root().join("tests/languages/exports"));
        let text = stdout(command);
        assert!(text.starts_with(expected), "{given:?} {profile:?}: {}", &text[..80]);
    }
    let mut command = ringback(["report", "--language", "fr"]);
    command.arg(exports());
    let refused = run(command);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("[possible values: en, de, ja]"));
    let mut command = ringback(["report", "-p"]);
    command.arg(&french).arg(exports());
    let refused = run(command);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("en, de, ja"));
}

#[test]
fn reports_in_every_language_are_as_they_were_read() {
    let cases = root().join("tests/languages");
    let mut wrong = Vec::new();
    for language in ["en", "de", "ja"] {
        for (verb, ending) in
            [(&["report", "-f", "markdown"][..], "md"), (&["triage", "--color=never"], "text")]
        {
            let mut command = ringback(verb);
            command.args(["-q", "--language", language, "-p"]).arg(cases.join("profile.toml"));
            command.arg(cases.join("exports"));
            let told = stdout(command).replace(env!("CARGO_PKG_VERSION"), "VERSION");
            let expected = cases.join(format!("{language}.{ending}"));
            if std::env::var_os("UPDATE_LANGUAGES").is_some() {
                fs::write(&expected, &told).unwrap();
            }
            if fs::read_to_string(&expected).unwrap_or_default() != told {
                wrong.push(format!("{}:\n{told}", expected.display()));
            }
            if ending == "text" {
                assert!(told.lines().all(|line| line.width() <= 80), "{language}: {told}");
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_summary_keeps_to_its_columns() {
    let folder = tempfile::tempdir().unwrap();
    let earlier = folder.path().join(format!("{}.json", "an earlier report ".repeat(8)));
    let mut command = ringback(["report", "-q", "-f", "json"]);
    command.arg(root().join("tests/languages/exports")).arg("-o").arg(&earlier);
    stdout(command);
    let long = folder.path().join("long.toml");
    let name = format!("{} {}", "Harbour and Stadtwerke".repeat(5), "港湾".repeat(50));
    fs::write(&long, format!("schema = 1\n[client]\nname = \"{name}\"\n[report]\ntitle = \"{name}\"\n"))
        .unwrap();
    for language in ["en", "de", "ja"] {
        for profile in [&profile(), &long] {
            let mut command = ringback(["triage", "-q", "--color=never", "--language", language, "-p"]);
            command.arg(profile).arg(exports()).arg("--baseline").arg(&earlier);
            let told = stdout(command);
            let wide = told.lines().filter(|line| line.width() > 80).collect::<Vec<_>>();
            assert!(wide.is_empty() && told.lines().count() > 20, "{language}: {wide:#?}");
        }
    }
}

#[test]
fn fields_and_values_are_called_as_the_consoles_call_them() {
    let file = fs::read_to_string(root().join("crates/parse/layouts/values/words.toml")).unwrap();
    let consoles: BTreeMap<String, BTreeMap<String, Vec<String>>> = toml::from_str(&file).unwrap();
    for language in TRANSLATED {
        let own = catalogue(language);
        for (kind, words) in &consoles {
            for (word, spellings) in words {
                let term = own[&format!("term.{kind}.{word}")].to_lowercase();
                // Short English words, such as "In", are part of others by chance.
                let mut telling = spellings.iter().filter(|one| !one.is_ascii() || one.len() > 3);
                let known = telling.any(|spelling| term.contains(&spelling.to_lowercase()));
                assert!(known, "{language}: {kind} {word} is {term}, of {spellings:?}");
            }
        }
    }
}
