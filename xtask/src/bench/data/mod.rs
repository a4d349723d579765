//! The generated exports: what each is, and where it is kept once made.
//!
//! The same name, rows and seed make the same bytes. A finished data set is used again; one that an earlier generator
//! made, or that was interrupted, is made anew.

mod clock;
mod files;
mod lines;
mod random;
mod story;
mod stream;

use anyhow::Context;
use lines::Form;
use std::fs;
use std::path::{Path, PathBuf};

/// The seed of all data sets.
pub(crate) const SEED: u64 = 7;

/// What marks a finished data set; it counts up whenever the generator makes other bytes.
const VERSION: &str = "generator 1\n";

/// The rows of `plain`, to which `--rows` scales everything.
const FULL: u64 = 10_000_000;

/// Distinct detections in 10,000 rows, as in a log of 304,000 in ten million.
const USUAL: u64 = 304;

/// A data set that can be made.
pub(crate) struct Dataset {
    pub(crate) name: &'static str,
    /// What it is for, in a few words.
    pub(crate) about: &'static str,
    rows: u64,
    /// Distinct detections in 10,000 rows.
    distinct: u64,
    shape: Shape,
}

/// How the rows lie in files.
#[derive(Clone, Copy)]
enum Shape {
    /// One file.
    One(Form),
    /// One plain file, gzipped.
    Gzip,
    /// One large file among so many small ones, which hold a 500th of its rows each.
    Skewed { small: u64 },
    /// So many files, each about a stretch of time of its own.
    Apart { files: u64 },
    /// So many files, each beginning while the one before goes on and holding a tenth of its rows again.
    Overlap { files: u64 },
    /// One plain file that is never scaled.
    Fixed,
}

const fn one(name: &'static str, rows: u64, distinct: u64, form: Form, about: &'static str) -> Dataset {
    Dataset { name, about, rows, distinct, shape: Shape::One(form) }
}

/// All of them.
pub(crate) const DATASETS: &[Dataset] = &[
    one("plain", FULL, USUAL, Form::Plain, "one Suspicious Connection export, no cell quoted"),
    one("plain-1m", FULL / 10, USUAL, Form::Plain, "a tenth of it, for linearity"),
    one("quoted", FULL, USUAL, Form::Quoted, "as plain, every cell quoted"),
    one("distinct", 3_000_000, 9_700, Form::Plain, "nearly every row is a detection of its own"),
    Dataset {
        name: "many-apart",
        about: "64 exports, each of its own 11 hours",
        rows: 6_400_000,
        distinct: USUAL,
        shape: Shape::Apart { files: 64 },
    },
    Dataset {
        name: "many-overlap",
        about: "64 exports of 15 hours, one every 10 hours; a tenth of the rows is in the one before too",
        rows: 6_400_000,
        distinct: USUAL,
        shape: Shape::Overlap { files: 64 },
    },
    Dataset {
        name: "skewed",
        about: "one large export among 20 small ones",
        rows: 5_200_000,
        distinct: USUAL,
        shape: Shape::Skewed { small: 20 },
    },
    Dataset {
        name: "gzip",
        about: "one plain export, gzipped",
        rows: 2_000_000,
        distinct: USUAL,
        shape: Shape::Gzip,
    },
    one("cef", 2_000_000, USUAL, Form::Cef, "what Apex Central sends as CEF"),
    one("findings", 500_000, 2_000, Form::Plain, "100,000 distinct detections, for the reports alone"),
    Dataset {
        name: "small",
        about: "100 rows, for the time that starting takes",
        rows: 100,
        distinct: 3_000,
        shape: Shape::Fixed,
    },
];

/// A data set on disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Made {
    /// Its files, in the order of their names.
    pub(crate) files: Vec<PathBuf>,
    pub(crate) rows: u64,
    /// How many distinct detections they have.
    pub(crate) distinct: u64,
    /// How many bytes, as stored.
    pub(crate) bytes: u64,
}

impl Dataset {
    /// How many rows it has where `plain` has so many; it stays large enough to have its shape.
    fn rows_at(&self, plain: u64) -> u64 {
        let scaled = self.rows * plain / FULL;
        match self.shape {
            Shape::Fixed => self.rows,
            Shape::One(_) | Shape::Gzip => scaled.max(100),
            Shape::Skewed { .. } => scaled.max(1_040).next_multiple_of(520),
            Shape::Apart { files } | Shape::Overlap { files } => {
                scaled.div_ceil(files).max(20).next_multiple_of(10) * files
            }
        }
    }

    /// Makes it below `folder`, or finds it there. `plain` is how many rows the data set `plain` would have, ten million
    /// if nothing else is wanted.
    ///
    /// # Errors
    /// A file that can not be written.
    pub(crate) fn make(&self, folder: &Path, plain: Option<u64>, seed: u64) -> anyhow::Result<Made> {
        let rows = self.rows_at(plain.unwrap_or(FULL));
        let home = folder.join(format!("{}-{rows}-{seed}", self.name));
        let mark = folder.join(format!("{}-{rows}-{seed}.complete", self.name));
        let planned = files::plan(self.shape, rows, self.distinct, seed);
        if fs::read_to_string(&mark).ok().as_deref() != Some(VERSION) {
            if home.exists() {
                fs::remove_dir_all(&home).with_context(|| home.display().to_string())?;
            }
            fs::create_dir_all(&home).with_context(|| home.display().to_string())?;
            planned.write(&home)?;
            fs::write(&mark, VERSION).with_context(|| mark.display().to_string())?;
        }
        let files: Vec<PathBuf> = planned.names().map(|name| home.join(name)).collect();
        let size = |path: &PathBuf| fs::metadata(path).with_context(|| path.display().to_string());
        let bytes = files.iter().map(|path| Ok(size(path)?.len())).sum::<anyhow::Result<u64>>()?;
        Ok(Made { files, rows, distinct: planned.distinct(), bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringback_model::{Direction, Service, service};
    use std::collections::{BTreeMap, BTreeSet};
    use std::io::Read;

    const SCALE: u64 = 20_000;

    fn made(name: &str, seed: u64) -> (Made, Vec<String>) {
        made_at(SCALE, name, seed)
    }

    fn made_at(plain: u64, name: &str, seed: u64) -> (Made, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let dataset = DATASETS.iter().find(|dataset| dataset.name == name).unwrap();
        let made = dataset.make(folder.path(), Some(plain), seed).unwrap();
        let texts = made.files.iter().map(|path| {
            let bytes = fs::read(path).unwrap();
            if path.extension().is_none_or(|ending| ending != "gz") {
                return String::from_utf8(bytes).unwrap();
            }
            let mut text = String::new();
            flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
            text
        });
        let texts = texts.collect();
        (made, texts)
    }

    /// The rows of a file without its heading, each in cells.
    fn rows(text: &str) -> Vec<Vec<String>> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        assert_eq!(reader.headers().unwrap().len(), 13);
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    /// What identifies the detection of a row: all but the time, and of the ports the service's.
    fn identity(row: &[String]) -> (Vec<String>, Service) {
        let [local, remote] = [6, 8].map(|cell| row[cell].parse::<u16>().ok());
        let direction = if row[10] == "Incoming" { Direction::Incoming } else { Direction::Outgoing };
        let rest = row.iter().enumerate().filter(|(cell, _)| ![0, 6, 8].contains(cell));
        (rest.map(|(_, text)| text.clone()).collect(), service(local, remote, || direction).unwrap())
    }

    #[test]
    fn every_export_has_the_rows_and_the_distinct_detections_that_it_promises() {
        for dataset in DATASETS.iter().filter(|dataset| dataset.name != "cef") {
            let (made, texts) = made(dataset.name, SEED);
            let rows: Vec<Vec<String>> = texts.iter().flat_map(|text| rows(text)).collect();
            assert_eq!(rows.len() as u64, made.rows, "{}", dataset.name);
            let distinct: BTreeSet<_> = rows.iter().map(|row| identity(row)).collect();
            assert_eq!(distinct.len() as u64, made.distinct, "{}", dataset.name);
            assert!(distinct.iter().all(|(_, service)| service.sole), "{}", dataset.name);
        }
        let (made, texts) = made("cef", SEED);
        assert_eq!(texts[0].lines().filter(|line| line.starts_with("CEF:0|")).count() as u64, made.rows);
    }

    #[test]
    fn full_sizes_are_those_of_the_targets() {
        let sizes: BTreeMap<_, _> = DATASETS
            .iter()
            .map(|dataset| {
                let rows = dataset.rows_at(FULL);
                (dataset.name, (rows, files::plan(dataset.shape, rows, dataset.distinct, SEED).distinct()))
            })
            .collect();
        assert_eq!(sizes["plain"], (10_000_000, 304_000));
        assert_eq!(sizes["plain-1m"], (1_000_000, 30_400));
        assert_eq!(sizes["distinct"], (3_000_000, 2_910_000));
        assert_eq!(sizes["many-apart"].0, 6_400_000);
        assert_eq!(sizes["skewed"].0, 5_200_000);
        assert_eq!(sizes["small"].0, 100);
    }

    #[test]
    fn the_same_seed_makes_the_same_bytes_and_another_other_ones() {
        for name in ["plain", "many-overlap", "gzip", "cef"] {
            assert_eq!(made(name, 7).1, made(name, 7).1, "{name}");
            assert_ne!(made(name, 7).1, made(name, 8).1, "{name}");
        }
    }

    #[test]
    fn times_go_forward_but_for_the_jitter() {
        let (_, texts) = made_at(10 * SCALE, "plain", SEED);
        let times: Vec<String> = rows(&texts[0]).into_iter().map(|row| row[0].clone()).collect();
        assert!(times.windows(2).any(|pair| pair[0] > pair[1]), "there is jitter");
        let earliest_after = times.windows(20).all(|some| some[19] > some[0]);
        assert!(earliest_after && times[0].starts_with("2026-10-01"));
        assert!(times[times.len() - 1].as_str() > "2026-10-30 23");
    }

    #[test]
    fn files_apart_have_no_hour_in_common_and_overlapping_ones_share_a_tenth() {
        let hours =
            |text: &str| rows(text).iter().map(|row| row[0][..13].to_owned()).collect::<BTreeSet<_>>();
        let (_, apart) = made("many-apart", SEED);
        assert!(apart.windows(2).all(|pair| hours(&pair[0]).is_disjoint(&hours(&pair[1]))));
        let (_, overlap) = made("many-overlap", SEED);
        for pair in overlap.windows(2) {
            let [one, next] =
                [&pair[0], &pair[1]].map(|text| rows(text).into_iter().collect::<BTreeSet<_>>());
            assert_eq!(one.intersection(&next).count(), next.len() / 10);
            assert!(hours(&pair[0]).intersection(&hours(&pair[1])).count() > 1);
        }
    }

    #[test]
    fn a_finished_set_is_used_again_and_an_unfinished_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let dataset = DATASETS.iter().find(|dataset| dataset.name == "small").unwrap();
        let make = || dataset.make(folder.path(), None, SEED).unwrap();
        let first = make();
        fs::write(&first.files[0], "changed").unwrap();
        assert_eq!(make().bytes, 7, "it is not looked into");
        fs::remove_file(folder.path().join("small-100-7.complete")).unwrap();
        assert_eq!(make().bytes, first.bytes);
    }
}
