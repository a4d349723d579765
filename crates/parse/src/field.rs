//! The fields that a column can hold.

/// What a column of an export holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// When the event was generated.
    Time,
    /// The same in UTC; it goes before the time in the console's zone.
    TimeUtc,
    /// The zone of the time, in minutes that are *added* to it to get UTC (east of Greenwich is negative).
    ZoneMinutes,
    /// Summer time, in minutes that are added to the zone's.
    DaylightMinutes,
    /// When the console received it.
    Received,
    /// The name of the client's machine.
    Endpoint,
    /// Its domain.
    Domain,
    /// The user.
    User,
    /// The process.
    Process,
    /// The product that logged.
    Product,
    /// The console or server that the log came from.
    Console,
    /// The address of the side with the agent, with or without a port.
    Local,
    /// Its port.
    LocalPort,
    /// The address, host name or URL of the other side, with or without a port.
    Remote,
    /// Its port.
    RemotePort,
    /// A true source, with or without a port.
    Source,
    /// Its port.
    SourcePort,
    /// A true destination, with or without a port.
    Destination,
    /// Its port.
    DestinationPort,
    /// The name of the source's machine.
    SourceHost,
    /// The name of the destination's machine.
    DestinationHost,
    /// The port that was asked for, on whichever side was asked.
    Port,
    /// The protocol.
    Protocol,
    /// Where the packet went.
    Direction,
    /// Request or response.
    Message,
    /// What was done.
    Result,
    /// The list that the detection came from.
    List,
    /// The list of a callback, where another column holds the kind of pattern.
    CallbackList,
    /// The rule or threat name.
    Rule,
    /// A list's name or a rule's name in one column.
    ListOrRule,
    /// The malware family.
    Family,
    /// The kind of threat, in a column of its own.
    Category,
    /// The risk.
    Risk,
    /// How many events the row stands for.
    Occurrences,
}

/// Every field with the word that stands for it in layouts.
const WORDS: [(Field, &str); Field::COUNT] = [
    (Field::Time, "time"),
    (Field::TimeUtc, "time-utc"),
    (Field::ZoneMinutes, "zone-minutes"),
    (Field::DaylightMinutes, "daylight-minutes"),
    (Field::Received, "received"),
    (Field::Endpoint, "endpoint"),
    (Field::Domain, "domain"),
    (Field::User, "user"),
    (Field::Process, "process"),
    (Field::Product, "product"),
    (Field::Console, "console"),
    (Field::Local, "local"),
    (Field::LocalPort, "local-port"),
    (Field::Remote, "remote"),
    (Field::RemotePort, "remote-port"),
    (Field::Source, "source"),
    (Field::SourcePort, "source-port"),
    (Field::Destination, "destination"),
    (Field::DestinationPort, "destination-port"),
    (Field::SourceHost, "source-host"),
    (Field::DestinationHost, "destination-host"),
    (Field::Port, "port"),
    (Field::Protocol, "protocol"),
    (Field::Direction, "direction"),
    (Field::Message, "message"),
    (Field::Result, "result"),
    (Field::List, "list"),
    (Field::CallbackList, "callback-list"),
    (Field::Rule, "rule"),
    (Field::ListOrRule, "list-or-rule"),
    (Field::Family, "family"),
    (Field::Category, "category"),
    (Field::Risk, "risk"),
    (Field::Occurrences, "occurrences"),
];

impl Field {
    /// How many fields there are.
    pub(crate) const COUNT: usize = Field::Occurrences as usize + 1;

    /// Every field.
    pub fn all() -> impl Iterator<Item = Field> {
        WORDS.iter().map(|(field, _)| *field)
    }

    /// The word that stands for it in layouts.
    pub fn as_str(self) -> &'static str {
        WORDS[self as usize].1
    }

    /// Whether the cell is part of what a detection says. Times, ports and occurrences are not.
    pub(crate) fn is_identity(self) -> bool {
        !matches!(
            self,
            Field::Time
                | Field::TimeUtc
                | Field::ZoneMinutes
                | Field::DaylightMinutes
                | Field::Received
                | Field::LocalPort
                | Field::RemotePort
                | Field::SourcePort
                | Field::DestinationPort
                | Field::Port
                | Field::Occurrences
        )
    }

    /// Whether the cell may hold an address with a port.
    pub(crate) fn is_address(self) -> bool {
        matches!(self, Field::Local | Field::Remote | Field::Source | Field::Destination)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_at_their_fields() {
        for (number, (field, _)) in WORDS.iter().enumerate() {
            assert_eq!(*field as usize, number);
        }
    }
}
