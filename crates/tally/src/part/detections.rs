//! Detections as bytes. Words are written by their places in their vocabularies, texts by the numbers of symbols.

use super::wire::{PartError, UNKNOWN, WireReader, WireWriter};
use ringback_model::{
    Detection, Direction, Endpoints, ListSource, Log, Peer, RequestKind, ResultKind, Risk, Service, Side,
    Sym, Threat,
};
use std::net::IpAddr;

/// The texts of a detection that are not those of its ends.
pub(crate) fn texts(detection: &Detection) -> [Sym; 10] {
    let Detection { endpoint, domain, user, process, product, console, protocol, rule, family, cve, .. } =
        *detection;
    [endpoint, domain, user, process, product, console, protocol, rule, family, cve]
}

/// The texts of its ends.
pub(crate) fn names(detection: &Detection) -> [Sym; 2] {
    let (one, other) = ends(&detection.endpoints);
    [one.name, other.name]
}

fn ends(endpoints: &Endpoints) -> (Peer, Peer) {
    match *endpoints {
        Endpoints::Sided { local, remote, .. } => (local, remote),
        Endpoints::Directed { source, destination } => (source, destination),
    }
}

/// Writes a detection; `number` tells the numbers of its texts.
pub(crate) fn write(out: &mut WireWriter, detection: &Detection, number: &dyn Fn(Sym) -> u32) {
    let two = |one: u8, other: u8| one | other << 4;
    out.byte(two(detection.log as u8, detection.message as u8));
    out.byte(two(detection.result as u8, detection.list as u8));
    out.byte(two(detection.threat as u8, detection.risk as u8));
    let way = match detection.endpoints {
        Endpoints::Sided { direction, .. } => (direction as u8) << 1,
        Endpoints::Directed { .. } => 1,
    };
    let service = detection.service.map_or(0, |service| {
        0b1_0000 | u8::from(service.side == Side::Remote) << 5 | u8::from(service.sole) << 6
    });
    out.byte(way | service);
    if let Some(service) = detection.service {
        out.number(service.port.into());
    }
    let (one, other) = ends(&detection.endpoints);
    for peer in [one, other] {
        write_peer(out, peer, number);
    }
    for text in texts(detection) {
        out.number(number(text).into());
    }
}

fn write_peer(out: &mut WireWriter, peer: Peer, number: &dyn Fn(Sym) -> u32) {
    let named = u8::from(!peer.name.is_empty()) << 2;
    let (kind, octets) = match peer.ip {
        None => (0, Vec::new()),
        Some(IpAddr::V4(ip)) => (1, ip.octets().to_vec()),
        Some(IpAddr::V6(ip)) => (2, ip.octets().to_vec()),
    };
    out.byte(kind | named);
    for octet in octets {
        out.byte(octet);
    }
    if named != 0 {
        out.number(number(peer.name).into());
    }
}

/// Reads a detection whose texts are among these.
pub(crate) fn read(input: &mut WireReader<'_>, texts: &[Sym]) -> Result<Detection, PartError> {
    let mut two = || input.byte().map(|both| (both & 0xf, both >> 4));
    let ((log, message), (result, list), (threat, risk)) = (two()?, two()?, two()?);
    let flags = input.byte()?;
    let service = if flags & 0b1_0000 == 0 {
        None
    } else {
        let side = if flags & 0b10_0000 == 0 { Side::Local } else { Side::Remote };
        let port = u16::try_from(input.below(1 << 16)?).unwrap_or_default();
        Some(Service { side, port, sole: flags & 0b100_0000 != 0 })
    };
    let (one, other) = (read_peer(input, texts)?, read_peer(input, texts)?);
    let endpoints = if flags & 1 == 1 {
        Endpoints::Directed { source: one, destination: other }
    } else {
        Endpoints::Sided { local: one, remote: other, direction: word(Direction::ALL, flags >> 1 & 0b111)? }
    };
    let mut text = || text(input, texts);
    Ok(Detection {
        log: word(Log::ALL, log)?,
        message: word(RequestKind::ALL, message)?,
        result: word(ResultKind::ALL, result)?,
        list: word(ListSource::ALL, list)?,
        threat: word(Threat::ALL, threat)?,
        risk: word(Risk::ALL, risk)?,
        endpoints,
        service,
        endpoint: text()?,
        domain: text()?,
        user: text()?,
        process: text()?,
        product: text()?,
        console: text()?,
        protocol: text()?,
        rule: text()?,
        family: text()?,
        cve: text()?,
    })
}

fn read_peer(input: &mut WireReader<'_>, texts: &[Sym]) -> Result<Peer, PartError> {
    let kind = input.byte()?;
    let ip = match kind & 0b11 {
        0 => None,
        1 => input.bytes(4)?.first_chunk::<4>().map(|octets| IpAddr::from(*octets)),
        2 => input.bytes(16)?.first_chunk::<16>().map(|octets| IpAddr::from(*octets)),
        _ => return Err(UNKNOWN),
    };
    let name = if kind & 0b100 == 0 { Sym::EMPTY } else { text(input, texts)? };
    Ok(Peer { ip, name })
}

fn text(input: &mut WireReader<'_>, texts: &[Sym]) -> Result<Sym, PartError> {
    let number = usize::try_from(input.number()?).unwrap_or(usize::MAX);
    texts.get(number).copied().ok_or(PartError::Damaged("a text is missing"))
}

fn word<T: Copy>(all: &[T], number: u8) -> Result<T, PartError> {
    all.get(usize::from(number)).copied().ok_or(UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringback_model::{Digest, Fingerprint, RejectReason};

    /// Words are written by their places. Where a word is added or moved, files of before mean something else: then
    /// [`SCHEMA`](crate::part::SCHEMA) must be raised with this number.
    #[test]
    fn the_words_of_the_schema_stand_where_they_stood() {
        let mut digest = Digest::of("words");
        macro_rules! words {
            ($($of:ty),*) => { $(
                assert!(<$of>::ALL.len() <= 16, "a word has four bits");
                <$of>::ALL.iter().enumerate().for_each(|(number, word)| {
                    assert_eq!(*word as usize, number);
                    digest.text(word.as_str());
                });
                digest.text("");
            )* };
        }
        words!(Log, RequestKind, ResultKind, ListSource, Threat, Risk, Direction, RejectReason);
        assert_eq!(
            (crate::part::SCHEMA, digest.fingerprint()),
            (1, Fingerprint(61_599_020_561_111_572_111_358_350_646_727_172_976))
        );
    }
}
