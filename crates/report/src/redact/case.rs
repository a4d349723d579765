//! The redacted case. Every field is named, so that a field that is added has to be thought of.

use super::Addresses;
use super::key::Key;
use super::known::{Known, clients, host_of, is_own};
use super::name::Names;
use super::text::Scanner;
use ringback_model::brand::Brand;
use ringback_model::case::{DataFile, Finding, Heading, Input, Listed, Method};
use ringback_model::{
    Arg, Case, Detection, Digest, Endpoints, FindingId, Fingerprint, Map, Message, Peer, Profile, Sym,
    Symbols,
};
use std::net::IpAddr;

/// Values of messages that hold nothing of the client, or nothing that is not found in them.
const PLAIN: &[&str] = &[
    "address",
    "addresses",
    "columns",
    "cve",
    "due",
    "encoding",
    "heading",
    "network",
    "networks",
    "path",
    "port",
    "process",
    "range",
    "section",
    "seen",
    "service",
    "which",
    "zone",
];

/// A redacted case, and what redacts all else that belongs to it.
#[derive(Debug)]
pub struct Redacted {
    /// The case. Its incidents have no advice: what advice names is in it under other names, so it has to be given anew.
    pub case: Case,
    /// The findings that the profile accepts, in the order in which they were given.
    pub accepted: Vec<Finding>,
    /// The profile, with pseudonyms where advice names what stands in it.
    pub profile: Profile,
    key: Key,
    pub(super) scanner: Scanner,
}

/// What a text stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Role {
    Host,
    Domain,
    User,
    /// A remote end that is the client's.
    Own,
    /// Text with anything in it.
    Any,
}

impl Redacted {
    /// Redacts a case under a key. `accepted` are the findings that the profile accepts; `title` is the report's title, since
    /// the profile's may name the client.
    pub fn of(key: &Key, case: &Case, accepted: &[&Finding], profile: &Profile, title: &str) -> Self {
        let names = Names::new(key.clone());
        let known = Known::of(&names, case, accepted, profile).all;
        let scanner =
            Scanner::new(Addresses::new(key.clone()), names.clone(), clients(case, accepted, profile), known);
        let mut redacted = Redacted {
            case: Case::default(),
            accepted: Vec::new(),
            profile: Profile::default(),
            key: key.clone(),
            scanner,
        };
        redacted.profile = redacted.profile(profile);
        let mut table = Table { from: &case.symbols, to: Symbols::new(), made: Map::default() };
        redacted.accepted = accepted.iter().map(|finding| redacted.finding(finding, &mut table)).collect();
        redacted.case = redacted.case(case, table, title);
        redacted
    }

    /// A text with everything replaced that is the client's.
    pub fn text(&self, text: &str) -> String {
        self.scanner.text(text)
    }

    fn case(&self, case: &Case, mut table: Table<'_>, title: &str) -> Case {
        let Case {
            heading,
            symbols: _,
            inputs,
            findings,
            reasons,
            incidents,
            hosts,
            remotes,
            overview,
            campaigns,
            sequences,
            rhythms,
            timeline,
            questions,
            unasked,
            unknowns,
            address_book,
            outside,
            suggested_relays,
            known_exploited,
            process_notes,
            addresses,
            accounting,
            suppressions,
            // A bundle is held against no earlier report.
            comparison: _,
            method,
            statements,
        } = case;
        let findings = findings.iter().map(|finding| self.finding(finding, &mut table)).collect();
        let process_notes = process_notes
            .iter()
            .map(|(process, note)| (table.apply(*process, Role::Any, self), note.clone()))
            .collect();
        Case {
            heading: self.heading(heading, title),
            inputs: inputs.iter().map(|input| self.input(input)).collect(),
            findings,
            reasons: reasons.iter().map(|list| self.messages(list)).collect(),
            incidents: incidents.iter().map(|incident| self.incident(incident, &mut table)).collect(),
            hosts: hosts.iter().map(|host| self.host(host)).collect(),
            remotes: remotes.iter().map(|remote| self.remote(remote)).collect(),
            overview: self.overview(overview),
            campaigns: listed(campaigns, |campaign| self.campaign(campaign)),
            sequences: listed(sequences, |sequence| self.sequence(sequence)),
            rhythms: rhythms.clone(),
            timeline: timeline.clone(),
            questions: questions.iter().map(|question| self.question(question)).collect(),
            unasked: *unasked,
            unknowns: unknowns.iter().map(|unknown| self.unknown(unknown)).collect(),
            address_book: address_book.iter().map(|entry| self.names_of(entry)).collect(),
            outside: outside.iter().map(|ip| self.scanner.address(*ip)).collect(),
            suggested_relays: suggested_relays.iter().map(|relay| self.suggested(relay, remotes)).collect(),
            known_exploited: known_exploited.clone(),
            process_notes,
            addresses: addresses
                .iter()
                .filter(|(ip, _)| !self.scanner.is_clients(**ip))
                .map(|(ip, facts)| (*ip, facts.clone()))
                .collect(),
            accounting: accounting.clone(),
            suppressions: suppressions.iter().map(|used| self.suppression(used)).collect(),
            comparison: None,
            method: self.method(method),
            statements: self.messages(statements),
            symbols: table.to,
        }
    }

    fn heading(&self, heading: &Heading, title: &str) -> Heading {
        let Heading {
            tool,
            generated_at,
            language,
            title: _,
            author: _,
            tlp,
            accent: _,
            client,
            brand: _,
            time_zone,
        } = heading;
        Heading {
            tool: tool.clone(),
            generated_at: *generated_at,
            language: language.clone(),
            title: title.to_owned(),
            author: String::new(),
            tlp: tlp.clone(),
            accent: String::new(),
            client: self.whole("client", client),
            // A logo and texts of the author's own name the client, or may.
            brand: Brand::default(),
            time_zone: time_zone.clone(),
        }
    }

    fn input(&self, input: &Input) -> Input {
        let Input {
            name,
            size,
            sha256,
            container,
            encoding,
            layout,
            rows,
            rejected,
            first,
            last,
            notes,
            duplicates,
            silences,
        } = input;
        Input {
            name: self.scanner.names.file(name),
            size: *size,
            sha256: sha256.clone(),
            container: container.clone(),
            encoding: encoding.clone(),
            layout: self.text(layout),
            rows: *rows,
            rejected: *rejected,
            first: *first,
            last: *last,
            notes: self.messages(notes),
            duplicates: duplicates.clone(),
            silences: silences.clone(),
        }
    }

    fn finding(&self, finding: &Finding, table: &mut Table<'_>) -> Finding {
        let Finding { id, fingerprint, detection, tally, verdict, reasons, incident } = finding;
        let bits = self.key.bits("fingerprint", &[&fingerprint.0.to_be_bytes()]);
        let mut first = [0; 16];
        first.copy_from_slice(&bits[..16]);
        Finding {
            id: FindingId::new(&self.id("finding", &id.to_string())),
            fingerprint: Fingerprint(u128::from_be_bytes(first)),
            detection: self.detection(detection, is_own(verdict.remote_scope), table),
            tally: tally.clone(),
            verdict: *verdict,
            reasons: *reasons,
            incident: *incident,
        }
    }

    fn detection(&self, detection: &Detection, own: bool, table: &mut Table<'_>) -> Detection {
        let Detection {
            log,
            endpoint,
            domain,
            user,
            process,
            product,
            console,
            endpoints,
            service,
            protocol,
            message,
            result,
            list,
            rule,
            family,
            threat,
            cve,
            risk,
        } = *detection;
        let mut apply = |sym, role| table.apply(sym, role, self);
        let mut peer = |peer: Peer, own: bool| Peer {
            ip: peer.ip.map(|ip| self.scanner.address(ip)),
            name: apply(peer.name, if own { Role::Own } else { Role::Any }),
        };
        let endpoints = match endpoints {
            Endpoints::Sided { local, remote, direction } => {
                Endpoints::Sided { local: peer(local, true), remote: peer(remote, own), direction }
            }
            Endpoints::Directed { source, destination } => {
                Endpoints::Directed { source: peer(source, true), destination: peer(destination, own) }
            }
        };
        Detection {
            log,
            endpoint: apply(endpoint, Role::Host),
            domain: apply(domain, Role::Domain),
            user: apply(user, Role::User),
            process: apply(process, Role::Any),
            product: apply(product, Role::Any),
            console: apply(console, Role::Host),
            endpoints,
            service,
            protocol: apply(protocol, Role::Any),
            message,
            result,
            list,
            rule: apply(rule, Role::Any),
            family: apply(family, Role::Any),
            threat,
            cve: apply(cve, Role::Any),
            risk,
        }
    }

    fn method(&self, method: &Method) -> Method {
        let Method {
            options,
            own_networks,
            own_names,
            private_assumed,
            registries,
            layouts,
            playbook,
            attack,
            data_files,
        } = method;
        let option = |(name, value): &(String, String)| {
            let value = if name == "endpoint" { self.host_name(value) } else { self.text(value) };
            (name.clone(), value)
        };
        let file = |file: &DataFile| {
            let DataFile { name, date, sha256, kind, detail, records } = file;
            DataFile {
                name: self.scanner.names.file(name),
                date: *date,
                sha256: sha256.clone(),
                kind,
                detail: self.text(detail),
                records: *records,
            }
        };
        let mut data_files: Vec<DataFile> = data_files.iter().map(file).collect();
        data_files.sort();
        let domain = |name: &String| {
            self.scanner.known(name).map_or_else(|| self.scanner.names.domain(name), str::to_owned)
        };
        Method {
            options: options.iter().map(option).collect(),
            own_networks: own_networks.iter().map(|network| self.text(network)).collect(),
            own_names: own_names.iter().map(domain).collect(),
            private_assumed: *private_assumed,
            registries: registries.clone(),
            layouts: layouts
                .iter()
                .map(|(name, title, confirmed)| (self.text(name), self.text(title), *confirmed))
                .collect(),
            playbook: playbook.clone(),
            attack: attack.clone(),
            data_files,
        }
    }

    /// The parts of a profile that advice names. What judging needs of it is settled already.
    fn profile(&self, profile: &Profile) -> Profile {
        let mut made = Profile { relays: profile.relays.clone(), ..Profile::default() };
        for relay in &mut made.relays {
            relay.address = relay.address.map(|ip| self.scanner.address(ip));
            relay.host = self.host_name(&relay.host);
            relay.name = self.whole("relay", &relay.name);
        }
        made.known_exploited.clone_from(&profile.known_exploited);
        made
    }

    pub(super) fn messages(&self, messages: &[Message]) -> Vec<Message> {
        messages.iter().map(|message| self.message(message)).collect()
    }

    pub(super) fn message(&self, message: &Message) -> Message {
        let arg = |(name, arg): &(&'static str, Arg)| {
            let arg = match arg {
                Arg::Text(text) => Arg::Text(self.argument(name, text)),
                Arg::Count(_) | Arg::Time(_) | Arg::Term(_) => arg.clone(),
            };
            (*name, arg)
        };
        Message { key: message.key, args: message.args.iter().map(arg).collect() }
    }

    /// A value of a message, by its name. What is told of a file's content is left out.
    fn argument(&self, name: &str, text: &str) -> String {
        match name {
            "host" | "endpoint" => self.host_name(text),
            "relay" if text.parse::<IpAddr>().is_err() => self.whole("relay", text),
            "relay" => self.text(text),
            "input" => self.scanner.names.file(text),
            "name" => self.whole("name", text),
            "error" => "…".to_owned(),
            plain if PLAIN.contains(&plain) => self.text(text),
            _ => self.whole("text", text),
        }
    }

    /// Words of people as a whole; nothing stays nothing.
    pub(super) fn whole(&self, kind: &str, text: &str) -> String {
        if text.is_empty() { String::new() } else { self.scanner.names.token(kind, text) }
    }

    /// A host of the client's, by name or by address.
    pub(super) fn host_name(&self, name: &str) -> String {
        self.in_role(name, Role::Own)
    }

    pub(super) fn in_role(&self, text: &str, role: Role) -> String {
        let (scanner, names) = (&self.scanner, &self.scanner.names);
        if text.trim().is_empty() {
            return text.to_owned();
        }
        match role {
            Role::Any => scanner.text(text),
            Role::Domain => names.domain(text),
            Role::User => names.user(text),
            Role::Host | Role::Own => match text.trim().parse::<IpAddr>() {
                Ok(ip) => scanner.address(ip).to_string(),
                Err(_) if role == Role::Host => names.host(text),
                Err(_) => self.own(text),
            },
        }
    }

    /// A name or URL of the client's own: the host in it, and the rest as text.
    fn own(&self, text: &str) -> String {
        let host = host_of(text);
        let Some((before, after)) = text.split_once(host).filter(|_| !host.is_empty()) else {
            return self.scanner.names.host(text);
        };
        let named = match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(_) => self.text(host),
            Err(_) => self.scanner.names.host(host),
        };
        self.text(before) + &named + &self.text(after)
    }

    pub(super) fn id(&self, kind: &str, id: &str) -> Digest {
        let mut digest = Digest::of("redacted");
        digest.part(&self.key.bits(kind, &[id.as_bytes()]));
        digest
    }
}

/// A list of which the first are told, each of them redacted.
fn listed<T>(one: &Listed<T>, redacted: impl Fn(&T) -> T) -> Listed<T> {
    Listed { list: one.list.iter().map(redacted).collect(), all: one.all }
}

/// The symbols of the case, each redacted once for what it stands for.
pub(super) struct Table<'c> {
    from: &'c Symbols,
    to: Symbols,
    made: Map<(Sym, Role), Sym>,
}

impl Table<'_> {
    pub(super) fn apply(&mut self, sym: Sym, role: Role, redacted: &Redacted) -> Sym {
        if let Some(made) = self.made.get(&(sym, role)) {
            return *made;
        }
        let made = self.to.intern(&redacted.in_role(self.from.text(sym), role));
        self.made.insert((sym, role), made);
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn redacted(key: u8) -> Redacted {
        let case = sample_case();
        Redacted::of(&Key::new(&[key; 32]), &case, &[], &Profile::default(), "Title")
    }

    fn sample_case() -> Case {
        sample::case()
    }

    #[test]
    fn figures_and_order_stay() {
        let (before, after) = (sample_case(), redacted(1).case);
        let told = |case: &Case| {
            let findings = case.findings.iter().map(|one| (one.verdict, one.tally.clone(), one.incident));
            let hosts = case.hosts.iter().map(|one| (one.severity, one.rows, one.findings, one.remotes));
            (findings.collect::<Vec<_>>(), hosts.collect::<Vec<_>>(), case.accounting.clone())
        };
        assert_eq!(told(&before), told(&after));
        assert_eq!(before.incidents.len(), after.incidents.len());
    }

    #[test]
    fn the_key_decides_and_the_same_key_makes_the_same() {
        let hosts = |made: &Redacted| made.case.hosts.iter().map(|one| one.host.clone()).collect::<Vec<_>>();
        let ids = |made: &Redacted| made.case.findings.iter().map(|one| one.id).collect::<Vec<_>>();
        let (a, again, b) = (redacted(1), redacted(1), redacted(2));
        assert_eq!((hosts(&a), ids(&a)), (hosts(&again), ids(&again)));
        assert_ne!(hosts(&a), hosts(&b));
        assert!(ids(&a).iter().zip(ids(&b)).all(|(a, b)| *a != b));
    }
}
