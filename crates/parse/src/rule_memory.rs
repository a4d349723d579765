//! The memory of rule names: there are few, and what each says is worked out once.

use crate::memo::Memo;
use crate::rule_name::{self, RuleName};
use ringback_model::{ListSource, RequestKind, Threat};
use std::convert::Infallible;
use std::sync::Arc;

/// What a rule name says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) message: RequestKind,
    pub(crate) threat: Threat,
    pub(crate) list: ListSource,
    pub(crate) family: Box<str>,
    pub(crate) protocol: Box<str>,
    pub(crate) cve: Box<str>,
}

impl From<RuleName<'_>> for Said {
    fn from(name: RuleName<'_>) -> Self {
        let RuleName { message, threat, list, family, protocol, cve } = name;
        Said { message, threat, list, family: family.into(), protocol: protocol.into(), cve: cve.into() }
    }
}

/// What rule names say.
#[derive(Debug, Default)]
pub(crate) struct RuleMemory(Memo<Arc<Said>>);

impl RuleMemory {
    /// What a name says.
    pub(crate) fn read(&mut self, name: &str) -> Arc<Said> {
        let read = || Ok::<_, Infallible>(Arc::new(Said::from(rule_name::read(name))));
        let Ok(said) = self.0.of(name.as_bytes(), read);
        said
    }
}
