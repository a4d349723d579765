//! What is known of processes, addresses and techniques apart from any log.

use crate::message::{Arg, Message};
use crate::verdict::Origin;
use crate::vocabulary::vocabulary;

/// A technique of MITRE ATT&CK, Enterprise matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Technique {
    /// Its id, such as `T1071.001`.
    pub id: &'static str,
    /// Its name; that of a sub-technique stands after its technique's: `Application Layer Protocol: Web Protocols`.
    pub name: &'static str,
}

/// What databases of addresses say of an address. Fields that they do not say are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct AddressFacts {
    /// The country's code of two letters (ISO 3166-1).
    pub country: String,
    /// The country's name, in the report's language where the database has it.
    pub country_name: String,
    /// The number of the autonomous system that announces the address.
    pub asn: Option<u32>,
    /// Who operates that network.
    pub operator: String,
}

impl AddressFacts {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == AddressFacts::default()
    }
}

vocabulary! {
    /// What kind of program a process is, as far as its file name tells.
    ProcessKind {
        /// A shell.
        Shell = "shell",
        /// A program that runs scripts.
        ScriptHost = "script-host",
        /// An Office program or a reader of documents.
        Office = "office",
        /// A program for mail.
        Mail = "mail",
        /// A browser.
        Browser = "browser",
        /// A tool of the system that can run or fetch other programs' work.
        SystemTool = "system-tool",
        /// A process of the system that runs services or threads of others.
        ServiceHost = "service-host",
        /// A program for remote control.
        RemoteControl = "remote-control",
    }
}

/// Why a process may not be what its name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookAlike {
    /// It lies elsewhere than the program of its name.
    Place {
        /// Where that lies.
        home: &'static str,
    },
    /// Its name differs from that of a program of the system by one letter.
    Name {
        /// That program.
        of: &'static str,
    },
}

/// What is known of a process by its file name and, where the log has it, its folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessNote {
    /// Its kind.
    pub kind: Option<ProcessKind>,
    /// Why it may not be what its name says.
    pub look_alike: Option<LookAlike>,
}

/// The keys of all notes on processes, for the catalogue of words.
pub const PROCESS_KEYS: &[&str] = &[
    "process.caller.shell",
    "process.caller.script-host",
    "process.caller.office",
    "process.caller.mail",
    "process.caller.browser",
    "process.caller.system-tool",
    "process.caller.service-host",
    "process.caller.remote-control",
    "process.reached.service-host",
    "process.reached.remote-control",
    "process.reached.unusual",
    "process.look-alike.place",
    "process.look-alike.name",
    "process.more",
];

impl ProcessNote {
    /// What is said of a process, as logged, on a host that called or was called.
    pub fn messages(&self, process: &str, origin: Origin) -> Vec<Message> {
        let name = file_name(process);
        let said = |key: &'static str| Message::new(key).with("process", name);
        let kind = self.kind.and_then(|kind| match origin {
            Origin::Local => Some(said(called(kind))),
            Origin::Remote => reached(kind).map(said),
            // Who called is not known, so nothing is said of the caller.
            Origin::Undetermined => None,
        });
        let look_alike = self.look_alike.as_ref().map(|look_alike| match look_alike {
            LookAlike::Place { home } => {
                let path = Arg::from(process);
                Message::new("process.look-alike.place")
                    .with("process", name)
                    .with("path", path)
                    .with("home", *home)
            }
            LookAlike::Name { of } => said("process.look-alike.name").with("of", *of),
        });
        kind.into_iter().chain(look_alike).collect()
    }
}

fn called(kind: ProcessKind) -> &'static str {
    match kind {
        ProcessKind::Shell => "process.caller.shell",
        ProcessKind::ScriptHost => "process.caller.script-host",
        ProcessKind::Office => "process.caller.office",
        ProcessKind::Mail => "process.caller.mail",
        ProcessKind::Browser => "process.caller.browser",
        ProcessKind::SystemTool => "process.caller.system-tool",
        ProcessKind::ServiceHost => "process.caller.service-host",
        ProcessKind::RemoteControl => "process.caller.remote-control",
    }
}

/// Programs that serve nobody are unusual as those that were reached; scripts serve as often as not.
fn reached(kind: ProcessKind) -> Option<&'static str> {
    match kind {
        ProcessKind::ServiceHost => Some("process.reached.service-host"),
        ProcessKind::RemoteControl => Some("process.reached.remote-control"),
        ProcessKind::ScriptHost => None,
        _ => Some("process.reached.unusual"),
    }
}

/// The last part of a path, of Windows or of others; the whole where it has one part only.
pub fn file_name(path: &str) -> &str {
    path.trim().trim_matches('"').rsplit(['\\', '/']).find(|part| !part.is_empty()).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_follow_the_origin_and_keys_are_known() {
        for kind in ProcessKind::ALL {
            let note =
                ProcessNote { kind: Some(*kind), look_alike: Some(LookAlike::Name { of: "svchost.exe" }) };
            let reached = if *kind == ProcessKind::ScriptHost { 1 } else { 2 };
            for (origin, count) in [(Origin::Local, 2), (Origin::Remote, reached), (Origin::Undetermined, 1)]
            {
                let messages = note.messages(r"C:\x\scvhost.exe", origin);
                assert_eq!(messages.len(), count, "{kind} {origin}");
                assert!(messages.iter().all(|message| PROCESS_KEYS.contains(&message.key)), "{messages:?}");
            }
        }
    }

    #[test]
    fn file_names_are_the_last_part() {
        for (path, expected) in [
            (r"C:\Windows\System32\svchost.exe", "svchost.exe"),
            ("/usr/bin/python3", "python3"),
            ("System", "System"),
            (r#""C:\Program Files\x.exe""#, "x.exe"),
            (r"C:\folder\", "folder"),
            ("", ""),
            ("\\", "\\"),
        ] {
            assert_eq!(file_name(path), expected, "{path}");
        }
    }
}
