//! The memory of rule names: there are few, and what each says is worked out once.

use crate::rule_name::{self, RuleName};
use ringback_model::{ListSource, Map, RequestKind, Threat};
use std::sync::Arc;

/// How many names are remembered, and up to which length in bytes: log writers choose them.
const REMEMBERED: (usize, usize) = (8192, 256);

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
pub(crate) struct RuleMemory {
    known: Map<Box<str>, Arc<Said>>,
}

impl RuleMemory {
    /// What a name says.
    pub(crate) fn read(&mut self, name: &str) -> Arc<Said> {
        if let Some(said) = self.known.get(name) {
            return Arc::clone(said);
        }
        let said = Arc::new(Said::from(rule_name::read(name)));
        let (most, longest) = REMEMBERED;
        if self.known.len() < most && name.len() <= longest {
            self.known.insert(name.into(), Arc::clone(&said));
        }
        said
    }
}
