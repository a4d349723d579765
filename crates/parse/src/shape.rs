//! What a source is: its format, its layouts, where its rows start.

use crate::bound::Bound;
use crate::format::Format;
use crate::heading;
use crate::keyed::{KeyedRecords, Keys};
use crate::layout::{Layout, When};
use crate::plan::{PlanError, ReadOptions, Start};
use crate::records::Dialect;
use ringback_model::Message;
use std::sync::Arc;

/// How many records are looked at to tell which layouts a source without a heading has.
const WITHIN: usize = 2000;

/// What a source is.
pub(crate) struct Shape {
    pub(crate) format: Format,
    pub(crate) dialect: Dialect,
    pub(crate) keys: Keys,
    /// The headings or keys of its columns.
    pub(crate) headings: Vec<String>,
    /// The layouts of its records; each record has the first that applies.
    pub(crate) bounds: Vec<Bound>,
    /// The number of the line with the heading, from 1; 0 where there is none.
    pub(crate) line: u64,
    /// What follows the heading, counted in the text that was searched.
    pub(crate) end: Start,
    /// The layout that would have been next, and what it lacks.
    pub(crate) runner_up: Option<(String, Vec<String>)>,
    pub(crate) notes: Vec<Message>,
}

/// Finds what a text is.
///
/// # Errors
/// The nearest layout and what it lacks, where none fits.
pub(crate) fn find(text: &[u8], layouts: &[&Arc<Layout>], options: &ReadOptions) -> Result<Shape, PlanError> {
    let of = |format: Format| -> Vec<&Arc<Layout>> {
        layouts.iter().filter(|layout| layout.format == format).copied().collect()
    };
    let only = layouts.first().map(|layout| layout.format).filter(|format| {
        !options.layouts.is_empty() && layouts.iter().all(|layout| layout.format == *format)
    });
    let format = only.unwrap_or_else(|| Format::of(text));
    if format.is_keyed() {
        return keyed(text, format, &of(format), options);
    }
    let delimited = of(Format::Delimited);
    heading::find(text, &delimited, options).or_else(|error| {
        let other = Format::behind_preamble(text);
        keyed(text, other, &of(other), options).map_err(|_| error)
    })
}

/// The shape of a source whose records have keys of their own.
fn keyed(
    text: &[u8],
    format: Format,
    layouts: &[&Arc<Layout>],
    options: &ReadOptions,
) -> Result<Shape, PlanError> {
    let mut keys = Keys::default();
    let mut bounds: Vec<Bound> =
        layouts.iter().map(|layout| Bound::to_keys(layout, &mut keys, options)).collect();
    bounds.sort_by_key(|bound| (!bound.layout.own, bound.layout.when.is_empty()));
    let mut counts = vec![(0_usize, 0_usize); bounds.len()];
    let mut records = KeyedRecords::new(text, format, &keys);
    for _ in 0..WITHIN {
        let Ok(Some(record)) = records.next() else { break };
        if record.broken {
            continue;
        }
        if let Some(at) = bounds.iter().position(|bound| bound.applies(&record) && bound.is_complete(&record))
        {
            counts[at].0 += 1;
        }
        for (bound, (_, near)) in bounds.iter().zip(&mut counts) {
            *near += usize::from(bound.is_near(&record));
        }
    }
    if counts.iter().all(|count| *count == (0, 0)) {
        return Err(nothing_fits(format, layouts));
    }
    let mut order: Vec<usize> =
        (0..bounds.len()).filter(|at| counts[*at].1 > 0 || counts[*at].0 > 0).collect();
    // A layout of the user's own that has a record goes first.
    let own_and_met = |at: usize| bounds[at].layout.own && counts[at].0 > 0;
    order.sort_by_key(|at| std::cmp::Reverse((own_and_met(*at), counts[*at])));
    let own: Vec<bool> = (0..bounds.len()).map(own_and_met).collect();
    let met = counts.iter().map(|(hits, _)| *hits > 0).collect::<Vec<_>>();
    let main = order.first().copied().unwrap_or_default();
    let runner_up = order.get(1).map(|at| {
        let layout = &bounds[*at].layout;
        let lacks = if met[*at] { Vec::new() } else { lacking(layout, &bounds[main].layout) };
        (layout.name.clone(), lacks)
    });
    let mut notes = Vec::new();
    if counts[main].0 == 0 {
        notes.push(Message::new("input.no-event-yet"));
    }
    let headings = keys.names().to_vec();
    let mut bounds: Vec<(usize, Bound)> = bounds.into_iter().enumerate().collect();
    // A layout without conditions applies to every record: where others were met, one that was not says nothing.
    let any_met = met.contains(&true);
    bounds.retain(|(at, bound)| !bound.layout.when.is_empty() || met[*at] || !any_met);
    // Those that were met go first, the one met most before the others; what applies to a record does not depend on it,
    // as layouts of one format tell their events apart. The user's own go before them: they need not.
    bounds.sort_by_key(|(at, bound)| {
        (!own[*at], bound.layout.when.is_empty(), !met[*at], std::cmp::Reverse(counts[*at]))
    });
    Ok(Shape {
        format,
        dialect: Dialect::default(),
        keys,
        headings,
        bounds: bounds.into_iter().map(|(_, bound)| bound).collect(),
        line: 0,
        end: Start { byte: 0, line: 1 },
        runner_up,
        notes,
    })
}

/// What a source lacks of a layout that none of its records has, beside what it has of another one; for people.
fn lacking(layout: &Layout, other: &Layout) -> Vec<String> {
    let between = |when: &When| when.between.map(|(least, most)| format!("{least} to {most}"));
    let said = |when: &When| when.is.iter().cloned().chain(between(when)).collect::<Vec<_>>().join(" or ");
    let shared = |when: &&When| !other.when.contains(when);
    let lacks = layout.when.iter().filter(shared).map(|when| format!("{} {}", when.key, said(when)));
    let lacks: Vec<String> = lacks.collect();
    if lacks.is_empty() { lacks } else { vec![format!("a record with {}", lacks.join(" and "))] }
}

fn nothing_fits(format: Format, layouts: &[&Arc<Layout>]) -> PlanError {
    let Some(layout) = layouts.first() else {
        return PlanError::NoLayout {
            nearest: format.as_str().to_owned(),
            missing: vec!["a layout".to_owned()],
        };
    };
    let missing = if let Some(when) = layout.when.first() {
        format!("{} with a value like {}", when.key, when.is.join(" or "))
    } else {
        let fields = layout.required.iter().filter_map(|group| group.first());
        let names: Vec<String> = fields.map(|field| format!("{:?}", layout.heading_of(*field))).collect();
        format!("a record with {}", names.join(" and "))
    };
    PlanError::NoLayout { nearest: layout.name.clone(), missing: vec![missing] }
}
