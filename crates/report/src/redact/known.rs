//! What a case and a profile tell of the client: its addresses, and names that are looked for in every text.

use super::name::{Names, is_nobody};
use super::text::Clients;
use ipnet::IpNet;
use ringback_model::case::Case;
use ringback_model::profile::{EndMatch, HostMatch};
use ringback_model::{Finding, Profile, Scope};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The names that are known, in lower case, and what stands for each. The first that is said of a name holds.
#[derive(Debug)]
pub(super) struct Known<'n> {
    names: &'n Names,
    pub(super) all: BTreeMap<String, String>,
}

impl<'n> Known<'n> {
    /// What a case, findings that are not in it, and the profile say.
    pub(super) fn of(names: &'n Names, case: &Case, accepted: &[&Finding], profile: &Profile) -> Self {
        let mut known = Known { names, all: BTreeMap::new() };
        for finding in case.findings.iter().chain(accepted.iter().copied()) {
            known.finding(case, finding);
        }
        for host in &case.hosts {
            known.host(&host.host);
        }
        for (name, value) in &case.method.options {
            if name == "endpoint" {
                known.host(value);
            }
        }
        known.profile(profile);
        known.whole("client", &case.heading.client);
        for input in &case.inputs {
            known.enter(&input.name, names.file(&input.name));
        }
        known
    }

    fn finding(&mut self, case: &Case, finding: &Finding) {
        let row = finding.detection.with(&case.symbols);
        let detection = &finding.detection;
        self.host(row.text(detection.endpoint));
        self.host(row.text(detection.console));
        self.host(host_of(row.text(row.local().name)));
        if is_own(finding.verdict.remote_scope) {
            self.host(host_of(row.text(row.remote().name)));
        }
        self.domain(row.text(detection.domain));
        self.user(row.text(detection.user));
    }

    fn profile(&mut self, profile: &Profile) {
        for published in &profile.exposure.published {
            self.host(&published.host);
        }
        for open in &profile.exposure.open {
            open.names.iter().for_each(|name| self.host(name));
        }
        for relay in &profile.relays {
            self.host(&relay.host);
        }
        for one in &profile.vulnerabilities {
            if let HostMatch::Name(name) = &one.hosts {
                self.host(name);
            }
        }
        for suppression in &profile.suppressions {
            match &suppression.host {
                Some(EndMatch::Name(name)) => self.host(name),
                Some(EndMatch::Below(name)) => self.domain(name),
                Some(EndMatch::Network(_)) | None => {}
            }
        }
        profile.networks.names.iter().for_each(|name| self.domain(name));
        self.whole("client", &profile.client.name);
    }

    /// A host by its full name and by its first label, and its domain.
    fn host(&mut self, name: &str) {
        let name = name.trim();
        if let Some((domain, host)) = name.split_once('\\') {
            self.domain(domain);
            return self.host(host);
        }
        if is_nobody(name) || name.parse::<IpAddr>().is_ok() {
            return;
        }
        self.enter(name, self.names.host(name));
        if let Some((host, domain)) = name.split_once('.').filter(|(host, _)| !host.is_empty()) {
            self.enter(host, self.names.host(host));
            self.domain(domain);
        }
    }

    /// A domain of several labels, or one of old.
    fn domain(&mut self, name: &str) {
        let name = name.trim().trim_matches('.');
        if name.parse::<IpAddr>().is_err() {
            self.enter(name, self.names.domain(name));
        }
    }

    fn user(&mut self, name: &str) {
        if let Some((domain, user)) = name.split_once(['\\', '/']) {
            self.domain(domain);
            return self.user(user);
        }
        match name.rsplit_once('@') {
            Some((user, domain)) => {
                self.domain(domain);
                self.user(user);
            }
            None => self.enter(name, self.names.user(name)),
        }
    }

    /// Words of people, which are replaced as a whole.
    fn whole(&mut self, kind: &str, text: &str) {
        self.enter(text, self.names.token(kind, text));
    }

    fn enter(&mut self, name: &str, token: String) {
        let name = name.trim();
        if !is_nobody(name) {
            self.all.entry(name.to_lowercase()).or_insert(token);
        }
    }
}

/// The client's addresses: networks of the profile, and whatever was a local end.
pub(super) fn clients(case: &Case, accepted: &[&Finding], profile: &Profile) -> Clients {
    let mut clients = Clients { networks: profile.networks.own.clone(), ..Clients::default() };
    clients.networks.extend(profile.exposure.published.iter().filter_map(|published| published.network));
    clients.networks.extend(profile.vulnerabilities.iter().filter_map(|one| match one.hosts {
        HostMatch::Network(network) => Some(network),
        HostMatch::Any | HostMatch::Name(_) => None,
    }));
    clients.networks.extend(profile.suppressions.iter().filter_map(|entry| match entry.host {
        Some(EndMatch::Network(network)) => Some(network),
        _ => None,
    }));
    // A network of everything says nothing of whose an address is.
    clients.networks.retain(|network: &IpNet| network.prefix_len() > 0);
    clients.addresses.extend(profile.relays.iter().filter_map(|relay| relay.address));
    clients.addresses.extend(profile.exposure.open.iter().map(|open| open.address));
    clients.addresses.extend(case.hosts.iter().flat_map(|host| host.addresses.iter().copied()));
    for finding in case.findings.iter().chain(accepted.iter().copied()) {
        let row = finding.detection.with(&case.symbols);
        let endpoint = row.text(finding.detection.endpoint).trim().parse().ok();
        let own = row.remote().ip.filter(|_| is_own(finding.verdict.remote_scope));
        clients.addresses.extend(row.local().ip.into_iter().chain(endpoint).chain(own));
    }
    clients
}

/// Whether the other end is the client's.
pub(super) fn is_own(scope: Scope) -> bool {
    matches!(scope, Scope::Own | Scope::PrivateUnlisted)
}

/// The host in a URL; the whole text where it is none.
pub(super) fn host_of(text: &str) -> &str {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    match host.rsplit_once(':') {
        Some((name, port)) if !name.contains(':') && port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}
