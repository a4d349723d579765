//! Filters for what is exchanged between programs: identifiers that stay the same, times in UTC, indicators.

use crate::clock::Clock;
use crate::filters::text_of;
use crate::indicator::{Indicator, indicator};
use crate::moment::instant;
use minijinja::value::{Kwargs, ValueKind};
use minijinja::{Environment, Error, ErrorKind, Value};
use uuid::Uuid;

/// The namespace of identifiers that no format prescribes one for: that of the project's address.
const PROJECT: &str = "https://github.com/ringback/ringback";

/// Adds the filters.
pub(crate) fn install(inner: &mut Environment<'static>) {
    inner.add_filter("uuid5", |name: &Value, namespace: Option<&str>, prefix: Option<&str>| {
        let namespace = match namespace {
            Some(text) => Uuid::parse_str(text).map_err(|error| {
                Error::new(ErrorKind::InvalidOperation, format!("{text:?} is no UUID: {error}"))
            })?,
            None => Uuid::new_v5(&Uuid::NAMESPACE_URL, PROJECT.as_bytes()),
        };
        let id = Uuid::new_v5(&namespace, text_of(name)?.as_bytes());
        Ok::<_, Error>(format!("{}{id}", prefix.unwrap_or_default()))
    });
    inner.add_filter("utc", |value: &Value, pattern: &str| {
        let instant = instant(value)?;
        Ok::<_, Error>(instant.map_or_else(
            || Value::from(()),
            |instant| Value::from(Clock::default().time(instant, pattern, false)),
        ))
    });
    inner.add_filter("indicator", |text: &Value| {
        let found = indicator(&text_of(text)?);
        Ok::<_, Error>(match found {
            Some(Indicator { kind, value }) => {
                Value::from_pairs([("kind", Value::from(kind)), ("value", Value::from(value))])
            }
            None => Value::from(()),
        })
    });
    // Each element of a list as a table: under a key, beside what is the same in all of them.
    inner.add_filter("keyed", |list: &Value, key: &str, same: Kwargs| {
        let names: Vec<&str> = same.args().collect();
        let same: Result<Vec<(Value, Value)>, Error> =
            names.into_iter().map(|name| Ok((Value::from(name), same.get::<Value>(name)?))).collect();
        let same = same?;
        let table = |element| Value::from_pairs(same.iter().cloned().chain([(Value::from(key), element)]));
        Ok::<_, Error>(list.try_iter()?.map(table).collect::<Value>())
    });
    inner.add_filter("filled", |value: &Value| filled(value));
    // The text as RFC 8785 writes it, to be part of what an identifier is made from.
    inner.add_filter("canonical", |text: &Value| {
        let text = text_of(text)?;
        serde_json::to_string(text.as_ref())
            .map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))
    });
}

/// A value without what is none, empty text, an empty list or an empty table, at any depth: formats of exchange leave out
/// what they do not know.
fn filled(value: &Value) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::Map => {
            let mut kept: Vec<(Value, Value)> = Vec::new();
            for key in value.try_iter()? {
                let inner = filled(&value.get_item(&key)?)?;
                if !is_empty(&inner) {
                    kept.push((key, inner));
                }
            }
            Ok(Value::from_pairs(kept))
        }
        ValueKind::Seq | ValueKind::Iterable => {
            let inner: Result<Vec<Value>, Error> = value.try_iter()?.map(|inner| filled(&inner)).collect();
            Ok(inner?.into_iter().filter(|inner| !is_empty(inner)).collect())
        }
        _ => Ok(value.clone()),
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_none() || value.is_undefined() || value.len() == Some(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(source: &str) -> String {
        let mut inner = Environment::new();
        install(&mut inner);
        inner.render_str(source, ()).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn identifiers_are_those_of_the_standard() {
        // The example of RFC 9562, appendix A.4, and the STIX 2.1 specification's way to name an address.
        for (source, expected) in [
            (
                "{{ 'www.example.com'|uuid5('6ba7b810-9dad-11d1-80b4-00c04fd430c8') }}",
                "2ed6657d-e927-568b-95e1-2665a8aea6a2",
            ),
            (
                "{{ ('{\"value\":' ~ '198.51.100.3'|canonical ~ '}')|uuid5('00abedb4-aa42-466c-9c01-fed23315a9b7') }}",
                "28bb3599-77cd-5a82-a950-b5bc3caf07c4",
            ),
            ("{{ ['a']|map('uuid5', none, 'x--')|first == 'x--' ~ 'a'|uuid5 }}", "true"),
            ("{{ ['a']|keyed('k', n='b') == [{'k': 'a', 'n': 'b'}] }}", "true"),
            ("{{ 'a'|uuid5 == 'a'|uuid5 }} {{ 'a'|uuid5 == 'b'|uuid5 }}", "true false"),
        ] {
            assert_eq!(render(source).to_lowercase(), expected, "{source}");
        }
    }

    #[test]
    fn what_is_empty_is_left_out() {
        let source = "{{ {'a': none, 'b': [none, 'x', ''], 'c': {'d': none}, 'e': 0, 'f': false}|filled }}";
        assert_eq!(render(source).to_lowercase().replace('"', "'"), "{'b': ['x'], 'e': 0, 'f': false}");
    }

    #[test]
    fn times_are_in_utc() {
        assert_eq!(
            render("{{ '2026-06-15T06:00:00.5Z'|utc('%Y-%m-%dT%H:%M:%S.%3fZ') }}"),
            "2026-06-15T06:00:00.500Z"
        );
        assert_eq!(render("{{ none|utc('%Y') is none }}").to_lowercase(), "true");
        assert!(render("{{ 'evil.example'|indicator }}").contains("domain"));
    }
}
