//! Whether a pack tells of everything: each incident and each finding, or how many it leaves out.

use crate::engine::RenderError;
use crate::pack::Pack;
use ringback_model::Report;

/// The longest remainder that is looked for. Samples are smaller.
const MOST: u64 = 10_000;

/// What the texts of a pack's artefacts leave out without a word: incidents and findings whose ids are in none of them,
/// and that no counted remainder speaks of. `say` gives the text of a key for a count in the language of the artefacts;
/// a pack's own remainder has the key `<pack>.more-findings`.
pub fn forgotten(
    report: &Report,
    pack: &Pack,
    texts: &[&[u8]],
    say: &dyn Fn(&str, u64) -> String,
) -> Vec<RenderError> {
    if pack.manifest.partial {
        return Vec::new();
    }
    let incidents = report.case.incidents.iter().map(|incident| incident.id.to_string()).collect();
    let findings = report.case.findings.iter().map(|finding| finding.id.to_string()).collect();
    let kinds: [(&str, Vec<String>); 2] = [("incidents", incidents), ("findings", findings)];
    kinds.iter().filter_map(|(kind, ids)| left_out(pack, kind, ids, texts, say)).collect()
}

fn left_out(
    pack: &Pack,
    kind: &str,
    ids: &[String],
    texts: &[&[u8]],
    say: &dyn Fn(&str, u64) -> String,
) -> Option<RenderError> {
    let missing: Vec<&String> = ids.iter().filter(|id| !texts.iter().any(|text| has(text, id))).collect();
    let first = missing.first()?;
    let (least, most) = (missing.len() as u64, (ids.len() as u64).min(MOST));
    let keys = [format!("label.more-{kind}"), format!("{}.more-{kind}", pack.name())];
    let counted = (least..=most)
        .flat_map(|n| keys.iter().map(move |key| (key, say(key, n))))
        .any(|(key, text)| text != *key && texts.iter().any(|written| has(written, &text)));
    if counted {
        return None;
    }
    let message = format!(
        "{} of {} {kind} are forgotten and not counted, the first is {first}",
        missing.len(),
        ids.len()
    );
    let (file, line) = loop_over(pack, kind);
    let hint = format!(
        "show the id of each, or say how many are left out with the text {:?}; a pack that does not tell all by design says \
         `partial = true` in its manifest",
        keys[0]
    );
    Some(RenderError::new(pack, message).at(file, line).with_hint(hint))
}

/// Where the pack goes through a list: the first line that does; else its first entry.
fn loop_over<'p>(pack: &'p Pack, kind: &str) -> (Option<&'p str>, Option<usize>) {
    for name in pack.files.keys() {
        let mut lines = pack.text(name).unwrap_or_default().lines().enumerate();
        let is_over = |line: &str| {
            line.contains(&format!(" in {kind}")) || (kind == "findings" && line.contains(".finding_rows"))
        };
        if let Some((number, _)) = lines.find(|(_, line)| is_over(line)) {
            return (Some(name), Some(number + 1));
        }
    }
    let entry = pack.manifest.outputs.first().map(|output| output.entry.as_str());
    let entry = entry.filter(|entry| !entry.is_empty()).or(pack.manifest.command.last().map(String::as_str));
    (entry, Some(1))
}

fn has(text: &[u8], part: &str) -> bool {
    let part = part.as_bytes();
    !part.is_empty() && text.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::{Origin, PackFile};
    use crate::sample;
    use ringback_model::message::Keys;
    use std::collections::BTreeMap;
    use std::sync::Arc;

    fn pack(more: &str) -> Pack {
        let manifest = format!(
            "schema = 1\nname = \"mine\"\ntitle = \"M\"\nengine = \"json\"\n{more}[[outputs]]\nfile = \"a\"\n"
        );
        let file = |text: &str| PackFile { bytes: text.as_bytes().to_vec().into(), origin: Origin::BuiltIn };
        let files = BTreeMap::from([
            ("reporter.toml".to_owned(), file(&manifest)),
            ("b.j2".to_owned(), file("\n{% for finding in findings[:3] %}")),
        ]);
        Pack::new("mine", files).unwrap()
    }

    #[test]
    fn what_is_neither_told_nor_counted_is_forgotten() {
        let report = sample::report(Arc::new(Keys));
        let say = |key: &str, n: u64| format!("{key}={n}.");
        let ids: Vec<String> = report.case.findings.iter().map(|finding| finding.id.to_string()).collect();
        let incidents: Vec<String> = report.case.incidents.iter().map(|one| one.id.to_string()).collect();
        let (all, missing) = (ids.join(" ") + &incidents.join(" "), ids.len() as u64 - 1);
        let first = format!("{}{}", ids[0], incidents.join(" "));
        let told = |text: &str, pack: &Pack| forgotten(&report, pack, &[text.as_bytes()], &say);
        assert_eq!(told(&all, &pack("")), []);
        assert_eq!(told(&format!("{first} label.more-findings={missing}."), &pack("")), []);
        assert_eq!(told(&format!("{first} mine.more-findings={missing}."), &pack("")), []);
        assert_eq!(told("", &pack("partial = true\n")), []);
        for text in [first.clone(), format!("{first} label.more-findings={}.", missing - 1)] {
            let found = told(&text, &pack(""));
            assert_eq!(found.len(), 1);
            assert_eq!((found[0].file.as_deref(), found[0].line), (Some("b.j2"), Some(2)));
            assert!(found[0].message.contains("findings are forgotten"), "{}", found[0]);
        }
    }
}
