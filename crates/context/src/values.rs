//! Values of a profile: addresses, networks, ports, times, words.

use crate::error::{Problem, line_of, nearest};
use ipnet::IpNet;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use ringback_model::profile::{PortSpec, Transport};
use ringback_model::{Instant, UnknownWord};
use std::net::IpAddr;
use std::str::FromStr;
use toml::Spanned;

/// Collects what is wrong.
pub(crate) struct Problems<'t> {
    text: &'t str,
    found: Vec<Problem>,
}

/// Which end of a period a date stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// A date is its first instant.
    From,
    /// A date is still in; the end is the first instant of the next day.
    Until,
}

impl<'t> Problems<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Problems { text, found: Vec::new() }
    }

    pub(crate) fn into_vec(mut self) -> Vec<Problem> {
        self.found.sort_by_key(|problem| problem.line);
        self.found
    }

    /// Notes a problem at a value.
    pub(crate) fn at<T>(&mut self, value: &Spanned<T>, what: impl Into<String>, hint: impl Into<String>) {
        let line = line_of(self.text, value.span().start);
        self.found.push(Problem { line, what: what.into(), hint: hint.into() });
    }

    /// A network; a plain address is one of full length.
    pub(crate) fn network(&mut self, value: &Spanned<String>) -> Option<IpNet> {
        let text = value.get_ref();
        let parsed = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
        if parsed.is_none() {
            let hint = "write 10.0.0.0/8, 2001:db8::/32 or a single address";
            self.at(value, format!("{text:?} is no address and no network"), hint);
        }
        parsed.map(|network| network.trunc())
    }

    /// One address.
    pub(crate) fn address(&mut self, value: &Spanned<String>) -> Option<IpAddr> {
        let parsed = value.get_ref().parse::<IpAddr>().ok();
        if parsed.is_none() {
            let hint = "write one address, such as 10.0.0.53";
            self.at(value, format!("{:?} is no address", value.get_ref()), hint);
        }
        parsed.map(|ip| ip.to_canonical())
    }

    /// A port: `443`, `tcp/443`, `udp/53`.
    pub(crate) fn port(&mut self, value: &Spanned<String>) -> Option<PortSpec> {
        let text = value.get_ref();
        let (transport, port) = match text.split_once('/') {
            Some(("tcp", port)) => (Some(Transport::Tcp), port),
            Some(("udp", port)) => (Some(Transport::Udp), port),
            Some(_) => (None, ""),
            None => (None, text.as_str()),
        };
        match port.parse() {
            Ok(port) if port != 0 => Some(PortSpec { transport, port }),
            _ => {
                self.at(value, format!("{text:?} is no port"), "write 443, tcp/443 or udp/53");
                None
            }
        }
    }

    /// A date, or an instant with an offset.
    pub(crate) fn time(&mut self, value: &Spanned<String>, end: End, zone: &TimeZone) -> Option<Instant> {
        let text = value.get_ref();
        if let Ok(timestamp) = text.parse::<Timestamp>() {
            return Some(timestamp.into());
        }
        let day = text.parse::<Date>().ok().filter(|_| text.len() == "2026-11-24".len());
        let day =
            day.and_then(|day| if end == End::Until { day.checked_add(1.day()).ok() } else { Some(day) });
        let instant = day.and_then(|day| {
            zone.to_ambiguous_timestamp(day.to_datetime(jiff::civil::Time::midnight())).compatible().ok()
        });
        if instant.is_none() {
            let hint = "write 2026-11-24 or 2026-11-24T09:15:00Z";
            self.at(value, format!("{text:?} is no date"), hint);
        }
        instant.map(Instant::from)
    }

    /// A word of a vocabulary.
    pub(crate) fn word<T: FromStr<Err = UnknownWord>>(&mut self, value: &Spanned<String>) -> Option<T> {
        match value.get_ref().parse() {
            Ok(word) => Some(word),
            Err(unknown) => {
                let hint = nearest(&unknown.word, unknown.known.iter().copied()).unwrap_or_default();
                self.at(value, unknown.to_string(), hint);
                None
            }
        }
    }

    /// A word of a plain list.
    pub(crate) fn one_of(&mut self, value: &Spanned<String>, known: &[&str]) -> String {
        let word = value.get_ref();
        if !known.contains(&word.as_str()) {
            let hint = nearest(word, known.iter().copied()).unwrap_or_default();
            self.at(value, format!("{word:?} is none of {}", known.join(", ")), hint);
        }
        word.clone()
    }

    /// A CVE id or bulletin, in upper case.
    pub(crate) fn vulnerability(&mut self, value: &Spanned<String>) -> Option<String> {
        let id = value.get_ref().trim().to_ascii_uppercase();
        if is_vulnerability(&id) {
            return Some(id);
        }
        self.at(value, format!("{:?} is no CVE id", value.get_ref()), "write CVE-2021-44228 or MS17-010");
        None
    }
}

fn is_vulnerability(id: &str) -> bool {
    let digits = |text: &str, least: usize, most: usize| {
        (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    match id.split('-').collect::<Vec<_>>()[..] {
        ["CVE", year, number] => digits(year, 4, 4) && digits(number, 4, 19),
        [bulletin, number] => {
            bulletin.strip_prefix("MS").is_some_and(|year| digits(year, 2, 2)) && digits(number, 3, 3)
        }
        _ => false,
    }
}
