//! What was made of cells, by their bytes: few spellings come again and again.

use crate::field::Field;
use ringback_model::{Sym, Symbols};

/// How many spellings are remembered, and up to which length in bytes: log writers choose them.
const REMEMBERED: (usize, usize) = (8192, 256);

/// What was made of the spellings of one kind of cell.
#[derive(Debug)]
pub(crate) struct Memo<T> {
    spellings: Symbols,
    /// By the number of the spelling.
    made: Vec<Option<T>>,
    last: Sym,
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Memo { spellings: Symbols::new(), made: Vec::new(), last: Sym::EMPTY }
    }
}

impl<T: Clone> Memo<T> {
    /// What is made of a cell: the same as was made of it before. Errors are not remembered.
    ///
    /// # Errors
    /// What making it says.
    #[inline]
    pub(crate) fn of<E>(&mut self, cell: &[u8], make: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let known = match cell {
            // Many columns are empty, or not there at all.
            [] => Some(Sym::EMPTY),
            _ if self.spellings.bytes(self.last) == cell => Some(self.last),
            _ => self.spellings.find(cell),
        };
        if let Some(known) = known {
            self.last = known;
            if let Some(Some(value)) = self.made.get(known.number()) {
                return Ok(value.clone());
            }
        }
        let value = make()?;
        self.enter(cell, &value);
        Ok(value)
    }

    fn enter(&mut self, cell: &[u8], value: &T) {
        let (most, longest) = REMEMBERED;
        let text = std::str::from_utf8(cell).ok().filter(|_| cell.len() <= longest);
        if let Some(text) = text.filter(|_| self.spellings.len() < most) {
            let number = self.spellings.intern(text).number();
            self.made.resize(self.made.len().max(number + 1), None);
            self.made[number] = Some(value.clone());
        }
    }
}

/// What was made of the cells of a few fields, where a record may be one of several layouts.
#[derive(Debug)]
pub(crate) struct FieldMemo<T>(Vec<(usize, Field, Memo<T>)>);

impl<T> Default for FieldMemo<T> {
    fn default() -> Self {
        FieldMemo(Vec::new())
    }
}

impl<T> FieldMemo<T> {
    /// What was made of the cells of a field in the records of the layout of that number.
    #[inline]
    pub(crate) fn of(&mut self, layout: usize, field: Field) -> &mut Memo<T> {
        let known = self.0.iter().position(|(number, of, _)| (*number, *of) == (layout, field));
        let at = known.unwrap_or_else(|| {
            self.0.push((layout, field, Memo::default()));
            self.0.len() - 1
        });
        &mut self.0[at].2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_memo_says_what_making_says(
            cells in prop::collection::vec(prop_oneof!["[ab]{0,2}", "x{250,260}"], 0..60),
            few in prop::collection::vec(any::<Vec<u8>>(), 0..3),
        ) {
            let make = |cell: &[u8]| if cell == b"ab" { Err("wrong") } else { Ok(cell.to_vec()) };
            let mut memo = Memo::default();
            for cell in cells.iter().map(String::as_bytes).chain(few.iter().map(Vec::as_slice)) {
                for _ in 0..2 {
                    prop_assert_eq!(memo.of(cell, || make(cell)), make(cell));
                }
            }
        }
    }

    #[test]
    fn no_more_is_remembered_than_may_be() {
        let mut memo = Memo::default();
        for number in 0..2 * REMEMBERED.0 {
            let cell = number.to_string();
            assert_eq!(memo.of(cell.as_bytes(), || Ok::<_, ()>(number)), Ok(number));
        }
        assert_eq!(memo.spellings.len(), REMEMBERED.0);
    }
}
