//! The HTML report in a real browser: nothing requested, nothing complained about, nothing of a log run.

use crate::hostile::hostile_export;
use crate::program::{reports, reports_of};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The names under which the browser is installed.
const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The browser of this machine.
pub(crate) fn browser() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders)
        .flat_map(|folder| BROWSERS.iter().map(move |name| folder.join(name)))
        .find(|path| path.is_file())
}

/// What a browser had to say about a page.
pub(crate) struct Visit {
    /// The document after everything in it that could run has run.
    pub(crate) document: String,
    /// Messages of the console.
    pub(crate) console: Vec<String>,
    /// The log of the network, as the browser keeps it.
    pub(crate) network: String,
}

/// Opens a page without a window.
pub(crate) fn visit(browser: &Path, page: &Path) -> Visit {
    let home = tempfile::tempdir().unwrap();
    let network = home.path().join("network.json");
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-extensions"])
        .args(["--enable-logging=stderr", "--v=0", "--dump-dom"])
        .arg(format!("--user-data-dir={}", home.path().join("profile").display()))
        .arg(format!("--log-net-log={}", network.display()))
        .arg(format!("file://{}", page.display()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let messages = String::from_utf8_lossy(&output.stderr);
    Visit {
        document: String::from_utf8_lossy(&output.stdout).into_owned(),
        console: messages.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect(),
        network: std::fs::read_to_string(&network).unwrap_or_default(),
    }
}

/// A page as the browser prints it, as PDF; nothing where there is no browser, which is said.
pub(crate) fn print(page: &Path) -> Option<Vec<u8>> {
    let Some(browser) = browser() else {
        skipped();
        return None;
    };
    let home = tempfile::tempdir().unwrap();
    let pdf = home.path().join("page.pdf");
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer"])
        .arg(format!("--user-data-dir={}", home.path().join("profile").display()))
        .arg(format!("--print-to-pdf={}", pdf.display()))
        .arg(format!("file://{}", page.display()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Some(
        std::fs::read(pdf)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr))),
    )
}

/// Addresses that the page asked for over a network. The browser's own calls home, which have no page as their
/// initiator, are not the page's.
pub(crate) fn requests(network: &str) -> Vec<String> {
    let log: serde_json::Value = serde_json::from_str(network).expect("the browser ended and closed its log");
    let parameters = log["events"].as_array().unwrap().iter().map(|event| &event["params"]);
    parameters
        .filter(|parameters| parameters["initiator"].as_str().is_some_and(|page| page != "not an origin"))
        .filter_map(|parameters| parameters["url"].as_str())
        .filter(|url| !url.starts_with("file:") && !url.starts_with("data:"))
        .map(str::to_owned)
        .collect()
}

/// Says that there is no browser, so that a skipped test does not look like a passed one.
pub(crate) fn skipped() {
    use std::io::Write;
    let said = writeln!(std::io::stderr(), "SKIPPED: no browser of {BROWSERS:?} is on the path");
    drop(said);
}

#[test]
fn a_hostile_report_is_inert() {
    let Some(browser) = browser() else { return skipped() };
    let (_exports, export) = hostile_export();
    let folder = reports_of(&export, "html", "1");
    let seen = visit(&browser, &folder.path().join("report.html"));
    assert!(
        seen.document.contains("&lt;script&gt;alert(1)"),
        "the page was drawn, with the hostile rows as text"
    );
    for live in ["<script>alert", "<img src=\"x\"", "<svg onload", "onerror=\"alert", "href=\"javascript:"] {
        assert!(!seen.document.contains(live), "{live}");
    }
    assert_eq!(seen.console, Vec::<String>::new());
    assert!(!seen.network.is_empty(), "the browser kept its log");
    assert_eq!(requests(&seen.network), Vec::<String>::new());
}

#[test]
fn the_example_report_asks_for_nothing() {
    let Some(browser) = browser() else { return skipped() };
    let folder = reports("html", "2");
    let seen = visit(&browser, &folder.path().join("report.html"));
    assert!(seen.document.ends_with("</html>\n") && seen.document.len() > 100_000, "the whole page was read");
    assert_eq!(seen.console, Vec::<String>::new());
    assert_eq!(requests(&seen.network), Vec::<String>::new());
}

#[test]
fn the_watch_sees_what_it_watches_for() {
    let Some(browser) = browser() else { return skipped() };
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html");
    let bad = "<!doctype html><script>console.log('here')</script><img src=\"http://127.0.0.1:9/a.png\">";
    std::fs::write(&page, bad).unwrap();
    let seen = visit(&browser, &page);
    assert!(seen.console.iter().any(|line| line.contains("here")), "{:?}", seen.console);
    assert!(
        requests(&seen.network).iter().any(|url| url == "http://127.0.0.1:9/a.png"),
        "the request is seen"
    );
}
