//! What a part says of itself comes back, and no bytes do harm.

use super::meta::{Meta, RangeMeta, ReadingMeta, SourceMeta, SplitsMeta};
use crate::active::ActiveHours;
use crate::described::{Described, DescribedLayout};
use crate::source_tally::Failure;
use proptest::prelude::*;
use ringback_model::{Instant, Message, Place, Reject, RejectReason};
use ringback_tally::Rejects;

fn meta() -> Meta {
    let mut rejects = Rejects::default();
    rejects.add(Reject {
        reason: RejectReason::BadTime,
        place: Place { source: 0, byte: 90, record: 3, line: 4 },
    });
    let mut active = ActiveHours::default();
    active.see(Instant::from_seconds(-7));
    active.see(Instant::from_seconds(1_781_503_200));
    let range = |from, start, records| RangeMeta { from, to: from + 50, start, records, lines: records + 1 };
    let split = SourceMeta {
        name: "b/log.csv".to_owned(),
        size: Some(150),
        container: "plain".to_owned(),
        described: Some(Described {
            encoding: "utf-8".to_owned(),
            layout: DescribedLayout { name: "x".to_owned(), title: "X".to_owned(), confirmed: true },
            notes: vec![
                Message::new("input.heading-line").with("line", 3_u64),
                Message::new("input.extra-columns").with("columns", "a, b"),
            ],
            zone: "Europe/Berlin".to_owned(),
            first_line: 4,
        }),
        failure: Some(Failure {
            reason: RejectReason::Unreadable,
            text: "why".to_owned(),
            stopped: Some((50, 2)),
        }),
        rejects: rejects.clone(),
        records: 5,
        readings: vec![
            ReadingMeta { first: Some(Instant::from_seconds(-7)), last: None, active, rejects };
            2
        ],
        splits: Some(SplitsMeta {
            plan: "p".to_owned(),
            ranges: vec![range(0, Some(20), 2), range(50, None, 0), range(100, Some(110), 3)],
        }),
        ..SourceMeta::default()
    };
    let whole =
        SourceMeta { name: "a.csv".to_owned(), sha256: Some("0f".to_owned()), ..SourceMeta::default() };
    Meta {
        cuts: vec![Instant::from_seconds(9)],
        options: vec![("since".to_owned(), "1970".to_owned())],
        sources: vec![whole, split],
        groups: vec![(1, 0), (1, 1)],
    }
}

#[test]
fn what_a_part_says_of_itself_comes_back() {
    let meta = meta();
    assert_eq!(Meta::of_bytes(&meta.to_bytes()).unwrap(), meta);
    let mut turned = meta.clone();
    turned.sources.reverse();
    assert!(Meta::of_bytes(&turned.to_bytes()).is_err(), "inputs out of order");
    let mut strange = meta;
    strange.sources[1].described.as_mut().unwrap().notes = vec![Message::new("input.unheard-of")];
    let told = Meta::of_bytes(&strange.to_bytes()).unwrap_err().to_string();
    assert_eq!(told, "it is damaged: a note is unknown");
}

#[test]
fn splits_tell_where_they_start_and_what_is_missing() {
    let splits = meta().sources[1].splits.clone().unwrap();
    assert_eq!(splits.bases(4), [(20, 0, 3), (110, 2, 6)]);
    assert_eq!((splits.gap(150), splits.gap(170)), (None, Some((150, 170))));
    let inner = SplitsMeta { ranges: vec![splits.ranges[0], splits.ranges[2]], ..splits };
    assert_eq!(inner.gap(150), Some((50, 100)));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(
        cut in 0usize..400,
        flips in prop::collection::vec((any::<prop::sample::Index>(), 1u8..), 0..4),
        noise in prop::collection::vec(any::<u8>(), 0..80),
    ) {
        let mut bytes = meta().to_bytes();
        for (at, by) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= by;
        }
        bytes.truncate(cut);
        _ = Meta::of_bytes(&bytes);
        _ = Meta::of_bytes(&noise);
    }
}
