//! The ports of a row, and which of them is the service's.

use crate::address;
use crate::bound::says_nothing;
use crate::cells::{Cells, Sides};
use crate::field::Field;
use crate::trace::{Ground, Trace, first};
use ringback_model::{Direction, Service, service};

/// What of a row has to be known before its spelling.
pub(crate) struct Ports {
    pub(crate) local: Option<u16>,
    pub(crate) remote: Option<u16>,
    pub(crate) service: Option<Service>,
    /// Whether a cell for a port holds something that is none.
    pub(crate) unread: bool,
}

impl Ports {
    /// Reads the ports of a row, each from its own cell, from beside the address, or from the cell of the port that was
    /// asked for.
    pub(crate) fn read(cells: Cells<'_>, sides: Sides, trace: &mut impl Trace) -> Self {
        let mut unread = false;
        let mut number = |field| {
            let cell = cells.bytes(field).trim_ascii();
            let port = address::number(cell);
            unread |= port.is_none() && !says_nothing(cell);
            port
        };
        let of = |(beside, own): (Field, Field), number: Option<u16>, asked: Option<u16>| {
            let beside_it = || address::port(cells.bytes(beside));
            [
                (Ground::Cell(own), number),
                (Ground::Cell(beside), number.or_else(beside_it)),
                (Ground::Cell(Field::Port), asked),
            ]
        };
        let (own_local, own_remote) = (number(sides.local.1), number(sides.remote.1));
        let asked = number(Field::Port);
        let (asked_local, asked_remote) =
            if sides.direction == Direction::Incoming { (asked, None) } else { (None, asked) };
        let local = first(trace, "local_port", of(sides.local, own_local, asked_local));
        let remote = first(trace, "remote_port", of(sides.remote, own_remote, asked_remote));
        let asked = || if sides.directed { Direction::Outgoing } else { sides.direction };
        Ports { local, remote, service: service(local, remote, asked), unread }
    }
}
