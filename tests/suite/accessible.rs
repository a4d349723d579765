//! The pages under a checker of accessibility, in each language, in light, dark and print; and what the page's policy holds
//! back.

use crate::browser::{browser, skipped};
use crate::devtools::Page;
use crate::program::{exports, profile, ringback, root, stdout};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

/// What the test asks of the page.
const READER: &str = include_str!("../browser/reader.js");

/// Some of everything: fewer rows take the checker seconds instead of minutes.
const FEW: &[&str] =
    &["incidents=16", "incidents_in_full=10", "findings_rows=25", "hosts_rows=12", "remotes_rows=12"];

/// The checker, where `cargo xtask validators` put it.
fn checker() -> Option<String> {
    let path = root().join("target/validators/browser/node_modules/axe-core/axe.min.js");
    let found = std::fs::read_to_string(path).ok();
    if found.is_none() {
        let said = writeln!(std::io::stderr(), "SKIPPED: no axe-core; `cargo xtask validators` installs it");
        drop(said);
    }
    found
}

/// The pages of the examples in a language, compared with an earlier report.
fn pages(language: &str, earlier: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut command = ringback(["report", "-q", "-f", "html,brief", "--language", language]);
    for option in FEW {
        command.arg("--set").arg(format!("html.{option}"));
    }
    command
        .arg("--baseline")
        .arg(earlier)
        .arg("-p")
        .arg(profile())
        .arg("-o")
        .arg(folder.path())
        .arg(exports());
    stdout(command);
    folder
}

/// What the checker finds wrong in the page as it is now, and what it can not tell.
fn faults(page: &mut Page) -> Vec<String> {
    serde_json::from_value(page.ask("reader.axe()")).unwrap()
}

/// Sets what the page is shown on.
fn shown_on(page: &mut Page, media: &str, scheme: &str, width: u32) {
    let features = json!([
        { "name": "prefers-color-scheme", "value": scheme },
        { "name": "prefers-reduced-motion", "value": "reduce" },
    ]);
    page.call("Emulation.setEmulatedMedia", &json!({ "media": media, "features": features }));
    let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500 });
    page.call("Emulation.setDeviceMetricsOverride", &size);
}

#[test]
fn the_checker_of_accessibility_has_nothing_to_say() {
    let (Some(browser), Some(checker)) = (browser(), checker()) else { return skipped() };
    let earlier = tempfile::tempdir().unwrap();
    let baseline = earlier.path().join("earlier.json");
    let mut command = ringback(["report", "-q", "-f", "json", "-o"]);
    command.arg(&baseline).arg("-p").arg(profile()).arg(exports().join("harbour"));
    stdout(command);
    let mut page = Page::open(&browser);
    page.call("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": READER }));
    for language in ["en", "de", "ja"] {
        let folder = pages(language, &baseline);
        for name in ["report.html", "brief.html"] {
            // Printed, the page is as wide as what an A4 sheet has between its margins: 703 and the bar that a window has.
            for (media, scheme, width) in
                [("", "light", 1280), ("", "dark", 1280), ("print", "light", 718), ("", "dark", 390)]
            {
                shown_on(&mut page, media, scheme, width);
                page.go(&format!("file://{}", folder.path().join(name).display()));
                let place = format!("{language}: {name}, {scheme} {media} {width}");
                assert_eq!(page.ask("reader.wide()"), json!([]), "{place}: wider than its window");
                page.ask(&format!("{checker};0"));
                // On a phone things overlap where the tables are made to show all, and colours were told before.
                let mut faults = faults(&mut page);
                faults.retain(|fault| width > 800 || !fault.starts_with("color-contrast: open"));
                assert_eq!(faults, Vec::<String>::new(), "{place}");
            }
        }
    }
}

#[test]
fn the_checker_sees_what_it_looks_for() {
    let (Some(browser), Some(checker)) = (browser(), checker()) else { return skipped() };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.html");
    let bad = "<!doctype html><html><title>A</title><main><h1>A</h1><p style='color:#999'>pale</p><img src='data:,'>\
        <button style='width:9px;height:9px;padding:0;margin:0'></button><button style='width:9px;height:9px;padding:0;margin:0'>";
    std::fs::write(&path, bad).unwrap();
    let mut page = Page::open(&browser);
    page.call("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": READER }));
    page.go(&format!("file://{}", path.display()));
    page.ask(&format!("{checker};0"));
    let found = faults(&mut page);
    for rule in ["color-contrast", "html-has-lang", "image-alt", "button-name", "target-size"] {
        assert!(found.iter().any(|fault| fault.starts_with(rule)), "{rule}: {found:?}");
    }
}

#[test]
fn the_policy_of_the_page_holds_back_what_is_not_its_own() {
    let Some(browser) = browser() else { return skipped() };
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    server.set_nonblocking(true).unwrap();
    let at = format!("http://{}", server.local_addr().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mut command = ringback(["report", "-q", "-f", "html", "-o"]);
    command.arg(folder.path()).arg("-p").arg(profile()).arg(exports().join("miyako"));
    stdout(command);
    let mut page = Page::open(&browser);
    page.go(&format!("file://{}", folder.path().join("report.html").display()));
    assert_eq!(page.complaints(), Vec::<String>::new());
    let tried = format!(
        "(async () => {{
            const put = (tag, has) => document.body.append(Object.assign(document.createElement(tag), has));
            put('script', {{ textContent: 'globalThis.ran = true' }});
            for (const tag of ['script', 'img', 'iframe', 'video', 'embed']) put(tag, {{ src: '{at}/' + tag }});
            put('link', {{ rel: 'stylesheet', href: '{at}/css' }});
            put('base', {{ href: '{at}/' }});
            const asked = await fetch('{at}/fetch').then(() => 'answered', () => 'refused');
            await new Promise((done) => setTimeout(done, 500));
            return [Boolean(globalThis.ran), asked, new URL('a', document.baseURI).protocol];
        }})()"
    );
    assert_eq!(page.ask(&tried), json!([false, "refused", "file:"]));
    let refused = |event: &&Value| event.to_string().contains("Content Security Policy");
    assert!(page.events.iter().filter(refused).count() >= 7, "the browser says what it refused");
    // A browser may open a connection before its policy says no; nothing goes over it.
    while let Ok((mut connection, _)) = server.accept() {
        let mut asked = [0];
        connection.set_nonblocking(false).unwrap();
        connection.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
        assert!(
            !connection.read(&mut asked).is_ok_and(|bytes| bytes > 0),
            "nothing was asked of the network"
        );
    }
}
