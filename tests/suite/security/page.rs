//! Pages of hostile text in a real browser.

use super::corpus::{exports, files, harmless, hostile};
use super::injection::{artefacts, packs};
use super::markup::shape;
use crate::browser::{browser, requests, skipped, visit};

/// Survives: hostile text in a real browser | nothing ran, asked or led away: the document has the same elements,
/// attributes and links as one of harmless text, the console is silent and no request was made
#[test]
fn a_browser_finds_nothing_to_run() {
    let Some(browser) = browser() else { return skipped() };
    let (bad, good) = (exports(&hostile()), exports(&harmless()));
    for pack in packs() {
        let [bad, good] = [&bad, &good].map(|exports| artefacts(&pack, exports.path()));
        let pages = files(bad.path())
            .into_iter()
            .map(|(name, _)| name)
            .filter(|name| super::markup::ending(name) == "html");
        for name in pages {
            let [bad, good] = [&bad, &good].map(|folder| visit(&browser, &folder.path().join(&name)));
            let drawn = bad.document.contains("&lt;script&gt;alert(1)");
            assert!(drawn || pack != "html", "the hostile rows are on the page");
            assert!(bad.document.ends_with("</html>\n"), "{pack}: {name} was drawn");
            assert!(!bad.network.is_empty() && requests(&bad.network).is_empty(), "{pack}: {name}");
            assert_eq!(bad.console, Vec::<String>::new(), "{pack}: {name}");
            let allowed = shape(&name, good.document.as_bytes());
            let strange: Vec<_> =
                shape(&name, bad.document.as_bytes()).difference(&allowed).cloned().collect();
            assert!(strange.is_empty(), "{pack}: {name}: {strange:?}");
        }
    }
}
