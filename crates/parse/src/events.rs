//! The cells of one event by their keys: CEF, LEEF, JSON, agents' lines, mails.

use crate::format::{SEPARATOR, header};
use serde_json::Value;
use std::borrow::Cow;

/// Hears one key and its value.
pub(crate) type OnPair<'o> = dyn FnMut(&[u8], &[u8]) + 'o;

/// The names of a CEF header's parts, as the vendors' guides have them.
const CEF_HEADER: [&str; 7] =
    ["cefVersion", "deviceVendor", "deviceProduct", "deviceVersion", "signatureId", "eventName", "severity"];

/// The names of a LEEF header's parts.
const LEEF_HEADER: [&str; 5] = ["leefVersion", "deviceVendor", "deviceProduct", "deviceVersion", "eventId"];

/// Reads a line as a CEF event: the parts of its header by name, every extension by its key, and every labelled
/// extension also by its label. `None` where it is none.
pub(crate) fn cef(line: &[u8], on: &mut OnPair<'_>) -> Option<()> {
    let start = header(line, b"CEF:")?;
    syslog(&line[..start], on);
    let mut rest = &line[start + 4..];
    for name in CEF_HEADER {
        let bar = bar(rest).or_else(|| (name == "severity").then_some(rest.len()))?;
        on(name.as_bytes(), unescaped(rest[..bar].trim_ascii()).as_ref());
        rest = rest.get(bar + 1..).unwrap_or_default();
    }
    let pairs = extensions(rest);
    for (key, value) in &pairs {
        on(key, unescaped(value).as_ref());
    }
    for (key, label) in &pairs {
        let Some(name) = key.strip_suffix(b"Label") else { continue };
        if let Some((_, value)) = pairs.iter().find(|(key, _)| key == &name) {
            on(label, unescaped(value).as_ref());
        }
    }
    Some(())
}

/// Reads a line as a LEEF event: the parts of its header by name, every attribute by its key.
pub(crate) fn leef(line: &[u8], on: &mut OnPair<'_>) -> Option<()> {
    let start = header(line, b"LEEF:")?;
    syslog(&line[..start], on);
    let mut rest = &line[start + 5..];
    let second = rest.starts_with(b"2");
    for name in LEEF_HEADER {
        let bar = memchr::memchr(b'|', rest)?;
        on(name.as_bytes(), rest[..bar].trim_ascii());
        rest = &rest[bar + 1..];
    }
    let mut delimiter = b'\t';
    if second && let Some(bar) = memchr::memchr(b'|', rest).filter(|bar| *bar <= 5) {
        delimiter = leef_delimiter(&rest[..bar]);
        rest = &rest[bar + 1..];
    }
    for pair in rest.split(|byte| *byte == delimiter) {
        if let Some(equals) = memchr::memchr(b'=', pair) {
            on(pair[..equals].trim_ascii(), pair[equals + 1..].trim_ascii());
        }
    }
    Some(())
}

/// The time in the syslog header before an event, as `syslogTime`: ISO 8601 in one word (RFC 5424), date and clock in two
/// as log servers write them, or month, day and clock (RFC 3164), with a year where the sender puts one.
fn syslog(prefix: &[u8], on: &mut OnPair<'_>) {
    let prefix = prefix.trim_ascii_start();
    let after = match (prefix.first(), memchr::memchr(b'>', prefix)) {
        (Some(b'<'), Some(end)) if end <= 4 => &prefix[end + 1..],
        _ => prefix,
    };
    let words: Vec<&[u8]> =
        after.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).take(5).collect();
    let words = if words.first() == Some(&&b"1"[..]) { &words[1..] } else { &words[..] };
    let year = |word: &&[u8]| word.len() == 4 && word.iter().all(u8::is_ascii_digit);
    let count = match words.first() {
        Some(word) if memchr::memchr(b':', word).is_some() => 1,
        Some(word) if word[0].is_ascii_digit() => 2,
        Some(_) if words.get(2).is_some_and(&year) || words.get(3).is_some_and(year) => 4,
        Some(_) => 3,
        None => return,
    };
    on(b"syslogTime", &words[..count.min(words.len())].join(&b' '));
}

/// The delimiter that a LEEF 2.0 header names: a character, or its code as `x09` or `0x09`.
fn leef_delimiter(name: &[u8]) -> u8 {
    let text = std::str::from_utf8(name).unwrap_or_default();
    let code = text.trim_start_matches('0').strip_prefix(['x', 'X']);
    let code = code.and_then(|code| u8::from_str_radix(code, 16).ok());
    code.or(name.first().copied()).unwrap_or(b'\t')
}

/// The place of the first bar that is not escaped.
fn bar(text: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = memchr::memchr2(b'|', b'\\', &text[from..]) {
        if text[from + at] == b'|' {
            return Some(from + at);
        }
        from = (from + at + 2).min(text.len());
    }
    None
}

/// How many extensions an event has at the most, as a rule.
const EXTENSIONS: usize = 40;

/// The extensions of a CEF event. A key is a word before an equals sign that is not escaped, at the start or after a
/// blank; its value goes on until the next key.
fn extensions(text: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut pairs: Vec<(&[u8], &[u8])> = Vec::with_capacity(EXTENSIONS);
    // The key whose value goes on, and where that begins.
    let mut last: Option<(&[u8], usize)> = None;
    for equals in memchr::memchr_iter(b'=', text) {
        let word = text[..equals].iter().rev().take_while(|byte| is_key(**byte)).count();
        let start = equals - word;
        let open = start == 0 || text[start - 1].is_ascii_whitespace();
        let unescaped = equals == 0 || text[equals - 1] != b'\\';
        if word > 0 && open && unescaped {
            pairs.extend(last.map(|(key, from)| (key, value(&text[from..start]))));
            last = Some((&text[start..equals], equals + 1));
        }
    }
    pairs.extend(last.map(|(key, from)| (key, value(&text[from..]))));
    pairs
}

fn is_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'[' | b']')
}

/// A value without outer blanks and without quotes around the whole of it.
fn value(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii();
    text.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")).unwrap_or(text)
}

/// A value without escapes: `\\`, `\|`, `\=`, `\n`, `\r`, and the control characters that syslog servers write as `#012`.
fn unescaped(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr2(b'\\', b'#', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        let (byte, length) = match (first, after) {
            (b'\\', [b'n', ..]) => (b'\n', 2),
            (b'\\', [b'r', ..]) => (b'\r', 2),
            (b'\\', [escaped @ (b'\\' | b'|' | b'='), ..]) => (*escaped, 2),
            (b'#', [b'0', b'1', b'1', ..]) => (b'\t', 4),
            (b'#', [b'0', b'1', b'2', ..]) => (b'\n', 4),
            (b'#', [b'0', b'1', b'5', ..]) => (b'\r', 4),
            _ => (*first, 1),
        };
        plain.push(byte);
        rest = &rest[length..];
    }
    Cow::Owned(plain)
}

/// Reads a JSON object: every value by the path of its keys, joined by dots; a list of values joined by commas.
pub(crate) fn json(text: &[u8], on: &mut OnPair<'_>) -> Option<()> {
    let value: Value = serde_json::from_slice(text).ok()?;
    let object = value.is_object();
    flatten(&mut String::new(), &value, on);
    object.then_some(())
}

fn flatten(path: &mut String, value: &Value, on: &mut OnPair<'_>) {
    let Value::Object(members) = value else {
        if let Some(text) = scalar(value) {
            on(path.as_bytes(), text.as_bytes());
        }
        return;
    };
    for (key, member) in members {
        let length = path.len();
        if length > 0 {
            path.push('.');
        }
        path.push_str(key);
        flatten(path, member, on);
        path.truncate(length);
    }
}

/// A value as text: a list of equal values is one, a list of others is joined.
fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(yes) => Some(Cow::Borrowed(if *yes { "true" } else { "false" })),
        Value::Array(items) => {
            let mut texts: Vec<Cow<'_, str>> = items.iter().filter_map(scalar).collect();
            texts.dedup();
            Some(Cow::Owned(texts.join(", ")))
        }
        Value::Null | Value::Object(_) => None,
    }
}

/// Reads a line whose cells stand between `<;>`: each by the number of its place, from 1.
pub(crate) fn positions(line: &[u8], on: &mut OnPair<'_>) -> Option<()> {
    let mut rest = line;
    let mut cell = 1_usize;
    loop {
        let end = memchr::memmem::find(rest, SEPARATOR);
        on(cell.to_string().as_bytes(), rest[..end.unwrap_or(rest.len())].trim_ascii());
        match end {
            Some(end) => rest = &rest[end + SEPARATOR.len()..],
            None => return (cell > 1).then_some(()),
        }
        cell += 1;
    }
}

/// Reads a `Name: value` line of a mail.
pub(crate) fn mail(line: &[u8], on: &mut OnPair<'_>) -> Option<()> {
    let line = line.trim_ascii_start();
    let quoted = line.iter().take_while(|byte| matches!(byte, b'>' | b' ' | b'*')).count();
    let line = &line[quoted..];
    let (colon, length) = match memchr::memchr(b':', line) {
        Some(colon) => (colon, 1),
        None => (memchr::memmem::find(line, "：".as_bytes())?, "：".len()),
    };
    on(line[..colon].trim_ascii(), line[colon + length..].trim_ascii());
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(read: fn(&[u8], &mut OnPair<'_>) -> Option<()>, line: &str) -> Option<String> {
        let mut all = Vec::new();
        read(line.as_bytes(), &mut |key, value| {
            all.push(format!("{}={}", String::from_utf8_lossy(key), String::from_utf8_lossy(value)));
        })?;
        Some(all.join(";"))
    }

    #[test]
    fn cef_events() {
        let head = "cefVersion=0;deviceVendor=V;deviceProduct=P|q;deviceVersion=1;signatureId=7;eventName=N;severity=3";
        for (extension, expected) in [
            ("", ""),
            ("act=Log src=1.2.3.4", ";act=Log;src=1.2.3.4"),
            ("msg=two words a\\=b end=", ";msg=two words a=b;end="),
            (
                "cs1Label=Rule name cs1=The \\\\ rule",
                ";cs1Label=Rule name;cs1=The \\ rule;Rule name=The \\ rule",
            ),
            ("cs1=\"CVE-1\" cs1Label=Note", ";cs1=CVE-1;cs1Label=Note;Note=CVE-1"),
            ("msg=a#012b\\nc", ";msg=a\nb\nc"),
            ("request=http://h/?a=b&c=d act=x", ";request=http://h/?a=b&c=d;act=x"),
            ("cn1Label=Empty", ";cn1Label=Empty"),
        ] {
            let line = format!("CEF:0|V|P\\|q|1|7|N|3|{extension}");
            assert_eq!(told(cef, &line).unwrap(), format!("{head}{expected}"), "{extension}");
        }
        assert_eq!(told(cef, "CEF:0|V|P|1|7|N"), None, "a header that is cut");
        assert_eq!(told(cef, "no event"), None);
        assert_eq!(
            told(cef, "CEF:0|V|P|1|7|N|3").as_deref().map(|text| text.ends_with("severity=3")),
            Some(true)
        );
    }

    #[test]
    fn times_of_syslog_headers() {
        for (prefix, time) in [
            ("<134>2026-11-24T10:00:00+01:00 host ", "2026-11-24T10:00:00+01:00"),
            ("<134>1 2026-11-24T10:00:00Z host app - - - ", "2026-11-24T10:00:00Z"),
            ("<134>Nov 24 10:00:00 host ", "Nov 24 10:00:00"),
            ("Nov 24 2026 10:00:00 host ", "Nov 24 2026 10:00:00"),
            ("2026-11-24 10:00:00\tLocal0.Info\t", "2026-11-24 10:00:00"),
        ] {
            let told = told(cef, &format!("{prefix}CEF:0|V|P|1|7|N|3|")).unwrap();
            assert!(told.starts_with(&format!("syslogTime={time};cefVersion")), "{told}");
        }
    }

    #[test]
    fn leef_events() {
        let head = "leefVersion=2.0;deviceVendor=V;deviceProduct=P;deviceVersion=1;eventId=7";
        let old = head.replace("2.0", "1.0");
        for (line, expected) in [
            (
                "LEEF:1.0|V|P|1|7|cat=Firewall\tsrc=1.2.3.4\tname=a=b",
                format!("{old};cat=Firewall;src=1.2.3.4;name=a=b"),
            ),
            ("LEEF:2.0|V|P|1|7|^|cat=x^src=1", format!("{head};cat=x;src=1")),
            ("LEEF:2.0|V|P|1|7|0x09|cat=x\tsrc=1", format!("{head};cat=x;src=1")),
        ] {
            assert_eq!(told(leef, line).unwrap(), expected);
        }
        assert_eq!(told(leef, "LEEF:1.0|V|P|1"), None);
    }

    #[test]
    fn json_objects() {
        let text =
            r#"{"a": {"b": 1, "c": null}, "d": ["x", "x"], "e": ["x", 2], "f": true, "g": [{"h": 1}]}"#;
        assert_eq!(told(json, text).unwrap(), "a.b=1;d=x;e=x, 2;f=true;g=");
        assert_eq!(told(json, "{\"a\": "), None);
        assert_eq!(told(json, "[1]"), None);
    }

    #[test]
    fn places_and_names() {
        assert_eq!(told(positions, "20180123<;>1316<;><;>x").unwrap(), "1=20180123;2=1316;3=;4=x");
        assert_eq!(told(positions, "noise"), None);
        assert_eq!(told(mail, "> IP Address: 10.0.0.1").unwrap(), "IP Address=10.0.0.1");
        assert_eq!(told(mail, "Callback address: http://x/").unwrap(), "Callback address=http://x/");
        assert_eq!(told(mail, "IPアドレス：10.0.0.1").unwrap(), "IPアドレス=10.0.0.1");
        assert_eq!(told(mail, "Dear colleagues"), None);
    }
}
