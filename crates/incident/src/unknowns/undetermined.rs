//! What rows do not say.

use super::{
    CONNECTION_LOG, DIRECTION, EXPOSURE, Known, NETWORKS, OUTSIDE, PRIVATE, PROXY, RELAY, REMOTE, RESULT,
    RULE, SHARED, VULNERABLE, WEAK, ZONE, cut, question_like,
};
use crate::Open;
use crate::asked::in_assumed_zone;
use crate::ground::{Ground, Sum};
use crate::subject::is_weak;
use ringback_model::case::{Unknown, UnknownKind};
use ringback_model::{Exposure, Message, ResultKind, Scenario, Threat};

/// What a list of reasons tells of: its id, the reason, and how the id of the question that asks for it starts.
const REASONS: &[(&Known, &str, &str)] = &[
    (&CONNECTION_LOG, "settle.connection-log", "connection-export"),
    (&DIRECTION, "settle.direction", "direction-export"),
    (&NETWORKS, "settle.networks", "networks"),
    (&PROXY, "settle.proxy", "local-proxy"),
    (&REMOTE, "settle.remote", "remote-export"),
    (&VULNERABLE, "vulnerable.unknown", "vulnerable:"),
    (&RELAY, "relay.not-excluded", "relay:"),
    (&PRIVATE, "scope.own-assumed", ""),
];

/// What rows leave open, of which there are some.
pub(super) fn undetermined(ground: &Ground<'_>, open: &Open) -> Vec<Unknown> {
    let asks =
        |start: &str| if start.is_empty() { String::new() } else { question_like(&open.questions, start) };
    let told = |known: &Known, sum: Sum, start: &str| {
        (sum.findings > 0)
            .then(|| Unknown { question: asks(start), ..known.told(UnknownKind::Undetermined, sum) })
    };
    let mut all: Vec<Unknown> = REASONS
        .iter()
        .filter_map(|(known, reason, start)| told(known, ground.count_reasons(&[*reason]), start))
        .collect();
    let exposure = ground.count(|finding, _| {
        let verdict = &finding.verdict;
        verdict.scenario == Scenario::InboundFromInternet && verdict.exposure == Exposure::Unknown
    });
    all.extend(told(&EXPOSURE, exposure, "exposure-complete"));
    all.extend(told(&WEAK, ground.count(|finding, _| is_weak(finding.verdict.origin_basis)), ""));
    all.extend(told(&RESULT, ground.count(|finding, _| finding.detection.result == ResultKind::Unknown), ""));
    all.extend(told(&RULE, ground.count(|finding, _| finding.detection.threat == Threat::Unknown), ""));
    all.extend(zone(ground, open));
    all.extend(outside(ground));
    all.extend(shared(ground, open));
    all
}

/// Times whose zone is assumed; findings are known of their first rows alone.
fn zone(ground: &Ground<'_>, open: &Open) -> Option<Unknown> {
    let sum = in_assumed_zone(ground);
    let question = question_like(&open.questions, "time-zone");
    (sum.rows > 0).then(|| Unknown { question, ..ZONE.told(UnknownKind::Undetermined, sum) })
}

/// Hosts on the road: what is near them is not the client's.
fn outside(ground: &Ground<'_>) -> Option<Unknown> {
    let is_outside = |ip| ground.outside.contains(&ip);
    let sum = ground.count(|_, row| row.telling_local_ip().is_some_and(is_outside));
    let details = ground.stories.hosts.iter().filter_map(|host| {
        let addresses: Vec<String> =
            host.addresses.iter().filter(|ip| is_outside(**ip)).map(ToString::to_string).collect();
        let told = || Message::new("unknown.detail.host").with("host", host.host.as_str());
        (!addresses.is_empty()).then(|| told().with("addresses", addresses.join(", ")))
    });
    let details = cut(details.collect());
    (sum.findings > 0).then(|| Unknown { details, ..OUTSIDE.told(UnknownKind::Undetermined, sum) })
}

/// Addresses that several names used.
fn shared(ground: &Ground<'_>, open: &Open) -> Option<Unknown> {
    let shared = |ip| open.address_book.get(&ip).is_some_and(|names| names.len() > 1);
    let several = open.address_book.iter().filter(|(_, names)| names.len() > 1);
    let detail = |(ip, names): (&std::net::IpAddr, &Vec<String>)| {
        let which = crate::ground::few(names.iter().map(String::as_str));
        Message::new("unknown.detail.address").with("address", ip.to_string()).with("which", which)
    };
    let details = cut(several.map(detail).collect());
    let nameless = ground.count(|_, row| {
        let local = row.telling_local_ip().filter(|_| row.detection.endpoint.is_empty());
        let remote = row.remote().ip.filter(|_| row.remote().name.is_empty());
        local.into_iter().chain(remote).any(shared)
    });
    (!details.is_empty()).then(|| Unknown { details, ..SHARED.told(UnknownKind::Undetermined, nameless) })
}
