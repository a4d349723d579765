//! Random exports, cut at random, merged at random.

use super::{How, merged, parts_of, report, without_hashes};
use crate::overlap::{Row, cuts, log};
use proptest::prelude::*;
use std::path::PathBuf;

fn how() -> impl Strategy<Value = How> {
    prop_oneof![
        Just(How::Whole),
        Just(How::Piped),
        proptest::collection::vec(0..1000u16, 0..5).prop_map(How::Split),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_parts_merged_in_any_tree_tell_the_same(
        log in log(),
        cuts in cuts(),
        hows in proptest::collection::vec(how(), 5),
        choices in proptest::collection::vec(any::<u8>(), 0..8),
    ) {
        let (exports, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut parts: Vec<PathBuf> = Vec::new();
        let mut names = Vec::new();
        for (number, (instants, dialect, name)) in cuts.iter().enumerate() {
            let rows: Vec<&Row> = log.iter().filter(|row| instants.contains(&row.instant)).collect();
            let name = format!("{name:03}-{number}.csv");
            std::fs::write(exports.path().join(&name), dialect.write(&rows)).unwrap();
            names.push(name);
        }
        for (name, how) in names.iter().zip(&hows) {
            parts.extend(parts_of(exports.path(), name, how, out.path()));
        }
        let parts = merged(parts, &choices, out.path());
        let whole = [exports.path().to_owned()];
        let (expected, found) = (report("json", &[], &whole), report("json", &[], &parts));
        let splits = hows.iter().take(names.len()).any(|how| matches!(how, How::Split(_)));
        if splits {
            prop_assert_eq!(without_hashes(&expected), without_hashes(&found));
        } else {
            prop_assert_eq!(expected, found);
            prop_assert_eq!(report("markdown", &[], &whole), report("markdown", &[], &parts));
        }
    }
}
