//! Remote ends that many of the client's hosts contacted.

use crate::names::{Ends, Name, Spelled};
use crate::subject::is_stopped;
use ringback_model::case::Listed;
use ringback_model::rhythm::is_outbound;
use ringback_model::{
    Campaign, Contact, Finding, Instant, Map, Risk, Scenario, Scope, Severity, Side, Symbols,
};
use std::cmp::Reverse;

/// With contacts from so many hosts a remote end is a campaign.
pub const LEAST_HOSTS: u64 = 3;

/// How many campaigns are listed, how many hosts of each, and how many of its findings.
const MOST: (usize, usize, usize) = (1_000, 20, 20);

/// The campaigns in findings, which are in the report's order: by severity, rows and name.
pub(crate) fn campaigns(findings: &[Finding], ends: &Ends, symbols: &Symbols) -> Listed<Campaign> {
    let mut places: Map<u32, usize> = Map::default();
    let mut begun: Vec<Begun> = Vec::new();
    for (at, finding) in findings.iter().enumerate().filter(|(_, finding)| is_contact(finding)) {
        let remote = ends.number(at, Side::Remote);
        // Few remote ends have many hosts, whatever those did with it.
        if ends.others(remote, Side::Remote) < LEAST_HOSTS {
            continue;
        }
        let place = *places.entry(remote).or_insert_with(|| {
            begun.push(Begun::new(finding));
            begun.len() - 1
        });
        begun[place].add(at, finding, ends.number(at, Side::Local), symbols);
    }
    let mut list: Vec<Campaign> = begun.into_iter().filter_map(Begun::finish).collect();
    list.sort_by(|one, other| {
        (one.severity, Reverse(one.rows), &one.remote).cmp(&(
            other.severity,
            Reverse(other.rows),
            &other.remote,
        ))
    });
    let all = list.len() as u64;
    list.truncate(MOST.0);
    Listed { list, all }
}

/// Whether one of the client's hosts contacted a remote end that is nobody's relay.
fn is_contact(finding: &Finding) -> bool {
    let verdict = &finding.verdict;
    let settled = verdict.scenario != Scenario::Undetermined && verdict.relay.is_none();
    settled && (is_outbound(verdict) || verdict.scenario == Scenario::MaliciousResponse)
}

/// A campaign that is being put together.
struct Begun {
    name: Spelled,
    campaign: Campaign,
    /// By the number of the name.
    hosts: Map<u32, usize>,
    contacts: Vec<(Spelled, Instant, u64)>,
}

impl Begun {
    fn new(finding: &Finding) -> Self {
        let campaign = Campaign {
            remote: String::new(),
            scope: finding.verdict.remote_scope,
            risk: Risk::Unknown,
            severity: Severity::Info,
            hosts: 0,
            contacts: Vec::new(),
            rows: 0,
            blocked: 0,
            first: finding.tally.first,
            last: finding.tally.last,
            finding_count: 0,
            findings: Vec::new(),
        };
        Begun { name: Spelled::default(), campaign, hosts: Map::default(), contacts: Vec::new() }
    }

    fn add(&mut self, at: usize, finding: &Finding, host: u32, symbols: &Symbols) {
        let (tally, verdict) = (&finding.tally, &finding.verdict);
        let row = finding.detection.with(symbols);
        self.name.see(Name::of_side(row, Side::Remote), symbols);
        let one = &mut self.campaign;
        one.scope = Scope::min(one.scope, verdict.remote_scope);
        one.risk = one.risk.min(finding.detection.risk);
        one.severity = one.severity.worse(verdict.severity);
        one.rows += tally.rows;
        one.blocked += if is_stopped(verdict) { tally.rows } else { 0 };
        one.first = one.first.min(tally.first);
        one.last = one.last.max(tally.last);
        one.finding_count += 1;
        if one.findings.len() < MOST.2 {
            one.findings.push(u32::try_from(at).expect("there are fewer than 2^32 findings"));
        }
        let contacts = &mut self.contacts;
        let place = *self.hosts.entry(host).or_insert_with(|| {
            contacts.push((Spelled::default(), tally.first, 0));
            contacts.len() - 1
        });
        let (name, first, rows) = &mut contacts[place];
        name.see(Name::of_side(row, Side::Local), symbols);
        *first = (*first).min(tally.first);
        *rows += tally.rows;
    }

    fn finish(self) -> Option<Campaign> {
        let hosts = self.contacts.len() as u64;
        let contact = |(name, first, rows): (Spelled, _, _)| Contact { host: name.into_text(), first, rows };
        let mut contacts: Vec<Contact> = self.contacts.into_iter().map(contact).collect();
        contacts.sort_by(|one, other| (one.first, &one.host).cmp(&(other.first, &other.host)));
        contacts.truncate(MOST.1);
        let campaign = Campaign { remote: self.name.into_text(), hosts, contacts, ..self.campaign };
        (hosts >= LEAST_HOSTS && !campaign.remote.is_empty()).then_some(campaign)
    }
}
