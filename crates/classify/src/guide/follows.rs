//! Follows the decision guide as it stands in the documentation, table by table, for every case, and holds what comes out
//! to what the code says.

mod advice;
mod document;
mod person;
mod rows;

use document::Guide;
use ringback_model::{Direction, ResultKind, Risk, Threat};
use rows::{REMOTES, Row, Setting, Wish, each_remote, every_row};

#[test]
fn rows_of_connection_logs() {
    each_remote(|number, remote, guide| {
        for published in 0..5 {
            let setting = Setting::new(Wish { published, ..Wish::default() }, remote);
            every_row(number, |row| setting.compare(guide, row));
        }
        let setting = Setting::new(Wish::default(), remote);
        every_row(number, |row| setting.compare(guide, Row { local: 1, ..row }));
    });
}

#[test]
fn exploits() {
    each_remote(|number, remote, guide| {
        for (published, said) in (0..5).flat_map(|published| (0..3).map(move |said| (published, said))) {
            for (worked, exploited) in [(false, false), (true, false), (false, true), (true, true)] {
                let wish = Wish { published, said, worked, exploited, ..Wish::default() };
                let setting = Setting::new(wish, remote);
                every_row(number, |row| {
                    if row.threat == Threat::Exploit {
                        setting.compare(guide, row);
                    }
                });
            }
        }
    });
}

#[test]
fn risks() {
    each_remote(|number, remote, guide| {
        let setting = Setting::new(Wish::default(), remote);
        every_row(number, |row| {
            for risk in Risk::ALL.iter().filter(|_| row.port.is_none()) {
                setting.compare(guide, Row { risk: *risk, ..row });
            }
        });
    });
}

#[test]
fn rows_of_callback_logs() {
    each_remote(|number, remote, guide| {
        for published in 0..3 {
            let setting = Setting::new(Wish { published, ..Wish::default() }, remote);
            every_row(number, |row| {
                if row.direction == Direction::None && row.port.is_none() {
                    for server_process in [true, false] {
                        setting.compare(guide, Row { callback: true, server_process, ..row });
                    }
                }
            });
        }
    });
}

#[test]
fn relays_and_scanners() {
    each_remote(|number, remote, guide| {
        for bits in 0..32 {
            let bit = |at: u32| bits >> at & 1 == 1;
            let wish = Wish {
                scans: [bit(0), bit(1)],
                inside: [bit(2), bit(3)],
                internet: bit(4),
                ..Wish::default()
            };
            let setting = Setting::new(wish, remote);
            every_row(number, |row| {
                if row.port.is_none() && row.result == ResultKind::Logged {
                    setting.compare(guide, row);
                }
            });
        }
    });
}

#[test]
fn a_table_that_says_otherwise_is_noticed() {
    let mut guide = Guide::read();
    let remote = guide.number("remote");
    let table = guide.tables.get_mut("origin").unwrap();
    let at = table.columns.iter().position(|column| column == "origin").unwrap();
    table.rows[0][at] = Some(vec![remote]);
    table.rows[1][at] = Some(vec![remote]);
    let setting = Setting::new(Wish::default(), REMOTES[1].0);
    let compared = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        every_row(1, |row| setting.compare(&guide, row));
    }));
    assert!(compared.is_err());
}

#[test]
fn the_document_holds_every_table_of_the_code() {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/VERDICTS.md")).unwrap();
    for table in super::guide_tables().unwrap() {
        let mark = format!("<!-- table: {} -->\n{}<!-- end -->", table.name, table.markdown());
        assert!(text.contains(&mark), "{} is not what the code makes: run `cargo xtask codegen`", table.name);
    }
}
