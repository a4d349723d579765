//! The log as an address book: which names used an address in the period.

use ringback_model::{DetectionRef, Finding, Map, Scope, Set, Sym, Symbols};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Who used the addresses that stand without a name: those of hosts that the log does not name, and those of remote ends
/// that are the client's. One name alone is whose an address is; where several used it, as where addresses are handed out
/// anew, all of them are candidates. Spellings that differ in case alone are one name, told by the smallest of them.
pub(crate) fn address_book(findings: &[Finding], symbols: &Symbols) -> BTreeMap<IpAddr, Vec<String>> {
    let nameless: Set<IpAddr> = findings.iter().flat_map(|finding| nameless(finding, symbols)).collect();
    if nameless.is_empty() {
        return BTreeMap::new();
    }
    let mut seen: Set<(IpAddr, Sym)> = Set::default();
    let mut names: Map<IpAddr, BTreeMap<String, &str>> = Map::default();
    for row in findings.iter().map(|finding| finding.detection.with(symbols)) {
        let (Some(ip), name) = (row.telling_local_ip(), row.detection.endpoint) else { continue };
        if name.is_empty() || is_address(row, name) || !nameless.contains(&ip) || !seen.insert((ip, name)) {
            continue;
        }
        let spelling =
            names.entry(ip).or_default().entry(row.text(name).to_lowercase()).or_insert(row.text(name));
        *spelling = (*spelling).min(row.text(name));
    }
    let order: BTreeSet<IpAddr> = names.keys().copied().collect();
    order.into_iter().map(|ip| (ip, names[&ip].values().map(|name| (*name).to_owned()).collect())).collect()
}

/// The addresses of a finding that stand without a name.
fn nameless(finding: &Finding, symbols: &Symbols) -> impl Iterator<Item = IpAddr> + use<> {
    let row = finding.detection.with(symbols);
    let local = row.telling_local_ip().filter(|_| {
        let name = row.detection.endpoint;
        name.is_empty() || is_address(row, name)
    });
    let remote = row.remote();
    let own = finding.verdict.remote_scope == Scope::Own && remote.name.is_empty();
    local.into_iter().chain(remote.ip.filter(|_| own))
}

/// Whether what stands in the place of a name is an address.
fn is_address(row: DetectionRef<'_>, name: Sym) -> bool {
    row.text(name).parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made::{Made, made};

    #[test]
    fn one_name_is_whose_it_is_and_several_are_candidates() {
        let mut symbols = Symbols::new();
        let said = |symbols: &mut Symbols, host: &str, ip: &str, remote: &str| {
            made(symbols, &Made { host, local: ip, remote, scope: Scope::Own, ..Made::default() })
        };
        let findings = [
            said(&mut symbols, "pc7", "10.0.0.7", "10.0.0.8"),
            said(&mut symbols, "PC7", "10.0.0.7", "10.0.0.9"),
            said(&mut symbols, "PC8", "10.0.0.8", "10.0.0.7"),
            said(&mut symbols, "PC9", "10.0.0.8", "10.0.0.99"),
            said(&mut symbols, "PC4", "10.0.0.4", "10.0.0.99"),
            said(&mut symbols, "", "10.0.0.9", "10.0.0.1"),
            said(&mut symbols, "10.0.0.9", "10.0.0.9", "10.0.0.1"),
            said(&mut symbols, "PC5", "169.254.1.1", "169.254.1.1"),
        ];
        let book = address_book(&findings, &symbols);
        let told: Vec<String> = book.iter().map(|(ip, names)| format!("{ip} {}", names.join(" "))).collect();
        assert_eq!(told, ["10.0.0.7 PC7", "10.0.0.8 PC8 PC9"], "what nobody needs is left out");
        let mut turned = findings.to_vec();
        turned.reverse();
        assert_eq!(address_book(&turned, &symbols), book);
        assert!(address_book(&[], &symbols).is_empty());
    }
}
