//! All that a case leaves open, put together.

use crate::Both;
use crate::address_book::address_book;
use crate::asked::relays;
use crate::ground::Ground;
use crate::questions::{other_questions, ranked};
use crate::relays::{candidates, suggestions};
use crate::unknowns::unknowns;
use ringback_model::case::{Question, SuggestedRelay, Unknown};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// What a case leaves open.
#[derive(Clone, Debug, Default)]
pub struct Open {
    /// Who used addresses that stand without a name.
    pub address_book: BTreeMap<IpAddr, Vec<String>>,
    /// Hosts that may be relays, by what the lists of hosts and remote ends call them.
    pub suggested_relays: BTreeMap<String, SuggestedRelay>,
    /// What only the client can answer, that which is worth most first ([`Question::weight`]).
    pub questions: Vec<Question>,
    /// How many questions are left out because there are too many of their kind.
    pub unasked: u64,
    /// What could not be told.
    pub unknowns: Vec<Unknown>,
}

/// All that the stories of a case leave open.
pub fn open(ground: &Ground<'_>, work: &impl Both) -> Open {
    let of_relays = || {
        let candidates = candidates(ground);
        (relays(ground, &candidates), suggestions(&candidates))
    };
    let ((of_relays, suggested_relays), (others, address_book)) = work.both(of_relays, || {
        work.both(|| other_questions(ground), || address_book(&ground.stories.findings, ground.symbols))
    });
    let (questions, unasked) = ranked(others, of_relays);
    let mut open = Open { address_book, suggested_relays, questions, unasked, unknowns: Vec::new() };
    open.unknowns = unknowns(ground, &open);
    open
}
