//! Databases of addresses in MaxMind's format: in which country an address is and who operates its network.
//!
//! Known are the records of `GeoLite2` and `GeoIP2` (Country, City, ASN, ISP), of DB-IP's lite databases, which have the same
//! fields, and of `IPinfo`'s. Fields that are something else than they should be say nothing.

use super::Fault;
use super::fault::shown;
use super::file::Bytes;
use crate::error::FileFault;
use maxminddb::{MaxMindDbError, Reader, WithinOptions};
use ringback_model::Instant;
use ringback_model::background::AddressFacts;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

/// The most that a database may have, in MiB. It is kept in memory for the run.
const MOST: u64 = 512;

/// How many of its networks are looked at to see whether a database says what is asked for.
const LOOKED_AT: usize = 1_000;

/// The last second of the year 9999, the latest build date that is believed.
const LATEST: i64 = 253_402_300_799;

/// A database of addresses.
pub struct AddressDatabase {
    reader: Reader<Vec<u8>>,
    date: Instant,
}

/// Several of them: of each field, the first that says it counts.
#[derive(Clone, Debug, Default)]
pub struct AddressDatabases {
    named: Vec<(String, Arc<AddressDatabase>)>,
}

/// Reads a database with the SHA-256 of its file.
pub(super) fn read(path: &Path) -> Result<(AddressDatabase, String), Fault> {
    let Bytes { bytes, sha256 } =
        Bytes::up_to(MOST, path, "a database of countries or of networks alone is smaller")?;
    Ok((AddressDatabase::open(bytes)?, sha256))
}

impl AddressDatabase {
    /// Opens a database from the bytes of its file, and goes through all of it once.
    ///
    /// # Errors
    /// Bytes that are no such database or a broken one, and one that says neither countries nor operators.
    pub fn open(bytes: Vec<u8>) -> Result<Self, Fault> {
        let reader = Reader::from_source(bytes).map_err(|error| {
            let hint = "take GeoLite2, DB-IP or IPinfo in MaxMind's format, a file that ends in .mmdb and is unpacked";
            Fault::whole(format!("it is no database in MaxMind's format: {}", told(&error)), hint)
        })?;
        let broken = |error: MaxMindDbError| {
            let what = format!("the database is broken: {}", told(&error));
            Fault::whole(what, "fetch it again: it may have been cut or changed on its way")
        };
        reader.verify().map_err(broken)?;
        let date = i64::try_from(reader.metadata().build_epoch).ok().filter(|seconds| *seconds <= LATEST);
        let date = date.ok_or_else(|| {
            Fault::whole("the database is broken: its build date is none", "fetch it again")
        })?;
        let database = AddressDatabase { reader, date: Instant::from_seconds(date) };
        if database.says_something().map_err(broken)? {
            return Ok(database);
        }
        let what =
            format!("the database ({:?}) says neither countries nor operators", shown(database.kind()));
        Err(Fault::whole(what, "name one of countries, of cities, of ASNs or of ISPs"))
    }

    /// When it was built.
    pub fn date(&self) -> Option<Instant> {
        Some(self.date)
    }

    /// What it calls itself, such as `GeoLite2-Country`.
    pub fn kind(&self) -> &str {
        &self.reader.metadata().database_type
    }

    /// What it says of an address; names are in a language by its BCP 47 tag, else in English.
    ///
    /// # Errors
    /// A record that can not be read.
    pub fn facts(&self, address: IpAddr, language: &str) -> Result<AddressFacts, Fault> {
        let address = address.to_canonical();
        if address.is_ipv6() && self.reader.metadata().ip_version == 4 {
            return Ok(AddressFacts::default());
        }
        let record = self.reader.lookup(address).and_then(|found| found.decode::<Record>());
        let record = record.map_err(|error| {
            let what = format!("the database is broken: {}", told(&error));
            Fault::at(format!("record of {address}"), what, "fetch it again")
        })?;
        Ok(record.map(|record| record.facts(language)).unwrap_or_default())
    }

    /// Whether one of its first records says something.
    fn says_something(&self) -> Result<bool, MaxMindDbError> {
        for network in self.reader.networks(WithinOptions::default())?.take(LOOKED_AT) {
            let record = network?.decode::<Record>()?;
            if record.is_some_and(|record| !record.facts("en").is_empty()) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl AddressDatabases {
    /// Adds a database; `name` is what errors call it.
    pub(super) fn add(&mut self, name: String, database: AddressDatabase) {
        self.named.push((name, Arc::new(database)));
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

    /// What they say of an address; names are in a language by its BCP 47 tag, else in English.
    ///
    /// # Errors
    /// A record that can not be read.
    pub fn facts(&self, address: IpAddr, language: &str) -> Result<AddressFacts, FileFault> {
        let mut known = AddressFacts::default();
        for (name, database) in &self.named {
            let told =
                database.facts(address, language).map_err(|fault| FileFault { name: name.clone(), fault })?;
            if known.country.is_empty() && known.country_name.is_empty() {
                (known.country, known.country_name) = (told.country, told.country_name);
            }
            if known.asn.is_none() && known.operator.is_empty() {
                (known.asn, known.operator) = (told.asn, told.operator);
            }
        }
        Ok(known)
    }
}

impl fmt::Debug for AddressDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AddressDatabase").field("kind", &self.kind()).finish_non_exhaustive()
    }
}

/// What the reader says, short: it may hold bytes of the file.
fn told(error: &MaxMindDbError) -> String {
    error.to_string().chars().filter(|c| !c.is_control()).take(200).collect()
}

/// The fields of a record that are known.
#[derive(Deserialize)]
struct Record {
    country: Option<Country>,
    country_code: Option<Text>,
    country_name: Option<Text>,
    autonomous_system_number: Option<Number>,
    autonomous_system_organization: Option<Text>,
    asn: Option<Number>,
    as_name: Option<Text>,
    name: Option<Text>,
    isp: Option<Text>,
}

/// A country: a record of its own, or a code or name.
#[derive(Deserialize)]
#[serde(untagged)]
enum Country {
    Text(String),
    Record { iso_code: Option<String>, names: Option<BTreeMap<String, String>> },
    Other(IgnoredAny),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Plain(String),
    Other(IgnoredAny),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Plain(u32),
    Text(String),
    Other(IgnoredAny),
}

impl Record {
    fn facts(self, language: &str) -> AddressFacts {
        let code = text(self.country_code);
        let name = text(self.country_name);
        let (own_code, own_name) = match self.country {
            Some(Country::Text(text)) if is_code(&text) => (text, String::new()),
            Some(Country::Text(text)) => (String::new(), text),
            Some(Country::Record { iso_code, names }) => {
                (iso_code.unwrap_or_default(), in_language(&names.unwrap_or_default(), language))
            }
            Some(Country::Other(_)) | None => (String::new(), String::new()),
        };
        let code = if is_code(&code) { code } else { own_code };
        let asn = number(self.autonomous_system_number).or_else(|| number(self.asn));
        let organization = text(self.autonomous_system_organization);
        // A record of a network has a name; elsewhere the field is something else's.
        let network = if asn.is_some() { text(self.name) } else { String::new() };
        let names = [organization, text(self.as_name), network, text(self.isp)];
        AddressFacts {
            country: if is_code(&code) { code } else { String::new() },
            country_name: if name.is_empty() { own_name } else { name },
            asn,
            operator: names.into_iter().find(|name| !name.is_empty()).unwrap_or_default(),
        }
    }
}

fn text(field: Option<Text>) -> String {
    match field {
        Some(Text::Plain(text)) => text.trim().to_owned(),
        Some(Text::Other(_)) | None => String::new(),
    }
}

/// A number, or one as it is written: `AS15169`.
fn number(field: Option<Number>) -> Option<u32> {
    match field? {
        Number::Plain(number) => Some(number),
        Number::Text(text) => {
            text.trim().trim_start_matches(['A', 'a']).trim_start_matches(['S', 's']).parse().ok()
        }
        Number::Other(_) => None,
    }
    .filter(|number| *number > 0)
}

/// Whether a text is a country's code.
fn is_code(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn in_language(names: &BTreeMap<String, String>, language: &str) -> String {
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    names.get(primary).or_else(|| names.get("en")).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests;
