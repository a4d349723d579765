//! `cargo xtask validators`: the validators of the formats of exchange, in an environment of their own below `target/`.

use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which they are.
const REQUIREMENTS: &str = "tests/interchange/requirements.txt";

/// Where they go; the tests look for them there.
const FOLDER: &str = "target/validators";

/// Makes the environment and installs what is missing in it. Does nothing where all is there already.
///
/// # Errors
/// There is no Python with `venv`, or something could not be installed.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let folder = root.join(FOLDER);
    let done = folder.join("installed.txt");
    let wanted = std::fs::read_to_string(root.join(REQUIREMENTS)).with_context(|| REQUIREMENTS.to_owned())?;
    if std::fs::read_to_string(&done).ok().as_deref() == Some(wanted.as_str()) {
        return Ok(());
    }
    let python = if cfg!(windows) { "python" } else { "python3" };
    run_to_end(Command::new(python).args(["-m", "venv"]).arg(&folder))?;
    let inside = python_of(&folder);
    let mut install = Command::new(inside);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]);
    run_to_end(install.arg(root.join(REQUIREMENTS)))?;
    std::fs::write(&done, wanted).with_context(|| done.display().to_string())
}

/// The interpreter of an environment.
fn python_of(folder: &Path) -> PathBuf {
    folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

fn run_to_end(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("running {}", command.get_program().display()))?;
    if status.success() {
        return Ok(());
    }
    bail!("{} failed ({status})", command.get_program().display())
}
