//! What the part `report` of a profile says of a report's looks, besides its accent colour.

use crate::problems::{Problems, Text};
use crate::section::Section;
use ringback_model::LANGUAGES;
use ringback_model::brand::TextPlace;
use ringback_model::profile::OwnTextFile;

/// The most families of type.
const MOST_FAMILIES: usize = 10;

/// The longest name of a family, in characters.
const LONGEST_NAME: usize = 60;

/// The most texts of the author's own.
const MOST_TEXTS: usize = 20;

/// The families of type, written in one way: with commas between them, and quotes where a name has blanks.
pub(crate) fn font(report: &Section<'_, '_>, problems: &mut Problems<'_>) -> String {
    let Some(given) = report.text("font", problems) else { return String::new() };
    let families: Vec<Option<String>> = given.get_ref().split(',').map(family).collect();
    let count = families.len();
    match families.into_iter().collect::<Option<Vec<String>>>() {
        Some(families) if count <= MOST_FAMILIES => families.join(", "),
        _ => {
            let what = format!("{:?} are no families of type", given.get_ref());
            let hint = format!(
                "write up to {MOST_FAMILIES} names of installed fonts with commas between them: \"Inter, 'Source Sans 3', sans-serif\""
            );
            problems.at(given.span(), what, hint);
            String::new()
        }
    }
}

/// One family; `None` where its name could be more than a name in a style sheet.
fn family(given: &str) -> Option<String> {
    let given = given.trim();
    let bare = ['"', '\''].iter().find_map(|quote| given.strip_prefix(*quote)?.strip_suffix(*quote));
    let name = bare.unwrap_or(given).trim();
    let fits = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    if name.is_empty() || name.chars().count() > LONGEST_NAME || !name.chars().all(fits) {
        return None;
    }
    let is_word = name.chars().all(|c| c.is_ascii_alphabetic() || c == '-') && !name.starts_with('-');
    Some(if is_word && bare.is_none() { name.to_owned() } else { format!("\"{name}\"") })
}

/// The texts of the author's own.
pub(crate) fn texts(report: &Section<'_, '_>, problems: &mut Problems<'_>) -> Vec<OwnTextFile> {
    let known = &["title", "file", "place", "language"];
    let entries = report.sections("text", "report.text", known, problems);
    if let Some(entry) = entries.get(MOST_TEXTS) {
        let what = format!("there are more than {MOST_TEXTS} texts");
        problems.at(entry.span(), what, "put several into one file, under headings of their own");
    }
    entries.iter().filter_map(|entry| text(entry, problems)).collect()
}

fn text(entry: &Section<'_, '_>, problems: &mut Problems<'_>) -> Option<OwnTextFile> {
    let title = entry.needed("title", "\"How we work\"", problems);
    let file = entry.needed("file", "\"methods.md\"", problems);
    let place = entry.text("place", problems).map(|place| problems.one_of(&place, &["front", "back"]));
    let language = entry.text("language", problems).map(|language| problems.one_of(&language, LANGUAGES));
    let mut filled = |value: &Text, what: &str| {
        let is_empty = value.get_ref().trim().is_empty();
        if is_empty {
            problems.at(value.span(), format!("the {what} of a text is empty"), "");
        }
        !is_empty
    };
    let (title, file) = (title?, file?);
    if !filled(&title, "title") || !filled(&file, "file") {
        return None;
    }
    let place = if place.as_deref() == Some("front") { TextPlace::Front } else { TextPlace::Back };
    Some(OwnTextFile {
        title: title.into_inner(),
        file: file.into_inner().trim().to_owned(),
        place,
        language: language.unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use crate::parse_profile;
    use ringback_model::brand::TextPlace;

    #[test]
    fn families_are_names_and_nothing_else() {
        for (given, expected) in [
            ("Inter", Some("Inter")),
            ("Inter,'Source Sans 3', sans-serif", Some("Inter, \"Source Sans 3\", sans-serif")),
            ("Segoe UI", Some("\"Segoe UI\"")),
            ("メイリオ, Noto_Sans", Some("\"メイリオ\", \"Noto_Sans\"")),
            ("-x", Some("\"-x\"")),
            ("", None),
            ("Inter,,serif", None),
            ("x; } body { background: url(https://evil.example)", None),
            ("url(https://evil.example)", None),
            ("'Inter", None),
            ("</style><script>", None),
            ("a\\\\62", None),
            ("a,b,c,d,e,f,g,h,i,j,k", None),
        ] {
            let profile = parse_profile(&format!("schema = 1\n[report]\nfont = \"{given}\""), "p.toml");
            if let Some(font) = expected {
                assert_eq!(profile.unwrap().report.font, font);
            } else {
                let told = profile.unwrap_err().to_string();
                assert!(told.contains("line 3, column 8") && told.contains("hint:"), "{told}");
            }
        }
    }

    #[test]
    fn texts_are_read_or_told() {
        let good = "schema = 1\n[[report.text]]\ntitle = \"Method\"\nfile = \" a.md \"\nplace = \"front\"\nlanguage = \"de\"\n[[report.text]]\ntitle = \"B\"\nfile = \"b.md\"";
        let texts = parse_profile(good, "p.toml").unwrap().report.texts;
        assert_eq!(
            (texts[0].file.as_str(), texts[0].place, texts[0].language.as_str()),
            ("a.md", TextPlace::Front, "de")
        );
        assert_eq!((texts[1].place, texts[1].language.as_str()), (TextPlace::Back, ""));
        for (text, place, part) in [
            ("[[report.text]]\nfile = \"a\"", "line 2, column 1", "needs title"),
            ("[[report.text]]\ntitle = \"a\"", "line 2, column 1", "needs file"),
            ("[[report.text]]\ntitle = \"a\"\nfile = \" \"", "line 4, column 8", "file of a text is empty"),
            (
                "[[report.text]]\ntitle = \"a\"\nfile = \"b\"\nplace = \"middle\"",
                "line 5, column 9",
                "front, back",
            ),
            (
                "[[report.text]]\ntitle = \"a\"\nfile = \"b\"\nlanguage = \"fr\"",
                "line 5, column 12",
                "en, de, ja",
            ),
            ("[[report.text]]\ntitel = \"a\"", "line 3, column 1", "did you mean \"title\"?"),
            ("[report]\ntext = \"a.md\"", "line 3, column 8", "[[report.text]]"),
        ] {
            let told = parse_profile(&format!("schema = 1\n{text}"), "p.toml").unwrap_err().to_string();
            assert!(told.contains(place) && told.contains(part), "{told}");
        }
        let many = format!("schema = 1\n{}", "[[report.text]]\ntitle = \"a\"\nfile = \"b\"\n".repeat(21));
        assert!(
            parse_profile(&many, "p.toml")
                .unwrap_err()
                .to_string()
                .contains("line 62, column 1: there are more")
        );
    }
}
