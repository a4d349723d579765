//! One field of a row at a time, for those who print few of them from very many rows.

use crate::fingerprint::{FindingId, IncidentId};
use crate::instant::Instant;
use std::borrow::Cow;

/// A field of a row of one of the long lists, as the wire format has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field<'a> {
    /// `null`.
    None,
    /// Yes or no.
    Flag(bool),
    /// A count, a port or another natural number.
    Count(u64),
    /// A word of a vocabulary.
    Word(&'static str),
    /// Text.
    Text(Cow<'a, str>),
    /// An instant.
    Time(Instant),
    /// A list of texts.
    Texts(Texts<'a>),
    /// A list of natural numbers.
    Counts(&'a [u16]),
    /// A list of large natural numbers.
    Numbers(&'a [u64]),
    /// A list of rows of another kind, by its length.
    Rows(usize),
}

/// A list of texts, in one of the forms in which they are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Texts<'a> {
    /// Texts that are kept.
    Kept(&'a [String]),
    /// Texts that are made when they are asked for.
    Made(Vec<String>),
    /// Pieces of a kept text.
    Pieces(Vec<&'a str>),
}

impl Texts<'_> {
    /// The texts.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let (kept, pieces): (&[String], &[&str]) = match self {
            Texts::Kept(texts) => (texts, &[]),
            Texts::Made(texts) => (texts, &[]),
            Texts::Pieces(pieces) => (&[], pieces),
        };
        kept.iter().map(String::as_str).chain(pieces.iter().copied())
    }
}

macro_rules! field_from {
    ($($type:ty: $value:ident => $field:expr,)+) => {
        $(impl<'a> From<$type> for Field<'a> {
            fn from($value: $type) -> Self {
                $field
            }
        })+
    };
}

field_from! {
    bool: flag => Field::Flag(flag),
    u64: count => Field::Count(count),
    u8: count => Field::Count(count.into()),
    u16: port => Field::Count(port.into()),
    u32: count => Field::Count(count.into()),
    &'a [u64]: numbers => Field::Numbers(numbers),
    &'a str: text => Field::Text(text.into()),
    String: text => Field::Text(text.into()),
    Cow<'a, str>: text => Field::Text(text),
    Instant: instant => Field::Time(instant),
    FindingId: id => Field::Text(id.to_string().into()),
    IncidentId: id => Field::Text(id.to_string().into()),
    &'a [String]: texts => Field::Texts(Texts::Kept(texts)),
    Vec<String>: texts => Field::Texts(Texts::Made(texts)),
    Vec<&'a str>: texts => Field::Texts(Texts::Pieces(texts)),
    &'a [u16]: ports => Field::Counts(ports),
    &'a [crate::case::Advice]: steps => Field::Rows(steps.len()),
    &'a [crate::background::Technique]: techniques => Field::Rows(techniques.len()),
}

impl<'a, T: Into<Field<'a>>> From<Option<T>> for Field<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Field::None, Into::into)
    }
}

/// Defines the view of a row: a struct for the whole row, and a way to ask for one of its fields, from the one list of
/// fields, so that they can not say different things.
///
/// `it` stands for the row's [`At`]. A view that borrows from the report says for how long, as `View<'a>`. A field of rows of
/// another kind says after a semicolon how many there are.
macro_rules! row {
    (
        $(#[$meta:meta])*
        $name:ident $(<$life:lifetime>)? of $row:ty as $it:ident {
            $($(#[$fmeta:meta])* $field:ident: $type:ty = $value:expr $(; $len:expr)?,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Serialize, JsonSchema)]
        pub struct $name $(<$life>)? {
            $($(#[$fmeta])* pub $field: $type,)+
        }

        impl<'a> $name $(<$life>)? {
            /// The names of the fields, in order.
            pub const FIELDS: &'static [&'static str] = &[$(stringify!($field),)+];

            /// The view of one row of the report's case.
            pub fn of(report: &'a Report, row: &'a $row) -> Self {
                let $it = At { report, row };
                $name { $($field: $value,)+ }
            }

            /// One field of the view, without the others; `None` where there is none of that name.
            pub fn field(report: &'a Report, row: &'a $row, name: &str) -> Option<Field<'a>> {
                let $it = At { report, row };
                Some(match name {
                    $(stringify!($field) => row!(@field $value $(; $len)?),)+
                    _ => return None,
                })
            }
        }
    };
    (@field $value:expr; $len:expr) => { Field::Rows($len) };
    (@field $value:expr) => { Field::from($value) };
}
pub(super) use row;

/// A row and the report that it is in.
pub(super) struct At<'a, R> {
    pub(super) report: &'a super::Report,
    pub(super) row: &'a R,
}
