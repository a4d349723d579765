//! What processes are by their file names, and which only look like programs of the system.

use ringback_model::Map;
use ringback_model::background::{LookAlike, ProcessKind, ProcessNote, file_name};
use serde::Deserialize;
use std::sync::LazyLock;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../processes.toml")).expect("the table that is carried is right")
});

static BY_NAME: LazyLock<Map<&str, &Process>> = LazyLock::new(|| {
    let names = |process: &'static Process| process.names.iter().map(move |name| (name.as_str(), process));
    TABLE.process.iter().flat_map(names).collect()
});

/// Reads the table, unless that is done.
pub(crate) fn read_table() {
    LazyLock::force(&BY_NAME);
}

/// The fewest letters of a name, without its extension, that others are held to resemble.
const LETTERS: usize = 5;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    process: Vec<Process>,
    home: Vec<Home>,
    unlike: Unlike,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Process {
    kind: ProcessKind,
    names: Vec<String>,
    #[serde(default)]
    techniques: Vec<String>,
}

/// Where programs lie, below the folder of Windows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Home {
    folder: String,
    #[serde(default)]
    also: String,
    names: Vec<String>,
}

/// Usual programs whose names resemble those of the system.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unlike {
    names: Vec<String>,
}

/// What is known of a process as logged: a name or a path.
pub fn process_note(process: &str) -> Option<ProcessNote> {
    let name = file_name(process).to_lowercase();
    let kind = known(&name).map(|process| process.kind);
    let look_alike = elsewhere(process, &name).or_else(|| resembling(&name));
    (kind.is_some() || look_alike.is_some()).then_some(ProcessNote { kind, look_alike })
}

/// The ids of the techniques that a process, as logged, is consistent with where it called.
pub(crate) fn techniques(process: &str) -> &'static [String] {
    known(&file_name(process).to_lowercase()).map_or(&[], |process| &process.techniques)
}

/// The ids of the techniques of all processes.
#[cfg(test)]
pub(crate) fn all_techniques() -> impl Iterator<Item = &'static str> {
    TABLE.process.iter().flat_map(|process| &process.techniques).map(String::as_str)
}

/// The entry of a name in lower case.
fn known(name: &str) -> Option<&'static Process> {
    let by_name = &*BY_NAME;
    let entry = by_name.get(name).or_else(|| {
        let bare = !name.is_empty() && !name.contains('.');
        bare.then(|| by_name.get(format!("{name}.exe").as_str())).flatten()
    });
    entry.copied()
}

/// Whether a program of the system lies elsewhere than it should, as far as the log has a path.
fn elsewhere(process: &str, name: &str) -> Option<LookAlike> {
    let home = TABLE.home.iter().find(|home| home.names.iter().any(|one| one == name))?;
    let path = process.trim().trim_matches('"').to_lowercase().replace('/', "\\");
    let folder = path.strip_suffix(name)?.strip_suffix('\\')?;
    let below = below_windows(folder);
    let right = |wanted: &str| below.is_some_and(|below| below.eq_ignore_ascii_case(wanted));
    let fits = right(&home.folder)
        || (!home.also.is_empty() && right(&home.also))
        || (home.folder == "System32" && right("sysnative"));
    (!fits).then_some(LookAlike::Place { home: told(home) })
}

/// How a home is told.
fn told(home: &Home) -> &'static str {
    match (home.folder.as_str(), home.also.as_str()) {
        ("", _) => r"C:\Windows",
        (_, "") => r"C:\Windows\System32",
        _ => r"C:\Windows\System32, C:\Windows\SysWOW64",
    }
}

/// What follows the folder of Windows in the path of a folder, in lower case; `None` where it lies elsewhere. Windows may
/// stand on any drive and be written as a variable or as a device.
fn below_windows(folder: &str) -> Option<&str> {
    let folder = folder.strip_prefix(r"\??\").or_else(|| folder.strip_prefix(r"\\?\")).unwrap_or(folder);
    let rest = ["%systemroot%", "%windir%", r"\systemroot"].iter().find_map(|root| folder.strip_prefix(root));
    let rest = rest.or_else(|| {
        let on_drive = match folder.strip_prefix(r"\device\") {
            Some(device) => device.split_once('\\')?.1,
            None => folder.get(1..)?.strip_prefix(r":\")?,
        };
        ["windows", "winnt"].iter().find_map(|root| on_drive.strip_prefix(root))
    })?;
    match rest {
        "" => Some(rest),
        _ => rest.strip_prefix('\\'),
    }
}

/// The program of the system whose name a name resembles without being known itself.
fn resembling(name: &str) -> Option<LookAlike> {
    if known(name).is_some() || TABLE.unlike.names.iter().any(|one| one == name) {
        return None;
    }
    let homes = TABLE.home.iter().flat_map(|home| &home.names);
    if homes.clone().any(|one| one == name) {
        return None;
    }
    let long = |one: &&String| one.trim_end_matches(".exe").len() >= LETTERS;
    homes.filter(long).find(|one| differ_by_one(name, one)).map(|of| LookAlike::Name { of })
}

/// Whether one letter left out, put in or changed, or two neighbours swapped, make one text of another.
fn differ_by_one(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    let swapped = matches!((a, b), ([first, second, a @ ..], [other, next, b @ ..])
        if first == next && second == other && a == b);
    let left_out = |long: &[char], short: &[char]| matches!(long, [_, rest @ ..] if rest == short);
    let changed = matches!((a, b), ([_, a @ ..], [_, b @ ..]) if a == b);
    swapped || left_out(a, b) || left_out(b, a) || changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::technique;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_is_whole() {
        let mut names = BTreeSet::new();
        for process in &TABLE.process {
            for name in &process.names {
                assert!(names.insert(name) && *name == name.to_lowercase(), "{name}");
                assert_eq!(file_name(name), name);
            }
            for id in &process.techniques {
                assert!(technique(id).is_some(), "{id}");
            }
        }
        let kinds: BTreeSet<ProcessKind> = TABLE.process.iter().map(|process| process.kind).collect();
        assert_eq!(kinds, ProcessKind::ALL.iter().copied().collect());
        for name in TABLE.home.iter().flat_map(|home| &home.names).chain(&TABLE.unlike.names) {
            assert_eq!(*name, name.to_lowercase());
        }
    }

    #[test]
    fn every_kind_of_path() {
        use ProcessKind::{Office, ScriptHost, ServiceHost, Shell, SystemTool};
        let place = |home| Some(LookAlike::Place { home });
        let name = |of| Some(LookAlike::Name { of });
        let system = r"C:\Windows\System32";
        let both = r"C:\Windows\System32, C:\Windows\SysWOW64";
        for (process, kind, look_alike) in [
            (r"C:\Windows\System32\svchost.exe", Some(ServiceHost), None),
            (r"d:\windows\system32\SVCHOST.EXE", Some(ServiceHost), None),
            (r"\Device\HarddiskVolume3\Windows\System32\svchost.exe", Some(ServiceHost), None),
            (r"\??\C:\Windows\System32\csrss.exe", None, None),
            (r"%SystemRoot%\System32\svchost.exe", Some(ServiceHost), None),
            (r"C:\Windows\Sysnative\cmd.exe", Some(Shell), None),
            ("svchost.exe", Some(ServiceHost), None),
            ("svchost", Some(ServiceHost), None),
            (r"C:\Users\Public\svchost.exe", Some(ServiceHost), place(system)),
            (r"C:\Temp\Windows\System32\svchost.exe", Some(ServiceHost), place(system)),
            (r"C:\Windows\SysWOW64\svchost.exe", Some(ServiceHost), place(system)),
            (r"C:\Windows\System32x\svchost.exe", Some(ServiceHost), place(system)),
            (r"C:\WindowsX\System32\svchost.exe", Some(ServiceHost), place(system)),
            (r"C:\Windows\SysWOW64\rundll32.exe", Some(SystemTool), None),
            (r"C:/Windows/System32/rundll32.exe", Some(SystemTool), None),
            (r"C:\ProgramData\rundll32.exe", Some(SystemTool), place(both)),
            (r"C:\Windows\explorer.exe", None, None),
            (r"C:\Windows\System32\explorer.exe", None, place(r"C:\Windows")),
            ("scvhost.exe", None, name("svchost.exe")),
            (r"C:\Windows\System32\svch0st.exe", None, name("svchost.exe")),
            ("lsasss.exe", None, name("lsass.exe")),
            ("rundl132.exe", None, name("rundll32.exe")),
            ("csrs.exe", None, name("csrss.exe")),
            ("service.exe", None, None),
            ("iexplore.exe", Some(ProcessKind::Browser), None),
            ("smsss.exe", None, None),
            (r"C:\Program Files\Microsoft Office\WINWORD.EXE", Some(Office), None),
            ("/usr/bin/python3", Some(ScriptHost), None),
            ("/bin/bash", Some(Shell), None),
            ("powershell", Some(Shell), None),
            ("nginx.exe", None, None),
            ("", None, None),
            (r"\", None, None),
            (r"C:\", None, None),
            ("c:é\\svchost.exe", Some(ServiceHost), place(system)),
            ("ｓvchost.exe", None, name("svchost.exe")),
        ] {
            let told = process_note(process);
            assert_eq!(told.as_ref().and_then(|note| note.kind), kind, "{process}");
            assert_eq!(told.and_then(|note| note.look_alike), look_alike, "{process}");
        }
        assert_eq!(techniques(r"C:\x\PowerShell.exe"), ["T1059.001"]);
        assert!(techniques("nginx.exe").is_empty());
    }
}
