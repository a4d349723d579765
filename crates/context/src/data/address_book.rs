//! Hosts as scanners name them: by address, short name or full name.

use super::Fault;
use super::fault::shown;
use crate::values::host_name;
use ringback_model::profile::HostMatch;
use std::net::IpAddr;

/// The host in a cell; `None` where the cell is empty or names the scanner's own loopback, which is nobody's name.
///
/// # Errors
/// What is neither an address nor a name.
pub(super) fn host(cell: &str, place: &str) -> Result<Option<HostMatch>, Fault> {
    // Windows puts the domain before the name.
    let text = cell.trim();
    let text = text.rsplit_once('\\').map_or(text, |(_, name)| name);
    if text.is_empty() || text.eq_ignore_ascii_case("localhost") {
        return Ok(None);
    }
    if let Some(address) = address(text) {
        return Ok((!address.is_loopback()).then(|| HostMatch::Network(address.into())));
    }
    let numeric = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let name = host_name(text).filter(|_| !numeric && text.len() <= 253);
    name.map(|name| Some(HostMatch::Name(name.to_lowercase()))).ok_or_else(|| {
        let hint = "hosts are named by address, by short name or by full name";
        Fault::at(place, format!("{:?} is no host", shown(text)), hint)
    })
}

/// An address in its plain form, without the zone that IPv6 may name.
pub(super) fn address(text: &str) -> Option<IpAddr> {
    let text = text.split_once('%').map_or(text, |(address, _)| address);
    text.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}
