//! The pack that `reporters new` writes: small, complete, and right as it is.

/// The files of the skeleton by their names. `NAME` and `TITLE` stand for the new pack's.
const FILES: &[(&str, &str)] = &[
    ("reporter.toml", include_str!("../skeleton/reporter.toml")),
    ("report.html.j2", include_str!("../skeleton/report.html.j2")),
    ("incident.html.j2", include_str!("../skeleton/incident.html.j2")),
    ("style.css.j2", include_str!("../skeleton/style.css.j2")),
    ("logo.svg", include_str!("../skeleton/logo.svg")),
    ("words/en.toml", include_str!("../skeleton/words/en.toml")),
    ("words/de.toml", include_str!("../skeleton/words/de.toml")),
    ("words/ja.toml", include_str!("../skeleton/words/ja.toml")),
];

/// The files of a new pack of a name, with their texts.
///
/// # Errors
///
/// The name is none that a pack may have.
pub fn skeleton(name: &str) -> Result<Vec<(&'static str, String)>, String> {
    if !crate::manifest::is_pack_name(name) {
        return Err(format!("{name:?} is not made of lower-case letters, digits and hyphens"));
    }
    let mut letters = name.replace('-', " ");
    if let Some(first) = letters.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let filled = |text: &str| text.replace("@NAME@", name).replace("@TITLE@", &letters);
    Ok(FILES.iter().map(|(file, text)| (*file, filled(text))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::{Origin, Pack, PackFile};

    #[test]
    fn a_new_pack_is_a_pack() {
        let files = skeleton("our-report").unwrap().into_iter().map(|(file, text)| {
            assert!(!text.contains("@NAME@") && !text.contains("@TITLE@"), "{file}");
            (file.to_owned(), PackFile { bytes: text.into_bytes().into(), origin: Origin::BuiltIn })
        });
        let pack = Pack::new("our-report", files.collect()).unwrap();
        assert_eq!(pack.manifest.title, "Our report");
        assert!(pack.words_faults().is_empty());
        for name in ["", "Ours", "../x", "a b"] {
            assert!(skeleton(name).is_err(), "{name}");
        }
    }
}
