//! Patterns as they are used on names: quick to compile, since a run may look at no more than a few hundred.

use regex_automata::meta::{BuildError, Config, Regex};
use regex_automata::nfa::thompson::WhichCaptures;
use regex_automata::util::syntax;
use regex_automata::{Input, MatchKind, PatternSet};

/// Cases and word boundaries are those of ASCII: what is looked for is ASCII, in every language, and an id is one as well
/// where letters of another script follow without a blank. It also compiles in a third of the time. Names are short, so
/// that looking for literals first gains less than finding those in the patterns takes.
fn build(patterns: &[impl AsRef<str>], config: Config) -> Result<Regex, Box<BuildError>> {
    Regex::builder()
        .configure(config.auto_prefilter(false))
        .syntax(syntax::Config::new().unicode(false))
        .build_many(patterns)
        .map_err(Box::new)
}

/// One pattern.
pub(super) struct Pattern(Regex);

impl Pattern {
    pub(super) fn new(pattern: &str) -> Result<Self, Box<BuildError>> {
        build(&[pattern], Config::new()).map(Pattern)
    }

    /// What the whole of it matches, from left to right.
    pub(super) fn all<'p, 'n: 'p>(&'p self, name: &'n str) -> impl Iterator<Item = &'n str> + 'p {
        self.0.find_iter(name).map(|found| &name[found.range()])
    }

    /// What its first group matches, where it matches first.
    pub(super) fn first_group<'n>(&self, name: &'n str) -> Option<&'n str> {
        let mut captures = self.0.create_captures();
        self.0.captures(name, &mut captures);
        captures.get_group(1).map(|group| &name[group.range()])
    }

    /// What its first group matches, where it matches last.
    pub(super) fn last_group<'n>(&self, name: &'n str) -> Option<&'n str> {
        self.0.captures_iter(name).last()?.get_group(1).map(|group| &name[group.range()])
    }

    /// The text without all that it matches.
    pub(super) fn removed(&self, name: &str) -> String {
        let (mut rest, mut from) = (String::with_capacity(name.len()), 0);
        for found in self.0.find_iter(name) {
            rest.push_str(&name[from..found.start()]);
            from = found.end();
        }
        rest.push_str(&name[from..]);
        rest
    }
}

/// Patterns that are tried at once.
pub(super) struct Patterns(Regex);

impl Patterns {
    pub(super) fn new(patterns: &[impl AsRef<str>]) -> Result<Self, Box<BuildError>> {
        build(patterns, Config::new().match_kind(MatchKind::All).which_captures(WhichCaptures::None))
            .map(Patterns)
    }

    /// The number of the first that matches anywhere.
    pub(super) fn first(&self, name: &str) -> Option<usize> {
        let mut matching = PatternSet::new(self.0.pattern_len());
        self.0.which_overlapping_matches(&Input::new(name), &mut matching);
        matching.iter().next().map(|pattern| pattern.as_usize())
    }

    /// Whether any matches.
    pub(super) fn is_match(&self, name: &str) -> bool {
        self.0.is_match(name)
    }
}
