//! The targets: what they hold together, and whether a run meets them.

use super::data::Made;
use super::figures::{Figures, bytes};
use anyhow::Context;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The file of the targets.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    target: Vec<Target>,
}

/// One target: a figure, or its ratio to a peer's, that is to be at most the limit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) dataset: String,
    pub(crate) command: String,
    /// The command that the figure is divided by; without one, the figure itself counts.
    pub(crate) peer: Option<String>,
    /// The peer's data set, where it is another.
    peer_dataset: Option<String>,
    pub(crate) figure: Figure,
    pub(crate) limit: f64,
    /// What would be better still.
    pub(crate) aim: Option<f64>,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Figure {
    /// Seconds on the clock.
    Time,
    /// Seconds for each row.
    TimePerRow,
    /// Seconds for each byte as stored.
    TimePerByte,
    /// The largest resident set without mapped files, in megabytes.
    Memory,
    /// The largest resident set, in megabytes.
    Peak,
    /// The size of what was written, in megabytes.
    Written,
}

/// Reads the targets.
///
/// # Errors
/// A file that can not be read, or is not a list of targets.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<Target>> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let file: File = toml::from_str(&text).with_context(|| path.display().to_string())?;
    Ok(file.target)
}

impl Target {
    /// The data set and the command that the figure is divided by.
    pub(crate) fn other(&self) -> Option<(&str, &str)> {
        let peer = self.peer.as_deref()?;
        Some((self.peer_dataset.as_deref().unwrap_or(&self.dataset), peer))
    }

    /// What it is in this run; none where one of the two was not measured.
    pub(crate) fn measured(&self, figures: &Figures, data: &BTreeMap<&'static str, Made>) -> Option<f64> {
        let of = |dataset: &str, command: &str| self.figure.of(figures, data, dataset, command);
        let ours = of(&self.dataset, &self.command)?;
        match self.other() {
            None => Some(ours),
            Some((dataset, command)) => Some(ours / of(dataset, command)?).filter(|ratio| ratio.is_finite()),
        }
    }

    /// Whether a measured value meets it.
    pub(crate) fn met(&self, measured: f64) -> bool {
        measured <= self.limit
    }
}

impl Figure {
    /// The figure of a command on a data set.
    fn of(
        self,
        figures: &Figures,
        data: &BTreeMap<&'static str, Made>,
        dataset: &str,
        command: &str,
    ) -> Option<f64> {
        let made = data.get(dataset)?;
        let medians = figures.medians(dataset, command)?;
        match self {
            Figure::Time => Some(medians.wall),
            Figure::TimePerRow => Some(medians.wall / bytes(made.rows)),
            Figure::TimePerByte => Some(medians.wall / bytes(made.bytes)),
            Figure::Memory => Some(medians.own? / 1e6),
            Figure::Peak => Some(medians.peak / 1e6),
            Figure::Written => Some(medians.written? / 1e6),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::commands::commands_on;
    use super::super::measure::Measured;
    use super::*;

    fn target(text: &str) -> Target {
        toml::from_str::<File>(&format!("[[target]]\nname = \"t\"\n{text}")).unwrap().target.pop().unwrap()
    }

    fn figures() -> (Figures, BTreeMap<&'static str, Made>) {
        let run = |wall, own| {
            vec![Measured { wall, processor: wall, peak: 2 * own, own: Some(own), written: Some(own / 100) }]
        };
        let mut figures = Figures::default();
        figures.runs.insert(("plain", "triage"), run(4.0, 300_000_000));
        figures.runs.insert(("plain", "polars"), run(8.0, 1_200_000_000));
        figures.runs.insert(("cef", "triage"), run(2.0, 1));
        figures.runs.insert(("cef", "cat"), run(2.0, 1));
        figures.failed.insert(("cef", "cat"), "no".into());
        let made = |rows, bytes| Made { rows, bytes, ..Made::default() };
        (figures, BTreeMap::from([("plain", made(1000, 100_000)), ("cef", made(250, 100_000))]))
    }

    #[test]
    fn the_targets_of_the_project_name_what_there_is() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let targets = read(&root.join("benches/targets.toml")).unwrap();
        assert!(targets.len() >= 15);
        for target in &targets {
            let ours = (target.dataset.as_str(), target.command.as_str());
            for (dataset, name) in std::iter::once(ours).chain(target.other()) {
                assert!(commands_on(dataset).contains(&name), "{}: {name} on {dataset}", target.name);
            }
            assert!(target.limit > 0.0 && target.aim.is_none_or(|aim| aim < target.limit), "{}", target.name);
        }
    }

    #[test]
    fn a_ratio_is_of_the_same_figure_of_the_two() {
        let (figures, data) = figures();
        let ours = "dataset = \"plain\"\ncommand = \"triage\"\nlimit = 0.5\n";
        let cef = "dataset = \"cef\"\ncommand = \"triage\"\npeer = \"triage\"\npeer-dataset = \"plain\"\nlimit = 1\n";
        for (text, expected, met) in [
            (format!("{ours}peer = \"polars\"\nfigure = \"time\""), Some(0.5), true),
            (format!("{ours}peer = \"polars\"\nfigure = \"memory\""), Some(0.25), true),
            (format!("{ours}figure = \"memory\""), Some(300.0), false),
            (format!("{ours}figure = \"peak\""), Some(600.0), false),
            (format!("{ours}figure = \"written\""), Some(3.0), false),
            (format!("{cef}figure = \"time-per-row\""), Some(2.0), false),
            (format!("{cef}figure = \"time-per-byte\""), Some(0.5), true),
            (format!("{ours}peer = \"duckdb\"\nfigure = \"time\""), None, false),
            (format!("{ours}peer = \"cat\"\npeer-dataset = \"cef\"\nfigure = \"time\""), None, false),
            (format!("{ours}peer = \"cat\"\npeer-dataset = \"gone\"\nfigure = \"time\""), None, false),
        ] {
            let target = target(&text);
            let measured = target.measured(&figures, &data);
            assert_eq!(measured, expected, "{text}");
            assert_eq!(measured.is_some_and(|measured| target.met(measured)), met, "{text}");
        }
    }

    #[test]
    fn an_unknown_key_is_refused() {
        let read = |text: &str| toml::from_str::<File>(text).is_err();
        assert!(read(
            "[[target]]\nname = \"t\"\ndataset = \"a\"\ncommand = \"b\"\nfigure = \"time\"\nlimt = 1\n"
        ));
        assert!(read(
            "[[target]]\nname = \"t\"\ndataset = \"a\"\ncommand = \"b\"\nfigure = \"speed\"\nlimit = 1\n"
        ));
    }
}
