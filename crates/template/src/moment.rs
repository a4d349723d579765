//! Instants as typed values, for those who write real dates.

use minijinja::value::{DynObject, Object, ObjectRepr};
use minijinja::{Error, ErrorKind, Value};
use ringback_model::Instant;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// An instant as a value. Printed, it is its ISO text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment(pub(crate) Instant);

impl Object for Moment {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        other.downcast_ref::<Moment>().map(|other| self.0.cmp(&other.0))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The instant that a value is: a typed one, or ISO text as the report writes it. `None` for none.
pub(crate) fn instant(value: &Value) -> Result<Option<Instant>, Error> {
    if value.is_none() {
        return Ok(None);
    }
    if let Some(moment) = value.downcast_object_ref::<Moment>() {
        return Ok(Some(moment.0));
    }
    value
        .as_str()
        .and_then(|text| text.parse::<jiff::Timestamp>().ok())
        .map(|time| Some(time.into()))
        .ok_or_else(|| {
            Error::new(ErrorKind::InvalidOperation, format!("a {} that is no instant", value.kind()))
        })
}
