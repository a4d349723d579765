//! What is wrong with a pack of sheets, told on the sample report.

use crate::{WorkbookEngine, words};
use ringback_model::Report;
use ringback_report::{Artefact, Engine, Options, Pack, RenderError, forgotten};
use ringback_template::faults;
use std::io::{Cursor, Read};

/// The faults of a pack. That every cell stays text is the engine's business, whatever a pack declares.
pub(crate) fn check(engine: WorkbookEngine, sample: &Report, pack: &Pack) -> Vec<RenderError> {
    let words = match words(sample, pack) {
        Ok(words) => words,
        Err(error) => return vec![error],
    };
    let mut found = Vec::new();
    for output in &pack.manifest.outputs {
        // Lines of remarks are emptied, so that the numbers of the others stay.
        let lines = pack.text(&output.entry).unwrap_or_default().lines();
        let code: Vec<&str> = lines.map(|line| if line.starts_with('#') { "" } else { line }).collect();
        let told = faults(&code.join("\n"), &words).into_iter();
        found.extend(
            told.map(|fault| RenderError::new(pack, fault.message).at(Some(&output.entry), Some(fault.line))),
        );
    }
    let artefacts = match engine.render(sample, pack, &Options::of(&pack.manifest)) {
        Ok(artefacts) => artefacts,
        Err(error) => {
            found.push(error);
            return found;
        }
    };
    let texts: Vec<Vec<u8>> = artefacts.iter().flat_map(parts).collect();
    let texts: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
    let say = |key: &str, n: u64| words.phrase(key, &[("n", n.into())]);
    found.extend(forgotten(sample, pack, &texts, &say));
    found
}

/// The parts of a workbook, unpacked. One that can not be unpacked holds nothing.
fn parts(artefact: &Artefact) -> Vec<Vec<u8>> {
    let bytes = artefact.bytes().unwrap_or_default();
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return Vec::new() };
    (0..archive.len())
        .filter_map(|number| {
            let mut part = Vec::new();
            archive.by_index(number).ok()?.read_to_end(&mut part).ok()?;
            Some(part)
        })
        .collect()
}
