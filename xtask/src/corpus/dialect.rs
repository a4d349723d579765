//! How an export is written down.

use super::{Fate, Row};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The kinds of logs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Suspicious Connection, address and port in one cell.
    Connection,
    /// Suspicious Connection with separate port columns and the article's headings.
    ConnectionPorts,
    /// C&C Callback, with headings of a language.
    Callback(Language),
}

/// The languages of consoles.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    German,
    Japanese,
}

/// Formats of times.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Times {
    /// `06/18/2026 09:15:02`
    MonthFirst,
    /// `6/18/2026 9:15:02 PM`
    MonthFirstHalves,
    /// `2026-06-18 09:15:02`
    Plain,
    /// `18.06.2026 09:15:02`
    Dots,
    /// `2026-06-18T09:15:02+02:00`
    Offset,
}

/// Encodings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf8Marked,
    Utf16Little,
    Utf16Big,
}

/// How an export is written down.
#[derive(Clone, Copy)]
pub(crate) struct Dialect {
    pub(crate) kind: Kind,
    pub(crate) times: Times,
    pub(crate) encoding: Encoding,
    pub(crate) delimiter: char,
    pub(crate) quoted: bool,
    pub(crate) crlf: bool,
    pub(crate) preamble: bool,
}

impl Dialect {
    /// The bytes of an export.
    pub(crate) fn write(&self, rows: &[Row]) -> Vec<u8> {
        let end = if self.crlf { "\r\n" } else { "\n" };
        let mut text = String::new();
        if self.preamble {
            text += &format!("Suspicious Connection Logs{end}Server: OSCE-01, exported by admin{end}{end}");
        }
        text += &(self.line(&self.headings()) + end);
        for (number, row) in rows.iter().enumerate() {
            let mut line = self.line(&self.cells(row));
            match row.fate {
                Fate::Rejected("ragged-row") => {
                    line = line.split(self.delimiter).next().unwrap_or_default().to_owned();
                }
                Fate::Rejected("truncated-row") => line.truncate(line.len() / 3),
                _ => {}
            }
            text += &line;
            if !(number + 1 == rows.len() && row.fate == Fate::Rejected("truncated-row")) {
                text += end;
            }
        }
        self.encode(&text)
    }

    fn encode(&self, text: &str) -> Vec<u8> {
        let units = || std::iter::once(0xfeff).chain(text.encode_utf16());
        match self.encoding {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Utf8Marked => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            Encoding::Utf16Little => units().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Big => units().flat_map(u16::to_be_bytes).collect(),
        }
    }

    fn line(&self, cells: &[String]) -> String {
        let quote = |cell: &String| {
            let needs = self.quoted || cell.contains([self.delimiter, '"', '\n', '\r']);
            if needs { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
        };
        cells.iter().map(quote).collect::<Vec<_>>().join(&self.delimiter.to_string())
    }

    fn headings(&self) -> Vec<String> {
        let headings: &[&str] = match self.kind {
            Kind::Connection => &[
                "Date/Time",
                "Endpoint",
                "Domain",
                "Process",
                "Local IP and Port",
                "Remote IP and Port",
                "Result",
                "Detected By",
                "Traffic Direction",
                "Policy version",
            ],
            Kind::ConnectionPorts => &[
                "Traffic Direction",
                "List Source",
                "Result",
                "Remote IP",
                "Remote Port",
                "Local IP/User-defined C&C list",
                "Local Port",
                "Protocol",
                "User",
                "Process",
                "Endpoint",
                "Date/Time",
            ],
            Kind::Callback(Language::English) => &[
                "Date/Time",
                "User",
                "Compromised Host",
                "IP Address",
                "Domain",
                "Callback Address",
                "C&C List Source",
                "C&C Risk Level",
                "Protocol",
                "Process",
                "Action",
            ],
            Kind::Callback(Language::German) => &[
                "Datum/Uhrzeit",
                "Benutzer",
                "Infizierter Host",
                "IP-Adresse",
                "Domäne",
                "Callback-Adresse",
                "C&C-Listenquelle",
                "C&C-Risikostufe",
                "Protokoll",
                "Prozess",
                "Aktion",
            ],
            Kind::Callback(Language::Japanese) => &[
                "日時",
                "ユーザ",
                "感染ホスト",
                "IPアドレス",
                "ドメイン",
                "コールバックアドレス",
                "C&Cリストのソース",
                "C&Cリスクレベル",
                "プロトコル",
                "プロセス",
                "処理",
            ],
        };
        headings.iter().map(|heading| (*heading).to_owned()).collect()
    }

    fn cells(&self, row: &Row) -> Vec<String> {
        let time = self.time(row);
        let text = str::to_owned;
        match self.kind {
            Kind::Connection => vec![
                time,
                row.endpoint.clone(),
                text("CORP"),
                row.process.clone(),
                joined(&row.local, row.local_port),
                joined(&row.remote, row.remote_port),
                result(row),
                row.source.clone(),
                text(row.direction),
                text("17.2"),
            ],
            Kind::ConnectionPorts => vec![
                text(row.direction),
                row.source.clone(),
                result(row),
                row.remote.clone(),
                port(row.remote_port),
                row.local.clone(),
                port(row.local_port),
                text(row.protocol),
                row.user.clone(),
                row.process.clone(),
                row.endpoint.clone(),
                time,
            ],
            Kind::Callback(language) => vec![
                time,
                row.user.clone(),
                row.endpoint.clone(),
                row.local.clone(),
                text("CORP"),
                row.remote.clone(),
                row.source.clone(),
                risk(row.risk, language),
                text(row.protocol),
                row.process.clone(),
                action(row.blocked, language),
            ],
        }
    }

    fn time(&self, row: &Row) -> String {
        if row.fate == Fate::Rejected("bad-time") {
            return "31.02.2026 25:61".to_owned();
        }
        let zone = TimeZone::get("Europe/Berlin").expect("the database has Berlin");
        let at = Timestamp::from_second(row.at).expect("a time of this century").to_zoned_datetime(zone);
        at.strftime(match self.times {
            Times::MonthFirst => "%m/%d/%Y %H:%M:%S",
            Times::MonthFirstHalves => "%-m/%-d/%Y %-I:%M:%S %p",
            Times::Plain => "%Y-%m-%d %H:%M:%S",
            Times::Dots => "%d.%m.%Y %H:%M:%S",
            Times::Offset => "%Y-%m-%dT%H:%M:%S%:z",
        })
        .to_string()
    }
}

fn joined(address: &str, port: u16) -> String {
    match (port, address.contains(':')) {
        (0, _) => address.to_owned(),
        (port, true) => format!("[{address}]:{port}"),
        (port, false) => format!("{address}:{port}"),
    }
}

fn port(port: u16) -> String {
    if port == 0 { String::new() } else { port.to_string() }
}

fn result(row: &Row) -> String {
    if row.blocked { "Blocked".to_owned() } else { "Logged".to_owned() }
}

fn action(blocked: bool, language: Language) -> String {
    let words = match language {
        Language::English => ["Logged", "Blocked"],
        Language::German => ["Protokolliert", "Blockiert"],
        Language::Japanese => ["ログ", "ブロック"],
    };
    words[usize::from(blocked)].to_owned()
}

fn risk(risk: &str, language: Language) -> String {
    let words = match language {
        Language::English => return risk.to_owned(),
        Language::German => ["Hoch", "Mittel", "Niedrig"],
        Language::Japanese => ["高", "中", "低"],
    };
    let at = match risk {
        "High" => 0,
        "Medium" => 1,
        _ => 2,
    };
    words[at].to_owned()
}
