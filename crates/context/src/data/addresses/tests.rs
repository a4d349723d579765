//! Databases of every known shape, and what is said of those that are broken, hostile or of something else.

#[path = "writer.rs"]
mod writer;

use super::*;
use proptest::prelude::*;
use writer::{Value, database};

fn text(text: &'static str) -> Value {
    Value::Text(text)
}

fn map(pairs: &[(&'static str, Value)]) -> Value {
    Value::Map(pairs.to_vec())
}

/// `GeoLite2-Country`, `GeoLite2-City` and DB-IP's country databases.
fn countries() -> Vec<u8> {
    let country = |code, english, german| {
        let names = map(&[("de", text(german)), ("en", text(english))]);
        let country = map(&[("geoname_id", Value::Number(1)), ("iso_code", text(code)), ("names", names)]);
        map(&[("country", country), ("city", map(&[("geoname_id", Value::Number(2))]))])
    };
    let english =
        map(&[("country", map(&[("iso_code", text("JP")), ("names", map(&[("en", text("Japan"))]))]))]);
    let rows = [
        ("30.10.0.0/16", country("FR", "France", "Frankreich")),
        ("31.0.0.0/8", country("DE", "Germany", "Deutschland")),
        ("2a00::/12", country("FR", "France", "Frankreich")),
        ("45.0.0.0/8", english),
    ];
    database("GeoLite2-Country", &rows)
}

/// `GeoLite2-ASN` and DB-IP's ASN database.
fn networks() -> Vec<u8> {
    let network = |number, name| {
        map(&[
            ("autonomous_system_number", Value::Number(number)),
            ("autonomous_system_organization", text(name)),
        ])
    };
    let rows = [
        ("30.10.3.0/24", network(64_500, "Example Hosting <b>SARL</b>")),
        ("30.11.0.0/16", network(0, "Nobody")),
        ("2a00::/12", network(64_501, "Example Transit")),
    ];
    database("GeoLite2-ASN", &rows)
}

/// `IPinfo`'s shapes: lite, the older ones of country and ASN together, and of each alone.
fn ipinfo() -> Vec<u8> {
    let rows = [
        (
            "30.10.3.0/24",
            map(&[
                ("asn", text("AS64502")),
                ("as_name", text("Example Lite")),
                ("as_domain", text("lite.example")),
                ("country", text("France")),
                ("country_code", text("FR")),
            ]),
        ),
        (
            "30.12.0.0/16",
            map(&[
                ("country", text("US")),
                ("country_name", text("United States")),
                ("asn", text("AS64503")),
                ("as_name", text("Both")),
            ]),
        ),
        (
            "30.13.0.0/16",
            map(&[("asn", text("AS64504")), ("name", text("Alone")), ("route", text("30.13.0.0/16"))]),
        ),
        ("30.14.0.0/16", map(&[("country", text("DE")), ("name", text("no network's name"))])),
    ];
    database("ipinfo generic_lite.mmdb", &rows)
}

fn told(database: &AddressDatabase, address: &str, language: &str) -> String {
    let facts = database.facts(address.parse().unwrap(), language).unwrap();
    let asn = facts.asn.map_or_else(|| "-".to_owned(), |asn| asn.to_string());
    format!("{}|{}|{asn}|{}", facts.country, facts.country_name, facts.operator)
}

#[test]
fn every_shape_is_read() {
    for (bytes, cases) in [
        (
            countries(),
            &[
                ("30.10.3.7", "en", "FR|France|-|"),
                ("30.10.3.7", "de-AT", "FR|Frankreich|-|"),
                ("::ffff:30.10.3.7", "de", "FR|Frankreich|-|"),
                ("45.1.1.1", "de", "JP|Japan|-|"),
                ("2a00::1", "ja", "FR|France|-|"),
                ("30.11.3.7", "en", "||-|"),
            ][..],
        ),
        (
            networks(),
            &[
                ("30.10.3.7", "en", "||64500|Example Hosting <b>SARL</b>"),
                ("30.11.3.7", "en", "||-|Nobody"),
                ("2a00::1", "en", "||64501|Example Transit"),
            ],
        ),
        (
            ipinfo(),
            &[
                ("30.10.3.7", "en", "FR|France|64502|Example Lite"),
                ("30.12.0.1", "en", "US|United States|64503|Both"),
                ("30.13.0.1", "en", "||64504|Alone"),
                ("30.14.0.1", "en", "DE||-|"),
            ],
        ),
    ] {
        let database = AddressDatabase::open(bytes).unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!(database.date().unwrap().to_string(), "2026-11-18T11:06:40Z");
        for (address, language, expected) in cases {
            assert_eq!(told(&database, address, language), *expected, "{} {address}", database.kind());
        }
    }
}

#[test]
fn of_several_the_first_that_says_a_field_counts() {
    let mut databases = AddressDatabases::default();
    assert!(databases.is_empty());
    for bytes in [countries(), ipinfo(), networks()] {
        databases.add("x".to_owned(), AddressDatabase::open(bytes).unwrap());
    }
    let facts = databases.facts("30.10.3.7".parse().unwrap(), "de").unwrap();
    assert_eq!((facts.country_name.as_str(), facts.asn), ("Frankreich", Some(64_502)));
    let facts = databases.facts("31.0.0.1".parse().unwrap(), "en").unwrap();
    assert_eq!((facts.country.as_str(), facts.asn, facts.operator.as_str()), ("DE", None, ""));
}

#[test]
fn fields_that_are_something_else_say_nothing() {
    let rows = [
        ("30.1.0.0/16", map(&[("country", Value::Number(7)), ("asn", map(&[])), ("as_name", text("A"))])),
        ("30.2.0.0/16", map(&[("country", map(&[("iso_code", Value::Number(1))])), ("asn", text("ASx"))])),
        ("30.3.0.0/16", map(&[("country", map(&[("iso_code", text("<b>"))])), ("asn", text("as7"))])),
        ("30.4.0.0/16", text("no record at all")),
    ];
    let database = AddressDatabase::open(database("odd", &rows)).unwrap();
    assert_eq!(told(&database, "30.1.0.1", "en"), "||-|A");
    assert_eq!(told(&database, "30.2.0.1", "en"), "||-|");
    assert_eq!(told(&database, "30.3.0.1", "en"), "||7|");
    let fault = database.facts("30.4.0.1".parse().unwrap(), "en").unwrap_err();
    assert!(fault.place == "record of 30.4.0.1" && !fault.hint.is_empty(), "{fault}");
}

#[test]
fn what_is_wrong_is_told_with_a_hint() {
    let whole = countries();
    let cut = |bytes: usize| whole[..bytes].to_vec();
    let mut turned = whole.clone();
    // The root leads to a node that leads back to it.
    turned[..6].fill(0);
    let late = {
        let mut bytes = whole.clone();
        let at = bytes.windows(11).position(|window| window == b"build_epoch").unwrap() + 13;
        bytes[at..at + 8].copy_from_slice(&(1_u64 << 50).to_be_bytes());
        bytes
    };
    let other =
        database("GeoIP2-Anonymous-IP", &[("30.1.0.0/16", map(&[("is_anonymous", Value::Number(1))]))]);
    let wide = database("odd", &[("30.1.0.0/16", map(&[("country", Value::Wide)]))]);
    for (bytes, says) in [
        (Vec::new(), "no database in MaxMind's format"),
        (b"country,network\nDE,31.0.0.0/8\n".to_vec(), "no database in MaxMind's format"),
        (cut(whole.len() / 2), "no database in MaxMind's format"),
        (cut(whole.len() - 20), "no database in MaxMind's format"),
        (turned, "the database is broken"),
        (late, "build date"),
        (database("empty", &[]), "says neither countries nor operators"),
        (other, "\"GeoIP2-Anonymous-IP\") says neither countries nor operators"),
        (wide, ""),
    ] {
        let fault = AddressDatabase::open(bytes).unwrap_err();
        assert!(fault.what.contains(says) && !fault.hint.is_empty(), "{says}: {fault}");
    }
}

/// The files that the end-to-end suite uses, and the corpus of the fuzzer: those that are written here.
/// `UPDATE_FIXTURES=1` writes them anew.
#[test]
fn the_fixtures_are_those_that_are_written_here() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, bytes) in [("country.mmdb", countries()), ("asn.mmdb", networks()), ("ipinfo.mmdb", ipinfo())]
    {
        for place in [format!("fixtures/addresses/{name}"), format!("../../fuzz/corpus/context/{name}")] {
            let path = folder.join(place);
            if std::env::var_os("UPDATE_FIXTURES").is_some() {
                std::fs::write(&path, &bytes).unwrap();
            }
            assert!(std::fs::read(&path).unwrap() == bytes, "{}", path.display());
        }
    }
}

/// Databases with some bytes changed, and cut.
fn spoiled() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), any::<u8>());
    let changes = prop::collection::vec(change, 1..5);
    (0usize..3, changes, any::<prop::sample::Index>(), 0u8..4).prop_map(|(which, changes, end, cut)| {
        let make: [fn() -> Vec<u8>; 3] = [countries, networks, ipinfo];
        let mut bytes = make[which]();
        for (at, new) in changes {
            let at = at.index(bytes.len());
            bytes[at] = new;
        }
        if cut == 0 {
            bytes.drain(..end.index(bytes.len()));
        }
        bytes
    })
}

proptest! {
    #[test]
    fn spoiled_databases_are_read_or_refused(bytes in spoiled()) {
        if let Ok(database) = AddressDatabase::open(bytes) {
            for address in ["30.10.3.7", "45.0.0.0", "2a00::1", "::", "255.255.255.255"] {
                let told = database.facts(address.parse().unwrap(), "de");
                prop_assert!(told.is_ok() || !told.unwrap_err().what.is_empty());
            }
        }
    }
}
