//! Values of a profile: addresses, networks, ports, times, words, names.

use crate::error::suggestion;
use crate::problems::{Problems, Text};
use ipnet::IpNet;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use ringback_model::profile::{Period, PortSpec, Transport};
use ringback_model::{Exposure, Instant, ListSource, Risk, Scenario, Threat, UnknownWord};
use std::net::IpAddr;
use std::str::FromStr;

/// Which end of a period a date stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// A date is its first instant.
    From,
    /// A date is still in; the end is the first instant of the next day.
    Until,
}

impl Problems<'_> {
    /// A network; a plain address is one of full length. Bits behind the prefix are dropped.
    pub(crate) fn network(&mut self, value: &Text) -> Option<IpNet> {
        let text = value.get_ref().trim();
        let address = |text: &str| text.parse::<IpAddr>().ok().map(|ip| IpNet::from(ip.to_canonical()));
        let parsed = text.parse::<IpNet>().ok().or_else(|| address(text));
        if parsed.is_none() {
            let hint = "write 10.0.0.0/8, 2001:db8::/32 or a single address";
            self.at(value.span(), format!("{text:?} is no address and no network"), hint);
        }
        parsed.map(|network| network.trunc())
    }

    /// One address.
    pub(crate) fn address(&mut self, value: &Text) -> Option<IpAddr> {
        let text = value.get_ref().trim();
        let parsed = text.parse::<IpAddr>().ok();
        if parsed.is_none() {
            let hint = "write one address, such as 10.0.0.53";
            self.at(value.span(), format!("{text:?} is no address"), hint);
        }
        parsed.map(|ip| ip.to_canonical())
    }

    /// A host name, without a path or a port.
    pub(crate) fn host_name(&mut self, value: &Text) -> Option<String> {
        let name = host_name(value.get_ref());
        if name.is_none() {
            let hint = "write a name such as WEB01 or corp.example; what is below a name is included";
            self.at(value.span(), format!("{:?} is no host name", value.get_ref()), hint);
        }
        name.map(str::to_owned)
    }

    /// A port: `443`, `tcp/443`, `udp/53`.
    pub(crate) fn port(&mut self, value: &Text) -> Option<PortSpec> {
        let text = value.get_ref().trim();
        let (transport, port) = match text.split_once('/') {
            Some(("tcp", port)) => (Some(Transport::Tcp), port),
            Some(("udp", port)) => (Some(Transport::Udp), port),
            Some(_) => (None, ""),
            None => (None, text),
        };
        match port.parse() {
            Ok(number) if number != 0 && port.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(PortSpec { transport, port: number })
            }
            _ => {
                self.at(value.span(), format!("{text:?} is no port"), "write 443, tcp/443 or udp/53");
                None
            }
        }
    }

    /// A date, or an instant with an offset.
    pub(crate) fn time(&mut self, value: &Text, end: End, zone: &TimeZone) -> Option<Instant> {
        let text = value.get_ref().trim();
        if let Ok(timestamp) = text.parse::<Timestamp>() {
            return Some(timestamp.into());
        }
        let day = text.parse::<Date>().ok().filter(|_| text.len() == "2026-11-24".len());
        let first = match end {
            End::From => day,
            End::Until => day.and_then(|day| day.checked_add(1.day()).ok()),
        };
        let midnight = first.map(|day| zone.to_ambiguous_timestamp(day.to_datetime(Time::midnight())));
        let instant = midnight.and_then(|midnight| midnight.compatible().ok());
        if instant.is_none() {
            let hint = "write 2026-11-24 or 2026-11-24T09:15:00Z";
            self.at(value.span(), format!("{text:?} is no date"), hint);
        }
        instant.map(Instant::from)
    }

    /// A period from two optional times.
    pub(crate) fn period(&mut self, from: Option<&Text>, until: Option<&Text>, zone: &TimeZone) -> Period {
        let period = Period {
            from: from.and_then(|from| self.time(from, End::From, zone)),
            until: until.and_then(|until| self.time(until, End::Until, zone)),
        };
        if let (Some(start), Some(end), Some(at)) = (period.from, period.until, until)
            && end <= start
        {
            self.at(
                at.span(),
                "the period ends before it starts",
                "a date at the end is still in the period",
            );
        }
        period
    }

    /// The zone of a name; UTC where none is given.
    pub(crate) fn zone(&mut self, name: Option<&Text>) -> TimeZone {
        let Some(name) = name else { return TimeZone::UTC };
        TimeZone::get(name.get_ref()).unwrap_or_else(|_| {
            let what = format!("{:?} is not a known time zone", name.get_ref());
            let hint = "names are those of the IANA database, such as Europe/Berlin or UTC";
            self.at(name.span(), what, hint);
            TimeZone::UTC
        })
    }

    /// A word of a vocabulary.
    pub(crate) fn word<T: FromStr<Err = UnknownWord>>(&mut self, value: &Text) -> Option<T> {
        let parsed = value.get_ref().parse();
        if let Err(UnknownWord { word, known }) = &parsed {
            self.at(value.span(), format!("{word:?} is not known here"), suggestion(word, known));
        }
        parsed.ok()
    }

    /// A word of a plain list.
    pub(crate) fn one_of(&mut self, value: &Text, known: &[&str]) -> String {
        let word = value.get_ref();
        if !known.contains(&word.as_str()) {
            self.at(value.span(), format!("{word:?} is not known here"), suggestion(word, known));
        }
        word.clone()
    }

    /// A colour, `#rrggbb`.
    pub(crate) fn colour(&mut self, value: &Text) -> String {
        let digits = value.get_ref().strip_prefix('#').unwrap_or_default();
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            self.at(value.span(), format!("{:?} is no colour", value.get_ref()), "write \"#0b6e4f\"");
        }
        value.get_ref().clone()
    }

    /// A CVE id or bulletin, in upper case.
    pub(crate) fn vulnerability(&mut self, value: &Text) -> Option<String> {
        let id = value.get_ref().trim().to_ascii_uppercase();
        if is_vulnerability(&id) {
            return Some(id);
        }
        let what = format!("{:?} is no CVE id", value.get_ref());
        self.at(value.span(), what, "write CVE-2021-44228 or MS17-010");
        None
    }

    /// A severity key: `scenario[.word…].(logged|blocked)`, where words are lists, threats, risks and exposures.
    pub(crate) fn severity_key(&mut self, value: &Text) {
        let words: Vec<&str> = value.get_ref().split('.').collect();
        let wrong = |word: &str, known: &[&str]| Some((word.to_owned(), suggestion(word, known)));
        let found = match words[..] {
            [scenario, .., _] if Scenario::from_str(scenario).is_err() => {
                wrong(scenario, &spelled(Scenario::ALL))
            }
            [_, .., result] if !matches!(result, "logged" | "blocked") => {
                wrong(result, &["logged", "blocked"])
            }
            [_, ref between @ .., _] => {
                let known = conditions();
                let unknown = between.iter().find(|word| !known.contains(word));
                unknown.and_then(|word| wrong(word, &known))
            }
            _ => wrong(value.get_ref(), &["outbound-callback.user-defined.logged"]),
        };
        if let Some((word, hint)) = found {
            self.at(value.span(), format!("{word:?} is not known in a severity key"), hint);
        }
    }
}

/// The words that may stand between scenario and result in a severity key.
fn conditions() -> Vec<&'static str> {
    let mut words = spelled(ListSource::ALL);
    words.extend(spelled(Threat::ALL));
    words.extend(spelled(Risk::ALL));
    words.extend(spelled(Exposure::ALL));
    words.sort_unstable();
    words.dedup();
    words
}

fn spelled<T: Copy + Into<&'static str>>(values: &[T]) -> Vec<&'static str> {
    values.iter().map(|value| (*value).into()).collect()
}

/// A host name without the blanks and dots around it; `None` where it is none.
pub(crate) fn host_name(text: &str) -> Option<&str> {
    let text = text.trim().trim_matches('.');
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    (!text.is_empty() && text.chars().all(fits)).then_some(text)
}

/// Whether a text in upper case is a CVE id or a bulletin of Microsoft's.
pub(crate) fn is_vulnerability(id: &str) -> bool {
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
