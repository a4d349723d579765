//! The fields that a column can hold.

/// What a column of an export holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// When the event was generated.
    Time,
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
    /// A true destination, with or without a port.
    Destination,
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
    /// The rule or threat name.
    Rule,
    /// A list's name or a rule's name in one column.
    ListOrRule,
    /// The malware family.
    Family,
    /// The risk.
    Risk,
    /// How many events the row stands for.
    Occurrences,
}

impl Field {
    /// How many fields there are.
    pub(crate) const COUNT: usize = Field::Occurrences as usize + 1;

    /// Whether the cell is part of what a detection says. Times, ports and occurrences are not.
    pub(crate) fn is_identity(self) -> bool {
        !matches!(
            self,
            Field::Time | Field::Received | Field::LocalPort | Field::RemotePort | Field::Occurrences
        )
    }
}
