//! What is said of an incident's processes.

use crate::case::{Case, Incident};
use crate::message::Message;
use std::collections::BTreeSet;

/// How many notes an incident tells: those of its worst findings. Each finding tells its own.
const NOTES: usize = 4;

/// The notes on the processes that an incident's findings name, each once; how many are left out is the last of them.
pub(super) fn notes_of_incident(case: &Case, incident: &Incident) -> Vec<Message> {
    if case.process_notes.is_empty() {
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    let mut notes: Vec<Message> = Vec::new();
    let mut known = BTreeSet::new();
    for finding in incident.findings.iter().map(|number| &case.findings[*number as usize]) {
        let process = finding.detection.process;
        let Some(note) = case.process_notes.get(&process) else { continue };
        if !seen.insert((process, finding.verdict.origin)) {
            continue;
        }
        for message in note.messages(case.symbols.text(process), finding.verdict.origin) {
            if known.insert(message.clone()) {
                notes.push(message);
            }
        }
    }
    let more = notes.len().saturating_sub(NOTES) as u64;
    notes.truncate(NOTES);
    notes.extend((more > 0).then(|| Message::new("process.more").with("n", more)));
    notes
}
