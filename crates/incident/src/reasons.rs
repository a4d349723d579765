//! Lists of reasons: findings that are judged for the same reasons share one.

use ringback_model::{Map, Message};

/// Distinct lists of reasons, by number.
#[derive(Clone, Debug, Default)]
pub struct Reasons {
    numbers: Map<Vec<Message>, u32>,
    lists: Vec<Vec<Message>>,
}

impl Reasons {
    /// The number of a list, which is kept if it is new.
    pub fn number(&mut self, reasons: Vec<Message>) -> u32 {
        if let Some(number) = self.numbers.get(&reasons) {
            return *number;
        }
        let number = u32::try_from(self.lists.len()).expect("there are fewer lists of reasons than findings");
        self.lists.push(reasons.clone());
        self.numbers.insert(reasons, number);
        number
    }

    /// The lists in the order of their numbers.
    pub fn lists(&self) -> &[Vec<Message>] {
        &self.lists
    }

    /// Gives up the lists.
    pub fn into_lists(self) -> Vec<Vec<Message>> {
        self.lists
    }
}
