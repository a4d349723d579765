//! `cargo xtask validators`: what the tests ask about the formats of exchange and about the HTML, below `target/`.

use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The validators of the formats of exchange, from Python's registry.
const REQUIREMENTS: &str = "tests/interchange/requirements.txt";

/// Where they go, into an environment of their own; the tests look for them there.
const FOLDER: &str = "target/validators";

/// The checker of accessibility, from the registry of Node.js: its version, and in the lock file the hash of its bytes.
const PACKAGES: [&str; 2] = ["package.json", "package-lock.json"];

/// Where these two lie.
const PACKAGES_FOLDER: &str = "tests/browser";

/// Where it goes.
const BROWSER_FOLDER: &str = "target/validators/browser";

/// Installs what is missing. Does nothing where all is there already; one that can not be installed does not keep the other
/// from being so.
///
/// # Errors
/// There is no Python with `venv` or no `npm`, or something could not be installed, or has another hash.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let exchange = exchange(root);
    browser(root).and(exchange)
}

fn exchange(root: &Path) -> anyhow::Result<()> {
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

/// `npm ci` takes what the lock file names and nothing else, and refuses bytes of another hash. No script of a package runs.
fn browser(root: &Path) -> anyhow::Result<()> {
    let folder = root.join(BROWSER_FOLDER);
    let done = folder.join("installed.txt");
    std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let mut wanted = String::new();
    for name in PACKAGES {
        let path = root.join(PACKAGES_FOLDER).join(name);
        wanted += &std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        std::fs::copy(&path, folder.join(name)).with_context(|| path.display().to_string())?;
    }
    if std::fs::read_to_string(&done).ok().as_deref() == Some(wanted.as_str()) {
        return Ok(());
    }
    let mut install = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    run_to_end(install.current_dir(&folder))?;
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
