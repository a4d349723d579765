//! Address cells: addresses with and without ports, host names, URLs.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Address<'c> {
    /// The address: canonical, without zone id; for a URL, that of its host where it is an address.
    pub(crate) ip: Option<IpAddr>,
    /// The host name or URL as logged; empty for a plain address.
    pub(crate) name: &'c str,
    /// The port in the cell.
    pub(crate) port: Option<u16>,
}

/// The longest host name that DNS knows, in bytes.
const LONGEST_NAME: usize = 253;

/// Reads a cell. `None` where it holds neither an address nor a host name nor a URL.
pub(crate) fn read(cell: &str) -> Option<Address<'_>> {
    let cell = cell.trim();
    if let Some((ip, port)) = socket(cell) {
        return Some(Address { ip: Some(ip), name: "", port });
    }
    if let Some((_, rest)) = cell.split_once("://") {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        return url(cell, host);
    }
    if let Some((host, _)) = cell.split_once('/').filter(|(host, _)| is_host_with_port(host)) {
        return url(cell, host);
    }
    let (host, port) = name_and_port(cell);
    is_host_name(host).then_some(Address { ip: None, name: host, port })
}

/// The address of a cell that holds four numbers and nothing else, as nearly all do: what [`read`] makes of it.
#[inline]
pub(crate) fn plain_v4(cell: &[u8]) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    let (mut at, mut number, mut digits) = (0, 0, 0);
    for byte in cell {
        match byte {
            b'0'..=b'9' if digits < 3 => {
                number = number * 10 + u16::from(byte - b'0');
                digits += 1;
            }
            b'.' if digits > 0 && at < 3 => {
                octets[at] = u8::try_from(number).ok()?;
                (at, number, digits) = (at + 1, 0, 0);
            }
            _ => return None,
        }
    }
    octets[3] = u8::try_from(number).ok()?;
    (at == 3 && digits > 0).then(|| octets.into())
}

/// The address of a cell without its port, cut by looks alone: cheap, and the same for every spelling that [`read`]
/// takes. The port's text is returned beside it.
#[inline]
pub(crate) fn cut_port(cell: &[u8]) -> (&[u8], Option<u16>) {
    let cell = cell.trim_ascii();
    let digits = cell.iter().rev().take(6).take_while(|byte| byte.is_ascii_digit()).count();
    let Some((head, [b':', digits @ ..])) = cell.split_at_checked(cell.len().wrapping_sub(digits + 1)) else {
        return (cell, None);
    };
    let whole = memchr::memchr(b':', head).is_none() || head.ends_with(b"]");
    match number(digits) {
        Some(port) if whole => (head, Some(port)),
        _ => (cell, None),
    }
}

/// The port in a cell, by looks where that is enough; a URL is read.
pub(crate) fn port(cell: &[u8]) -> Option<u16> {
    let url = || memchr::memchr(b'/', cell).and_then(|_| read(std::str::from_utf8(cell).ok()?)?.port);
    cut_port(cell).1.or_else(url)
}

/// A port as it is written: decimal digits alone.
#[inline]
pub(crate) fn number(digits: &[u8]) -> Option<u16> {
    if digits.is_empty() || digits.len() > 5 {
        return None;
    }
    let digit = |number: u32, byte: &u8| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0'));
    u16::try_from(digits.iter().try_fold(0, digit)?).ok()
}

/// An address with or without a port: `1.2.3.4`, `1.2.3.4:445`, `2001:db8::1`, `[2001:db8::1]:445`, `fe80::1%11`.
fn socket(cell: &str) -> Option<(IpAddr, Option<u16>)> {
    if let Some(ip) = address(cell) {
        return Some((ip, None));
    }
    let (head, port) = cut_port(cell.as_bytes());
    let head = std::str::from_utf8(head).ok()?;
    let inner = head.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(head);
    Some((address(inner)?, port))
}

/// Whether a text is an address, with or without a port, and no name.
pub(crate) fn alone(text: &str) -> Option<Address<'_>> {
    let text = text.trim();
    let bytes = text.as_bytes();
    // What starts with neither a digit nor a bracket nor a colon, and what has neither a point nor a colon, is none.
    let may_be = bytes.first().is_some_and(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'[' | b':'))
        && memchr::memchr2(b'.', b':', bytes).is_some();
    let (ip, port) = may_be.then(|| socket(text)).flatten()?;
    Some(Address { ip: Some(ip), name: "", port })
}

/// One address, canonical. Leading zeros are decimal, as these consoles pad them; a zone id is dropped.
pub(crate) fn address(text: &str) -> Option<IpAddr> {
    if let Some((plain, zone)) = text.split_once('%') {
        let v6: Ipv6Addr = plain.parse().ok()?;
        let sound =
            !zone.is_empty() && zone.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
        return sound.then(|| IpAddr::V6(v6).to_canonical());
    }
    match text.parse::<IpAddr>() {
        Ok(ip) => Some(ip.to_canonical()),
        Err(_) => padded(text).map(IpAddr::V4),
    }
}

fn padded(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        let part = parts.next()?;
        if part.is_empty() || part.len() > 3 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        *octet = part.parse().ok()?;
    }
    parts.next().is_none().then(|| Ipv4Addr::from(octets))
}

fn url<'c>(cell: &'c str, host: &'c str) -> Option<Address<'c>> {
    if let Some((ip, port)) = socket(host) {
        return Some(Address { ip: Some(ip), name: cell, port });
    }
    let (name, port) = name_and_port(host);
    is_host_name(name).then_some(Address { ip: None, name: cell, port })
}

fn is_host_with_port(host: &str) -> bool {
    socket(host).is_some() || (host.contains('.') && is_host_name(name_and_port(host).0))
}

fn name_and_port(text: &str) -> (&str, Option<u16>) {
    match text.rsplit_once(':') {
        Some((head, digits)) if !head.contains(':') => match number(digits.as_bytes()) {
            Some(port) => (head, Some(port)),
            None => (text, None),
        },
        _ => (text, None),
    }
}

/// Whether a text can be a host name: labels of letters, digits, hyphens and underscores. International names may be
/// written in their own letters. Four numbers are an address, right or wrong, never a name.
pub(crate) fn is_host_name(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    let sound = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    let numeric = || text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    !text.is_empty() && text.len() <= LONGEST_NAME && !numeric() && text.split('.').all(sound)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spoiled::{is_joined_address, is_spoiled};
    use proptest::prelude::*;

    #[test]
    fn every_form() {
        for (cell, ip, name, port) in [
            ("1.2.3.4", "1.2.3.4", "", None),
            (" 1.2.3.4:445 ", "1.2.3.4", "", Some(445)),
            ("010.001.002.003", "10.1.2.3", "", None),
            ("2001:db8::1", "2001:db8::1", "", None),
            ("[2001:db8::1]:445", "2001:db8::1", "", Some(445)),
            ("[2001:db8::1]", "2001:db8::1", "", None),
            ("fe80::1%11", "fe80::1", "", None),
            ("[fe80::1%eth0]:80", "fe80::1", "", Some(80)),
            ("::ffff:1.2.3.4", "1.2.3.4", "", None),
            ("[::ffff:1.2.3.4]:80", "1.2.3.4", "", Some(80)),
            ("evil.example", "", "evil.example", None),
            ("evil.example:8080", "", "evil.example", Some(8080)),
            ("DB01", "", "DB01", None),
            ("http://evil.example/gate.php?x=1", "", "http://evil.example/gate.php?x=1", None),
            ("https://user@1.2.3.4:8443/a", "1.2.3.4", "https://user@1.2.3.4:8443/a", Some(8443)),
            ("http://[2001:db8::1]:81/", "2001:db8::1", "http://[2001:db8::1]:81/", Some(81)),
            ("http://evil.example:8080", "", "http://evil.example:8080", Some(8080)),
            ("evil.example:81/gate", "", "evil.example:81/gate", Some(81)),
            ("evil.example/gate", "", "evil.example/gate", None),
            ("münchen.example", "", "münchen.example", None),
        ] {
            let expected = Address { ip: ip.parse().ok(), name, port };
            assert_eq!(read(cell), Some(expected), "{cell}");
            assert_eq!(super::port(cell.as_bytes()), port, "{cell}");
        }
    }

    #[test]
    fn what_is_no_address() {
        for cell in [
            "",
            "1.2.3",
            "1.2.3.4.5",
            "300.1.2.3",
            "1.2.3.4:99999",
            "a b",
            "<script>",
            "http:///x",
            "1::2::3",
            "fe80::1%",
            "fe80::1%<b>",
            "=cmd|x",
            "://",
            "a..b",
            "\u{1b}[31m",
        ] {
            assert_eq!(read(cell), None, "{cell}");
        }
    }

    proptest! {
        #[test]
        fn four_numbers_are_read_as_any_address_is(cell in "[0-9]{0,4}(\\.[0-9]{0,4}){2,4}|[0-9.: ]{0,16}") {
            if let Some(v4) = plain_v4(cell.as_bytes()) {
                let expected = Address { ip: Some(v4.into()), name: "", port: None };
                prop_assert_eq!(read(&cell), Some(expected));
                prop_assert!(!is_spoiled(&cell) && !is_joined_address(&cell));
            } else if cell.bytes().all(|byte| byte != b':' && byte != b' ') {
                prop_assert!(read(&cell).is_none_or(|address| address.ip.is_none()), "{cell:?}");
            }
        }

        #[test]
        fn what_is_an_address_alone_is_read_as_one(
            cell in "[0-9]{1,3}(\\.[0-9]{1,3}){3}(:[0-9]{1,5})?|\\[?[0-9a-f:.]{0,12}(%[a-z0-9]{0,2})?\\]?(:[0-9]{2})?|\\PC{0,12}",
        ) {
            let expected = read(&cell).filter(|address| address.ip.is_some() && address.name.is_empty());
            prop_assert_eq!(alone(&cell), expected);
        }

        #[test]
        fn cutting_agrees_with_reading(cell in "[0-9a-f.:\\[\\]%]{0,24}") {
            if let Some(address) = read(&cell).filter(|address| address.name.is_empty()) {
                let (head, port) = cut_port(cell.as_bytes());
                let again = read(std::str::from_utf8(head).unwrap()).unwrap();
                prop_assert_eq!(again.ip, address.ip);
                prop_assert_eq!(port.or(again.port), address.port);
            }
        }

        #[test]
        fn nothing_panics(cell in "\\PC{0,40}") {
            let _ = read(&cell);
        }
    }
}
