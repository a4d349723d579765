//! Tests of the environment as a whole.

use crate::{
    Catalogue, Cell, Clock, Environment, Escape, Scope, Value, languages, report_value, value_of, words,
};
use ringback_model::case::{Finding, FindingTally, Input};
use ringback_model::comparison::{Comparison, Gone, GoneId};
use ringback_model::{
    Arg, Basis, Case, Detection, Digest, Exposure, FindingId, Gaps, Instant, LANGUAGES, Message, Origin,
    Periodicity, Report, Rhythm, Scenario, Scope as RemoteScope, Severity, Stopped, Suspect, Target,
    Timeline, Verdict, Vulnerable, Words,
};
use std::sync::Arc;

const MODES: &[Escape] = &[Escape::Html, Escape::Markdown, Escape::Csv, Escape::Json, Escape::None];

fn english() -> Arc<Catalogue> {
    words("en").unwrap()
}

fn scope() -> Scope {
    Scope::new(value_of(serde_json::json!({
        "evil": "<b>{{ 7*7 }}</b>",
        "yes": true,
        "nothing": null,
        "n": 1_234_567,
        "when": "2026-06-18T09:15:02Z",
        "later": "2026-06-18T09:15:03Z",
        "list": ["a", "<i>"],
    })))
}

fn render(escape: Escape, source: &str) -> Result<String, String> {
    let mut environment = Environment::new(english(), escape);
    environment.add("t", source).map_err(|error| error.to_string())?;
    environment.render("t", &scope()).map_err(|error| error.to_string())
}

#[test]
fn values_are_printed_as_the_format_wants_them() {
    for (escape, source, expected) in [
        (Escape::Html, "{{ yes }} {{ nothing }}|{{ n }}", "true |1234567"),
        (Escape::Html, "{{ evil }}", "&lt;b&gt;{{ 7*7 }}&lt;/b&gt;"),
        (Escape::Markdown, "{{ evil }}", "&lt;b&gt;\\{\\{ 7\\*7 \\}\\}&lt;/b&gt;"),
        (Escape::None, "{{ evil }}", "<b>{{ 7*7 }}</b>"),
        (Escape::Csv, "{{ evil }},{{ n }},{{ nothing }},{{ yes }}", "\"<b>{{ 7*7 }}</b>\",1234567,,true"),
        (
            Escape::Json,
            "[{{ evil }},{{ yes }},{{ nothing }}]",
            "[\"\\u003cb\\u003e{{ 7*7 }}\\u003c/b\\u003e\",true,null]",
        ),
        (
            Escape::Html,
            "{{ n|count }} {{ 3723|duration }} {{ 1|plural('row', 'rows') }}",
            "1,234,567 1 h 2 min 1 row",
        ),
        (
            Escape::Html,
            "{{ when|time }} {{ when|time(zone=false) }} {{ when|date }}",
            "2026-06-18 09:15:02 UTC 2026-06-18 09:15:02 2026-06-18",
        ),
        (Escape::Html, "[{{ nothing|time }}]{{ (later|seconds) - (when|seconds) }}", "[]1"),
        (
            Escape::Html,
            "{{ 'lateral-movement'|term('scenario') }} {{ 'x'|term('scenario') }}",
            "Lateral movement x",
        ),
        (
            Escape::Html,
            "{{ t('statement.not-stopped', rows=1) }} {{ t('no.such.key') }}",
            "1 row of high or critical severity was not stopped. no.such.key",
        ),
        (
            Escape::Html,
            "{{ 'ünïcödé'|truncate(4) }} {{ 'abcd'|truncate(4) }} {{ 'abcde'|truncate(4) }}",
            "ünï… abcd abc…",
        ),
        (Escape::Html, "{{ bar(1, 2, 4) }} {{ [1, 8]|sparkline }} {{ 1|percent(3) }}", "██░░ ▁█ 33%"),
        (Escape::Html, "{{ 'http://a.b/'|defang }}", "hxxp://a[.]b/"),
        (Escape::Html, "<script>{{ list|json }}</script>", "<script>[\"a\",\"\\u003ci\\u003e\"]</script>"),
        (Escape::Markdown, "{{ list|json }}", "\\[\"a\",\"\\\\u003ci\\\\u003e\"\\]"),
        (Escape::Html, "{{ '#0b6e4f'|colour }}[{{ 'red;}*{x:url(//e)'|colour }}]", "#0b6e4f[]"),
    ] {
        assert_eq!(render(escape, source).as_deref(), Ok(expected), "{source}");
    }
}

#[test]
fn nothing_makes_a_value_safe() {
    for source in [
        "{{ evil|safe }}",
        "{{ evil|tojson }}",
        "{{ debug() }}",
        "{% autoescape false %}{{ evil }}{% endautoescape %}",
        "{% autoescape 'none' %}{{ evil }}{% endautoescape %}",
        "{% set x %}{{ evil }}{% endset %}{{ x }}{{ x ~ evil }}{{ x|replace('7', evil) }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(evil) }}{{ m(evil) ~ evil }}",
        "{% set x %}{{ evil }}{% endset %}{{ [x, evil]|join(evil) }}",
        "{{ evil|e }}{{ evil|escape|upper }}{{ evil|replace('x', 'y')|title }}",
        "{% set x %}&lt;{% endset %}{{ x|truncate(1) }}",
        "{% include evil %}",
        "{% filter upper %}{{ evil }}{% endfilter %}",
        "{{ evil|json }}",
        "{{ [evil]|json }} {{ evil|string }} {{ evil|list }} {{ {'k': evil} }}",
        "{{ t('sample.note', text=evil) }} {{ t(evil) }} {{ evil|term(evil) }}",
    ] {
        if let Ok(text) = render(Escape::Html, source) {
            let lower = text.to_lowercase();
            assert!(!lower.contains("<b>") && !lower.contains("49"), "{source}: {text}");
        }
    }
}

#[test]
fn undefined_names_have_a_place() {
    let mut environment = Environment::new(english(), Escape::Html);
    environment.add("main.j2", "a\n{% include 'part.j2' %}").unwrap();
    environment.add("part.j2", "b\n\n  {{ list.nope }}").unwrap();
    let error = environment.render("main.j2", &scope()).unwrap_err();
    assert_eq!((error.file.as_deref(), error.line), (Some("part.j2"), Some(3)));
    assert!(error.message.contains("undefined") && error.message.contains("list.nope"), "{error}");

    environment.add("other.j2", "{% if false %}\n{{ absent }}{{ t('x') }}{{ n }}{% endif %}").unwrap();
    let unknown = environment.unknown_names("other.j2", &scope()).unwrap();
    assert_eq!(unknown.len(), 1);
    assert_eq!(unknown[0].to_string(), "other.j2, line 2: undefined name `absent`");

    let error = environment.add("bad.j2", "x\n{% if %}").unwrap_err();
    assert_eq!((error.file.as_deref(), error.line), (Some("bad.j2"), Some(2)));
    assert!(environment.render("../../etc/passwd", &scope()).is_err());
}

#[test]
fn endless_work_is_stopped() {
    for source in [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{{ n }}{% endfor %}{% endfor %}{% endfor %}",
        "{% macro again() %}{{ again() }}{{ again() }}{% endmacro %}{{ again() }}",
        "{{ 'x' * 9999999999 }}",
    ] {
        let mut environment = Environment::new(english(), Escape::Html).with_fuel(200_000, 1_000);
        environment.add("t", source).unwrap();
        assert!(environment.render("t", &scope()).is_err(), "{source}");
    }
}

#[test]
fn expressions_are_typed() {
    let environment = Environment::new(english(), Escape::Html);
    let instant = Instant::from_seconds(1_781_774_102);
    for (source, expected) in [
        ("evil", Cell::Text("<b>{{ 7*7 }}</b>".to_owned())),
        ("n + 1", Cell::Number(1_234_568.0)),
        ("yes", Cell::Bool(true)),
        ("nothing", Cell::Empty),
        ("''", Cell::Empty),
        ("when|as_time", Cell::Time(instant)),
        ("nothing|as_time", Cell::Empty),
        ("list", Cell::Text("a, <i>".to_owned())),
        ("'x\u{202e}y'", Cell::Text("x\\u{202e}y".to_owned())),
        ("(later|as_time) > (when|as_time)", Cell::Bool(true)),
        ("row.id", Cell::Number(7.0)),
    ] {
        let scope = scope().with("row", value_of(serde_json::json!({ "id": 7 })));
        assert_eq!(environment.expression(source).unwrap().eval(&scope), Ok(expected), "{source}");
    }
    for source in
        ["absent", "list.nope", "when|as_time + 1", "n|as_time", "range(99999999)|list", "evil|safe"]
    {
        let expression = environment.expression(source);
        assert!(expression.and_then(|expression| expression.eval(&scope())).is_err(), "{source}");
    }
    assert!(environment.expression("1 +").is_err());
    assert_eq!(Clock::of("Asia/Tokyo").unwrap().civil(instant).unwrap().to_string(), "2026-06-18T18:15:02");
}

#[test]
fn messages_are_told() {
    let words = english().in_zone("Europe/Berlin").unwrap();
    let message = Message::new("sample.reason").with("text", "UTC{rows}");
    assert_eq!(words.text(&message), "The rule is UTC{rows}.");
    assert_eq!(words.text(&Message::new("never.heard")), "never.heard");
    let arg = |arg| words.phrase("sample.note", &[("text", arg)]);
    assert_eq!(arg(Arg::Count(12_345)), "a note on 12,345");
    assert_eq!(arg(Arg::Term("lateral-movement")), "a note on Lateral movement");
    assert_eq!(arg(Arg::Term("no-such-word")), "a note on no-such-word");
    assert_eq!(arg(Arg::Time(Instant::from_seconds(0))), "a note on 1970-01-01 01:00:00 CET");
    assert!(words.in_zone("Mars/Base").is_err());
    assert_eq!(crate::words("en-GB").unwrap().language(), "en");
    assert!(crate::words("tlh").unwrap_err().to_string().contains("there are: de, en, ja"));
    assert!(crate::words("").is_err() && crate::words("../en").is_err());
}

#[test]
fn figures_and_times_are_the_reader_s() {
    let instant = Instant::from_seconds(1_795_508_102);
    for (language, expected) in [
        ("en", "1,234,567 2026-11-24 09:15:02 CET 2026-11-24 33% <1% 1 d 2 h"),
        ("de", "1.234.567 24.11.2026 09:15:02 CET 24.11.2026 33\u{a0}% <1\u{a0}% 1 Tag 2 Std."),
        ("ja", "1,234,567 2026年11月24日 09:15:02 CET 2026年11月24日 33% <1% 1日 2時間"),
    ] {
        let words = words(language).unwrap().in_zone("Europe/Berlin").unwrap();
        let scope = scope().with("at", Value::from(instant.to_string()));
        let mut environment = Environment::new(words, Escape::None);
        let source = "{{ n|count }} {{ at|time }} {{ at|date }} {{ 1|percent(3) }} {{ 1|percent(999) }} {{ 93600|duration }}";
        environment.add("t", source).unwrap();
        assert_eq!(environment.render("t", &scope).unwrap(), expected, "{language}");
    }
}

#[test]
fn the_languages_are_those_of_the_program() {
    let mut offered = LANGUAGES.to_vec();
    offered.sort_unstable();
    assert_eq!(languages(), offered);
    for language in languages() {
        let words = words(language).unwrap();
        // Columns of times are 19 characters wide, and spreadsheets show a time that is wider as "####".
        for key in ["format.sheet.date", "format.sheet.time", "format.sheet.minute"] {
            assert!((10..=19).contains(&words.phrase(key, &[]).len()), "{language} {key}");
        }
    }
}

/// Every value of the vocabularies that reports show.
fn vocabulary() -> Vec<(&'static str, &'static str)> {
    macro_rules! all {
        ($($kind:literal $name:path),+ $(,)?) => {{
            let mut all = Vec::new();
            $(all.extend(<$name>::ALL.iter().map(|value| ($kind, value.as_str())));)+
            all
        }};
    }
    all![
        "scenario" Scenario, "severity" Severity, "origin" Origin, "basis" Basis,
        "scope" RemoteScope, "suspect" Suspect, "stopped" Stopped, "target" Target,
        "exposure" Exposure, "vulnerable" Vulnerable, "direction" ringback_model::Direction,
        "message" ringback_model::RequestKind, "result" ringback_model::ResultKind, "list" ringback_model::ListSource, "threat" ringback_model::Threat,
        "risk" ringback_model::Risk, "log" ringback_model::Log, "reject" ringback_model::RejectReason, "phase" ringback_model::case::Phase,
        "relay" ringback_model::profile::RelayKind, "faces" ringback_model::profile::Faces, "change" ringback_model::comparison::Change,
        "suppression" ringback_model::case::SuppressionState,
        "rhythm" Rhythm,
    ]
}

#[test]
fn every_word_has_a_label_in_every_language() {
    for language in languages() {
        let words = words(language).unwrap();
        for (kind, word) in vocabulary() {
            assert!(words.has(&format!("term.{kind}.{word}")), "{language}: term.{kind}.{word}");
        }
        for scenario in Scenario::ALL {
            assert!(words.has(&format!("about.scenario.{scenario}")), "{language}: {scenario}");
        }
    }
}

/// A case with so many findings.
fn case(findings: usize) -> Case {
    let mut case = Case { reasons: vec![Vec::new()], ..Case::default() };
    let host = case.symbols.intern("<HOST>");
    let at = Instant::from_seconds(0);
    let tally = FindingTally {
        rows: 2,
        occurrences: 2,
        first: at,
        last: at,
        evidence: Vec::new(),
        other_ports: Vec::new(),
        more_ports: false,
        periodicity: None,
    };
    let detection = Detection { endpoint: host, ..Detection::default() };
    let fingerprint = detection.fingerprint(&case.symbols);
    let verdict = Verdict {
        origin: Origin::Local,
        origin_basis: Basis::Weak,
        remote_scope: RemoteScope::Public,
        scenario: Scenario::OutboundCallback,
        suspect: Suspect::Local,
        stopped: Stopped::No,
        severity: Severity::High,
        ..Verdict::default()
    };
    let id = FindingId::new(Digest::of("finding").text("x"));
    let finding = Finding { id, fingerprint, detection, tally, verdict, reasons: 0, incident: 0 };
    case.findings = vec![finding; findings];
    case.inputs = vec![Input { name: "a.csv".to_owned(), ..Input::default() }];
    case.timeline = Timeline { bucket_seconds: 1, buckets: vec![at], series: Vec::new() };
    case
}

#[test]
fn the_report_is_seen_in_its_wire_format() {
    let report = Report::new(case(3), english());
    let scope = Scope::new(report_value(&report)).with("options", Value::from(5));
    let mut environment = Environment::new(english(), Escape::Html);
    let source = "{{ summary.rows }} {{ findings|length }} {{ findings[1].host }} {{ findings[9] is defined }}\
        {% for f in findings[:2] %} {{ f.severity }}{% endfor %}{{ options }} {{ findings[0].process is none }}";
    environment.add("t", source).unwrap();
    assert_eq!(environment.render("t", &scope).unwrap(), "6 3 &lt;HOST&gt; false high high5 true");

    // Field by field what programs get as JSON, where what is known of an earlier report alone is left out.
    let mut compared = case(3);
    let mut comparison = Comparison::default();
    comparison.gone.push(Gone {
        id: GoneId::Finding(compared.findings[0].id),
        scenario: Scenario::Undetermined,
        severity: Severity::Low,
        host: comparison.hosts.intern("<GONE>"),
        rows: 7,
        last: None,
        accepted: false,
    });
    compared.comparison = Some(comparison);
    compared.findings[1].tally.periodicity = Some(Box::new(evenly(true)));
    compared.findings[2].tally.periodicity = Some(Box::new(evenly(false)));
    for report in [report, Report::new(compared, english())] {
        let mut wire = serde_json::to_value(report.view()).unwrap();
        let left_out = |part: &mut serde_json::Value, name: &str| {
            part.as_object_mut().unwrap().entry(name).or_insert(serde_json::Value::Null);
        };
        left_out(&mut wire, "comparison");
        for finding in wire["findings"].as_array_mut().unwrap() {
            left_out(finding, "change");
            left_out(finding, "rows_before");
        }
        let mut seen = serde_json::to_value(report_value(&report)).unwrap();
        // Templates have some findings in full besides.
        assert_eq!(seen.as_object_mut().unwrap().remove("rhythm_rows"), Some(serde_json::json!([])));
        assert_eq!(seen, wire);
    }
}

/// Statistics of times, with gaps or without.
fn evenly(gaps: bool) -> Periodicity {
    let gaps = gaps.then_some(Gaps {
        count: 30,
        of_bursts: true,
        median: 300,
        deviation: 2,
        mode: 299,
        near_mode: 28,
        period: 300,
        jitter: 3,
        seen: 97,
    });
    Periodicity {
        rhythm: if gaps.is_some() { Rhythm::Regular } else { Rhythm::TooFew },
        score: gaps.as_ref().map(|_| 96),
        events: 31,
        instants: 31,
        complete: gaps.is_some(),
        equal: 1,
        first: Instant::from_seconds(7),
        last: Instant::from_seconds(9_007),
        gaps,
    }
}

#[test]
fn simple_shapes_give_what_the_language_gives() {
    let mut case = case(3);
    case.findings[0].tally.other_ports = vec![50_000, 50_001];
    case.findings[1].tally.more_ports = true;
    case.findings[1].verdict.reached = true;
    case.findings[1].tally.periodicity = Some(Box::new(evenly(true)));
    case.findings[2].tally.periodicity = Some(Box::new(evenly(false)));
    let report = Report::new(case, english());
    let findings = report_value(&report).get_attr("findings").unwrap();
    let environment = Environment::new(english(), Escape::None);
    for source in [
        "finding.id",
        "finding.first|as_time",
        "finding.severity|term(\"severity\")",
        "finding.scenario == \"outbound-callback\"",
        "finding.rows / 100",
        "t(\"label.yes\") if finding.reached else none",
        "t(\"label.yes\") if finding.reached else t(\"label.no\")",
        "finding.other_ports|join(\", \") ~ (\" …\" if finding.more_ports else \"\")",
        "(finding.process|term(\"relay\")) if finding.process else none",
        "finding.host if finding.rows else \"-\"",
        "finding.periodicity.rhythm|term(\"rhythm\")",
        "finding.periodicity.score",
        "finding.periodicity.events",
        "finding.periodicity.equal_percent / 100",
        "finding.periodicity.mode_percent / 100 if finding.periodicity.gaps else none",
        "finding.periodicity.jitter_percent / 100 if finding.periodicity.gaps else none",
        "t(\"label.yes\") if finding.periodicity.complete else t(\"label.no\")",
        "finding.periodicity.median_seconds",
        "finding.periodicity.last|as_time",
    ] {
        let expression = environment.expression(source).unwrap();
        let shape = expression.shape.as_ref().expect(source);
        let mut told = 0;
        for number in 0..3 {
            let finding = findings.get_item_by_index(number).unwrap();
            let scope = Scope::new(Value::from(())).with("finding", finding);
            let Some(cell) = shape.cell(&scope) else { continue };
            let interpreted = expression.compiled.eval(scope).unwrap();
            assert_eq!(cell, Cell::of(&interpreted), "{source} of {number}");
            told += 1;
        }
        // Where there are no statistics of times, the language has to say.
        assert_eq!(told, if source.contains("periodicity") { 2 } else { 3 }, "{source}");
    }
}

#[test]
fn rows_are_made_only_when_they_are_asked_for() {
    // Fuel for a few rows is enough to show the first of very many.
    let report = Report::new(case(200_000), english());
    let scope = Scope::new(report_value(&report));
    let mut environment = Environment::new(english(), Escape::Html).with_fuel(5_000, 1);
    environment
        .add("t", "{% for f in findings[:3] %}{{ f.rows }}{% endfor %} of {{ findings|length }}")
        .unwrap();
    assert_eq!(environment.render("t", &scope).unwrap(), "222 of 200000");
}

#[test]
fn every_mode_renders_every_kind_of_value() {
    for mode in MODES {
        let text =
            render(*mode, "{{ evil }}{{ yes }}{{ nothing }}{{ n }}{{ list }}{{ when|as_time }}").unwrap();
        assert!(text.contains("2026-06-18T09:15:02Z"), "{mode:?}: {text}");
    }
}
