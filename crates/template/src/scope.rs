//! The names that a template or an expression sees.

use minijinja::Value;
use minijinja::value::{Enumerator, Object, ValueKind};
use std::sync::Arc;

/// Names over a base value: a name of its own hides the base's. Cheap to extend, so that a workbook can make one for each
/// row.
#[derive(Clone, Debug)]
pub struct Scope {
    base: Value,
    names: Vec<(Arc<str>, Value)>,
}

impl Scope {
    /// The names of a value, such as that of [`report_value`](crate::report_value()).
    pub fn new(base: Value) -> Self {
        Scope { base, names: Vec::new() }
    }

    /// The same scope with one more name.
    #[must_use]
    pub fn with(&self, name: &str, value: Value) -> Self {
        let mut names = self.names.clone();
        names.push((name.into(), value));
        Scope { base: self.base.clone(), names }
    }

    /// Gives a name another value, or a value where it is new.
    pub fn set(&mut self, name: &str, value: Value) {
        match self.names.iter_mut().rev().find(|(own, _)| &**own == name) {
            Some((_, old)) => *old = value,
            None => self.names.push((name.into(), value)),
        }
    }

    /// The value of a name of its own, one that the base does not have or that hides the base's.
    pub(crate) fn own(&self, name: &str) -> Option<&Value> {
        self.names.iter().rev().find(|(own, _)| &**own == name).map(|(_, value)| value)
    }

    /// Whether a dotted path leads to something that is not there: past a table that has no such name. What lies below a
    /// list or a missing value can not be told.
    pub(crate) fn lacks(&self, path: &str) -> bool {
        let mut parts = path.split('.');
        let first = parts.next().unwrap_or_default();
        let top = self.own(first).cloned().or_else(|| self.base.get_attr(first).ok());
        let Some(mut value) = top else { return true };
        for part in parts {
            if value.kind() != ValueKind::Map {
                return false;
            }
            match value.get_attr(part) {
                Ok(next) if !next.is_undefined() => value = next,
                _ => return true,
            }
        }
        false
    }

    /// Every name at the top.
    pub fn names(&self) -> Vec<String> {
        let own = self.names.iter().map(|(name, _)| name.to_string());
        let base =
            self.base.try_iter().into_iter().flatten().filter_map(|key| key.as_str().map(str::to_owned));
        own.chain(base).collect()
    }
}

impl Object for Scope {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        if let Some(value) = self.own(key) {
            return Some(value.clone());
        }
        self.base.get_attr(key).ok().filter(|value| !value.is_undefined())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.names().into_iter().map(Value::from).collect())
    }
}

impl From<Scope> for Value {
    fn from(scope: Scope) -> Value {
        Value::from_object(scope)
    }
}
