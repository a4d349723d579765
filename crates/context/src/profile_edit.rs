//! New accepted findings for a profile's file, whose other text stays as it is to the byte.

use ringback_model::{FindingId, ListSource, Scenario};
use std::fmt::Write as _;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Value};

/// How many ids an entry's comment names.
const NAMED: usize = 8;

/// An accepted finding as it is to be written: what is empty or `None` is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepting {
    /// The findings that it was made for; told in a comment.
    pub findings: Vec<FindingId>,
    /// Why it is accepted.
    pub reason: String,
    /// Who accepted it.
    pub owner: String,
    /// When it ends.
    pub expires: String,
    /// The first time of the rows that it holds for.
    pub from: String,
    /// The last time of these.
    pub until: String,
    /// The remote side.
    pub remote: String,
    /// The client's host.
    pub host: String,
    /// The rule.
    pub rule: String,
    /// The list.
    pub list: Option<ListSource>,
    /// The scenario.
    pub scenario: Option<Scenario>,
}

/// A profile's file that entries can not be added to.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// It is no TOML.
    #[error("{0}")]
    Syntax(#[from] toml_edit::TomlError),
    /// There is something else where the entries should be.
    #[error("suppress is no list of tables\nhint: write [[suppress]]")]
    NoList,
}

impl Accepting {
    /// The keys and values that are given, in the order in which they are written.
    fn pairs(&self) -> Vec<(&'static str, &str)> {
        let word = |word: Option<&'static str>| word.unwrap_or_default();
        let pairs = [
            ("reason", self.reason.as_str()),
            ("owner", &self.owner),
            ("expires", &self.expires),
            ("from", &self.from),
            ("until", &self.until),
            ("remote", &self.remote),
            ("host", &self.host),
            ("rule", &self.rule),
            ("list", word(self.list.map(ListSource::as_str))),
            ("scenario", word(self.scenario.map(Scenario::as_str))),
        ];
        pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The entry as a table of its own, each line ended.
    pub fn to_toml(&self) -> String {
        let mut text = "[[suppress]]\n".to_owned();
        if !self.findings.is_empty() {
            let named: Vec<String> = self.findings.iter().take(NAMED).map(ToString::to_string).collect();
            let more = if self.findings.len() > NAMED { ", …" } else { "" };
            writeln!(text, "# {}{more}", named.join(", ")).expect("writing to a string does not fail");
        }
        for (key, value) in self.pairs() {
            writeln!(text, "{key} = {}", quoted(value)).expect("writing to a string does not fail");
        }
        text
    }

    /// The entry as an element of a list in brackets.
    fn to_inline(&self) -> Result<InlineTable, EditError> {
        let mut table = InlineTable::new();
        for (key, value) in self.pairs() {
            table.insert(key, quoted(value).parse::<Value>()?);
        }
        Ok(table)
    }
}

/// The text of a profile's file with more accepted findings at its end. Where the file has its accepted findings as tables,
/// or has none, all of its text stands before the new ones as it was; where it has them as a list in brackets, they go to
/// that list's end.
///
/// # Errors
/// A file that is no TOML, or has something else where they should be.
pub fn accepting(text: &str, entries: &[Accepting]) -> Result<String, EditError> {
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut file: DocumentMut = bare.parse()?;
    match file.get_mut("suppress") {
        None | Some(Item::ArrayOfTables(_)) => Ok(appended(text, entries)),
        Some(Item::Value(Value::Array(list))) => {
            for entry in entries {
                push(list, entry.to_inline()?);
            }
            Ok(format!("{}{file}", &text[..text.len() - bare.len()]))
        }
        Some(_) => Err(EditError::NoList),
    }
}

/// Adds an element to a list. On a line of its own where the list is written on lines: what stands before the closing
/// bracket, such as a comment on the last element, stays behind that element.
fn push(list: &mut Array, table: InlineTable) {
    let tail = list.trailing().as_str().unwrap_or_default().to_owned();
    let Some(line_end) = tail.rfind('\n') else { return list.push(table) };
    let prefix = list.iter().last().and_then(|last| last.decor().prefix()?.as_str()).unwrap_or_default();
    let indent = prefix.rsplit_once('\n').map_or("  ", |(_, indent)| indent);
    let value = Value::from(table).decorated(format!("{}\n{indent}", &tail[..line_end]), "");
    list.push_formatted(value);
    list.set_trailing(&tail[line_end..]);
}

/// The text with tables behind it, in its own line ends.
fn appended(text: &str, entries: &[Accepting]) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut all = text.to_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        all.push_str(end);
    }
    for entry in entries {
        all.push_str(end);
        all.push_str(&entry.to_toml().replace('\n', end));
    }
    all
}

/// A text in quotes. What would steer a terminal or hide among other letters is written as a number, since a log's author
/// has a say in it.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            char if is_hidden(char) => {
                write!(quoted, "\\U{:08X}", u32::from(char)).expect("writing to a string does not fail");
            }
            char => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}

/// Controls, and what hides or turns text: zero-width and bidirectional formatting, separators of lines, tags.
fn is_hidden(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(char, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse_profile;
    use proptest::prelude::*;
    use ringback_model::profile::EndMatch;

    fn entry(reason: &str) -> Accepting {
        Accepting {
            findings: vec!["F-0123456789".parse().unwrap()],
            reason: reason.to_owned(),
            owner: "SOC".to_owned(),
            expires: "2027-01-31".to_owned(),
            remote: "203.0.113.7".to_owned(),
            host: "PC7".to_owned(),
            rule: "ZBOT - HTTP (Request)".to_owned(),
            list: Some(ListSource::RelevanceRule),
            scenario: Some(Scenario::OutboundCallback),
            ..Accepting::default()
        }
    }

    #[test]
    fn what_was_there_stays_and_the_entry_comes_behind() {
        let entries = "[[suppress]] # one\nreason = \"a\"   # why\nhost = \"A\"\n";
        for text in [
            "schema = 1\n".to_owned(),
            "# top\r\nschema = 1 # version\r\n\r\n# tail".to_owned(),
            format!("\u{feff}schema = 1\n{entries}"),
            format!(
                "schema = 1\n{entries}\n  [networks]\n  own = [ \"198.51.100.0/24\" ] # ours\n#[[suppress]]\n\n"
            ),
            "schema = 1\nsuppress = []\n".to_owned(),
        ] {
            let new = accepting(&text, &[entry("b")]).unwrap();
            if !text.contains("suppress = ") {
                assert!(new.starts_with(&text), "{new}");
            }
            assert_eq!(new.contains("\r\n"), text.contains("\r\n"));
            assert!(!text.contains("\r\n") || !new.replace("\r\n", "").contains('\n'), "{new:?}");
            let bare = new.strip_prefix('\u{feff}').unwrap_or(&new);
            let (profile, before) = (parse_profile(bare, "new").unwrap(), text.matches("\nreason").count());
            assert_eq!(profile.suppressions.len(), before + 1, "{new}");
            let last = profile.suppressions.last().unwrap();
            assert_eq!((last.reason.as_str(), last.owner.as_str()), ("b", "SOC"));
            assert_eq!(last.host, Some(EndMatch::Name("pc7".to_owned())));
            assert_eq!(last.scenario, Some(Scenario::OutboundCallback));
        }
    }

    #[test]
    fn a_list_in_brackets_stays_one_with_its_comments() {
        let text = "schema = 1 # 1\nsuppress = [ # accepted\n  { reason = \"a\", host = \"A\" }, # first\n  # then\n  \
            { reason = \"b\", host = \"B\" }, # second\n]\n# end\n[client]\nname = \"x\"\n";
        let new = accepting(text, &[entry("c")]).unwrap();
        for line in text.lines() {
            assert!(new.contains(line.trim_end_matches(',')), "{line} in {new}");
        }
        assert_eq!(parse_profile(&new, "new").unwrap().suppressions.len(), 3, "{new}");
        assert!(matches!(accepting("suppress = 1\n", &[]), Err(EditError::NoList)));
        assert!(accepting("suppress = [\n", &[]).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_kept_and_can_not_leave_its_quotes(reason in any::<String>(), owner in any::<String>()) {
            prop_assume!(!reason.is_empty());
            let hostile = Accepting { owner: owner.clone(), ..entry(&reason) };
            for text in ["schema = 1\n", "schema = 1\nsuppress = [{ reason = \"a\", host = \"A\" }]\n"] {
                let new = accepting(text, std::slice::from_ref(&hostile)).unwrap();
                let profile = parse_profile(&new, "new").unwrap();
                let last = profile.suppressions.last().unwrap();
                prop_assert_eq!((&last.reason, &last.owner), (&reason, &owner));
                prop_assert!(!new.chars().any(|char| is_hidden(char) && char != '\n'), "{new:?}");
            }
        }
    }
}
