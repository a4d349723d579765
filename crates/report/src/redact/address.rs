//! Pseudonyms of addresses that keep prefixes and classes.
//!
//! As in Crypto-PAn (Xu, Fan, Ammar and Moon, 2002), each bit is flipped or not by a keyed function of the bits before it, so
//! that two addresses share as many first bits afterwards as before. A bit stays where flipping it would carry addresses into
//! or out of a range that means something by itself: of such a range the first bits, and of a loopback or multicast address
//! every bit. What is left is a permutation of each class.

use super::key::Key;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Ranges that mean something by themselves (IANA's special-purpose registries), and whether addresses inside of them are
/// told apart by their further bits only, so that those may change.
const RANGES: &[(&str, bool)] = &[
    ("0.0.0.0/8", false),
    ("10.0.0.0/8", true),
    ("100.64.0.0/10", true),
    ("127.0.0.0/8", false),
    ("169.254.0.0/16", true),
    ("172.16.0.0/12", true),
    ("192.0.0.0/24", false),
    ("192.0.2.0/24", true),
    ("192.31.196.0/24", false),
    ("192.52.193.0/24", false),
    ("192.88.99.0/24", false),
    ("192.168.0.0/16", true),
    ("192.175.48.0/24", false),
    ("198.18.0.0/15", true),
    ("198.51.100.0/24", true),
    ("203.0.113.0/24", true),
    ("224.0.0.0/4", false),
    ("240.0.0.0/4", false),
    ("::/8", false),
    ("64:ff9b::/96", false),
    ("64:ff9b:1::/48", false),
    ("100::/64", false),
    ("2000::/3", true),
    ("2001::/23", false),
    ("2001:db8::/32", true),
    ("2002::/16", false),
    ("2620:4f:8000::/48", false),
    ("3fff::/20", true),
    ("5f00::/16", false),
    ("fc00::/8", true),
    ("fd00::/8", true),
    ("fe80::/10", false),
    ("fe80::/64", true),
    ("ff00::/8", false),
];

/// Ranges that nobody but the client can have used.
const PRIVATE: &[&str] = &[
    "10.0.0.0/8",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
];

/// Makes pseudonyms of addresses.
#[derive(Clone, Debug)]
pub struct Addresses {
    key: Key,
    v4: Vec<(Ipv4Net, bool)>,
    v6: Vec<(Ipv6Net, bool)>,
    private: Vec<IpNet>,
}

impl Addresses {
    /// Pseudonyms under a key.
    pub fn new(key: Key) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for (text, inside) in RANGES {
            match network(text) {
                IpNet::V4(net) => v4.push((net, *inside)),
                IpNet::V6(net) => v6.push((net, *inside)),
            }
        }
        Addresses { key, v4, v6, private: PRIVATE.iter().map(|text| network(text)).collect() }
    }

    /// Whether an address is in a private or link-local range.
    pub fn is_private(&self, ip: IpAddr) -> bool {
        self.private.iter().any(|net| net.contains(&ip))
    }

    /// The pseudonym of an address.
    pub fn pseudonym(&self, ip: IpAddr) -> IpAddr {
        match ip {
            IpAddr::V4(v4) => IpAddr::V4(self.v4(v4)),
            IpAddr::V6(v6) => IpAddr::V6(self.v6(v6)),
        }
    }

    fn v4(&self, ip: Ipv4Addr) -> Ipv4Addr {
        let bits = u32::from(ip);
        let flips = (0..32).filter(|length| {
            let prefix = Ipv4Net::new(ip, *length).expect("a length below 32").trunc();
            self.may_flip(IpNet::V4(prefix)) && self.flips(4, *length, &prefix.network().octets())
        });
        Ipv4Addr::from(flips.fold(bits, |bits, length| bits ^ (1 << (31 - length))))
    }

    fn v6(&self, ip: Ipv6Addr) -> Ipv6Addr {
        if let Some((at, inner)) = embedded(ip) {
            let mut octets = ip.octets();
            octets[at..at + 4].copy_from_slice(&self.v4(inner).octets());
            return Ipv6Addr::from(octets);
        }
        let bits = u128::from(ip);
        let flips = (0..128).filter(|length| {
            let prefix = Ipv6Net::new(ip, *length).expect("a length below 128").trunc();
            self.may_flip(IpNet::V6(prefix)) && self.flips(6, *length, &prefix.network().octets())
        });
        Ipv6Addr::from(flips.fold(bits, |bits, length| bits ^ (1 << (127 - length))))
    }

    /// Whether both halves of a network are of one class, and may change places.
    fn may_flip(&self, prefix: IpNet) -> bool {
        fn judged<N: Copy>(
            ranges: &[(N, bool)],
            below: impl Fn(N) -> bool,
            around: impl Fn(N) -> Option<u8>,
        ) -> bool {
            let narrowest = ranges.iter().filter_map(|(net, inside)| Some((around(*net)?, *inside))).max();
            narrowest.is_none_or(|(_, inside)| inside) && !ranges.iter().any(|(net, _)| below(*net))
        }
        match prefix {
            IpNet::V4(prefix) => judged(
                &self.v4,
                |net| net != prefix && prefix.contains(&net),
                |net| net.contains(&prefix).then_some(net.prefix_len()),
            ),
            IpNet::V6(prefix) => judged(
                &self.v6,
                |net| net != prefix && prefix.contains(&net),
                |net| net.contains(&prefix).then_some(net.prefix_len()),
            ),
        }
    }

    fn flips(&self, family: u8, length: u8, prefix: &[u8]) -> bool {
        self.key.bits("address", &[&[family, length], prefix])[0] & 1 == 1
    }
}

/// The address of version 4 inside one that is made of it (NAT64, 6to4, mapped), and the byte at which it stands.
pub(crate) fn embedded(ip: Ipv6Addr) -> Option<(usize, Ipv4Addr)> {
    let octets = ip.octets();
    let at = match ip.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, ..] | [0, 0, 0, 0, 0, 0xffff, ..] => 12,
        [0x2002, ..] => 2,
        _ => return None,
    };
    let inner = [octets[at], octets[at + 1], octets[at + 2], octets[at + 3]];
    Some((at, Ipv4Addr::from(inner)))
}

fn network(text: &str) -> IpNet {
    text.parse().expect("the ranges of the table are networks")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn addresses(key: u8) -> Addresses {
        Addresses::new(Key::new(&[key; 32]))
    }

    fn shared4(a: u32, b: u32) -> u32 {
        (a ^ b).leading_zeros()
    }

    /// The ranges of the table that an address is in.
    fn classes(ip: IpAddr) -> Vec<&'static str> {
        RANGES.iter().map(|(text, _)| *text).filter(|text| network(text).contains(&ip)).collect()
    }

    /// Addresses of a range, as often as any others.
    fn any_v4() -> impl Strategy<Value = u32> {
        prop_oneof![
            any::<u32>(),
            any::<u32>().prop_map(|n| 0x0a00_0000 | n >> 8),
            any::<u32>().prop_map(|n| 0xc0a8_0000 | n >> 16),
            any::<u32>().prop_map(|n| 0xac10_0000 | n >> 12),
            any::<u32>().prop_map(|n| 0x6440_0000 | n >> 10),
            any::<u32>().prop_map(|n| 0xc633_6400 | n >> 24),
        ]
    }

    fn any_v6() -> impl Strategy<Value = u128> {
        prop_oneof![
            any::<u128>(),
            any::<u128>().prop_map(|n| 0xfd << 120 | n >> 8),
            any::<u128>().prop_map(|n| 0x2001_0db8 << 96 | n >> 32),
            any::<u128>().prop_map(|n| 0xfe80 << 112 | n >> 64),
            any::<u128>().prop_map(|n| 1 << 125 | n >> 3),
        ]
    }

    proptest! {
        #[test]
        fn prefixes_and_classes_are_kept(a in any_v4(), b in any_v4(), key in any::<u8>(), near in 0u32..32) {
            let addresses = addresses(key);
            for b in [b, a ^ (1 << near)] {
                let (x, y) = (addresses.v4(a.into()), addresses.v4(b.into()));
                prop_assert_eq!(shared4(a, b), shared4(x.into(), y.into()));
            }
            let ip = IpAddr::V4(a.into());
            prop_assert_eq!(classes(ip), classes(addresses.pseudonym(ip)));
        }

        #[test]
        fn those_of_version_6_too(a in any_v6(), b in any_v6(), key in any::<u8>(), near in 0u32..128) {
            let addresses = addresses(key);
            let made = |bits: u128| u128::from(addresses.v6(bits.into()));
            for b in [b, a ^ (1 << near)] {
                if embedded(a.into()).is_some() || embedded(b.into()).is_some() {
                    continue;
                }
                prop_assert_eq!((a ^ b).leading_zeros(), (made(a) ^ made(b)).leading_zeros());
            }
            let ip = IpAddr::V6(a.into());
            prop_assert_eq!(classes(ip), classes(addresses.pseudonym(ip)));
        }
    }

    /// One range whole: as many pseudonyms as addresses, all in it.
    #[test]
    fn a_range_is_permuted() {
        let addresses = addresses(7);
        let all: std::collections::BTreeSet<Ipv4Addr> =
            (0..=u16::MAX).map(|n| addresses.v4((0xc0a8_0000 | u32::from(n)).into())).collect();
        assert_eq!(all.len(), 1 << 16);
        assert!(all.iter().all(|ip| ip.octets()[..2] == [192, 168]));
    }

    #[test]
    fn the_key_decides() {
        let ip: IpAddr = "10.1.2.3".parse().unwrap();
        let made: std::collections::BTreeSet<IpAddr> =
            (0..50).map(|key| addresses(key).pseudonym(ip)).collect();
        assert!(made.len() > 45, "{made:?}");
        assert_eq!(addresses(1).pseudonym(ip), addresses(1).pseudonym(ip));
    }

    #[test]
    fn what_stands_for_nobody_stays() {
        let addresses = addresses(3);
        for text in ["0.0.0.0", "127.0.0.1", "224.0.0.251", "255.255.255.255", "::", "::1", "ff02::1"] {
            let ip: IpAddr = text.parse().unwrap();
            assert_eq!(addresses.pseudonym(ip), ip, "{text}");
        }
        let inner = addresses.pseudonym("10.1.2.3".parse().unwrap());
        let outer = addresses.pseudonym("64:ff9b::10.1.2.3".parse().unwrap());
        assert_eq!(format!("64:ff9b::{inner}").parse::<IpAddr>().unwrap(), outer);
    }
}
