//! The built-in packs on the sample report, and packs that do not work.

use super::*;
use ringback_model::{Digest, Endpoints, FindingId, Peer, Scenario};
use ringback_report::{Origin, PackFile, Registry, sample};
use std::collections::{BTreeMap, BTreeSet};

fn sample_report() -> Report {
    let case = sample::case();
    let words = Catalogue::of_case(&case).unwrap();
    Report::new(case, words)
}

/// The sample in a language.
fn sample_in(language: &str) -> Report {
    let mut case = sample::case();
    case.heading.language = language.to_owned();
    let words = Catalogue::of_case(&case).unwrap();
    Report::new(case, words)
}

/// The names of the built-in packs of templates.
fn text_packs() -> Vec<String> {
    let all = Registry::default().list().unwrap().into_iter();
    all.filter(|one| one.pack.as_ref().is_ok_and(|pack| pack.engine() == EngineKind::Text))
        .map(|one| one.name)
        .collect()
}

fn built_in(name: &str) -> Pack {
    Registry::default().get(name).unwrap()
}

/// The first artefact of a pack. With `RINGBACK_SHOW=DIR` it is also written there, to be looked at.
fn rendered(pack: &Pack, report: &Report, set: &[(&str, &str)]) -> String {
    let mut options = Options::of(&pack.manifest);
    for (name, value) in set {
        options.set(name, value).unwrap();
    }
    let artefacts = TextEngine.render(report, pack, &options).unwrap_or_else(|error| panic!("{error}"));
    if let Ok(dir) = std::env::var("RINGBACK_SHOW") {
        ringback_report::write_artefact(std::path::Path::new(&dir), &artefacts[0], true).unwrap();
    }
    String::from_utf8(artefacts[0].bytes().unwrap().into_owned()).unwrap()
}

/// A pack of one template.
fn pack(escape: &str, template: &str) -> Pack {
    let manifest = format!(
        "schema = 1\nname = \"mine\"\ntitle = \"Mine\"\nengine = \"text\"\n\
         [[outputs]]\nfile = \"a.txt\"\nentry = \"a.j2\"\nescape = \"{escape}\"\n"
    );
    let file = |text: String| PackFile { bytes: text.into_bytes().into(), origin: Origin::BuiltIn };
    let files = BTreeMap::from([
        ("reporter.toml".to_owned(), file(manifest)),
        ("a.j2".to_owned(), file(template.to_owned())),
    ]);
    Pack::new("mine", files).unwrap()
}

#[test]
fn built_in_packs_pass_their_check() {
    for name in text_packs() {
        for language in ringback_model::LANGUAGES {
            assert_eq!(TextEngine.check(&sample_in(language), &built_in(&name)), [], "{name} in {language}");
        }
    }
}

#[test]
fn an_empty_case_is_a_report_too() {
    let report = Report::new(ringback_model::Case::default(), Catalogue::of_case(&sample::case()).unwrap());
    for name in ["html", "markdown"] {
        let text = rendered(&built_in(name), &report, &[]);
        assert!(
            text.contains("There are no incidents.") && text.contains("There are no findings."),
            "{name}"
        );
    }
}

/// The sample without what its author lets it wear: everything in it that is text is a log's.
fn unworn() -> Report {
    let mut case = sample::case();
    case.heading.brand = ringback_model::brand::Brand::default();
    let words = Catalogue::of_case(&case).unwrap();
    Report::new(case, words)
}

#[test]
fn what_a_report_wears_is_text_and_a_picture() {
    let html = rendered(&built_in("html"), &sample_report(), &[]);
    for part in [
        "<img class=\"logo\" src=\"data:image/png;base64,iVBOR",
        "body { font-family: Inter, \"Source Sans 3\", sans-serif; }",
        "<li><a href=\"#text-1\"><bdi>Before you read</bdi></a></li>",
        "<h3>How this was done</h3>",
        "href=\"https://www.example.org/tlp?a=1&amp;b=2\"",
        "<pre>never closed</pre>",
        "A &lt;img src=x onerror=",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert_eq!(html.matches("<img").count(), 1);
    let front = html.find("id=\"text-1\"").unwrap();
    assert!(front < html.find("id=\"summary\"").unwrap());
    assert!(html.find("id=\"text-2\"").unwrap() > html.find("id=\"terms\"").unwrap());
    let text = rendered(&built_in("markdown"), &sample_report(), &[]);
    for part in [
        "- [Before you read](#before-you-read)",
        "\n## Before you read\n",
        "\n### How this was done\n",
        "\n### Underlined\n",
        "A &lt;img src=x",
        "never closed\n```",
    ] {
        assert!(text.contains(part), "{part}");
    }
}

/// The tags of an HTML text, with their attributes. Escaped text holds no `<`, and attribute values no `>`.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()).collect()
}

#[test]
fn html_has_only_the_tags_of_its_templates() {
    let pack = built_in("html");
    let name =
        |tag: &str| tag.split([' ', '\n', '/']).find(|part| !part.is_empty()).unwrap_or_default().to_owned();
    let sources =
        pack.files.keys().filter(|file| is_template(&pack, file)).map(|file| pack.text(file).unwrap());
    let known: BTreeSet<String> = sources.flat_map(tags).map(name).collect();
    let html = rendered(&pack, &unworn(), &[]);
    for tag in tags(&html) {
        assert!(known.contains(&name(tag)), "<{tag}>");
        // Every second piece between the quotes is a value.
        let names = tag.split('"').step_by(2).collect::<String>().to_lowercase();
        assert!(!names.contains(" on") && !names.contains(" src="), "<{tag}>");
        let href = tag.split(" href=\"").nth(1);
        assert!(href.is_none_or(|href| href.starts_with('#')), "<{tag}>");
    }
    assert!(!html.contains("<img") && !known.contains("link"));
    assert_eq!(
        html.matches("<script").count(),
        3,
        "the words, the rows over time and the script of the page"
    );
    assert!(html.contains("default-src 'none'; script-src 'sha256-"));
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && html.contains("fdp.exe\\u{200b}"));
    assert!(!html.contains("49}}") && html.contains("{{ 7*7 }}"));
}

#[test]
fn html_ids_are_unique_and_links_lead_somewhere() {
    for in_full in ["100", "2", "0"] {
        let html = rendered(&built_in("html"), &unworn(), &[("incidents_in_full", in_full)]);
        links_lead_somewhere(&html);
    }
}

fn links_lead_somewhere(html: &str) {
    let values = |name: &str| -> Vec<String> {
        let marker = format!(" {name}=\"");
        tags(html)
            .iter()
            .filter_map(|tag| tag.split(&marker).nth(1)?.split('"').next())
            .map(str::to_owned)
            .collect()
    };
    let ids = values("id");
    let set: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(set.len(), ids.len());
    for target in values("href").iter().map(|href| href.trim_start_matches('#').to_owned()) {
        assert!(set.contains(&target), "#{target}");
    }
    for id in values("aria-labelledby") {
        assert!(set.contains(&id), "{id}");
    }
}

/// The number of cells of a row of a Markdown table.
fn cells(row: &str) -> usize {
    row.replace("\\\\", "").replace("\\|", "").matches('|').count()
}

#[test]
fn markdown_keeps_its_shape() {
    let text = rendered(&built_in("markdown"), &unworn(), &[]);
    let (mut width, mut fence) = (None, None);
    for line in text.lines() {
        match fence {
            Some(_) if Some(line) == fence => fence = None,
            Some(_) => {}
            None if line.starts_with("```") => fence = Some(line.trim_end_matches(char::is_alphanumeric)),
            None if line.starts_with('|') => {
                let first = *width.get_or_insert(cells(line));
                assert_eq!(cells(line), first, "{line}");
                continue;
            }
            None => {
                let bare = line.replace("\\[", "").replace("\\]", "").replace("\\!", "");
                assert!(!line.contains('<') && !bare.contains("!["), "{line}");
                assert!(bare.matches("](").count() == bare.matches("](#").count(), "{line}");
                assert!(!line.starts_with("# heading") && !line.starts_with("- item"), "{line}");
            }
        }
        width = None;
    }
    assert_eq!(fence, None);
    assert!(!text.contains("http://") && !text.contains("https://"), "nothing becomes a link by itself");
    assert!(text.contains("````toml\n# ```\n# </pre>"), "what is to be pasted stays as it is");
}

#[test]
fn every_scenario_is_told_with_label_and_word() {
    let report = sample_report();
    let words = Catalogue::of_case(&report.case).unwrap();
    for name in ["html", "markdown"] {
        let text = rendered(&built_in(name), &report, &[]);
        for scenario in Scenario::ALL {
            let label = words.term("scenario", scenario.as_str());
            let incident = report.case.incidents.iter().find(|one| one.scenario == *scenario).unwrap();
            assert!(text.contains(&label) && text.contains(scenario.as_str()), "{name}: {scenario}");
            assert!(text.contains(&incident.id.to_string()), "{name}: {scenario}");
        }
        for place in
            ["suspicious-connections.csv, record 1, line 2", "9f86d081884c7d65", "CVE-2021-44228", "2,200"]
        {
            assert!(text.contains(place), "{name}: {place}");
        }
    }
}

#[test]
fn what_a_cap_leaves_out_is_counted() {
    let caps = [("findings_rows", "3"), ("incidents", "2"), ("hosts_rows", "7"), ("incident_findings", "1")];
    for name in ["html", "markdown"] {
        let text = rendered(&built_in(name), &sample_report(), &caps);
        for rest in [
            "… and 7 more findings.",
            "… and 7 more incidents.",
            "… and 1 more host.",
            "… and 1 more finding.",
        ] {
            assert!(text.contains(rest), "{name}: {rest}");
        }
    }
}

#[test]
fn incidents_that_are_not_told_in_full_have_a_row() {
    let report = sample_report();
    let all = report.case.incidents.len();
    let html = rendered(&built_in("html"), &report, &[("incidents_in_full", "2"), ("incidents", "8")]);
    assert_eq!(html.matches("<article class=\"incident").count(), 2);
    assert_eq!(html.matches("<tr id=\"I-").count(), 6);
    assert!(html.contains("6 more incidents in short") && html.contains("… and 1 more incident."), "{all}");
    let whole = rendered(&built_in("html"), &report, &[]);
    assert_eq!(whole.matches("<article class=\"incident").count(), all);
    assert!(!whole.contains("in short"));
}

#[test]
fn places_of_one_source_name_it_once() {
    let mut case = sample::case();
    let place = case.findings[0].tally.evidence[0];
    let mut other = place;
    other.record += 41;
    other.line += 41;
    case.findings[0].tally.evidence = vec![place, other];
    let report = Report::new(case, Catalogue::of_case(&sample::case()).unwrap());
    let html = rendered(&built_in("html"), &report, &[]);
    assert!(html.contains("suspicious-connections.csv, record 1, line 2; record 42, line 43</bdi>"));
    let one = rendered(&built_in("html"), &report, &[("places", "1")]);
    assert!(one.contains("suspicious-connections.csv, record 1, line 2</bdi>"));
}

#[test]
fn labels_of_built_in_packs_are_in_the_catalogue() {
    let words = Catalogue::of_case(&sample::case()).unwrap();
    for name in ["html", "markdown"] {
        let pack = built_in(name);
        for file in pack.files.keys() {
            let source = pack.text(file).unwrap();
            let calls = ["{ t(\"", " t(\"", "(t(\"", "~t(\""];
            let pieces = calls.iter().flat_map(|call| source.split(call).skip(1));
            for (key, then) in pieces.filter_map(|rest| rest.split_once('"')) {
                if then.starts_with(" ~") {
                    continue;
                }
                assert!(words.has(key), "{name}/{file}: {key}");
            }
        }
        let text = rendered(
            &pack,
            &sample_report(),
            &[
                ("findings_rows", "1"),
                ("hosts_rows", "1"),
                ("remotes_rows", "1"),
                ("inputs_rows", "1"),
                ("questions", "1"),
            ],
        );
        assert!(!text.contains("label."), "{name}");
    }
}

#[test]
fn errors_name_pack_file_and_line() {
    for (template, part) in [
        ("\n{{ summary.rowz }}", "pack mine: a.j2, line 2: undefined value: `summary.rowz` is undefined"),
        ("\n\n{{ findings[0].x|time }}", "a.j2, line 3: "),
        ("{% for x in %}", "a.j2, line 1: syntax error"),
        (
            "{% include \"../b.j2\" %}",
            "a.j2, line 1: template not found: tried to include non-existing template '../b.j2'",
        ),
    ] {
        let pack = pack("none", template);
        let error = TextEngine.render(&sample_report(), &pack, &Options::of(&pack.manifest)).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    }
    let found =
        TextEngine.check(&sample_report(), &pack("none", "{% if false %}\n{{ nobody.knows }}\n{% endif %}"));
    let undefined = "pack mine: a.j2, line 2: undefined name `nobody.knows`";
    assert!(found.iter().any(|error| error.to_string() == undefined), "{found:?}");
}

#[test]
fn csv_from_a_pack_holds_no_formulas() {
    let pack = pack("csv", "{% for f in findings %}\n{{ f.host }},{{ f.user }},{{ f.rows }}\n{% endfor %}");
    let text = rendered(&pack, &sample_report(), &[]);
    assert_eq!(text.lines().count(), sample_report().case.findings.len());
    assert!(text.contains("\"'=cmd|' /C calc'!A0\"") && !text.contains("\"=") && !text.contains(",="));
}

#[test]
fn a_large_case_stays_within_the_fuel() {
    let mut case = sample::case();
    let findings = case.findings.clone();
    case.findings = findings.iter().cycle().take(30_000).cloned().collect();
    for (n, incident) in (0..).zip(&mut case.incidents) {
        incident.findings = (n..30_000).step_by(9).collect();
    }
    let incidents = case.incidents.clone();
    case.incidents = incidents.iter().cycle().take(400).cloned().collect();
    let words = Catalogue::of_case(&case).unwrap();
    let report = Report::new(case, words);
    for name in ["html", "markdown"] {
        let text = rendered(&built_in(name), &report, &[]);
        assert!(text.contains("… and 100 more incidents."), "{name}");
    }
}

#[test]
fn a_short_version_fits_and_counts_what_it_leaves_out() {
    let mut case = sample::case();
    let incidents = case.incidents.clone();
    case.incidents = incidents.iter().cycle().take(400).cloned().collect();
    let long = "\u{202e}long ".repeat(2_000);
    case.heading.title = long.clone();
    case.incidents[0].host = long;
    let report = Report::new(case, Catalogue::of_case(&sample::case()).unwrap());
    for (name, set) in [("markdown", &[("brief", "true")][..]), ("jira", &[])] {
        let text = rendered(&built_in(name), &report, set);
        let length: usize = text.chars().map(char::len_utf16).sum();
        let shown = report.case.incidents.iter().filter(|one| text.contains(&format!("{} ", one.id))).count();
        assert!(length <= 32_000 && shown > 3, "{name}: {length} characters, {shown} incidents");
        assert!(text.contains(" more incidents."), "{name}");
    }
    let mut tight = built_in("jira");
    if let Some(fit) = &mut tight.manifest.outputs[0].fit {
        fit.characters = 100;
    }
    let error = TextEngine.render(&report, &tight, &Options::of(&tight.manifest)).unwrap_err();
    assert!(error.to_string().contains("characters and may have 100"), "{error}");
}

#[test]
fn one_more_finding_changes_every_pack() {
    let mut case = sample::case();
    let mut more = case.findings[0].clone();
    more.id = FindingId::new(&Digest::of("one more"));
    if let Endpoints::Sided { remote, .. } = &mut more.detection.endpoints {
        *remote = Peer { ip: Some([198, 51, 100, 99].into()), ..Peer::default() };
    }
    more.verdict.remote_scope = ringback_model::Scope::Public;
    let number = u32::try_from(case.findings.len()).unwrap();
    let incident = &mut case.incidents[more.incident as usize];
    incident.findings.push(number);
    incident.rows += more.tally.rows;
    case.accounting.in_findings += more.tally.rows;
    case.findings.push(more);
    let report = Report::new(case, Catalogue::of_case(&sample::case()).unwrap());
    for name in text_packs() {
        let (before, after) =
            (rendered(&built_in(&name), &sample_report(), &[]), rendered(&built_in(&name), &report, &[]));
        assert_ne!(before, after, "{name}");
    }
}
