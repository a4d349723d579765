//! What a run was measured on and with: the machine, and the versions of everything.

use super::commands::Places;
use std::path::Path;
use std::process::Command;

/// Names with their values, in the order in which they are written down.
pub(crate) type Facts = Vec<(String, String)>;

/// The machine.
pub(crate) fn machine() -> Facts {
    let cores =
        std::thread::available_parallelism().map_or_else(|_| "unknown".into(), |cores| cores.to_string());
    let field = |file: &str, name: &str| value_of(&std::fs::read_to_string(file).unwrap_or_default(), name);
    let kernel = said(Command::new("uname").args(["-s", "-r", "-m"]));
    [
        ("cores", Some(cores)),
        ("processor", field("/proc/cpuinfo", "model name")),
        ("memory", field("/proc/meminfo", "MemTotal")),
        ("kernel", kernel),
        ("system", field("/etc/os-release", "PRETTY_NAME")),
    ]
    .map(|(name, value)| (name.to_owned(), value.unwrap_or_else(|| "unknown".into())))
    .into()
}

/// The versions of the program, of what built it, and of its peers.
pub(crate) fn versions(places: &Places) -> Facts {
    let mut facts = vec![
        ("ringback".to_owned(), version(&places.program, &["--version"])),
        ("commit".to_owned(), commit(&places.root)),
        ("rustc".to_owned(), version(Path::new("rustc"), &["--version"])),
        ("cat".to_owned(), version(Path::new("cat"), &["--version"])),
        ("gzip".to_owned(), version(Path::new("gzip"), &["--version"])),
    ];
    let Some(python) = &places.python else { return facts };
    facts.push(("python".to_owned(), version(python, &["--version"])));
    for package in ["polars", "duckdb", "pandas", "jinja2", "xlsxwriter", "pyarrow"] {
        let script = format!("import importlib.metadata as m; print(m.version('{package}'))");
        facts.push((package.to_owned(), version(python, &["-c", &script])));
    }
    facts
}

/// The commit of the project, and whether the tree is another.
fn commit(root: &Path) -> String {
    let git = |arguments: &[&str]| said(Command::new("git").arg("-C").arg(root).args(arguments));
    let Some(commit) = git(&["rev-parse", "--short", "HEAD"]) else { return "unknown".into() };
    match git(&["status", "--porcelain", "--untracked-files=no"]) {
        Some(_) => format!("{commit}, with changes"),
        None => commit,
    }
}

fn version(program: &Path, arguments: &[&str]) -> String {
    said(Command::new(program).args(arguments)).unwrap_or_else(|| "not there".into())
}

/// The first line that a command says, if it succeeds and says anything.
fn said(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    let said = String::from_utf8_lossy(&output.stdout);
    said.lines().next().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty())
}

/// The value of `name: value` or `NAME="value"` in a system's file.
fn value_of(text: &str, name: &str) -> Option<String> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let value = line.trim_start().strip_prefix([':', '='])?;
    Some(value.trim().trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_system_files() {
        for (text, name, expected) in [
            ("processor\t: 0\nmodel name\t: Fast 3000\n", "model name", Some("Fast 3000")),
            ("MemTotal:       16307 kB\n", "MemTotal", Some("16307 kB")),
            ("NAME=\"X\"\nPRETTY_NAME=\"X 12 (y)\"\n", "PRETTY_NAME", Some("X 12 (y)")),
            ("", "MemTotal", None),
        ] {
            assert_eq!(value_of(text, name).as_deref(), expected, "{text}");
        }
    }
}
