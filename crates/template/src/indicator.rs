//! What of a text can go on a block list or into an exchange of threat information: an address, a host name or a URL that
//! is certain to be one. Logs are written by others, so that nothing else may get through: no pattern, no range, no second
//! line, no markup.

use std::fmt::Write;
use std::net::{IpAddr, Ipv6Addr};

/// Something that can be blocked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Indicator {
    /// `ipv4`, `ipv6`, `domain` or `url`.
    pub(crate) kind: &'static str,
    /// Its usual spelling.
    pub(crate) value: String,
}

/// The indicator that a text is, if it is one.
pub(crate) fn indicator(text: &str) -> Option<Indicator> {
    let text = text.trim();
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(of_address(address));
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        return url(&scheme.to_ascii_lowercase(), rest);
    }
    domain(text).map(|value| Indicator { kind: "domain", value })
}

fn of_address(address: IpAddr) -> Indicator {
    let address = address.to_canonical();
    Indicator { kind: if address.is_ipv4() { "ipv4" } else { "ipv6" }, value: address.to_string() }
}

/// A host name of letters, digits and hyphens with at least two labels, in lower case; RFC 1123, section 2.1. Underscores
/// occur in names that are only looked up, so they are let through.
fn domain(text: &str) -> Option<String> {
    let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
    let labels: Vec<&str> = name.split('.').collect();
    let is_label = |label: &&str| {
        let letters = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        letters && !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
    };
    let numeric = labels.last().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
    (labels.len() > 1 && name.len() <= 253 && !numeric && labels.iter().all(is_label)).then_some(name)
}

/// A URL with a host and no user. What may not stand in one is written with percent signs; RFC 3986, section 2.1.
fn url(scheme: &str, rest: &str) -> Option<Indicator> {
    if !matches!(scheme, "http" | "https" | "ftp") {
        return None;
    }
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let mut value = format!("{scheme}://{}", authority_of(authority)?);
    for c in path.chars() {
        match c {
            c if c.is_control() || c.is_whitespace() || crate::visible::hidden(c) => return None,
            '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' | '\'' | '[' | ']' => percent(c, &mut value),
            c if !c.is_ascii() => percent(c, &mut value),
            c => value.push(c),
        }
    }
    Some(Indicator { kind: "url", value })
}

fn percent(c: char, out: &mut String) {
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        write!(out, "%{byte:02X}").expect("writing to a string does not fail");
    }
}

fn authority_of(authority: &str) -> Option<String> {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => {
            (host, format!(":{}", port.parse::<u16>().ok()?))
        }
        _ => (authority, String::new()),
    };
    let host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => format!("[{}]", address.parse::<Ipv6Addr>().ok()?),
        None => match host.parse::<std::net::Ipv4Addr>() {
            Ok(address) => address.to_string(),
            Err(_) => domain(host)?,
        },
    };
    Some(host + &port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_certain_is_an_indicator() {
        for (text, expected) in [
            ("198.51.100.7", Some(("ipv4", "198.51.100.7"))),
            ("::ffff:198.51.100.7", Some(("ipv4", "198.51.100.7"))),
            ("2001:DB8::1", Some(("ipv6", "2001:db8::1"))),
            ("Evil.Example.", Some(("domain", "evil.example"))),
            ("_sip.evil.example", Some(("domain", "_sip.evil.example"))),
            (
                "HTTP://Evil.example:080/A?b=<c>&d='e'",
                Some(("url", "http://evil.example:80/A?b=%3Cc%3E&d=%27e%27")),
            ),
            ("https://[2001:db8::1]/ü", Some(("url", "https://[2001:db8::1]/%C3%BC"))),
            ("0.0.0.0/0", None),
            ("*.example", None),
            ("evil.example\nown.example", None),
            ("http://evil.example/\u{202e}x", None),
            ("http://evil.example/ x", None),
            ("http://user@evil.example/", None),
            ("javascript://evil.example/%0aalert(1)", None),
            ("[x](javascript:alert(3))", None),
            ("-x.example", None),
            ("localhost", None),
            ("010.1.2.3", None),
            ("1.2.3.4.5", None),
            ("fe80::1%11", None),
            ("", None),
        ] {
            let found = indicator(text);
            assert_eq!(found.as_ref().map(|it| (it.kind, it.value.as_str())), expected, "{text:?}");
        }
    }
}
