//! The elements that have a row in a block.

use crate::code::Code;
use crate::declaration::Block;
use crate::failure::Failure;
use ringback_template::{Environment, Scope, Value};

/// The most rows of a block where its pack sets no cap.
const USUAL_CAP: u64 = 50_000;

/// The most rows of a block: what a sheet holds, less some for what is around it.
const MOST_ROWS: u64 = 1_000_000;

/// The list of a block.
#[derive(Debug)]
pub(crate) struct Rows<'e> {
    list: Code<'e>,
    only: Option<Code<'e>>,
    inner: Option<Code<'e>>,
    cap: Option<Code<'e>>,
    block: &'e Block,
}

/// How many elements there are, and how many of them the cap let through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) shown: u64,
    pub(crate) total: u64,
}

impl<'e> Rows<'e> {
    /// The list of a block; `None` where its lines are written out.
    pub(crate) fn of(environment: &'e Environment, block: &'e Block) -> Result<Option<Self>, Failure> {
        let Some(list) = Code::some(environment, block.rows.as_ref())? else { return Ok(None) };
        Ok(Some(Rows {
            list,
            only: Code::some(environment, block.only.as_ref())?,
            inner: Code::some(environment, block.inner.as_ref())?,
            cap: Code::some(environment, block.cap.as_ref())?,
            block,
        }))
    }

    /// Gives the scope of each row that the cap lets through, and counts the others.
    pub(crate) fn each(
        &self,
        scope: &Scope,
        mut row: impl FnMut(&Scope) -> Result<(), Failure>,
    ) -> Result<Tally, Failure> {
        let cap = self.cap.as_ref().map_or(Ok(USUAL_CAP), |cap| cap.count(scope))?.min(MOST_ROWS);
        let list = self.list.value(scope)?;
        let mut tally = Tally::default();
        for element in items(&self.list, &list)? {
            // The length of a plain list tells how many are left, without making them.
            if tally.shown == cap
                && self.only.is_none()
                && self.inner.is_none()
                && let Some(length) = list.len()
            {
                tally.total = length as u64;
                break;
            }
            let scope = scope.with(&self.block.r#as, element);
            if let Some(only) = &self.only
                && !only.value(&scope)?.is_true()
            {
                continue;
            }
            let Some(inner) = &self.inner else {
                tally.count(cap, &scope, &mut row)?;
                continue;
            };
            for item in items(inner, &inner.value(&scope)?)? {
                tally.count(cap, &scope.with(&self.block.inner_as, item), &mut row)?;
            }
        }
        Ok(tally)
    }
}

impl Tally {
    /// The rows that the cap left out.
    pub(crate) fn left_out(self) -> u64 {
        self.total - self.shown
    }

    fn count(
        &mut self,
        cap: u64,
        scope: &Scope,
        row: &mut impl FnMut(&Scope) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.total += 1;
        if self.shown < cap {
            self.shown += 1;
            row(scope)?;
        }
        Ok(())
    }
}

fn items(code: &Code<'_>, list: &Value) -> Result<impl Iterator<Item = Value> + use<>, Failure> {
    if list.is_none() || list.as_str().is_some() {
        return Err(Failure::at(code.source, format!("`{}` is no list", code.source.get_ref())));
    }
    list.try_iter().map_err(|_| Failure::at(code.source, format!("`{}` is no list", code.source.get_ref())))
}
