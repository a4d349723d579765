//! Who sent the request that the malicious traffic belongs to.
//!
//! The vendor's solution 000256626 states the cell for an outgoing response; the other cells with a known message follow
//! by symmetry.

use ringback_model::{
    Basis, DetectionRef, Direction, ListSource, Log, Origin, RequestKind, Scope, Side, Threat,
};

/// Processes that answer for others or serve: an address in a callback log may have come to them, not from them. Base
/// names in lower case, without `.exe`.
const SERVERS: &[&str] = &[
    "apache",
    "apache2",
    "dns",
    "haproxy",
    "httpd",
    "inetinfo",
    "lsass",
    "mysqld",
    "named",
    "nginx",
    "ntfrs",
    "oracle",
    "postgres",
    "smbd",
    "spoolsv",
    "sqlservr",
    "squid",
    "sshd",
    "store",
    "system",
    "termservice",
    "tomcat",
    "tomcat8",
    "tomcat9",
    "vsftpd",
    "w3wp",
];

/// The origin of a detection, and what it was told from.
pub(crate) fn origin(row: DetectionRef<'_>, scope: Scope, local_private: bool) -> (Origin, Basis) {
    if row.detection.log == Log::Callback {
        return of_callback_log(row);
    }
    let (direction, message) = (row.direction(), row.detection.message);
    if let Some(origin) = by_direction_and_message(direction, message) {
        return (origin, Basis::DirectionAndMessage);
    }
    if let Some(origin) = by_ports(row) {
        return (origin, Basis::Ports);
    }
    match direction {
        Direction::Outgoing => (Origin::Local, Basis::DirectionOnly),
        Direction::Incoming => (Origin::Remote, Basis::DirectionOnly),
        Direction::None | Direction::Unknown => without_direction(row, scope, local_private),
    }
}

/// The table of direction and message; `None` where the message is not known or there is no direction.
fn by_direction_and_message(direction: Direction, message: RequestKind) -> Option<Origin> {
    match (direction, message) {
        (Direction::Outgoing, RequestKind::Request) | (Direction::Incoming, RequestKind::Response) => {
            Some(Origin::Local)
        }
        (Direction::Outgoing, RequestKind::Response) | (Direction::Incoming, RequestKind::Request) => {
            Some(Origin::Remote)
        }
        _ => None,
    }
}

/// The peer of the only side on a server port.
pub(crate) fn by_ports(row: DetectionRef<'_>) -> Option<Origin> {
    row.detection.service.filter(|service| service.sole).map(|service| match service.side {
        Side::Local => Origin::Remote,
        Side::Remote => Origin::Local,
    })
}

fn without_direction(row: DetectionRef<'_>, scope: Scope, local_private: bool) -> (Origin, Basis) {
    let detection = row.detection;
    let listed =
        matches!(detection.list, ListSource::Global | ListSource::VirtualAnalyzer | ListSource::UserDefined);
    if detection.message == RequestKind::Request && listed {
        return (Origin::Local, Basis::List);
    }
    let outside = matches!(scope, Scope::Public | Scope::Name);
    let attack = matches!(detection.threat, Threat::Exploit | Threat::Scan | Threat::BruteForce);
    if local_private && outside && detection.message != RequestKind::Response && !attack {
        return (Origin::Local, Basis::Weak);
    }
    (Origin::Undetermined, Basis::None)
}

/// A callback log has no direction, and the host that it calls compromised may be the victim.
pub(crate) fn of_callback_log(row: DetectionRef<'_>) -> (Origin, Basis) {
    if !row.remote().name.is_empty() {
        return (Origin::Local, Basis::CallbackName);
    }
    let listed = matches!(
        row.detection.list,
        ListSource::Global
            | ListSource::VirtualAnalyzer
            | ListSource::UserDefined
            | ListSource::WebReputation
    );
    if listed && !is_server(row.text(row.detection.process)) {
        return (Origin::Local, Basis::ListNoDirection);
    }
    (Origin::Undetermined, Basis::None)
}

/// Whether a process serves others. The cell may hold a path, quotes and arguments.
pub(crate) fn is_server(process: &str) -> bool {
    let lower = process.to_lowercase();
    if lower.contains("termservice") {
        return true;
    }
    let base = program(&lower).rsplit(['\\', '/']).next().unwrap_or_default();
    let base = base.trim_start_matches(['"', '\'']).split([' ', ':', '"']).next().unwrap_or_default();
    SERVERS.binary_search(&base).is_ok()
}

/// A command line up to where its program's `.exe` ends; all of it, where there is none.
fn program(command: &str) -> &str {
    let ends = |after: &str| after.chars().next().is_none_or(|c| c.is_whitespace() || c == '"');
    let mut executables =
        command.match_indices(".exe").filter(|(at, dot_exe)| ends(&command[at + dot_exe.len()..]));
    executables.next().map_or(command, |(at, _)| &command[..at])
}

#[cfg(test)]
mod tests;
