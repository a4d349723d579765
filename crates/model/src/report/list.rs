//! Lists that make one element at a time.

use super::Report;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// A list of views over a report. Elements are made when they are asked for.
pub struct List<'a, V> {
    report: &'a Report,
    len: usize,
    make: fn(&'a Report, usize) -> V,
}

impl<'a, V> List<'a, V> {
    /// A list of `len` elements, each made by `make` from its number.
    pub(super) fn new(report: &'a Report, len: usize, make: fn(&'a Report, usize) -> V) -> Self {
        List { report, len, make }
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// One element.
    pub fn get(&self, index: usize) -> Option<V> {
        (index < self.len).then(|| (self.make)(self.report, index))
    }

    /// All elements, one at a time.
    pub fn iter(&self) -> impl Iterator<Item = V> + '_ {
        (0..self.len).map(|index| (self.make)(self.report, index))
    }
}

impl<V: Serialize> Serialize for List<'_, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<V: JsonSchema> JsonSchema for List<'_, V> {
    fn schema_name() -> Cow<'static, str> {
        <Vec<V> as JsonSchema>::schema_name()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        <Vec<V> as JsonSchema>::json_schema(generator)
    }
}

impl<V> std::fmt::Debug for List<'_, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("List").field("len", &self.len).finish_non_exhaustive()
    }
}
