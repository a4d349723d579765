//! Every reason speaks of the fact that its step's conditions test, in every language.

use super::super::{STEPS, StepRule};
use super::*;
use ringback_model::LANGUAGES;
use std::collections::BTreeSet;

/// The conditions of a step, each with the placeholders that can speak of it.
fn tested(step: &StepRule) -> Vec<(&'static str, &'static [&'static str])> {
    let all: [(&str, bool, &[&str]); 15] = [
        ("suspect", !step.suspect.is_empty(), &["suspect", "host", "relay"]),
        ("severity", !step.severity.is_empty(), &["severity"]),
        ("log", !step.log.is_empty(), &["log", "packet"]),
        ("threat", !step.threat.is_empty(), &["threat"]),
        ("list", !step.list.is_empty(), &["list"]),
        ("direction", !step.direction.is_empty(), &["packet"]),
        ("message", !step.message.is_empty(), &["packet"]),
        ("stopped", !step.stopped.is_empty(), &["stopped"]),
        ("exposure", !step.exposure.is_empty(), &["exposure"]),
        ("vulnerable", !step.vulnerable.is_empty(), &["vulnerable"]),
        ("scope", !step.scope.is_empty(), &["scope"]),
        ("relay", !step.relay.is_empty(), &["relay"]),
        ("port", !step.port.is_empty(), &["service"]),
        ("reached", step.reached.is_some(), &["reached"]),
        ("exploited", step.exploited.is_some(), &["exploited"]),
    ];
    let process = step.process.is_some().then_some(("process", &["logged"][..]));
    let own = all.into_iter().filter(|one| one.1).map(|one| (one.0, one.2)).chain(process);
    let own: Vec<_> = own.collect();
    if own.is_empty() { vec![("scenario", &["host", "victim", "remote", "rule", "service"])] } else { own }
}

/// The placeholders of a text.
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).map(|part| part.split('}').next().unwrap()).collect()
}

/// The reason of a step in a language.
fn why<'s>(step: &'s StepRule, language: &str) -> &'s str {
    Wording::of(language).map_or(step.why.as_str(), |wording| &wording.step[&step.id].why)
}

#[test]
fn every_reason_speaks_of_what_its_step_tests() {
    for (step, language) in STEPS.step.iter().flat_map(|step| LANGUAGES.iter().map(move |one| (step, *one))) {
        let why = why(step, language);
        for (condition, speaking) in tested(step) {
            let spoken = places(why).iter().any(|place| speaking.contains(place));
            assert!(spoken, "{language} {}: {why:?} does not speak of {condition}", step.id);
        }
    }
}

/// The keys of the texts that a family needs for a step.
fn needed(step: &StepRule, family: &str) -> Vec<String> {
    fn words<T: Copy + Into<&'static str>>(values: &[T]) -> Vec<String> {
        values.iter().map(|value| (*value).into().to_owned()).collect()
    }
    let flag = |wanted: Option<bool>| vec![if wanted == Some(false) { "no" } else { "yes" }.to_owned()];
    match family {
        "stopped" => words(&step.stopped),
        "exposure" => words(&step.exposure),
        "reached" => flag(step.reached),
        "vulnerable" => words(&step.vulnerable),
        "exploited" => flag(step.exploited),
        "list" => words(&step.list),
        "log" => words(&step.log),
        "packet" if !step.message.is_empty() => {
            let messages = words(&step.message);
            let both =
                |direction: String| messages.iter().map(move |message| format!("{direction}.{message}"));
            words(&step.direction).into_iter().flat_map(both).collect()
        }
        "packet" => words(&step.direction),
        "scope" => words(&step.scope),
        "logged" => flag(step.process),
        "suspect" => words(&step.suspect),
        "severity" => words(&step.severity),
        "threat" => words(&step.threat),
        other => panic!("{other}"),
    }
}

#[test]
fn every_fact_that_a_reason_needs_is_told_in_every_language_and_no_other() {
    let mut used = BTreeSet::from(["and".to_owned()]);
    for step in &STEPS.step {
        for family in places(&step.why).into_iter().filter(|place| family(place).is_some()) {
            let values = needed(step, family);
            assert!(!values.is_empty(), "{} speaks of {family} and does not test it", step.id);
            used.extend(values.into_iter().map(|value| format!("{family}.{value}")));
        }
    }
    for language in LANGUAGES {
        let told = facts(Wording::of(language));
        assert_eq!(told.keys().cloned().collect::<BTreeSet<_>>(), used, "{language}");
        for (key, text) in told {
            let (here, english) = (places(text), places(&ENGLISH[key]));
            let bare = |places: BTreeSet<&str>| {
                places
                    .into_iter()
                    .filter(|one| !one.starts_with("n:"))
                    .map(str::to_owned)
                    .collect::<BTreeSet<_>>()
            };
            // A form for one alone needs a number beside it in English, and may do without in other languages.
            let (mut here, mut english) = (bare(here), bare(english));
            here.remove("n");
            english.remove("n");
            assert_eq!(here, english, "{language} {key}");
        }
    }
}
