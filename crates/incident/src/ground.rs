//! What questions and unknowns are asked about: a case's stories with what the client has said already.

use crate::{Ends, Skew, Stories};
use ringback_model::case::Input;
use ringback_model::profile::OpenService;
use ringback_model::{DetectionRef, Finding, Peer, Profile, Side, Symbols};
use std::collections::BTreeSet;
use std::net::IpAddr;

/// What is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'g> {
    /// What the findings tell.
    pub stories: &'g Stories,
    /// The names of the ends of the findings.
    pub ends: &'g Ends,
    /// The table of their symbols.
    pub symbols: &'g Symbols,
    /// The client's word.
    pub profile: &'g Profile,
    /// The inputs.
    pub inputs: &'g [Input],
    /// The services that the profile's list closes and that scans from outside found open.
    pub open: &'g [&'g OpenService],
    /// The addresses of hosts that lie outside of the client's networks.
    pub outside: &'g BTreeSet<IpAddr>,
    /// The logs whose clocks differ.
    pub skews: &'g [Skew],
}

impl<'g> Ground<'g> {
    /// The findings with their detections.
    pub(crate) fn findings(&self) -> impl Iterator<Item = (&'g Finding, DetectionRef<'g>)> + use<'g> {
        let symbols = self.symbols;
        self.stories.findings.iter().map(move |finding| (finding, finding.detection.with(symbols)))
    }

    /// The numbers of the lists of reasons that name one of some keys, to ask many findings for.
    pub(crate) fn lists_with(&self, keys: &[&str]) -> Vec<bool> {
        let named =
            |list: &Vec<ringback_model::Message>| list.iter().any(|reason| keys.contains(&reason.key));
        self.stories.reasons.iter().map(named).collect()
    }

    /// The rows and findings of those that a condition holds for.
    pub(crate) fn count(&self, holds: impl Fn(&Finding, DetectionRef<'_>) -> bool) -> Sum {
        let mut sum = Sum::default();
        for (finding, row) in self.findings() {
            if holds(finding, row) {
                sum.add(finding);
            }
        }
        sum
    }

    /// The rows and findings that are judged for one of some reasons.
    pub(crate) fn count_reasons(&self, keys: &[&str]) -> Sum {
        let lists = self.lists_with(keys);
        self.count(|finding, _| lists.get(finding.reasons as usize).copied().unwrap_or_default())
    }
}

/// Rows and findings that are counted together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sum {
    pub(crate) rows: u64,
    pub(crate) findings: u64,
}

impl Sum {
    /// Counts a finding.
    pub(crate) fn add(&mut self, finding: &Finding) {
        self.rows += finding.tally.rows;
        self.findings += 1;
    }
}

/// Where a host is, as a profile names it: by its address, else by its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Where {
    Address(IpAddr),
    Name(String),
}

impl Where {
    /// Where the host at a side is, if a profile can name it.
    pub(crate) fn of(row: DetectionRef<'_>, side: Side) -> Option<Self> {
        let (ip, name) = match side {
            Side::Local => (row.telling_local_ip(), local_name(row)),
            Side::Remote => (row.remote().ip, peer_name(row, row.remote())),
        };
        ip.map(Where::Address).or_else(|| Some(Where::Name(profile_name(name)?.to_lowercase())))
    }

    /// The line of a profile that names it.
    pub(crate) fn toml(&self) -> String {
        match self {
            Where::Address(ip) => format!("address = \"{ip}\"\n"),
            Where::Name(name) => format!("host = \"{name}\"\n"),
        }
    }

    /// It in words.
    pub(crate) fn text(&self) -> String {
        match self {
            Where::Address(ip) => ip.to_string(),
            Where::Name(name) => name.clone(),
        }
    }
}

/// The name of the host with the agent.
pub(crate) fn local_name(row: DetectionRef<'_>) -> &str {
    match row.text(row.detection.endpoint) {
        "" => peer_name(row, row.local()),
        name => name,
    }
}

/// The host of a name or URL at an end.
pub(crate) fn peer_name(row: DetectionRef<'_>, peer: Peer) -> &str {
    let text = row.text(peer.name);
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default().trim();
    host.rsplit_once(':').filter(|(head, _)| !head.contains(':')).map_or(host, |(head, _)| head)
}

/// A name, if a profile can hold it: what a log says may be anything.
pub(crate) fn profile_name(name: &str) -> Option<&str> {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let name = name.trim().trim_matches('.');
    (!name.is_empty() && name.chars().all(fits)).then_some(name)
}

/// A few of some names, for people; `None` for none.
pub(crate) fn few<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    const FEW: usize = 5;
    let mut names = names.into_iter();
    let told: Vec<&str> = names.by_ref().take(FEW).collect();
    let more = if names.next().is_some() { ", …" } else { "" };
    told.join(", ") + more
}

/// Keeps the text that comes first; empty comes last.
pub(crate) fn keep_smaller(kept: &mut String, text: &str) {
    if kept.is_empty() || (!text.is_empty() && text < kept.as_str()) {
        text.clone_into(kept);
    }
}
