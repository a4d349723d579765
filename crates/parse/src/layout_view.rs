//! What a layout says, for people and for documents.

use crate::field::Field;
use crate::layout::{Layout, When};
use crate::layouts::shared_words;
use crate::values::VALUE_FIELDS;
use ringback_model::Direction;

/// Spellings that stand for one word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelled {
    /// The field, as its table is called.
    pub field: String,
    /// The word that they stand for.
    pub word: String,
    /// The spellings.
    pub spellings: Vec<String>,
    /// The shared table that they come from; `None` for the layout's own.
    pub shared: Option<String>,
}

impl Layout {
    /// Groups of fields: of each group a source must have one.
    pub fn required(&self) -> &[Vec<Field>] {
        &self.required
    }

    /// What a record must say to be one of the layout's: all of it.
    pub fn conditions(&self) -> &[When] {
        &self.when
    }

    /// Keys whose being there tells the direction.
    pub fn present(&self) -> &[(String, Direction)] {
        &self.present
    }

    /// The spellings of values of the fields that it reads: its own, then those of the tables that it shares.
    pub fn spellings(&self) -> Vec<Spelled> {
        let shared = self.words.iter().filter_map(|name| Some((Some(name.clone()), shared_words(name)?)));
        let all: Vec<_> = std::iter::once((None, &self.tables)).chain(shared).collect();
        let mut spelled = Vec::new();
        for field in VALUE_FIELDS.iter().filter(|field| self.reads_values(field)) {
            for (shared, tables) in &all {
                for (word, spellings) in tables.get(*field).into_iter().flatten() {
                    spelled.push(Spelled {
                        field: (*field).to_owned(),
                        word: word.clone(),
                        spellings: spellings.clone(),
                        shared: shared.clone(),
                    });
                }
            }
        }
        spelled
    }

    /// What it says of every row without a column for it: names and words.
    pub fn implied(&self) -> Vec<(&'static str, &str)> {
        let implied = &self.implied;
        let all = [
            ("threat", implied.threat.map_or("", |value| value.as_str())),
            ("direction", implied.direction.map_or("", |value| value.as_str())),
            ("message", implied.message.map_or("", |value| value.as_str())),
            ("list", implied.list.map_or("", |value| value.as_str())),
            ("result", implied.result.map_or("", |value| value.as_str())),
            ("endpoint", implied.endpoint.as_str()),
            ("product", implied.product.as_str()),
        ];
        all.into_iter().filter(|(_, word)| !word.is_empty()).collect()
    }

    /// What it says of times: the zone, the order of day and month, numbers since 1970.
    pub fn times(&self) -> Vec<String> {
        let zone = self.time_zone.as_ref().map(|zone| format!("times without a zone are {zone}"));
        let order = self.date_order.map(|order| format!("dates are {}", order.as_str()));
        let epoch = self.epoch.then(|| "bare numbers count from 1970".to_owned());
        [zone, order, epoch].into_iter().flatten().collect()
    }

    /// Whether source and destination are those of the session, also for what comes back.
    pub fn is_of_session(&self) -> bool {
        self.session
    }

    /// Whether a column is read whose values a table of this name spells.
    pub(crate) fn reads_values(&self, table: &str) -> bool {
        self.columns().any(|(column, headings)| {
            !headings.is_empty()
                && (column.as_str() == table || (table == "list" && column == Field::ListOrRule))
        })
    }
}
