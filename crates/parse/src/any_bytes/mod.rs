//! What must hold whatever the bytes are: of exports in any layout, of containers, of the files of layouts. For tests and for
//! fuzzing.

mod container;
mod export;

pub use container::open_container;
pub use export::read_export;

use crate::{Layout, Layouts, doubts};
use std::sync::LazyLock;

/// The layouts that are carried, and those of other vendors, so that every format is read.
static LAYOUTS: LazyLock<Layouts> = LazyLock::new(|| {
    let others = [
        include_str!("../../../../tests/layouts/paloalto-threat.toml"),
        include_str!("../../../../tests/layouts/suricata-eve.toml"),
        include_str!("../../../../tests/layouts/zeek-notice.toml"),
    ];
    let builtin = Layouts::builtin().expect("the layouts that are built in are sound");
    others.into_iter().fold(builtin, |all, text| {
        all.with(Layout::parse(text, "layout").expect("the layouts of other vendors are sound"))
    })
});

/// An export for the layouts that a fuzzer makes up.
const ROWS: &str = "Time,Host,Source,Target,Verdict\n2020-06-18 09:15:02,a,10.0.0.1,1.2.3.4,blocked\n\
                    18/06/2020 09:15:02,b,10.0.0.2,::1,\n";

/// A layout is read, or refused with what is wrong and where; one that is read can be compared and used.
///
/// # Panics
/// Where that does not hold.
pub fn read_layout(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.split('\n').count();
    match Layout::parse(&text, "layout") {
        Ok(layout) => {
            assert!(!layout.name.is_empty(), "a layout has a name");
            // What may be doubtful in it is told, or nothing is; either is right.
            drop(doubts(&layout, &LAYOUTS));
            export::hold(ROWS.as_bytes(), &Layouts::none().with(layout), &crate::ReadOptions::default(), 40);
        }
        Err(error) => {
            assert!(!error.mistakes.is_empty() && error.mistakes.is_sorted());
            for mistake in error.mistakes {
                assert!(!mistake.what.is_empty() && mistake.column > 0);
                assert!((1..=lines).contains(&mistake.line), "{mistake} of {lines} lines");
            }
        }
    }
}

#[cfg(test)]
mod tests;
