//! Why a source was taken for what it is: which columns its layouts ask for, and what its records say.

use crate::bound::Bound;
use crate::field::Field;
use crate::layout::Layout;
use crate::plan::Plan;
use crate::survey::Survey;

/// A layout of a source and why it applies.
#[derive(Debug)]
pub struct LayoutMatch<'p> {
    /// The layout.
    pub layout: &'p Layout,
    /// What it asks for, each with what was found.
    pub required: Vec<RequiredMatch<'p>>,
    /// What a record must say to be one of its.
    pub conditions: Vec<ConditionMatch<'p>>,
    /// Columns of the source that it reads.
    pub known: u64,
    /// Records that it applies to.
    pub records: u64,
}

/// One group of fields of which a layout needs one.
#[derive(Debug)]
pub struct RequiredMatch<'p> {
    /// The fields.
    pub fields: &'p [Field],
    /// Those that are there, each with its heading or key.
    pub found: Vec<(Field, &'p str)>,
}

/// What a record must say in one of its cells.
#[derive(Debug)]
pub struct ConditionMatch<'p> {
    /// The heading or key.
    pub key: &'p str,
    /// What the cell may say; a star stands for anything.
    pub is: &'p [String],
    /// The least and the greatest number that it may be.
    pub between: Option<(u64, u64)>,
}

impl Plan {
    /// The layouts that records of a source have, and why each applies; where none has one, the main layout.
    pub fn matches<'p>(&'p self, survey: &Survey) -> Vec<LayoutMatch<'p>> {
        let records = |at: usize| survey.layouts.get(at).copied().unwrap_or(0);
        let none = survey.layouts.iter().all(|records| *records == 0);
        let told = self.bounds.iter().enumerate();
        let told = told.filter(|(at, _)| records(*at) > 0 || (none && *at == 0));
        told.map(|(at, bound)| self.match_of(bound, survey, records(at))).collect()
    }

    fn match_of<'p>(&'p self, bound: &'p Bound, survey: &Survey, records: u64) -> LayoutMatch<'p> {
        let layout = &*bound.layout;
        let required = layout.required.iter().map(|group| RequiredMatch {
            fields: group,
            found: group
                .iter()
                .filter_map(|field| Some((*field, self.heading_met(bound, *field, survey)?)))
                .collect(),
        });
        let condition = |when: &'p crate::layout::When| ConditionMatch {
            key: &when.key,
            is: &when.is,
            between: when.between,
        };
        let known = (0..bound.columns.len())
            .filter(|column| bound.columns[*column].is_some() && self.is_met(*column, survey));
        LayoutMatch {
            layout,
            required: required.collect(),
            conditions: layout.when.iter().map(condition).collect(),
            known: known.count() as u64,
            records,
        }
    }

    /// The heading of a field: the first of its columns that is met.
    fn heading_met(&self, bound: &Bound, field: Field, survey: &Survey) -> Option<&str> {
        let column = bound.columns_of(field).find(|column| self.is_met(*column, survey))?;
        self.headings.get(column).map(String::as_str)
    }

    /// Whether a column tells which layout a record has.
    pub fn is_condition(&self, column: usize) -> bool {
        self.bounds.iter().any(|bound| bound.conditions().any(|other| other == column))
    }

    /// Whether it tells the direction of a record that a column is there.
    pub fn tells_direction(&self, column: usize) -> bool {
        self.bounds.iter().any(|bound| bound.directions().any(|other| other == column))
    }

    /// Whether a column is there: under a heading always, by a key where a record has it.
    pub fn is_met(&self, column: usize, survey: &Survey) -> bool {
        !self.format().is_keyed() || survey.columns.get(column).is_some_and(|column| column.filled > 0)
    }
}
