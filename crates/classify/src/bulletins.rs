//! Bulletins of Microsoft's and the CVE ids that they stand for: rules name the ones, scanners the others.

use ringback_model::Map;
use serde::Deserialize;
use std::sync::OnceLock;

/// The shipped list.
const TEXT: &str = include_str!("../bulletins.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    bulletin: Vec<Bulletin>,
}

/// A bulletin.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bulletin {
    id: String,
    cve: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "for people; a test holds each entry to it"))]
    about: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "for people; a test holds each entry to it"))]
    source: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "for people; a test holds each entry to it"))]
    checked: String,
}

/// The CVE ids of a bulletin; none where the id is no bulletin or one that is not listed. Both are in upper case.
pub(crate) fn cves_of(id: &str) -> &'static [String] {
    static KNOWN: OnceLock<Map<String, Vec<String>>> = OnceLock::new();
    if !id.starts_with("MS") {
        return &[];
    }
    let known = KNOWN.get_or_init(|| {
        let list: List = toml::from_str(TEXT).expect("a test reads the shipped list");
        list.bulletin.into_iter().map(|one| (one.id, one.cve)).collect()
    });
    known.get(id).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_each_entry_is_whole() {
        let list: List = toml::from_str(TEXT).unwrap();
        let ids: Vec<&str> = list.bulletin.iter().map(|one| one.id.as_str()).collect();
        assert!(ids.is_sorted() && ids.len() > 20, "{ids:?}");
        for Bulletin { id, cve, about, source, checked } in &list.bulletin {
            let year = if &id[2..4] < "90" { format!("20{}", &id[2..4]) } else { format!("19{}", &id[2..4]) };
            let place = format!("/{year}/{}", id.to_lowercase());
            assert!(source.starts_with("https://learn.microsoft.com/") && source.ends_with(&place), "{id}");
            assert!(!about.is_empty() && !checked.is_empty() && cve.is_sorted() && !cve.is_empty(), "{id}");
            let early = |cve: &String| cve.starts_with("CVE-") && cve[4..8] <= *year;
            assert!(cve.iter().all(early), "{id} {cve:?}");
        }
    }

    #[test]
    fn bulletins_stand_for_their_ids_and_nothing_else_does() {
        assert_eq!(cves_of("MS08-067"), ["CVE-2008-4250"]);
        assert_eq!(cves_of("MS17-010").len(), 6);
        for unknown in ["", "MS", "MS99-999", "CVE-2008-4250", "ms08-067"] {
            assert!(cves_of(unknown).is_empty(), "{unknown}");
        }
    }
}
