//! PDF and Word: what the samples make of a report, and what is told where a program is missing.

use crate::program::{exports, ringback, root, run};
use std::process::Command;

fn samples() -> String {
    root().join("samples/reporters").display().to_string()
}

/// Whether all programs are there; where one is not, that the test skips is said.
fn have(programs: &[&str]) -> bool {
    use std::io::Write;
    let missing = programs.iter().find(|name| Command::new(name).arg("--version").output().is_err());
    if let Some(missing) = missing {
        _ = writeln!(std::io::stderr(), "SKIPPED: no {missing}");
    }
    missing.is_none()
}

/// The bytes of the artefact that a sample makes.
fn made(format: &str, file: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let mut command = ringback(["report", "-q", "-f", format, "--reporters", &samples(), "-o"]);
    command.arg(folder.path()).arg(exports().join("miyako"));
    let output = run(command);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(folder.path().join(file)).unwrap()
}

#[cfg(unix)]
#[test]
fn the_page_becomes_a_pdf() {
    if crate::browser::browser().is_none() {
        return crate::browser::skipped();
    }
    let pdf = made("pdf", "report.pdf");
    assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 20_000, "{} bytes", pdf.len());
}

#[cfg(unix)]
#[test]
fn the_markdown_becomes_a_word_document() {
    if !have(&["pandoc", "python3"]) {
        return;
    }
    let document = made("docx", "report.docx");
    assert!(document.starts_with(b"PK") && document.len() > 10_000, "{} bytes", document.len());
}

#[cfg(unix)]
#[test]
fn what_is_not_installed_is_told() {
    for (pack, missing) in [("pdf", "needs chromium or chromium-browser"), ("docx", "needs pandoc")] {
        let empty = tempfile::tempdir().unwrap();
        let mut command = ringback(["reporters", "check", &format!("{}/{pack}", samples())]);
        command.env("PATH", empty.path());
        let output = run(command);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(
            said.contains(missing) && said.contains("reporter.toml, line") && said.contains("hint: "),
            "{said}"
        );
    }
}
