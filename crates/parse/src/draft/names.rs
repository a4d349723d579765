//! What the name of a column says of what it holds.

use crate::field::Field;

/// Names of columns by the words in them: each name is a list of words that must all be there. The first field with a name
/// that fits is taken, so that what says more stands before what says less.
const NAMES: &[(Field, &[&str])] = &[
    (Field::SourcePort, &["source port", "src port", "sport", "spt", "srcport", "sourceport", "orig p"]),
    (
        Field::DestinationPort,
        &[
            "destination port",
            "dest port",
            "dst port",
            "target port",
            "dport",
            "dpt",
            "dstport",
            "destport",
            "resp p",
        ],
    ),
    (Field::LocalPort, &["local port", "lport"]),
    (Field::RemotePort, &["remote port", "rport", "peer port"]),
    (
        Field::SourceHost,
        &["source host", "src host", "source name", "shost", "source hostname", "src hostname"],
    ),
    (
        Field::DestinationHost,
        &["destination host", "dest host", "dst host", "destination name", "dhost", "destination hostname"],
    ),
    (Field::Source, &["source", "src", "srcip", "sourceip", "saddr", "sip", "orig h", "attacker"]),
    (
        Field::Destination,
        &["destination", "dest", "dst", "dstip", "destip", "daddr", "dip", "resp h", "victim"],
    ),
    (
        Field::Remote,
        &[
            "remote ip",
            "remote address",
            "remote",
            "callback",
            "peer",
            "url",
            "uri",
            "cnc address",
            "foreign",
        ],
    ),
    (
        Field::Local,
        &[
            "local ip",
            "local address",
            "local addr",
            "local",
            "agent ip",
            "agent address",
            "host ip",
            "host address",
            "endpoint ip",
            "endpoint address",
            "client ip",
            "client address",
        ],
    ),
    (Field::Received, &["received", "receive", "receipt", "ingested", "logged time"]),
    (
        Field::Time,
        &[
            "time",
            "date",
            "timestamp",
            "datetime",
            "generated",
            "when",
            "occurred",
            "ts",
            "event time",
            "eventtime",
        ],
    ),
    (Field::User, &["user", "username", "account", "logon"]),
    (Field::Process, &["process", "image", "program", "executable"]),
    (Field::Protocol, &["protocol", "proto", "application", "app"]),
    (Field::Direction, &["direction"]),
    (Field::Message, &["flow", "traffic type"]),
    (Field::Result, &["action", "actions", "result", "disposition", "outcome", "verdict", "act"]),
    (Field::List, &["list source", "list"]),
    (Field::Family, &["family", "malware"]),
    (Field::Category, &["category", "classification", "threat type", "attack type"]),
    (Field::Rule, &["rule", "signature", "threat", "detection", "alert name", "attack", "policy", "note"]),
    (Field::Risk, &["severity", "risk", "priority"]),
    (Field::Occurrences, &["count", "repeat", "occurrences", "hits", "cnt"]),
    (Field::Product, &["product"]),
    (Field::Console, &["console", "server", "sensor", "manager", "observer"]),
    (
        Field::Endpoint,
        &["endpoint", "computer", "hostname", "host", "device", "machine", "agent", "workstation", "client"],
    ),
    (Field::Domain, &["domain"]),
    (Field::Port, &["port"]),
];

/// Words of names that are about what was asked for and not about who asked.
const ASKED_FOR: &[&str] =
    &["http", "tls", "dns", "ssl", "url", "remote", "destination", "dest", "dst", "referer"];

/// Words of names that are about a machine and do not name it.
const ABOUT: &[&str] = &[
    "vendor",
    "version",
    "product",
    "facility",
    "class",
    "custom",
    "id",
    "label",
    "type",
    "action",
    "direction",
];

/// The fields that a name suggests, the likeliest first.
pub(super) fn by_name(heading: &str) -> impl Iterator<Item = Field> {
    let words = words(heading);
    let no_host =
        words.iter().any(|word| ASKED_FOR.contains(&word.as_str()) || ABOUT.contains(&word.as_str()));
    let fits = move |name: &&str| name.split(' ').all(|word| words.iter().any(|have| have == word));
    let fields = NAMES.iter().filter(move |(_, names)| names.iter().any(&fits)).map(|(field, _)| *field);
    fields.filter(move |field| *field != Field::Endpoint || !no_host)
}

/// The words of a name, in small letters: `srcIp`, `src_ip` and `Src IP` have the same.
fn words(heading: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for char in heading.chars() {
        let hump = char.is_uppercase() && before.is_lowercase();
        if !char.is_alphanumeric() || hump {
            words.push(String::new());
        }
        if char.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(char.to_lowercase());
        }
        before = char;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_products() {
        for (heading, field) in [
            ("srcIp", Some(Field::Source)),
            ("Source address", Some(Field::Source)),
            ("id.orig_h", Some(Field::Source)),
            ("id.resp_p", Some(Field::DestinationPort)),
            ("dest_ip", Some(Field::Destination)),
            ("DST_PORT", Some(Field::DestinationPort)),
            ("Callback URL", Some(Field::Remote)),
            ("Receive Time", Some(Field::Received)),
            ("Generate Time", Some(Field::Time)),
            ("alert.signature", Some(Field::Rule)),
            ("alert.severity", Some(Field::Risk)),
            ("ThreatCategory", Some(Field::Category)),
            ("Repeat Count", Some(Field::Occurrences)),
            ("ComputerName", Some(Field::Endpoint)),
            ("http.hostname", None),
            ("deviceVendor", None),
            ("Remote Host IP", Some(Field::Remote)),
            ("Local Host IP", Some(Field::Local)),
            ("Agent address", Some(Field::Local)),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(by_name(heading).next(), field, "{heading}");
        }
    }
}
