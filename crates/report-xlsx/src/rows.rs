//! The elements that have a row in a block.

use crate::code::Code;
use crate::declaration::Block;
use crate::failure::Failure;
use rayon::prelude::*;
use ringback_template::{Environment, Scope, Value, ValueKind};
use std::ops::Range;

/// The most rows of a block where its pack sets no cap.
const USUAL_CAP: u64 = 50_000;

/// The most rows of a block: what a sheet holds, less some for what is around it.
const MOST_ROWS: u64 = 1_000_000;

/// The elements of a list that one thread deals with at a time. It bears on the bytes of the file, so it is the same for
/// any number of threads.
const STRETCH: usize = 512;

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

/// The rows of a block for one report, counted and cut into stretches.
pub(crate) struct Counted<'r> {
    rows: &'r Rows<'r>,
    scope: &'r Scope,
    list: List,
    pub(crate) tally: Tally,
    /// The stretches with a row that is shown.
    pub(crate) stretches: Vec<Stretch>,
}

/// A stretch of elements, and the number that its first row has among all, from 0.
#[derive(Clone, Debug)]
pub(crate) struct Stretch {
    elements: Range<usize>,
    first: u64,
}

/// The elements of a list, which are made when they are asked for where the list can do so.
enum List {
    Lazy(Value, usize),
    Made(Vec<Value>),
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

    /// Counts the rows in a scope.
    pub(crate) fn counted<'r>(&'r self, scope: &'r Scope) -> Result<Counted<'r>, Failure> {
        let cap = self.cap.as_ref().map_or(Ok(USUAL_CAP), |cap| cap.count(scope))?.min(MOST_ROWS);
        let list = List::of(&self.list, self.list.value(scope)?)?;
        let mut counted = Counted { rows: self, scope, list, tally: Tally::default(), stretches: Vec::new() };
        let starts = (0..counted.list.len()).step_by(STRETCH);
        let ranges: Vec<_> = starts.map(|at| at..(at + STRETCH).min(counted.list.len())).collect();
        let counts: Vec<Result<u64, Failure>> =
            ranges.par_iter().map(|elements| counted.count(elements.clone())).collect();
        for (elements, count) in ranges.into_iter().zip(counts) {
            let (first, count) = (counted.tally.total, count?);
            counted.tally.total += count;
            if count > 0 && first < cap {
                counted.stretches.push(Stretch { elements, first });
            }
        }
        counted.tally.shown = counted.tally.total.min(cap);
        Ok(counted)
    }
}

impl Counted<'_> {
    /// The number of rows of some elements.
    fn count(&self, elements: Range<usize>) -> Result<u64, Failure> {
        if self.rows.only.is_none() && self.rows.inner.is_none() {
            return Ok(elements.len() as u64);
        }
        let mut count = 0;
        self.elements(elements, |scope| {
            count += match &self.rows.inner {
                Some(inner) => List::of(inner, inner.value(scope)?)?.len() as u64,
                None => 1,
            };
            Ok(true)
        })?;
        Ok(count)
    }

    /// Gives the number of each row of a stretch that is shown, and the scope that has its element.
    pub(crate) fn each(
        &self,
        stretch: &Stretch,
        mut row: impl FnMut(u64, &Scope) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut number = stretch.first;
        self.elements(stretch.elements.clone(), |scope| {
            let Some(inner) = &self.rows.inner else {
                row(number, scope)?;
                number += 1;
                return Ok(number < self.tally.shown);
            };
            let list = List::of(inner, inner.value(scope)?)?;
            for at in 0..list.len() {
                if number == self.tally.shown {
                    break;
                }
                scope.set(&self.rows.block.inner_as, list.get(at));
                row(number, scope)?;
                number += 1;
            }
            Ok(number < self.tally.shown)
        })
    }

    /// Gives the scopes of those of some elements that have a row, until told to stop.
    fn elements(
        &self,
        elements: Range<usize>,
        mut each: impl FnMut(&mut Scope) -> Result<bool, Failure>,
    ) -> Result<(), Failure> {
        let mut scope = self.scope.clone();
        for at in elements {
            scope.set(&self.rows.block.r#as, self.list.get(at));
            let kept = self.rows.only.as_ref().map_or(Ok(true), |only| only.holds(&scope))?;
            if kept && !each(&mut scope)? {
                break;
            }
        }
        Ok(())
    }
}

impl Tally {
    /// The rows that the cap left out.
    pub(crate) fn left_out(self) -> u64 {
        self.total - self.shown
    }
}

impl List {
    fn of(code: &Code<'_>, list: Value) -> Result<Self, Failure> {
        let none = || Failure::at(code.source, format!("`{}` is no list", code.source.get_ref()));
        if list.is_none() || list.as_str().is_some() {
            return Err(none());
        }
        match list.len().filter(|_| list.kind() == ValueKind::Seq) {
            Some(len) => Ok(List::Lazy(list, len)),
            None => Ok(List::Made(list.try_iter().map_err(|_| none())?.collect())),
        }
    }

    fn len(&self) -> usize {
        match self {
            List::Lazy(_, len) => *len,
            List::Made(elements) => elements.len(),
        }
    }

    fn get(&self, at: usize) -> Value {
        match self {
            List::Lazy(list, _) => list.get_item_by_index(at).unwrap_or_default(),
            List::Made(elements) => elements.get(at).cloned().unwrap_or_default(),
        }
    }
}
