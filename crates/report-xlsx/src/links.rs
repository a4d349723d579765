//! Where links lead to: cells of the same workbook, and nothing else.

use crate::code::Code;
use crate::failure::Failure;
use crate::names;
use crate::plan::SheetPlan;
use ringback_model::Map;
use ringback_template::{Environment, Scope};
use std::collections::{BTreeMap, BTreeSet};

/// The most links of a sheet; programs drop those beyond 65,530.
const MOST_LINKS: u32 = 65_000;

/// The links that a sheet may still have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget(u32);

impl Default for Budget {
    fn default() -> Self {
        Budget(MOST_LINKS)
    }
}

impl Budget {
    /// Takes so many links, or as many as are left.
    pub(crate) fn take(&mut self, wanted: u32) -> u32 {
        let taken = wanted.min(self.0);
        self.0 -= taken;
        taken
    }
}

/// The rows that links lead to, found before any sheet is written.
#[derive(Debug, Default)]
pub(crate) struct Links {
    /// The first row of each name, by the id of its sheet.
    anchors: BTreeMap<String, Map<String, u32>>,
    /// The names of sheets by their ids.
    sheets: BTreeMap<String, String>,
}

impl Links {
    /// The links of some sheets.
    pub(crate) fn of(
        environment: &Environment,
        plans: &[SheetPlan<'_>],
        scope: &Scope,
    ) -> Result<Self, Failure> {
        let mut links = Links::default();
        for plan in plans {
            links.sheets.insert(plan.sheet.id.get_ref().clone(), plan.name.clone());
        }
        let columns = plans.iter().flat_map(|plan| &plan.blocks).flat_map(|block| &block.columns);
        let targets: BTreeSet<&str> = columns
            .filter_map(|column| column.column.link.as_ref()?.to.as_ref())
            .map(|to| to.get_ref().as_str())
            .collect();
        for plan in plans.iter().filter(|plan| targets.contains(plan.sheet.id.get_ref().as_str())) {
            links.anchors.insert(plan.sheet.id.get_ref().clone(), anchors(environment, plan, scope)?);
        }
        Ok(links)
    }

    /// The address of a named row of a sheet, or without a sheet of a sheet by its id.
    pub(crate) fn to(&self, sheet: Option<&str>, key: &str) -> Option<String> {
        let Some(sheet) = sheet else {
            return Some(names::address(self.sheets.get(key)?, 0));
        };
        let row = self.anchors.get(sheet)?.get(key)?;
        Some(names::address(self.sheets.get(sheet)?, *row))
    }
}

/// The first row of each name in the first block of a sheet.
fn anchors(
    environment: &Environment,
    plan: &SheetPlan<'_>,
    scope: &Scope,
) -> Result<Map<String, u32>, Failure> {
    let mut found = Map::default();
    let Some(block) = plan.blocks.first() else { return Ok(found) };
    let (Some(rows), Some(anchor)) = (&block.rows, Code::some(environment, block.block.anchor.as_ref())?)
    else {
        return Ok(found);
    };
    let (first, counted) = (plan.first_row(), rows.counted(scope)?);
    for stretch in &counted.stretches {
        counted.each(stretch, |number, scope| {
            let row = first + u32::try_from(number).unwrap_or(u32::MAX);
            found.entry(anchor.text(scope)?).or_insert(row);
            Ok(())
        })?;
    }
    Ok(found)
}
