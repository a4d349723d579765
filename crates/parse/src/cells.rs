//! The cells of a row by field, and which of them are whose.

use crate::address;
use crate::bound::{Bound, says_nothing};
use crate::field::Field;
use crate::layout::fold;
use crate::plan::Plan;
use crate::records::Record;
use crate::trace::Ground;
use ringback_model::{Direction, RejectReason, RequestKind};

/// A cell that says who or what with more bytes than this is rejected: neither a spreadsheet's cell nor a path is longer.
const LONGEST_CELL: usize = 32 * 1024;

/// The cells of one row, by field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cells<'r> {
    pub(crate) plan: &'r Plan,
    pub(crate) bound: &'r Bound,
    pub(crate) record: &'r Record<'r>,
}

/// The columns of the two sides, as far as the record's direction tells them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sides {
    /// The columns of the local side and its port, or of the source.
    pub(crate) local: (Field, Field),
    /// The columns of the remote side and its port, or of the destination.
    pub(crate) remote: (Field, Field),
    /// Whether they are source and destination, and nothing tells which of them is the client's.
    pub(crate) directed: bool,
    /// The column of the local side's name, where both sides have one.
    pub(crate) host: Option<Field>,
    /// Where the packet went.
    pub(crate) direction: Direction,
}

impl<'r> Cells<'r> {
    /// The bytes of a field's cell; empty where there is no such column.
    #[inline]
    pub(crate) fn bytes(&self, field: Field) -> &'r [u8] {
        self.bound.cell(self.record, field)
    }

    /// The text of a field's cell, trimmed. What stands for nothing is empty.
    ///
    /// # Errors
    /// Bytes that are not text, or more of them than a cell may have.
    pub(crate) fn text(&self, field: Field) -> Result<&'r str, RejectReason> {
        let bytes = self.bytes(field);
        if bytes.is_empty() {
            return Ok("");
        }
        if bytes.len() > LONGEST_CELL {
            return Err(RejectReason::TooLong);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| RejectReason::Undecodable)?.trim();
        if !self.plan.is_taken_as_written() && text.contains(char::REPLACEMENT_CHARACTER) {
            return Err(RejectReason::Undecodable);
        }
        Ok(if says_nothing(text.as_bytes()) { "" } else { text })
    }

    /// Where the packet went, by column or by layout.
    pub(crate) fn direction(&self) -> Direction {
        self.direction_told().0
    }

    /// The same, and what it is taken from.
    pub(crate) fn direction_told(&self) -> (Direction, Ground) {
        let layout = &self.bound.layout;
        if let Some((column, direction)) = self.bound.present_direction(self.record) {
            return (direction, Ground::Column(column));
        }
        if self.bound.column(Field::Direction).is_none() {
            return layout
                .implied
                .direction
                .map_or((Direction::Unknown, Ground::Nothing), |direction| (direction, Ground::Layout));
        }
        let spelled = String::from_utf8_lossy(self.bytes(Field::Direction));
        let direction = layout.values().direction.get(&fold(&spelled)).copied();
        (direction.unwrap_or(Direction::Unknown), Ground::Cell(Field::Direction))
    }

    /// Which columns hold the two sides. Where a log has a source and a destination, the direction tells the client's side;
    /// where it names those of the session, what comes back goes from the destination to the source.
    pub(crate) fn sides(&self, direction: Direction) -> Sides {
        let (local, remote) = ((Field::Local, Field::LocalPort), (Field::Remote, Field::RemotePort));
        if !self.bound.directed {
            return Sides { local, remote, directed: false, host: None, direction };
        }
        let back = self.bound.layout.session && self.message_kind() == RequestKind::Response;
        let (source, destination) =
            ((Field::Source, Field::SourcePort), (Field::Destination, Field::DestinationPort));
        let own = self.own_side();
        let (local, remote) = match (own, direction) {
            (Some(Field::Destination), _) | (None, Direction::Incoming) => (destination, source),
            (Some(_), _) | (None, Direction::Outgoing) => (source, destination),
            _ if back => (destination, source),
            _ => (source, destination),
        };
        let directed = own.is_none() && !matches!(direction, Direction::Incoming | Direction::Outgoing);
        let host = match (directed, local.0) {
            (true, _) => None,
            (false, Field::Source) => Some(Field::SourceHost),
            (false, _) => Some(Field::DestinationHost),
        };
        let direction = if back { direction.back() } else { direction };
        Sides { local, remote, directed, host, direction }
    }

    /// The side that has the address of the machine that logged, where the log names that beside both sides.
    fn own_side(&self) -> Option<Field> {
        let address = |field| address::cut_port(self.bytes(field).trim_ascii()).0;
        let own = Some(address(Field::Local)).filter(|own| !own.is_empty())?;
        [Field::Source, Field::Destination].into_iter().find(|side| address(*side) == own)
    }

    /// What the message column says alone.
    fn message_kind(&self) -> RequestKind {
        let spelled = String::from_utf8_lossy(self.bytes(Field::Message));
        self.bound.layout.values().message.get(&fold(&spelled)).copied().unwrap_or(RequestKind::Unknown)
    }
}
