//! The special-purpose address registries of IANA, as a table.

use ipnet::IpNet;
use std::net::IpAddr;
use std::sync::LazyLock;

/// The date of the registries that the table was made from.
pub const REGISTRIES_DATE: &str = "2025-10-09";

/// One block of a registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    network: IpNet,
    /// The registry's name for it.
    pub(crate) name: &'static str,
    /// Whether it is for private use: RFC 1918 and unique-local addresses.
    pub(crate) private: bool,
}

static BLOCKS: LazyLock<Vec<Block>> = LazyLock::new(|| {
    let table = include_str!("../registries/special-purpose.tsv");
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    let mut blocks: Vec<Block> =
        lines.map(|line| block(line).expect("the table that is carried is right")).collect();
    blocks.sort_by_key(|block| std::cmp::Reverse(block.network.prefix_len()));
    blocks
});

fn block(line: &'static str) -> Option<Block> {
    let mut cells = line.split('\t');
    let (network, name, kind) = (cells.next()?, cells.next()?, cells.next()?);
    Some(Block { network: network.parse().ok()?, name, private: kind == "private" })
}

/// A stretch of addresses that lie in the same blocks: its first address as a number, and the narrowest of the blocks.
type Stretch = (u128, Option<&'static Block>);

/// The stretches of the addresses of IPv4 and of IPv6, each in order and without gaps.
static STRETCHES: LazyLock<[Vec<Stretch>; 2]> = LazyLock::new(|| {
    let number = |ip| in_family(ip).1;
    [0, 1].map(|family| {
        let blocks = || BLOCKS.iter().filter(move |block| in_family(block.network.network()).0 == family);
        let after = |block: &Block| number(block.network.broadcast()).checked_add(1);
        let bounds = blocks().flat_map(|block| [Some(number(block.network.network())), after(block)]);
        let mut bounds: Vec<u128> = bounds.flatten().chain([0]).collect();
        bounds.sort_unstable();
        bounds.dedup();
        let holds = |block: &Block, first: u128| {
            (number(block.network.network())..=number(block.network.broadcast())).contains(&first)
        };
        bounds.into_iter().map(|first| (first, blocks().find(|block| holds(block, first)))).collect()
    })
});

/// Which of the two families an address is of, and its number in it.
fn in_family(ip: IpAddr) -> (usize, u128) {
    match ip {
        IpAddr::V4(ip) => (0, u32::from(ip).into()),
        IpAddr::V6(ip) => (1, ip.into()),
    }
}

/// The narrowest block that an address lies in.
pub(crate) fn block_of(ip: IpAddr) -> Option<&'static Block> {
    let (family, number) = in_family(ip);
    let stretches = &STRETCHES[family];
    let after = stretches.partition_point(|(first, _)| *first <= number);
    stretches[after.checked_sub(1)?].1
}

/// Whether an address is for private use.
pub(crate) fn is_private(ip: IpAddr) -> bool {
    block_of(ip).is_some_and(|block| block.private)
}

/// Whether a network lies within a range for private use.
pub(crate) fn is_private_network(network: &IpNet) -> bool {
    BLOCKS.iter().any(|block| block.private && block.network.contains(network))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_block_finds_itself() {
        for block in BLOCKS.iter() {
            let found = block_of(block.network.network()).unwrap();
            assert!(found.network.prefix_len() >= block.network.prefix_len(), "{block:?}");
        }
        assert_eq!(BLOCKS.len(), 51);
    }

    proptest! {
        #[test]
        fn stretches_find_what_the_blocks_say(block in 0usize..51, offset in -3i128..3, last: bool, any: u128) {
            let network = BLOCKS[block].network;
            let bound = in_family(if last { network.broadcast() } else { network.network() });
            let near = bound.1.wrapping_add_signed(offset);
            for number in [near, any] {
                let ip = match bound.0 {
                    0 => IpAddr::V4(u32::try_from(number & u128::from(u32::MAX)).unwrap().into()),
                    _ => IpAddr::V6(number.into()),
                };
                prop_assert_eq!(block_of(ip), BLOCKS.iter().find(|block| block.network.contains(&ip)));
            }
        }
    }

    #[test]
    fn well_known_addresses() {
        for (ip, name) in [
            ("10.1.2.3", "Private-Use"),
            ("172.32.0.1", ""),
            ("172.15.255.255", ""),
            ("172.16.0.0", "Private-Use"),
            ("172.31.255.255", "Private-Use"),
            ("192.0.0.170", "NAT64/DNS64 Discovery"),
            ("192.0.0.77", "IETF Protocol Assignments"),
            ("192.0.2.255", "Documentation (TEST-NET-1)"),
            ("192.0.3.0", ""),
            ("198.19.255.255", "Benchmarking"),
            ("198.20.0.0", ""),
            ("192.88.99.1", "Deprecated (6to4 Relay Anycast)"),
            ("223.255.255.255", ""),
            ("224.0.0.0", "Multicast"),
            ("240.0.0.1", "Reserved"),
            ("0.1.2.3", "This network"),
            ("100.63.255.255", ""),
            ("100.127.255.255", "Shared Address Space"),
            ("100.128.0.0", ""),
            ("100.64.0.1", "Shared Address Space"),
            ("127.9.9.9", "Loopback"),
            ("203.0.113.7", "Documentation (TEST-NET-3)"),
            ("255.255.255.255", "Limited Broadcast"),
            ("11.22.33.44", ""),
            ("::", "Unspecified Address"),
            ("::1", "Loopback Address"),
            ("64:ff9b::1", "IPv4-IPv6 Translation"),
            ("3fff:fff::1", "Documentation"),
            ("4000::1", ""),
            ("fe80::1", "Link-Local Unicast"),
            ("fec0::1", ""),
            ("fc00::1", "Unique-Local"),
            ("fd12::1", "Unique-Local"),
            ("2600:1f18::1", ""),
            ("2001:db8::1", "Documentation"),
            ("2001::1", "TEREDO"),
            ("ff02::1", "Multicast"),
        ] {
            assert_eq!(block_of(ip.parse().unwrap()).map_or("", |block| block.name), name, "{ip}");
        }
    }
}
