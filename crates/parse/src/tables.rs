//! What a reader remembers of the cells that it interpreted: their texts, and what the values among them stand for.

use crate::cells::Cells;
use crate::field::Field;
use crate::memo::FieldMemo;
use crate::rule_memory::RuleMemory;
use ringback_model::{ListSource, RejectReason, RequestKind, ResultKind, Risk, Sym, Symbols, Threat};

/// What is remembered from row to row.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) symbols: Symbols,
    pub(crate) rules: RuleMemory,
    /// By symbol: whether it was the text of a cell. A cell of just these bytes has the same text, which need not be
    /// looked through again.
    cells: Vec<bool>,
    pub(crate) values: ValueMemory,
}

/// What is remembered of the cells that hold one of a few values.
#[derive(Debug, Default)]
pub(crate) struct ValueMemory {
    pub(crate) directions: FieldMemo<()>,
    pub(crate) lists: FieldMemo<Option<ListSource>>,
    pub(crate) messages: FieldMemo<Option<RequestKind>>,
    pub(crate) results: FieldMemo<Option<ResultKind>>,
    pub(crate) risks: FieldMemo<Option<Risk>>,
    pub(crate) threats: FieldMemo<Option<Threat>>,
}

/// The text of a cell, or what stands for it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Word<'r> {
    /// One that a cell had before.
    Known(Sym),
    /// The text of a cell.
    Cell(&'r str),
    /// Text that is no cell's.
    Instead(&'r str),
}

impl<'r> Word<'r> {
    pub(crate) fn text<'t>(self, symbols: &'t Symbols) -> &'t str
    where
        'r: 't,
    {
        match self {
            Word::Known(sym) => symbols.text(sym),
            Word::Cell(text) | Word::Instead(text) => text,
        }
    }

    /// Whether it says nothing.
    pub(crate) fn is_empty(self) -> bool {
        matches!(self, Word::Cell("") | Word::Instead(""))
    }
}

impl Tables {
    /// The text of a field's cell.
    #[inline]
    pub(crate) fn word<'r>(&self, cells: Cells<'r>, field: Field) -> Result<Word<'r>, RejectReason> {
        let bytes = cells.bytes(field);
        if bytes.is_empty() {
            return Ok(Word::Cell(""));
        }
        let known = self.symbols.find(bytes);
        match known.filter(|sym| self.cells.get(sym.number()).is_some_and(|cell| *cell)) {
            Some(known) => Ok(Word::Known(known)),
            None => cells.text(field).map(Word::Cell),
        }
    }

    /// The symbol of a word.
    pub(crate) fn enter(&mut self, word: Word<'_>) -> Sym {
        match word {
            Word::Known(sym) => sym,
            Word::Instead(text) | Word::Cell(text @ "") => self.symbols.intern(text),
            Word::Cell(text) => {
                let sym = self.symbols.intern(text);
                self.cells.resize(self.symbols.len(), false);
                self.cells[sym.number()] = true;
                sym
            }
        }
    }
}
