//! Redaction: a case in which pseudonyms stand for the client's addresses and for names of hosts, users and domains.
//!
//! It is the case that is redacted and not what is made of it, so that no reporter ever sees what is replaced. What can not be
//! known to hold none of it (titles, reasons and other words of people, what could not be read) is left out or replaced as a
//! whole. Remote addresses and names that are not the client's stay: they are the evidence.

mod address;
mod case;
mod key;
mod known;
mod name;
mod percent;
mod stories;
mod text;

pub use address::Addresses;
pub use case::Redacted;
pub use key::{Key, KeyError};
