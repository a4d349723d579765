//! The program under valgrind's callgrind, and the count that it prints.

use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The version of valgrind, if it is installed.
pub(super) fn version() -> Option<String> {
    let output = Command::new("valgrind").arg("--version").output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The instructions that one thread takes to read some exports.
///
/// # Errors
/// The program fails, or valgrind prints no count.
pub(super) fn count(program: &Path, exports: &[PathBuf]) -> anyhow::Result<u64> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program);
    command.args(["triage", "-q", "--threads", "1"]).args(exports);
    let output = command.env("SOURCE_DATE_EPOCH", "1800000000").output().context("valgrind")?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("valgrind: {}: {said}", output.status)
    }
    collected(&said).with_context(|| format!("valgrind printed no count: {said}"))
}

/// The count in `==12345== Collected : 1234567`, of which the first number is the instructions; the line that older
/// versions of valgrind print alone, `I   refs:      1,234,567`, will do too.
fn collected(said: &str) -> Option<u64> {
    let after = |name: &str| {
        let rest =
            said.lines().find_map(|line| line.split_once("== ").filter(|(_, rest)| rest.starts_with(name)));
        let (_, numbers) = rest?.1.split_once(':')?;
        numbers.split_whitespace().next()?.replace(',', "").parse().ok()
    };
    after("Collected").or_else(|| after("I "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_in_the_summary() {
        for (said, expected) in [
            (
                "==7== Events    : Ir\n==7== Collected : 123456789\n==7== \n==7== I   refs:      123,456,789\n",
                Some(123_456_789),
            ),
            ("==7== Collected : 12 34 56\n", Some(12)),
            ("==7== I   refs:      1,234,567\n", Some(1_234_567)),
            ("==7== I refs: 5\r\n", Some(5)),
            ("Collected : 12\n", None),
            ("==7== Collected : many\n", None),
            ("==7== Invalid read of size 4\n", None),
            ("", None),
        ] {
            assert_eq!(collected(said), expected, "{said}");
        }
    }
}
