//! Which column becomes which field: one column for each, and the two sides of a connection.

use super::guess::{Looks, Why, guess};
use super::sample::Sample;
use super::spelled::Known;
use crate::field::Field;
use crate::format::Format;
use crate::layout::{Layout, fold};
use crate::layouts::Layouts;
use std::cmp::Reverse;

/// A column that a draft reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) field: Field,
    pub(super) column: usize,
    pub(super) why: Why,
    /// Whether its cells are codes, which somebody has to look up before it can be read.
    pub(super) codes: bool,
}

/// The columns of a sample, as a draft reads them.
#[derive(Debug)]
pub(super) struct Columns {
    /// The fields, each with its column, in the order of the fields.
    pub(super) placed: Vec<Placed>,
    /// Columns that are not read, with the field that they look like.
    pub(super) others: Vec<(usize, Option<Field>)>,
    /// Whether the column of the time holds numbers since 1970.
    pub(super) epoch: bool,
}

/// The fields of the one side that become those of the other kind of log.
const SIDED: &[(Field, Field)] = &[
    (Field::Source, Field::Local),
    (Field::SourcePort, Field::LocalPort),
    (Field::SourceHost, Field::Endpoint),
    (Field::Destination, Field::Remote),
    (Field::DestinationPort, Field::RemotePort),
];

impl Columns {
    pub(super) fn of(sample: &Sample) -> Self {
        let known = Known::new();
        let carried = Layouts::builtin().ok();
        let layouts: Vec<&Layout> = carried
            .iter()
            .flat_map(Layouts::iter)
            .filter(|layout| layout.format == sample.format)
            .map(|layout| &**layout)
            .collect();
        let looks = |column| {
            if is_usable(sample, column) { Looks::of(sample, column, &known) } else { Looks::default() }
        };
        let looks: Vec<Looks> = (0..sample.headings.len()).map(looks).collect();
        let held = |(column, heading): (usize, &String)| {
            is_usable(sample, column).then(|| guess(heading, &looks[column], &layouts)).flatten()
        };
        let mut guesses: Vec<Option<(Field, Why)>> = sample.headings.iter().enumerate().map(held).collect();
        tell_sides(&mut guesses, &looks);
        Columns::placed(sample, &guesses, &looks)
    }

    /// How many columns are read.
    pub(super) fn read(&self) -> usize {
        self.placed.iter().filter(|placed| !placed.codes).count()
    }

    /// The column of a field, where one is read.
    pub(super) fn column(&self, field: Field) -> Option<usize> {
        self.placed.iter().find(|placed| placed.field == field && !placed.codes).map(|placed| placed.column)
    }

    /// Takes the best column of each field; what is left is not read.
    fn placed(sample: &Sample, guesses: &[Option<(Field, Why)>], looks: &[Looks]) -> Self {
        let mut placed = Vec::new();
        for field in Field::all() {
            let held = guesses.iter().enumerate().filter_map(|(column, guess)| {
                let (_, why) = guess.filter(|(other, _)| *other == field)?;
                let looks = &looks[column];
                Some((looks.cells == 0, why == Why::Cells, Reverse(looks.speak_for(field)), why, column))
            });
            if let Some((_, _, _, why, column)) = held.min() {
                let coded = matches!(
                    field,
                    Field::Direction | Field::Message | Field::Result | Field::Risk | Field::Category
                );
                placed.push(Placed { field, column, why, codes: coded && looks[column].are_codes() });
            }
        }
        let is_read = |column: usize| placed.iter().any(|one: &Placed| one.column == column);
        let others = (0..sample.headings.len())
            .filter(|column| !is_read(*column) && !sample.headings[*column].is_empty())
            .map(|column| (column, guesses[column].map(|(field, _)| field)))
            .collect();
        let time = placed.iter().find(|one| one.field == Field::Time);
        let epoch = time.is_some_and(|time| looks[time.column].epochs > 0);
        Columns { placed, others, epoch }
    }
}

/// Whether a column can be read by its heading: it has one, no column before has the same, and it is not the name of
/// another key.
fn is_usable(sample: &Sample, column: usize) -> bool {
    let heading = fold(&sample.headings[column]);
    let names_another = sample.format == Format::Cef && heading.ends_with("label");
    !heading.is_empty()
        && !names_another
        && !sample.headings[..column].iter().any(|other| fold(other) == heading)
}

/// Decides between a source and a destination, and a local and a remote side; what names do not tell, cells may.
fn tell_sides(guesses: &mut [Option<(Field, Why)>], looks: &[Looks]) {
    let has = |guesses: &[Option<(Field, Why)>], field| {
        guesses.iter().flatten().any(|(other, why)| *other == field && *why != Why::Cells)
    };
    let named = |field| guesses.contains(&Some((field, Why::Name)));
    let sided = named(Field::Local) && named(Field::Remote);
    if has(guesses, Field::Source) && has(guesses, Field::Destination) && !sided {
        drop_fields(guesses, &[Field::Remote, Field::RemotePort, Field::Local, Field::LocalPort]);
        name_sensor(guesses, looks);
        return;
    }
    for (from, to) in SIDED {
        if has(guesses, *to) {
            drop_fields(guesses, &[*from]);
        }
        for guess in guesses.iter_mut().flatten().filter(|(field, _)| field == from) {
            guess.0 = *to;
        }
    }
    drop_fields(guesses, &[Field::DestinationHost]);
    let mut free: Vec<usize> = (0..guesses.len())
        .filter(|column| guesses[*column].is_none() && looks[*column].are_addresses())
        .collect();
    // The side whose addresses are private more often is taken for the client's.
    free.sort_by_key(|column| Reverse(looks[*column].private * 1000 / looks[*column].cells.max(1)));
    if !has(guesses, Field::Local) && (free.len() > 1 || has(guesses, Field::Remote)) && !free.is_empty() {
        guesses[free.remove(0)] = Some((Field::Local, Why::Cells));
    }
    if !has(guesses, Field::Remote) {
        let named =
            || (0..guesses.len()).find(|column| guesses[*column].is_none() && looks[*column].are_names());
        if let Some(column) = free.last().copied().or_else(named) {
            guesses[column] = Some((Field::Remote, Why::Cells));
        }
    }
}

/// Where a log has a source and a destination, one and the same machine in every row is the sensor that saw them.
fn name_sensor(guesses: &mut [Option<(Field, Why)>], looks: &[Looks]) {
    for (guess, looks) in guesses.iter_mut().zip(looks) {
        if let Some((field @ Field::Endpoint, _)) = guess
            && looks.distinct == 1
            && looks.cells > 1
        {
            *field = Field::Console;
        }
    }
}

fn drop_fields(guesses: &mut [Option<(Field, Why)>], fields: &[Field]) {
    for guess in guesses.iter_mut() {
        *guess = guess.filter(|(field, _)| !fields.contains(field));
    }
}
