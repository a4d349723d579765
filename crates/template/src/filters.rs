//! The filters and functions of templates and expressions, besides those of the template language.

use crate::defang::defang;
use crate::escape::{Escape, json};
use crate::figures;
use crate::markdown;
use crate::moment::{Moment, instant};
use crate::visible::one_line;
use crate::words::Catalogue;
use data_encoding::BASE64;
use minijinja::value::{Kwargs, ValueKind};
use minijinja::{Environment, Error, ErrorKind, Value};
use ringback_model::Arg;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The longest bar, in characters.
const WIDEST: usize = 400;

/// What becomes of a key without a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lookup {
    /// It stands for itself: a report with a gap is better than none.
    Lenient,
    /// It is an error, for checks.
    Strict,
}

/// Adds the filters and functions.
pub(crate) fn install(
    inner: &mut Environment<'static>,
    words: &Arc<Catalogue>,
    escape: Escape,
    lookup: Lookup,
) {
    install_words(inner, words, lookup);
    install_times(inner, words);
    let own = words.clone();
    inner.add_filter("percent", move |part: &Value, whole: &Value| {
        Ok::<_, Error>(figures::percent(&own, natural(part)?, natural(whole)?))
    });
    inner.add_filter("plural", plural_of(words.clone()));
    inner.add_filter("defang", |text: &Value| text_of(text).map(|text| defang(&text)));
    inner.add_filter("one_line", |text: &Value| text_of(text).map(|text| one_line(&text).into_owned()));
    inner.add_filter("truncate", truncate);
    inner.add_filter("integrity", |text: &Value| integrity(&text.to_string()));
    inner.add_filter("colour", |text: &Value| text_of(text).map(|text| colour(&text)));
    inner.add_function("bar", |n: &Value, max: &Value, width: Option<usize>| {
        Ok::<_, Error>(figures::bar(natural(n)?, natural(max)?, width.unwrap_or(20).min(WIDEST)))
    });
    inner.add_filter("sparkline", |values: &Value| {
        let values: Result<Vec<u64>, Error> = values.try_iter()?.map(|value| natural(&value)).collect();
        Ok::<_, Error>(figures::sparkline(&values?))
    });
    inner.add_filter("json", move |value: &Value| {
        let text = json(value)?;
        // Elsewhere this text means something else, so there it is escaped like any other.
        Ok::<_, Error>(match escape {
            Escape::Html | Escape::Json => Value::from_safe_string(text),
            Escape::Markdown | Escape::Csv | Escape::Jira | Escape::None => Value::from(text),
        })
    });
    if escape == Escape::Markdown {
        inner.add_filter("fence", |text: &Value, info: Option<&str>| {
            text_of(text)
                .map(|text| Value::from_safe_string(markdown::fence(&text, info.unwrap_or_default())))
        });
    }
}

fn install_words(inner: &mut Environment<'static>, words: &Arc<Catalogue>, lookup: Lookup) {
    let own = words.clone();
    inner.add_function("t", move |key: &str, args: Kwargs| {
        if lookup == Lookup::Strict && !own.has(key) {
            return Err(missing(&own, &format!("text for the key {key:?}")));
        }
        let named: Vec<&str> = args.args().collect();
        let named: Result<Vec<(&str, Arg)>, Error> =
            named.into_iter().map(|name| Ok((name, argument(&args.get::<Value>(name)?)?))).collect();
        Ok::<_, Error>(own.phrase(key, &named?))
    });
    let own = words.clone();
    inner.add_filter("term", move |word: &Value, kind: &str| {
        let word = text_of(word)?;
        if lookup == Lookup::Strict && !word.is_empty() && !own.has(&format!("term.{kind}.{word}")) {
            return Err(missing(&own, &format!("label for {word:?} among the words of kind {kind:?}")));
        }
        Ok(own.term(kind, &word))
    });
    let own = words.clone();
    inner.add_filter("about", move |word: &Value, kind: &str| {
        text_of(word).map(|word| own.about(kind, &word))
    });
    let own = words.clone();
    inner.add_filter("count", move |count: &Value| natural(count).map(|count| own.count(count)));
}

fn missing(words: &Catalogue, what: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("no {what} in the language {:?}", words.language()))
}

fn install_times(inner: &mut Environment<'static>, words: &Arc<Catalogue>) {
    let own = words.clone();
    inner.add_filter("time", move |value: &Value, args: Kwargs| {
        let with_zone = args.get::<Option<bool>>("zone")?.unwrap_or(true);
        args.assert_all_used()?;
        Ok::<_, Error>(or_none(instant(value)?, |instant| own.time(instant, with_zone)))
    });
    let own = words.clone();
    inner.add_filter("date", move |value: &Value| {
        Ok::<_, Error>(or_none(instant(value)?, |instant| own.date(instant)))
    });
    inner.add_filter("as_time", |value: &Value| {
        let instant = instant(value)?;
        Ok::<_, Error>(instant.map_or_else(|| Value::from(()), |instant| Value::from_object(Moment(instant))))
    });
    inner.add_filter("seconds", |value: &Value| {
        Ok::<_, Error>(
            instant(value)?.map_or_else(|| Value::from(()), |instant| Value::from(instant.seconds())),
        )
    });
    let own = words.clone();
    inner.add_filter("duration", move |seconds: &Value| {
        natural(seconds).map(|seconds| figures::duration(&own, seconds))
    });
}

/// A count with the right form of a word: `3|plural("row", "rows")` is `3 rows`.
fn plural_of(words: Arc<Catalogue>) -> impl Fn(&Value, &str, &str) -> Result<String, Error> {
    move |count: &Value, one: &str, other: &str| {
        let n = natural(count)?;
        Ok(format!("{} {}", words.count(n), if n == 1 { one } else { other }))
    }
}

/// The first so many characters of a text, the last of them an ellipsis where something is left out.
fn truncate(text: &Value, length: usize) -> Result<String, Error> {
    let text = text_of(text)?;
    let Some((cut, _)) = text.char_indices().nth(length.saturating_sub(1)) else {
        return Ok(text.to_string());
    };
    if text[cut..].chars().nth(1).is_none() {
        return Ok(text.to_string());
    }
    Ok(format!("{}…", &text[..cut]))
}

/// By what a browser knows a script or style that stands in a page, as policies of content security name it.
fn integrity(text: &str) -> String {
    format!("sha256-{}", BASE64.encode(&Sha256::digest(text)))
}

/// A colour as `#rrggbb`, or none where the text is something else: style sheets can not be escaped into.
fn colour(text: &str) -> Value {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
    match digits {
        Some(digits) if digits.bytes().all(|b| b.is_ascii_hexdigit()) => Value::from(text),
        _ => Value::from(()),
    }
}

/// The text of a value; none is the empty text. What the template has escaped already is refused: to take it apart could
/// make markup of it.
pub(crate) fn text_of(value: &Value) -> Result<Arc<str>, Error> {
    if value.is_undefined() || value.is_safe() {
        let what = if value.is_safe() { "text that is already escaped" } else { "an undefined value" };
        return Err(Error::new(ErrorKind::InvalidOperation, format!("{what} can not be changed here")));
    }
    if value.is_none() {
        return Ok("".into());
    }
    Ok(value.to_str().unwrap_or_else(|| value.to_string().into()))
}

/// The natural number that a value is.
fn natural(value: &Value) -> Result<u64, Error> {
    match value.kind() {
        ValueKind::Number => u64::try_from(value.clone()),
        kind => Err(Error::new(ErrorKind::InvalidOperation, format!("a {kind} where a count belongs"))),
    }
}

/// An argument for a text of the catalogue.
fn argument(value: &Value) -> Result<Arg, Error> {
    match value.kind() {
        ValueKind::Number => natural(value).map(Arg::Count),
        _ => text_of(value).map(|text| Arg::Text(text.to_string())),
    }
}

fn or_none(
    instant: Option<ringback_model::Instant>,
    show: impl Fn(ringback_model::Instant) -> String,
) -> Value {
    instant.map_or_else(|| Value::from(()), |instant| Value::from(show(instant)))
}
