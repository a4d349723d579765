//! Drafts of every sample that there is are right, and read it; what stands in a sample stays text.

use super::*;
use crate::tests::layouts::{fixtures, other_vendors, told};
use crate::{Layout, Layouts, doubts};
use proptest::prelude::*;
use std::path::Path;

fn drafted(text: &str) -> String {
    draft(text.as_bytes(), true, "x.csv", None).unwrap_or_else(|error| panic!("{error}\n{text}")).text
}

fn layout(draft: &str) -> Layout {
    Layout::parse(draft, "draft").unwrap_or_else(|error| panic!("{error}\n{draft}"))
}

fn rows(bytes: &[u8], layouts: &Layouts) -> usize {
    told(bytes, layouts).lines().filter(|line| line.starts_with("row ")).count()
}

/// Samples in which the records of one file have their sides in different columns; a draft takes one column for each.
const MIXED: &[(&str, usize)] = &[
    ("apex-central-cef-cnc-callback", 1),
    ("apex-central-cef-suspicious-connection", 2),
    ("zeek-notice", 4),
];

#[test]
fn the_draft_of_every_sample_reads_it() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for (name, file) in fixtures(&own).into_iter().chain(fixtures(&other_vendors())) {
        let bytes = std::fs::read(&file).unwrap();
        let draft = draft(&bytes, true, &file.display().to_string(), None).unwrap();
        let expected = std::fs::read_to_string(format!("{}.expected", file.display())).unwrap();
        let expected = expected.lines().filter(|line| line.starts_with("row ")).count();
        let least = MIXED.iter().find(|(mixed, _)| *mixed == name).map_or(expected, |(_, rows)| *rows);
        let layout = layout(&draft.text);
        assert!(draft.read >= 4 && draft.read <= draft.columns, "{}", draft.text);
        assert!(Layouts::builtin().unwrap().get(&layout.name).is_none(), "{}", layout.name);
        let read = rows(&bytes, &Layouts::none().with(layout));
        assert!(read >= least, "{}: {read} rows of {least}\n{}", file.display(), draft.text);
    }
}

#[test]
fn columns_go_where_names_and_cells_say() {
    let text = drafted(
        "Zeitpunkt;Wer;Rechner;Quelle;Ziel;Was;Maßnahme;Farbe\n\
         24.11.2026 10:00;anna;WS-1;10.0.0.5;26.1.2.3;CVE-2021-44228 - Log4j (Request);Blockiert;rot\n\
         24.11.2026 10:01;ben;WS-2;10.0.0.6;26.1.2.4;ZBOT - HTTP (Request);Durchgelassen;blau\n",
    );
    for part in [
        "time = [\"Zeitpunkt\"]  # guess: another console calls it so; \"24.11.2026 10:00\"",
        "local = [\"Quelle\"]  # guess: by its cells; \"10.0.0.5\"",
        "remote = [\"Ziel\"]  # guess: by its cells; \"26.1.2.3\"",
        "rule = [\"Was\"]  # guess: by its cells; \"CVE-2021-44228 - Log4j (Request)\"",
        "#   \"Farbe\": \"rot\"",
        "#   \"Wer\": \"anna\"",
        "required = [[\"remote\"], [\"rule\"], [\"time\"]]",
        "#list = \"relevance-rule\"",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert_eq!(doubts(&layout(&text), &Layouts::builtin().unwrap()), [""; 0], "{text}");
}

#[test]
fn values_are_guessed_in_comments_and_codes_wait_for_their_meaning() {
    let text = drafted(
        "time,src_ip,dst_ip,direction,action,severity,signature\n\
         2026-11-24 10:00,10.0.0.5,26.1.2.3,egress,reset-both,3,CVE-2021-44228\n\
         2026-11-24 10:00,10.0.0.5,26.1.2.3,inbound,passed on,1,CVE-2021-44228\n\
         2026-11-24 10:00,10.0.0.5,26.1.2.3,inbound,weird,1,CVE-2021-44228\n",
    );
    for part in [
        "#[values.direction]\n# known already: \"inbound\" = incoming\n#outgoing = [\"egress\"]  # guess\n",
        "#blocked = [\"reset-both\"]  # guess\n#logged = [\"passed on\"]  # guess\n#unknown = [\"weird\"]  # no guess; the words are",
        "#risk = [\"severity\"]  # codes such as \"3\": say below what they mean",
        "#[values.risk]\n#unknown = [\"3\", \"1\"]  # no guess",
        "#ends = \"session\"",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    // With the leading # taken away the guesses are TOML.
    let taken = text.lines().map(|line| match line.strip_prefix('#') {
        Some(rest) if rest.starts_with(|char: char| char.is_ascii_lowercase() || char == '[') => rest,
        _ => line,
    });
    let layout = layout(&taken.collect::<Vec<_>>().join("\n"));
    assert_eq!(layout.implied(), [("list", "relevance-rule"), ("product", "…")]);
}

#[test]
fn columns_without_a_name_or_with_anothers_are_not_read() {
    let text = drafted(",b,B,c,d\n10.0.0.5,x,10.0.0.6,26.1.2.3,u\n10.0.0.5,y,10.0.0.6,26.1.2.3,u\n");
    assert_eq!(
        layout(&text).columns().map(|(field, _)| field).collect::<Vec<_>>(),
        [crate::Field::Remote],
        "{text}"
    );
}

#[test]
fn what_is_not_there_is_left_to_the_user() {
    let text = drafted("Time,Colour\n2026-11-24 10:00,red\n2026-11-24 10:00,blue\n");
    assert!(text.contains("remote = [\"(the heading of the remote address)\"]"), "{text}");
    assert!(text.contains("[implied]\nendpoint = \"unnamed host\""), "{text}");
    layout(&text);
    for (text, error) in [
        ("", DraftError::Empty),
        (" \n\n", DraftError::Empty),
        ("one word a line\nand no more\n", DraftError::NoColumns),
        ("1,2\n3,4\n", DraftError::NoColumns),
        ("{\"a\": ", DraftError::NoColumns),
    ] {
        assert_eq!(draft(text.as_bytes(), true, "x", None).unwrap_err(), error, "{text:?}");
    }
}

#[test]
fn what_stands_in_a_sample_can_not_leave_its_quotes() {
    let text = drafted(
        "Time,Remote IP,\"Evil\"\"\n[columns]\nuser = [\"\"x\"\"]\",Rule\n\
         2026-11-24 10:00,26.1.2.3,\"line\n[implied]\nproduct = 1\u{1b}[31m\u{202e}\",\"CVE-2021-44228 \"\"\nname = \"\"x\"\"\"\n",
    );
    let layout = layout(&text);
    assert_eq!(
        (layout.name.as_str(), layout.implied()),
        ("my-x", vec![("endpoint", "unnamed host")]),
        "{text}"
    );
    let hostile = |char: char| char.is_control() && char != '\n' || char == '\u{202e}';
    assert!(!text.contains(hostile), "{text}");
    assert!(text.contains("\\U0000001B[31m\\U0000202E"), "{text}");
    for file in ["../../etc/x\n[a].csv", "\u{202e}.toml", "ÄÖÜ.csv", "", "officescan-cnc-callback.csv"] {
        let draft = draft(b"Time,Remote IP\n2026-11-24,26.1.2.3\n", true, file, None).unwrap();
        let name =
            Layout::parse(&draft.text, "x").unwrap_or_else(|error| panic!("{error}\n{}", draft.text)).name;
        assert!(name.starts_with("my-"), "{name}");
    }
}

proptest! {
    #[test]
    fn any_sample_gives_a_right_layout_or_none(
        head in "[A-Za-z ,;_#\\.\"\\[\\]=]{0,80}",
        body in prop::collection::vec("\\PC{0,30}[,;\t\n\"]|10\\.0\\.0\\.[0-9][,;\n]|26\\.1\\.2\\.[0-9][,;\n]|[0-9]{1,12}[,;\n]", 0..30),
        complete: bool,
    ) {
        let text = format!("{head}\n{}", body.concat());
        if let Ok(draft) = draft(text.as_bytes(), complete, &head, None) {
            let parsed = Layout::parse(&draft.text, "draft");
            prop_assert!(parsed.is_ok(), "{}\n{}", parsed.unwrap_err(), draft.text);
        }
    }

    #[test]
    fn any_object_gives_a_right_layout_or_none(
        pairs in prop::collection::vec(("\\PC{0,12}|src|dst|rule|time", "\\PC{0,20}|10\\.0\\.0\\.5|26\\.1\\.2\\.3"), 0..12),
    ) {
        let object: serde_json::Map<String, serde_json::Value> =
            pairs.into_iter().map(|(key, value)| (key, value.into())).collect();
        let text = serde_json::Value::Object(object).to_string();
        if let Ok(draft) = draft(text.as_bytes(), true, "x.json", None) {
            let parsed = Layout::parse(&draft.text, "draft");
            prop_assert!(parsed.is_ok(), "{}\n{}", parsed.unwrap_err(), draft.text);
        }
    }
}
