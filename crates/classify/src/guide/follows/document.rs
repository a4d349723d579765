//! The tables of the decision guide as they stand in the documentation.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

/// The words of a document, as numbers; equal words have one number.
#[derive(Default)]
pub(super) struct Lexicon(RefCell<Vec<String>>);

impl Lexicon {
    pub(super) fn number(&self, word: &str) -> u8 {
        let mut words = self.0.borrow_mut();
        let at = words.iter().position(|one| one == word).unwrap_or_else(|| {
            words.push(word.to_owned());
            words.len() - 1
        });
        u8::try_from(at).unwrap()
    }

    pub(super) fn word(&self, number: u8) -> String {
        self.0.borrow()[usize::from(number)].clone()
    }
}

/// A table of the document.
pub(super) struct Table {
    pub(super) columns: Vec<String>,
    /// Of each row: the words that each cell lists; none where any will do.
    pub(super) rows: Vec<Vec<Option<Vec<u8>>>>,
    /// What was looked up before: the row.
    pub(super) known: RefCell<HashMap<Vec<u8>, usize>>,
}

/// The document's tables.
pub(super) struct Guide {
    pub(super) tables: BTreeMap<String, Table>,
    pub(super) lexicon: Lexicon,
}

impl Guide {
    pub(super) fn read() -> Self {
        let text =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/VERDICTS.md")).unwrap();
        let lexicon = Lexicon::default();
        let mut tables = BTreeMap::new();
        for part in text.split("<!-- table: ").skip(1) {
            let (name, rest) = part.split_once(" -->\n").unwrap();
            let (table, _) = rest.split_once("<!-- end -->").unwrap();
            let cells = |line: &str| -> Vec<String> {
                let line = line.trim_start_matches("| ").trim_end_matches(" |");
                line.split(" | ").map(str::to_owned).collect()
            };
            let mut lines = table.lines();
            let columns = cells(lines.next().unwrap_or_else(|| panic!("{name} is empty")));
            let words = |cell: &String| match cell.as_str() {
                "any" => None,
                // The names of rules and steps are no lists; what they are is not looked up.
                cell => Some(cell.split(", ").map(|word| lexicon.number(word)).collect()),
            };
            let rows: Vec<Vec<Option<Vec<u8>>>> = match name {
                "advice" => Vec::new(),
                "severity" => {
                    lines.skip(1).map(|line| cells(line).iter().skip(1).map(words).collect()).collect()
                }
                _ => lines.skip(1).map(|line| cells(line).iter().map(words).collect()).collect(),
            };
            let columns = if name == "severity" { columns[1..].to_vec() } else { columns };
            assert!(rows.iter().all(|row| row.len() == columns.len()), "{name}");
            tables.insert(name.to_owned(), Table { columns, rows, known: RefCell::default() });
        }
        Guide { tables, lexicon }
    }

    /// What a table says of facts, which are in the order of its columns: the cells behind them.
    pub(super) fn look(&self, name: &str, facts: &[u8]) -> Vec<u8> {
        let table = &self.tables[name];
        let fits = |row: &Vec<Option<Vec<u8>>>| {
            row.iter().zip(facts).all(|(cell, fact)| cell.as_ref().is_none_or(|words| words.contains(fact)))
        };
        let known = table.known.borrow().get(facts).copied();
        let at = known.unwrap_or_else(|| {
            let fitting: Vec<usize> = (0..table.rows.len()).filter(|at| fits(&table.rows[*at])).collect();
            let one = fitting.len() == 1 || (name == "severity" && !fitting.is_empty());
            assert!(one, "{name}: {fitting:?} rows fit {:?} of {:?}", self.words(facts), table.columns);
            table.known.borrow_mut().insert(facts.to_vec(), fitting[0]);
            fitting[0]
        });
        // Those still possible are a list.
        let told = table.rows[at][facts.len()..].iter().flatten();
        told.flatten().copied().collect()
    }

    pub(super) fn words(&self, numbers: &[u8]) -> Vec<String> {
        numbers.iter().map(|number| self.lexicon.word(*number)).collect()
    }

    pub(super) fn number(&self, word: &str) -> u8 {
        self.lexicon.number(word)
    }

    pub(super) fn yes(&self, yes: bool) -> u8 {
        self.number(if yes { "yes" } else { "no" })
    }
}
