//! Programs on the wire: what is written to them is frozen, what they answer is checked, and none outlives its time.

use super::*;
use crate::pack::{Origin, PackFile};
use crate::sample;
use ringback_model::brand::Brand;
use ringback_model::case::Heading;
use ringback_model::message::Keys;
use ringback_model::{Case, Instant};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant as Clock;

/// A report that nothing but its own fields changes: the fixtures hold it.
fn small_report() -> Report {
    let heading = Heading {
        tool: ("Ringback".to_owned(), "0.1.0".to_owned()),
        generated_at: Some(Instant::from_seconds(1_782_000_000)),
        language: "de".to_owned(),
        title: "Bericht <1>".to_owned(),
        author: "Example Consulting".to_owned(),
        tlp: "amber".to_owned(),
        accent: "#0b6e4f".to_owned(),
        client: "Example GmbH".to_owned(),
        brand: Brand::default(),
        time_zone: "Europe/Berlin".to_owned(),
    };
    Report::new(Case { heading, ..Case::default() }, Arc::new(Keys))
}

fn pack_of(manifest: &str, files: &[(&str, &str)]) -> Pack {
    let manifest = format!(
        "schema = 1\nname = \"mine\"\ntitle = \"Mine\"\nengine = \"command\"\npartial = true\n{manifest}"
    );
    let all = [("reporter.toml", manifest.as_str())];
    let files = all.iter().chain(files).map(|(name, text)| {
        ((*name).to_owned(), PackFile { bytes: text.as_bytes().to_vec().into(), origin: Origin::BuiltIn })
    });
    Pack::new("mine", files.collect::<BTreeMap<_, _>>()).unwrap()
}

/// A pack whose program is a shell script that describes itself rightly.
fn script(more: &str, render: &str) -> Pack {
    let describes = include_str!("wire/described.json").trim();
    let text = format!("if [ \"$1\" = describe ]; then echo '{describes}'; exit 0; fi\n{render}\n");
    pack_of(&format!("command = [\"sh\", \"run.sh\"]\n{more}"), &[("run.sh", &text)])
}

/// Every value of the first that is not the same in the second, which may have more.
fn changed(frozen: &serde_json::Value, now: &serde_json::Value, path: &str, found: &mut Vec<String>) {
    match (frozen, now) {
        (serde_json::Value::Object(frozen), serde_json::Value::Object(now)) => {
            for (key, value) in frozen {
                let path = format!("{path}.{key}");
                match now.get(key) {
                    Some(now) => changed(value, now, &path, found),
                    None => found.push(path),
                }
            }
        }
        (frozen, now) if frozen == now => {}
        _ => found.push(path.to_owned()),
    }
}

#[test]
fn what_programs_read_is_frozen() {
    let report = small_report();
    let pack = pack_of("command = [\"x\"]\n[options.rows]\ntitle = \"Rows\"\ndefault = 5\n", &[]);
    let options = Options::of(&pack.manifest);
    let header = serde_json::to_value(Header::of(&report, &pack, &options)).unwrap();
    let body = serde_json::to_value(report.view()).unwrap();
    if std::env::var_os("RINGBACK_SHOW").is_some() {
        println!("{header}\n{body}");
    }
    let frozen: Vec<serde_json::Value> =
        include_str!("wire/request.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut found = Vec::new();
    changed(&frozen[0], &header, "header", &mut found);
    changed(&frozen[1], &body, "report", &mut found);
    assert_eq!(
        found,
        Vec::<String>::new(),
        "within a version fields are added, and none is renamed or changed"
    );
}

#[test]
fn frozen_answers_are_understood() {
    let described: Described = serde_json::from_str(include_str!("wire/described.json")).unwrap();
    assert_eq!(described.fits("mine"), Ok(()));
    assert!(described.fits("other").unwrap_err().contains("calls itself \"mine\""));
    let newer = include_str!("wire/described.json")
        .replace("\"max\": 1", "\"max\": 9")
        .replace("\"min\": 1", "\"min\": 8");
    let newer: Described = serde_json::from_str(&newer).unwrap();
    assert!(newer.fits("mine").unwrap_err().contains("it speaks protocol 8 to 9"));
    let answer: Answer = serde_json::from_str(include_str!("wire/answer.json")).unwrap();
    let artefacts = answer.artefacts().unwrap();
    let told: Vec<(&str, Vec<u8>)> =
        artefacts.iter().map(|artefact| (artefact.name(), artefact.bytes().unwrap().into_owned())).collect();
    assert_eq!(told, [("tables/counts.csv", b"a,b\n".to_vec()), ("picture.bin", vec![0xff, 0xfe, 0xfd])]);
}

#[test]
fn answers_that_are_none_are_refused() {
    for (answer, part) in [
        (r#"{"protocol":2,"artefacts":[{"name":"a","text":""}]}"#, "protocol 2"),
        (r#"{"protocol":1,"artefacts":[]}"#, "without any artefact"),
        (r#"{"protocol":1,"artefacts":[{"name":"../a","text":""}]}"#, "leaves its folder"),
        (r#"{"protocol":1,"artefacts":[{"name":"a"}]}"#, "either text or base64"),
        (r#"{"protocol":1,"artefacts":[{"name":"a","text":"","base64":""}]}"#, "either text or base64"),
        (r#"{"protocol":1,"artefacts":[{"name":"a","base64":"!"}]}"#, "not base64"),
        (r#"{"protocol":1,"artefacts":[{"name":"a","text":""},{"name":"A","text":""}]}"#, "two artefacts"),
    ] {
        let answer: Answer = serde_json::from_str(answer).unwrap();
        assert!(answer.artefacts().unwrap_err().contains(part), "{part}");
    }
}

#[cfg(unix)]
mod programs {
    use super::*;

    fn rendered(pack: &Pack) -> Result<Vec<Artefact>, RenderError> {
        CommandEngine.render(&sample::report(Arc::new(Keys)), pack, &Options::of(&pack.manifest))
    }

    /// A script's line that answers with a text, whatever it holds.
    const ANSWER: &str = r#"{"protocol":1,"artefacts":[{"name":"out.txt","text":"%s"}]}"#;

    #[test]
    fn a_program_reads_the_report_in_a_folder_of_its_own() {
        let render = format!(
            "read -r header; read -r report\nprintf '{ANSWER}' \"${{#header}} ${{#report}} $(ls | tr '\\n' ' ') ${{SECRET-none}}\""
        );
        let artefacts = rendered(&script("", &render)).unwrap();
        let text = String::from_utf8(artefacts[0].bytes().unwrap().into_owned()).unwrap();
        let words: Vec<&str> = text.split(' ').collect();
        assert!(
            words[0].parse::<usize>().unwrap() > 100 && words[1].parse::<usize>().unwrap() > 10_000,
            "{text}"
        );
        assert_eq!(words[2..], ["reporter.toml", "run.sh", "", "none"]);
        // One that reads nothing is fine too.
        assert_eq!(rendered(&script("", &format!("printf '{ANSWER}' x"))).unwrap().len(), 1);
    }

    #[test]
    fn a_program_that_does_not_behave_is_stopped_and_told() {
        for (more, render, part) in [
            ("timeout = 1\n", "sleep 60 & sleep 60", "took more than 1 s"),
            ("timeout = 1\n", "exec sleep 60 >/dev/null", "took more than 1 s"),
            ("largest = 1000\n", "yes", "answered more than 1000 bytes"),
            ("", "echo broken pipe >&2; exit 7", "failed (exit status: 7)\n  broken pipe"),
            ("", "echo no json", "its answer to render can not be read"),
        ] {
            let start = Clock::now();
            let error = rendered(&script(more, render)).unwrap_err();
            assert!(error.to_string().contains(part) && start.elapsed().as_secs() < 20, "{error}");
        }
        let error = rendered(&pack_of("command = [\"no-such-program-anywhere\"]\n", &[])).unwrap_err();
        assert!(error.to_string().contains("could not be started") && error.hint.is_some(), "{error}");
        let error = rendered(&pack_of("command = [\"echo\", \"{}\"]\n", &[])).unwrap_err();
        assert!(error.to_string().contains("its answer to describe can not be read"), "{error}");
    }

    #[test]
    fn a_pinned_program_runs_only_as_it_was() {
        let good = script("", &format!("printf '{ANSWER}' x"));
        let digest = sha256(&good.files["run.sh"].bytes).to_uppercase();
        let pinned = |digest: &str| {
            script(&format!("[sha256]\n\"run.sh\" = \"{digest}\"\n"), &format!("printf '{ANSWER}' x"))
        };
        assert_eq!(rendered(&pinned(&digest)).unwrap().len(), 1);
        let error = rendered(&pinned(&"0".repeat(64))).unwrap_err();
        assert!(error.to_string().contains("run.sh: is not the file that the manifest pins"), "{error}");
        let error = rendered(&script("[sha256]\nabsent = \"00\"\n", "")).unwrap_err();
        assert!(error.to_string().contains("which is not there"), "{error}");
    }

    #[test]
    fn a_check_runs_the_program_and_looks_at_what_it_wrote() {
        let report = sample::report(Arc::new(Keys));
        let html =
            r#"{"protocol":1,"artefacts":[{"name":"out.html","text":"<p>\n<script>alert(1)</script>"}]}"#;
        let found = CommandEngine.check(&report, &script("", &format!("cat <<'X'\n{html}\nX")));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].to_string().contains("run.sh: \"out.html\", line 2 of what it wrote"),
            "{}",
            found[0]
        );
        let mut whole = script("", &format!("cat <<'X'\n{html}\nX"));
        whole.manifest.partial = false;
        let found = CommandEngine.check(&report, &whole);
        assert!(found.iter().any(|error| error.message.contains("findings are forgotten")), "{found:?}");
    }
}
