//! The compilers as the archive's build calls them: without paths of this machine, and without the time, in what they make.
//!
//! Flags that cargo knows of go into its names for files, and these into the order in which the linker meets them; so flags
//! with paths would make each folder's program another one. This program stands between cargo and the compiler instead.

use anyhow::Context;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};

/// The variable that holds the compiler's flags, each on a line of its own.
const FLAGS: &str = "RINGBACK_DIST_FLAGS";

/// Has a build of cargo's call the compiler through this program, with the places of sources and results replaced, and the
/// compiler of C with one fixed time, as some sources say when they were compiled.
///
/// # Errors
/// This program's own place can not be told.
pub(super) fn without_here_and_now(cargo: &mut Command, root: &Path, target: &Path) -> anyhow::Result<()> {
    let home = std::env::var("CARGO_HOME").or_else(|_| std::env::var("HOME").map(|home| home + "/.cargo"));
    let mut places = vec![(root.display().to_string(), ".")];
    places.extend(home.ok().map(|home| (home, "cargo")));
    // The last prefix that fits is the one that is taken.
    places.push((target.display().to_string(), "target"));
    let flags = |option: &str| -> Vec<String> {
        places.iter().map(|(place, name)| format!("{option}={place}={name}")).collect()
    };
    cargo
        .env("RUSTC_WRAPPER", std::env::current_exe().context("this program's own place")?)
        .env(FLAGS, flags("--remap-path-prefix").join("\n"))
        .env("CFLAGS", flags("-ffile-prefix-map").join(" "))
        .env("SOURCE_DATE_EPOCH", "0")
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    Ok(())
}

/// Where cargo calls this program in the compiler's place: its exit code. `None` where a person does.
///
/// # Errors
/// The compiler can not be run.
pub(crate) fn compiler() -> anyhow::Result<Option<ExitCode>> {
    let Ok(flags) = std::env::var(FLAGS) else { return Ok(None) };
    let mut words = std::env::args_os().skip(1);
    let rustc = words.next().context("cargo names the compiler first")?;
    let arguments: Vec<OsString> = words.chain(flags.lines().map(OsString::from)).collect();
    let status = Command::new(&rustc)
        .args(arguments)
        .status()
        .with_context(|| format!("running {}", rustc.display()))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(Some(ExitCode::from(code)))
}
