//! A layout bound to the columns of a source.

use crate::address;
use crate::field::Field;
use crate::keyed::Keys;
use crate::layout::{Layout, When, fold};
use crate::plan::ReadOptions;
use crate::records::Record;
use crate::spell::Stretch;
use crate::written::written;
use jiff::tz::TimeZone;
use ringback_model::Direction;
use std::sync::Arc;

/// What consoles, databases and sensors write into a cell that says nothing.
const NOTHING: &[&[u8]] =
    &[b"", b"-", b"N/A", b"n/a", b"NULL", b"null", b"(null)", b"(empty)", b"Unknown Computer"];

/// Whether a cell says nothing.
pub(crate) fn says_nothing(cell: &[u8]) -> bool {
    NOTHING.contains(&cell.trim_ascii())
}

/// A layout and where its fields stand in a source.
#[derive(Clone, Debug)]
pub(crate) struct Bound {
    pub(crate) layout: Arc<Layout>,
    /// The field of each column; those that the layout does not read have none.
    pub(crate) columns: Vec<Option<Field>>,
    /// The first column of each field.
    places: [Option<usize>; Field::COUNT],
    /// Further columns of fields, which are read where those before them are empty.
    more: Vec<(Field, usize)>,
    /// The columns that tell whether a record is one of the layout's, and what they say then.
    conditions: Vec<(usize, When)>,
    /// The columns whose being there tells the direction.
    directions: Vec<(usize, Direction)>,
    /// Whether records have a true source and destination instead of a local and a remote side.
    pub(crate) directed: bool,
    /// Whether cells beside the time tell its offset.
    pub(crate) zoned: bool,
    /// The columns of what a row says.
    pub(crate) identity: Vec<usize>,
    /// The same, with neighbours taken together.
    pub(crate) stretches: Vec<Stretch>,
    /// The zone of times that name none, and where it comes from.
    pub(crate) zone: TimeZone,
    pub(crate) zone_basis: &'static str,
}

impl Bound {
    /// Binds a layout to headings; `columns` are their fields.
    pub(crate) fn to_headings(
        layout: &Arc<Layout>,
        headings: &[String],
        columns: &[Option<Field>],
        options: &ReadOptions,
    ) -> Self {
        let pairs = columns.iter().enumerate().filter_map(|(column, field)| Some(((*field)?, column)));
        let mut pairs: Vec<(Field, usize)> = pairs.collect();
        pairs.sort_by_key(|(field, column)| (*field, layout.rank(*field, &headings[*column])));
        let mut find = |key: &str| headings.iter().position(|heading| fold(heading) == fold(key));
        Bound::new(layout, pairs, columns.len(), &mut find, options)
    }

    /// Binds a layout to keys; those that it asks for are added to them.
    pub(crate) fn to_keys(layout: &Arc<Layout>, keys: &mut Keys, options: &ReadOptions) -> Self {
        let mut pairs = Vec::new();
        for (field, names) in layout.columns() {
            pairs.extend(names.iter().map(|name| (field, keys.column(name))));
        }
        let mut find = |key: &str| Some(keys.column(key));
        Bound::new(layout, pairs, 0, &mut find, options)
    }

    fn new(
        layout: &Arc<Layout>,
        pairs: Vec<(Field, usize)>,
        width: usize,
        find: &mut dyn FnMut(&str) -> Option<usize>,
        options: &ReadOptions,
    ) -> Self {
        let folded =
            |when: &When| When { is: when.is.iter().map(|text| fold(text)).collect(), ..when.clone() };
        let conditions: Vec<(usize, When)> =
            layout.when.iter().filter_map(|when| Some((find(&when.key)?, folded(when)))).collect();
        let present = layout.present.iter().filter_map(|(key, direction)| Some((find(key)?, *direction)));
        let directions: Vec<(usize, Direction)> = present.collect();
        let last = |columns: &mut dyn Iterator<Item = usize>| columns.max().map_or(0, |column| column + 1);
        let mut columns = vec![None; width.max(last(&mut pairs.iter().map(|(_, column)| *column)))];
        let (mut places, mut more) = ([None; Field::COUNT], Vec::new());
        for (field, column) in pairs {
            columns[column] = columns[column].or(Some(field));
            if places[field as usize].is_none() {
                places[field as usize] = Some(column);
            } else {
                more.push((field, column));
            }
        }
        let mut identity: Vec<usize> =
            (0..columns.len()).filter(|column| columns[*column].is_some_and(Field::is_identity)).collect();
        identity.extend(
            directions
                .iter()
                .map(|(column, _)| *column)
                .filter(|column| columns.get(*column).is_none_or(Option::is_none)),
        );
        let (zone, zone_basis) = zone(layout, options);
        Bound {
            layout: Arc::clone(layout),
            places,
            more,
            conditions,
            directions,
            directed: layout.is_directed(),
            zoned: places[Field::TimeUtc as usize].is_some() || places[Field::ZoneMinutes as usize].is_some(),
            stretches: Stretch::all(&identity, &columns),
            columns,
            identity,
            zone,
            zone_basis,
        }
    }

    /// The first column of a field.
    #[inline]
    pub(crate) fn column(&self, field: Field) -> Option<usize> {
        self.places[field as usize]
    }

    /// Whether none of the fields has more than one column.
    pub(crate) fn is_single(&self, fields: impl IntoIterator<Item = Field>) -> bool {
        fields.into_iter().all(|field| self.columns_of(field).count() <= 1)
    }

    /// The columns of a field, in the order in which they are read.
    pub(crate) fn columns_of(&self, field: Field) -> impl Iterator<Item = usize> {
        let more = self.more.iter().filter(move |(other, _)| *other == field).map(|(_, column)| *column);
        self.column(field).into_iter().chain(more)
    }

    /// The cell of a field: the first of its columns that says something; empty where there is none.
    #[inline]
    pub(crate) fn cell<'r>(&self, record: &Record<'r>, field: Field) -> &'r [u8] {
        let Some(column) = self.column(field) else { return &[] };
        let cell = record.get(column);
        if self.more.is_empty() { cell } else { self.first_that_says(cell, record, field) }
    }

    /// The first cell of a field that says something; `cell` is that of its first column.
    fn first_that_says<'r>(&self, cell: &'r [u8], record: &Record<'r>, field: Field) -> &'r [u8] {
        if !says_nothing(cell) {
            return cell;
        }
        let others = self.more.iter().filter(|(other, _)| *other == field);
        others.map(|(_, column)| record.get(*column)).find(|cell| !says_nothing(cell)).unwrap_or(cell)
    }

    /// The columns that tell whether a record is one of the layout's.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = usize> {
        self.conditions.iter().map(|(column, _)| *column)
    }

    /// The columns whose being there tells the direction.
    pub(crate) fn directions(&self) -> impl Iterator<Item = usize> {
        self.directions.iter().map(|(column, _)| *column)
    }

    /// Whether a record is one of the layout's.
    pub(crate) fn applies(&self, record: &Record<'_>) -> bool {
        self.conditions.iter().all(|condition| holds(condition, record))
    }

    /// Whether a record comes from where the layout's do, though it may be another kind of event: the first condition
    /// holds. Without conditions it must have all that the layout asks for.
    pub(crate) fn is_near(&self, record: &Record<'_>) -> bool {
        match self.conditions.first() {
            Some(first) => holds(first, record),
            None => self.is_complete(record),
        }
    }

    /// Whether a record has a cell of each group that the layout asks for.
    pub(crate) fn is_complete(&self, record: &Record<'_>) -> bool {
        let says = |field: &Field| !says_nothing(self.cell(record, *field));
        self.layout.required.iter().all(|group| group.iter().any(says))
    }

    /// Whether a text is one that a column holds: a time, an address, a known word, or where it holds any text, a single
    /// word.
    pub(crate) fn may_hold(&self, column: usize, text: &str) -> bool {
        let values = self.layout.values();
        let single = || !text.contains(|char: char| char.is_whitespace() || char == ':');
        match self.columns.get(column).copied().flatten() {
            Some(Field::Time | Field::TimeUtc | Field::Received) => written(text).is_some(),
            Some(Field::Direction) => values.direction.contains_key(&fold(text)),
            Some(Field::Message) => values.message.contains_key(&fold(text)),
            Some(Field::Result) => values.result.contains_key(&fold(text)),
            Some(Field::Risk) => values.risk.contains_key(&fold(text)),
            Some(field) if field.is_address() => address::read(text).is_some_and(|read| read.ip.is_some()),
            _ => single(),
        }
    }

    /// The direction that a column tells by being there, and the column.
    pub(crate) fn present_direction(&self, record: &Record<'_>) -> Option<(usize, Direction)> {
        let says = |(column, _): &&(usize, Direction)| !record.get(*column).trim_ascii().is_empty();
        self.directions.iter().find(says).copied()
    }

    /// The column that the cell of a field is read from.
    pub(crate) fn telling_column(&self, record: &Record<'_>, field: Field) -> Option<usize> {
        let says = |column: &usize| !says_nothing(record.get(*column));
        self.columns_of(field).find(says).or(self.column(field))
    }
}

fn holds((column, when): &(usize, When), record: &Record<'_>) -> bool {
    let cell = fold(&String::from_utf8_lossy(record.get(*column)));
    let within =
        |(least, most): (u64, u64)| cell.parse().is_ok_and(|number| (least..=most).contains(&number));
    when.is.iter().any(|pattern| fits(&cell, pattern)) || when.between.is_some_and(within)
}

/// Whether a folded text is what a pattern says; a star at its start or end stands for anything, one alone for anything
/// but nothing.
pub(crate) fn fits(text: &str, pattern: &str) -> bool {
    if pattern == "*" {
        return !text.is_empty();
    }
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), None) => text.ends_with(end),
        (None, Some(start)) => text.starts_with(start),
        (Some(end), Some(_)) => text.contains(end.trim_end_matches('*')),
        (None, None) => text == pattern,
    }
}

fn zone(layout: &Layout, options: &ReadOptions) -> (TimeZone, &'static str) {
    if let Some(zone) = layout.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok()) {
        return (zone, "layout");
    }
    match &options.time_zone {
        Some(zone) => (zone.clone(), "option"),
        None => (TimeZone::UTC, "assumed"),
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns() {
        for (text, pattern, whether) in [
            ("ncie:pass", "ncie:*", true),
            ("cnc:pass", "ncie:*", false),
            ("apex central", "*central", true),
            ("the apex central", "*apex*", true),
            ("alert", "alert", true),
            ("alerts", "alert", false),
            ("", "*", false),
            ("x", "*", true),
        ] {
            assert_eq!(fits(text, pattern), whether, "{text:?} {pattern:?}");
        }
    }
}
