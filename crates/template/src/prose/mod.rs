//! Texts of the author's own, which are in Markdown, inside of what is written.
//!
//! They are the author's word and not a log's, but no less only text: raw HTML comes out as the text that it is, pictures as
//! their names, and a link that leads to anything but an address of the web or of mail as what it says. Nothing is left out.

mod html;
mod lines;
mod markdown;

use crate::escape::Escape;
use crate::filters::text_of;
use minijinja::{Environment, Error, Value};
use pulldown_cmark::{Options, Parser};

/// Where links may lead.
const SCHEMES: &[&str] = &["https:", "http:", "mailto:"];

/// Adds the filters `prose`, for a text as the format has it, and `prose_lines`, for its paragraphs as plain texts.
pub(crate) fn install(inner: &mut Environment<'static>, escape: Escape) {
    inner.add_filter("prose", move |text: &Value, below: Option<usize>| {
        let text = text_of(text)?;
        let below = below.unwrap_or(2).min(5);
        Ok::<_, Error>(match escape {
            Escape::Html => Value::from_safe_string(html::prose(&text, below)?),
            Escape::Markdown => Value::from_safe_string(markdown::prose(&text, below)),
            Escape::Csv | Escape::Json | Escape::Jira | Escape::None => {
                Value::from(lines::prose(&text).join("\n"))
            }
        })
    });
    inner.add_filter("prose_lines", |text: &Value| text_of(text).map(|text| lines::prose(&text)));
    inner.add_filter("slug", |title: &Value| text_of(title).map(|title| slug(&title)));
    inner.add_filter("families", |font: &Value| text_of(font).map(|font| families(&font)));
}

fn parser(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
}

/// The address that a link leads to, where it may: an address of mail gets its scheme.
fn address(link: &str, is_mail: bool) -> Option<String> {
    if is_mail {
        return Some(format!("mailto:{link}"));
    }
    let lower = link.trim().to_ascii_lowercase();
    SCHEMES.iter().any(|scheme| lower.starts_with(scheme)).then(|| link.trim().to_owned())
}

/// What a link to a heading calls it, as GitHub and GitLab make it of the heading's text: in lower case, without marks, and
/// a hyphen for each blank.
fn slug(title: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    let lower = title.trim().to_lowercase();
    lower.chars().filter(kept).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Families of type as a style sheet may have them, or none where the text is something else: style sheets can not be
/// escaped into.
fn families(font: &str) -> Value {
    let is_name = |name: &str| {
        let fits = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
        let name = name.trim();
        let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
        !name.is_empty() && name.chars().all(fits)
    };
    if font.split(',').all(is_name) { Value::from_safe_string(font.to_owned()) } else { Value::from(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_families_come_into_a_style_sheet() {
        for (font, is) in [
            ("Inter, \"Source Sans 3\", sans-serif", true),
            ("\"メイリオ\"", true),
            ("", false),
            ("a;b", false),
            ("\"a", false),
            ("a\"b\"", false),
            ("url(x)", false),
            ("</style>", false),
        ] {
            assert_eq!(!families(font).is_none(), is, "{font}");
        }
    }

    #[test]
    fn headings_are_found_by_their_slugs() {
        for (title, expected) in [
            ("Summary", "summary"),
            ("I-a1b2 C&C callback (outbound), again", "i-a1b2-cc-callback-outbound-again"),
            (" Über uns – kurz ", "über-uns--kurz"),
            ("用語集", "用語集"),
            ("](javascript:x)", "javascriptx"),
        ] {
            assert_eq!(slug(title), expected);
        }
    }

    #[test]
    fn links_lead_to_the_web_and_to_mail() {
        for (link, is_mail, expected) in [
            ("https://example.org", false, Some("https://example.org")),
            ("HTTP://example.org", false, Some("HTTP://example.org")),
            ("a@example.org", true, Some("mailto:a@example.org")),
            ("javascript:alert(1)", false, None),
            (" javascript:x", false, None),
            ("data:text/html,x", false, None),
            ("//example.org", false, None),
            ("a.html", false, None),
        ] {
            assert_eq!(address(link, is_mail).as_deref(), expected, "{link}");
        }
    }
}
