//! Whatever is in the log, it stays text, and the file stays one that programs can read.

use super::*;
use quick_xml::events::Event;
use ringback_model::Sym;

/// Texts that spreadsheets, XML or the format of workbooks take for something else.
const TEXTS: &[&str] = &[
    "=cmd|'/C calc'!A0",
    "@SUM(1+1)*cmd|'/C calc'!A0",
    "+1+1",
    "-1+1",
    "=HYPERLINK(\"http://evil.example/\",\"x\")",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "{=1+1}",
    "http://evil.example/?a=1&b=2",
    "mailto:x@evil.example",
    "internal:Findings!A1",
    "file:///C:/x.exe",
    "\\\\evil.example\\share",
    "_x003D_cmd _x000D_ _x0041_x0042_ _xD83D_",
    "]]></t></is></c><c><f>1+1</f></c>",
    "<f>1+1</f>&amp;&#x3D;&#0;",
    "nul \u{0} bell \u{7} esc \u{1b} ffff \u{ffff} fffe \u{fffe} c1 \u{85}\u{9b}",
    "\u{202e}fdp.exe\u{200b}\u{feff}",
    "12345678901234567890",
    "2026-06-15",
    "TRUE",
    "'quoted'",
    "&L&[Path]&Z&G&\"Arial\"&20",
    "Sheet1!$A$1:$B$2",
    "🦀 漢字 ünï",
    " ",
];

/// The sample with a hostile text in every field of text.
fn hostile_case() -> Case {
    let mut case = sample::case();
    let mut n = 0;
    let mut next = || {
        n += 1;
        TEXTS[n % TEXTS.len()].to_owned()
    };
    let heading = &mut case.heading;
    for text in [
        &mut heading.title,
        &mut heading.author,
        &mut heading.client,
        &mut heading.tool.0,
        &mut heading.tlp,
        &mut heading.accent,
    ] {
        *text = next();
    }
    for finding in &mut case.findings {
        let detection = &mut finding.detection;
        let fields: [&mut Sym; 9] = [
            &mut detection.endpoint,
            &mut detection.domain,
            &mut detection.user,
            &mut detection.process,
            &mut detection.product,
            &mut detection.console,
            &mut detection.protocol,
            &mut detection.rule,
            &mut detection.family,
        ];
        for field in fields {
            *field = case.symbols.intern(&next());
        }
    }
    for incident in &mut case.incidents {
        incident.host = next();
        incident.service = next();
        for step in &mut incident.advice {
            (step.text, step.why, step.reference) = (next(), next(), next());
        }
    }
    case.hosts.iter_mut().for_each(|one| one.host = next());
    case.remotes.iter_mut().for_each(|one| one.remote = next());
    for input in &mut case.inputs {
        (input.name, input.layout, input.encoding) = (next(), next(), next());
    }
    case.questions.iter_mut().for_each(|one| one.toml = next());
    case.suppressions.iter_mut().for_each(|one| (one.entry.reason, one.entry.owner) = (next(), next()));
    let method = &mut case.method;
    method.options = vec![(next(), next()), (next(), next())];
    method.own_names = TEXTS.iter().map(|text| (*text).to_owned()).collect();
    (method.playbook, method.registries) = (next(), next());
    method.layouts[0] = (next(), next(), true);
    method.data_files[0].name = next();
    case
}

#[test]
fn nothing_is_a_formula_or_leads_out() {
    let bytes = rendered(hostile_case(), &[]);
    let mut book = open(bytes.clone());
    for sheet in book.sheet_names() {
        assert!(book.worksheet_formula(&sheet).unwrap().used_cells().next().is_none(), "{sheet}");
    }
    for (name, text) in parts(&bytes) {
        assert!(!text.contains("TargetMode=\"External\""), "{name}");
        assert!(!text.contains("<f>") && !text.contains("<f "), "{name}");
        assert!(!name.contains("externalLink") && !name.contains("vba"), "{name}");
        // The conditions of colours are texts in quotes, of the pack's own words.
        for piece in text.split("<formula>").skip(1) {
            let formula = piece.split("</formula>").next().unwrap();
            assert!(formula.len() < 40 && formula.starts_with('"') && formula.ends_with('"'), "{formula}");
            assert!(!formula[1..formula.len() - 1].contains('"'), "{formula}");
        }
        // So are the names of charts: where they are no text, they are cells of this workbook.
        for piece in text.split("<c:f>").skip(1) {
            let range = piece.split("</c:f>").next().unwrap();
            assert!(range.starts_with("Summary!$") || range.starts_with("Timeline!$"), "{range}");
        }
    }
}

#[test]
fn every_text_is_told_as_text() {
    let mut book = open(rendered(hostile_case(), &[]));
    let mut told = Vec::new();
    for sheet in book.sheet_names() {
        told.extend(cells(&mut book, &sheet).used_cells().filter_map(|(_, _, cell)| match cell {
            Data::String(text) => Some(text.clone()),
            _ => None,
        }));
    }
    for text in TEXTS {
        // Line breaks are all alike, and what can not be seen is shown.
        let shown: String = text
            .replace(['\r', '\u{85}'], "\n")
            .chars()
            .map(|c| {
                if (c.is_control() && !"\n\t".contains(c))
                    || "\u{202e}\u{200b}\u{feff}\u{fffe}\u{ffff}".contains(c)
                {
                    c.escape_unicode().to_string()
                } else {
                    c.to_string()
                }
            })
            .collect();
        assert!(told.contains(&shown), "{text:?} {shown:?}");
    }
}

#[test]
fn text_that_looks_typed_stays_text_when_edited() {
    let bytes = rendered(hostile_case(), &[]);
    assert!(parts(&bytes)["xl/styles.xml"].contains("quotePrefix=\"1\""));
}

#[test]
fn all_parts_are_well_formed() {
    for bytes in [rendered(hostile_case(), &[]), rendered(sample::case(), &[("findings_rows", "1")])] {
        for (name, text) in parts(&bytes) {
            let mut reader = quick_xml::Reader::from_str(&text);
            let mut depth = 0_i32;
            loop {
                match reader.read_event().unwrap_or_else(|error| panic!("{name}: {error}")) {
                    Event::Start(start) => {
                        depth += 1;
                        start.attributes().for_each(|one| drop(one.unwrap()));
                    }
                    Event::Empty(start) => start.attributes().for_each(|one| drop(one.unwrap())),
                    Event::End(_) => depth -= 1,
                    Event::Eof => break,
                    _ => {}
                }
            }
            assert_eq!(depth, 0, "{name}");
            let forbidden =
                |c: char| (c.is_control() && !"\n\t\r".contains(c)) || "\u{fffe}\u{ffff}".contains(c);
            assert!(!text.contains(forbidden), "{name}");
            assert!(!text.contains("&#0;") && !text.contains("&#x0;"), "{name}");
        }
    }
}

#[test]
fn links_lead_to_the_right_rows() {
    let bytes = rendered(sample::case(), &[]);
    let mut book = open(bytes.clone());
    let incidents = texts(&cells(&mut book, "Incidents"), "Incident");
    let of_finding = texts(&cells(&mut book, "Findings"), "Incident");
    let sheet = &parts(&bytes)["xl/worksheets/sheet2.xml"];
    let links: Vec<&str> =
        sheet.split("<hyperlink ").skip(1).map(|link| link.split("/>").next().unwrap()).collect();
    assert_eq!(links.len(), incidents.len());
    for (link, id) in links.iter().zip(&incidents) {
        let row: usize =
            link.split("location=\"'Findings'!A").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
        assert_eq!(&of_finding[row - 2], id, "{link}");
        assert_eq!(of_finding.iter().position(|one| one == id), Some(row - 2));
    }
}

#[test]
fn hostile_names_are_names_of_sheets() {
    let sheet = |n: usize, name: &str| {
        format!(
            "[[sheet]]\nid = \"s{n}\"\nname = '''\"{name}\"'''\n[[sheet.block]]\nid = \"b\"\nlines = [['title', '1']]\n\
             columns = [{{ heading = 'title' }}, {{ link = {{ key = '\"s0\"' }} }}]\n"
        )
    };
    let names = ["a/b", "a b", "[x]*?:", "'it''s'", "History", &"long ".repeat(20)];
    let declared: String = names.iter().enumerate().map(|(n, name)| sheet(n, name)).collect();
    let book = open(of_declaration(&format!("schema = 1\n{declared}")).unwrap());
    let told = book.sheet_names();
    assert_eq!(told[..5], ["a b", "a b (2)", "x", "it''s", "History_"]);
    assert_eq!(told.len(), names.len());
}
