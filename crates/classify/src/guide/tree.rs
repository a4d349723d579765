//! Tables of what code does: asked for every case, and written with as few rows as the order of the inputs allows.

/// A table for people: what depends on what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuideTable {
    /// The name of the mark in the document that it stands at.
    pub name: &'static str,
    /// What a row is found by; then what it gives.
    pub columns: Vec<&'static str>,
    /// The rows. `any` stands for every word, and several words are joined by commas.
    pub rows: Vec<Vec<String>>,
}

/// The word for whatever it may be.
pub(super) const ANY: &str = "any";

/// Something that the outcome depends on.
#[derive(Clone, Debug)]
pub(super) struct Input {
    name: &'static str,
    words: Vec<&'static str>,
}

impl Input {
    pub(super) fn new(name: &'static str, words: &[&'static str]) -> Self {
        Input { name, words: words.to_vec() }
    }

    pub(super) fn yes_or_no(name: &'static str) -> Self {
        Input::new(name, &["yes", "no"])
    }
}

/// The table of a function of some inputs, which gets the number of each input's word. Exactly one row fits each case.
pub(super) fn table(
    name: &'static str,
    inputs: &[Input],
    outputs: &[&'static str],
    outcome: &dyn Fn(&[usize]) -> Vec<String>,
) -> GuideTable {
    let mut case = vec![0; inputs.len()];
    let (mut known, mut all) = (Vec::new(), Vec::new());
    loop {
        let told = outcome(&case);
        let number = known.iter().position(|one| *one == told).unwrap_or_else(|| {
            known.push(told);
            known.len() - 1
        });
        all.push(number);
        if !next(&mut case, inputs) {
            break;
        }
    }
    let mut rows = Vec::new();
    split(inputs, &all, &mut Vec::new(), &mut |conditions, number| {
        rows.push(conditions.iter().chain(&known[number]).cloned().collect());
    });
    let columns = inputs.iter().map(|input| input.name).chain(outputs.iter().copied()).collect();
    GuideTable { name, columns, rows }
}

/// Goes on to the next case, the last input first; says whether there is one.
fn next(case: &mut [usize], inputs: &[Input]) -> bool {
    for (at, input) in inputs.iter().enumerate().rev() {
        case[at] += 1;
        if case[at] < input.words.len() {
            return true;
        }
        case[at] = 0;
    }
    false
}

/// Tells the rows of a part of all cases: one where all have the same outcome, else those of each word, where words of
/// which all else is the same are taken together.
fn split(
    inputs: &[Input],
    all: &[usize],
    conditions: &mut Vec<String>,
    tell: &mut dyn FnMut(&[String], usize),
) {
    let Some((input, rest)) = inputs.split_first() else { return tell(conditions, all[0]) };
    let parts: Vec<&[usize]> = all.chunks(all.len() / input.words.len()).collect();
    let mut told = vec![false; parts.len()];
    for at in 0..parts.len() {
        if told[at] {
            continue;
        }
        let same: Vec<usize> = (at..parts.len()).filter(|other| parts[*other] == parts[at]).collect();
        for one in &same {
            told[*one] = true;
        }
        let words: Vec<&str> = same.iter().map(|one| input.words[*one]).collect();
        conditions.push(if words.len() == parts.len() { ANY.to_owned() } else { words.join(", ") });
        split(rest, parts[at], conditions, tell);
        conditions.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_as_few_as_the_order_allows_and_each_case_has_one() {
        let inputs = [Input::new("a", &["x", "y", "z"]), Input::yes_or_no("b")];
        let table = table("t", &inputs, &["c"], &|case| vec![(case[0] == 1 && case[1] == 0).to_string()]);
        assert_eq!(table.columns, ["a", "b", "c"]);
        assert_eq!(table.rows, [["x, z", "any", "false"], ["y", "yes", "true"], ["y", "no", "false"],]);
    }
}
