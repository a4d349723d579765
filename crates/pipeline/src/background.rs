//! What is known apart from the logs: of processes by their names, of remote public addresses by the databases that the
//! profile names. Both are looked up once for each name or address, when the findings are made.

use crate::error::PipelineError;
use ringback_classify::process_note;
use ringback_context::AddressDatabases;
use ringback_model::background::{AddressFacts, ProcessNote};
use ringback_model::{Case, Finding, Scope, Sym, Symbols};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

/// What is known of the processes that findings name.
pub(crate) fn process_notes(findings: &[Finding], symbols: &Symbols) -> BTreeMap<Sym, ProcessNote> {
    let processes: BTreeSet<Sym> = findings.iter().map(|finding| finding.detection.process).collect();
    let note = |process: Sym| process_note(symbols.text(process)).map(|note| (process, note));
    processes.into_iter().filter_map(note).collect()
}

/// What databases say of the remote public addresses of a case.
///
/// # Errors
/// A record that can not be read.
pub(crate) fn addresses(
    databases: &AddressDatabases,
    case: &Case,
) -> Result<BTreeMap<IpAddr, Arc<AddressFacts>>, PipelineError> {
    if databases.is_empty() {
        return Ok(BTreeMap::new());
    }
    let public = |finding: &&Finding| finding.verdict.remote_scope == Scope::Public;
    let remote = |finding: &Finding| finding.detection.with(&case.symbols).remote().ip;
    let asked: BTreeSet<IpAddr> = case.findings.iter().filter(public).filter_map(remote).collect();
    // Very many addresses are in few networks.
    let mut distinct: BTreeSet<Arc<AddressFacts>> = BTreeSet::new();
    let mut known = BTreeMap::new();
    for address in asked {
        let facts = databases.facts(address, &case.heading.language).map_err(PipelineError::Addresses)?;
        if facts.is_empty() {
            continue;
        }
        let facts = distinct.get(&facts).cloned().unwrap_or_else(|| Arc::new(facts));
        distinct.insert(facts.clone());
        known.insert(address, facts);
    }
    Ok(known)
}
