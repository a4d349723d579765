//! The languages that reports are written in.

/// The languages, as BCP 47 tags, English first: the texts of the others are translations of its texts.
pub const LANGUAGES: &[&str] = &["en", "de", "ja"];
